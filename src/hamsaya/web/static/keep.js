// SPDX-License-Identifier: Apache-2.0
// What is typed into a form marked `data-keep` stays in this browser, encrypted as in drafts.js, until the desk says that it
// took the form: then its answer names the form in a cookie. It outlives a crash, a lost link, the end of a session and a
// form that came too late; logging out removes it.

import { Draft } from "./drafts.js";

const { keeper, keepKey, keepCookie } = document.body.dataset;
const OWN = "input:not([type=hidden], [type=file], [type=password]), textarea, select";
const fields = (form) => [...form.elements].filter((field) => field.name && field.matches(OWN));
const nameOf = (field) => (field.type === "checkbox" ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);

function taken() {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${keepCookie}=`));
  if (!found) return "";
  document.cookie = `${keepCookie}=; path=/; max-age=0; samesite=strict`;
  return decodeURIComponent(found.slice(keepCookie.length + 1));
}

function put(form, kept) {
  let changed = false;
  for (const field of fields(form)) {
    const value = kept[nameOf(field)];
    if (value === undefined || value === valueOf(field)) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value;
    changed = true;
  }
  if (changed) form.dispatchEvent(new Event("input", { bubbles: true }));
  return changed;
}

function tell(form, draft) {
  const notice = document.querySelector("#put-back")?.content.cloneNode(true);
  if (!notice) return;
  notice.querySelector("button").addEventListener("click", (event) => {
    draft.forget();
    form.reset();
    event.target.closest("p").remove();
  });
  form.closest("details")?.setAttribute("open", "");
  form.prepend(notice);
}

async function keep(form, gone) {
  const draft = await Draft.open(`${keeper}:${form.dataset.keep}`, keepKey);
  if (!draft) return;
  if (gone === form.dataset.keep) draft.forget();
  const kept = await draft.read();
  if (kept && put(form, kept)) tell(form, draft);
  let saving = 0;
  const save = () => draft.write(Object.fromEntries(fields(form).map((field) => [nameOf(field), valueOf(field)])));
  form.addEventListener("input", (event) => {
    if (!event.isTrusted && event.target === form) return;
    clearTimeout(saving);
    saving = setTimeout(save, 150);
  });
  addEventListener("pagehide", () => clearTimeout(saving));
  form.addEventListener("submit", () => {
    const mark = form.querySelector("[name=keep]") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "keep" }));
    mark.value = form.dataset.keep;
  });
}

if (keeper) {
  const gone = taken();
  if (gone) Draft.open(`${keeper}:${gone}`, keepKey).then((draft) => draft?.forget());
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form, gone);
}

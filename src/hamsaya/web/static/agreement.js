// SPDX-License-Identifier: Apache-2.0
// The clause editor: sentences, faults and effect while one types, and a draft that survives a crash or a reload.
// All of it works without this file: the Preview button shows the same.

import { Draft } from "./drafts.js";

const form = document.querySelector("#agreement");
const body = document.body.dataset;
let draft = null;
let asking = null;
let waiting = 0;

function sent() {
  const data = new URLSearchParams(new FormData(form));
  data.set("do", "preview");
  return data;
}

async function understand() {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch("/agreements/new", { method: "POST", body: sent(), signal: asking.signal, headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const fresh of page.querySelectorAll("[data-live]")) {
      const here = document.getElementById(fresh.id);
      if (here && here.innerHTML !== fresh.innerHTML) here.replaceWith(document.importNode(fresh, true));
    }
    document.querySelector("#save").href = page.querySelector("#save").href;
    form.dispatchEvent(new Event("understood"));
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

const kept = () => ({ address: location.pathname, fields: [...new FormData(form)].filter(([name]) => name !== "csrf") });

form.addEventListener("input", () => {
  draft?.write(kept());
  clearTimeout(waiting);
  waiting = setTimeout(understand, 500);
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("formaction") === "/agreements") draft?.finish();
});

// What was typed comes back by sending it to the same page, which makes the fields for it.
function putBack(fields) {
  const again = document.createElement("form");
  again.method = "post";
  again.action = "/agreements/new";
  for (const [name, value] of [...fields, ["csrf", form.elements.csrf.value]]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    again.append(field);
  }
  document.body.append(again);
  again.submit();
}

if (body.keepKey) {
  draft = await Draft.open(`${body.keeper}:agreement`, body.keepKey);
  const found = form.dataset.fresh === "yes" ? await draft?.read() : null;
  if (found?.address === location.pathname) {
    const notice = document.querySelector("#put-back").content.cloneNode(true);
    const [words, discard] = [notice.querySelector("p"), notice.querySelector("button")];
    const take = document.createElement("button");
    take.type = "button";
    take.textContent = form.querySelector("[value=preview]").textContent;
    take.addEventListener("click", () => putBack(found.fields));
    discard.addEventListener("click", () => { draft.forget(); words.remove(); });
    words.append(" ", take);
    form.before(notice);
  } else if (form.dataset.fresh !== "yes") {
    draft?.write({ ...kept(), address: form.elements.revises.value ? `/agreements/${encodeURIComponent(form.elements.id.value)}/edit` : "/agreements/new" });
  }
}

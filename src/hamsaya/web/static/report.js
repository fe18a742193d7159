// SPDX-License-Identifier: Apache-2.0
// The spot report: shows what the desk understands while one types, keeps the draft, files without losing a word.
// All of it works without this file: the desk reads the same form, and its Check button shows the same.

import { Draft } from "./drafts.js";
import { suggesting } from "./suggest.js";

const form = document.querySelector("#report");
const field = (name) => form.elements.namedItem(name);
const keep = document.querySelector("#keep");
const MINE = new Set(["csrf", "token", "seen"]);
const behind = Date.parse(form.dataset.now) - Date.now();
let draft = null;
let sending = false;

function fields() {
  return Object.fromEntries([...new FormData(form)].filter(([name]) => !MINE.has(name)));
}

function news(which = "", why = "") {
  for (const each of document.querySelectorAll("#news [data-say]")) each.hidden = each.dataset.say !== which;
  document.querySelector("#why").textContent = why;
}

// What will be filed

let asking = null;
let waiting = 0;

function soon(after_ms) {
  clearTimeout(waiting);
  waiting = setTimeout(understand, after_ms);
}

async function understand() {
  clearTimeout(waiting);
  if (document.body.classList.contains("covered")) return null;  // asked again when the lock is opened
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch("/reports/preview", { method: "POST", body: sent(), signal: asking.signal, headers: { accept: "text/html" } });
    if (answer.status === 401) return news("ended");
    if (answer.ok) await put(answer);
  } catch (error) {
    if (error.name !== "AbortError") news("offline");
  }
  return null;
}

async function put(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const here = document.getElementById(fresh.id);
    if (here && here.innerHTML !== fresh.innerHTML && !here.contains(document.activeElement)) here.replaceWith(document.importNode(fresh, true));
  }
  for (const input of page.querySelectorAll("#report [aria-describedby]")) {
    document.getElementById(input.id)?.toggleAttribute("aria-invalid", false);
    if (input.hasAttribute("aria-invalid")) document.getElementById(input.id)?.setAttribute("aria-invalid", "true");
  }
}

const sent = () => new URLSearchParams(new FormData(form));

// Keeping

let touched = false;  // whoever only looks in leaves nothing behind, and takes nothing of another tab's away
const typed = () => [...form.querySelectorAll(".field input, .field textarea, details input")].some((each) => each.value);

function save() {
  if (!draft || !keep.checked || sending || !touched) return;
  if (typed()) draft.write(fields());
  else draft.forget();
}

let saving = 0;

form.addEventListener("input", (event) => {
  if (event.target === keep) return;
  touched = true;
  if (event.target === field("time")) field("typed_at").value = event.target.value ? new Date(Date.now() + behind).toISOString() : "";
  if (event.target === field("location")) {
    field("place_ref").value = "";
    form.querySelectorAll("[name=place_choice]").forEach((choice) => (choice.checked = false));
  }
  clearTimeout(saving);
  saving = setTimeout(save, 200);
  soon(600);
});
form.addEventListener("change", (event) => {
  if (event.target.name === "place_choice" && event.target.dataset.text && !form.querySelector("#field-location[aria-invalid]")) {
    field("location").value = event.target.dataset.text;
    field("place_ref").value = event.target.value;
  }
  soon(50);
});
addEventListener("pagehide", save);
addEventListener("unlocked", () => {
  news();
  understand();
});
addEventListener("pageshow", (event) => {
  if (event.persisted && form.dataset.filed) location.reload();  // the browser kept the page as it was: a new form, please
});
keep.addEventListener("change", () => {
  localStorage.setItem("hamsaya-keep-drafts", keep.checked ? "yes" : "no");
  if (keep.checked) save();
  else draft?.forget();
});
document.querySelector("#discard").addEventListener("click", () => {
  draft?.forget();
  touched = false;
  form.reset();
  for (const name of ["typed_at", "place_ref"]) field(name).value = "";
  news();
  understand();
  field("size").focus();
});

async function restore() {
  draft = await Draft.open(`${form.dataset.party}:${form.dataset.login}`, form.dataset.draftKey);
  keep.closest("label").hidden = !draft;
  if (!draft) return;
  keep.checked = localStorage.getItem("hamsaya-keep-drafts") !== "no";
  const kept = form.dataset.fresh === "yes" ? await draft.read() : null;
  if (!kept || ![...form.querySelectorAll(".field input, .field textarea")].every((each) => !each.value)) return;
  for (const [name, value] of Object.entries(kept)) {
    const input = field(name);
    if (input && "value" in input) input.value = value;
  }
  for (const input of form.querySelectorAll("details input")) if (input.value) input.closest("details").open = true;
  touched = true;
  news("restored");
  understand();
}

// Filing

async function file() {
  if (sending) return;
  sending = true;
  clearTimeout(saving);
  if (keep.checked) draft?.write(fields());
  try {
    await attempt(true);
  } catch {
    news("offline");
  } finally {
    sending = false;
  }
}

async function attempt(again) {
  const answer = await fetch("/reports", { method: "POST", body: sent(), headers: { accept: "application/json" } });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) {
    draft?.finish();
    form.dataset.filed = "yes";
    location.assign(told.to);
    return;
  }
  if (answer.status === 401) return news("ended");
  if (told.rule === "csrf" && again) return retry();
  if (told.problems || told.persons) {
    await understand();
    field("seen").value = told.seen ?? "";
    const first = told.problems?.[0];
    news(first ? "failed" : "", first ? `${document.querySelector("#understood .bad, .told .bad")?.textContent ?? first.what}` : "");
    (form.querySelector("[aria-invalid=true]") ?? (first?.field.startsWith("grade") ? field("reliability") : null) ?? document.querySelector("#file")).focus();
    document.querySelector("#understood").scrollIntoView({ block: "nearest" });
    return;
  }
  news("failed", told.what ?? String(answer.status));
}

// The session is another one than when the page was opened: the same officer's goes on, anybody else's does not.
async function retry() {
  const answer = await fetch("/reports/new", { headers: { accept: "application/json" } });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) return news("ended");
  if (told.login !== form.dataset.login) return news("another");
  document.querySelectorAll("input[name=csrf]").forEach((input) => (input.value = told.csrf));
  return attempt(false);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  if (event.submitter?.id === "file") file();
  else understand();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    file();
  } else if (event.target.matches("select[data-grade]") && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const letter = event.code.replace(/^(Key|Digit|Numpad)/, "");  // where the key stands, on a keyboard of any script
    if (letter.length === 1 && [...event.target.options].some((option) => option.value === letter)) {
      event.preventDefault();
      event.target.value = letter;
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
});

suggesting(field("location"), {
  onChoose: (place) => {
    field("place_ref").value = place.ref;
    for (const name of ["lon", "lat", "radius_m"]) field(name).value = "";
    touched = true;
    save();
    understand();
  },
});
await restore();
form.dataset.ready = "yes";

// SPDX-License-Identifier: Apache-2.0
// A page that nobody touches covers itself and asks for the password; the node locks the session at the same time, so that no
// other page of it opens either. All tabs of an officer count as one: what is touched in one keeps the others open, and one lock
// covers and uncovers them all. Nothing of what stands in the page is lost meanwhile. Without script the session's end does it.

const dialog = document.querySelector("#lock");
const { keeper } = document.body.dataset;
const TOUCHED = `hamsaya-touched:${keeper}`;
const LOCKED = `hamsaya-locked:${keeper}`;
const AFTER_MS = Number(dialog.dataset.after) * 1000;
const EVERY_MS = Math.min(1000, AFTER_MS / 4);
const token = () => document.querySelector("form.office input[name=csrf]").value;
let touched = Date.now();
let covered = false;
let confirmed = true;

const kept = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
function keep(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { /* without storage each tab counts for itself */ }
}

function touch() {
  const now = Date.now();
  if (covered || idle() || now - touched < EVERY_MS) return;
  touched = now;
  keep(TOUCHED, String(now));
}

const idle = () => Date.now() - Math.max(touched, Number(kept(TOUCHED)) || 0) >= AFTER_MS;

function cover() {
  if (covered) return;
  covered = true;
  document.body.classList.add("covered");
  dialog.showModal();
  dialog.querySelector("[name=password]").focus();
}

function uncover() {
  covered = false;
  confirmed = true;
  touched = Date.now();
  document.body.classList.remove("covered");
  dialog.close();
  say("");
  dispatchEvent(new Event("unlocked"));
}

function lock() {
  if (covered) return;
  cover();
  confirm();
}

// The node is told until it has heard, then every other tab: one that the node gave before that would say that nothing is locked.
async function confirm() {
  confirmed = true;
  try {
    const answer = await fetch("/lock", { method: "POST", headers: { accept: "application/json", "x-csrf": token() }, keepalive: true });
    confirmed = answer.status < 500;
  } catch {
    confirmed = false;
  }
  if (confirmed && covered) keep(LOCKED, "yes");
}

// Another tab says that nothing is locked any more: the node is asked, since that page may have been on its way when it was locked.
// Where the session is locked all the same, every tab is told so again; that of another officer opens nothing here.
async function isOpen() {
  try {
    const told = await (await fetch("/locked", { headers: { accept: "application/json" } })).json();
    if (told.locked) keep(LOCKED, "yes");
    return told.locked === false && told.keeper === keeper;
  } catch {
    return false;
  }
}

function say(which) {
  for (const each of dialog.querySelectorAll("[data-say]")) each.hidden = each.dataset.say !== which;
}

async function unlock(form) {
  const sent = new URLSearchParams({ password: form.elements.password.value });
  form.elements.password.value = "";
  try {
    const answer = await fetch("/unlock", { method: "POST", body: sent, headers: { accept: "application/json" } });
    if (!answer.ok) return say({ 401: "ended", 403: "wrong", 429: "slow" }[answer.status] ?? "offline");
    if ((await answer.json()).keeper !== keeper) return say("ended");  // somebody else has logged in: what stands here is not theirs
  } catch {
    return say("offline");
  }
  keep(TOUCHED, String(Date.now()));
  keep(LOCKED, null);
  return uncover();
}

for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "input"]) {
  addEventListener(kind, touch, { capture: true, passive: true });
}
addEventListener("storage", async (event) => {
  if (event.key !== LOCKED) return;
  if (event.newValue) cover();
  else if (covered && await isOpen() && covered) uncover();
});
addEventListener("pageshow", (event) => {
  if (event.persisted && kept(LOCKED)) cover();
  else if (event.persisted && idle()) lock();
});
dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("close", () => {
  if (covered) dialog.showModal();
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  unlock(event.target);
});
setInterval(() => {
  if (!covered && idle()) lock();
  else if (covered && !confirmed) confirm();
}, EVERY_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !covered && idle()) lock();
});
keep(TOUCHED, String(touched));  // the node gave this page, so that nothing is locked any more
keep(LOCKED, null);

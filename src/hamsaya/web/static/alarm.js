// SPDX-License-Identifier: Apache-2.0
// A neighbour's call of distress or STOP, on every open page: asks every few seconds whether one waits, covers the page until
// an officer says that they saw it, sounds, and lets the title flash. What was being typed stays where it is.
// Asking carries no cookie, so that an open page keeps no session alive. Without this file the same panel comes with the next page.

const EVERY_MS = 4000;
const TONE_MS = 2500;
const GUARD_MS = 1200; // what was typed a moment ago must not answer a call that has just appeared
const title = document.title;
let sound = null;
let before = null;
let lit = false;
let waiting = 0;

const place = () => document.getElementById("alarm");
const panel = () => place()?.querySelector(".alarm") ?? null;
const locked = () => document.getElementById("lock")?.open === true;
const calls = () => panel() !== null || (locked() && waiting > 0); // a locked page tells that, and nothing more

function hush() {
  if (panel()) return;
  document.title = title;
  document.body.classList.remove("called");
  for (const each of document.body.children) each.inert = false;
  before?.focus?.();
  before = null;
}

function cover(fresh) {
  const shown = panel();
  if (!shown) return hush();
  document.body.classList.add("called");
  for (const each of document.body.children) each.inert = each !== place() && each.id !== "lock";
  if (!locked() && !shown.contains(document.activeElement)) {
    before ??= document.activeElement;
    shown.focus();
  }
  if (fresh) {
    const buttons = [...shown.querySelectorAll("button")];
    for (const each of buttons) each.disabled = true;
    setTimeout(() => buttons.forEach((each) => (each.disabled = false)), GUARD_MS);
  }
  ring();
}

// Browsers are silent until a person has pressed a key or clicked: until then the panel says so.
function ring() {
  if (!calls()) return;
  if (!sound && navigator.userActivation?.hasBeenActive) sound = new AudioContext();
  const on = sound?.state === "running";
  document.body.dataset.sound = on ? "on" : "off";
  for (const each of document.querySelectorAll(".sound-off")) each.hidden = on;
  if (sound && !on) sound.resume().then(() => sound.state === "running" && ring());
  if (!on) return;
  const stop = Boolean(panel()?.querySelector(".call.stop"));
  [0, 0.25, 0.5].forEach((after, number) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = stop ? 880 : number % 2 ? 988 : 659;
    volume.gain.setValueAtTime(0.3, sound.currentTime + after);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + after + 0.22);
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + after);
    tone.stop(sound.currentTime + after + 0.23);
  });
}

async function fetchPanel() {
  const answer = await fetch("/distress/waiting", { headers: { accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("alarm");
  if (!found || !place()) return;
  const had = new Set([...place().querySelectorAll("form")].map((form) => form.action));
  const fresh = [...found.querySelectorAll("form")].some((form) => !had.has(form.action));
  place().replaceWith(document.adoptNode(found));
  cover(fresh);
}

async function ask() {
  if (!place() || !navigator.onLine) return;
  try {
    const answer = await fetch("/distress/waiting", { headers: { accept: "application/json" }, cache: "no-store", credentials: "omit" });
    if (!answer.ok) return;
    const told = await answer.json();
    waiting = told.waiting;
    const line = document.getElementById("lock-call");
    if (line) line.hidden = waiting === 0;
    if (told.mark !== place().dataset.mark && !locked()) await fetchPanel();
    if (!locked()) dispatchEvent(new CustomEvent("links", { detail: told.links }));
  } catch {
    // The desk cannot be reached just now: it is asked again.
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!panel()?.contains(form)) return;
  event.preventDefault();
  const said = new URLSearchParams(new FormData(form, event.submitter));
  for (const each of form.querySelectorAll("button")) each.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: said, headers: { accept: "application/json" } });
    if (answer.ok) await fetchPanel();
    else location.assign("/distress");
  } catch {
    for (const each of form.querySelectorAll("button")) each.disabled = false;
  }
});

for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => calls() && document.body.dataset.sound !== "on" && setTimeout(ring), true);
setInterval(() => {
  lit = !lit && calls();
  document.title = lit ? `● ${place().dataset.flash} ●` : title;
}, 1000);
setInterval(ring, TONE_MS);
setInterval(ask, EVERY_MS);
addEventListener("unlocked", fetchPanel);
cover(false);

// The form is sent with Ctrl+Enter from wherever one is in it.
document.getElementById("call-form")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
});

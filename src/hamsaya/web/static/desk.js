// SPDX-License-Identifier: Apache-2.0
// Keys for lists: j next, k previous, Enter opens. A page names further keys on its own controls: pressing the key of
// `data-key` presses the control of the row that has the focus, else of the row around it, else of the page.
// `?` opens the list of keys. A form is sent once, however often its button is pressed. The pages work the same without
// this file.

import { lettersOff, pressed, switchLetters, typing } from "./keys.js";

const steps = [...document.querySelectorAll("[data-step]")];
const current = () => document.activeElement?.closest("[data-step]");

export function move(by) {
  const here = steps.indexOf(current());
  const next = steps[here < 0 ? (by > 0 ? 0 : steps.length - 1) : Math.min(Math.max(here + by, 0), steps.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function control(letter) {
  const wanted = `[data-key="${CSS.escape(letter)}"]`;
  for (let row = current(); row; row = row.parentElement?.closest("[data-step]")) {
    const found = [...row.querySelectorAll(wanted)].find((each) => each.closest("[data-step]") === row);
    if (found) return found;
  }
  return [...document.querySelectorAll(wanted)].find((each) => !each.closest("[data-step]"));
}

export function press(letter) {
  const found = control(letter);
  if (!found) return false;
  if (!found.matches("summary")) found.closest("details:not([open])")?.setAttribute("open", "");
  if (found.matches("button, a, summary, [type=checkbox]")) found.click();
  else found.focus();
  found.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || typing(event.target)) return;
  const letter = pressed(event);
  if (letter === "j") move(1);
  else if (letter === "k") move(-1);
  else if (event.key === "Enter" && event.target.matches("[data-step]")) {
    (event.target.querySelector("[data-enter]") ?? event.target.querySelector("a, summary"))?.click();
  } else if (letter.length !== 1 || !press(letter)) return;
  event.preventDefault();
});

// The switch for letters as keys: on the page of the account, and in each list of keys.
const switches = [...document.querySelectorAll("[data-letters-switch]")];
const shortcuts = [...document.querySelectorAll("[aria-keyshortcuts]")].map((each) => [each, each.getAttribute("aria-keyshortcuts")]);
function showLetters() {
  const off = lettersOff();
  document.body.dataset.letters = off ? "off" : "on";
  for (const each of switches) each.checked = !off;
  for (const [each, keys] of shortcuts) {
    if (off) each.removeAttribute("aria-keyshortcuts");
    else each.setAttribute("aria-keyshortcuts", keys);
  }
}
for (const each of switches) {
  each.closest(".letters").hidden = false;
  each.addEventListener("change", () => {
    switchLetters(each.checked);
    showLetters();
  });
}
showLetters();

// The second press of a button sends nothing. Coming back to the page makes its forms usable again.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.method === "post") event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// On a phone the navigation is one line that scrolls: the page that is open is brought into it.
document.querySelector("nav.places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// The row that the address names has the focus, so that the keys go on where they were.
const named = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
if (named?.matches("[data-step]")) named.focus({ preventScroll: true });

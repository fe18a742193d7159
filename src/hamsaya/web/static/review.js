// SPDX-License-Identifier: Apache-2.0
// Reviewing drafts by keyboard. On a claim: a keeps it, x drops it, e edits it, A to F and 1 to 6 grade it, u takes the
// last of these back. On a draft: a files it, r goes to the reason for rejecting it, u takes back what was done to it
// before. What is ticked and graded here is sent with the draft; without this file the same boxes are ticked by hand.
// The words that the focused claim rests on are lit in the text and brought into view.

import { move } from "./desk.js";
import { pressed, typing } from "./keys.js";

const text = document.querySelector(".text");
const said = document.querySelector("[data-said]");
const done = [];

function light(number) {
  for (const lit of document.querySelectorAll("mark.lit")) lit.classList.remove("lit");
  const marks = number ? [...text.querySelectorAll(`mark[data-claims~="${number}"]`)] : [];
  for (const mark of marks) mark.classList.add("lit");
  const pane = text.closest("[data-pane]");
  if (!marks.length || pane.scrollHeight <= pane.clientHeight) return;
  const [here, box] = [marks[0].getBoundingClientRect(), pane.getBoundingClientRect()];
  if (here.top < box.top + 40 || here.bottom > box.bottom - 40) pane.scrollTop += here.top - box.top - pane.clientHeight / 3;
}

function change(field, value) {
  const name = field.type === "checkbox" ? "checked" : "value";
  if (field[name] === value) return;
  done.push({ field, name, before: field[name] });
  field[name] = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function tell(words, claim) {
  if (said) said.textContent = words.replace("{n}", claim?.dataset.claim ?? "");
}

function takeBack() {
  const last = done.pop();
  if (!last) return false;
  last.field[last.name] = last.before;
  last.field.closest("[data-step]").focus();
  tell(said.dataset.back);
  return true;
}

function grade(row, letter) {
  const reliability = /[A-F]/.test(letter);
  if (row.dataset.claim) {
    const field = row.querySelector("input.grade");
    if (!field) return false;
    const [first = "", second = ""] = field.value;
    change(field, reliability ? letter + second : (/[A-F]/i.test(first) ? first : "") + letter);
    return true;
  }
  const field = row.querySelector(`select[name=${reliability ? "reliability" : "credibility"}]`);
  if (field) change(field, letter);
  return field != null;
}

function onClaim(row, letter) {
  const box = row.querySelector("input[type=checkbox]");
  if (!box || !letter || !"ax".includes(letter)) return false;
  change(box, letter === "a");
  tell(letter === "a" ? said.dataset.kept : said.dataset.dropped, row);
  move(1);
  return true;
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-step]");
  if (!row || typing(event.target)) return;
  const letter = pressed(event);
  const taken = letter === "u" ? takeBack() : /^[A-F1-6]$/.test(letter) ? grade(row, letter) : row.dataset.claim ? onClaim(row, letter) : false;
  if (taken) event.preventDefault();
}, { capture: true });

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-step]");
  if (row) light(row.dataset.claim);
});
const focused = document.activeElement?.closest("[data-step][data-claim]");
if (focused) light(focused.dataset.claim);

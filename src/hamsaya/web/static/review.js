// SPDX-License-Identifier: Apache-2.0
// Reviewing drafts by keyboard. On a claim: a keeps it, x drops it, e edits it, A to F and 1 to 6 grade it, u takes the
// last of these back. On a draft: a files it, r goes to the reason for rejecting it, u takes back what was done to it
// before. What is ticked and graded here is sent with the draft; without this file the same boxes are ticked by hand.
// c adds a claim: on the words that are selected in the text, which are put into the form with the number of their place.
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

// The words of a range as the text has them: without the numbers of claims, runs of white space as one blank.
function plain(range) {
  const part = range.cloneContents();
  for (const number of part.querySelectorAll(".mark-number")) number.remove();
  return part.textContent.replace(/\s+/gu, " ");
}

function selected() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed || !text.contains(chosen.getRangeAt(0).commonAncestorContainer)) return null;
  const range = chosen.getRangeAt(0);
  const words = plain(range).trim();
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.endContainer, range.endOffset);
  const until = plain(before).trimEnd();
  let which = 0;
  for (let at = until.indexOf(words); words && at >= 0; at = until.indexOf(words, at + 1)) which += 1;
  return words ? { words, which } : null;
}

function addTo(row) {
  const form = (row?.closest("article") ?? document).querySelector("[data-add]") ?? document.querySelector("[data-add]");
  if (!form) return false;
  const found = selected();
  form.open = true;
  if (found) {
    form.querySelector("[name=words]").value = found.words;
    form.querySelector("[name=which]").value = found.which;
  }
  form.querySelector(found ? "[name=predicate]" : "[name=words]").focus();
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
  if (typing(event.target)) return;
  const letter = pressed(event);
  if (letter === "c" && addTo(row)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (!row) return;
  const taken = letter === "u" ? takeBack() : /^[A-F1-6]$/.test(letter) ? grade(row, letter) : row.dataset.claim ? onClaim(row, letter) : false;
  if (taken) event.preventDefault();
}, { capture: true });

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-step]");
  if (row) light(row.dataset.claim);
});
const focused = document.activeElement?.closest("[data-step][data-claim]");
if (focused) light(focused.dataset.claim);

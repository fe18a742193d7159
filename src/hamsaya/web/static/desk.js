// SPDX-License-Identifier: Apache-2.0
// Keys for long lists: j next, k previous, Enter opens. The pages work the same without this file.

const steps = [...document.querySelectorAll("[data-step]")];
const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

function move(by) {
  const here = steps.indexOf(document.activeElement?.closest("[data-step]"));
  const next = steps[here < 0 ? (by > 0 ? 0 : steps.length - 1) : Math.min(Math.max(here + by, 0), steps.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "Enter" && event.target.matches("[data-step]")) event.target.querySelector("a, summary")?.click();
});

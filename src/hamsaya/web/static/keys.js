// SPDX-License-Identifier: Apache-2.0
// Which letter was pressed, whatever the keyboard's script: on a Persian layout the key J gives another letter, but stands
// where J stands. And whether the person is typing text, so that no letter is taken away from them.

// Single letters are keys unless this account has switched them off in this browser (WCAG 2.1.4).
const OFF = `hamsaya-letters:${document.body.dataset.keeper ?? ""}`;
export function lettersOff() {
  try {
    return localStorage.getItem(OFF) === "off";
  } catch {
    return false;
  }
}
export function switchLetters(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  } catch { /* then they stay on */ }
}

const TEXT = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), select, textarea, [contenteditable]";

export const typing = (target) => target.closest?.(TEXT) != null;

export function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return "";
  if (event.key.length === 1 && lettersOff()) return "";
  if (/^[ -~]$/.test(event.key)) return event.key;
  if (/^Key[A-Z]$/.test(event.code)) return event.shiftKey ? event.code[3] : event.code[3].toLowerCase();
  if (/^Digit[0-9]$/.test(event.code)) return event.shiftKey ? "" : event.code[5];
  if (event.code === "Slash" && event.shiftKey) return "?";
  return event.key;
}

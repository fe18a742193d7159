// SPDX-License-Identifier: Apache-2.0
// The buttons that send stay off until a purpose is chosen and the necessity is a sentence. Without this file the server
// refuses in the same way, and shows the form again with what was typed.

for (const form of document.querySelectorAll("form[data-needs]")) {
  const purpose = form.querySelector("[name=purpose]");
  const necessity = form.querySelector("[name=necessity]");
  const sends = form.querySelectorAll("[data-send]");
  const why = form.querySelector("[data-why]");
  const check = () => {
    const words = necessity.value.split(/\s+/).filter(Boolean).length;
    const off = !purpose.value || words < Number(necessity.dataset.words);
    for (const send of sends) send.disabled = off;
    why.hidden = !off;
  };
  form.addEventListener("input", check);
  check();
}

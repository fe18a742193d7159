// SPDX-License-Identifier: Apache-2.0
// A text field that suggests places while one types: the combobox pattern of WAI-ARIA, with a list box below.
// Down and Up move, Enter takes, Escape closes, Tab goes on. Without this file the words are resolved on the server.

let number = 0;

export function suggesting(input, { onChoose = () => {} } = {}) {
  const list = document.createElement("ul");
  list.id = `suggested-${(number += 1)}`;
  list.className = "suggested";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }
  list.setAttribute("aria-label", input.labels?.[0]?.firstChild?.textContent?.trim() ?? "");
  let found = [];
  let at = -1;
  let asked = "";
  let timer = 0;
  let turn = 0; // an answer to an earlier question, or that comes after one took or closed, is let go

  function show(places) {
    found = places;
    at = -1;
    list.replaceChildren(
      ...places.map((place, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        const name = document.createElement("bdi");
        name.textContent = place.text;
        const where = document.createElement("small");
        where.dir = "auto";
        where.textContent = [place.area, place.country].filter(Boolean).join(", ");
        item.append(name, " ", where);
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => take(index));
        return item;
      }),
    );
    list.hidden = places.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function move(by) {
    at = (at + by + found.length + (at < 0 && by < 0 ? 1 : 0)) % found.length;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function close() {
    turn += 1;
    clearTimeout(timer);
    show([]);
  }

  function take(index) {
    const place = found[index];
    asked = input.value = place.text;
    close();
    onChoose(place);
  }

  async function ask() {
    const wanted = input.value.trim();
    if (wanted === asked) return;
    asked = wanted;
    if (wanted.length < 2) return close();
    const mine = (turn += 1);
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(wanted)}`, { headers: { accept: "application/json" } });
      const places = answer.ok ? (await answer.json()).places : [];
      if (mine === turn) show(places);
    } catch {
      if (mine === turn) show([]);
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || list.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && at >= 0) take(at);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

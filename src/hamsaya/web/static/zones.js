// SPDX-License-Identifier: Apache-2.0
// The zones of an agreement, drawn on the map: one map for the whole page, which moves to the zone whose button was pressed.
// Whatever is drawn is written into the typed points of that zone, with an `input` event, and what is typed there is drawn: the
// field is the zone, the map only a hand to write it with. Whether a zone is sound the desk says, never this file.
//
// A corner is a button over the map, so that it is moved by a finger, a mouse or the arrow keys, and removed with Delete.

import { around, openMap } from "./map.js";

const PLACES = 5; // decimals of a degree: about a metre
const STEP = [5, 25]; // pixels that an arrow key moves a corner, and with Shift
const POINT = /^(-?\d{1,4}(?:\.\d{1,9})?)[\s,;،]+(-?\d{1,4}(?:\.\d{1,9})?)$/u;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const form = document.querySelector("#agreement");
const panel = document.querySelector("#zone-map");
const host = panel.querySelector(".map");
const hands = panel.querySelector(".corners");
const counted = new Intl.NumberFormat(document.documentElement.lang === "fa" ? "fa" : "en");
const rows = [...document.querySelectorAll("[data-draw]")].map((button) => ({ button, path: button.dataset.draw, room: button.closest(".fields") }));

let map = null;
let row = null; // the zone that is being drawn
let points = [];
let unread = []; // what is typed there and is no point stays as it is
let closed = false;
let chosen = -1;
let past = [];
let writing = false;
let painting = 0;

const field = (of, name) => form.elements[`${of.path}.${name}`];
const isLine = (of) => field(of, "shape").value === "buffer";
const least = () => (isLine(row) ? 2 : 3);
const onGlobe = ([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) < 86;
const rounded = ([lon, lat]) => [((lon + 540) % 360) - 180, Math.max(-85, Math.min(85, lat))].map((degrees) => Number(degrees.toFixed(PLACES)));
const digits = (text) => text.replace(/[۰-۹]/gu, (each) => each.codePointAt(0) - 0x6f0).replace(/[٠-٩]/gu, (each) => each.codePointAt(0) - 0x660).replaceAll("٫", ".");

function typed(of) {
  const [found, rest] = [[], []];
  for (const line of field(of, "points").value.split("\n").map((each) => each.trim()).filter(Boolean)) {
    const read = POINT.exec(digits(line));
    if (read) found.push([Number(read[1]), Number(read[2])]);
    else rest.push(line);
  }
  return [found, rest];
}

function write() {
  writing = true;
  const area = field(row, "points");
  area.value = [...points.map((point) => point.join(" ")), ...unread].join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  writing = false;
}

// Every change of the shape goes through here: it can be undone, and is written.
function change(next, at = chosen) {
  past.push([points, closed]);
  points = next;
  chosen = Math.min(at, points.length - 1);
  if (points.length < least()) closed = false;
  write();
  paint();
}

function undo() {
  if (!past.length) return;
  [points, closed] = past.pop();
  chosen = Math.min(chosen, points.length - 1);
  write();
  paint();
}

function setClosed(now) {
  past.push([points, closed]);
  closed = now;
  chosen = now ? chosen : -1;
  paint();
}

const remove = (at) => change(points.filter((_, number) => number !== at), Math.max(0, at - 1));
const insert = (at) => change([...points.slice(0, at + 1), rounded(between(points[at], points[(at + 1) % points.length])), ...points.slice(at + 1)], at + 1);
const between = (one, other) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];

// Which zones have a shape that the desk does not take: by the clause, and there by the number of the row that is not empty.
function isBad(of) {
  const clause = of.path.split(".")[0];
  const said = document.getElementById(`said-${clause.slice(1)}`);
  const filled = rows.filter((each) => each.path.startsWith(`${clause}.`) && [...each.room.querySelectorAll("input, textarea")].some((each) => each.value.trim()));
  return (said?.dataset.crooked ?? "").split(" ").includes(String(filled.indexOf(of)));
}

function zoneOf(of) {
  const drawn = of === row;
  const all = drawn ? points : typed(of)[0];
  if (!all.every(onGlobe)) return null;
  const called = field(of, `called.${document.documentElement.lang}`).value || field(of, "called.en").value;
  const reach_m = isLine(of) ? Math.min(Number.parseInt(digits(field(of, "within_m").value), 10) || 0, 1_000_000) : 0;
  const ring = !isLine(of) && all.length > 2 && (!drawn || closed);
  return { id: of.path, points: all, ring, reach_m, name: called, state: isBad(of) && !(drawn && !closed && points.length < least()) ? "bad" : drawn ? "drawn" : "other" };
}

// Drawn once a frame, however often something moves.
function paint() {
  if (!map || !row) return;
  cancelAnimationFrame(painting);
  painting = requestAnimationFrame(() => {
    map.show({ zones: rows.map(zoneOf).filter(Boolean) });
    placeHands();
  });
}

function placeHands() {
  const ring = closed && !isLine(row);
  const middles = closed && chosen >= 0 ? [chosen - 1, chosen].map((at) => (at < 0 && ring ? points.length - 1 : at)).filter((at) => at >= 0 && (ring || at < points.length - 1)) : [];
  const corners = [...hands.querySelectorAll(".corner")];
  points.forEach((point, at) => {
    const hand = corners[at] ?? made("corner");
    hand.dataset.at = at;
    hand.textContent = counted.format(at + 1);
    hand.setAttribute("aria-label", `${hands.dataset.corner} ${counted.format(at + 1)}`);
    hand.classList.toggle("chosen", at === chosen);
    hand.classList.toggle("bad", isBad(row) && (closed || points.length >= least()));
    stand(hand, point);
  });
  corners.slice(points.length).forEach((hand) => hand.remove());
  hands.querySelectorAll(".between").forEach((hand) => hand.remove());
  middles.forEach((at) => {
    const hand = made("between");
    hand.dataset.at = at;
    hand.textContent = "+";
    hand.setAttribute("aria-label", `${hands.dataset.between} ${counted.format(at + 1)}`);
    stand(hand, between(points[at], points[(at + 1) % points.length]));
  });
  tell();
}

const made = (kind) => hands.appendChild(Object.assign(document.createElement("button"), { type: "button", className: kind }));

function stand(hand, point) {
  hand.hidden = !onGlobe(point);
  if (hand.hidden) return;
  const [x, y] = map.spot(point);
  hand.hidden = x < 0 || y < 0 || x > host.clientWidth || y > host.clientHeight;
  hand.style.left = `${x}px`;
  hand.style.top = `${y}px`;
}

function tell() {
  panel.dataset.corners = points.length;
  panel.dataset.closed = closed ? "yes" : "no";
  panel.querySelector("#zone-count").textContent = counted.format(points.length);
  panel.querySelectorAll("[data-say]").forEach((words) => { words.hidden = words.dataset.say !== (closed ? "closed" : "open"); });
  const can = { undo: past.length > 0, remove: chosen >= 0, close: !closed && points.length >= least(), more: closed };
  Object.entries(can).forEach(([act, may]) => { panel.querySelector(`[data-act=${act}]`).disabled = !may; });
  const said = document.getElementById(`said-${row.path.split(".")[0].slice(1)}`);
  const faults = [...(said?.querySelectorAll(".bad") ?? [])].map((each) => each.textContent);
  const list = panel.querySelector("#zone-faults");
  if ([...list.children].map((each) => each.textContent).join("\n") !== faults.join("\n")) {
    list.replaceChildren(...faults.map((fault) => Object.assign(document.createElement("p"), { className: "bad", textContent: fault, dir: "auto" })));
  }
}

function whole() {
  const all = rows.flatMap((of) => zoneOf(of)?.points ?? []);
  map.frame(around(all) ?? around(map.lines.flatMap((line) => line.stretches.flat())) ?? [44, 20, 80, 42]);
}

function begin(of) {
  row = of;
  [points, unread] = typed(of);
  [closed, chosen, past] = [points.length >= least(), -1, []];
}

async function open(of) {
  const same = row === of && !panel.hidden;
  rows.forEach((each) => each.button.setAttribute("aria-expanded", String(each === of && !same)));
  panel.hidden = same;
  if (same) return;
  of.room.append(panel);
  begin(of);
  if (!map) {
    map = await openMap(host);
    map.steady();
    map.show({ line: "" });
    map.onPoint((point) => !closed && change([...points, rounded(point)], points.length));
    map.onMove(() => row && placeHands());
  }
  const box = points.every(onGlobe) ? around(points, 0.3) : null;
  if (box) map.frame(box);
  else whole();
  paint();
  panel.scrollIntoView({ block: "nearest" });
}

const acts = {
  undo, remove: () => chosen >= 0 && remove(chosen), close: () => setClosed(true), more: () => setClosed(false),
  in: () => map.zoom(1), out: () => map.zoom(-1), whole, done: () => { const { button } = row; open(row); button.focus(); },
};
panel.querySelectorAll("[data-act]").forEach((button) => button.addEventListener("click", () => acts[button.dataset.act]()));

let drag = null;
let dragged = false;
hands.addEventListener("pointerdown", (event) => {
  const hand = event.target.closest(".corner");
  if (!hand || event.button) return;
  hand.setPointerCapture(event.pointerId);
  drag = { at: Number(hand.dataset.at), from: [event.clientX, event.clientY], before: points };
  dragged = false;
});
hands.addEventListener("pointermove", (event) => {
  if (!drag || (!dragged && Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) < 4)) return;
  dragged = true;
  const box = host.getBoundingClientRect();
  points = drag.before.with(drag.at, rounded(map.pointAt([event.clientX - box.left, event.clientY - box.top])));
  paint();
});
["pointerup", "pointercancel"].forEach((what) => hands.addEventListener(what, () => {
  if (!drag) return;
  const moved = points;
  points = drag.before;
  if (dragged && what === "pointerup") change(moved, drag.at);
  else paint();
  drag = null;
}));
hands.addEventListener("focusin", (event) => {
  const hand = event.target.closest(".corner");
  if (hand && chosen !== Number(hand.dataset.at)) {
    chosen = Number(hand.dataset.at);
    paint();
  }
});
hands.addEventListener("click", (event) => {
  const hand = event.target.closest("button");
  if (!hand || dragged) dragged = false;
  else if (hand.matches(".between")) insert(Number(hand.dataset.at));
  else if (hand.dataset.at === "0" && !closed && !isLine(row) && points.length >= least()) setClosed(true);
});
hands.addEventListener("keydown", (event) => {
  const hand = event.target.closest(".corner");
  if (!hand) return;
  const at = Number(hand.dataset.at);
  if (ARROWS[event.key]) {
    const [x, y] = map.spot(points[at]);
    const step = STEP[event.shiftKey ? 1 : 0];
    change(points.with(at, rounded(map.pointAt([x + ARROWS[event.key][0] * step, y + ARROWS[event.key][1] * step]))), at);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    remove(at);
  } else return;
  event.preventDefault();
  event.stopPropagation();
});
panel.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    event.preventDefault();
    undo();
  }
});

// What is typed is drawn; the line on which one types is the corner that is marked.
form.addEventListener("input", (event) => {
  if (writing || !row || panel.hidden) return;
  if (event.target === field(row, "points")) [points, unread] = typed(row);
  closed = closed || points.length >= least();
  paint();
});
form.addEventListener("understood", paint);
rows.forEach((of) => {
  of.button.hidden = false;
  of.button.addEventListener("click", () => open(of));
  const area = field(of, "points");
  ["keyup", "click"].forEach((what) => area.addEventListener(what, () => {
    if (of !== row || panel.hidden) return;
    const at = area.value.slice(0, area.selectionStart).split("\n").length - 1;
    chosen = at < points.length ? at : -1;
    paint();
  }));
});

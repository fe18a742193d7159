// SPDX-License-Identifier: Apache-2.0
// The map beside the list of incidents: the same filter, the same rows. The list works without this file.
// Choosing a row marks its points; choosing a point marks its row; "search in this area" puts the box into the address.

import { around, openMap } from "./map.js";

const room = document.querySelector("[data-picture]");
if (room) start(room);

async function start(room) {
  const host = room.querySelector(".map");
  const rows = new Map([...document.querySelectorAll("[data-item]")].map((row) => [row.dataset.item, row]));
  const address = new URL(location.href);
  const found = await fetch(address, { headers: { accept: "application/json" } }).then((answer) => answer.json());
  const items = found.incidents.flatMap((incident) => incident.pinpoints.map((point) => item(incident, point, rows.get(incident.incident))));
  host.hidden = false;
  const map = await openMap(host);
  const whole = () => asked(address) ?? around(items.map((each) => each.at)) ?? around(map.lines[0]?.stretches.flat() ?? [[61, 28]]);
  map.frame(whole());
  map.show({ items, line: room.dataset.line });
  const choose = (name, from) => {
    map.show({ chosen: name });
    rows.forEach((row, id) => row.classList.toggle("chosen", id === name));
    const row = rows.get(name);
    if (from === "map" && row) {
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  };
  map.onChoose((name) => choose(name, "map"));
  rows.forEach((row, id) => row.addEventListener("focusin", () => choose(id, "list")));
  rows.forEach((row, id) => row.addEventListener("click", () => choose(id, "list")));
  tools(room, map, whole, address);
  room.querySelectorAll("input[name=line]").forEach((input) => input.addEventListener("change", () => tellBy(room, map, input.value)));
}

function item(incident, point, row) {
  return {
    item: incident.incident, record: point.record, side: point.side, signed: point.signed, number: row?.dataset.number ?? "",
    at: [point.place.lon_udeg / 1e6, point.place.lat_udeg / 1e6], radius_m: point.place.radius_m ?? 0,
    state: incident.differ ? "bad" : incident.agree && !incident.silent ? "good" : "plain",
  };
}

// Which line tells inside and outside: it is marked on the map, and its answer stands first in each row.
function tellBy(room, map, line) {
  room.dataset.line = line;
  map.show({ line });
  document.querySelectorAll("[data-by-line]").forEach((told) => { told.hidden = told.dataset.byLine !== line; });
  const address = new URL(location.href);
  address.searchParams.set("line", line);
  history.replaceState(null, "", address);
}

function tools(room, map, whole, address) {
  const bar = room.querySelector(".map-tools");
  bar.hidden = false;
  const acts = { in: () => map.zoom(1), out: () => map.zoom(-1), whole: () => map.frame(whole()), area: () => search(map, address) };
  bar.querySelectorAll("button").forEach((button) => button.addEventListener("click", acts[button.dataset.act]));
}

function search(map, address) {
  const next = new URL(address);
  next.searchParams.set("bbox", clamped(map.bounds()).map((degrees) => degrees.toFixed(4)).join(","));
  next.searchParams.delete("after");
  location.assign(next);
}

function clamped([west, south, east, north]) {
  return [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)];
}

function asked(address) {
  const box = (address.searchParams.get("bbox") ?? "").split(",").map(Number);
  return box.length === 4 && box.every(Number.isFinite) && box[0] < box[2] ? box : null;
}

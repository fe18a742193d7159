// SPDX-License-Identifier: Apache-2.0
// Choosing a point on the map for a form. Use, in a template (the inputs work by typing, too):
//
//   <div class="pick" data-pick data-lon="#lon" data-lat="#lat" hidden>
//     <button type="button">{{ _("Choose on the map") }}</button>
//     <div class="map" hidden role="region" aria-label="{{ _("Map") }}"></div>
//   </div>
//   {% block script %}<script type="module" src="{{ asset('pick.js') }}"></script>{% endblock %}
//
// `data-lon` and `data-lat` are selectors of two inputs: degrees, WGS 84, five decimals (about a metre), with an `input` event
// each time; `data-radius` of a third, which gets how exactly one can point at that zoom: five pixels, in metres. The map opens at
// what stands in them, else at the point of an element with `data-at` ("61.59,28.95"), else at the lines. What stands in them when the map opens is marked. Works with both maps; without this file nothing is shown.

import { around, openMap } from "./map.js";

const PIXELS = 5;

document.querySelectorAll("[data-pick]").forEach((room) => {
  const [button, host] = [room.querySelector("button"), room.querySelector(".map")];
  const radius = room.dataset.radius ? document.querySelector(room.dataset.radius) : null;
  const [lon, lat] = [document.querySelector(room.dataset.lon), document.querySelector(room.dataset.lat)];
  room.hidden = false;
  let map = null;
  button.addEventListener("click", async () => {
    host.hidden = !host.hidden;
    button.setAttribute("aria-expanded", String(!host.hidden));
    if (map || host.hidden) return;
    map = await openMap(host);
    const point = typed(lon, lat);
    const near = point ?? written(document.querySelector("[data-at]")?.dataset.at);
    map.frame(near ? around([near], 0.5) : around(map.lines.flatMap((line) => line.stretches.flat())) ?? [44, 20, 80, 42]);
    map.show({ mark: point, line: map.lines[0]?.id ?? "" });
    map.onPoint((chosen) => {
      write(lon, chosen[0]);
      write(lat, chosen[1]);
      if (radius) tell(radius, Math.max(10, Math.round(PIXELS * metresAPixel(map.bounds(), host))));
      map.show({ mark: chosen });
    });
    [lon, lat].forEach((input) => input.addEventListener("change", () => map.show({ mark: typed(lon, lat) })));
  });
});

function typed(lon, lat) {
  const point = [Number.parseFloat(lon.value), Number.parseFloat(lat.value)];
  return point.every(Number.isFinite) && Math.abs(point[0]) <= 180 && Math.abs(point[1]) <= 90 ? point : null;
}

function written(text) {
  const point = (text ?? "").split(",").map(Number.parseFloat);
  return point.length === 2 && point.every(Number.isFinite) ? point : null;
}

function metresAPixel([west, south, east, north], host) {
  const across = 111_320 * Math.cos((((south + north) / 2) * Math.PI) / 180);
  return ((east - west) * across) / Math.max(1, host.clientWidth);
}

function write(input, degrees) {
  tell(input, (((degrees + 540) % 360) - 180).toFixed(5));
}

function tell(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

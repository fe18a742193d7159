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
// each time. What stands in them when the map opens is marked. Works with both maps; without this file nothing is shown.

import { around, openMap } from "./map.js";

document.querySelectorAll("[data-pick]").forEach((room) => {
  const [button, host] = [room.querySelector("button"), room.querySelector(".map")];
  const [lon, lat] = [document.querySelector(room.dataset.lon), document.querySelector(room.dataset.lat)];
  room.hidden = false;
  let map = null;
  button.addEventListener("click", async () => {
    host.hidden = !host.hidden;
    button.setAttribute("aria-expanded", String(!host.hidden));
    if (map || host.hidden) return;
    map = await openMap(host);
    const point = typed(lon, lat);
    map.frame(point ? around([point], 0.5) : around(map.lines.flatMap((line) => line.stretches.flat())) ?? [44, 20, 80, 42]);
    map.show({ mark: point, line: map.lines[0]?.id ?? "" });
    map.onPoint((chosen) => {
      write(lon, chosen[0]);
      write(lat, chosen[1]);
      map.show({ mark: chosen });
    });
    [lon, lat].forEach((input) => input.addEventListener("change", () => map.show({ mark: typed(lon, lat) })));
  });
});

function typed(lon, lat) {
  const point = [Number.parseFloat(lon.value), Number.parseFloat(lat.value)];
  return point.every(Number.isFinite) && Math.abs(point[0]) <= 180 && Math.abs(point[1]) <= 90 ? point : null;
}

function write(input, degrees) {
  input.value = (((degrees + 540) % 360) - 180).toFixed(5);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

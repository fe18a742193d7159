// SPDX-License-Identifier: Apache-2.0
// The lite map in Leaflet, for machines without WebGL2: the same lines, points and names over land drawn as plain shapes.

import "./leaflet.js";
import { PATTERNS, apart, band, lineColour, middle, mixed, sheet, strip, zoneColour } from "./map.js";

const L = globalThis.leaflet;
const WIDE_M = 50000;

export async function draw(host, { language, labels }) {
  await sheet("./leaflet.css");
  const land = await fetch("./base-lite.json").then((answer) => answer.json());
  const map = L.map(host, { zoomControl: false, attributionControl: false, minZoom: 2, maxZoom: 13, zoomAnimation: false, fadeAnimation: false });
  map.setView([28, 60], 5);
  L.control.scale({ imperial: false, maxWidth: 90, position: "bottomleft" }).addTo(map);
  const ground = L.geoJSON(land, { interactive: false, smoothFactor: 1.5 }).addTo(map);
  const drawn = L.layerGroup().addTo(map);
  const calls = [];
  namesOn(map, labels, language);
  return {
    show(scene, colours) {
      host.style.background = colours.sea;
      ground.setStyle({ color: colours.border, weight: 0.6, fillColor: colours.land, fillOpacity: 1 });
      drawn.clearLayers();
      scene.lines.filter((line) => line.id === scene.line).forEach((line) => bandOn(drawn, line, colours));
      scene.zones.forEach((zone) => zoneOn(drawn, zone, colours));
      scene.lines.forEach((line) => lineOn(drawn, line, line.id === scene.line, colours));
      apart(scene.items).forEach((points) => L.polyline(points.map(turned), { color: colours.bad, weight: 1.5, dashArray: "2 4", interactive: false }).addTo(drawn));
      scene.items.forEach((item) => itemOn(drawn, item, item.item === scene.chosen, colours, (chosen) => calls.forEach((call) => call(chosen))));
      if (scene.mark) L.circleMarker(turned(scene.mark), { radius: 9, color: colours.paper, weight: 3, fillColor: colours.accent, fillOpacity: 1 }).addTo(drawn);
      tell(host, scene, ground);
    },
    frame: (bounds) => map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], { padding: [30, 30], maxZoom: 9, animate: false }),
    zoom: (by) => map.setZoom(map.getZoom() + by),
    bounds: () => { const box = map.getBounds(); return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]; },
    onChoose: (call) => { calls.push(call); map.on("click", () => call("")); },
    onPoint: (call) => map.on("click", (event) => call([event.latlng.lng, event.latlng.lat])),
    spot: (point) => { const { x, y } = map.latLngToContainerPoint(turned(point)); return [x, y]; },
    pointAt: (spot) => { const { lng, lat } = map.containerPointToLatLng(spot); return [lng, lat]; },
    onMove: (call) => map.on("move zoom viewreset resize", call),
    steady: () => map.doubleClickZoom.disable(),
  };
}

const turned = ([lon, lat]) => [lat, lon];

function bandOn(drawn, line, colours) {
  const rings = band(line).map((ring) => [ring.map(turned)]);
  const fillColor = mixed(lineColour(line, colours), colours.land, 0.16);
  if (rings.length) L.polygon(rings, { stroke: false, fillColor, fillOpacity: 1, fillRule: "nonzero", interactive: false }).addTo(drawn);
}

function zoneOn(drawn, zone, colours) {
  const [color, weight] = [zoneColour(zone, colours), zone.state === "other" ? 2 : 3];
  const look = { color, weight, fillColor: color, fillOpacity: 0.18, interactive: false, className: "map-zone" };
  if (zone.reach_m && zone.points.length) {
    const rings = strip(zone.points, zone.reach_m).map((ring) => [ring.map(turned)]);
    L.polygon(rings, { stroke: false, fillColor: mixed(color, colours.land, 0.16), fillOpacity: 1, fillRule: "nonzero", interactive: false }).addTo(drawn);
  }
  if (zone.points.length < 2) return;
  const points = zone.points.map(turned);
  const shape = zone.ring ? L.polygon(points, look) : L.polyline(points, look);
  shape.addTo(drawn);
  if (zone.name) drawn.addLayer(L.tooltip({ permanent: true, direction: "center", className: "map-bare", interactive: false }).setLatLng(turned(middle(zone.points))).setContent(words(zone.name, "map-name-words map-zone-name")));
}

function lineOn(drawn, line, told, colours) {
  const color = lineColour(line, colours);
  const weight = told ? 4 : 2;
  const dashArray = PATTERNS[(line.style - 1) % PATTERNS.length].map((length) => length * weight).join(" ");
  line.stretches.forEach((stretch) => {
    const points = stretch.map(turned);
    L.polyline(points, { color, weight, dashArray, interactive: false, className: "map-line" }).addTo(drawn);
  });
}

function itemOn(drawn, item, chosen, colours, choose) {
  const color = { good: colours.good, bad: colours.bad }[item.state] ?? colours.quiet;
  if (item.radius_m) L.circle(turned(item.at), { radius: item.radius_m, color, weight: chosen ? 2 : 1, dashArray: "4 4", fillColor: color, fillOpacity: chosen ? 0.2 : item.radius_m > WIDE_M ? 0 : 0.08, interactive: false }).addTo(drawn);
  const edge = item.signed ? { color: chosen ? colours.accent : colours.paper, weight: chosen ? 4 : 1.5, fillColor: color } : { color: chosen ? colours.accent : color, weight: chosen ? 4 : 3, fillColor: colours.paper };
  const pin = L.circleMarker(turned(item.at), { radius: chosen ? 14 : 11, fillOpacity: 1, bubblingMouseEvents: false, ...edge }).addTo(drawn);
  pin.on("click", () => choose(item.item));
  pin.bindTooltip(words(item.number, `map-number${item.signed ? " signed" : ""}`), { permanent: true, direction: "center", className: "map-bare" });
}

function namesOn(map, labels, language) {
  const group = L.layerGroup().addTo(map);
  const draw = () => {
    group.clearLayers();
    const [taken, seen] = [[], map.getBounds()];
    for (const label of labels) {
      const spot = map.latLngToContainerPoint(turned(label.at));
      if (!seen.contains(turned(label.at)) || taken.some((other) => Math.abs(other.x - spot.x) < 90 && Math.abs(other.y - spot.y) < 44)) continue;
      taken.push(spot);
      const own = label.names[language] ?? label.names.en;
      const all = map.getZoom() < 8 ? [own] : [...new Set([own, label.names.fa, label.names.ur, label.names.en].filter(Boolean))];
      const name = L.tooltip({ permanent: true, direction: "bottom", className: "map-bare map-name", interactive: false, offset: [0, 4] });
      group.addLayer(name.setLatLng(turned(label.at)).setContent(words(all.join("\n"), "map-name-words")));
    }
  };
  map.on("moveend", draw);
  draw();
}

// Text, never markup: names may come from neighbours.
function words(text, className) {
  return Object.assign(document.createElement("span"), { textContent: text, className, dir: "auto" });
}

function tell(host, scene, ground) {
  host.dataset.lines = scene.lines.map((line) => line.id).sort().join(" ");
  host.dataset.pins = new Set(scene.items.map((item) => item.item)).size;
  host.dataset.zones = scene.zones.filter((zone) => zone.points.length > 1).length;
  host.dataset.land = ground.getLayers().length;
  host.dataset.names = host.querySelectorAll(".map-name").length;
  host.dataset.state = "drawn";
}

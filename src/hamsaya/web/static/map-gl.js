// SPDX-License-Identifier: Apache-2.0
// The map in MapLibre: tiles from one file on this desk, its worker a file of this desk too, fonts declared in the style.
// No glyph files and no right-to-left plugin: MapLibre shapes Arabic script by itself.

import { MapLibreMap, ScaleControl, addProtocol, setWorkerUrl } from "./maplibre-gl.mjs";
import { PMTiles, Protocol } from "./pmtiles.mjs";
import { PATTERNS, apart, band, circle, lineColour, middle, mixed, sheet, strip, zoneColour } from "./map.js";

const TILES = new URL("./base.pmtiles", location.href).href;
const FACE = ["Desk"];
const ARABIC = ["U+0600-06FF", "U+0750-077F", "U+08A0-08FF", "U+200C-200F", "U+FB50-FDFF", "U+FE70-FEFC"];
const WIDE_M = 50000; // a place known to a province or a country only: its circle is drawn, the land within is not tinted
setWorkerUrl(new URL("./maplibre-gl-worker.mjs", location.href).href);

export async function draw(host, { language, labels }) {
  await sheet("./maplibre-gl.css");
  const protocol = new Protocol();
  protocol.add(new PMTiles(TILES));
  addProtocol("pmtiles", protocol.tile);
  const map = new MapLibreMap({
    container: host, style: { version: 8, sources: {}, layers: [] }, attributionControl: false, dragRotate: false, pitchWithRotate: false,
    maxZoom: 14, minZoom: 1, center: [60, 28], zoom: 4, locale: { "Map.Title": host.getAttribute("aria-label") ?? "" },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
  map.on("error", (event) => console.warn(event.error?.message ?? event));
  map.on("idle", () => tell(host, map));
  let [ready, waiting] = [false, null];
  map.on("style.load", () => {
    ready = true;
    if (waiting) map.setStyle(waiting);
    waiting = null;
  });
  return {
    show(scene, colours) {
      const next = styled(scene, colours, names(labels, language));
      if (ready) map.setStyle(next);
      else waiting = next;
    },
    frame: (bounds) => map.fitBounds([[bounds[0], bounds[1]], [bounds[2], bounds[3]]], { padding: 40, maxZoom: 9, animate: false }),
    zoom: (by) => map.zoomTo(map.getZoom() + by, { duration: 150 }),
    bounds: () => map.getBounds().toArray().flat(),
    onChoose: (call) => map.on("click", (event) => call(map.queryRenderedFeatures(event.point, { layers: present(map, ["pin", "reach"]) })[0]?.properties.item ?? "")),
    onPoint: (call) => map.on("click", (event) => call([event.lngLat.lng, event.lngLat.lat])),
    spot: (point) => { const { x, y } = map.project(point); return [x, y]; },
    pointAt: (spot) => { const { lng, lat } = map.unproject(spot); return [lng, lat]; },
    onMove: (call) => ["move", "resize"].forEach((what) => map.on(what, call)),
    steady: () => map.doubleClickZoom.disable(),
  };
}

// What is drawn just now, for those who cannot see it: the tests.
function tell(host, map) {
  const lines = map.getStyle().layers.filter((layer) => layer.id.startsWith("line:")).map((layer) => layer.id);
  host.dataset.lines = [...new Set(map.queryRenderedFeatures({ layers: lines }).map((found) => found.layer.id.slice(5)))].sort().join(" ");
  host.dataset.pins = new Set(map.queryRenderedFeatures({ layers: present(map, ["pin"]) }).map((found) => found.properties.item)).size;
  host.dataset.zones = new Set(map.queryRenderedFeatures({ layers: present(map, ["zone-edge"]) }).map((found) => found.properties.id)).size;
  host.dataset.land = map.queryRenderedFeatures({ layers: present(map, ["land"]) }).length;
  host.dataset.names = map.queryRenderedFeatures({ layers: present(map, ["names"]) }).length;
  host.dataset.state = "drawn";
}

const present = (map, layers) => layers.filter((layer) => map.getLayer(layer));
const collection = (features) => ({ type: "geojson", data: { type: "FeatureCollection", features } });
const feature = (type, coordinates, properties = {}) => ({ type: "Feature", properties, geometry: { type, coordinates } });

function styled(scene, colours, labels) {
  const told = scene.lines.find((line) => line.id === scene.line);
  const chosen = ["==", ["get", "item"], scene.chosen];
  const colour = ["match", ["get", "state"], "good", colours.good, "bad", colours.bad, colours.quiet];
  return {
    version: 8,
    "font-faces": {
      Desk: [
        { url: new URL("./noto-sans-arabic-arabic-400-normal.woff2", location.href).href, "unicode-range": ARABIC },
        { url: new URL("./noto-sans-latin-400-normal.woff2", location.href).href, "unicode-range": ["U+0000-02FF", "U+2000-206F"] },
      ],
    },
    sources: {
      base: { type: "vector", url: `pmtiles://${TILES}` },
      names: collection(labels),
      reach: collection(scene.items.filter((item) => item.radius_m).map((item) => feature("Polygon", [circle(item.at, item.radius_m)], item))),
      pins: collection(scene.items.map((item) => feature("Point", item.at, item))),
      band: collection(told ? [feature("MultiPolygon", band(told).map((ring) => [ring]))] : []),
      between: collection(apart(scene.items).map((points) => feature("LineString", points))),
      ...zoneSources(scene.zones, colours),
      mark: collection(scene.mark ? [feature("Point", scene.mark)] : []),
      ...Object.fromEntries(scene.lines.map((line) => [`line:${line.id}`, collection([feature("MultiLineString", line.stretches, { name: line.name })])])),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.sea } },
      { id: "land", type: "fill", source: "base", "source-layer": "land", paint: { "fill-color": colours.land } },
      ...(told ? [{ id: "band", type: "fill", source: "band", paint: { "fill-color": mixed(lineColour(told, colours), colours.land, 0.16), "fill-antialias": false } }] : []),
      { id: "border", type: "line", source: "base", "source-layer": "border", paint: { "line-color": colours.border, "line-width": 0.6 } },
      { id: "zone-strip", type: "fill", source: "zone-strips", paint: { "fill-color": ["get", "fill"], "fill-antialias": false } },
      { id: "zone-fill", type: "fill", source: "zone-rings", paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.18 } },
      { id: "zone-edge", type: "line", source: "zone-edges", layout: { "line-join": "round" }, paint: { "line-color": ["get", "colour"], "line-width": ["get", "width"] } },
      ...scene.lines.flatMap((line) => lineLayers(line, scene.line === line.id, colours)),
      { id: "reach", type: "fill", source: "reach", paint: { "fill-color": colour, "fill-opacity": ["case", chosen, 0.2, [">", ["get", "radius_m"], WIDE_M], 0, 0.08] } },
      { id: "reach-edge", type: "line", source: "reach", paint: { "line-color": colour, "line-width": ["case", chosen, 2, 1], "line-dasharray": [2, 2] } },
      { id: "between", type: "line", source: "between", paint: { "line-color": colours.bad, "line-width": 1.5, "line-dasharray": [1, 1.5] } },
      { id: "names", type: "symbol", source: "names", layout: nameLayout(), paint: { "text-color": colours.text, "text-halo-color": colours.halo, "text-halo-width": 1.5 } },
      { id: "zone-names", type: "symbol", source: "zone-names", layout: { "text-field": ["get", "name"], "text-font": FACE, "text-size": 13, "text-allow-overlap": true }, paint: { "text-color": ["get", "colour"], "text-halo-color": colours.halo, "text-halo-width": 2 } },
      { id: "halo", type: "circle", source: "pins", filter: chosen, paint: { "circle-radius": 17, "circle-color": colours.accent, "circle-opacity": 0.35, "circle-stroke-color": colours.accent, "circle-stroke-width": 2 } },
      { id: "pin", type: "circle", source: "pins", paint: { "circle-radius": 11, "circle-color": ["case", ["get", "signed"], colour, colours.paper], "circle-stroke-color": ["case", ["get", "signed"], colours.paper, colour], "circle-stroke-width": ["case", ["get", "signed"], 1.5, 3] } },
      { id: "number", type: "symbol", source: "pins", layout: { "text-field": ["get", "number"], "text-font": FACE, "text-size": 12, "text-allow-overlap": true, "text-padding": 1 }, paint: { "text-color": ["case", ["get", "signed"], colours.paper, colours.text] } },
      { id: "mark", type: "circle", source: "mark", paint: { "circle-radius": 9, "circle-color": colours.accent, "circle-stroke-color": colours.paper, "circle-stroke-width": 3 } },
    ],
  };
}

// Zones of an agreement: what they enclose, their edges, and their names.
function zoneSources(zones, colours) {
  const told = (zone) => ({ id: zone.id, name: zone.name, colour: zoneColour(zone, colours), width: zone.state === "other" ? 2 : 3, fill: mixed(zoneColour(zone, colours), colours.land, 0.16) });
  const edge = (zone) => (zone.ring ? [...zone.points, zone.points[0]] : zone.points);
  const rings = zones.filter((zone) => zone.ring);
  const strips = zones.filter((zone) => zone.reach_m && zone.points.length);
  return {
    "zone-rings": collection(rings.map((zone) => feature("Polygon", [edge(zone)], told(zone)))),
    "zone-strips": collection(strips.map((zone) => feature("MultiPolygon", strip(zone.points, zone.reach_m).map((ring) => [ring]), told(zone)))),
    "zone-edges": collection(zones.filter((zone) => zone.points.length > 1).map((zone) => feature("LineString", edge(zone), told(zone)))),
    "zone-names": collection(zones.filter((zone) => zone.name && zone.points.length).map((zone) => feature("Point", middle(zone.points), told(zone)))),
  };
}

// Each line has its own pattern and bears its name.
function lineLayers(line, told, colours) {
  const colour = lineColour(line, colours);
  const pattern = PATTERNS[(line.style - 1) % PATTERNS.length];
  const source = `line:${line.id}`;
  const dash = pattern.length ? { "line-dasharray": pattern } : {};
  return [
    { id: source, type: "line", source, layout: { "line-join": "round" }, paint: { "line-color": colour, "line-width": told ? 3 : 2, ...dash } },
    { id: `named:${line.id}`, type: "symbol", source, layout: { "symbol-placement": "line", "symbol-spacing": 400, "text-field": ["get", "name"], "text-font": FACE, "text-size": 11, "text-offset": [0, line.style % 2 ? -1 : 1] }, paint: { "text-color": colour, "text-halo-color": colours.halo, "text-halo-width": 1.5 } },
  ];
}

function nameLayout() {
  return {
    "text-field": ["step", ["zoom"], ["get", "one"], 7, ["get", "all"]], "text-font": FACE, "text-size": ["match", ["get", "kind"], "water", 12, 13],
    "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 1.3, "text-justify": "auto", "text-padding": 4,
  };
}

// The reader's own name first; nearer by, the names in all three scripts below each other.
function names(labels, language) {
  return labels.map((label) => {
    const own = label.names[language] ?? label.names.en;
    const all = [...new Set([own, label.names.fa, label.names.ur, label.names.en].filter(Boolean))];
    return feature("Point", label.at, { one: own, all: all.join("\n"), kind: label.kind });
  });
}

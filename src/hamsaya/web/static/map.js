// SPDX-License-Identifier: Apache-2.0
// The map, for whoever wants one: `openMap(host)` draws it into `host` with MapLibre, or with Leaflet where WebGL2 is missing
// or the address says ?map=lite. Both draw the same lines, points and names, and both answer to the same few calls:
//   show(scene), frame(bounds), zoom(by), bounds(), onChoose(call), onPoint(call),
//   spot(point) → [x, y], pointAt([x, y]) → point, onMove(call), steady() (a double click is two clicks)
// A scene is { lines, line, items, chosen, mark, zones }, a zone { id, points, ring, reach_m, name, state }. Everything comes from the desk itself; nothing is asked of another host.

const style = getComputedStyle;

export async function openMap(host) {
  const asked = new URLSearchParams(location.search).get("map");
  const lite = asked === "lite" || !hasWebGl2();
  const known = await fetch("/lines", { headers: { accept: "application/json" } }).then((answer) => answer.json());
  const { draw } = lite ? await import("./map-lite.js") : await import("./map-gl.js");
  host.dataset.kind = lite ? "lite" : "gl";
  const map = await draw(host, { language: document.documentElement.lang, labels: known.labels.map(labelled) });
  const scene = { lines: known.lines, line: "", items: [], chosen: "", mark: null, zones: [] };
  const shown = {
    lines: known.lines,
    show(changes) {
      Object.assign(scene, changes);
      map.show(scene, palette());
    },
    frame: (bounds) => map.frame(bounds),
    zoom: (by) => map.zoom(by),
    bounds: () => map.bounds(),
    onChoose: (call) => map.onChoose(call),
    onPoint: (call) => map.onPoint(call),
    spot: (point) => map.spot(point),
    pointAt: (spot) => map.pointAt(spot),
    onMove: (call) => map.onMove(call),
    steady: () => map.steady(),
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => shown.show({}));
  return shown;
}

// The box around some points, with room to breathe; null where there are none.
export function around(points, room = 0.4) {
  if (!points.length) return null;
  const [lons, lats] = [points.map((point) => point[0]), points.map((point) => point[1])];
  return [Math.min(...lons) - room, Math.min(...lats) - room, Math.max(...lons) + room, Math.max(...lats) + room];
}

// Where accounts of one incident put it in different places, a line joins their points: neither is moved.
export function apart(items) {
  const groups = new Map();
  items.forEach((item) => groups.set(item.item, [...(groups.get(item.item) ?? []), item.at]));
  return [...groups.values()].filter((points) => new Set(points.map(String)).size > 1);
}

const EARTH_M = 6371008.8;

// The point so far from another, in that direction (radians, clockwise from north).
function reached([lon, lat], distance_m, bearing) {
  const [phi, lambda, reach] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180, distance_m / EARTH_M];
  const north = Math.asin(Math.sin(phi) * Math.cos(reach) + Math.cos(phi) * Math.sin(reach) * Math.cos(bearing));
  const east = lambda + Math.atan2(Math.sin(bearing) * Math.sin(reach) * Math.cos(phi), Math.cos(reach) - Math.sin(phi) * Math.sin(north));
  return [(east * 180) / Math.PI, (north * 180) / Math.PI];
}

// The circle of a radius about a point, as a closed ring that runs clockwise.
export function circle(point, radius_m, steps = 64) {
  return Array.from({ length: steps + 1 }, (_, step) => reached(point, radius_m, (2 * Math.PI * (step % steps)) / steps));
}

// The band of uncertainty about a line: a circle about each of its points and a strip along each piece, all clockwise. They overlap.
const bands = new Map();
export function band(line) {
  if (!bands.has(line.id)) bands.set(line.id, line.uncertainty_m ? line.stretches.flatMap((points) => strip(points, line.uncertainty_m)) : []);
  return bands.get(line.id);
}

// What lies within a distance of a line of points: rings that overlap.
export function strip(points, reach_m) {
  const strips = points.slice(1).map((to, at) => {
    const from = points[at];
    const way = Math.atan2((to[0] - from[0]) * Math.cos((from[1] * Math.PI) / 180), to[1] - from[1]);
    const [left, right] = [way - Math.PI / 2, way + Math.PI / 2];
    return [reached(from, reach_m, left), reached(to, reach_m, left), reached(to, reach_m, right), reached(from, reach_m, right), reached(from, reach_m, left)];
  });
  return [...points.map((point) => circle(point, reach_m, 32)), ...strips];
}

// A colour between two, so that what overlaps itself can be drawn without seeing through it.
export function mixed(one, other, share) {
  const parts = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const [a, b] = [parts(one), parts(other)];
  return `rgb(${a.map((value, at) => Math.round(value * share + b[at] * (1 - share))).join(",")})`;
}

// How a zone is drawn: the one that is being drawn, one that the desk found a fault in, any other.
export function zoneColour(zone, colours) {
  return { drawn: colours.accent, bad: colours.bad }[zone.state] ?? colours.quiet;
}

export const middle = (points) => [0, 1].map((at) => points.reduce((sum, point) => sum + point[at], 0) / points.length);

export function sheet(address) {
  if (document.querySelector(`link[href="${CSS.escape(address)}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
}

// How a line is drawn, by its number: the same patterns as the swatches of the legend. Lengths are in widths of the line.
export const PATTERNS = [[], [3, 2], [1, 1.2], [6, 1.5, 1, 1.5], [5, 3], [1, 2.5]];
export const lineColour = (line, colours) => colours.lines[(line.style - 1) % colours.lines.length];

function hasWebGl2() {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

function palette() {
  const of = (name) => style(document.documentElement).getPropertyValue(`--${name}`).trim();
  return {
    sea: of("map-sea"), land: of("map-land"), border: of("map-border"), text: of("ink"), halo: of("map-land"), paper: of("paper"),
    accent: of("accent"), good: of("good"), bad: of("bad"), quiet: of("quiet"), lines: [of("line-1"), of("line-2"), of("line-3")],
  };
}

function labelled(label) {
  return { ref: label.ref, kind: label.kind, names: label.names, at: [label.lon_udeg / 1e6, label.lat_udeg / 1e6] };
}

// SPDX-License-Identifier: Apache-2.0
// The map, for whoever wants one: `openMap(host)` draws it into `host` with MapLibre, or with Leaflet where WebGL2 is missing
// or the address says ?map=lite. Both draw the same lines, points and names, and both answer to the same few calls:
//   show(scene), frame(bounds), zoom(by), bounds(), onChoose(call), onPoint(call)
// A scene is { lines, line, items, chosen, mark }. Everything comes from the desk itself; nothing is asked of another host.

const style = getComputedStyle;

export async function openMap(host) {
  const asked = new URLSearchParams(location.search).get("map");
  const lite = asked === "lite" || !hasWebGl2();
  const known = await fetch("/lines", { headers: { accept: "application/json" } }).then((answer) => answer.json());
  const { draw } = lite ? await import("./map-lite.js") : await import("./map-gl.js");
  host.dataset.kind = lite ? "lite" : "gl";
  const map = await draw(host, { language: document.documentElement.lang, labels: known.labels.map(labelled) });
  const scene = { lines: known.lines, line: "", items: [], chosen: "", mark: null };
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

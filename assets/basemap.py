# SPDX-License-Identifier: Apache-2.0
"""The base map and the reference lines, made of Natural Earth (public domain) at 1:10 m and 1:50 m.

- `base.pmtiles`: land and borders of the whole world at 1:10 m in vector tiles, for MapLibre. Zoom 2 to 5 hold all that the data
  know: its points lie on a grid of 400 m, a tile of zoom 5 on one of 300 m. Nearer views draw the tiles of zoom 5 larger.
- `base-lite.json`: land at 1:50 m as GeoJSON, for the lite map.
- `lines-10m.json`, `lines-50m.json`: every border between two countries, as lines that know who lies on which side.

These are reference lines. They are nobody's declaration, and carry no names of states but their ISO 3166 numbers.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

Point = tuple[float, float]
ZOOM: Final = (2, 5)
_PLACES: Final = {"10m": 5, "50m": 4}
"""Decimals of a degree that are kept: about 1 m and 11 m, finer than the data."""


def write(atlas: Path, to: Path, tippecanoe: str) -> None:
    """Write the four files from the TopoJSON of `world-atlas`."""
    topologies = {scale: json.loads((atlas / f"countries-{scale}.json").read_text("utf-8")) for scale in ("10m", "50m")}
    arcs = {scale: _arcs(topology, _PLACES[scale]) for scale, topology in topologies.items()}
    lines = {scale: _borders(topologies[scale], arcs[scale]) for scale in topologies}
    version = json.loads((atlas / "package.json").read_text("utf-8"))["version"]
    for scale, found in lines.items():
        _dump(to / f"lines-{scale}.json", {"version": f"world-atlas {version}", "lines": found})
    land = json.loads((atlas / "land-50m.json").read_text("utf-8"))
    _dump(to / "base-lite.json", _features(_land(land, _arcs(land, 2), tidy=True)))
    land = json.loads((atlas / "land-10m.json").read_text("utf-8"))
    whole = _land(land, _arcs(land, _PLACES["10m"]))
    _tiles(whole, [{"type": "LineString", "coordinates": each["points"]} for each in lines["10m"]], to / "base.pmtiles", tippecanoe)


def _arcs(topology: dict[str, Any], places: int) -> list[list[Point]]:
    """Return the arcs as coordinates: TopoJSON keeps differences of whole numbers."""
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((round(x * scale_x + shift_x, places), round(y * scale_y + shift_y, places)))
        found.append(points)
    return found


def _rings(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a geometry, each a list of rings of arc numbers."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    return list(geometry["arcs"]) if geometry["type"] == "MultiPolygon" else []


def _borders(topology: dict[str, Any], arcs: list[list[Point]]) -> list[dict[str, Any]]:
    """Return every arc that two countries share, joined into lines, with the country on its left and on its right.

    A ring of TopoJSON runs clockwise about its country, so the country lies on the right of an arc that it uses forwards.
    """
    sides: dict[int, dict[str, str]] = defaultdict(dict)
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry.get("id") or geometry["properties"]["name"]
        for polygon in _rings(geometry):
            for ring in polygon:
                for arc in ring:
                    sides[arc if arc >= 0 else ~arc]["right" if arc >= 0 else "left"] = name
    groups: dict[tuple[str, str], list[list[Point]]] = defaultdict(list)
    for arc, of in sorted(sides.items()):
        left, right = of.get("left"), of.get("right")
        if left and right and left != right:
            points = arcs[arc]
            groups[min((left, right), (right, left))].append(points if left < right else points[::-1])
    return [
        {"left": left, "right": right, "points": line} for (left, right), parts in sorted(groups.items()) for line in _joined(parts)
    ]  # fmt: skip


def _joined(parts: list[list[Point]]) -> list[list[Point]]:
    """Return the parts joined where one begins at the end of another. All run the same way about their countries."""
    left = list(parts)
    found = []
    while left:
        line = list(left.pop(0))
        grown = True
        while grown:
            grown = False
            for other in left:
                if other[0] == line[-1]:
                    line += other[1:]
                elif other[-1] == line[0]:
                    line = other[:-1] + line
                else:
                    continue
                left.remove(other)
                grown = True
                break
        found.append(line)
    return found


def _land(topology: dict[str, Any], arcs: list[list[Point]], *, tidy: bool = False) -> list[dict[str, Any]]:
    """Return the land as polygons. `tidy` leaves out points that rounding made equal, and what became too small to draw."""
    found = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in _rings(geometry):
            rings = [_ring(ring, arcs) for ring in polygon]
            if tidy:
                rings = [ring for ring in map(_without_repeats, rings) if len(ring) > 3]
            if rings:
                found.append({"type": "Polygon", "coordinates": rings})
    return found


def _ring(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _without_repeats(points: list[Point]) -> list[Point]:
    return [point for before, point in zip([None, *points], points, strict=False) if point != before]


def _features(geometries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": each} for each in geometries]}


def _dump(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n", "utf-8")


def _tiles(land: list[dict[str, Any]], borders: list[dict[str, Any]], to: Path, tippecanoe: str) -> None:
    """Make the tiles. The map keeps the command that made it: it names no folder, so that the same inputs give the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        _dump(at / "land.json", _features(land))
        _dump(at / "border.json", _features(borders))
        run = [
            "tippecanoe", "--quiet", "--output=base.pmtiles", "--name=base", "--attribution=Natural Earth", f"--minimum-zoom={ZOOM[0]}",
            f"--maximum-zoom={ZOOM[1]}", "--named-layer=land:land.json", "--named-layer=border:border.json", "--simplification=4",
            "--simplification-at-maximum-zoom=1", "--no-tiny-polygon-reduction", "--detect-shared-borders", "--no-tile-stats",
        ]  # fmt: skip
        done = subprocess.run(run, executable=tippecanoe, cwd=at, capture_output=True, text=True, check=False)  # noqa: S603  (our own arguments)
        if done.returncode:
            raise SystemExit(f"tippecanoe could not build the base map:\n{done.stderr.strip()[-2000:]}")
        to.write_bytes((at / "base.pmtiles").read_bytes())

# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  (it prints; that is its job)
"""How far the distances of `hamsaya.boundary` are from the exact ones, along the real line, and how far those of a flat map are.

    python -m tests.boundary.truth [--points 10000] [--seed 1]

Both lines that the repository's tests know are measured: OpenStreetMap's of 2017, and Natural Earth's 1:10 m, which ships.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.boundary.exact import Point, SlowLine, planar_m, points_along

from hamsaya.assemble.lines import read_references
from hamsaya.boundary.measure import Rule

SHARED = Path(__file__).resolve().parents[3] / "shared"
MOST_M = 0.01
Polylines = list[tuple[Point, ...]]


class Errors(NamedTuple):
    """The largest error in metres, and how many of the points are off by more than `MOST_M`."""

    worst_m: float
    beyond: int


class Truth(NamedTuple):
    """What was measured: our distances, and those of a flat map, against the exact ones."""

    ours: Errors
    planar: Errors


def osm_line() -> Polylines:
    """Return the land border of Iran and Pakistan as OpenStreetMap had it in 2017."""
    read = json.loads((SHARED / "data/boundary/IRN-PAK_shared_line_osm2017.geojson").read_text("utf-8"))
    return [tuple((lon, lat) for lon, lat in read["features"][0]["geometry"]["coordinates"])]


def natural_earth() -> Polylines:
    """Return the same border in Natural Earth 1:10 m, or nothing where the build brought no maps."""
    found = [ruler.line for ruler in read_references("IR") if ruler.line.id == "natural-earth-10m"]
    return [stretch.points for line in found for stretch in line.stretches if {stretch.left, stretch.right} == {"IR", "PK"}]


def truth(line: Polylines, points: Sequence[Point]) -> Truth:
    """Measure the points to the line in three ways."""
    rule, slow = Rule(line), SlowLine(line)
    ours, planar = [], []
    for point in points:
        exact, near = slow.distance_m(point), rule.nearest(point)
        ours.append(abs(near.distance_m - exact) if near else float("inf"))
        planar.append(abs(planar_m(line, point) - exact))
    return Truth(_errors(ours), _errors(planar))


def _errors(errors: list[float]) -> Errors:
    return Errors(max(errors), sum(error > MOST_M for error in errors))


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for name, line in (("OpenStreetMap 2017", osm_line()), ("Natural Earth 1:10 m", natural_earth())):
        found = truth(line, points_along(line, asked.points, asked.seed))
        print(
            f"{name}, {asked.points} points: off by at most {found.ours.worst_m * 1e6:.2f} µm, {found.ours.beyond} by more than 1 cm; "
            f"a flat map by at most {found.planar.worst_m:.1f} m, {found.planar.beyond} by more than 1 cm"
        )


if __name__ == "__main__":
    main()

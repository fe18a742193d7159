# SPDX-License-Identifier: Apache-2.0
"""Whether two areas meet: rings, lines and points, each with how far it reaches beyond its edge.

- Points are whole microdegrees (longitude, latitude), WGS 84; edges are straight in them and take the shorter way round, so that an area over the
  antimeridian is one area. None may lead round a pole (`rings.winds`).
- Without a reach it is told in whole numbers, exactly. With one, the distance is the geodesic one from the corners, and from points every
  quarter of a degree along the edges, to the other edge.
- Touching is meeting. A gap is told as 0 where they meet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import product
from typing import Final, NamedTuple

from hamsaya.boundary.measure import Rule
from hamsaya.boundary.rings import POLE, TURN, Spot, edges, is_inside, meet, unrolled

_UDEG: Final = 1_000_000
_METRES_A_DEGREE: Final = 110_500
"""Of latitude, at the least."""
_STEP_UDEG: Final = 250_000


class Box(NamedTuple):
    """West, south, east and north in microdegrees; east may lie beyond 180°."""

    west: int
    south: int
    east: int
    north: int

    def shifted(self, turns: int) -> Box:
        """Return the same box so many turns round the globe further east."""
        return Box(self.west + turns * TURN, self.south, self.east + turns * TURN, self.north)

    def meets(self, other: Box) -> bool:
        """Say whether two boxes touch, on a plane."""
        return self.west <= other.east and other.west <= self.east and self.south <= other.north and other.south <= self.north


class Outline:
    """A ring (`closed`), a line, or a point, with how far it reaches beyond in metres."""

    def __init__(self, points: Sequence[Spot], *, closed: bool = False, reach_m: int = 0) -> None:
        """Take the points, one at least; three at least for a ring."""
        self.points = unrolled(points)
        self.closed = closed and len(points) > 1
        self.reach_m = reach_m
        self.box = self._boxed()

    def _boxed(self) -> Box:
        lons, lats = [lon for lon, _ in self.points], [lat for _, lat in self.points]
        up = math.ceil(self.reach_m / _METRES_A_DEGREE * _UDEG)
        farthest = min(max(abs(min(lats)), abs(max(lats))) + up, POLE)
        squeeze = math.cos(math.radians(farthest / _UDEG))
        side = TURN if self.reach_m and squeeze < 1e-3 else math.ceil(up / max(squeeze, 1e-3))
        return Box(min(lons) - side, min(lats) - up, max(lons) + side, max(lats) + up)

    @cached_property
    def edges(self) -> list[tuple[Spot, Spot]]:
        """Return the edges, of a point one from it to itself."""
        return edges(self.points, closed=self.closed) or [(self.points[0], self.points[0])]

    @cached_property
    def rule(self) -> Rule:
        """Return its edge, ready to measure from."""
        return Rule([[_degrees(a), _degrees(b)] for a, b in self.edges])

    @cached_property
    def marks(self) -> list[Spot]:
        """Return its corners, and points along its edges."""
        found = []
        for (lon, lat), (to_lon, to_lat) in self.edges:
            parts = max(1, math.ceil(max(abs(to_lon - lon), abs(to_lat - lat)) / _STEP_UDEG))
            found += [(lon + (to_lon - lon) * at // parts, lat + (to_lat - lat) * at // parts) for at in range(parts)]
        return [*found, self.edges[-1][1]]

    def shifted(self, turns: int) -> Outline:
        """Return the same outline so many turns further east."""
        if not turns:
            return self
        moved = Outline([(0, 0)], reach_m=self.reach_m)
        moved.points, moved.closed = [(lon + turns * TURN, lat) for lon, lat in self.points], self.closed
        moved.box = self.box.shifted(turns)
        return moved


def _degrees(spot: Spot) -> tuple[float, float]:
    return spot[0] / _UDEG, spot[1] / _UDEG


def gap_m(one: Outline, other: Outline) -> float | None:
    """Return how far they stay apart in metres, 0.0 where they meet; None where their boxes already do not meet, so that they do not."""
    gaps = [_gap(one, other.shifted(turns)) for turns in (-1, 0, 1) if one.box.meets(other.box.shifted(turns))]
    return min(gaps, default=None)


def _gap(one: Outline, other: Outline) -> float:
    if _cross(one, other):
        return 0.0
    reach = one.reach_m + other.reach_m
    if not reach:
        return math.inf
    near = min(_nearest(one, other), _nearest(other, one) if len(other.points) > 1 else math.inf)
    return max(0.0, near - reach)


def _cross(one: Outline, other: Outline) -> bool:
    """Say whether they share a point, their reaches left aside."""
    if one.closed and is_inside(other.points[0], one.points):
        return True
    if other.closed and is_inside(one.points[0], other.points):
        return True
    bare = Box(*(min(part) for part in zip(*other.points, strict=True)), *(max(part) for part in zip(*other.points, strict=True)))
    mine = [edge for edge in one.edges if _box_of(edge).meets(bare)]
    return any(_box_of(a).meets(_box_of(b)) and meet(a, b) for a, b in product(mine, other.edges))


def _box_of(edge: tuple[Spot, Spot]) -> Box:
    (a, b), (c, d) = edge
    return Box(min(a, c), min(b, d), max(a, c), max(b, d))


def _nearest(one: Outline, other: Outline) -> float:
    found = (one.rule.nearest(_degrees(spot)) for spot in other.marks)
    return min((each.distance_m for each in found if each), default=math.inf)

# SPDX-License-Identifier: Apache-2.0
"""Rings and edges in whole microdegrees, exactly: whether edges meet, and whether a point lies inside a ring.

- Points are (longitude, latitude); edges are straight in them (RFC 7946, 3.1.1), and the last corner of a ring joins the first.
- Everything is counted in whole numbers, so the answer does not hang on rounding.
- A ring over the antimeridian is first `unrolled`: its longitudes then go on beyond 180°, and each edge takes the shorter way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Final

Spot = tuple[int, int]
"""Longitude and latitude in whole microdegrees."""
HALF_TURN: Final = 180_000_000
TURN: Final = 360_000_000
POLE: Final = 90_000_000


def turn(a: Spot, b: Spot, c: Spot) -> int:
    """Return on which side of the line from `a` to `b` the point `c` lies: left above 0, right below, 0 on it."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def within(a: Spot, b: Spot, c: Spot) -> bool:
    """Say whether `c` lies in the box that `a` and `b` span."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def meet(one: tuple[Spot, Spot], other: tuple[Spot, Spot]) -> bool:
    """Say whether two edges touch or cross."""
    (a, b), (c, d) = one, other
    turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)]
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    return any(
        each == 0 and within(start, end, spot) for each, (start, end, spot) in zip(turns, ((a, b, c), (a, b, d), (c, d, a), (c, d, b)), strict=True)
    )


def edges(points: Sequence[Spot], *, closed: bool) -> list[tuple[Spot, Spot]]:
    """Return the edges of a line, or with `closed` of a ring."""
    return list(pairwise([*points, points[0]] if closed and points else points))


def crossing(points: Sequence[Spot]) -> tuple[int, int] | None:
    """Return which two edges of a ring cross or touch, counted from 0 by their first corner, or None."""
    sides = edges(points, closed=True)
    last = len(sides) - 1
    for (i, one), (j, other) in combinations(enumerate(sides), 2):
        if j - i > 1 and (i, j) != (0, last) and meet(one, other):
            return i, j
    return None


def doubled_area(points: Sequence[Spot]) -> int:
    """Return twice the area of a ring in square microdegrees, negative where it goes clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in edges(points, closed=True))


def is_inside(spot: Spot, points: Sequence[Spot]) -> bool:
    """Say whether `spot` lies in the ring, or on its edge."""
    inside = False
    for a, b in pairwise((*points, points[0])):
        side = turn(a, b, spot)
        if side == 0 and within(a, b, spot):
            return True
        if (a[1] > spot[1]) != (b[1] > spot[1]) and (side > 0) == (b[1] > a[1]):
            inside = not inside
    return inside


def unrolled(points: Sequence[Spot]) -> list[Spot]:
    """Return the points with longitudes that go on beyond the antimeridian, each by the shorter way from the one before.

    Where a ring leads round a pole, its last corner does not come back to the first: `winds` says so.
    """
    found: list[Spot] = []
    for lon, lat in points:
        found.append((lon if not found else found[-1][0] + (lon - found[-1][0] + HALF_TURN) % TURN - HALF_TURN, lat))
    return found


def winds(points: Sequence[Spot]) -> bool:
    """Say whether a ring leads round a pole, or has an edge of half a turn, of which nobody can say which way it goes."""
    laid = unrolled([*points, points[0]])
    return laid[-1][0] != laid[0][0] or any(abs(a[0] - b[0]) == HALF_TURN for a, b in pairwise(laid))

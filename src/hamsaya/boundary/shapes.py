# SPDX-License-Identifier: Apache-2.0
"""Where a place that is a line or an area stands by a line: its nearest and its farthest part, on one side or on both (law 10).

- Points of the place are measured where they can matter and no others: between two points of which the distances are known, no
  point is nearer or farther than the way between them allows. So both ends are found to `CLOSE_M` or a hundredth of what they are.
- It lies on both sides where parts of it lie beyond the uncertainty on either; where a part reaches the line and no other tells, nobody can tell.
- The farthest part of an area is that of its edge.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from hamsaya.boundary.measure import Point, geodesic_m

CLOSE_M: Final = 5.0
_CLOSE: Final = 0.01
_MOST: Final = 600
"""Points that are measured at most; a place along a line that bends with it would ask for ever more."""


class Part(NamedTuple):
    """A point of the place, how far it lies from the line, and on whose side; empty where the line does not say."""

    point: Point
    distance_m: float
    side: str


class Reach(NamedTuple):
    """The nearest part of a place, and the farthest on each side; `""` stands for parts of which the line does not say the side."""

    nearest: Part
    farthest: dict[str, Part]


class _Span(NamedTuple):
    urgent: float
    start: Part
    end: Part
    length_m: float


def reach_of(points: Sequence[Point], *, closed: bool, at: Callable[[Point], Part]) -> Reach:
    """Return how far the line (or with `closed` the area) of these points lies from a boundary line; `at` measures one point."""
    edge = [*points, points[0]] if closed else list(points)
    parts = [at(point) for point in edge]
    found = _Extremes(parts)
    waiting = [_span(start, end) for start, end in pairwise(parts)]
    heapq.heapify(waiting)
    measured = len(parts)
    while waiting and measured < _MOST:
        span = heapq.heappop(waiting)
        if not found.may_be_beaten(span):
            continue
        (a, b), (c, d) = span.start.point, span.end.point
        middle = at(((a + c) / 2, (b + d) / 2))
        measured += 1
        found.take(middle)
        for half in (_span(span.start, middle), _span(middle, span.end)):
            heapq.heappush(waiting, half)
    return Reach(found.nearest, found.farthest)


class _Extremes:
    def __init__(self, parts: Iterable[Part]) -> None:
        parts = list(parts)
        self.nearest = parts[0]
        self.farthest: dict[str, Part] = {}
        for part in parts:
            self.take(part)

    def take(self, part: Part) -> None:
        if part.distance_m < self.nearest.distance_m:
            self.nearest = part
        known = self.farthest.get(part.side)
        if known is None or part.distance_m > known.distance_m:
            self.farthest[part.side] = part

    def may_be_beaten(self, span: _Span) -> bool:
        """Say whether a point between two parts can lie notably nearer or farther than what was found."""
        if span.start.side != span.end.side:
            return span.length_m > CLOSE_M
        low = (span.start.distance_m + span.end.distance_m - span.length_m) / 2
        high = (span.start.distance_m + span.end.distance_m + span.length_m) / 2
        best, worst = self.nearest.distance_m, self.farthest[span.start.side].distance_m
        return max(low, 0.0) < best - _slack(best) or high > worst + _slack(worst)


def _slack(metres: float) -> float:
    return max(CLOSE_M, _CLOSE * metres)


def _span(start: Part, end: Part) -> _Span:
    length = geodesic_m(start.point, end.point)
    return _Span(-length, start, end, length)


def holds(corners: Sequence[Point], point: Point) -> bool:
    """Say whether a point lies in the area of these corners, by counting how often a ray leaves it."""
    within = False
    for (a, b), (c, d) in pairwise((*corners, corners[0])):
        if (b > point[1]) != (d > point[1]) and point[0] < a + (c - a) * (point[1] - b) / (d - b):
            within = not within
    return within

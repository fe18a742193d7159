# SPDX-License-Identifier: Apache-2.0
"""A line as one party declares it, or a reference line that nobody declares; where a point stands by each (law 10).

- A line has a name, a version, and an uncertainty in metres. Its stretches know which state lies on their left and right.
- Every standing is told by one line: on whose side, how far from it. No line is the truth, and none is mixed with another.
- The distance has a sign for each of the two states that the line parts there: above 0 inside it, below 0 outside.
- "Cannot tell" when the line's uncertainty and the place's own radius together reach the line, when the nearest point is an
  end of the line (nothing is declared beyond it), and when the neighbouring stretches disagree.
- A place that is a line or an area has a nearest and a farthest part, and may lie on both sides (`shapes`).
"""

from __future__ import annotations

from functools import lru_cache
from math import floor
from typing import Final, Literal, NamedTuple

import msgspec

from hamsaya.boundary.measure import Nearest, Point, Rule
from hamsaya.boundary.shapes import Part, Reach, holds, reach_of

_A_METRE: Final = 1.0
Doubt = Literal["", "uncertainty", "end", "stretches"]
Signed = dict[str, int]


class Stretch(msgspec.Struct, frozen=True):
    """A part of a line, with the states (ISO 3166-1 alpha-2, or empty) on its left and right as its points run."""

    left: str
    right: str
    points: tuple[Point, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `declared_by` is empty for a reference line: such a line is nobody's declaration."""

    id: str
    name: str
    version: str
    uncertainty_m: int
    declared_by: str
    source: str = ""
    usual_m: int = 0
    """How far half of it lies off at most, where that was measured; 0 where it was not. No verdict follows from it."""
    stretches: tuple[Stretch, ...]

    @property
    def is_reference(self) -> bool:
        """Say whether nobody declares it."""
        return not self.declared_by


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a place stands by one line: on the side of which state, unless `doubt` says why that cannot be told."""

    line: str
    side: str
    """Empty where that cannot be told, and where the place lies on `both` sides."""
    doubt: Doubt
    distance_m: int
    """From the place, its nearest part, to the nearest point of the line, in whole metres."""
    uncertainty_m: int
    """Of the line and of the place together."""
    nearest: Point
    inside_m: Signed = {}
    """The distance with its sign for each state that the line parts there: above 0 inside it, below 0 outside; empty where that cannot be
    told. Of a place on both sides: how far it reaches into each."""
    farthest_m: int | None = None
    """Of a place that is a line or an area: how far its farthest part lies from the line."""

    @property
    def both(self) -> bool:
        """Say whether the place lies on both sides."""
        return not self.side and not self.doubt


class Ruler:
    """A line that can be measured against."""

    def __init__(self, line: Line) -> None:
        """Prepare the line, of at least one stretch."""
        self.line = line
        self._rule = Rule([stretch.points for stretch in line.stretches])
        self._stand = lru_cache(maxsize=4096)(self._measure)
        self._stand_shape = lru_cache(maxsize=256)(self._measure_shape)

    def stand(self, point: Point, radius_m: int = 0) -> Standing:
        """Return where a point stands that is known to `radius_m` metres."""
        return self._stand(point, max(radius_m, 0))

    def stand_shape(self, points: tuple[Point, ...], *, closed: bool, within_m: int = 0) -> Standing:
        """Return where a line of these points stands, or with `closed` the area within them, its points known to `within_m` metres."""
        return self._stand_shape(points, closed, max(within_m, 0))

    def _measure_shape(self, points: tuple[Point, ...], closed: bool, within_m: int) -> Standing:
        found = reach_of(points, closed=closed, at=self._part)
        held = closed and any(holds(points, stretch.points[0]) for stretch in self.line.stretches)
        nearest = found.nearest._replace(distance_m=0.0) if held else found.nearest
        return self._standing_of(Reach(nearest, found.farthest), self.line.uncertainty_m + within_m)

    def _standing_of(self, found: Reach, reach: int) -> Standing:
        beyond = {side: part.distance_m for side, part in found.farthest.items() if side and part.distance_m > reach + _A_METRE}
        nearest = self.stand(found.nearest.point)
        side, doubt = nearest.side, nearest.doubt
        inside: Signed = {}
        if len(beyond) > 1:
            side, doubt, inside = "", "", {state: floor(distance) for state, distance in beyond.items()}
        elif found.nearest.distance_m <= reach + _A_METRE:
            side, doubt = "", "uncertainty"
        elif "" in found.farthest:
            side, doubt = "", doubt or "stretches"
        else:
            side, inside = found.nearest.side, self._signed(found.nearest.point, found.nearest.side, found.nearest.distance_m)
        return Standing(
            line=self.line.id, side=side, doubt=doubt, distance_m=round(found.nearest.distance_m), uncertainty_m=reach, nearest=nearest.nearest,
            inside_m=inside, farthest_m=round(max(part.distance_m for part in found.farthest.values())),
        )  # fmt: skip

    def _part(self, point: Point) -> Part:
        nearest = self._rule.nearest(point)
        assert nearest is not None  # noqa: S101  (a line has a stretch)
        return Part(point, nearest.distance_m, self._side(point, nearest)[0])

    def _signed(self, point: Point, side: str, distance_m: float) -> Signed:
        nearest = self._rule.nearest(point)
        assert nearest is not None  # noqa: S101  (a line has a stretch)
        return _signed(self.line.stretches[nearest.polyline], side, distance_m)

    def _measure(self, point: Point, radius_m: int) -> Standing:
        nearest = self._rule.nearest(point)
        assert nearest is not None  # noqa: S101  (a line has a stretch)
        side, doubt = self._side(point, nearest)
        reach = self.line.uncertainty_m + radius_m
        if not doubt and nearest.distance_m <= reach + _A_METRE:
            side, doubt = "", "uncertainty"
        return Standing(
            line=self.line.id, side=side, doubt=doubt, distance_m=round(nearest.distance_m), uncertainty_m=reach, nearest=nearest.point,
            inside_m=_signed(self.line.stretches[nearest.polyline], side, nearest.distance_m),
        )  # fmt: skip

    def _side(self, point: Point, nearest: Nearest) -> tuple[str, Doubt]:
        stretch = self.line.stretches[nearest.polyline]
        start, end = stretch.points[nearest.piece : nearest.piece + 2]
        if 0.0 < nearest.at < 1.0:
            return _named(stretch.left if _cross(start, end, point) > 0 else stretch.right)
        return self._side_at_a_corner(point, nearest.point)

    def _side_at_a_corner(self, point: Point, corner: Point) -> tuple[str, Doubt]:
        """Return the side of a point to which a corner is the nearest: on the inside of the turn only if it is so by both pieces."""
        arms = [arm for stretch in self.line.stretches for arm in _arms(stretch, corner)]
        if len(arms) != 2:
            return "", "end" if len(arms) < 2 else "stretches"
        coming, going = arms
        turn = _cross(coming.to, corner, going.to)
        ways = _cross(coming.to, corner, point), _cross(corner, going.to, point)
        on_the_left = min(ways) > 0 if turn > 0 else max(ways) > 0 if turn < 0 else ways[0] > 0
        sides = (coming.right, going.left) if on_the_left else (coming.left, going.right)
        return _named(sides[0]) if sides[0] == sides[1] else ("", "stretches")


class _Arm(NamedTuple):
    """A piece that meets a corner, as it leaves it: towards which point, and who lies on its left and right then."""

    to: Point
    left: str
    right: str


def _arms(stretch: Stretch, corner: Point) -> list[_Arm]:
    """Return the pieces of a stretch that meet the corner; a closed stretch meets itself where it begins."""
    found = []
    for i, point in enumerate(stretch.points):
        if point == corner and i > 0:
            found.append(_Arm(stretch.points[i - 1], stretch.right, stretch.left))
        if point == corner and i + 1 < len(stretch.points):
            found.append(_Arm(stretch.points[i + 1], stretch.left, stretch.right))
    return found


def _named(side: str) -> tuple[str, Doubt]:
    return (side, "") if side else ("", "stretches")


def _signed(stretch: Stretch, side: str, distance_m: float) -> Signed:
    """Return the distance for each state that the stretch parts; nothing where the side is not known."""
    states = [state for state in (stretch.left, stretch.right) if state]
    return {state: round(distance_m) if state == side else -round(distance_m) for state in states} if side else {}


def _cross(start: Point, end: Point, point: Point) -> float:
    """Return a positive number where `point` lies left of the way from `start` to `end`."""
    return (end[0] - start[0]) * (_near(point[1], start[1], 0)) - (end[1] - start[1]) * _near(point[0], start[0], 360)


def _near(one: float, other: float, turn: int) -> float:
    """Return the difference, the short way round the globe for longitudes."""
    difference = one - other
    return (difference + 180) % 360 - 180 if turn else difference

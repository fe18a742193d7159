# SPDX-License-Identifier: Apache-2.0
"""A line as one party declares it, or a reference line that nobody declares; where a point stands by each (law 10).

- A line has a name, a version, and an uncertainty in metres. Its stretches know which state lies on their left and right.
- Every standing is told by one line: on whose side, how far from it. No line is the truth, and none is mixed with another.
- "Cannot tell" when the line's uncertainty and the place's own radius together reach the line, when the nearest point is an
  end of the line (nothing is declared beyond it), and when the neighbouring stretches disagree.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, NamedTuple

import msgspec

from hamsaya.boundary.measure import Nearest, Point, Rule

_A_METRE: Final = 1.0
Doubt = Literal["", "uncertainty", "end", "stretches"]


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
    stretches: tuple[Stretch, ...]

    @property
    def is_reference(self) -> bool:
        """Say whether nobody declares it."""
        return not self.declared_by


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a point stands by one line: on the side of which state, unless `doubt` says why that cannot be told."""

    line: str
    side: str
    doubt: Doubt
    distance_m: int
    """From the point to the nearest point of the line, in whole metres."""
    uncertainty_m: int
    """Of the line and of the point together."""
    nearest: Point


class Ruler:
    """A line that can be measured against."""

    def __init__(self, line: Line) -> None:
        """Prepare the line, of at least one stretch."""
        self.line = line
        self._rule = Rule([stretch.points for stretch in line.stretches])
        self._stand = lru_cache(maxsize=4096)(self._measure)

    def stand(self, point: Point, radius_m: int = 0) -> Standing:
        """Return where a point stands that is known to `radius_m` metres."""
        return self._stand(point, max(radius_m, 0))

    def _measure(self, point: Point, radius_m: int) -> Standing:
        nearest = self._rule.nearest(point)
        assert nearest is not None  # noqa: S101  (a line has a stretch)
        side, doubt = self._side(point, nearest)
        reach = self.line.uncertainty_m + radius_m
        if not doubt and nearest.distance_m <= reach + _A_METRE:
            side, doubt = "", "uncertainty"
        return Standing(
            line=self.line.id, side=side, doubt=doubt, distance_m=round(nearest.distance_m), uncertainty_m=reach, nearest=nearest.point,
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


def _cross(start: Point, end: Point, point: Point) -> float:
    """Return a positive number where `point` lies left of the way from `start` to `end`."""
    return (end[0] - start[0]) * (_near(point[1], start[1], 0)) - (end[1] - start[1]) * _near(point[0], start[0], 360)


def _near(one: float, other: float, turn: int) -> float:
    """Return the difference, the short way round the globe for longitudes."""
    difference = one - other
    return (difference + 180) % 360 - 180 if turn else difference

# SPDX-License-Identifier: Apache-2.0
"""Whether a point contradicts the district that it is said to lie in (law 9): it lies far from where the other records put that district.

1. A point that many records repeat is one witness: they took it from one list, and its mistake with it. So each point counts once, and the
   point in question not at all.
2. The centre is the geometric median of the others: the point from which the sum of their distances is least. A third of them may lie
   anywhere, and it hardly moves.
3. The spread is the median distance of the others from that centre.
4. The point contradicts its district where it lies farther from the centre than `SPREADS` spreads and than `FLOOR_M`, beyond its own radius.
5. Fewer than `FEWEST` others say nothing.

How often it is right on real rows: docs/reference/places.md.

It decides nothing about which of the two is wrong, the point or the name of the district: that is for a person.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

from hamsaya.boundary.measure import Point, Spot, geodesic_m, in_space, on_the_ground

FEWEST: Final = 8
SPREADS: Final = 4.0
FLOOR_M: Final = 60_000.0
_ROUNDS: Final = 100
_STILL_M: Final = 10.0
_NEXT_TO_M: Final = 1.0


class Centre(NamedTuple):
    """Where a district lies by its records: the middle, the median distance from it in metres, and how many points tell so."""

    point: Point
    spread_m: float
    points: int

    @property
    def reach_m(self) -> float:
        """Return how far from the middle a point may lie without contradicting the district."""
        return max(FLOOR_M, SPREADS * self.spread_m)


class Outlying(NamedTuple):
    """A point that contradicts its district: how far it lies from the centre."""

    distance_m: float
    centre: Centre


def centre_of(points: Sequence[Point]) -> Centre | None:
    """Return where the points lie, each counted once, or None for fewer than `FEWEST`."""
    told = sorted(set(points))
    if len(told) < FEWEST:
        return None
    middle = on_the_ground(_geometric_median([in_space(point) for point in told]))
    return Centre(middle, median(geodesic_m(middle, point) for point in told), len(told))


def outlying(point: Point, radius_m: float, others: Iterable[Point]) -> Outlying | None:
    """Say whether a point that is known to `radius_m` metres contradicts the district of which `others` are the other points."""
    centre = centre_of([each for each in others if each != point])
    if centre is None:
        return None
    distance = geodesic_m(point, centre.point)
    return Outlying(distance, centre) if distance - radius_m > centre.reach_m else None


def _geometric_median(spots: Sequence[Spot]) -> Spot:
    """Return the point of which the distances to all spots add up to the least (E. Weiszfeld 1937, from the median of each axis on)."""
    x, y, z = (median(axis) for axis in zip(*spots, strict=True))
    for _ in range(_ROUNDS):
        weights = [1 / max(math.dist((x, y, z), spot), _NEXT_TO_M) for spot in spots]
        whole = sum(weights)
        a, b, c = (sum(weight * spot[axis] for weight, spot in zip(weights, spots, strict=True)) / whole for axis in range(3))
        moved, (x, y, z) = math.dist((x, y, z), (a, b, c)), (a, b, c)
        if moved < _STILL_M:
            break
    return x, y, z

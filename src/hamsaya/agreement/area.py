# SPDX-License-Identifier: Apache-2.0
"""In which area what is told must lie: drawn polygons, sea zones, and buffers along a line. Several zones of a clause add up.

- A zone carries its own points, so that whoever holds the signed text can measure by it: no map is needed, and none can change it.
- Points are whole microdegrees (longitude, latitude), WGS 84; edges are straight in them. No zone crosses the antimeridian:
  one that would is written as two.
- A place lies inside if its whole circle does. One without a point, and a record that tells no place, cannot be told: refused.
- In a prepared copy places were rounded: there a circle that reaches into the area is enough.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import ClassVar, Final

import msgspec

from hamsaya.agreement.asked import Asked
from hamsaya.agreement.clause import Names, Numbered, Sentences, faults_of_kinds, kinds_in, listed
from hamsaya.agreement.decision import Decision
from hamsaya.boundary.measure import Rule
from hamsaya.boundary.rings import HALF_TURN, POLE, Spot, crossing, doubled_area, edges, is_inside
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.values import Place
from hamsaya.facts.words import LANGUAGES, Language, Text, say

MOST_POINTS: Final = 500
"""Of one zone: a line with more is simplified before it is agreed on, so that two officers can still read what they sign."""
_UDEG: Final = 1_000_000


class Polygon(msgspec.Struct, frozen=True, kw_only=True, tag_field="shape", tag="polygon", forbid_unknown_fields=True):
    """A drawn area, or a zone at sea. The last point joins the first."""

    called: dict[Language, str]
    points: list[Spot]


class Buffer(msgspec.Struct, frozen=True, kw_only=True, tag_field="shape", tag="buffer", forbid_unknown_fields=True):
    """Everything within `within_m` metres of a line, on both sides of it."""

    called: dict[Language, str]
    points: list[Spot]
    within_m: int


Zone = Polygon | Buffer


class Area(Numbered, frozen=True, kw_only=True, tag="area"):
    """Records of these kinds leave only if every place that they tell lies in one of the zones."""

    limits: ClassVar[bool] = True
    kinds: list[str]
    zones: list[Zone]

    def faults(self, parties: list[str]) -> list[Text]:
        """Return unknown kinds, and zones that are no area: too few points, swapped coordinates, edges that cross."""
        del parties
        faults = faults_of_kinds(self.kinds)
        for at, zone in enumerate(self.zones, 1):
            faults += [say("zone {n}: {fault}", n=at, fault=fault) for fault in _faults_of_zone(zone)]
        return faults if self.zones else [*faults, say("the list of zones is empty, which lets nothing through")]

    def holds(self, record: Record, *, copy: bool = False) -> bool:
        """Say whether every place that `record` tells is inside; in a prepared `copy`, whether it may be."""
        places = [claim.value for claim in record.claims if isinstance(claim.value, Place)]
        return bool(places) and all(any(_holds(_key(zone), place, copy=copy) for zone in self.zones) for place in places)

    def check(self, asked: Asked) -> Decision | None:
        """Refuse a record of these kinds that is not proven to lie inside."""
        if asked.kind in self.kinds and self.number in asked.outside:
            return self._no(say("What it tells does not lie, or cannot be told to lie, in the agreed area."))
        return None

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence, with every zone by name and, for a buffer, its width."""
        del names
        told: dict[Language, str] = {}
        for code in LANGUAGES:
            told[code] = listed(
                code, (zone.called[code] + (_WIDTH[code].format(m=zone.within_m) if isinstance(zone, Buffer) else "") for zone in self.zones)
            )
        en, fa, ur = (kinds_in(code, self.kinds) for code in LANGUAGES)
        return {
            "en": f"Records of these kinds ({en}) are shared only about places in: {told['en']}.",
            "fa": f"این گونه‌های سند ({fa}) تنها دربارهٔ مکان‌های درون این محدوده‌ها فرستاده می‌شوند: {told['fa']}.",
            "ur": f"ان اقسام کے ریکارڈ ({ur}) صرف ان علاقوں کے مقامات کے بارے میں بھیجے جاتے ہیں: {told['ur']}۔",
        }


_WIDTH: Final[dict[Language, str]] = {"en": " ({m} m on each side)", "fa": " ({m} متر در هر سو)", "ur": " (ہر طرف {m} میٹر)"}


def outside(record: Record, clauses: list[Area], *, copy: bool = False) -> frozenset[str]:
    """Return the numbers of the area clauses in whose zones `record` is not proven to lie."""
    return frozenset(clause.number for clause in clauses if not clause.holds(record, copy=copy))


def _faults_of_zone(zone: Zone) -> list[Text]:
    faults = []
    if not all(zone.called.get(code, "").strip() and is_plain(zone.called[code], 120) for code in LANGUAGES):
        faults.append(say("it needs a name in English, Persian and Urdu"))
    if isinstance(zone, Buffer) and not 1 <= zone.within_m <= 1_000_000:
        faults.append(say("{what} must be {low} to {high}, not {value}", what="within_m", low=1, high=1_000_000, value=zone.within_m))
    return [*faults, *misshapen(zone)]


def misshapen(zone: Zone) -> list[Text]:
    """Return what is wrong with the points of a zone: too few, swapped, over the antimeridian, or a ring that crosses itself."""
    faults = []
    points = zone.points
    least = 2 if isinstance(zone, Buffer) else 3
    if not least <= len(points) <= MOST_POINTS or any(one == other for one, other in pairwise(points)):
        faults.append(say("it needs {least} to {most} points, no two in a row alike, and no last one that repeats the first",
                          least=least, most=MOST_POINTS))  # fmt: skip
    if any(abs(lat) > POLE for _, lat in points) or any(abs(lon) > HALF_TURN for lon, _ in points):
        faults.append(say("a point is not on the globe: longitude first, then latitude; these look swapped"))
    if any(abs(one[0] - other[0]) > HALF_TURN for one, other in edges(points, closed=isinstance(zone, Polygon))):
        faults.append(say("an edge crosses the antimeridian; write two zones instead"))
    if not faults and isinstance(zone, Polygon):
        faults += _faults_of_ring(points)
    return faults


def _faults_of_ring(points: list[Spot]) -> list[Text]:
    if points[0] == points[-1] or len(set(points)) != len(points):
        return [say("it touches itself: a point stands twice")]
    crossed = crossing(points)
    if crossed is not None:
        return [say("it crosses itself between points {one} and {other}", one=crossed[0] + 1, other=crossed[1] + 1)]
    if not doubled_area(points):
        return [say("it has no area: its points lie on one line")]
    return []


_Key = tuple[tuple[Spot, ...], int]
"""A zone as the cache knows it: its points, and how far they reach; -1 for a polygon."""


def _key(zone: Zone) -> _Key:
    return tuple(zone.points), zone.within_m if isinstance(zone, Buffer) else -1


@lru_cache(maxsize=64)
def _rule(key: _Key) -> Rule:
    points, reach = key
    closed = points if reach >= 0 else (*points, points[0])
    return Rule([[(lon / _UDEG, lat / _UDEG) for lon, lat in closed]])


def _holds(key: _Key, place: Place, *, copy: bool) -> bool:
    if place.lon_udeg is None or place.lat_udeg is None:
        return False
    spot, radius = (place.lon_udeg, place.lat_udeg), place.radius_m or 0
    nearest = _rule(key).nearest((spot[0] / _UDEG, spot[1] / _UDEG))
    away = nearest.distance_m if nearest else 0.0
    points, reach = key
    if reach >= 0:
        return away - radius <= reach if copy else away + radius <= reach
    inside = is_inside(spot, points)
    return (inside or away <= radius) if copy else (inside and away >= radius)

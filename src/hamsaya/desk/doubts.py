# SPDX-License-Identifier: Apache-2.0
"""What the desk doubts of where something is said to be. A doubt is told with its reason; nothing is moved, changed or refused for it (law 16).

1. The wrong side: a place is said to lie in a country, but by every line that can tell, it lies outside it.
2. The depth: it is said to have been so far inside, but by every line that can tell, the point does not lie so far inside.
3. The district: the point lies far from where the other records of this node put the district that is named.
4. The halves: the point lies far outside the region of the gazetteer, and with longitude and latitude changed it would lie within.

A line that cannot tell, since it and the place together are too uncertain, speaks for the place: then there is no doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

import msgspec

from hamsaya.boundary.lines import Ruler, Standing
from hamsaya.boundary.measure import Point, geodesic_m
from hamsaya.boundary.outlying import Centre, centre_of, outlying
from hamsaya.desk.dictation import Dictation, District
from hamsaya.desk.measured import UDEG, ToldDepth, stand, told_beside
from hamsaya.facts.claims import Claim
from hamsaya.facts.values import Place
from hamsaya.facts.words import Text, say

_FAR_UDEG: Final = 5 * UDEG
_MANY: Final = 30
_ENOUGH: Final = 500
"""So many points of a district are looked at, spread over all that there are."""


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """One doubt: of which place's claim, by which rule, and why in words."""

    claim: str
    rule: Literal["side", "depth", "district", "swapped"]
    why: Text


class Doubter:
    """Doubts places by the lines and the records of this node; what one look has found is kept for the next, so ask one for many records."""

    def __init__(self, rulers: Sequence[Ruler], dictation: Dictation, points_in: Callable[[Sequence[str]], list[tuple[int, int]]]) -> None:
        """Take the lines, the gazetteer's reader, and what gives the points of this node's records under some names of areas."""
        self._rulers, self._dictation, self._points_in = rulers, dictation, points_in
        self._points: dict[str, list[Point]] = {}
        self._centres: dict[str, Centre | None] = {}

    def doubts(self, claims: Sequence[Claim]) -> list[Doubt]:
        """Return what is to be doubted of the places that these claims of one record tell."""
        places = [(claim.id, claim.value) for claim in claims if claim.predicate == "place" and isinstance(claim.value, Place)]
        found: list[Doubt] = []
        for name, place in places:
            standings = stand(place, self._rulers)
            if standings is not None:
                found += self._by_halves(name, place)
                found += self._by_lines(name, place, claims, standings)
                found += self._by_district(name, place)
        return found

    def _by_halves(self, name: str, place: Place) -> list[Doubt]:
        lon, lat = place.lon_udeg or 0, place.lat_udeg or 0
        region = self._dictation.region()
        if region.holds(lon, lat, _FAR_UDEG) or not region.holds(lat, lon):
            return []
        why = say("The point lies far from every place of this node's gazetteer. Were longitude and latitude changed? Then it is {swapped}.",
                  swapped=f"{lat / UDEG:g}, {lon / UDEG:g}")  # fmt: skip
        return [Doubt(claim=name, rule="swapped", why=why)]

    def _by_lines(self, name: str, place: Place, claims: Sequence[Claim], standings: list[Standing]) -> list[Doubt]:
        told = told_beside(claims, standings)
        said = dict.fromkeys([place.country, *(each.depth.territory for each in told)])
        outside = [country for country in said if country and _is_outside(country, standings)]
        wrong = [Doubt(claim=name, rule="side", why=_wrong_side(country, standings)) for country in outside]
        return wrong + [_too_far(name, each) for each in told if each.depth.territory not in outside and _differs(each)]

    def _by_district(self, name: str, place: Place) -> list[Doubt]:
        district = self._dictation.district(place)
        if district is None or place.lon_udeg is None or place.lat_udeg is None:
            return []
        point, radius = (place.lon_udeg / UDEG, place.lat_udeg / UDEG), place.radius_m or 0
        others = self._others(district)
        if len(others) >= _MANY and _is_well_within(point, self._centres[district.name]):
            return []
        found = outlying(point, radius, others)
        if found is None:
            return []
        why = say("The point lies {n} km from where {others} other points of this node's records put the district {district}.",
                  n=round(found.distance_m / 1_000), others=found.centre.points, district=district.name)  # fmt: skip
        return [Doubt(claim=name, rule="district", why=why)]

    def _others(self, district: District) -> list[Point]:
        if district.name not in self._points:
            told = self._points_in(district.areas)
            points = [(lon / UDEG, lat / UDEG) for lon, lat in told[:: 1 + len(told) // _ENOUGH]]
            self._points[district.name], self._centres[district.name] = points, centre_of(points)
        return self._points[district.name]


def _is_well_within(point: Point, centre: Centre | None) -> bool:
    """Say whether a point lies so near the middle of many that leaving it out of them would change nothing."""
    return centre is not None and geodesic_m(point, centre.point) < centre.reach_m / 2


def doubt_data(doubt: Doubt) -> dict[str, str]:
    """Return a doubt as plain data, in English, for programs."""
    return {"claim": doubt.claim, "rule": doubt.rule, "why": str(doubt.why)}


def _is_outside(country: str, standings: list[Standing]) -> bool:
    """Say whether each line that knows this border puts the whole place outside the country, and at least one does."""
    asked = [it for it in standings if it.doubt not in ("end", "stretches")]
    return bool(asked) and all(it.inside_m.get(country, 0) < 0 for it in asked)


def _differs(told: ToldDepth) -> bool:
    verdicts = [verdict for verdict in told.by_line.values() if verdict != "cannot tell"]
    return bool(verdicts) and all(verdict == "differs" for verdict in verdicts)


def _wrong_side(country: str, standings: list[Standing]) -> Text:
    told = [it for it in standings if it.inside_m]
    nearest = min(told, key=lambda it: it.distance_m)
    return say("The place is said to be in {country}, but it lies in {other_country} by every line that can tell ({n}), {km} km or more from it.",
               country=country, other_country=nearest.side, n=len(told), km=max(1, nearest.distance_m // 1_000))  # fmt: skip


def _too_far(name: str, told: ToldDepth) -> Doubt:
    n = sum(verdict == "differs" for verdict in told.by_line.values())
    why = say("By none of the lines that can tell ({n}) does the place lie as far inside {country} as is said.",
              country=told.depth.territory, n=n)  # fmt: skip
    return Doubt(claim=name, rule="depth", why=why)

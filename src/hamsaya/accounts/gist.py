# SPDX-License-Identifier: Apache-2.0
"""What of a record tells one event from another, taken out once, so that it can be weighed against many others.

- Kept are times, places, kinds of event, groups of people with their numbers, and the codes of what was hit or used. Who said it, how
  surely and in which words of a sentence is left out: that is for the comparison.
- Of each field the first `MOST` different values count, of each kind of count the first `MOST` groups: ten thousand claims in one record
  cost no more than a few.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from hamsaya.facts.claims import Claim
from hamsaya.facts.folding import fold
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Count, Moment, Place, add_counts

_V = TypeVar("_V")
LATE: Final = timedelta(days=31)
"""How long before it was told an event may lie of which no time is told."""
MOST: Final = 12
"""How many values of one field, and how many groups of one kind of count, are weighed."""
COUNTED: Final = ("killed", "wounded", "held", "missing", "strength", "lasted")
CODED: Final = ("site", "means", "property", "direction", "outcome", "ending")
_UNTOLD: Final = frozenset({"", "unknown_group", "other"})
"""Codes that say of nobody who it was."""


class Span(NamedTuple):
    """A dated interval; `end` is exclusive."""

    start: datetime
    end: datetime


class Group(NamedTuple):
    """Whom a count is of; empty parts were not told."""

    code: str
    country: str

    def may_be(self, other: Group) -> bool:
        """Say whether both can be the same people: what one leaves open excludes nothing."""
        codes = self.code in _UNTOLD or other.code in _UNTOLD or self.code == other.code
        return codes and (not self.country or not other.country or self.country == other.country)


class Doer(NamedTuple):
    """An acting group as a code, and the speaker's own word for it, folded."""

    group: Group
    words: str


class Gist(NamedTuple):
    """The facts of one record that are weighed."""

    kind: str
    spans: list[Span]
    days: list[str]
    """`MM-DD` of times whose year is open."""
    before: list[Span]
    """Where no time is told: the month before each day on which it was told to somebody."""
    places: list[Place]
    named: set[str]
    """Names and gazetteer references of places, folded."""
    actions: list[str]
    doers: list[Doer]
    counts: dict[str, dict[Group, list[Count]]]
    codes: dict[str, set[str]]


def gist_of(record: Record) -> Gist:
    """Return what of the record is weighed."""
    by_predicate: dict[str, list[Claim]] = {}
    for claim in record.claims:
        by_predicate.setdefault(claim.predicate, []).append(claim)
    times = _some([claim.value for claim in by_predicate.get("occurred", []) if isinstance(claim.value, Moment)])
    places = _some([claim.value for claim in by_predicate.get("place", []) if isinstance(claim.value, Place)])
    spans = [Span(each.start, max(each.end or each.start, each.start)) for each in times if each.start is not None]
    told = _some([claim.value for claim in by_predicate.get("reported", []) if isinstance(claim.value, Moment)]) if not times else []
    codes = {name: _some(_coded(by_predicate.get(name, []))) for name in (*CODED, "action", "actor")}
    return Gist(
        kind=record.kind,
        spans=spans,
        days=[each.month_day for each in times if each.start is None and each.month_day],
        before=[Span(_earlier(each.start), max(each.end or each.start, each.start)) for each in told if each.start is not None],
        places=places,
        named={name for place in places for name in names_of(place)},
        actions=list(dict.fromkeys(each.code for each in codes["action"])),
        doers=_some([Doer(_group(each), _folded(each.words)) for each in codes["actor"]]),
        counts={name: groups for name in COUNTED if (groups := _counts(by_predicate.get(name, [])))},
        codes={name: {each.code for each in codes[name]} for name in CODED if codes[name]},
    )


def _earlier(told: datetime) -> datetime:
    return max(told, told.min.replace(tzinfo=told.tzinfo) + LATE) - LATE


def _coded(claims: list[Claim]) -> list[Coded]:
    return [claim.value for claim in claims if isinstance(claim.value, Coded)]


def names_of(place: Place) -> set[str]:
    """Return the names under which a place is known, folded, its gazetteer reference among them. One that names no place has none."""
    if place.precision in ("country", "unknown") and not place.ref:
        return set()
    told = _folded(place.name or place.words)
    return {name for name in (place.ref and f"={place.ref}", told) if name}


def total(groups: dict[Group, list[Count]]) -> Count:
    """Return how many there are in all: what was told of nobody in particular where something was, else the sum over the groups."""
    told = groups.get(Group("", ""))
    return _widest(told) if told else add_counts([_widest(counts) for counts in groups.values()])


def _widest(counts: list[Count]) -> Count:
    highs = [count.high for count in counts if count.high is not None]
    return Count(low=min(count.low for count in counts), high=max(highs) if len(highs) == len(counts) else None)


def _counts(claims: list[Claim]) -> dict[Group, list[Count]]:
    found: dict[Group, list[Count]] = {}
    for claim in claims:
        if isinstance(claim.value, Count):
            group = _group(claim.about) if claim.about else Group("", "")
            if group in found or len(found) < MOST:
                known = found.setdefault(group, [])
                if len(known) < MOST:
                    known.append(claim.value)
    return found


def _group(coded: Coded) -> Group:
    return Group("" if coded.code in _UNTOLD else coded.code, coded.country)


def _folded(words: str) -> str:
    return " ".join(fold(words).text.split())


def _some(values: list[_V]) -> list[_V]:
    """Return the first different values, at most `MOST`."""
    found: list[_V] = []
    for value in values:
        if value not in found:
            found.append(value)
            if len(found) == MOST:
                break
    return found

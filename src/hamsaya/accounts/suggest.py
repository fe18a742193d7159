# SPDX-License-Identifier: Apache-2.0
"""Whether two accounts may be of the same event: a suggestion with its reasons; a person confirms (law 16).

Suggested when the times are no farther apart than two days, nothing that both name excludes it, and at least one
more thing speaks for it. Does not link anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from hamsaya.accounts.rules import agrees, distance_m
from hamsaya.facts.claims import PREDICATES, Claim, field_of
from hamsaya.facts.records import Record
from hamsaya.facts.values import Moment, Place
from hamsaya.facts.words import Text, say

NEAR: Final = timedelta(days=2)
NEAR_M: Final = 50_000


class Suggestion(msgspec.Struct, frozen=True):
    """`record` may be of the same event, for these reasons; stronger when there are more."""

    record: str
    incident: str
    reasons: list[Text]


def same_event(one: Record, other: Record) -> list[Text]:
    """Return the reasons to think that both are of one event; empty when they speak against it or are too few."""
    if one.kind != other.kind:
        return []
    near = [gap for a, b in _pairs(one, other, "occurred") if (gap := _gap(a.value, b.value)) is not None and gap <= NEAR]
    if not near:
        return []
    if any(_disjoint(one, other, predicate) for predicate in ("killed", "wounded")):
        return []
    hours = round(min(near).total_seconds() / 3600)
    reasons = [say("the times are {hours} h apart", hours=hours) if hours else say("the times are less than an hour apart")]
    places = [(a.value, b.value) for a, b in _pairs(one, other, "place") if isinstance(a.value, Place) and isinstance(b.value, Place)]
    distances = [distance for a, b in places if (distance := distance_m(a, b)) is not None]
    if distances and min(distances) <= NEAR_M:
        km = round(min(distances) / 1000)
        reasons.append(say("the places are {km} km apart", km=km) if km else say("the places are less than a kilometre apart"))
    elif distances and not any(agrees(a, b) for a, b in places):  # a town and the province that it lies in do not exclude each other
        return []
    reasons += [
        say("both say the same under “{field}”", field=PREDICATES[predicate].label)
        for predicate in ("action", "actor", "killed", "wounded", "strength")
        if any(field_of(a) == field_of(b) and agrees(a.value, b.value) for a, b in _pairs(one, other, predicate))
    ]
    return reasons if len(reasons) > 1 else []


def suggest(record: Record, others: Sequence[Record]) -> list[Suggestion]:
    """Return suggestions for `record`, most reasons first, one an incident."""
    best: dict[str, Suggestion] = {}
    for other in others:
        reasons = same_event(record, other) if other.incident and other.id != record.id else []
        known = best.get(other.incident)
        if reasons and (known is None or len(reasons) > len(known.reasons)):
            best[other.incident] = Suggestion(other.id, other.incident, reasons)
    return sorted(best.values(), key=lambda suggestion: -len(suggestion.reasons))


def _disjoint(one: Record, other: Record, predicate: str) -> bool:
    """Say whether both count losses, and of different groups only: two killings on one day are two events."""
    mine, theirs = ({field_of(claim) for claim in record.claims if claim.predicate == predicate} for record in (one, other))
    return bool(mine and theirs) and not mine & theirs


def _pairs(one: Record, other: Record, predicate: str) -> list[tuple[Claim, Claim]]:
    mine, theirs = ([claim for claim in record.claims if claim.predicate == predicate] for record in (one, other))
    return [(a, b) for a in mine for b in theirs]


def _gap(one: object, other: object) -> timedelta | None:
    if not isinstance(one, Moment) or not isinstance(other, Moment) or one.start is None or other.start is None:
        return None
    if one.end is not None and other.end is not None and one.start < other.end and other.start < one.end:
        return timedelta(0)
    return abs(one.start - other.start)

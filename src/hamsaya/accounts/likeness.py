# SPDX-License-Identifier: Apache-2.0
"""How much speaks for and against two accounts being of one event: points that add up, each with its reason in words (law 16).

1. What both name and cannot both be true of one event excludes it: times two days apart or more (of one that only says when it was told:
   more than a month before that), places farther apart than 50 km and than
   both radii, losses of different groups only.
2. Each other fact that both tell gives points for or against. A fact that one of them does not tell gives none; that no time is told by
   both counts against it, whoever is silent.
3. Two sides often blame each other and count their dead otherwise: that counts little against it.
4. The points are whole numbers, written here and in docs/reference/same-event.md; nothing is learnt, nothing hidden.

It is the same in either order. It decides nothing: a person does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import msgspec

from hamsaya.accounts.gist import CODED, COUNTED, Gist, Group, names_of, total
from hamsaya.accounts.rules import distance_m, judge
from hamsaya.facts.claims import CODES, PREDICATES
from hamsaya.facts.kinds import is_one_of
from hamsaya.facts.values import Count, Place
from hamsaya.facts.words import Text, say

NEAR: Final = timedelta(days=2)
"""Times that far apart, or farther, exclude each other."""
NEAR_M: Final = 50_000
"""Places farther apart than this and than both radii exclude each other."""
_DEFAULT_RADIUS_M: Final = 1_000
_LOSSES: Final = ("killed", "wounded")
_ZERO: Final = timedelta(0)
_WIDTHS: Final = ((timedelta(hours=7), 8), (timedelta(days=2), 7), (timedelta(days=9), 4), (timedelta(days=32), 2))
"""Points for times that overlap, by the wider one of the two."""
_SCALES: Final = ((5_000, 8), (15_000, 6), (35_000, 4), (65_000, 2))
"""Points for places within both radii, by what is largest: the distance or a radius."""
_BESIDE: Final = ((3_000, 3), (15_000, -1))
"""Points for places a little farther apart than both radii, by the distance."""
_SAME_NAME: Final = {"exact": 6, "site": 6, "settlement": 6, "district": 3}
_NUMBERS: Final = ((1, 2), (3, 3), (8, 4))
"""Points for the very same number, by how large it is at most; `_MANY` for a larger one: ones and twos are told of many events."""
_MANY: Final = 6
_SOON: Final = timedelta(days=4)
_ALIKE: Final = 1.5
_KIN: Final[tuple[frozenset[str], ...]] = (
    frozenset({"cross_border_fire", "exchange_of_fire", "shelling", "armed_attack", "killing", "raid", "mine_or_device", "body_found"}),
    frozenset({"raid", "hostage_taking", "abduction", "detention", "crew_taken", "hijack", "state_seizure"}),
    frozenset({"crossing", "armed_trespass", "civilian_trespass", "pursuit", "raid", "movement", "gathering", "smuggling"}),
    frozenset({"air_violation", "drone_violation", "drone"}),
    frozenset({"sea_approach", "boarding", "sea_robbery", "hijack", "crew_taken", "fired_upon", "armed_attack"}),
    frozenset({"state_boarding", "state_seizure", "sea_trespass", "fishing_incursion", "fishing_dispute", "detention", "fired_upon"}),
    frozenset({"jamming", "spoofing"}),
    frozenset({"sea_distress", "collision", "pollution"}),
    frozenset({"grazing_dispute", "water_dispute", "mark_damage", "civilian_trespass", "construction"}),
)
"""Kinds as which one event may well be told by two who saw it."""


class Part(msgspec.Struct, frozen=True):
    """One fact that both tell: what it is, its points (below 0 where it speaks against), and the reason in words."""

    fact: str
    points: int
    words: Text


class Likeness(msgspec.Struct, frozen=True):
    """What speaks for one event and what against, and the sum."""

    score: int
    parts: list[Part]

    @property
    def reasons(self) -> list[Text]:
        """Return what speaks for it, the heaviest first."""
        return [part.words for part in self.parts if part.points > 0]

    @property
    def doubts(self) -> list[Text]:
        """Return what speaks against it, the heaviest first."""
        return [part.words for part in reversed(self.parts) if part.points < 0]


def likeness(one: Gist, other: Gist) -> Likeness | None:
    """Return what speaks for and against both being of one event; None where something excludes it."""
    if one.kind != other.kind or _exclude(one, other):
        return None
    found = [part for part in (_time(one, other), _place(one, other), _kind(one, other), _doer(one, other)) if part]
    found += _numbers(one, other)
    found += _coded(one, other)
    return Likeness(sum(part.points for part in found), sorted(found, key=lambda part: (-part.points, part.fact)))


def _exclude(one: Gist, other: Gist) -> bool:
    if (one.spans or one.before) and (other.spans or other.before) and _gap(one, other) >= NEAR:
        return True
    for predicate in _LOSSES:
        mine, theirs = one.counts.get(predicate), other.counts.get(predicate)
        if mine and theirs and not any(group.may_be(another) for group in mine for another in theirs):
            return True
    far = [_apart(distance, a, b) for a, b, distance in _measured(one, other)]
    return bool(far) and all(far) and not one.named & other.named


def _apart(distance: float, a: Place, b: Place) -> bool:
    return distance > max(NEAR_M, _radius(a) + _radius(b))


def _radius(place: Place) -> int:
    return place.radius_m or _DEFAULT_RADIUS_M


def _measured(one: Gist, other: Gist) -> Iterator[tuple[Place, Place, float]]:
    for a in one.places:
        for b in other.places:
            distance = distance_m(a, b)
            if distance is not None:
                yield a, b, distance


def _gap(one: Gist, other: Gist) -> timedelta:
    """Return how far apart the nearest two times are, 0 where they touch or overlap."""
    return min(max(a.start - b.end, b.start - a.end, _ZERO) for a in one.spans or one.before for b in other.spans or other.before)


def _time(one: Gist, other: Gist) -> Part | None:
    overlapping = [(a, b) for a in one.spans for b in other.spans if (a.start < b.end and b.start < a.end) or a == b]
    if overlapping:
        wide = min(max(a.end - a.start, b.end - b.start) for a, b in overlapping)
        points = next((points for width, points in _WIDTHS if wide < width), 0)
        return Part("occurred", points, say("the times overlap, as exactly as each was told")) if points else None
    if one.spans and other.spans:
        hours = round(_gap(one, other).total_seconds() / 3600)
        if hours < 1:
            return Part("occurred", 3, say("the one time ends where the other begins"))
        return Part("occurred", -1 if hours <= 24 else -3, say("the times are {hours} h apart", hours=hours))
    if (one.spans or one.before) and (other.spans or other.before):
        return _told_of(one, other)
    mine, theirs = ({*gist.days, *(f"{span.start:%m-%d}" for span in gist.spans)} for gist in (one, other))
    if mine & theirs:
        return Part("occurred", 3, say("the same day of a year; one year is not told"))
    if mine and theirs:
        return Part("occurred", -3, say("different days of a year; one year is not told"))
    return Part("occurred", -4, say("there is no time that both tell"))


def _told_of(one: Gist, other: Gist) -> Part:
    """Return what it says that one was told to somebody within a month of the other, where no time is told of it."""
    ends = ([span.end for span in gist.spans or gist.before] for gist in (one, other))
    mine, theirs = ends
    soon = any(abs(a - b) <= _SOON for a in mine for b in theirs)
    if soon:
        return Part("occurred", 3, say("the one was told when the other had just happened"))
    return Part("occurred", -1, say("the one was told within a month of the other"))


def _place(one: Gist, other: Gist) -> Part | None:
    """Return the weightiest thing that two of the places say: within both radii, the same name, near each other, or apart."""
    parts = [_near(a, b, distance) for a, b, distance in _measured(one, other)]
    if one.named & other.named:
        finest = max(_SAME_NAME.get(place.precision, 1) for place in (*one.places, *other.places) if names_of(place) & one.named & other.named)
        parts.append(Part("place", finest, say("the same name of a place")))
    return max((part for part in parts if part), key=lambda part: (part.points, str(part.words)), default=None)


def _near(a: Place, b: Place, distance: float) -> Part | None:
    km = round(distance / 1000)
    words = say("the places are {km} km apart", km=km) if km else say("the places are less than a kilometre apart")
    radii = _radius(a) + _radius(b)
    if distance <= radii:
        scale = max(distance, _radius(a), _radius(b))
        points = next((points for most, points in _SCALES if scale <= most), 0)
        return Part("place", points, words) if points else None
    return Part("place", next((points for most, points in _BESIDE if distance <= most), -3), words)


def _kind(one: Gist, other: Gist) -> Part | None:
    if not one.actions or not other.actions:
        return None
    pairs = [(a, b) for a in one.actions for b in other.actions]
    same = [a for a, b in pairs if a == b]
    if same:
        return Part("action", 3, say("both say “{kind}”", kind=CODES.get(min(same), Text(min(same)))))
    if any(is_one_of(a, b) or is_one_of(b, a) for a, b in pairs):
        return Part("action", 3, say("the one kind of event is one of the other's"))
    if any(a in kin and b in kin for a, b in pairs for kin in _KIN):
        return Part("action", 1, say("one event may well be told as either kind"))
    return Part("action", -2, say("two kinds of event that are not told of one"))


def _doer(one: Gist, other: Gist) -> Part | None:
    pairs = [(a, b) for a in one.doers for b in other.doers if a.group.code and b.group.code]
    if not pairs:
        return None
    alike = [(a, b) for a, b in pairs if a.group.may_be(b.group)]
    if any(a.words and a.words == b.words for a, b in alike):
        return Part("actor", 2, say("both name the acting group in the same words"))
    if alike:
        return Part("actor", 1, say("both say the same under “{field}”", field=PREDICATES["actor"].label))
    return Part("actor", -1, say("they name different acting groups"))


def _numbers(one: Gist, other: Gist) -> Iterator[Part]:
    for predicate in COUNTED:
        mine, theirs = one.counts.get(predicate), other.counts.get(predicate)
        if not mine or not theirs:
            continue
        label = PREDICATES[predicate].label
        shared = [group for group in mine if group in theirs and group != Group("", "")]
        if shared:
            parts = [part for group in shared if (part := _number(predicate, label, mine[group], theirs[group]))]
        else:
            whole = _number(predicate, label, [total(mine)], [total(theirs)])
            parts = [whole] if whole else []
        yield from (chosen for chosen in (_most(parts), _least(parts)) if chosen)


def _most(parts: list[Part]) -> Part | None:
    """Return the part that speaks loudest for it: two groups with the same numbers are no two reasons."""
    return max((part for part in parts if part.points > 0), key=lambda part: (part.points, str(part.words)), default=None)


def _least(parts: list[Part]) -> Part | None:
    return min((part for part in parts if part.points < 0), key=lambda part: (part.points, str(part.words)), default=None)


def _number(predicate: str, label: Text, mine: list[Count], theirs: list[Count]) -> Part | None:
    pairs = [(a, b, judge(a, b)) for a in mine for b in theirs]
    same = [a.low for a, _, rule in pairs if rule == "same-number"]
    if same:
        number = max(same)
        points = next((points for most, points in _NUMBERS if number <= most), _MANY) if number else 0
        return Part(predicate, points, say("both say {number} under “{field}”", number=number, field=label)) if points else None
    if any(rule == "ranges-overlap" for _, _, rule in pairs):
        return Part(predicate, 1, say("one number fits both under “{field}”", field=label))
    gap = min(max(a.low, b.low) / max(1, min(_top(a), _top(b))) for a, b, _ in pairs)
    return Part(predicate, -2 if gap <= _ALIKE else -4, say("no number fits both under “{field}”", field=label))


def _top(count: Count) -> int:
    return count.high if count.high is not None else count.low


def _coded(one: Gist, other: Gist) -> Iterator[Part]:
    for predicate in CODED:
        if one.codes.get(predicate, set()) & other.codes.get(predicate, set()):
            yield Part(predicate, 1, say("both say the same under “{field}”", field=PREDICATES[predicate].label))

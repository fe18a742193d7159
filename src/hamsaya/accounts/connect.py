# SPDX-License-Identifier: Apache-2.0
"""Whether one event may have led to another: suggested with its reasons, never as a finding about guilt; a person says so (law 16).

- `causes`: the later one is what the earlier one leaves behind, such as a body found after a killing.
- `responds_to`: somebody answered it: those who act in the later one had losses in the earlier one, or came after it.
- The later one begins no earlier than the earlier one, within `SOON`, and no farther away than `AROUND_M` and both radii.

Points add up as in `likeness.py`. No real data says which events answer which, so how often this is right is not known.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

import msgspec

from hamsaya.accounts.gist import Gist, Group
from hamsaya.accounts.likeness import Part
from hamsaya.accounts.rules import distance_m
from hamsaya.facts.words import Text, say

Relation = Literal["causes", "responds_to"]
RELATIONS: Final[tuple[Relation, ...]] = ("causes", "responds_to")
SOON: Final = timedelta(days=14)
AROUND_M: Final = 100_000
ENOUGH: Final = 9
_NEAR_M: Final = 50_000
_AFTER: Final = ((timedelta(days=1), 3), (timedelta(days=4), 2), (SOON, 1))
_LEAVES: Final[dict[str, frozenset[str]]] = {
    "killing": frozenset({"body_found", "return"}), "abduction": frozenset({"return", "body_found", "hostage_taking"}),
    "hostage_taking": frozenset({"return", "body_found"}), "detention": frozenset({"return"}), "crew_taken": frozenset({"return"}),
    "collision": frozenset({"pollution", "sea_distress"}), "fired_upon": frozenset({"sea_distress", "pollution"}),
    "shelling": frozenset({"body_found", "mark_damage"}), "state_seizure": frozenset({"return"}), "hijack": frozenset({"return", "crew_taken"}),
}  # fmt: skip
"""What a kind of event leaves behind."""
_PROVOKES: Final = frozenset({
    "cross_border_fire", "exchange_of_fire", "shelling", "armed_attack", "mine_or_device", "killing", "raid", "abduction", "hostage_taking",
    "crossing", "armed_trespass", "civilian_trespass", "smuggling", "air_violation", "drone_violation", "mark_damage", "sea_trespass",
    "fishing_incursion", "boarding", "sea_robbery", "hijack", "crew_taken", "fired_upon", "state_seizure", "detention",
})  # fmt: skip
_ANSWERS: Final = frozenset({
    "cross_border_fire", "exchange_of_fire", "shelling", "armed_attack", "raid", "armed_trespass", "pursuit", "detention", "drone_violation",
    "air_violation", "killing", "state_boarding", "state_seizure", "hostage_taking", "mark_damage", "construction",
})  # fmt: skip


class Connection(msgspec.Struct, frozen=True):
    """The later event may stand in this relation with the earlier one."""

    relation: Relation
    score: int
    parts: list[Part]

    @property
    def reasons(self) -> list[Text]:
        """Return the reasons, the heaviest first."""
        return [part.words for part in self.parts]


def sentence(incident: str, relation: str, other: str) -> Text:
    """Return how an event stands to another, as a sentence."""
    if relation == "causes":
        return say("{incident} led to {other}.", incident=incident, other=other)
    if relation == "responds_to":
        return say("{incident} answers {other}.", incident=incident, other=other)
    return say("{incident} and {other} are connected.", incident=incident, other=other)


def connection(earlier: Gist, later: Gist) -> Connection | None:
    """Return how the later event may follow from the earlier one; None where nothing much says so, or the order or the distance excludes it."""
    waits = [b.start - a.start for a in earlier.spans for b in later.spans if b.end > a.start and b.start >= a.start]
    if not waits or min(waits) > SOON:
        return None
    where = _where(earlier, later)
    if where is None:
        return None
    parts = [_after(min(waits)), *where, *_roles(earlier, later)]
    leaves = any(there in _LEAVES.get(here, ()) for here in earlier.actions for there in later.actions)
    if leaves:
        parts.append(Part("action", 4, say("such an event often leaves such a one behind")))
    elif any(here in _PROVOKES for here in earlier.actions) and any(there in _ANSWERS for there in later.actions):
        parts.append(Part("action", 2, say("such an event is often answered by such a one")))
    score = sum(part.points for part in parts)
    if score < ENOUGH:
        return None
    return Connection("causes" if leaves else "responds_to", score, sorted(parts, key=lambda part: (-part.points, part.fact)))


def _after(wait: timedelta) -> Part:
    hours = round(wait.total_seconds() / 3600)
    points = next(points for most, points in _AFTER if wait <= most)
    return Part("occurred", points, say("the one begins {hours} h after the other", hours=hours))


def _where(earlier: Gist, later: Gist) -> list[Part] | None:
    """Return the reason that lies in the places, none where they cannot be measured; None where they are too far apart."""
    if earlier.named & later.named:
        return [Part("place", 3, say("the same name of a place"))]
    found = [
        (distance, (a.radius_m or 0) + (b.radius_m or 0))
        for a in earlier.places for b in later.places if (distance := distance_m(a, b)) is not None
    ]  # fmt: skip
    if not found:
        return []
    if all(distance > AROUND_M + radii for distance, radii in found):
        return None
    distance = min(distance for distance, _ in found)
    return [
        Part(
            "place", 3 if distance <= _NEAR_M / 2 else 2 if distance <= _NEAR_M else 1, say("the places are {km} km apart", km=round(distance / 1000))
        )
    ]


def _roles(earlier: Gist, later: Gist) -> list[Part]:
    """Return whether those who act in the later event had losses in the earlier one."""
    lost = _lost(earlier)
    act = [doer.group for doer in later.doers] + list(later.counts.get("strength", {}))
    if any(group.code and group.country and group in lost for group in act):
        return [Part("actor", 5, say("those who act in the later one had losses in the earlier one"))]
    if any(group.country and group.country in {each.country for each in lost} for group in act):
        return [Part("actor", 3, say("the side that acts in the later one had losses in the earlier one"))]
    return []


def _lost(gist: Gist) -> set[Group]:
    return {group for predicate in ("killed", "wounded", "held", "missing") for group in gist.counts.get(predicate, {}) if group.country}

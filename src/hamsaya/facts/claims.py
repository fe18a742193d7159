# SPDX-License-Identifier: Apache-2.0
"""One fact inside a record: what is said, by whom, how surely, how far trusted, and where it stands in the text.

- Persons appear as offices, groups or counts; there is no field for a name (law 11).
- `grade` may be empty in a draft; an ungraded claim cannot be released (law 1).
- `span` names the document and the offsets, in characters, of the words that the claim rests on (law 7).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value, Words
from hamsaya.facts.words import Text, say

Hedge = Literal["", "reported", "claimed", "alleged", "sources", "assessed"]
HEDGES: Final[dict[str, Text]] = {
    "": say("stated without a hedge"),
    "reported": say("reportedly"),
    "claimed": say("claimed"),
    "alleged": say("alleged"),
    "sources": say("unnamed sources said"),
    "assessed": say("assessed"),
}

SpeakerKind = Literal["own", "office", "side", "press", "source"]


class Speaker(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who said it.

    `own` is the filing office itself; `office` a post that is quoted; `side` a state; `press` the text's own voice;
    `source` a local source, whose handle never leaves the node (F9).
    """

    kind: SpeakerKind
    office: str = ""
    """The post or body as the text names it ("FC spokesperson"), never a person's name."""
    side: str = ""
    """ISO 3166-1 alpha-2 of the side that speaks, empty where unknown."""
    handle: str = ""


class Span(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Characters `start` (inclusive) to `end` (exclusive) of the text of a document, counted in code points."""

    document: str
    """SHA-256 of the document's bytes as received, hexadecimal."""
    start: int
    end: int
    sentence_start: int
    sentence_end: int


class Claim(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One fact."""

    id: str
    predicate: str
    value: Value
    speaker: Speaker
    about: Coded | None = None
    """Whom a count is of: killed *border guards of PK*."""
    hedge: Hedge = ""
    hedge_words: str = ""
    grade: str | None = None
    span: Span | None = None
    quote: str = ""
    """The sentence, only in released copies and only where the agreement lets sentences leave."""
    quote_commitment: str = ""
    """Salted SHA-256 of the sentence in released copies without the sentence, hexadecimal."""
    reason: str = ""
    """Why the machine proposed it: a code of the intake rules."""


class Predicate(msgspec.Struct, frozen=True):
    """One kind of fact: the value it takes, how it reads, and whether `about` splits it into fields."""

    label: Text
    value: type[Value]
    per_group: bool = False


PREDICATES: Final[dict[str, Predicate]] = {
    "occurred": Predicate(say("Time"), Moment),
    "place": Predicate(say("Place"), Place),
    "depth": Predicate(say("Distance inside"), Depth),
    "action": Predicate(say("What happened"), Coded),
    "actor": Predicate(say("Acting group"), Coded),
    "strength": Predicate(say("Strength"), Count, per_group=True),
    "killed": Predicate(say("Killed"), Count, per_group=True),
    "wounded": Predicate(say("Wounded"), Count, per_group=True),
    "held": Predicate(say("Held"), Count, per_group=True),
    "duration": Predicate(say("Duration"), Words),
    "property": Predicate(say("Property"), Coded),
    "means": Predicate(say("Means"), Coded),
    "parties": Predicate(say("Parties present"), Coded, per_group=True),
    "decision": Predicate(say("Decided"), Coded),
    "demand": Predicate(say("Demand"), Coded),
    "status": Predicate(say("Status"), Coded),
    "statement": Predicate(say("Statement"), Words),
}

CODES: Final[dict[str, Text]] = {
    # groups of people: offices, forces, counts; never a person
    "border_guard": say("border guard"),
    "police": say("police"),
    "army": say("army"),
    "navy": say("navy"),
    "coast_guard": say("coast guard or maritime agency"),
    "government": say("government body"),
    "armed_group_member": say("armed group member"),
    "smuggler": say("smuggler"),
    "fisher": say("fisher"),
    "civilian": say("civilian"),
    "unknown_group": say("unknown group"),
    # what happened
    "killing": say("killing"),
    "armed_attack": say("armed attack"),
    "cross_border_fire": say("cross-border fire"),
    "crossing": say("crossing of the line"),
    "raid": say("raid on a building"),
    "hostage_taking": say("holding of residents"),
    "pursuit": say("pursuit"),
    "smuggling": say("smuggling"),
    "drone": say("drone sighting"),
    "movement": say("movement of a group"),
    "gathering": say("gathering of a group"),
    "construction": say("building work near the line"),
    "meeting": say("meeting"),
    "complaint": say("complaint"),
    "exercise": say("exercise"),
    "warning": say("warning"),
    # property and means
    "house": say("house"),
    "vehicle": say("vehicle"),
    "post": say("border post"),
    "boat": say("boat"),
    "livestock": say("livestock"),
    "small_arms": say("small arms"),
    "mortar": say("mortar"),
    "explosive": say("explosive"),
    "heavy_weapon": say("heavy weapon"),
    "uncrewed_aircraft": say("uncrewed aircraft"),
    # decisions, demands, statuses
    "improve_intelligence_sharing": say("improve coordination on intelligence sharing"),
    "improve_surveillance": say("improve surveillance and security of the border"),
    "sign_cooperation_document": say("sign a cooperation document"),
    "hold_joint_exercise": say("hold a joint exercise"),
    "prevent_repetition": say("prevent repetition"),
    "stop_crossing_groups": say("stop groups that cross"),
    "readiness": say("readiness stated"),
    "proposed": say("proposed"),
    "invited": say("invited"),
    "agreed": say("agreed"),
    "signed": say("signed"),
    "lodged": say("lodged"),
    "other": say("other"),
}

GROUP_CODES: Final = (
    "border_guard", "police", "army", "navy", "coast_guard", "government", "armed_group_member", "smuggler", "fisher", "civilian", "unknown_group",
)  # fmt: skip
ACTION_CODES: Final = (
    "killing", "armed_attack", "cross_border_fire", "crossing", "raid", "hostage_taking", "pursuit", "smuggling", "drone", "movement",
    "gathering", "construction", "meeting", "complaint", "exercise", "warning", "other",
)  # fmt: skip
MEANS_CODES: Final = (
    "small_arms", "mortar", "explosive", "heavy_weapon", "vehicle", "boat", "uncrewed_aircraft", "livestock", "other",
)  # fmt: skip
"""What an officer may choose from for a group, an action, and means."""


def field_of(claim: Claim) -> str:
    """Return the key under which two accounts are compared: the predicate, and the group where it counts one."""
    predicate = PREDICATES.get(claim.predicate)
    if predicate is None or not predicate.per_group or claim.about is None:
        return claim.predicate
    group = f"{claim.about.code}@{claim.about.country}" if claim.about.country else claim.about.code
    return f"{claim.predicate}:{group}"

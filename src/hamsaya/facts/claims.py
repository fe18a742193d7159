# SPDX-License-Identifier: Apache-2.0
"""One fact inside a record: what is said, by whom, how surely, how far trusted, and where it stands in the text.

- Persons appear as offices, groups or counts; there is no field for a name (law 11).
- `grade` may be empty in a draft; an ungraded claim cannot be released (law 1).
- `span` names the document and the offsets, in characters, of the words that the claim rests on (law 7).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.facts.kinds import KINDS
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

NATURES: Final[dict[str, Text]] = {
    "": say("it is not said how it is known"),
    "observed": say("observed"),
    "declared": say("declared by those concerned"),
    "estimated": say("estimated"),
    "simulated": say("simulated"),
}
"""How what is said is known (CISE NatureType)."""

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
    nature: str = ""
    """How it is known: a code of `NATURES`, empty where it is not said. One that this version does not know is shown as it came."""
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
    "missing": Predicate(say("Missing"), Count, per_group=True),
    "outcome": Predicate(say("Attempted or carried out"), Coded, per_group=True),
    "direction": Predicate(say("Direction"), Coded),
    "site": Predicate(say("Site"), Coded),
    "duration": Predicate(say("Duration"), Words),
    "lasted": Predicate(say("Duration in minutes"), Count),
    "property": Predicate(say("Property"), Coded),
    "damage": Predicate(say("What became of it"), Coded, per_group=True),
    "treatment": Predicate(say("Treatment of persons"), Coded, per_group=True),
    "ending": Predicate(say("How it ended"), Coded),
    "means": Predicate(say("Means"), Coded),
    "parties": Predicate(say("Parties present"), Coded, per_group=True),
    "decision": Predicate(say("Decided"), Coded),
    "demand": Predicate(say("Demand"), Coded),
    "status": Predicate(say("Status"), Coded),
    "channel": Predicate(say("Channel"), Coded),
    "reply": Predicate(say("Reply"), Coded),
    "subject": Predicate(say("Is about"), Words),
    "due": Predicate(say("Asked for by"), Moment),
    "domain": Predicate(say("Domain"), Coded),
    "window": Predicate(say("Time planned"), Moment),
    "phase": Predicate(say("Phase"), Moment),
    "phase_area": Predicate(say("Area of a phase"), Place),
    "observers": Predicate(say("Observers"), Words),
    "contact": Predicate(say("Contact"), Words),
    "level": Predicate(say("Level"), Coded),
    "agenda": Predicate(say("Agenda"), Words),
    "attends": Predicate(say("Offices that attend"), Words),
    "owner": Predicate(say("Office that owes it"), Words),
    "evidence": Predicate(say("Shown by"), Words),
    "lodged_as": Predicate(say("Lodged as"), Coded),
    "reference": Predicate(say("Number of the letter or note"), Words),
    "caller": Predicate(say("Office that called"), Words),
    "called": Predicate(say("Office that answered"), Words),
    "arranged": Predicate(say("What was agreed"), Words),
    "read_back": Predicate(say("Read back on the line"), Coded),
    "concerns": Predicate(say("What it concerns"), Words),
    "reported": Predicate(say("Told on"), Moment),
    "own_place": Predicate(say("Where our own forces are"), Place),
    "own_forces": Predicate(say("Own forces, how many"), Count),
    "until": Predicate(say("Allowed until"), Moment),
    "limit_place": Predicate(say("Allowed up to this place"), Place),
    "limit_km": Predicate(say("Allowed inside, in km"), Count),
    "accompanied": Predicate(say("Who accompanies"), Coded),
    "line_crossed": Predicate(say("Whether our forces crossed the line"), Coded),
    "shots": Predicate(say("Whether our forces fired"), Coded),
    "returned": Predicate(say("What goes back"), Coded),
    "return_count": Predicate(say("How many"), Count),
    "protection": Predicate(say("Asked whether they seek protection"), Coded),
    "handover_at": Predicate(say("Time of the handover"), Moment),
    "handover_place": Predicate(say("Place of the handover"), Place),
    "statement": Predicate(say("Statement"), Words),
    "agreed_text": Predicate(say("Agreed text"), Words),
    "decided": Predicate(say("Decision in words"), Words),
    "next_meeting": Predicate(say("Next meeting"), Words),
    "press_text": Predicate(say("Text for the press"), Words),
    "agreed_fact": Predicate(say("Agreed fact"), Words),
    "open_point": Predicate(say("Open point"), Words),
    "remark": Predicate(say("Remark of one side"), Words),
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
    "vessel_crew": say("crew of a vessel"),
    # what happened, and how neighbours dealt with it
    **{code: kind.label for code, kind in KINDS.items()},
    "meeting": say("meeting"),
    "complaint": say("complaint"),
    "exercise": say("exercise"),
    "warning": say("warning"),
    "attempted": say("attempted"),
    "carried_out": say("carried out"),
    "prevented": say("prevented"),
    "withdrew": say("those who came went back"),
    "driven_off": say("those who came were driven off"),
    "arrested": say("those who came were arrested"),
    "ill_treatment": say("ill-treatment"),
    "medical_help": say("medical help given"),
    # directions
    "into": say("into the territory"),
    "out_of": say("out of the territory"),
    "along_line": say("along the line"),
    "north": say("north"),
    "north_east": say("north-east"),
    "east": say("east"),
    "south_east": say("south-east"),
    "south": say("south"),
    "south_west": say("south-west"),
    "west": say("west"),
    "north_west": say("north-west"),
    # property and means
    "house": say("house"),
    "vehicle": say("vehicle"),
    "post": say("border post"),
    "boat": say("boat"),
    "livestock": say("livestock"),
    "village": say("village"),
    "mark": say("border mark"),
    "fence": say("fence"),
    "road": say("road"),
    "water_point": say("water point"),
    "pasture": say("pasture"),
    "port": say("port"),
    "open_ground": say("open ground"),
    "damaged": say("damaged"),
    "destroyed": say("destroyed"),
    "taken_away": say("taken away"),
    "given_back": say("given back"),
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
    "avoid_misunderstandings": say("avoid misunderstandings"),
    "stop_crossing_groups": say("stop groups that cross"),
    "readiness": say("readiness stated"),
    "proposed": say("proposed"),
    "invited": say("invited"),
    "agreed": say("agreed"),
    "signed": say("signed"),
    "lodged": say("lodged"),
    "announced": say("announced"),
    "scheduled": say("scheduled"),
    "ambassador_summoned": say("ambassador summoned"),
    "formal_protest": say("formal protest"),
    "regret": say("regret expressed"),
    "will_convey": say("will be conveyed to the capital"),
    "accepted": say("accepted"),
    "rejected": say("rejected"),
    "inquiry_under_way": say("an inquiry is under way"),
    "explanation": say("an explanation"),
    "joint_inquiry": say("a joint inquiry"),
    "return_of_what_was_taken": say("return of what was taken"),
    "return_of_persons": say("return of persons who are held"),
    "removal": say("removal of what was built or placed"),
    "restore_mark": say("restoring of a border mark"),
    "compensation": say("compensation"),
    # domains of an exercise
    "land": say("land"),
    "sea": say("sea"),
    "air": say("air"),
    "cyber": say("cyber"),
    "search_and_rescue": say("search and rescue"),
    "disaster_relief": say("disaster relief"),
    "apology": say("an expression of regret"),
    "meeting_at_line": say("a meeting at the line"),
    "partly_accepted": say("accepted in part"),
    "done": say("what was demanded is done"),
    "not_of_this_side": say("those who did it were not of this side"),
    # channels
    "desk": say("from desk to desk"),
    "hotline": say("hotline"),
    "sector": say("sector"),
    "commander": say("commander"),
    "commission": say("joint commission"),
    "flag_meeting": say("meeting at the line"),
    "letter": say("letter"),
    "commissioner": say("border commissioner"),
    "note_verbale": say("note between foreign ministries"),
    "telephone": say("telephone"),
    "radio": say("radio"),
    "satellite_phone": say("satellite telephone"),
    "read_back": say("read back word by word"),
    "not_read_back": say("not read back"),
    "other": say("other"),
    # a pursuit, as the pursuer tells it
    "on_foot": say("on foot"),
    # what goes back, and whether it may
    "we_hold": say("they are with us, and yours"),
    "we_miss": say("they are ours, and we miss them"),
    "strayed_persons": say("strayed persons"),
    "detained_persons": say("detained persons"),
    "bodies": say("bodies"),
    "each_was_asked": say("each was asked alone; nobody of these seeks protection"),
    "no_persons": say("no persons are concerned"),
    "not_with_us": say("they are not with us"),
    "some_seek_protection": say("somebody seeks protection"),
    "not_asked": say("not asked yet"),
    "nobody": say("nobody"),
    "crossed": say("the line was crossed"),
    "not_crossed": say("the line was not crossed"),
    "fired": say("shots were fired"),
    "not_fired": say("no shot was fired"),
    "lost_contact": say("contact was lost"),
    "called_off": say("called off"),
    "handed_to_host": say("left to the other side's forces"),
}

GROUP_CODES: Final = (
    "border_guard", "police", "army", "navy", "coast_guard", "government", "armed_group_member", "smuggler", "fisher", "vessel_crew", "civilian",
    "unknown_group",
)  # fmt: skip
ACTION_CODES: Final = (*KINDS, "meeting", "complaint", "exercise", "warning", "other")
MEANS_CODES: Final = (
    "small_arms", "mortar", "explosive", "heavy_weapon", "vehicle", "boat", "uncrewed_aircraft", "livestock", "other",
)  # fmt: skip
OUTCOME_CODES: Final = ("attempted", "carried_out", "prevented")
DIRECTION_CODES: Final = (
    "into", "out_of", "along_line", "north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west",
)  # fmt: skip
SITE_CODES: Final = (
    "house", "village", "post", "mark", "fence", "road", "water_point", "pasture", "port", "vehicle", "boat", "open_ground", "other",
)  # fmt: skip
PROPERTY_CODES: Final = ("house", "vehicle", "post", "mark", "fence", "boat", "livestock", "water_point", "other")
DAMAGE_CODES: Final = ("damaged", "destroyed", "taken_away", "given_back")
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "action": ACTION_CODES,
    "actor": GROUP_CODES,
    "means": MEANS_CODES,
    "outcome": OUTCOME_CODES,
    "direction": DIRECTION_CODES,
    "site": SITE_CODES,
    "property": PROPERTY_CODES,
    "damage": DAMAGE_CODES,
    "treatment": ("ill_treatment", "medical_help", "other"),
    "ending": ("withdrew", "driven_off", "arrested", "other"),
}
"""What an officer may choose from for each kind of fact that has codes of its own."""


def field_of(claim: Claim) -> str:
    """Return the key under which two accounts are compared: the predicate, and the group where it counts one."""
    predicate = PREDICATES.get(claim.predicate)
    if predicate is None or not predicate.per_group or claim.about is None:
        return claim.predicate
    group = f"{claim.about.code}@{claim.about.country}" if claim.about.country else claim.about.code
    return f"{claim.predicate}:{group}"

# SPDX-License-Identifier: Apache-2.0
"""The closed lists of the forms for distress and STOP (law 2), and what such a call holds.

A call says what, where, when, how many and what help, or what is to stop; it has no field for a person. What is sent keeps
to these lists; what arrives may hold codes of a newer program, which are shown as they are: a call always passes.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.facts.values import Count, Moment, Place
from hamsaya.facts.words import Text, say

CallKind = Literal["distress", "stop"]
CALL_KINDS: Final[dict[str, Text]] = {"distress": say("Distress"), "stop": say("STOP")}
OTHER: Final = "other"
DISTRESS_WHAT: Final[dict[str, Text]] = {
    "medical": say("medical emergency"),
    "fire": say("fire"),
    "flood": say("flood"),
    "vessel": say("vessel in distress"),
    "aircraft": say("aircraft in distress"),
    "missing_party": say("missing group"),
    "explosive": say("mine or explosive"),
    "attack": say("attack on a post"),
    OTHER: say("something else"),
}
HELP: Final[dict[str, Text]] = {
    "medical_team": say("medical team"),
    "evacuation": say("evacuation of wounded"),
    "search": say("search team"),
    "rescue_boat": say("rescue boat"),
    "helicopter": say("helicopter"),
    "fire_fighting": say("fire fighting"),
    "mine_clearance": say("mine clearance"),
    "let_pass": say("open the crossing for rescuers"),
    "hold_fire": say("hold fire"),
    "call_us": say("call us on the hotline"),
}
STOP_WHAT: Final[dict[str, Text]] = {
    "fire": say("firing"),
    "pursuit": say("pursuit"),
    "approach": say("approach"),
    "overflight": say("overflight"),
    "boarding": say("boarding of a vessel"),
    "works": say("works or digging"),
}
STOP_WHOM: Final[dict[str, Text]] = {
    "foot_patrol": say("foot patrol"),
    "vehicles": say("vehicles"),
    "vessel": say("vessel"),
    "aircraft": say("aircraft"),
    "drone": say("drone"),
    "post": say("border post"),
    "all": say("all units there"),
}
SEEN: Final = "seen"
ANSWERS: Final[dict[str, Text]] = {
    SEEN: say("seen"),
    "coming": say("help is coming"),
    "passed_on": say("passed on to those in charge"),
    "not_possible": say("help is not possible"),
    "stopped": say("stopped"),
    "not_ours": say("these units are not ours"),
    "cannot_stop": say("cannot be stopped"),
}
ANSWERS_TO: Final[dict[str, tuple[str, ...]]] = {
    "distress": (SEEN, "coming", "passed_on", "not_possible"),
    "stop": (SEEN, "stopped", "passed_on", "not_ours", "cannot_stop"),
}
OVER: Final[dict[str, Text]] = {"over": say("it is over"), "cancelled": say("cancelled: it was sent by mistake")}
VERDICTS: Final[dict[str, Text]] = {
    "right": say("it was right to send it"),
    "mistaken": say("it was sent in good faith, and mistaken"),
    "wrong": say("it should not have been sent"),
}
MAX_WORDS: Final = 200
MAX_CODES: Final = 16


class Call(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a distress call or a STOP says. `what` and `help` are codes; `whom` says to which units a STOP speaks."""

    what: list[str] = []
    words: str = ""
    """Only with `other`: at most 200 screened characters."""
    place: Place | None = None
    since: Moment | None = None
    count: Count | None = None
    help: list[str] = []
    whom: list[str] = []
    contact: str = ""
    """The office that can be called back."""
    about: str = ""
    """Of a STOP: the matter that it stops, such as a pursuit that was told of; empty for none."""
    unread: list[str] = []
    """Fields of what arrived that this program could not read; never sent."""

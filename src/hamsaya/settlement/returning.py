# SPDX-License-Identifier: Apache-2.0
"""Return cases: strayed or detained persons, bodies, boats, livestock, vehicles go back, by counts; closed on both nodes (F29).

we hold yours ──they are expected: how many, when, where──▶ handed over ──▶ received ──▶ closed
we miss ours ──they are with us: how many, when, where───▶ handed over ──▶ received ──▶ closed
       └──none is with us──▶ closed              either: refused on a ground, or taken back

- Nobody is named: what goes back, and how many. Where those are who are held or missed is told in no field; a search is a call of distress.
- Whoever hands over counts, and whoever receives counts. Where the two differ both stand, and the difference is told (law 6).
- A person who seeks protection is no return case (law 12): whoever holds persons says in the form that each was asked, and cannot file
  it otherwise; the other side may refuse on a ground, and does not say on which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from hamsaya.facts.values import Count
from hamsaya.facts.words import Text, say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Contradiction, Field, Form

_ASKED: Final = frozenset({"opened", "acknowledged"})
_SET: Final = frozenset({"expected", "found"})
DAY_MIN: Final = 24 * 60
"""Within so many minutes a case is answered, and what was handed over is counted, where the agreement names no time of its own."""
WHAT: Final = ("strayed_persons", "detained_persons", "bodies", "boat", "livestock", "vehicle", "other")
WHOSE: Final = ("we_hold", "we_miss")
ASKED: Final = ("each_was_asked", "no_persons", "not_with_us", "some_seek_protection", "not_asked")
_BARS: Final[Mapping[str, Text]] = {
    "some_seek_protection": say("Whoever seeks protection is no return case: leave them out of it, and of the count, and tell nobody."),
    "not_asked": say("Ask each of them first, alone, whether they seek protection; only then is there a case."),
}
GROUNDS: Final = ("asylum", "torture", "death_penalty", "political")
"""What the words of a case are looked through for: a question to the officer, never a decision."""

_WHAT: Final = Field(name="what", label=say("What goes back"), predicate="returned", reads="code", codes=WHAT, required=True, example="livestock")
_COUNT: Final = Field(name="count", label=say("How many"), predicate="return_count", reads="count", required=True, example="12")
_ASK: Final = Field(name="protection", label=say("Was each person asked whether they seek protection?"), predicate="protection", reads="code",
                    codes=ASKED, required=True, example="no_persons", bars=_BARS)  # fmt: skip
_ASK_HERE: Final = msgspec.structs.replace(_ASK, codes=tuple(code for code in ASKED if code != "not_with_us"))
_SAYS: Final = Field(name="says", label=say("In words; never who they are"), predicate="statement", reads="words",
                     example="They crossed at the dry river bed.")  # fmt: skip
_MEET: Final = (
    Field(name="when", label=say("When they are handed over"), predicate="handover_at", reads="future", required=True, example="+1d"),
    Field(name="place", label=say("Where they are handed over"), predicate="handover_place", reads="place", required=True, example="E61.59 N28.95"),
    Field(name="office", label=say("Office to call"), predicate="contact", reads="line", required=True, example="Liaison officer, Taftan"),
)
_UNASKED: Final = (
    Contradiction("what", ("strayed_persons", "detained_persons"), "protection", "no_persons",
                  say("These are persons: each is asked, alone, whether they seek protection.")),
    Contradiction("whose", ("we_hold",), "protection", "not_with_us", say("They are with you: each is asked, alone, whether they seek protection.")),
)  # fmt: skip
_OPENING: Final = Form((
    Field(name="whose", label=say("Who holds them"), predicate="status", reads="code", codes=WHOSE, required=True, example="we_hold"),
    _WHAT, _COUNT,
    Field(name="since", label=say("Since when"), predicate="occurred", reads="past", example="-1d"),
    _ASK, _SAYS,
), handling="green", grounds=GROUNDS, contradictions=_UNASKED)  # fmt: skip
_EXPECTED: Final = Form((_COUNT, *_MEET), handling="green", grounds=GROUNDS)
_FOUND: Final = Form((_COUNT, *_MEET, _ASK_HERE), handling="green", grounds=GROUNDS)
_COUNTED: Final = Form((_COUNT, _SAYS), handling="green", grounds=GROUNDS)

RETURN: Final = Course(
    kind="return_case", label=say("Return case"), first="opened", form=_OPENING, purposes=("return", "rescue"),
    states={
        "opened": State(say("opened"), say("Nobody has acknowledged it yet."), "info"),
        "acknowledged": State(say("acknowledged"), say("An officer has acknowledged it; no answer has come yet."), "warn"),
        "none_here": State(say("none is there"), say("The other side says that none of them is with it."), "warn"),
        "expected": State(say("expected"), say("The other side expects them, and has named time and place."), "info"),
        "found": State(say("found"), say("They are with the other side, which has named time and place."), "info"),
        "handed": State(say("handed over"), say("They were handed over; the other side has not counted them yet."), "warn"),
        "given": State(say("given back"), say("They were given back; whoever missed them has not counted them yet."), "warn"),
        "received": State(say("received"), say("They were received and counted."), "good"),
        "closed": State(say("closed"), say("It is closed."), "good"),
        "refused": State(say("refused on a ground"), say("Refused on a ground that the agreement names; which one is not told."), "bad"),
        "withdrawn": State(say("taken back"), say("Whoever opened it has taken it back."), "info"),
    },
    moves={
        "acknowledge": Move(label=say("Acknowledge"), by="other", before=frozenset({"opened"}), after="acknowledged", borne="opening",
                            verb="acknowledge"),
        "expect": Move(label=say("We expect them: how many, when, where"), by="other", before=_ASKED | {"expected"}, after="expected",
                       borne="release", verb="propose", form=_EXPECTED, fits="we_hold"),
        "found": Move(label=say("They are with us: how many, when, where"), by="other", before=_ASKED | {"none_here", "found"}, after="found",
                      borne="release", verb="propose", form=_FOUND, fits="we_miss"),
        "none": Move(label=say("None of them is with us"), by="other", before=_ASKED, after="none_here", borne="move", verb="propose",
                     fits="we_miss"),
        "refuse": Move(label=say("Refuse on a ground"), by="other", before=_ASKED, after="refused", borne="refusal", verb="propose"),
        "hand_over": Move(label=say("Handed over: how many"), by="opener", before=frozenset({"expected"}), after="handed", borne="release",
                          verb="propose", form=_COUNTED),
        "give": Move(label=say("Given back: how many"), by="other", before=frozenset({"found"}), after="given", borne="release", verb="propose",
                     form=_COUNTED),
        "receive": Move(label=say("Received: how many"), by="other", before=frozenset({"handed"}), after="received", borne="release",
                        verb="propose", form=_COUNTED),
        "take": Move(label=say("Received back: how many"), by="opener", before=frozenset({"given"}), after="received", borne="release",
                     verb="propose", form=_COUNTED),
        "close": Move(label=say("Close it"), by="opener", before=frozenset({"received", "none_here", "refused"}), after="closed", borne="move",
                      verb="propose"),
        "withdraw": Move(label=say("Take it back"), by="opener", before=_ASKED | _SET, after="withdrawn", borne="move", verb="propose"),
        "recall": Move(label=say("Recalled"), by="opener", before=_ASKED | _SET, after="withdrawn", borne="recall", verb="recall"),
    },
    clocks={
        "acknowledge": Clock(label=say("Acknowledgement"), runs_in=frozenset({"opened"}), owed_by="other", term="acknowledge_min"),
        "answer": Clock(label=say("Time and place of the handover"), runs_in=_ASKED, owed_by="other", term="return_min", otherwise_min=DAY_MIN),
        "hand_over": Clock(label=say("Handover"), runs_in=frozenset({"expected"}), owed_by="opener", term="", named="handover_at"),
        "give": Clock(label=say("Giving back"), runs_in=frozenset({"found"}), owed_by="other", term="", named="handover_at"),
        "receive": Clock(label=say("Count of what was received"), runs_in=frozenset({"handed"}), owed_by="other", term="return_min",
                         otherwise_min=DAY_MIN),
        "take": Clock(label=say("Count of what came back"), runs_in=frozenset({"given"}), owed_by="opener", term="return_min",
                      otherwise_min=DAY_MIN),
    },
)  # fmt: skip
HANDED: Final = ("hand_over", "give")
TAKEN: Final = ("receive", "take")


class Differs(msgspec.Struct, frozen=True):
    """What was handed over and what was received, where no number is both."""

    handed: Count
    received: Count


def difference(counts: Mapping[str, Count]) -> Differs | None:
    """Return how the counts differ, by the move that told each, as both sides hold them; None where they can be the same, or one is missing."""
    handed, received = (next((counts[name] for name in names if name in counts), None) for names in (HANDED, TAKEN))
    if handed is None or received is None or _overlap(handed, received):
        return None
    return Differs(handed, received)


def _overlap(one: Count, other: Count) -> bool:
    return (one.high is None or other.low <= one.high) and (other.high is None or one.low <= other.high)

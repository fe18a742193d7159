# SPDX-License-Identifier: Apache-2.0
"""Meetings by level: an invitation with time, place and agenda, accepted, declined, or answered with another time (F32, F36).

invited ──▶ accepted ──▶ held
   │  ▲ └──▶ declined
   ▼  │ whoever invited names another time, also once it was accepted: that asks again
another time proposed ──▶ accepted, by whoever invited
whoever invited may cancel it until it was held

Both may name a time at once: the steps stand in one order on both nodes, and the later one counts if it is its turn. Those who attend are
offices; there is no field for a name (law 11).
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Field, Form

LEVELS: Final = ("post", "sector", "commander", "commission")
_AHEAD: Final = frozenset({"invited", "another", "accepted"})
_TIME: Final = Form((
    Field(name="time", label=say("Time"), predicate="window", reads="future", required=True, example="+8d"),
    Field(name="place", label=say("Place"), predicate="place", reads="place", example="Taftan"),
    Field(name="says", label=say("In words"), predicate="statement", reads="words", example="The road is closed on the day named."),
))  # fmt: skip

MEETING: Final = Course(
    kind="meeting", label=say("Meeting"), first="invited",
    states={
        "invited": State(say("invited"), say("No answer is on record."), "warn"),
        "another": State(say("another time proposed"), say("The other side proposes another time; whoever invited has not answered."), "warn"),
        "accepted": State(say("accepted"), say("Both sides hold to the time that was named last."), "good"),
        "declined": State(say("declined"), say("The other side does not come."), "bad"),
        "held": State(say("held"), say("It took place."), "good"),
        "cancelled": State(say("cancelled"), say("Whoever invited has cancelled it."), "info"),
    },
    moves={
        "accept": Move(label=say("Accept"), by="other", before=frozenset({"invited"}), after="accepted", borne="move", verb="propose"),
        "counter": Move(
            label=say("Propose another time"), by="other", before=frozenset({"invited"}), after="another", borne="release", verb="propose",
            form=_TIME,
        ),
        "decline": Move(
            label=say("Decline"), by="other", before=frozenset({"invited", "accepted"}), after="declined", borne="move", verb="propose",
        ),
        "take": Move(label=say("Accept that time"), by="opener", before=frozenset({"another"}), after="accepted", borne="move", verb="propose"),
        "change": Move(
            label=say("Name another time"), by="opener", before=_AHEAD, after="invited", borne="release", verb="propose", form=_TIME,
        ),
        "hold": Move(label=say("It was held"), by="opener", before=frozenset({"accepted"}), after="held", borne="move", verb="propose"),
        "cancel": Move(label=say("Cancel it"), by="opener", before=_AHEAD, after="cancelled", borne="move", verb="propose"),
        "recall": Move(
            label=say("Recalled"), by="opener", before=frozenset({"invited", "another"}), after="cancelled", borne="recall", verb="recall",
        ),
    },
    clocks={
        "answer": Clock(label=say("Answer to the invitation"), runs_in=frozenset({"invited"}), owed_by="other", term="answer_min"),
        "time": Clock(label=say("Answer to the time proposed"), runs_in=frozenset({"another"}), owed_by="opener", term="answer_min"),
    },
    form=Form((
        Field(name="level", label=say("Level"), predicate="level", reads="code", codes=LEVELS, required=True, example="sector"),
        Field(name="time", label=say("Time"), predicate="window", reads="future", required=True, example="+7d"),
        Field(name="place", label=say("Place"), predicate="place", reads="place", example="Taftan"),
        Field(name="items", label=say("On the agenda: matters and incidents"), predicate="subject", reads="names", most=40,
              example="WEST-R-7F3KQ2"),
        Field(name="agenda", label=say("Agenda, in words"), predicate="agenda", reads="words", example="Boats that drift over the line"),
        Field(name="offices", label=say("Offices that attend for us"), predicate="attends", reads="line",
              example="Sector Commander, liaison officer"),
    )),
)  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""A patrol that is planned near the line, and told so that nobody meets it unawares (F41).

planned ──▶ acknowledged ──▶ over; until it is over, whoever goes can give it another time, which is acknowledged anew, or cancel it

- What is told is an area, a time and whom to call; no unit, no strength, no name. It leaves as any record does: by two officers, and only
  where an agreement lets this kind leave. What was not told is known here alone, and checked against all the same.
- An acknowledgement says that the other side knows of it, and nothing else: it neither allows nor forbids (law 16).
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Field, Form

_AHEAD: Final = frozenset({"planned", "acknowledged", "postponed"})

PATROL: Final = Course(
    kind="patrol", label=say("Patrol that is planned"), first="planned", purposes=("prevention",),
    states={
        "planned": State(say("planned"), say("It was told; nobody has acknowledged it."), "info"),
        "acknowledged": State(say("acknowledged"), say("The other side knows of it."), "good"),
        "postponed": State(say("postponed"), say("It has another time now, which nobody has acknowledged."), "info"),
        "cancelled": State(say("cancelled"), say("It does not take place, or word of it was taken back."), "info"),
        "held": State(say("over"), say("Whoever went is back."), "info"),
    },
    moves={
        "acknowledge": Move(
            label=say("Acknowledge"), by="other", before=frozenset({"planned"}), after="acknowledged", borne="opening", verb="acknowledge",
        ),
        "postpone": Move(
            label=say("Give it another time"), by="opener", before=_AHEAD, after="postponed", borne="release", verb="propose",
            form=Form((
                Field(name="window", label=say("New time, from – to"), predicate="window", reads="window", required=True, example="+1d – +2d"),
                Field(name="says", label=say("In words"), predicate="statement", reads="words", example="The road is flooded."),
            )),
        ),
        "note": Move(
            label=say("Acknowledge the new time"), by="other", before=frozenset({"postponed"}), after="acknowledged", borne="move",
            verb="acknowledge",
        ),
        "cancel": Move(label=say("Cancel it"), by="opener", before=_AHEAD, after="cancelled", borne="move", verb="propose"),
        "hold": Move(label=say("It is over"), by="opener", before=_AHEAD, after="held", borne="move", verb="propose"),
        "recall": Move(label=say("Recalled"), by="opener", before=_AHEAD, after="cancelled", borne="recall", verb="recall"),
    },
    clocks={
        "acknowledge": Clock(label=say("Acknowledgement"), runs_in=frozenset({"planned", "postponed"}), owed_by="other", term="acknowledge_min"),
    },
    form=Form((
        Field(name="name", label=say("What it is called, without a unit"), predicate="concerns", reads="line", required=True,
              example="Along the road to the mark"),
        Field(name="domains", label=say("By land, sea or air"), predicate="domain", reads="code", codes=("land", "sea", "air"), required=True, most=3,
              example="land"),
        Field(name="area", label=say("Area: its corners, the first one again at the end"), predicate="place", reads="area", required=True,
              example="61.50, 28.90; 61.60, 28.90; 61.60, 29.00; 61.50, 29.00; 61.50, 28.90"),
        Field(name="window", label=say("Time, from – to"), predicate="window", reads="window", required=True, example="+24h – +30h"),
        Field(name="contact", label=say("Contact: office and channel"), predicate="contact", reads="line", required=True,
              example="Duty officer, hotline 2"),
        Field(name="says", label=say("In words"), predicate="statement", reads="words", example="Nobody crosses the line."),
    )),
)  # fmt: skip

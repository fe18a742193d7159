# SPDX-License-Identifier: Apache-2.0
"""An exercise, and the invitation to it: announced to each neighbour by itself, accepted, observed or declined, held, reported on (F38, F39).

invited ──▶ acknowledged ──▶ accepted / observing / declined ──▶ held ──▶ reported on
until it is held, whoever invited can postpone it (which asks again) or cancel it, and whoever was invited can answer otherwise

- What opens it is planning, and real. What is reported within an exercise is exercise data, and stands on an exercise node only (law 15).
- An invitation that nobody answers stays an invitation: its clock is told, and moves nothing.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Field, Form

DOMAINS: Final = ("land", "sea", "air", "cyber", "search_and_rescue", "disaster_relief", "other")
_UNANSWERED: Final = frozenset({"invited", "acknowledged", "postponed"})
_ANSWERED: Final = frozenset({"accepted", "observing", "declined"})
_AHEAD: Final = _UNANSWERED | _ANSWERED
REPORT_MIN: Final = 14 * 24 * 60
"""Within so many minutes after an exercise was held a report on it is due, where the agreement names no time."""
OVER: Final = frozenset({"cancelled", "held", "reported"})
"""States in which nothing is planned any more."""

EXERCISE: Final = Course(
    kind="exercise", label=say("Exercise, and the invitation to it"), first="invited",
    states={
        "invited": State(say("invited"), say("No answer is on record."), "info"),
        "acknowledged": State(say("acknowledged"), say("An officer has acknowledged the invitation; no answer is on record."), "warn"),
        "accepted": State(say("accepted"), say("Whoever was invited takes part."), "good"),
        "observing": State(say("observers come"), say("Whoever was invited sends observers, and does not take part."), "good"),
        "declined": State(say("declined"), say("Whoever was invited does not come."), "warn"),
        "postponed": State(say("postponed"), say("It has another time now, and the invitation to that is not answered yet."), "warn"),
        "cancelled": State(say("cancelled"), say("It does not take place, or the invitation was taken back."), "info"),
        "held": State(say("held"), say("It took place; no report on it has come yet."), "info"),
        "reported": State(say("reported on"), say("It took place, and a report on it is here."), "good"),
    },
    moves={
        "acknowledge": Move(
            label=say("Acknowledge"), by="other", before=frozenset({"invited"}), after="acknowledged", borne="opening", verb="acknowledge",
        ),
        "accept": Move(label=say("Take part"), by="other", before=_AHEAD - {"accepted"}, after="accepted", borne="move", verb="propose"),
        "observe": Move(label=say("Send observers"), by="other", before=_AHEAD - {"observing"}, after="observing", borne="move", verb="propose"),
        "decline": Move(label=say("Decline"), by="other", before=_AHEAD - {"declined"}, after="declined", borne="move", verb="propose"),
        "postpone": Move(
            label=say("Postpone"), by="opener", before=_AHEAD, after="postponed", borne="release", verb="propose",
            form=Form((
                Field(name="window", label=say("New time, from – to"), predicate="window", reads="window", required=True, example="+9d – +12d"),
                Field(name="says", label=say("In words"), predicate="statement", reads="words", example="The weather forbids it."),
            )),
        ),
        "report": Move(
            label=say("Report on it"), by="either", before=frozenset({"held", "reported"}), after="reported", borne="release", verb="propose",
            form=Form((
                Field(name="says", label=say("What was done, and what was learnt"), predicate="statement", reads="words", required=True,
                      example="Both desks reached each other on channel 16 in two minutes."),
            )),
        ),
        "cancel": Move(label=say("Cancel it"), by="opener", before=_AHEAD, after="cancelled", borne="move", verb="propose"),
        "hold": Move(label=say("It was held"), by="opener", before=_AHEAD, after="held", borne="move", verb="propose"),
        "recall": Move(label=say("Recalled"), by="opener", before=_AHEAD, after="cancelled", borne="recall", verb="recall"),
    },
    clocks={
        "acknowledge": Clock(label=say("Acknowledgement"), runs_in=frozenset({"invited"}), owed_by="other", term="acknowledge_min"),
        "answer": Clock(label=say("Answer to the invitation"), runs_in=_UNANSWERED, owed_by="other", term="answer_min", named="due"),
        "report": Clock(label=say("Report on the exercise"), runs_in=frozenset({"held"}), owed_by="opener", term="final_min",
                        otherwise_min=REPORT_MIN),
    },
    form=Form((
        Field(name="name", label=say("Name of the exercise"), predicate="concerns", reads="line", required=True,
              example="Joint search and rescue exercise"),
        Field(name="domains", label=say("Domains"), predicate="domain", reads="code", codes=DOMAINS, required=True, most=len(DOMAINS),
              example="sea, search_and_rescue"),
        Field(name="area", label=say("Area: its corners, the first one again at the end"), predicate="place", reads="area", required=True,
              example="61.4, 24.9; 61.7, 24.9; 61.7, 25.1; 61.4, 25.1; 61.4, 24.9"),
        Field(name="window", label=say("Time, from – to"), predicate="window", reads="window", required=True, example="+3d – +6d"),
        Field(name="phases", label=say("Phases, one a line: from – to: what"), predicate="phase", reads="windows", most=20,
              example="+3d – +4d: boarding drill"),
        Field(name="phase_areas", label=say("Areas of phases, one a line: what: corners"), predicate="phase_area", reads="areas", most=20,
              example="boarding drill: 61.5, 24.9; 61.6, 24.9; 61.6, 25.0; 61.5, 24.9"),
        Field(name="observers", label=say("Observers: how many may come, from when, to where"), predicate="observers", reads="words",
              example="Two observers, at the port office the day before."),
        Field(name="contact", label=say("Contact: office and channel"), predicate="contact", reads="line", required=True,
              example="Operations desk, VHF channel 16, hotline 2"),
        Field(name="says", label=say("In words"), predicate="statement", reads="words", example="No live firing."),
        Field(name="due", label=say("Answer asked for by"), predicate="due", reads="future", example="+2d"),
    )),
)  # fmt: skip

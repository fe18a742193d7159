# SPDX-License-Identifier: Apache-2.0
"""The hotline log: a call by telephone that one desk writes down and the other confirms with its signature (F26).

    noted ──▶ read ──confirm──▶ confirmed
      └─────────┴──"we remember it otherwise"──▶ remembered otherwise ──▶ theirs stands │ both texts stand
    whoever wrote it down may take it back until then; nobody deletes it

Offices called, offices answered: no field holds a person's name or a number (law 11). A desk that remembers the call otherwise says so by
a record of its own; nobody rewrites the first, and both stay (law 6).
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Field, Form

_WAITING: Final = frozenset({"noted", "read"})
_OPEN: Final = _WAITING | {"otherwise"}
_OTHERWISE: Final = frozenset({"otherwise"})
LINES: Final = ("hotline", "telephone", "radio", "satellite_phone", "other")
READ_BACK: Final = ("read_back", "not_read_back")

HOTLINE: Final = Course(
    kind="hotline_call", label=say("Hotline call"), first="noted",
    states={
        "noted": State(say("written down"), say("One desk wrote the call down; the other has not read it yet."), "info"),
        "read": State(say("read, not confirmed"), say("The other desk has read it, and has not said yet whether it was so."), "warn"),
        "confirmed": State(say("confirmed"), say("The other desk signed that the call was so."), "good"),
        "otherwise": State(say("remembered otherwise"), say("The other desk remembers the call otherwise, in a record of its own."), "warn"),
        "theirs": State(say("as the other desk has it"), say("Whoever wrote the call down signed that it was as the other desk has it."), "good"),
        "both": State(say("both texts stand"), say("The two desks remember the call differently; both texts stand, neither is preferred."), "warn"),
        "withdrawn": State(say("taken back"), say("Whoever wrote it down has taken it back."), "info"),
    },
    moves={
        "acknowledge": Move(label=say("Acknowledge"), by="other", before=frozenset({"noted"}), after="read", borne="opening", verb="acknowledge"),
        "confirm": Move(label=say("Confirm: so it was"), by="other", before=_OPEN, after="confirmed", borne="move", verb="acknowledge"),
        "otherwise": Move(
            label=say("We remember it otherwise"), by="other", before=_OPEN, after="otherwise", borne="release", verb="propose",
            form=Form((
                Field(name="said", label=say("What was said, as we remember it"), predicate="statement", reads="words", required=True,
                      example="We asked for the boats to be let go at first light."),
                Field(name="agreed", label=say("What was agreed, as we remember it"), predicate="arranged", reads="words",
                      example="An answer by the evening."),
            )),
        ),
        "theirs": Move(label=say("It was as they have it"), by="opener", before=_OTHERWISE, after="theirs", borne="move", verb="propose"),
        "both": Move(label=say("Let both texts stand"), by="opener", before=_OTHERWISE, after="both", borne="move", verb="propose"),
        "withdraw": Move(label=say("Take it back"), by="opener", before=_OPEN, after="withdrawn", borne="move", verb="propose"),
        "recall": Move(label=say("Recalled"), by="opener", before=_OPEN, after="withdrawn", borne="recall", verb="recall"),
    },
    clocks={
        "confirm": Clock(label=say("Confirmation"), runs_in=_WAITING, owed_by="other", term="acknowledge_min"),
        "settle": Clock(label=say("Word on the other text"), runs_in=_OTHERWISE, owed_by="opener", term="answer_min"),
    },
    form=Form((
        Field(name="when", label=say("When the call was"), predicate="occurred", reads="past", required=True, example="09:40"),
        Field(name="line", label=say("Over which line"), predicate="channel", reads="code", codes=LINES, required=True, example="hotline"),
        Field(name="caller", label=say("Office that called"), predicate="caller", reads="line", required=True, example="Sector Commander North"),
        Field(name="called", label=say("Office that answered"), predicate="called", reads="line", required=True, example="Duty office of the wing"),
        Field(name="said", label=say("What was said"), predicate="statement", reads="words", required=True,
              example="Two boats drifted over the line with engine failure; their crews are safe."),
        Field(name="agreed", label=say("What was agreed"), predicate="arranged", reads="words", example="They are towed back at first light."),
        Field(name="read_back", label=say("Read back on the line"), predicate="read_back", reads="code", codes=READ_BACK, required=True,
              example="read_back"),
        Field(name="subjects", label=say("Incidents or records it was about"), predicate="subject", reads="names", most=20,
              example="WEST-I-7F3KQ2"),
    )),
    verb="file", hurried=True,
)  # fmt: skip

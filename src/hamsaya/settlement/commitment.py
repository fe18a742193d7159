# SPDX-License-Identifier: Apache-2.0
"""Commitments: what a side is ready for, proposes, or invites to, up to its being done (F34, F35). A status never rises by itself.

readiness ──▶ proposed ──▶ invited ──▶ accepted ──▶ agreed ──▶ said to be done ──▶ done
whoever opened it speaks for itself; accepting, declining and confirming that it is done is the other side's word alone
whoever opened it may drop it or name what takes its place; nothing falls due, ends or rises because time passed

The rung on which it begins is the one that the record which opened it states. "Accepted" is the other side's word, "agreed" is the word of
whoever opened it that it holds as accepted: "invited" is not "agreed" (`intake/dealings.py` reads texts by the same rungs).
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Field, Form

LADDER: Final = ("readiness", "proposed", "invited", "accepted", "agreed", "said", "done")
"""The rungs from the lowest to the highest."""
FIRST: Final = ("readiness", "proposed", "invited")
"""On which a side can begin by its own word."""
_OFFERED: Final = frozenset(FIRST)
_HELD: Final = frozenset({"accepted", "agreed"})

COMMITMENT: Final = Course(
    kind="commitment", label=say("Commitment"), first="readiness", starts=_OFFERED,
    states={
        "readiness": State(say("readiness stated"), say("One side says that it is ready for it; it proposed nothing yet."), "info"),
        "proposed": State(say("proposed"), say("One side proposes it; the other has not answered."), "info"),
        "invited": State(say("invited"), say("One side invites the other; no answer is on record."), "warn"),
        "accepted": State(say("accepted"), say("The other side has accepted; whoever opened it has not confirmed it as agreed yet."), "info"),
        "agreed": State(say("agreed"), say("Both sides hold it as agreed; nobody says yet that it is done."), "warn"),
        "said": State(
            say("said to be done"), say("Whoever owes it says that it is done, with evidence; the other side has not confirmed it."), "info",
        ),
        "done": State(say("done"), say("The other side has confirmed that it is done."), "good"),
        "declined": State(say("declined"), say("The other side has declined."), "bad"),
        "replaced": State(say("replaced"), say("Another commitment takes its place."), "info"),
        "dropped": State(say("dropped"), say("Whoever opened it has dropped it."), "bad"),
    },
    moves={
        "propose": Move(label=say("Propose it"), by="opener", before=frozenset({"readiness"}), after="proposed", borne="move", verb="propose"),
        "invite": Move(
            label=say("Invite to it"), by="opener", before=frozenset({"readiness", "proposed"}), after="invited", borne="move", verb="propose",
        ),
        "accept": Move(label=say("Accept"), by="other", before=_OFFERED, after="accepted", borne="move", verb="propose"),
        "decline": Move(label=say("Decline"), by="other", before=_OFFERED | _HELD, after="declined", borne="move", verb="propose"),
        "agree": Move(label=say("Confirm as agreed"), by="opener", before=frozenset({"accepted"}), after="agreed", borne="move", verb="propose"),
        "report": Move(
            label=say("Say that it is done"), by="opener", before=frozenset({"agreed"}), after="said", borne="release", verb="propose",
            form=Form((
                Field(name="evidence", label=say("Records or incidents that show it"), predicate="evidence", reads="names", required=True, most=20,
                      example="WEST-R-7F3KQ2"),
                Field(name="says", label=say("In words"), predicate="statement", reads="words", example="The patrol was held on the day named."),
            )),
        ),
        "confirm": Move(label=say("Confirm that it is done"), by="other", before=frozenset({"said"}), after="done", borne="move", verb="propose"),
        "contest": Move(label=say("It is not done"), by="other", before=frozenset({"said"}), after="agreed", borne="move", verb="propose"),
        "replace": Move(
            label=say("Name what takes its place"), by="opener", before=frozenset({"agreed"}), after="replaced", borne="release", verb="propose",
            form=Form((
                Field(name="by", label=say("What takes its place"), predicate="subject", reads="names", required=True, example="WEST-R-7F3KQ2"),
            )),
        ),
        "drop": Move(label=say("Drop it"), by="opener", before=_OFFERED | _HELD, after="dropped", borne="move", verb="propose"),
        "recall": Move(label=say("Recalled"), by="opener", before=_OFFERED, after="dropped", borne="recall", verb="recall"),
    },
    clocks={
        "answer": Clock(label=say("Answer to the invitation"), runs_in=frozenset({"proposed", "invited"}), owed_by="other", term="answer_min"),
        "doing": Clock(label=say("To be done"), runs_in=frozenset({"accepted", "agreed", "said"}), owed_by="opener", term="", named="due"),
    },
    form=Form((
        Field(name="what", label=say("What is to be done"), predicate="concerns", reads="words", required=True,
              example="A joint patrol of the coast near the river's mouth"),
        Field(name="status", label=say("How far it has come"), predicate="status", reads="code", codes=FIRST, required=True, example="readiness"),
        Field(name="owner", label=say("Office that owes it"), predicate="owner", reads="line", example="Sector Commander"),
        Field(name="due", label=say("To be done by"), predicate="due", reads="future", example="+30d"),
        Field(name="rests", label=say("What it rests on: records or incidents"), predicate="evidence", reads="names", most=20,
              example="WEST-R-7F3KQ2"),
    )),
)  # fmt: skip

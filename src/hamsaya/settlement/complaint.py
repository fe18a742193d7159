# SPDX-License-Identifier: Apache-2.0
"""The complaint register: a complaint or protest about incidents, what it demands, the reply, closing it, and opening it again (F25).

    lodged ──▶ acknowledged ──▶ held over ──▶ replied ──▶ closed ──▶ opened again ──▶ replied …
    whoever lodged it may take it back while it is open; nobody deletes it

A holding reply ("it goes to the capital", "we look into it") is told and stops no clock: the reply that was asked for is still owed.
What can be replied holds no refusal: a complaint may be rejected, in an answer that stands beside it.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Field, Form

_OPEN: Final = frozenset({"lodged", "acknowledged", "held", "again"})
DEGREES: Final = ("complaint", "formal_protest")
DEMANDS: Final = (
    "explanation", "prevent_repetition", "stop_crossing_groups", "joint_inquiry", "return_of_what_was_taken", "return_of_persons", "removal",
    "restore_mark", "compensation", "apology", "meeting_at_line", "other",
)  # fmt: skip
CHANNELS: Final = ("desk", "hotline", "flag_meeting", "commissioner", "letter", "note_verbale", "ambassador_summoned", "other")
HOLDING: Final = ("inquiry_under_way", "will_convey", "other")
REPLIES: Final = ("accepted", "partly_accepted", "done", "regret", "not_of_this_side", "rejected", "other")

COMPLAINT: Final = Course(
    kind="complaint", label=say("Complaint or protest"), first="lodged",
    states={
        "lodged": State(say("lodged"), say("Nobody has acknowledged it yet."), "info"),
        "acknowledged": State(say("acknowledged"), say("An officer has acknowledged it; no reply has come yet."), "warn"),
        "held": State(say("held over"), say("A holding reply has come; the reply itself is still owed."), "warn"),
        "replied": State(say("replied to"), say("The other side has replied; whoever complained has not closed it."), "info"),
        "closed": State(say("closed"), say("Whoever complained has closed it."), "good"),
        "again": State(say("opened again"), say("Whoever complained opened it again; no further reply has come yet."), "warn"),
        "withdrawn": State(say("taken back"), say("Whoever complained has taken it back."), "info"),
    },
    moves={
        "acknowledge": Move(
            label=say("Acknowledge"), by="other", before=frozenset({"lodged"}), after="acknowledged", borne="opening", verb="acknowledge",
        ),
        "reply": Move(
            label=say("Reply"), by="other", before=_OPEN | {"replied"}, after="replied", borne="release", verb="propose",
            form=Form((
                Field(name="reply", label=say("Reply"), predicate="reply", reads="code", codes=REPLIES, required=True, most=3, example="regret"),
                Field(name="says", label=say("In words"), predicate="statement", reads="words",
                      example="The post has orders not to fire towards the line."),
            )),
        ),
        "hold": Move(
            label=say("Holding reply"), by="other", before=_OPEN, after="held", borne="release", verb="propose",
            form=Form((
                Field(name="reply", label=say("For now"), predicate="reply", reads="code", codes=HOLDING, required=True, example="inquiry_under_way"),
                Field(name="says", label=say("In words"), predicate="statement", reads="words", example="The sector commander looks into it."),
                Field(name="due", label=say("The reply is to come by"), predicate="due", reads="future", example="+5d"),
            )),
        ),
        "close": Move(label=say("Close it"), by="opener", before=frozenset({"replied"}), after="closed", borne="move", verb="propose"),
        "reopen": Move(
            label=say("Open it again"), by="opener", before=frozenset({"replied", "closed"}), after="again", borne="move", verb="propose",
        ),
        "withdraw": Move(label=say("Take it back"), by="opener", before=_OPEN, after="withdrawn", borne="move", verb="propose"),
        "recall": Move(label=say("Recalled"), by="opener", before=_OPEN | {"replied"}, after="withdrawn", borne="recall", verb="recall"),
    },
    clocks={
        "acknowledge": Clock(label=say("Acknowledgement"), runs_in=frozenset({"lodged"}), owed_by="other", term="acknowledge_min"),
        "reply": Clock(label=say("Reply"), runs_in=_OPEN, owed_by="other", term="answer_min", named="due"),
    },
    form=Form((
        Field(name="subjects", label=say("Incidents it is about"), predicate="subject", reads="names", required=True, most=20,
              example="WEST-I-7F3KQ2"),
        Field(name="degree", label=say("Lodged as"), predicate="lodged_as", reads="code", codes=DEGREES, required=True, example="complaint"),
        Field(name="demand", label=say("What is demanded"), predicate="demand", reads="code", codes=DEMANDS, required=True, most=4,
              example="explanation"),
        Field(name="says", label=say("In words"), predicate="statement", reads="words", required=True,
              example="Shots fell on our side of the line near the mark."),
        Field(name="due", label=say("Reply asked for by"), predicate="due", reads="future", example="+3d"),
        Field(name="channel", label=say("By which way it was lodged"), predicate="channel", reads="code", codes=CHANNELS, example="flag_meeting"),
        Field(name="lodged", label=say("When it was lodged that way"), predicate="reported", reads="past", example="09:40"),
        Field(name="reference", label=say("Number of the letter or note"), predicate="reference", reads="line", example="114/7"),
    )),
)  # fmt: skip

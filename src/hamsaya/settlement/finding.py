# SPDX-License-Identifier: Apache-2.0
"""The joint finding about an incident: a text of paragraphs that goes back and forth until both have signed the very same bytes (F22).

    proposed ──one signs──▶ signed by one ──the other signs──▶ signed
       ▲ └────────────────────┴──a side puts another text──▶ proposed: what was signed before is about the text before
    either may decline; whoever opened it may take it back, until both have signed

What each side still disputes stands in it as open points, and as remarks that only that side words (law 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.records import Record
from hamsaya.facts.values import Words
from hamsaya.facts.words import Text, say
from hamsaya.settlement.course import Course, Move, State

_OPEN: Final = frozenset({"proposed", "half"})
PARAGRAPHS: Final[dict[str, Text]] = {
    "agreed_fact": say("Agreed fact"),
    "open_point": say("Open point"),
    "remark": say("Remark of one side"),
}
"""Kinds of paragraph: predicates of a finding's claims."""
_TEXTS: Final = frozenset({*PARAGRAPHS, "agreed_text", "decided", "next_meeting", "press_text"})
"""Those of all texts that both sign (`settlement/minutes.py`)."""

FINDING: Final = Course(
    kind="finding", label=say("Joint finding"), first="proposed",
    states={
        "proposed": State(say("put forward"), say("A text is put forward; nobody has signed it yet."), "info"),
        "half": State(say("signed by one side"), say("One side has signed this text; the other has not yet."), "warn"),
        "signed": State(say("signed by both sides"), say("Both sides have signed the very same text."), "good"),
        "declined": State(say("declined"), say("One side has declined it; another text may be put forward."), "bad"),
        "withdrawn": State(say("taken back"), say("Whoever put it forward first has taken it back."), "info"),
    },
    moves={
        "text": Move(
            label=say("Put another text forward"), by="either", before=_OPEN | {"declined"}, after="proposed", borne="release", verb="negotiate",
        ),
        "sign": Move(label=say("Sign this text"), by="either", before=_OPEN, after="signed", halfway="half", borne="move", verb="agree"),
        "decline": Move(label=say("Decline it"), by="either", before=_OPEN, after="declined", borne="move", verb="negotiate"),
        "withdraw": Move(
            label=say("Take it back"), by="opener", before=_OPEN | {"declined"}, after="withdrawn", borne="move", verb="negotiate",
        ),
        "recall": Move(label=say("Recalled"), by="opener", before=_OPEN | {"declined"}, after="withdrawn", borne="recall", verb="recall"),
    },
    clocks={},
)  # fmt: skip


class Paragraph(msgspec.Struct, frozen=True):
    """One paragraph. `side` is the state whose remark it is; empty for what both would say."""

    kind: str
    text: str
    side: str = ""


class Changed(msgspec.Struct, frozen=True):
    """A paragraph beside the text before: `kept`, `added` or `removed`."""

    paragraph: Paragraph
    how: str


def text_of(record: Record) -> list[Paragraph]:
    """Return the paragraphs of a finding, or of another text that both sign, in order."""
    return [
        Paragraph(claim.predicate, claim.value.text, claim.speaker.side if claim.predicate == "remark" else "")
        for claim in record.claims
        if claim.predicate in _TEXTS and isinstance(claim.value, Words)
    ]


def changes(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> list[Changed]:
    """Return the text `after`, paragraph by paragraph beside the one `before`; what is gone stands where it stood."""
    told: list[Changed] = []
    rest = list(before)
    for paragraph in after:
        if paragraph in rest:
            at = rest.index(paragraph)
            told += [Changed(each, "removed") for each in rest[:at] if each not in after]
            del rest[: at + 1]
            told.append(Changed(paragraph, "kept"))
        else:
            told.append(Changed(paragraph, "kept" if paragraph in before else "added"))
    return told + [Changed(each, "removed") for each in rest if each not in after]


def words_of_others(text: Sequence[Paragraph], side: str, spoken: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the remarks in a text that are said to be of another side than `side` and that this side never wrote (`spoken`)."""
    return [each for each in text if each.kind == "remark" and each.side != side and each not in spoken]


def claims_of(text: Sequence[Paragraph]) -> list[Claim]:
    """Return the claims of a record that holds this text. How far a text under negotiation is to be trusted cannot be judged: F6."""
    return [
        Claim(
            id=f"p{number}", predicate=each.kind, value=Words(text=each.text), grade="F6",
            speaker=Speaker(kind="side", side=each.side) if each.kind == "remark" else Speaker(kind="own"),
        )
        for number, each in enumerate(text, 1)
    ]  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Commitments: those between this node and a neighbour, overdue first, and those of which only one side's word is here."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.commitments import Word, status_label, what_of, words_of_one_side
from hamsaya.desk.docket import docketed
from hamsaya.desk.roles import may
from hamsaya.facts.words import Text
from hamsaya.settlement.commitment import COMMITMENT
from hamsaya.web.data import builtins
from hamsaya.web.listing import NO_FILTER, Pager, address, after, pager
from hamsaya.web.matters import MatterRow, matter_row
from hamsaya.web.names import party_names
from hamsaya.web.pages.matters import matter_data
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit

_PAGE: Final = 100
"""So many words of one side stand on a page."""
_FROM: Final = "words"
"""What the address calls the word that a page of them begins with."""


class CommitmentRow(msgspec.Struct, frozen=True):
    """A commitment between two nodes."""

    row: MatterRow
    what: str


class RungRow(msgspec.Struct, frozen=True, kw_only=True):
    """One word on how far it has come."""

    label: Text
    side: str
    at: str
    """ISO day; empty where none is known."""
    said: bool
    """Whether that is the day on which it was said; else the document came out on it."""
    href: str
    statement: Statement


class WordRow(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment by the word of one side; the newest word first."""

    word: Word
    incident_href: str
    about: list[Statement]
    rungs: list[RungRow]


class CommitmentsView(msgspec.Struct, frozen=True, kw_only=True):
    """What commitments.html receives. `late` and `all` count those between nodes on every page."""

    rows: list[CommitmentRow]
    late: int
    all: int
    pager: Pager
    words: list[WordRow]
    words_all: int
    words_pager: Pager
    may_open: bool


def list_commitments(desk: Desk, visit: Visit) -> Answer:
    """List the commitments: those between nodes, what is due first in front, a page at a time; and what one side alone said of any."""
    with desk.node.ledger.reading() as book:
        names, sentences = party_names(book, visit.language), Sentences(book)
        held = docketed(desk.node, book, [COMMITMENT.kind], after(visit))
        rows = [CommitmentRow(matter_row(each, names, visit), what_of(each.record)) for each in held.matters]
        said = words_of_one_side(book)
        first = next((number for number, each in enumerate(said) if each.record == visit.query.get(_FROM)), 0)
        told, following = said[first : first + _PAGE], said[first + _PAGE : first + _PAGE + 1]
        words = [_word(each, sentences) for each in told]
    view = CommitmentsView(
        rows=rows, late=held.late, all=held.all, words=words, words_all=len(said),
        words_pager=Pager(
            first="/commitments" if first else "", next=address("/commitments", NO_FILTER, words=following[0].record) if following else ""
        ),
        may_open=may(visit.officer.role, COMMITMENT.verb),
        pager=pager("/commitments", visit, held.next),
    )  # fmt: skip
    data = {
        "commitments": [matter_data(each, visit) for each in held.matters], "late": view.late, "all": view.all, "next": held.next,
        "words": [builtins(each) for each in told], "words_all": len(said), "words_next": following[0].record if following else "",
    }  # fmt: skip
    return Page(template="commitments.html", view=view, data=data)


def _word(word: Word, sentences: Sentences) -> WordRow:
    return WordRow(
        word=word, incident_href=path_to("incidents", word.incident) if word.incident else "", about=[sentences.state(each) for each in word.about],
        rungs=[
            RungRow(label=status_label(each.status), side=each.side, at=each.at, said=bool(each.said and each.said.start),
                    href=path_to("records", each.record), statement=sentences.state(each.claim))
            for each in reversed(word.rungs)
        ],
    )  # fmt: skip


ROUTES = [Route("GET", "/commitments", "read", list_commitments)]

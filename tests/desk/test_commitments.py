# SPDX-License-Identifier: Apache-2.0
"""Commitments: a status never rises by itself; what only one side says stands as its word (F34, F35)."""

from __future__ import annotations

import pytest
from tests.conftest import release
from tests.desk.made import journal_size
from tests.desk.walk import officer

from hamsaya.desk.commitments import words_of_one_side
from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft
from hamsaya.desk.matters import matter_with, matters_held, matters_of, move_matter
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.values import Moment
from hamsaya.ledger.verify import verify_store
from hamsaya.settlement.commitment import FIRST, LADDER

SAYS = """Published Dec 27, 2019

“Iranian Navy has also been invited to attend a maritime exercise which will be held in February by the Pakistani Navy,” the Iranian Navy
commander said on December 10.
"""


def filed(desk, text, name="press.txt"):
    """File every commitment that a document speaks of, as an officer does."""
    _, drafts = add_document(desk.node, desk.officers["duty"], text, name=name)
    return [accept_draft(desk.node, desk.officers["duty"], each.draft, grade="B2").record for each in drafts if each.body.kind == "commitment"]


def words(desk):
    with desk.store.reading() as book:
        return words_of_one_side(book)


def stands(desk, record):
    with desk.store.reading() as book:
        return matter_with(desk.node, book, record)


@pytest.mark.shared
def test_aman_20_stands_at_invited_on_10_december_2019_with_no_answer_on_record(desk, shared):
    filed(desk, (shared / "documents" / "2019-12_cooperation-document.txt").read_bytes())
    told = words(desk)
    assert not any(rung.status in ("accepted", "agreed", "done") for word in told for rung in word.rungs)
    (aman,) = [word for word in told if word.rungs[-1].at == "2019-12-10"]
    (rung,) = aman.rungs
    assert (rung.status, rung.side, aman.answered) == ("invited", "IR", False)
    assert rung.claim.span is not None
    assert isinstance(rung.said, Moment)
    assert (rung.said.precision, rung.said.words) == ("day", "December 10")
    with desk.store.reading() as book:
        assert list(matters_held(desk.node, book, ["commitment"])) == []


def test_word_of_one_side_opens_nothing_between_two_nodes_even_when_it_is_passed_on(agreed):
    (record,) = filed(agreed.west, SAYS.encode())
    release(agreed.west, record.id)
    agreed.sync()
    for desk in (agreed.west, agreed.east):
        with desk.store.reading() as book:
            assert matters_of(desk.node, book, record.id) == []
        ((word,), (rung,)) = words(desk), words(desk)[0].rungs
        assert (word.record, rung.status, rung.at, word.answered) == (record.id, "invited", "2019-12-10", False)


@pytest.mark.parametrize("status", FIRST)
def test_it_begins_on_the_rung_that_its_opener_states_and_a_higher_one_cannot_be_stated(agreed, status):
    west, east = agreed.west, agreed.east
    filled = {"what": "A joint patrol of the coast", "status": status, "owner": "Sector Commander", "due": "+2d"}
    before = journal_size(west)
    for higher in (*LADDER[len(FIRST) :], "signed"):
        with pytest.raises(InputError):
            open_matter(west.node, officer(west, "file", "propose"), "commitment", Sheet(typed=filled | {"status": higher}))
    assert journal_size(west) == before
    record = open_matter(west.node, officer(west, "file", "propose"), "commitment", Sheet(typed=filled)).held.record.id
    release(west, record)
    agreed.sync()
    assert stands(west, record).standing.state == stands(east, record).standing.state == status


def test_it_is_overdue_on_both_desks_until_the_other_side_confirms_with_evidence(agreed):
    west, east = agreed.west, agreed.east
    filled = {"what": "A joint patrol of the coast", "status": "invited", "due": "+2d"}
    record = open_matter(west.node, officer(west, "file", "propose"), "commitment", Sheet(typed=filled)).held.record.id
    release(west, record)
    agreed.sync()
    with pytest.raises(Refused):
        move_matter(west.node, officer(west, "propose"), record, "accept")  # nobody accepts his own invitation
    move_matter(east.node, officer(east, "propose"), record, "accept")
    agreed.sync()
    move_matter(west.node, officer(west, "propose"), record, "agree")
    agreed.sync()
    due = stands(west, record).clock("doing").due_at
    west.clock.at = due.replace(year=due.year + 1)
    for desk in (west, east):
        held = stands(desk, record)
        assert (held.standing.state, held.clock("doing").due_at, held.clock("doing").late_s(desk.node.now()) > 0) == ("agreed", due, True)
    west.clock.at = due
    with pytest.raises(InputError):
        answer_matter(west.node, officer(west, "file", "propose"), record, "report", Sheet(typed={"says": "It was held."}))
    proof = west.file().record.id
    done = answer_matter(west.node, officer(west, "file", "propose"), record, "report", Sheet(typed={"evidence": proof})).held.record.id
    release(west, done)
    agreed.sync()
    assert stands(west, record).standing.state == stands(east, record).standing.state == "said"
    with pytest.raises(Refused):
        move_matter(west.node, officer(west, "propose"), record, "confirm")
    move_matter(east.node, officer(east, "propose"), record, "contest")
    agreed.sync()
    assert stands(west, record).standing.state == "agreed"
    assert stands(west, record).clock("doing").met_at is None  # it runs on: what was contested is not done
    assert verify_store(west.store).faults == verify_store(east.store).faults == []

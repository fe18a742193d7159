# SPDX-License-Identifier: Apache-2.0
"""The root of the first entries of a log is the one over the stored bytes, however much of it was added up before, and by whom."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import update

from hamsaya.desk.acts_access import OfficerAdded
from hamsaya.exchange.logs import journal_of
from hamsaya.ledger import tables as t
from hamsaya.ledger.marks import KEPT
from hamsaya.seal.merkle import Frontier, leaf_hash

LOG = journal_of("west")


def grow(desk, count):
    for number in range(count):
        with desk.store.writing() as pen:
            pen.journal(OfficerAdded(login=f"{len(pen.entries(LOG, 0, 999))}-{number}", office="o", role="officer", password="", language="en"),
                        desk.officers["duty"])  # fmt: skip


def true_root(book, size):
    frontier = Frontier()
    for entry in book.entries(LOG, 0, size):
        frontier.append(leaf_hash(entry.envelope))
    return frontier.root()


def test_every_size_has_the_root_of_its_entries_whatever_was_asked_before(desk):
    grow(desk, 20)
    for sizes in ([1, 2, 3, 9, 20], [20, 9, 3, 1], [5, 20, 19, 6, 7, 8, 5], [0, 4]):
        with desk.store.reading() as book:
            assert [book.root_at(LOG, size) for size in sizes] == [true_root(book, size) for size in sizes]
            assert book.root_at(LOG, 10_000) is None
        grow(desk, 1)
    assert len(desk.store.marks._held[LOG]) <= KEPT


def test_what_was_not_committed_leaves_no_mark(desk):
    grow(desk, 3)
    with suppress(RuntimeError), desk.store.writing() as pen:
        size = pen.journal(OfficerAdded(login="x", office="o", role="officer", password="", language="en"), desk.officers["duty"]) + 1
        lost = pen.root_at(LOG, size)
        raise RuntimeError
    grow(desk, 2)
    with desk.store.reading() as book:
        assert book.root_at(LOG, size) == true_root(book, size) != lost
        assert book.root_at(LOG, size + 1) == true_root(book, size + 1)


def test_mark_over_entries_that_are_not_there_any_more_is_not_believed(desk):
    grow(desk, 5)
    with desk.store.reading() as book:
        size = book.logs()[LOG]
        before = book.root_at(LOG, size)
        other = book.entries(LOG, 0, 1)[0].envelope
    with desk.store.changing() as db:  # another store in its place
        db.execute(update(t.ENTRY).where(t.ENTRY.c.log == LOG, t.ENTRY.c.seq == size - 1).values(envelope=other))
    with desk.store.reading() as book:
        assert book.root_at(LOG, size) == true_root(book, size) != before

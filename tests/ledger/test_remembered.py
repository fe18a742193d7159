# SPDX-License-Identifier: Apache-2.0
"""What is remembered from one transaction to the next is what the tables hold, whoever changed them and however."""

from __future__ import annotations

import os
import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import event, insert, select, update
from tests.conftest import REPORT, release
from tests.remembering import answers, wrongly_remembered

from hamsaya.desk.epochs import open_epoch
from hamsaya.desk.events import EVENTS, kind_of
from hamsaya.desk.keeping import free_link, hold_link
from hamsaya.desk.keychange import change_key, compare_key
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.exchange.logs import journal_of
from hamsaya.ledger import evidence
from hamsaya.ledger import tables as t
from hamsaya.ledger.book import SqlBook
from hamsaya.ledger.evidence import put, read_slice, slices_of
from hamsaya.ledger.remembered import LEAVES, LEAVES_ACCOUNTS, LEAVES_MATTERS, MOST, OF, OF_ACCOUNTS, OF_MATTERS, leaves
from hamsaya.ledger.sqlite import SqliteAdapter
from hamsaya.ledger.store import Store
from hamsaya.seal.keys import SigningKey


def test_acts_that_leave_it_alone_change_nothing_in_its_tables(lived_in, monkeypatch):
    seen, project = set(), evidence.project

    def watched(happened, db, act):
        tables = [*(OF if leaves(happened) else ()), *(OF_ACCOUNTS if type(happened) in LEAVES_ACCOUNTS else ()),
                  *(OF_MATTERS if type(happened) in LEAVES_MATTERS else ())]  # fmt: skip
        before = [db.execute(select(table)).all() for table in tables]
        project(happened, db, act)
        if tables:
            assert [db.execute(select(table)).all() for table in tables] == before, kind_of(happened)
            seen.add(type(happened))

    monkeypatch.setattr(evidence, "project", watched)
    for desk in (lived_in.west, lived_in.east):
        engine = SqliteAdapter(None, b"").open()
        with desk.store.reading() as book, engine.begin() as db:
            t.META.create_all(db)
            put(SqlBook(db), map(read_slice, slices_of(book)), desk.node.party)
        engine.dispose()
    assert seen >= LEAVES, "what no test has seen must not be named as leaving it alone"


def other_process(desk):
    """The same store as another process has it open."""
    return Store(desk.store.at, desk.store_key, party=desk.node.party, key=desk.node.key, now=desk.clock, random=os.urandom)


def suspends(pair):
    with pair.west.store.reading() as book:
        name = book.agreements()[0].agreement.table.id
    act_on_agreement(pair.west.node, pair.west.officers["commander"], name, "suspend", "Shots near the line.")


def changes_its_key(pair):
    successor = SigningKey(os.urandom(32))
    change_key(pair.west.node, successor, "planned")
    pair.west.node = replace(pair.west.node, key=successor)


def compares_the_key(pair):
    compare_key(pair.west.node, "east", pair.east.node.key.public.fingerprint(), pair.west.officers["admin"])


def holds(pair):
    hold_link(pair.west.node, "east", "An old disk was put in.")


def holds_and_frees(pair):
    holds(pair)
    free_link(pair.west.node, "east", "It was the right disk.")


def begins_anew(pair):
    holds(pair)
    open_epoch(pair.west.node, pair.west.officers["commander"], "east", "Its disk was lost.")


ACTS = [suspends, changes_its_key, compares_the_key, holds, holds_and_frees, begins_anew]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "by another process"])
@pytest.mark.parametrize("act", ACTS, ids=[act.__name__ for act in ACTS])
def test_what_an_act_changes_is_known_at_once_to_both_nodes_whoever_made_it(agreed, act, elsewhere):
    west, store = agreed.west, agreed.west.store
    assert wrongly_remembered(store) == wrongly_remembered(agreed.east.store) == []
    before = changed = None
    with store.reading() as book:
        before = answers(book)
    if elsewhere:
        store = other_process(west)
        west.node = replace(west.node, ledger=store)
    act(agreed)
    assert wrongly_remembered(west.store) == wrongly_remembered(store) == []
    with west.store.reading() as book:
        changed = answers(book)
    if act not in (compares_the_key, holds_and_frees):
        assert changed != before
    agreed.sync()
    assert wrongly_remembered(west.store) == wrongly_remembered(store) == wrongly_remembered(agreed.east.store) == []
    if elsewhere:
        store.close()


def test_what_came_to_nothing_is_not_remembered(agreed):
    store, officer = agreed.west.store, agreed.west.officers["admin"]
    held = EVENTS["link.held"](neighbour="east", reason="by hand")
    with suppress(RuntimeError), store.writing() as pen:
        pen.journal(held, officer)
        assert pen.holds()
        raise RuntimeError
    assert wrongly_remembered(store) == []
    with store.writing() as pen:
        assert not pen.holds()
        with suppress(RuntimeError), pen.attempt():
            pen.journal(held, officer)
            assert pen.holds()
            raise RuntimeError
        assert not pen.holds()
    assert wrongly_remembered(store) == []
    with store.writing() as pen, suppress(RuntimeError), pen.attempt():  # it asks for the first time within the attempt
        pen.journal(held, officer)
        assert pen.holds()
        raise RuntimeError
    with store.writing() as pen:
        pen.journal(held, officer)
    assert wrongly_remembered(store) == []
    with store.reading() as book:
        assert book.holds()


def test_moment_that_began_before_an_act_sees_what_stood_then_and_does_not_tell_it_to_later_ones(agreed):
    store = agreed.west.store
    with store.reading() as early:
        early.logs()  # its moment is now
        holds(agreed)
        assert wrongly_remembered(store) == []  # and the later one is remembered already
        assert early.holds() == SqlBook(early._db).holds() == []
    with store.reading() as book:
        assert [each.neighbour for each in book.holds()] == ["east"]


def test_store_that_was_put_in_this_ones_place_is_read_anew(agreed):
    store, other = agreed.west.store, other_process(agreed.west)
    log = journal_of("west")
    assert wrongly_remembered(store) == []
    with store.reading() as book:
        size, first = book.logs()[log], book.entries(log, 0, 1)[0].envelope
    with other.changing() as db:  # as long a journal, another history
        db.execute(update(t.ENTRY).where(t.ENTRY.c.log == log, t.ENTRY.c.seq == size - 1).values(envelope=first))
        db.execute(insert(t.HOLD).values(neighbour="east", since="2026-11-22T09:00:00+00:00", reason="restored", entry=size - 1))
    assert wrongly_remembered(store) == []
    with other.changing() as db:  # and a shorter one
        db.execute(t.ENTRY.delete().where(t.ENTRY.c.log == log, t.ENTRY.c.seq >= size - 2))
        db.execute(t.HOLD.delete())
    assert wrongly_remembered(store) == []
    with store.reading() as book:
        assert not book.holds()
    other.close()


def test_after_very_many_acts_of_another_process_all_is_read_anew(desk):
    other, officer = other_process(desk), desk.officers["duty"]
    assert wrongly_remembered(desk.store) == []
    elsewhere = replace(desk, node=replace(desk.node, ledger=other))
    elsewhere.file()
    for _ in range(MOST):
        with other.writing() as pen:
            pen.journal(EVENTS["report.filed"](token=os.urandom(16).hex(), record=""), officer)
    holding = EVENTS["link.held"](neighbour="east", reason="by hand")
    with other.writing() as pen:
        pen.journal(holding, officer)
    assert wrongly_remembered(desk.store) == []
    with desk.store.reading() as book:
        assert book.holds()
    other.close()


def statements_of_a_round(pair, day):
    """Let one release leave, and return the statements that its exchange cost both nodes."""
    release(pair.west, pair.west.file(REPORT.replace("12 November", f"{day} November")).record.id)
    asked = []
    engines = [desk.store.engine for desk in (pair.west, pair.east)]

    def note(_db, _cursor, statement, *_):
        asked.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    pair.sync()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return asked


def test_keys_parties_and_agreements_are_not_read_again_for_each_entry(agreed):
    statements_of_a_round(agreed, 13)
    asked = statements_of_a_round(agreed, 14)
    read = Counter(re.findall(r"FROM (\w+)", " ".join(asked)))
    assert {table.name: read[table.name] for table in OF if read[table.name]} == {}

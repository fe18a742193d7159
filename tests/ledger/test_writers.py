# SPDX-License-Identifier: Apache-2.0
"""Writers of one node take turns, whatever processes they are: a log has one next number, and a reader sees one moment."""

from __future__ import annotations

import threading

import pytest

from hamsaya.desk.acts_access import OfficerAdded
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.ledger import postgresql, sqlite
from hamsaya.ledger.store import Store
from hamsaya.ledger.turns import Turns
from hamsaya.ledger.verify import verify_store

EACH = 8


@pytest.fixture
def again(desk):
    """Open the store once more, as another process would."""
    opened = []

    def open_again() -> Store:
        opened.append(Store(desk.store.at, desk.store_key, party="west", key=desk.node.key, now=desk.clock, random=desk.node.random))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


def act(name: str) -> OfficerAdded:
    return OfficerAdded(login=name, office="o", role="officer", password="", language="en")


def test_acts_of_several_processes_at_once_stand_one_after_the_other(desk, again):
    gate, failed = threading.Barrier(3), []

    def write(store: Store, who: int) -> None:
        gate.wait()
        try:
            for number in range(EACH):
                with store.writing() as pen:
                    pen.journal(act(f"w{who}-{number}"), desk.officers["duty"])
        except Exception as error:  # noqa: BLE001  (shown by the assertion below)
            failed.append(error)

    threads = [threading.Thread(target=write, args=(again(), who)) for who in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    verified = verify_store(desk.store)
    assert verified.faults == []
    with desk.store.reading() as book:
        assert sum(each.login.startswith("w") for each in book.officers()) == 3 * EACH


def test_a_reader_sees_one_moment_and_waits_for_nobody(desk, again):
    other = again()
    with desk.store.reading() as book:
        before = len(book.officers())
        with other.writing() as pen:
            pen.journal(act("late"), desk.officers["duty"])
            assert len(book.officers()) == before
        assert len(book.officers()) == before
    with desk.store.reading() as book:
        assert len(book.officers()) == before + 1


def test_who_waits_too_long_is_told_that_the_ledger_is_busy(desk, again, monkeypatch):
    for room in (sqlite, postgresql):
        monkeypatch.setattr(room, "BUSY_MS", 200)
    other = again()
    with desk.store.writing(), pytest.raises(OperatorError, match="busy"), other.writing():
        pass
    with other.writing() as pen:
        pen.journal(act("then"), desk.officers["duty"])


def test_a_block_that_raises_leaves_nothing_and_the_transaction_of_an_attempt_goes_on(desk):
    with desk.store.reading() as book:
        before = book.logs()
    with pytest.raises(ZeroDivisionError), desk.store.writing() as pen:  # noqa: PT012  (what raises is the block)
        pen.journal(act("gone"), desk.officers["duty"])
        raise ZeroDivisionError
    with desk.store.reading() as book:
        assert book.logs() == before
    with desk.store.writing() as pen:
        pen.journal(act("one"), desk.officers["duty"])
        with pytest.raises(InputError, match="already"), pen.attempt():  # noqa: PT012  (as above)
            pen.journal(act("two"), desk.officers["duty"])
            pen.journal(act("one"), desk.officers["duty"])
        pen.journal(act("three"), desk.officers["duty"])
    with desk.store.reading() as book:
        assert {each.login for each in book.officers()} >= {"one", "three"}
        assert not any(each.login in {"two", "gone"} for each in book.officers())
    assert verify_store(desk.store).faults == []


_FEW = 100
"""A busy machine may let the other thread go on for a while before this one has said that it waits; without turns it went on for thousands."""


def test_writer_that_waits_comes_next_though_another_goes_on_writing(desk):
    """Before writers took turns, one thread that wrote act after act kept all others out."""
    wrote, over = [], threading.Event()

    def go_on():
        while not over.is_set():
            with desk.store.writing() as pen:
                pen.journal(act(f"on-{len(wrote)}"), desk.officers["duty"])
            wrote.append("on")

    busy = threading.Thread(target=go_on)
    busy.start()
    try:
        for number in range(5):
            before = len(wrote)
            with desk.store.writing() as pen:
                pen.journal(act(f"now-{number}"), desk.officers["duty"])
            assert len(wrote) - before <= _FEW
    finally:
        over.set()
        busy.join(60)


def test_turn_that_does_not_come_is_not_waited_for_for_ever():
    turns, order = Turns(), []
    with turns.turn(1):
        with turns.turn(0.01):
            order.append("inner")
        order.append("outer")
    with turns.turn(1):
        order.append("after")
    assert order == ["inner", "outer", "after"]
    assert not turns._waiting

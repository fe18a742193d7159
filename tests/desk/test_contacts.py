# SPDX-License-Identifier: Apache-2.0
"""Contact is proven by what a neighbour signed: not by a socket, not by the same file read twice, not by what breaks the rules."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from hamsaya.desk.contacts import links_now, wait_s
from hamsaya.desk.converse import answer, receive_carried, synchronise
from hamsaya.desk.offering import write_for
from hamsaya.exchange.bundle import Bundle, write_bundle
from hamsaya.facts.errors import LinkError, NeighbourError
from hamsaya.facts.words import say
from hamsaya.ledger.store import SqlPen
from hamsaya.seal.keys import SigningKey


def link(desk):
    with desk.store.reading() as book:
        return links_now(desk.node, book)[0]


def test_an_exchange_proves_contact_on_both_sides_and_time_takes_it_away(pair):
    assert [link(pair.west).kind, link(pair.east).kind] == ["never", "never"]
    pair.sync()
    assert [(each.kind, each.way) for each in map(link, (pair.west, pair.east))] == [("proven", "called"), ("proven", "answered")]
    proven = link(pair.west).proven
    assert pair.west.clock() - proven < timedelta(seconds=1)
    pair.west.clock.at += timedelta(seconds=54)
    assert link(pair.west).kind == "proven"
    pair.west.clock.at += timedelta(seconds=2)
    assert [each.kind for each in map(link, (pair.west, pair.east))] == ["silent", "silent"]
    assert link(pair.west).proven == proven


def test_contact_is_kept_with_what_the_bundle_brought_and_not_where_that_is_taken_back(pair, monkeypatch):
    pair.sync()
    before = link(pair.east).proven
    for desk in (pair.west, pair.east):
        monkeypatch.setattr(desk.store, "working", lambda: pytest.fail("what is known of the link is no transaction of its own"))
        desk.clock.at += timedelta(minutes=1)
    pair.sync()
    assert [each.proven > before for each in map(link, (pair.west, pair.east))] == [True, True]

    kept = link(pair.east)
    pair.east.clock.at += timedelta(minutes=1)
    with pair.west.store.reading() as book:
        bundle = write_for(pair.west.node, book, "east")
    monkeypatch.setattr(SqlPen, "seal_heads", lambda _: (_ for _ in ()).throw(OSError("the power goes")))
    with pytest.raises(OSError, match="power"):
        answer(pair.east.node, bundle, "west")
    assert link(pair.east).proven == kept.proven


def test_what_answers_without_the_neighbours_signature_proves_nothing(pair):
    stranger = SigningKey(bytes(32))
    forged = write_bundle(Bundle(sender="east", receiver="west", at=pair.west.clock()), stranger)
    for said in (b"HTTP/1.1 200 OK", forged):
        with pytest.raises(NeighbourError):
            synchronise(pair.west.node, "east", lambda *_, said=said: said)
    state = link(pair.west)
    assert (state.kind, state.proven, state.failures) == ("never", None, 2)
    assert "not signed by its key" in str(state.failure)


def test_a_file_proves_contact_for_the_time_at_which_it_was_written_and_no_more_when_it_is_read_again(pair):
    with pair.east.store.reading() as book:
        old = write_for(pair.east.node, book, "west")
    written = pair.east.clock.at
    pair.west.clock.at += timedelta(hours=5)
    receive_carried(pair.west.node, old)
    state = link(pair.west)
    assert (state.kind, state.way, state.warning) == ("silent", "file", None)
    assert abs(state.proven - written) < timedelta(seconds=1)
    pair.sync()
    called = link(pair.west)
    pair.west.clock.at += timedelta(hours=1)
    receive_carried(pair.west.node, old)
    assert link(pair.west) == msgspec.structs.replace(called, kind="silent")


def test_a_failure_is_kept_with_its_reason_and_the_next_try_and_does_not_hide_what_the_neighbours_own_calls_prove(pair):
    def cut(*_):
        raise LinkError(say("{party} cannot be reached", party="east"))

    with pytest.raises(LinkError):
        synchronise(pair.west.node, "east", cut)
    state = link(pair.west)
    assert (state.failures, str(state.warning), state.failed) == (1, "east cannot be reached", state.failed)
    assert pair.west.clock() - state.failed < timedelta(seconds=1)
    assert timedelta(seconds=3) < state.due - pair.west.clock() < timedelta(seconds=7)
    synchronise(pair.east.node, "west", pair.carry(pair.east, pair.west))
    with pytest.raises(LinkError):
        synchronise(pair.west.node, "east", cut)
    state = link(pair.west)
    assert (state.kind, state.warning, str(state.failure)) == ("proven", None, "east cannot be reached")
    pair.west.clock.at += timedelta(minutes=2)
    assert (link(pair.west).kind, str(link(pair.west).warning)) == ("silent", "east cannot be reached")


@pytest.mark.parametrize("chance", [0, 128, 255])
def test_waits_double_are_capped_and_differ_by_chance(chance):
    waits = [wait_s(failures, chance, 300) for failures in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] <= 300
    assert 3.75 <= waits[0] <= 6.25
    assert wait_s(3, 0, 300) < wait_s(3, 255, 300)


def test_the_doctor_names_the_neighbour_that_is_not_reached_and_why(pair):
    from hamsaya.desk.health import check_book

    def cut(*_):
        raise LinkError(say("{party} cannot be reached", party="east"))

    with pytest.raises(LinkError):
        synchronise(pair.west.node, "east", cut)
    with pair.west.store.reading() as book:
        found = {each.code: str(each.what) for each in check_book(pair.west.node, book)}
    assert found["link-warning"] == "The last visit to east: east cannot be reached"

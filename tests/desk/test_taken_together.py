# SPDX-License-Identifier: Apache-2.0
"""Releases that come together are one act in the receiver's journal, and a faulty one among them is found and stands alone in quarantine."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import event
from tests.conftest import REPORT, release
from tests.desk.forged import copy_of, forge
from tests.desk.test_quarantine import notices

from hamsaya.desk import offering
from hamsaya.desk.converse import answer, synchronise
from hamsaya.desk.distress import send_distress
from hamsaya.exchange.bundle import read_bundle
from hamsaya.exchange.logs import journal_of
from hamsaya.facts.distress import Call
from hamsaya.facts.values import Place
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical


def acts(desk, kind):
    with desk.store.reading() as book:
        journal = journal_of(desk.node.party)
        return sum(entry.header().kind == kind for entry in book.entries(journal, 0, 10_000))


@pytest.fixture
def many(agreed):
    west = agreed.west
    held = [release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id) for day in (11, 12, 13)]
    return agreed, held


def test_many_releases_are_one_act_and_each_is_in_the_inbox(many):
    pair, held = many
    before = acts(pair.east, "mirror.extended")
    pair.sync()
    assert acts(pair.east, "mirror.extended") - before <= 2  # the releases, and what the link log brought
    with pair.east.store.reading() as book:
        assert {item.subject for item in book.inbox() if item.kind == "release"} == {each.record for each in held}
    with pair.west.store.reading() as book:
        assert {each.condition for each in book.releases()} == {"receipted"}
    verify_store(pair.east.store)


def test_effect_that_fails_is_quarantined_alone(many, monkeypatch):
    pair, held = many
    from hamsaya.ledger import received

    real = received._record_row

    def failing(act, at, came, record):
        if came.header.about["release"] == held[1].release:
            raise RuntimeError("a fault of ours")
        return real(act, at, came, record)

    monkeypatch.setattr(received, "_record_row", failing)
    pair.sync()
    assert [each.seq for each in notices(pair.west)] == [held[1].seq]
    with pair.west.store.reading() as book:
        assert [book.release(each.release).condition for each in held] == ["receipted", "quarantined", "receipted"]
    verify_store(pair.east.store)


def test_the_same_release_twice_in_one_bundle_is_judged_in_the_light_of_the_first(many):
    pair, held = many
    forge(pair.west, held[0], canonical(copy_of(pair.west, held[0])))
    pair.sync()
    with pair.east.store.reading() as book:
        assert sorted(item.state for item in book.inbox() if item.kind == "release") == ["new"] * 4
        assert len(book.records()) == 3
    verify_store(pair.east.store)


def test_call_of_distress_made_while_much_is_under_way_goes_with_the_next_message(many, monkeypatch):
    pair, _ = many
    monkeypatch.setattr(offering, "BUNDLE_BYTES", 1)  # one entry a message: much takes many
    west, seen = pair.west, []

    def exchange(_, data):
        bundle = read_bundle(data, west.node.key.public, sender="west", receiver="east")
        seen.append([offer.log.split("/")[0] for offer in bundle.offers if offer.entries])
        if len(seen) == 1:
            send_distress(west.node, west.officers["duty"], Call(what=["medical"], place=Place(words="Mirjaveh", precision="settlement")))
        return answer(pair.east.node, data)

    synchronise(west.node, "east", exchange)
    assert "distress" not in seen[0]
    assert seen[1][0] == "distress"
    assert len(seen) >= 3  # releases were still waiting
    with pair.east.store.reading() as book:
        assert len(book.calls()) == 1


def statements_of(pair, count, first):
    """Let so many releases leave, and return the statements that their exchange cost both nodes."""
    for day in range(first, first + count):
        release(pair.west, pair.west.file(REPORT.replace("12 November", f"{day} November")).record.id)
    asked = []
    stores = [desk.store.engine for desk in (pair.west, pair.east)]

    def note(_db, _cursor, statement, *_):
        asked.append(statement)

    for engine in stores:
        event.listen(engine, "before_cursor_execute", note)
    pair.sync()
    for engine in stores:
        event.remove(engine, "before_cursor_execute", note)
    return asked


def test_more_releases_in_one_bundle_cost_no_more_statements(agreed):
    statements_of(agreed, 1, 1)  # the first ones also tell of the agreement
    few, many = statements_of(agreed, 2, 2), statements_of(agreed, 6, 4)
    assert Counter(each[:60] for each in many) == Counter(each[:60] for each in few)
    with agreed.east.store.reading() as book:
        assert len(book.records()) == 9
    verify_store(agreed.east.store)
    verify_store(agreed.west.store)

# SPDX-License-Identifier: Apache-2.0
"""Erasure, when the other things happen that happen to a node: a fork, a set-back, a new key, and a neighbour that asks for what is not its own."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import REPORT, release
from tests.desk.test_epochs import begin
from tests.desk.test_erasing import MARKS, condition, erase, found, sound, warn
from tests.desk.test_key_change import change
from tests.desk.test_recalls import answered, recall
from tests.desk.test_refilling import evidence, set_back
from tests.desk.three import inbox, quarantine

from hamsaya.desk.converse import receive
from hamsaya.desk.erasing import confirm_erasure, refuse_erased
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.keeping import hold_link
from hamsaya.desk.offering import write_for
from hamsaya.exchange.bundle import claimed_bundle, write_bundle
from hamsaya.exchange.erasures import ErasureAsked, ErasureConfirmed
from hamsaya.exchange.logs import link_log
from hamsaya.facts.errors import NeighbourError
from hamsaya.seal.canonical import canonical


@pytest.fixture
def forked(agreed, tmp_path):
    """West released a record that says the marks, was set back unaware, and released another one at the same place."""
    west = agreed.west
    kept = evidence(west)
    lost = warn(west)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    other = warn(west)
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    hold_link(west.node, "east", "nothing gets through any more")
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    return agreed, lost, other


def settled(pair, held):
    """Confirm at east what west asked, and tell it."""
    pair.sync()
    with pair.east.store.reading() as book:
        asked = [each for each in book.erasures() if each.record == held.record and each.confirmed is None]
    for each in asked:
        confirm_erasure(pair.east.node, pair.east.officers["approver"], each.log, each.seq)
    pair.sync()


def says(book, bundle, record):
    """Say whether a bundle that is kept as evidence tells what a record says."""
    data = book.document_bytes(bundle)
    claimed, _ = claimed_bundle(data) if data else (None, "")
    offers = [*claimed.offers, *(claimed.returns or [])] if claimed else []
    return any(sent.content and record in sent.content and MARKS[0] in sent.content for offer in offers for sent in offer.entries)


def now(desk, held):
    with desk.store.reading() as book:
        return book.release(held.release)


def test_both_of_two_forked_histories_are_gone_after_an_epoch_and_only_what_was_asked(forked):
    pair, lost, other = forked
    west, east = pair.west, pair.east
    begin(west)
    pair.sync()
    erase(west, lost.record)
    assert now(west, other).content == other.content
    sound(west, east)
    with west.store.reading() as book:
        (entry,) = book.entries(now(west, other).log, now(west, other).seq, 1)
        assert entry.content is not None
    settled(pair, now(west, lost))
    erase(west, other.record)
    settled(pair, now(west, other))
    assert (condition(west, lost), condition(west, other)) == ("erasure confirmed", "erasure confirmed")
    assert found(west) == set()
    sound(west, east)
    assert found(east) == set()


def test_erased_release_is_not_sent_anew_by_an_epoch(agreed):
    west, east = agreed.west, agreed.east
    held = warn(west)  # no receipt for it is here
    erase(west, held.record)
    hold_link(west.node, "east", "its end is not known")
    begin(west)
    assert condition(west, held) == "erasure asked"
    agreed.sync()
    with east.store.reading() as book:
        assert [each for each in book.records() if each.record.id == held.record] == []
    sound(west, east)


def test_request_that_names_a_record_of_ours_takes_nothing_from_it(agreed):
    west, east = agreed.west, agreed.east
    own = warn(east, to="west")
    log = own.log.replace("east/west", "west/east")
    act = ErasureAsked(log=log, seq=40, record=own.record, version=1, reason="mistake", office="x", at=west.node.now())
    with west.node.ledger.writing() as pen:
        pen.extend(link_log("west", "east"), "erasure.asked", canonical(act), OPERATOR)
    agreed.sync()
    assert found(east)
    assert inbox(east, "erasure.asked")[0].state == "quarantined"
    with east.store.reading() as book:
        refuse_erased(book, own.record)
    agreed.sync()
    sound(west, east)


def test_record_is_erased_under_another_key_than_it_was_filed_with(agreed):
    west, east = agreed.west, agreed.east
    held = warn(west)
    agreed.sync()
    change(west)
    agreed.sync()
    erase(west, held.record)
    sound(west)
    settled(agreed, held)
    assert found(west) | found(east) == set()
    sound(west, east)
    change(west)
    agreed.sync()
    sound(west, east)


def test_bundle_kept_as_evidence_goes_with_its_record(forked):
    pair, lost, other = forked
    with pair.east.store.reading() as book:
        assert [each.bundle for each in book.quarantined() if says(book, each.bundle, other.record)]
    begin(pair.west)
    pair.sync()
    for held in (lost, other):
        erase(pair.west, held.record)
        settled(pair, now(pair.west, held))
    with pair.east.store.reading() as book:
        assert [each.bundle for each in book.quarantined() for held in (lost, other) if says(book, each.bundle, held.record)] == []


def test_evidence_that_comes_after_the_erasure_is_not_kept_with_what_was_erased(agreed, tmp_path):
    """A neighbour that was set back to before its own erasure, and does not know it, sends the copy again in a bundle that forks."""
    west, east = agreed.west, agreed.east
    held = warn(west)
    kept = evidence(west)  # before the receipt came: it sends it again
    agreed.sync()
    erase(west, held.record)
    settled(agreed, held)
    release(west, west.file().record.id)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    release(west, west.file(REPORT.replace("12 November", "16 November")).record.id)
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    with east.store.reading() as book:
        assert [each.sender for each in book.quarantined()] == ["west"]
    assert found(east) == set()
    sound(east)


def test_evidence_of_the_fork_goes_with_the_one_that_was_sent_anew(forked):
    pair, lost, other = forked
    west, east = pair.west, pair.east
    begin(west)
    pair.sync()
    assert now(west, other).log != lost.log
    erase(west, other.record)
    settled(pair, now(west, other))
    with east.store.reading() as book:
        assert [each.bundle for each in book.quarantined() if says(book, each.bundle, other.record)] == []
    sound(west, east)


def test_copy_that_came_before_the_epoch_and_again_after_it_is_gone_twice(agreed):
    west, east = agreed.west, agreed.east
    held = warn(west)
    with west.store.reading() as book:
        receive(east.node, write_for(west.node, book, "east"))  # its receipt never comes back
    hold_link(west.node, "east", "its end is not known")
    begin(west)
    agreed.sync()
    assert now(west, held).log != held.log
    erase(west, held.record)
    settled(agreed, now(west, held))
    assert condition(west, held) == "erasure confirmed"
    assert found(west) == set()
    sound(west, east)
    assert found(east) == set()


def test_our_own_entries_in_a_bundle_kept_as_evidence_go_with_the_record(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    held = warn(west)
    agreed.sync()
    set_back(west, kept, tmp_path)
    with east.store.reading() as book:
        sizes = {name: 0 for name in book.logs() if name.split("/")[-2:] == ["west", "east"]}
        good = claimed_bundle(write_for(east.node, book, "west", lost=sizes))[0]
    assert any(sent.content and MARKS[0] in sent.content for offer in good.returns for sent in offer.entries)
    broken = msgspec.structs.replace(good, have={**good.have, good.offers[0].log: -1})
    with pytest.raises(NeighbourError):
        receive(west.node, write_bundle(broken, east.node.key))
    assert found_in_evidence(west, held.record)
    agreed.sync()
    erase(west, held.record)
    assert not found_in_evidence(west, held.record)
    assert found(west) == set()
    sound(west)


def found_in_evidence(desk, record):
    with desk.store.reading() as book:
        return [each.bundle for each in book.quarantined() if says(book, each.bundle, record)]


def test_recall_beyond_the_mark_is_answered_under_the_epoch_and_both_say_so(agreed):
    west, east = agreed.west, agreed.east
    held = warn(west)
    with west.store.reading() as book:
        receive(east.node, write_for(west.node, book, "east"))  # its receipt never comes back
    recall(west, held)
    hold_link(west.node, "east", "its end is not known")
    begin(west)
    agreed.sync()
    answered(east, held)
    agreed.sync()
    assert condition(west, held) == "recall answered"
    with east.store.reading() as book:
        assert [each.withdrawn_why != "" for each in book.versions(held.record)] == [True]
    sound(west, east)
    erase(west, held.record)
    settled(agreed, held)
    assert found(west) | found(east) == set()
    assert condition(west, held) == "erasure confirmed"
    sound(west, east)


@pytest.mark.parametrize("receipted", [True, False], ids=["receipt here", "no receipt here"])
def test_node_set_back_to_before_its_erasure_and_begun_anew_erases_again(agreed, tmp_path, receipted):
    """Nobody held its link: its own request comes back as an entry of a closed log, after the record stands whole again."""
    west, east = agreed.west, agreed.east
    held = warn(west)
    kept = evidence(west)
    agreed.sync()
    kept = evidence(west) if receipted else kept
    erase(west, held.record)
    settled(agreed, held)
    set_back(west, kept, tmp_path, sure=True)
    assert found(west)
    hold_link(west.node, "east", "it goes on from an old copy")
    begin(west)
    agreed.sync()
    assert found(west) == set()
    assert found(east) == set()  # it was confirmed: nothing of it is taken again
    settled(agreed, now(west, held))
    agreed.sync()
    assert found(west) | found(east) == set()
    assert condition(west, held) == "erasure confirmed"
    with west.store.reading() as one, east.store.reading() as other:
        assert all(each.confirmed for each in one.erasures())
        assert {(each.log, each.seq) for each in one.erasures()} == {(each.log, each.seq) for each in other.erasures()}
    sound(west, east)


def test_receiver_set_back_to_before_its_confirmation_and_begun_anew_erases_again(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    held = warn(west)
    agreed.sync()
    erase(west, held.record)
    agreed.sync()
    kept = evidence(east)
    settled(agreed, held)
    set_back(east, kept, tmp_path, sure=True)
    assert found(east)
    hold_link(east.node, "west", "it goes on from an old copy")
    begin(east, "west")
    agreed.sync()
    assert found(east) == set()
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures()
        assert all(each.confirmed for each in other.erasures())
    assert inbox(east, "erasure.asked")[0].state != "new"
    sound(west, east)


@pytest.mark.parametrize("asked", [True, False], ids=["asked of another", "asked of nobody"])
def test_third_party_confirms_nothing_that_was_not_asked_of_it(three, asked):
    west, east, north = three.west, three.east, three.north
    held = warn(east, to="west")
    three.sync()
    if asked:
        erase(east, held.record)
    act = ErasureConfirmed(log=held.log, seq=held.seq, onward=[], office="x", at=north.node.now())
    with north.node.ledger.writing() as pen:
        pen.extend(link_log("north", "east"), "erasure.confirmed", canonical(act), OPERATOR)
    three.sync()
    assert quarantine(east) == ["It confirms an erasure that this node never asked of north."]
    assert condition(east, held) == ("erasure asked" if asked else "receipted")
    with east.store.reading() as book:
        assert [each.confirmed for each in book.erasures()] == ([None] if asked else [])
    sound(east, west, north)

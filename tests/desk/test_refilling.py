# SPDX-License-Identifier: Apache-2.0
"""A node that was set back signs nothing for a neighbour until its own entries are back, and then goes on where it was."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from tests.conftest import REPORT, START, release

from hamsaya.desk import offering
from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.converse import answer, receive, synchronise
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.keeping import free_link, hold_link, note_restored
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import trust_neighbour
from hamsaya.desk.terms import sample_terms
from hamsaya.exchange.bundle import Bundle, read_bundle, send_entry, write_bundle
from hamsaya.facts.errors import InputError, NeighbourError, Refused
from hamsaya.ledger.evidence import fill, read_slice, slices_of
from hamsaya.ledger.store import Store
from hamsaya.ledger.verify import verify_store


def evidence(desk):
    with desk.store.reading() as book:
        return [read_slice(data) for data in slices_of(book)]


def set_back(desk, kept, folder, *, sure=False, note=True):
    """Put the node back to what it held once, in a new store."""
    desk.store.close()
    store = Store(folder / f"{desk.node.party}-again.db", os.urandom(32), party=desk.node.party, key=desk.node.key, now=desk.clock, random=os.urandom)
    store.create()
    fill(store, iter(kept))
    desk.store, desk.node = store, replace(desk.node, ledger=store)
    if note:
        note_restored(desk.node, made_at=desk.clock(), journal=0, nothing_sent_since=sure)


def holds(desk):
    with desk.store.reading() as book:
        return [held.neighbour for held in book.holds()]


def logs(desk):
    """The signed bytes of every log that runs between the two."""
    with desk.store.reading() as book:
        return {log: [entry.envelope for entry in book.entries(log, 0, size)] for log, size in book.logs().items() if not log.startswith("journal/")}


def seen(desk):
    with desk.store.reading() as book:
        return (
            {each.release: (each.condition, each.record, each.purpose, each.clause, each.content) for each in book.releases() if each.log},
            {(item.log, item.seq): (item.kind, item.state, item.opened_by) for item in book.inbox()},
            {(held.agreement.table.id, tuple(sorted(held.signatures))) for held in book.agreements()},
        )


def test_node_that_was_set_back_gets_everything_back_and_goes_on(pair, tmp_path):
    west, east = pair.west, pair.east
    kept = evidence(west)  # before anything was agreed
    pair.agree()
    sent = [release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id) for day in (12, 14)]
    theirs = release(east, east.file(REPORT.replace("One", "Two")).record.id)
    pair.sync()
    acknowledge(west.node, west.officers["duty"], theirs.log, theirs.seq)
    acknowledge(east.node, east.officers["duty"], sent[0].log, sent[0].seq)
    pair.sync()
    before, told = logs(west), seen(west)
    set_back(west, kept, tmp_path)
    assert holds(west) == ["east"]
    pair.sync()
    assert holds(west) == []
    assert logs(west) == before == logs(east)
    assert seen(west) == told
    with west.store.reading() as book:  # what left is there again as the copy that left
        own = {held.record.id: held for held in book.records() if not held.received_from}
    assert {each.record for each in sent} == set(own)
    assert all(held.released_in for held in own.values())
    more = release(west, west.file(REPORT.replace("12 November", "18 November")).record.id)
    pair.sync()
    with west.store.reading() as book:
        assert book.release(more.release).condition == "receipted"
    for side in (west, east):
        assert verify_store(side.store).faults == []
        with side.store.reading() as book:
            assert book.quarantined() == []


@pytest.mark.parametrize("first", ["west", "east"])
def test_whoever_calls_first_the_node_is_filled_again(agreed, tmp_path, first):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    release(west, west.file().record.id)
    agreed.sync()
    before = logs(west)
    set_back(west, kept, tmp_path)
    side, other = (west, east) if first == "west" else (east, west)
    synchronise(side.node, other.node.party, agreed.carry(side, other))
    assert (holds(west), logs(west)) == ([], before)


def test_many_entries_come_back_in_several_bundles(agreed, tmp_path, monkeypatch):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    for day in (11, 12, 13, 14, 15):
        release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id)
        release(east, east.file(REPORT.replace("12 November", f"{day} November")).record.id)
        agreed.sync()
    before = logs(west)
    monkeypatch.setattr(offering, "MAX_ENTRIES", 2)
    set_back(west, kept, tmp_path)
    done = synchronise(west.node, "east", agreed.carry(west, east))
    assert done.refilled == 5
    assert (holds(west), logs(west)) == ([], before)
    assert verify_store(west.store).faults == []


def test_link_is_held_until_all_that_the_neighbour_has_is_here_however_many_bundles_it_takes(agreed, tmp_path, monkeypatch):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    for day in (11, 12, 13):
        release(east, east.file(REPORT.replace("12 November", f"{day} November")).record.id)
    agreed.sync()
    with west.store.reading() as book:
        item = next(each for each in book.inbox() if each.kind == "release" and each.seq == 2)
    acknowledge(west.node, west.officers["duty"], item.log, item.seq)
    agreed.sync()
    monkeypatch.setattr(offering, "MAX_ENTRIES", 2)
    set_back(west, kept, tmp_path)
    agreed.sync()
    with west.store.reading() as book:
        states = {each.seq: each.state for each in book.inbox() if each.kind == "release"}
    assert (holds(west), states) == ([], {0: "new", 1: "new", 2: "acknowledged"})


def test_bundles_carried_by_hand_fill_it_again(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    release(west, west.file().record.id)
    agreed.sync()
    before = logs(west)
    set_back(west, kept, tmp_path)
    with west.store.reading() as book:
        asked = write_for(west.node, book, "east")
    receive(west.node, answer(east.node, asked))
    assert (holds(west), logs(west)) == ([], before)


def test_nothing_is_signed_for_a_neighbour_while_its_link_is_held(agreed, tmp_path):
    west = agreed.west
    theirs = release(agreed.east, agreed.east.file().record.id)
    agreed.sync()
    filed = west.file(REPORT.replace("12 November", "14 November"))
    kept = evidence(west)
    set_back(west, kept, tmp_path)
    before = logs(west)
    for attempt in (
        lambda: release(west, filed.record.id),
        lambda: acknowledge(west.node, west.officers["duty"], theirs.log, theirs.seq),
        lambda: draft_agreement(west.node, sample_terms("west", "east", START).replace('id = "', 'id = "x-')),
    ):
        with pytest.raises(Refused) as named:
            attempt()
        assert named.value.rule == "held"
    assert logs(west) == before
    west.file(REPORT.replace("12 November", "16 November"))  # filing goes on
    agreed.sync()
    assert release(west, filed.record.id).condition == "logged"


def test_neighbour_that_lost_nothing_of_ours_frees_the_link_at_once(agreed, tmp_path):
    set_back(agreed.west, evidence(agreed.west), tmp_path)
    before = logs(agreed.west)
    agreed.sync()
    assert (holds(agreed.west), logs(agreed.west)) == ([], before)


def test_operator_who_knows_that_nothing_was_sent_is_believed(agreed, tmp_path):
    set_back(agreed.west, evidence(agreed.west), tmp_path, sure=True)
    assert holds(agreed.west) == []
    release(agreed.west, agreed.west.file().record.id)
    agreed.sync()


def test_neighbour_trusted_after_the_backup_is_held_when_it_is_trusted_again(strangers, tmp_path):
    west, east = strangers.west, strangers.east
    kept = evidence(west)
    cards = {}
    for side in (west, east):
        with side.store.reading() as book:
            cards[side.node.party] = book.card_of(side.node.party)
    trust_neighbour(west.node, cards["east"], east.node.key.public.fingerprint())
    trust_neighbour(east.node, cards["west"], west.node.key.public.fingerprint())
    strangers.agree()
    before = logs(west)
    set_back(west, kept, tmp_path)
    assert holds(west) == []
    trust_neighbour(west.node, cards["east"], east.node.key.public.fingerprint())
    assert holds(west) == ["east"]
    strangers.sync()
    assert (holds(west), logs(west)) == ([], before)
    assert verify_store(west.store).faults == []


def test_agreement_that_the_neighbour_drafted_and_we_signed_is_in_force_again(pair, tmp_path):
    west, east = pair.west, pair.east
    kept = evidence(west)
    name = draft_agreement(east.node, sample_terms("east", "west", START - timedelta(days=1))).agreement.table.id
    sign_agreement(east.node, east.officers["commander"], name)
    pair.sync()
    sign_agreement(west.node, west.officers["commander"], name)
    pair.sync()
    sent = release(east, east.file().record.id)
    pair.sync()
    told = seen(west)
    set_back(west, kept, tmp_path)
    pair.sync()
    assert seen(west) == told
    assert seen(west)[1][sent.log, sent.seq] == ("release", "new", "")


def test_machine_that_was_set_back_without_restore_is_named_held_and_filled_again(agreed, tmp_path):
    west = agreed.west
    kept = evidence(west)
    release(west, west.file().record.id)
    agreed.sync()
    before = logs(west)
    set_back(west, kept, tmp_path, note=False)  # a snapshot of the machine
    with pytest.raises(NeighbourError, match="rolled back or forked"):
        agreed.sync()
    hold_link(west.node, "east", "the machine was set back to a snapshot")
    agreed.sync()
    assert (holds(west), logs(west)) == ([], before)
    assert verify_store(west.store).faults == []


def test_fork_is_named_and_stays_held(agreed, tmp_path):
    west = agreed.west
    kept = evidence(west)
    release(west, west.file().record.id)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)  # the operator was wrong …
    release(west, west.file(REPORT.replace("One", "Two")).record.id)  # … and another entry stands at that place
    hold_link(west.node, "east", "nothing gets through any more")
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    assert holds(west) == ["east"]


def bundle_of(east, **fields):
    return write_bundle(Bundle(sender="east", receiver="west", at=east.clock(), **fields), east.node.key)


def returned(pair, tmp_path):
    """Set west back, and return what east would give back to it."""
    west, east = pair.west, pair.east
    kept = evidence(west)
    for day in (12, 14, 16):
        release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id)
    pair.sync()
    set_back(west, kept, tmp_path)
    with west.store.reading() as book:
        asked = write_for(west.node, book, "east")
    return read_bundle(answer(east.node, asked), east.node.key.public, sender="east", receiver="west")


def change(bundle, **fields):
    """Return the bundle with the offer that holds entries changed."""
    return [msgspec.structs.replace(offer, **fields) if offer.entries else offer for offer in bundle.returns]


@pytest.mark.parametrize(
    "fields",
    [
        lambda offer: {"entries": [offer.entries[1], offer.entries[0], offer.entries[2]]},
        lambda offer: {"entries": offer.entries[1:]},
        lambda offer: {"entries": [msgspec.structs.replace(offer.entries[0], content='{"x":1}'), *offer.entries[1:]]},
        lambda offer: {"log": offer.log.replace("west/east", "east/west")},
        lambda _: {"log": "journal/west"},
        lambda offer: {"checkpoint": offer.checkpoint[:-40] + offer.checkpoint[-39:]},
    ],
    ids=["order", "gap", "content", "their own log", "journal", "checkpoint"],
)
def test_what_is_not_ours_as_we_signed_it_is_not_taken_back(agreed, tmp_path, fields):
    bundle = returned(agreed, tmp_path)
    offer = next(each for each in bundle.returns if each.entries)
    before = logs(agreed.west)
    with pytest.raises(NeighbourError):
        receive(agreed.west.node, bundle_of(agreed.east, returns=change(bundle, **fields(offer)), have=bundle.have))
    assert (holds(agreed.west), logs(agreed.west)) == (["east"], before)
    receive(agreed.west.node, write_bundle(bundle, agreed.east.node.key))
    assert holds(agreed.west) == []


def test_link_stays_held_until_all_that_the_neighbour_names_is_back(agreed, tmp_path):
    bundle = returned(agreed, tmp_path)
    some = [msgspec.structs.replace(offer, entries=offer.entries[:1]) for offer in bundle.returns]
    assert receive(agreed.west.node, bundle_of(agreed.east, returns=some, have=bundle.have)).refilled == 1
    assert holds(agreed.west) == ["east"]
    receive(agreed.west.node, bundle_of(agreed.east, have=bundle.have))  # one that does not answer
    assert holds(agreed.west) == ["east"]
    with agreed.east.store.reading() as book:  # more than was asked for: what we have is compared, not stored twice
        whole = [
            msgspec.structs.replace(offer, first=0, entries=[send_entry(entry) for entry in book.entries(offer.log, 0, 100)])
            for offer in bundle.returns
        ]
    receive(agreed.west.node, write_bundle(msgspec.structs.replace(bundle, returns=whole), agreed.east.node.key))
    assert holds(agreed.west) == []
    assert verify_store(agreed.west.store).faults == []


def test_returns_that_nobody_asked_for_change_nothing(agreed):
    release(agreed.west, agreed.west.file().record.id)
    agreed.sync()
    before = logs(agreed.west)
    with agreed.east.store.reading() as book:
        data = write_for(agreed.east.node, book, "west", None, {})
    receive(agreed.west.node, data)
    assert logs(agreed.west) == before


def test_both_nodes_set_back_at_once_meet_again(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(east)
    release(west, west.file().record.id)
    agreed.sync()
    middle = evidence(west)
    release(west, west.file(REPORT.replace("12 November", "14 November")).record.id)
    agreed.sync()
    set_back(west, middle, tmp_path)
    set_back(east, kept, tmp_path)
    agreed.sync()
    agreed.sync()
    assert (holds(west), holds(east)) == ([], [])
    assert logs(west) == logs(east)
    for side in (west, east):
        assert verify_store(side.store).faults == []


def test_freeing_by_hand_needs_a_reason_and_a_link_that_is_held(agreed):
    with pytest.raises(Refused):
        free_link(agreed.west.node, "east", "it was off since the backup")
    hold_link(agreed.west.node, "east", "to be sure")
    with pytest.raises(InputError):
        free_link(agreed.west.node, "east", " ")
    assert free_link(agreed.west.node, "east", "it was off since the backup") == "east"
    assert holds(agreed.west) == []

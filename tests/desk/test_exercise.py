# SPDX-License-Identifier: Apache-2.0
"""Law 15: what is of an exercise never meets what is real, by whichever way it comes in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.conftest import START, Clock, card_of, make_desk

from hamsaya.desk.agreements import draft_agreement, export_agreement, import_agreement
from hamsaya.desk.converse import receive
from hamsaya.desk.documents import add_document, is_exercise
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import trust_neighbour
from hamsaya.desk.sections import define_section
from hamsaya.desk.statistics import statistics
from hamsaya.desk.statistics_csv import write_csv
from hamsaya.desk.terms import sample_terms
from hamsaya.exchange.acts import AgreementText, ReleasedRecord, write_card
from hamsaya.exchange.bundle import MAX_BYTES, Bundle, write_bundle
from hamsaya.exchange.logs import link_log, release_log
from hamsaya.exchange.packing import unpack
from hamsaya.facts.errors import NeighbourError, Refused
from hamsaya.seal.canonical import canonical, read

KINDS = {"exercise": True, "real": False}


@pytest.fixture(params=KINDS)
def desks(request, tmp_path):
    """A node of one kind, and two neighbours of the other kind and of its own; they know each other's cards by hand only."""
    kind = KINDS[request.param]
    clock = Clock()
    made = [
        make_desk(tmp_path, "west", "IR", exercise=kind, clock=clock),
        make_desk(tmp_path, "east", "PK", exercise=not kind, clock=clock),
        make_desk(tmp_path, "south", "OM", exercise=kind, clock=clock),
    ]
    yield made
    for each in made:
        each.store.close()


def card(desk):
    with desk.store.reading() as book:
        return book.card_of(desk.node.party)


def sizes(desk):
    with desk.store.reading() as book:
        return book.logs(), [each.card.party for each in book.parties()], len(book.agreements()), book.quarantined()


def test_card_of_the_other_kind_is_not_trusted(desks):
    west, east, south = desks
    before = sizes(west)
    with pytest.raises(Refused) as refused:
        trust_neighbour(west.node, card(east), east.node.key.public.fingerprint())
    assert refused.value.rule == "exercise"
    assert sizes(west) == before
    trust_neighbour(west.node, card(south), south.node.key.public.fingerprint())


def test_card_that_only_says_it_is_of_our_kind_changes_nothing_for_what_follows(desks):
    """East signs a card that lies about its kind: it is trusted, and its bundle, agreement and record are told apart."""
    west, east, _ = desks
    lie = write_card(replace(card_of(east.node, "UTC"), exercise=west.node.exercise), east.node.key)
    trust_neighbour(west.node, lie, east.node.key.public.fingerprint())
    truth = write_bundle(Bundle(sender="east", receiver="west", at=START, exercise=east.node.exercise), east.node.key)
    with pytest.raises(NeighbourError) as refused:
        receive(west.node, truth)
    assert "exercise" in str(refused.value)
    assert len(sizes(west)[3]) == 1


def test_agreement_file_of_the_other_kind_is_not_imported(desks):
    west, _, south = desks
    trust_neighbour(west.node, card(south), south.node.key.public.fingerprint())
    trust_neighbour(south.node, card(west), west.node.key.public.fingerprint())
    draft_agreement(south.node, sample_terms("south", "west", START))
    with south.store.reading() as book:
        file = export_agreement(book, book.agreements()[0].agreement.table.id)
    flipped = _flip(file)
    with pytest.raises(Refused) as refused:
        import_agreement(west.node, flipped)
    assert refused.value.rule == "exercise"
    assert sizes(west)[2] == 0
    import_agreement(west.node, file)
    assert sizes(west)[2] == 1


def _flip(file: bytes) -> bytes:
    from hamsaya.agreement.charter import read_agreement, write_text
    from hamsaya.desk.agreements import Carried

    table = read_agreement(read(file, Carried).body.encode()).table
    other = write_text(replace(table, exercise=not table.exercise))
    return canonical(Carried(other.body().decode(), {}))


def linked(desks):
    west, _, south = desks
    trust_neighbour(west.node, card(south), south.node.key.public.fingerprint())
    trust_neighbour(south.node, card(west), west.node.key.public.fingerprint())
    return west, south


def send(sender, receiver):
    with sender.store.reading() as book:
        return receive(receiver.node, write_for(sender.node, book, receiver.node.party))


def test_agreement_of_the_other_kind_that_comes_over_the_link_stands_in_quarantine(desks):
    west, south = linked(desks)
    draft_agreement(south.node, sample_terms("south", "west", START))
    with south.store.writing() as pen:
        body = export_agreement(pen, pen.agreements()[0].agreement.table.id)
        from hamsaya.desk.agreements import Carried

        flipped = read(_flip(body), Carried).body
        act = canonical(AgreementText(pen.agreements()[0].agreement.table.id, flipped))
        pen.extend(link_log("south", "west"), "agreement.text", act, south.officers["duty"])
    got = send(south, west)
    assert (got.applied, got.quarantined) == (1, 1)
    with west.store.reading() as book:
        assert [held.agreement.table.exercise for held in book.agreements()] == [west.node.exercise]


def test_record_of_the_other_kind_stands_in_quarantine_and_is_counted_nowhere(desks, monkeypatch):
    monkeypatch.setattr("hamsaya.desk.offering.may_offer", lambda *_: True)  # a program that does not check sends it under a draft too
    west, south = linked(desks)
    held = south.file()
    assert held.record.exercise is south.node.exercise
    draft_agreement(south.node, sample_terms("south", "west", START))
    with south.store.writing() as pen:
        agreement = pen.agreements()[0].agreement.table.id
        content = canonical(ReleasedRecord("SOUTH-S-1", replace(held.record, exercise=not held.record.exercise)))
        about = {"release": "SOUTH-S-1", "purpose": "settlement", "necessity": "Both commands must see it.", "clause": "1"}
        pen.extend(release_log(agreement, "south", "west"), "release", content, south.officers["duty"], about)
    assert send(south, west).quarantined == 1
    with west.store.reading() as book:
        items = [item for item in book.inbox() if item.kind == "release"]
        assert [item.state for item in items] == ["quarantined"]
        assert "exercise" in str(items[0].reason)
        assert (book.records(), book.incidents()) == ([], [])
    for desk in (west, south):  # whose own log holds it, too
        assert figures(desk) == []


def figures(desk):
    """The lines of the figures of the first day, once it is over."""
    desk.clock.at = max(desk.clock.at, START + timedelta(days=1))
    with desk.store.reading() as book:
        return write_csv(statistics(desk.node, book, START.date(), START.date())).splitlines()[1:]


MARKED = [
    "EXERCISE - invented",
    "EXERCISE",
    "\ufeffEXERCISE: x",
    "[EXERCISE] x",
    "تمرین — متن ساختگی",
    "مشق — نمائش",
    "\n\n EXERCISE · تمرین · مشق",
    "EXERCISE EXERCISE EXERCISE",
]
UNMARKED = [
    "Exercise caution at the border.",
    "EXERCISE caution at the border.",
    "Joint naval exercise ends",
    "Report, EXERCISE",
    "تمرین مشترک پایان یافت",
    "مشقوں کا آغاز",
    "",
]


@pytest.mark.parametrize("text", MARKED)
def test_mark_at_the_head_of_a_document_is_seen(text):
    assert is_exercise(f"{text}\n\nOn Monday shots were fired.".encode())


@pytest.mark.parametrize("text", UNMARKED)
def test_word_in_a_document_is_no_mark(text):
    assert not is_exercise(f"{text}\n\nEXERCISE of rights.".encode())


def test_document_that_is_marked_as_exercise_is_kept_by_an_exercise_node_only(desks):
    west = desks[0]
    data = b"EXERCISE - invented text\n\nDate: 12 November 2026\n\nOn 12 November 2026 smugglers fired at a patrol near Mirjaveh.\n"
    if west.node.exercise:
        add_document(west.node, west.officers["duty"], data, name="x.txt", basis="own")
        return
    with pytest.raises(Refused) as refused:
        add_document(west.node, west.officers["duty"], data, name="x.txt", basis="own")
    assert refused.value.rule == "exercise"
    with west.store.reading() as book:
        assert book.documents() == []


def test_everything_that_a_node_writes_carries_its_mark(desks):
    west, south = linked(desks)
    define_section(west.node, west.officers["commander"], "mirjaveh", "Mirjaveh")
    (silent,) = figures(west)
    assert silent.startswith(b"EXERCISE," if west.node.exercise else b"real,")
    assert west.file().record.exercise is west.node.exercise
    assert draft_agreement(west.node, sample_terms("west", "south", START)).agreement.table.exercise is west.node.exercise
    with west.store.reading() as book:
        from hamsaya.desk.proofs import export_proof

        assert f'"exercise":{str(west.node.exercise).lower()}'.encode() in _payload(export_proof(west.node, book))
        assert read(_payload(unpack(write_for(west.node, book, "south"), MAX_BYTES)), Bundle).exercise is west.node.exercise
    del south


def _payload(data: bytes) -> bytes:
    from hamsaya.seal.envelope import open_envelope

    return open_envelope(data).payload

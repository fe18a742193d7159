# SPDX-License-Identifier: Apache-2.0
"""A party changes its key, as planned or after others had it, and what was signed before is still proven."""

from __future__ import annotations

import os
from dataclasses import replace

import msgspec
import pytest
from tests.conftest import CERTIFICATE, RECIPIENT, REPORT, START, card_of, make_desk, release
from tests.desk.test_refilling import evidence, holds, logs, set_back
from tests.desk.three import talk

from hamsaya.agreement.lifecycle import life_of
from hamsaya.desk.agreements import agreement_of, draft_agreement, sign_agreement
from hamsaya.desk.converse import answer, receive, synchronise
from hamsaya.desk.health import check_book
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.keeping import note_restored
from hamsaya.desk.keychange import change_key, compare_key, lacks_key, trust_letter
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import trust_neighbour
from hamsaya.desk.proofs import export_proof
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import read_terms, sample_terms
from hamsaya.desk.terms_file import terms_of, write_terms
from hamsaya.desk.unheard import unheard_changes
from hamsaya.exchange.acts import Card, write_card
from hamsaya.exchange.bundle import Bundle, write_bundle
from hamsaya.exchange.letters import KeyLetter, Mark, claimed_letter, read_letter, write_letter
from hamsaya.exchange.proof import check_proof
from hamsaya.facts.errors import HamsayaError, InputError, NeighbourError, OperatorError, Refused
from hamsaya.ledger.evidence import fill
from hamsaya.ledger.store import Store
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.keys import SigningKey


def change(desk, why="planned", successor=None):
    """Let the desk sign with a new key from now on; returns the old one."""
    old, new = desk.node.key, successor or SigningKey(os.urandom(32))
    change_key(desk.node, new, why)
    desk.node = replace(desk.node, key=new)
    return old


def letter_of(desk, to):
    with desk.store.reading() as book:
        return book.letters(desk.node.party, to)[-1].encode()


def fingerprints(desk, party):
    with desk.store.reading() as book:
        return [held.fingerprint for held in book.keys_of(party)]


def hear(desk, other, *, second="commander"):
    """Trust the other's last letter by voice."""
    trust_letter(desk.node, letter_of(other, desk.node.party), other.node.key.public.fingerprint(), desk.officers["admin"], desk.officers[second])


def faults(*desks):
    return [str(fault.what) for desk in desks for fault in verify_store(desk.store).faults]


def report(day):
    return REPORT.replace("12 November", f"{day} November")


def test_planned_change_is_applied_by_the_neighbour_and_all_that_was_signed_before_still_holds(agreed):
    west, east = agreed.west, agreed.east
    release(west, west.file().record.id)
    agreed.sync()
    old = change(west)
    later = release(west, west.file(report(14)).record.id)
    agreed.sync()
    new = west.node.key
    assert fingerprints(east, "west") == [old.public.fingerprint(), new.public.fingerprint()] == fingerprints(west, "west")
    with west.store.reading() as book:
        assert book.release(later.release).condition == "receipted"
    with east.store.reading() as book:
        first, second = book.keys_of("west")
        assert (first.until, second.until, first.revoked, second.compared) == (second.since, None, False, False)
        log = f"release/{agreed_name(book)}/west/east"
        signers = [entry.envelope for entry in book.entries(log, 0, 9)]
        assert [next(key for key in (old, new) if key.public.keyid.encode() in each) for each in signers] == [old, new]
    assert faults(west, east) == []
    for side in (west, east):
        with side.store.reading() as book:
            checked = check_proof(export_proof(side.node, book))
        assert (checked.faults, checked.fingerprints["west"]) == ([], new.public.fingerprint())
    compare_key(east.node, "west", new.public.fingerprint(), east.officers["admin"])
    with east.store.reading() as book:
        assert book.keys_of("west")[-1].compared


def agreed_name(book):
    return book.agreements()[0].agreement.table.id


def test_what_was_queued_and_receipted_under_the_old_key_still_arrives(agreed):
    west, east = agreed.west, agreed.east
    queued = release(west, west.file().record.id)
    theirs = release(east, east.file(REPORT.replace("One", "Two")).record.id)
    with east.store.reading() as book:
        late = write_for(east.node, book, "west")
    receive(west.node, late)  # west's receipt for it is signed, and has not left
    change(west)
    change(west)  # and again, before anybody heard of the first
    agreed.sync()
    with west.store.reading() as book:
        assert book.release(queued.release).condition == "receipted"
    with east.store.reading() as book:
        assert book.release(theirs.release).condition == "receipted"
        assert len(book.keys_of("west")) == 3
    assert faults(west, east) == []


def test_both_sides_change_at_once(agreed):
    west, east = agreed.west, agreed.east
    mine, theirs = release(west, west.file().record.id), release(east, east.file(REPORT.replace("One", "Two")).record.id)
    change(west)
    change(east)
    agreed.sync()
    acknowledge(west.node, west.officers["duty"], theirs.log, theirs.seq)
    agreed.sync()
    with west.store.reading() as book:
        assert book.release(mine.release).condition == "receipted"
    with east.store.reading() as book:
        assert book.release(theirs.release).condition == "opened"
    assert (faults(west, east), logs(west)) == ([], logs(east))


def test_stick_written_before_the_change_is_taken_after_it(agreed):
    west, east = agreed.west, agreed.east
    release(west, west.file().record.id)
    with west.store.reading() as book:
        stick = write_for(west.node, book, "east")
    change(west)
    agreed.sync()
    before = logs(east)
    receive(east.node, stick)
    receive(east.node, stick)
    assert (logs(east), faults(east)) == (before, [])


def test_acts_on_an_agreement_go_on_under_the_new_key_and_a_text_that_names_the_old_one_is_not_signed(agreed):
    west, east = agreed.west, agreed.east
    with west.store.reading() as book:
        name = agreed_name(book)
    waiting = draft_agreement(west.node, sample_terms("west", "east", west.clock()).replace('id = "', 'id = "next-')).agreement.table.id
    agreed.sync()
    sign_agreement(east.node, east.officers["commander"], waiting)
    change(west)
    act_on_agreement(west.node, west.officers["commander"], name, "suspend", "Shots near the line.")
    agreed.sync()
    for side in (west, east):
        with side.store.reading() as book:
            assert life_of(agreement_of(book, name).history, side.clock()).standing.state == "suspended"
        with pytest.raises(HamsayaError):
            sign_agreement(side.node, side.officers["commander"], waiting)
    assert faults(west, east) == []


def test_process_that_still_has_the_old_key_writes_nothing_more(agreed):
    west = agreed.west
    stale, behind = west.node, Store(west.store.at, west.store_key, party="west", key=west.node.key, now=west.clock, random=os.urandom)
    change(west)
    with pytest.raises(OperatorError):
        note_restored(replace(stale, ledger=behind), made_at=west.clock(), journal=0, nothing_sent_since=True)
    behind.close()
    assert faults(west) == []


def test_change_that_breaks_off_changes_nothing(agreed, monkeypatch):
    west = agreed.west
    before, size = logs(west), fingerprints(west, "west")
    from hamsaya.ledger.store import SqlPen

    monkeypatch.setattr(SqlPen, "seal_heads", lambda _: (_ for _ in ()).throw(RuntimeError("power")))
    with pytest.raises(RuntimeError):
        change_key(west.node, SigningKey(os.urandom(32)), "planned")
    monkeypatch.undo()
    assert (logs(west), fingerprints(west, "west"), faults(west)) == (before, size, [])
    release(west, west.file().record.id)
    agreed.sync()
    assert faults(west, agreed.east) == []


def test_revoked_key_is_replaced_by_voice_only_and_what_it_signs_later_is_kept_as_evidence(agreed):
    west, east = agreed.west, agreed.east
    queued = release(west, west.file().record.id)
    stolen = change(west, "compromised")
    with pytest.raises(NeighbourError, match="its key was revoked"):
        agreed.sync()
    assert len(fingerprints(east, "west")) == 1
    hear(east, west)
    agreed.sync()
    with west.store.reading() as book:
        assert book.release(queued.release).condition == "receipted"
    forged = write_bundle(Bundle(sender="west", receiver="east", at=east.clock()), stolen)
    with pytest.raises(NeighbourError, match="was revoked"):
        receive(east.node, forged)
    with east.store.reading() as book:
        assert ["revoked" in str(each.reason) for each in book.quarantined()] == [True]
        assert [held.revoked for held in book.keys_of("west")] == [True, False]
        checked = check_proof(export_proof(east.node, book))
    assert (checked.faults, faults(west, east)) == ([], [])


def test_text_is_proposed_again_with_the_present_keys_as_the_doctor_asks(agreed):
    west, east = agreed.west, agreed.east
    change(west, "compromised")
    hear(east, west)
    agreed.sync()

    def named(desk):
        with desk.store.reading() as book:
            return [each.code for each in check_book(desk.node, book)].count("agreement-key-revoked")

    with west.store.reading() as book:
        held = book.agreements()[0]
    terms = read_terms(write_terms(terms_of(held.agreement.table)))
    assert (named(west), named(east)) == (1, 1)
    text = propose_text(west.node, west.officers["commander"], terms, revises=held.hash).hash
    with pytest.raises(InputError, match="says the same"):
        propose_text(west.node, west.officers["commander"], terms, revises=text)
    for desk in (west, east):
        agreed.sync()
        sign_agreement(desk.node, desk.officers["commander"], held.agreement.table.id, text)
    agreed.sync()
    assert (named(west), named(east)) == (0, 0)
    release(west, west.file().record.id)
    agreed.sync()
    assert faults(west, east) == []


def test_replacing_takes_the_fingerprint_and_two_persons(agreed):
    west, east = agreed.west, agreed.east
    change(west, "compromised")
    letter, right = letter_of(west, "east"), west.node.key.public.fingerprint()
    admin, commander = east.officers["admin"], east.officers["commander"]
    for spoken, by, second, rule in (
        (right.replace(right[0], "7" if right[0] != "7" else "8"), admin, commander, "fingerprint"), (right, admin, None, "second"),
        (right, admin, admin, "second"), (right, admin, east.officers["duty"], "role"), (right, east.officers["duty"], commander, "role"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            trust_letter(east.node, letter, spoken, by, second)
        assert refused.value.rule == rule
    assert len(fingerprints(east, "west")) == 1
    with pytest.raises(Refused):
        trust_neighbour(east.node, claimed_letter(letter.decode()).card.encode(), right)
    hear(east, west)
    hear(east, west)  # once more does no harm
    assert len(fingerprints(east, "west")) == 2


def test_who_stole_the_key_cannot_rewrite_what_was_sent_nor_change_it_to_its_own_unseen(agreed):
    west, east = agreed.west, agreed.east
    release(west, west.file().record.id)
    agreed.sync()
    stolen, thief = west.node.key, SigningKey(os.urandom(32))
    card = write_card(msgspec.structs.replace(card_of(west.node, "UTC"), key=thief.public.hex), thief).decode()
    with east.store.reading() as book:
        marks = [Mark(log, size, book.root_at(log, size).hex()) for log, size in book.logs().items() if not log.startswith("journal/")]
    shorter = [msgspec.structs.replace(mark, size=mark.size - 1) if mark.log.startswith("release/") else mark for mark in marks]
    for told in (shorter, marks[:-1], [msgspec.structs.replace(mark, root="0" * 64) for mark in marks]):
        letter = KeyLetter(party="west", to="east", why="planned", old=stolen.public.hex, card=card, marks=told, at=west.clock())
        bundle = Bundle(sender="west", receiver="east", at=west.clock(), letters=[write_letter(letter, stolen, thief)])
        with pytest.raises(NeighbourError, match="does not vouch"):
            receive(east.node, write_bundle(bundle, thief))
    whole = KeyLetter(party="west", to="east", why="planned", old=stolen.public.hex, card=card, marks=marks, at=west.clock())
    receive(east.node, write_bundle(Bundle(sender="west", receiver="east", at=west.clock(), letters=[write_letter(whole, stolen, thief)]), thief))
    with east.store.reading() as book:
        assert not book.keys_of("west")[-1].compared  # the desk says so until the fingerprint was read aloud
    change(west, "compromised")
    hear(east, west)
    with east.store.reading() as book:
        assert [held.revoked for held in book.keys_of("west")] == [True, True, False]
    release(west, west.file(report(14)).record.id)
    agreed.sync()
    assert faults(west, east) == []


@pytest.mark.parametrize(
    "changed",
    [{"party": "north"}, {"to": "north"}, {"why": "lost"}, {"old": SigningKey(b"o" * 32).public.hex}, {"marks": [Mark("journal/west", 1, "0" * 64)]}],
    ids=["another party", "to another", "another reason", "after another key", "a journal"],
)
def test_letter_that_is_not_what_it_should_be_is_refused(agreed, changed):
    west, east = agreed.west, agreed.east
    new = SigningKey(os.urandom(32))
    card = write_card(msgspec.structs.replace(card_of(west.node, "UTC"), key=new.public.hex), new).decode()
    letter = KeyLetter(party="west", to="east", why="planned", old=west.node.key.public.hex, card=card, marks=[], at=west.clock())
    text = write_letter(msgspec.structs.replace(letter, **changed), west.node.key, new)
    bundle = write_bundle(Bundle(sender="west", receiver="east", at=west.clock(), letters=[text]), new)
    with pytest.raises(NeighbourError):
        receive(east.node, bundle)
    assert len(fingerprints(east, "west")) == 1


@pytest.mark.parametrize("place", range(0, 2400, 97))
def test_altered_letter_is_refused(place):
    old, new = SigningKey(b"o" * 32), SigningKey(b"n" * 32)
    made = make_card(new)
    text = write_letter(KeyLetter(party="west", to="east", why="planned", old=old.public.hex, card=made, marks=[], at=START), old, new)
    place %= len(text)
    other = "A" if text[place] != "A" else "B"
    with pytest.raises(InputError):
        read_letter(text[:place] + other + text[place + 1 :])


def test_node_set_back_to_before_its_change_signs_nothing_until_the_key_is_back(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    old = change(west)
    release(west, west.file().record.id)
    theirs = release(east, east.file(REPORT.replace("One", "Two")).record.id)
    agreed.sync()
    acknowledge(west.node, west.officers["duty"], theirs.log, theirs.seq)
    agreed.sync()
    new, before = west.node.key, logs(west)
    west.node = replace(west.node, key=old)
    set_back(west, kept, tmp_path)
    agreed.sync()
    with west.store.reading() as book:
        assert lacks_key(west.node, book)
    assert holds(west) == ["east"]
    with pytest.raises(Refused):
        change_key(west.node, SigningKey(os.urandom(32)), "planned")
    with pytest.raises(Refused):
        release(west, west.file(report(15)).record.id)
    change(west, successor=new)  # the key is put back
    agreed.sync()
    assert (holds(west), logs(west)) == ([], before)
    release(west, west.file(report(16)).record.id)
    agreed.sync()
    assert (faults(west, east), logs(west)) == ([], logs(east))


def test_key_that_was_lost_with_the_disk_is_given_up(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    old = change(west)
    release(west, west.file().record.id)
    agreed.sync()
    before = logs(west)
    west.node = replace(west.node, key=old)
    set_back(west, kept, tmp_path)
    agreed.sync()
    assert logs(west) == before  # its own entries are back, under a key that it does not have
    change(west, "lost")
    hear(east, west)
    agreed.sync()
    assert holds(west) == []
    release(west, west.file(report(16)).record.id)
    agreed.sync()
    assert (faults(west, east), logs(west)) == ([], logs(east))


def test_neighbour_that_was_set_back_hears_of_the_key_again(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(east)
    change(west)
    release(west, west.file().record.id)
    agreed.sync()
    set_back(east, kept, tmp_path)
    synchronise(east.node, "west", lambda _, data: answer(west.node, data))
    assert (holds(east), logs(east), faults(east)) == ([], logs(west), [])
    assert fingerprints(east, "west") == fingerprints(west, "west")


def test_third_party_hears_of_it_too_and_sees_only_its_own_logs(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    north = make_desk(tmp_path, "north", "AF", clock=west.clock)
    for one, other in ((west, north), (north, west)):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    change(west)
    for other in (east, north):
        synchronise(west.node, other.node.party, lambda _, data, other=other: answer(other.node, data))
        assert fingerprints(other, "west") == fingerprints(west, "west")
    assert all("east" not in mark.log for mark in claimed_letter(letter_of(west, "north").decode()).marks)
    assert faults(west, east, north) == []
    north.store.close()


def test_altered_journal_before_a_change_is_named(agreed, tmp_path):
    west = agreed.west
    change(west)
    west.file()
    assert faults(west) == []
    kept = evidence(west)
    west.store.close()
    store = Store(tmp_path / "wrong.db", os.urandom(32), party="west", key=SigningKey(b"w" * 32), now=west.clock, random=os.urandom)
    store.create()
    with pytest.raises(OperatorError):  # a key that the journal does not lead to
        fill(store, iter(kept))
    store.close()


def make_card(key):
    return write_card(
        Card(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC", key=key.public.hex, tls=CERTIFICATE, age=RECIPIENT,
             address="127.0.0.1:1", exercise=False), key).decode()  # fmt: skip


def test_neighbours_that_have_not_heard_are_named_until_they_have(three):
    def unheard(desk):
        with desk.store.reading() as book:
            found = {each.code for each in check_book(desk.node, book)}
            names = [(each.neighbour, each.why) for each in unheard_changes(desk.node, book)]
        assert ("key-unheard" in found) == bool(names)
        return names

    east = three.east
    assert unheard(east) == []
    change(east)
    assert sorted(unheard(east)) == [("north", "planned"), ("west", "planned")]
    talk(three.west, east)
    assert unheard(east) == [("north", "planned")]
    talk(three.north, east)
    assert unheard(east) == []
    change(east, "compromised")
    assert sorted(unheard(east)) == [("north", "compromised"), ("west", "compromised")]

# SPDX-License-Identifier: Apache-2.0
"""What is erased is gone from every cell of both stores, both desks say so, and every proof still holds (law 14)."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import inspect, text, update
from tests.conftest import START
from tests.desk.test_refilling import evidence, logs, set_back
from tests.desk.three import NECESSITY, ask, grant, inbox, quarantine, send

from hamsaya.desk.converse import receive
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft
from hamsaya.desk.epochs import open_epoch
from hamsaya.desk.erasing import confirm_erasure, decide_erasure, documents_that_stay, order_erasure
from hamsaya.desk.events import RecordWithdrawn
from hamsaya.desk.explain import explain
from hamsaya.desk.filters import Filter
from hamsaya.desk.health import check_book
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.keeping import hold_link
from hamsaya.desk.linked import link_received
from hamsaya.desk.offering import write_for
from hamsaya.desk.recalls import answer_recall, recall_record, recall_release
from hamsaya.desk.release import propose_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.review import edit_claim
from hamsaya.desk.stale import Stale
from hamsaya.desk.steps import delivery_here, delivery_of
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.bundle import read_bundle, write_bundle
from hamsaya.exchange.erasures import ErasureAsked, ErasureConfirmed, Onward
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.packing import unpack
from hamsaya.facts.errors import InputError, NeighbourError, NotFound, Refused
from hamsaya.ledger import tables as t
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical

MARKS = ("Zzyzxville", "ژغژغستان", "ٹھڑڈںپور")
"""Words of three scripts that stand nowhere else."""
REPORT = """Report of the duty office.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. One civilian was wounded. The men came from Zzyzxville, ژغژغستان and ٹھڑڈںپور.
"""


def file(desk, report=REPORT):
    """File a record that says the marks: in its document, its draft and its claims."""
    _, drafts = add_document(desk.node, desk.officers["duty"], report.encode(), name=f"{MARKS[0]}.txt", basis="own")
    for claim in drafts[0].body.claims:
        if claim.predicate == "place":
            value = type(claim.value)(words=" ".join(MARKS), precision="settlement")
            edit_claim(desk.node, desk.officers["duty"], drafts[0].draft, type(claim)(**{**_fields(claim), "value": value}))
            break
    return accept_draft(desk.node, desk.officers["duty"], drafts[0].draft, grade="B2")


def warn(desk, to="east"):
    """Release a warning whose words are the marks."""
    typed = TypedReport(remarks=f"The pillar at {' '.join(MARKS)} will be painted.", grade="B2")
    record = file_report(desk.node, desk.officers["duty"], typed, kind="warning", handling="green").held.record.id
    return send(desk, record, to, purpose="prevention")


def _fields(claim):
    return {name: getattr(claim, name) for name in claim.__struct_fields__}


def cells(desk):
    """Give every value of every table that the store holds, whatever made it, with the name of its table."""
    with desk.store.engine.connect() as db:
        names = inspect(db).get_table_names()
        for name in names:
            for row in db.execute(text(f'SELECT * FROM "{name}"')):  # noqa: S608  (a table's own name)
                for value in row:
                    if isinstance(value, memoryview):
                        yield name, bytes(value)
                    elif isinstance(value, bytes):
                        yield name, value
                    elif isinstance(value, str):
                        yield name, value.encode()


def found(desk, marks=MARKS):
    """Return the tables in which a mark stands, as it is or in the base64 of an envelope."""

    hits = set()
    for table, value in cells(desk):
        plain = [value, *(b64decode(part + b"=" * (-len(part) % 4)) for part in re.findall(rb"[A-Za-z0-9+/]{40,}", value))]
        if any(mark.encode() in each or mark.lower().encode() in each.lower() for mark in marks for each in plain):
            hits.add(table)
    return hits


def erase(desk, record, reason="retention", *, by="approver"):
    order_erasure(desk.node, desk.officers["commander"], record, reason)
    return decide_erasure(desk.node, desk.officers[by], record, erase=True)


def sound(*desks):
    for desk in desks:
        assert verify_store(desk.store).faults == []


def salts(desk):
    """Return the salts of entries without their content: with one, a short content can be guessed from the commitment."""
    with desk.store.reading() as book:
        return [entry.salt for log, size in book.logs().items() for entry in book.entries(log, 0, size) if entry.content is None]


def condition(desk, held):
    with desk.store.reading() as book:
        return book.release(held.release).condition


@pytest.fixture
def sent(agreed):
    """West's release, which east has and has opened."""
    held = warn(agreed.west)
    agreed.sync()
    acknowledge(agreed.east.node, agreed.east.officers["duty"], held.log, held.seq)
    agreed.sync()
    return held


def test_record_that_never_left_is_gone_from_every_cell(desk):
    record = file(desk).record.id
    assert {"entry", "blob", "draft", "record", "wording", "document"} <= found(desk)
    done = erase(desk, record)
    assert (done.state, done.reason, done.ordered_office, done.decided_office) == ("erased", "retention", "commander office", "approver office")
    assert found(desk) == set()
    sound(desk)
    with desk.store.reading() as book:
        (held,) = book.versions(record)
        assert (held.record.claims, held.record.sources) == ([], [])
        assert book.search_page(Filter(text=MARKS[0])).rows == []
        assert [each.record.id for each in book.records()] == [record]  # that it was there is still said
    desk.file(REPORT.replace("12 November", "14 November").split("The men")[0])  # the numbers of what comes after still fit
    sound(desk)


def test_both_sides_are_empty_of_it_and_both_say_the_same(agreed, sent):
    west, east = agreed.west, agreed.east
    before = logs(west)
    assert found(west)
    assert found(east)
    erase(west, sent.record)
    assert condition(west, sent) == "erasure asked"
    assert found(west) == set()
    agreed.sync()
    (item,) = inbox(east, "erasure.asked")
    assert item.state == "new"
    assert found(east)  # a person erases
    held = confirm_erasure(east.node, east.officers["approver"], sent.log, sent.seq)
    assert (held.reason, held.confirmed.office, held.confirmed.onward) == ("retention", "approver office", [])
    assert found(east) == set()
    assert inbox(east, "erasure.asked")[0].state == "acknowledged"
    agreed.sync()
    assert condition(west, sent) == "erasure confirmed"
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures() == [held]
    assert {log: entries for log, entries in logs(west).items() if log in before and log.startswith("release/")} == {
        log: entries for log, entries in before.items() if log.startswith("release/")
    }
    assert logs(west) == logs(east)
    assert quarantine(west) == quarantine(east) == []
    assert set(salts(west)) == set(salts(east)) == {b""}
    sound(west, east)


def test_order_and_confirmation_are_of_two_persons(desk):
    record = file(desk).record.id
    with pytest.raises(InputError):
        order_erasure(desk.node, desk.officers["commander"], record, "because")
    with pytest.raises(NotFound):
        order_erasure(desk.node, desk.officers["commander"], "WEST-R-000000", "retention")
    with pytest.raises(NotFound):
        decide_erasure(desk.node, desk.officers["approver"], record, erase=True)
    order_erasure(desk.node, desk.officers["commander"], record, "retention")
    with pytest.raises(Refused) as named:
        decide_erasure(desk.node, desk.officers["commander"], record, erase=True)
    assert named.value.rule == "second-officer"
    with pytest.raises(Stale):
        order_erasure(desk.node, desk.officers["commander"], record, "retention")
    assert decide_erasure(desk.node, desk.officers["approver"], record, erase=False).state == "declined"
    assert found(desk)
    erase(desk, record)  # it can be ordered again
    with pytest.raises(Stale):
        decide_erasure(desk.node, desk.officers["approver"], record, erase=True)
    sound(desk)


def test_nothing_more_is_made_of_what_was_erased(agreed, sent):
    west, east = agreed.west, agreed.east
    waits = propose_release(west.node, west.officers["duty"], sent.record, purpose="prevention", necessity=NECESSITY)
    erase(west, sent.record)
    assert condition(west, waits) == "refused"
    for act in (
        lambda: propose_release(west.node, west.officers["duty"], sent.record, purpose="prevention", necessity=NECESSITY),
        lambda: correct_record(west.node, west.officers["duty"], sent.record, []),
        lambda: recall_release(west.node, west.officers["commander"], sent.release, "It was a mistake."),
        lambda: recall_record(west.node, west.officers["commander"], sent.record, "It was a mistake."),
    ):
        with pytest.raises(Refused) as named:
            act()
        assert named.value.rule == "erased"
    agreed.sync()
    confirm(east, sent)
    with pytest.raises(Refused) as named:
        link_received(east.node, east.officers["duty"], sent.record)
    assert named.value.rule == "erased"
    sound(west, east)


def test_document_stays_for_another_record_and_goes_with_the_last_one(desk):
    two = REPORT + "\nOn 13 November 2026 at 10:00, armed smugglers fired at a border guard patrol near Zahedan. Two civilians were wounded.\n"
    document, drafts = add_document(desk.node, desk.officers["duty"], two.encode(), name=f"{MARKS[0]}.txt", basis="own")
    first, second = (accept_draft(desk.node, desk.officers["duty"], each.draft, grade="B2").record.id for each in drafts[:2])
    with desk.store.reading() as book:
        assert documents_that_stay(book, first) == [(document.document, [second])]
    erase(desk, first)
    with desk.store.reading() as book:
        assert book.document_bytes(document.document)
        assert [each.record.claims for each in book.versions(first)] == [[]]
    erase(desk, second)
    assert found(desk) == set()
    sound(desk)
    with pytest.raises(InputError):  # it is known, and gone
        add_document(desk.node, desk.officers["duty"], two.encode(), name="again.txt", basis="own")


def test_every_version_and_every_act_on_its_draft_goes(desk):
    filed = file(desk)
    record = filed.record.id
    claim = filed.record.claims[0]
    corrected = type(claim)(**{**_fields(claim), "hedge": "reported"})
    correct_record(desk.node, desk.officers["duty"], record, [corrected, *filed.record.claims[1:]])
    with desk.store.writing() as pen:
        pen.journal(RecordWithdrawn(record=record, version=2, reason=f"It was not {MARKS[0]}."), desk.officers["duty"])
    erase(desk, record)
    assert found(desk) == set()
    sound(desk)


def confirm(desk, held, **options):
    return confirm_erasure(desk.node, desk.officers["approver"], held.log, held.seq, **options)


@pytest.mark.parametrize("side", ["west", "east"])
def test_node_set_back_to_before_the_erasure_erases_again_and_both_say_the_same(agreed, sent, tmp_path, side):
    west, east = agreed.west, agreed.east
    kept = evidence(getattr(agreed, side))
    erase(west, sent.record)
    agreed.sync()
    held = confirm(east, sent)
    agreed.sync()
    set_back(getattr(agreed, side), kept, tmp_path)
    assert found(getattr(agreed, side))
    agreed.sync()
    agreed.sync()
    assert found(west) == found(east) == set()
    assert condition(west, sent) == "erasure confirmed"
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures() == [held]
    assert inbox(east, "erasure.asked")[0].state != "new"
    assert logs(west) == logs(east)
    sound(west, east)


@pytest.mark.parametrize("side", ["west", "east"])
def test_node_set_back_to_before_the_release_learns_of_the_erasure(agreed, tmp_path, side):
    west, east = agreed.west, agreed.east
    kept = evidence(getattr(agreed, side))
    held = warn(west)
    agreed.sync()
    erase(west, held.record)
    agreed.sync()
    confirm(east, held)
    agreed.sync()
    set_back(getattr(agreed, side), kept, tmp_path)
    agreed.sync()
    agreed.sync()
    assert found(west) == found(east) == set()
    assert condition(west, held) == "erasure confirmed"
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures()
    assert logs(west) == logs(east)
    sound(west, east)


def test_what_comes_after_its_erasure_was_asked_comes_without_its_content(agreed):
    """A stick that was written before the erasure comes after a message that was written later, and that another stick brought."""
    west, east = agreed.west, agreed.east
    held = warn(west)
    with west.store.reading() as book:
        late = write_for(west.node, book, "east")
    erase(west, held.record)
    with west.store.reading() as book:
        whole = read_bundle(unpack(write_for(west.node, book, "east"), 1 << 24), west.node.key.public, sender="west", receiver="east")
    request = msgspec.structs.replace(whole, offers=[each for each in whole.offers if each.log.startswith("link/")])
    receive(east.node, write_bundle(request, west.node.key))
    receive(east.node, late)
    assert found(east) == set()
    confirm(east, held)
    agreed.sync()
    assert condition(west, held) == "erasure confirmed"
    sound(west, east)


def test_third_party_is_asked_in_turn_if_the_officer_says_so(three):
    west, east, north = three.west, three.east, three.north
    told = warn(west)
    three.sync()
    own, _ = link_received(east.node, east.officers["duty"], told.record)
    (asked,) = ask(east, own.record.id, purpose="prevention")
    three.sync()
    grant(west, "east", asked.asked.request)
    three.sync()
    onward = send(east, own.record.id, "north", purpose="prevention")
    assert onward.condition == "logged"
    three.sync()
    assert found(north)
    erase(west, told.record)
    three.sync()
    with pytest.raises(InputError):
        confirm(east, told, erase=["EAST-R-000000"])
    held = confirm(east, told, erase=[own.record.id])
    assert held.confirmed.onward == [Onward("north", asked=True)]
    assert found(east) == set()
    three.sync()
    with north.store.reading() as book:
        (there,) = book.erasures()
    confirm(north, there)
    three.sync()
    assert found(west) == found(east) == found(north) == set()
    assert condition(east, onward) == "erasure confirmed"
    sound(west, east, north)


def test_our_own_record_that_rests_on_it_stays_ours_and_the_answer_says_to_whom_it_went(three):
    west, east = three.west, three.east
    told = warn(west)
    three.sync()
    own, _ = link_received(east.node, east.officers["duty"], told.record)
    (asked,) = ask(east, own.record.id, purpose="prevention")
    three.sync()
    grant(west, "east", asked.asked.request)
    three.sync()
    send(east, own.record.id, "north", purpose="prevention")
    three.sync()
    erase(west, told.record)
    three.sync()
    assert confirm(east, told).confirmed.onward == [Onward("north", asked=False)]
    assert "record" in found(east)
    three.sync()
    sound(west, east, three.north)


def test_what_stands_in_a_log_that_was_closed_goes_too(agreed, tmp_path):
    """West was set back, signed another release at a place that east holds one for, and began its logs anew."""
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    lost = warn(west)
    agreed.sync()
    set_back(west, kept, tmp_path, sure=True)
    other = warn(west)
    hold_link(west.node, "east", "nothing gets through any more")
    with pytest.raises(NeighbourError, match="fork"):
        agreed.sync()
    open_epoch(west.node, west.officers["commander"], "east", "Another history was begun.")
    agreed.sync()
    for record in (lost.record, other.record):
        order_erasure(west.node, west.officers["commander"], record, "mistake")
        decide_erasure(west.node, west.officers["approver"], record, erase=True)
    assert found(west) == set()
    agreed.sync()
    with east.store.reading() as book:
        waiting = book.erasures()
    assert {each.record for each in waiting} == {lost.record, other.record}
    for each in waiting:
        confirm(east, each)
    agreed.sync()
    assert found(east) == set()
    assert {condition(west, each) for each in (lost, other)} == {"erasure confirmed"}
    with west.store.reading() as book:
        assert explain(west.node, book, lost.release).faults == []
    assert [reason for reason in quarantine(east) if "erase" in reason] == []
    sound(west, east)


def wrong_requests(held):
    right = ErasureAsked(log=held.log, seq=held.seq, record=held.record, version=held.version, reason="mistake", office="duty office", at=START)
    return {
        "another log": msgspec.structs.replace(right, log="release/west-east-2026-11-21/east/west"),
        "another record": msgspec.structs.replace(right, record="WEST-R-000000"),
        "another version": msgspec.structs.replace(right, version=7),
        "no reason of the list": msgspec.structs.replace(right, reason="because of Zzyzxville"),
        "an unknown agreement": msgspec.structs.replace(right, log="release/nothing/west/east"),
    }


def test_bad_requests_and_confirmations_stand_in_quarantine_and_erase_nothing(agreed, sent):
    west, east = agreed.west, agreed.east
    requests = wrong_requests(sent)
    for act in requests.values():
        with west.store.writing() as pen:
            pen.extend(link_log("west", "east"), "erasure.asked", canonical(act), west.officers["approver"])
    agreed.sync()
    assert len(quarantine(east)) == len(requests)
    assert inbox(east, "erasure.asked") == [item for item in inbox(east, "erasure.asked") if item.state == "quarantined"]
    unasked = ErasureConfirmed(log=sent.log, seq=sent.seq, onward=[], office="duty office", at=START)
    with east.store.writing() as pen:
        pen.extend(link_log("east", "west"), "erasure.confirmed", canonical(unasked), east.officers["approver"])
    agreed.sync()
    assert len(quarantine(west)) == 1
    assert condition(west, sent) == "opened"
    with pytest.raises(NotFound):
        confirm(east, sent)
    sound(west, east)


def test_request_and_confirmation_that_come_twice_are_kept_once(agreed, sent):
    west, east = agreed.west, agreed.east
    erase(west, sent.record)
    agreed.sync()
    with west.store.reading() as book:
        again = [entry for entry in book.entries(link_log("west", "east"), 0, 99) if entry.header().kind == "erasure.asked"][-1]
    with west.store.writing() as pen:
        pen.extend(link_log("west", "east"), "erasure.asked", again.content, west.officers["approver"])
    agreed.sync()
    held = confirm(east, sent)
    with pytest.raises(Stale):
        confirm(east, sent)
    with pytest.raises(Refused):  # whose own request it is
        confirm(west, sent)
    with east.store.writing() as pen:
        pen.extend(link_log("east", "west"), "erasure.confirmed", canonical(held.confirmed), east.officers["approver"])
    agreed.sync()
    with west.store.reading() as book:
        assert book.erasures() == [held]
    assert quarantine(west) == quarantine(east) == []
    sound(west, east)


def test_recalled_and_quarantined_releases_are_erased_too(agreed, sent):
    west, east = agreed.west, agreed.east
    recall_release(west.node, west.officers["duty"], sent.release, "It was another post.")
    agreed.sync()
    erase(west, sent.record)
    agreed.sync()
    confirm(east, sent)
    answer_recall(east.node, east.officers["duty"], sent.log, sent.seq)
    agreed.sync()
    assert condition(west, sent) == "erasure confirmed"  # the answer to the recall, which comes after, says less
    assert found(west) == found(east) == set()
    sound(west, east)


def test_release_that_has_not_left_leaves_without_its_content(agreed):
    west, east = agreed.west, agreed.east
    held = warn(west)
    erase(west, held.record)
    agreed.sync()
    assert found(east) == set()
    confirm(east, held)
    agreed.sync()
    assert condition(west, held) == "erasure confirmed"
    sound(west, east)


def test_bundle_that_was_kept_as_evidence_goes_with_the_copy(agreed):
    west, east = agreed.west, agreed.east
    held = warn(west)
    with west.store.reading() as book:
        good = read_bundle(unpack(write_for(west.node, book, "east"), 1 << 24), west.node.key.public, sender="west", receiver="east")
    with pytest.raises(NeighbourError):
        receive(east.node, write_bundle(msgspec.structs.replace(good, receipts=["{}"]), west.node.key))
    assert "blob" in found(east)
    agreed.sync()
    erase(west, held.record)
    agreed.sync()
    confirm(east, held)
    assert found(east) == set()
    sound(east)


def test_account_of_a_release_says_that_it_was_erased_and_finds_no_fault(agreed, sent):
    west, east = agreed.west, agreed.east
    erase(west, sent.record)
    agreed.sync()
    confirm(east, sent)
    agreed.sync()
    for desk in (west, east):
        with desk.store.reading() as book:
            told = explain(desk.node, book, sent.release)
        assert told.faults == []
        assert told.delivery.condition == "erasure confirmed"
        assert "the time for which it may be kept has run out" in " ".join(str(each.why) for each in told.delivery.steps)
    with west.store.reading() as one, east.store.reading() as other:
        assert delivery_of(west.node, one, one.release(sent.release)).shared == delivery_here(east.node, other, sent.log, sent.seq).shared


def test_content_that_is_put_back_is_found(desk):
    record = file(desk).record.id
    with desk.store.reading() as book:
        _, seq = next(iter(book.entries_naming([record])))
        (entry,) = book.entries("journal/west", seq, 1)
    erase(desk, record)
    with desk.store.engine.begin() as db:
        db.execute(update(t.ENTRY).where(t.ENTRY.c.log == "journal/west", t.ENTRY.c.seq == seq).values(content=entry.content, salt=entry.salt))
    (fault,) = [each for each in verify_store(desk.store).faults if "was erased" in str(each.what)]
    assert fault.entry == f"journal/west#{seq}"


def test_doctor_names_what_waits(agreed, sent):
    west, east = agreed.west, agreed.east
    erase(west, sent.record)
    agreed.sync()
    with east.store.reading() as book:
        assert "erasure-unconfirmed" in {each.code for each in check_book(east.node, book)}
    west.clock.at += timedelta(days=30)
    with west.store.reading() as book:
        assert "erasure-unconfirmed" in {each.code for each in check_book(west.node, book)}

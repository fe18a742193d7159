# SPDX-License-Identifier: Apache-2.0
"""A real node against a neighbour that sends anything: what breaks the rules leaves evidence only; what makes no sense
is mirrored, receipted, shown in quarantine, and applied nowhere."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.agreement.made import CLAUSES, KEYS
from tests.conftest import START, Clock, Pair, make_desk, release
from tests.desk.made import file, journal_size
from tests.exchange.made import Neighbour, entry_of, offer_of
from tests.facts.made import claim, code, count, day, record

from hamsaya.agreement.charter import sign
from hamsaya.desk.agreements import agreement_of, sign_agreement, standing_of
from hamsaya.desk.converse import answer, receive, synchronise
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import trust_neighbour
from hamsaya.exchange.acts import AgreementSignature, AgreementText, ReleasedRecord, ReleaseOpened
from hamsaya.exchange.bundle import read_bundle
from hamsaya.facts.errors import HamsayaError, NeighbourError
from hamsaya.ledger import tables as t
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.keys import SigningKey
from hamsaya.seal.merkle import EMPTY_ROOT

RELEASES = "release/west-east-2026/east/west"
WARNING = record(claim("action", code("raid")), party="east", side="PK", kind="warning", number="EAST-R-1", incident="")


@pytest.fixture
def east(desk):
    """A neighbour in memory that `west` trusts."""
    made = Neighbour()
    trust_neighbour(desk.node, made.card(), made.key.public.fingerprint())
    return made


@pytest.fixture
def bound(desk, east):
    """The same, with an agreement that both have signed."""
    made = east.agreement(desk)
    east.offer_agreement(made)
    receive(desk.node, east.bundle())
    sign_agreement(desk.node, desk.officers["commander"], made.table.id)
    return made


def rows(desk, *, but_evidence=False):
    """Every row of every table; without the journal, its head and what is kept as evidence, where a test expects only that."""
    found = {}
    with desk.store.engine.connect() as db, db.begin():
        for table in t.META.sorted_tables:
            if but_evidence and table in (t.BLOB, t.QUARANTINE):
                continue
            found[table.name] = sorted(map(repr, (row for row in db.execute(select(table)) if not (but_evidence and "journal/" in repr(row)))))
    return found


def items(desk):
    with desk.store.reading() as book:
        return {(item.log, item.seq): item for item in book.inbox()}


def mirrored(desk, log):
    with desk.store.reading() as book:
        return book.entries(log, 0, 100)


def receipts(desk):
    with desk.store.reading() as book:
        return {each.log: each.size for each in book.receipts() if each.by == "west"}


def refused(desk, data):
    """Assert that a bundle is refused by our error, keeps its evidence, and changes nothing else."""
    before = rows(desk, but_evidence=True)
    with pytest.raises(NeighbourError) as named:
        receive(desk.node, data)
    assert rows(desk, but_evidence=True) == before
    with desk.store.reading() as book:
        assert [str(named.value)] == [str(each.reason) for each in book.quarantined() if str(each.reason) == str(named.value)]
    assert verify_store(desk.store).faults == []
    return str(named.value)


def left_no_trace(desk, data):
    """Assert that a bundle is refused by our error and nothing at all is kept of it."""
    before = rows(desk)
    with pytest.raises(NeighbourError) as named:
        receive(desk.node, data)
    assert rows(desk) == before
    return str(named.value)


def quarantined(desk, log, seq, *, of=None):
    """Assert that an entry is mirrored byte for byte, receipted and in quarantine with a reason. Returns the reason."""
    item = items(desk)[log, seq]
    assert item.state == "quarantined"
    assert str(item.reason)
    if of is not None:
        assert mirrored(desk, log)[seq] == of
    assert receipts(desk)[log] > seq
    assert verify_store(desk.store).faults == []
    return str(item.reason)


# Who may speak


def test_unknown_sender_leaves_nothing(desk):
    east = Neighbour()
    east.add(east.link)
    assert "trust" in left_no_trace(desk, east.bundle())


@pytest.mark.parametrize("sender", ["", "west", "north", "East", "east "])
def test_name_that_is_no_neighbours_leaves_nothing(desk, east, sender):
    left_no_trace(desk, east.bundle(sender=sender))


def test_empty_name_does_not_stand_for_the_only_neighbour_nor_for_one_of_several(desk, east):
    north = Neighbour("north", "AF", SigningKey(b"n" * 32))
    left_no_trace(desk, east.bundle(sender=""))
    trust_neighbour(desk.node, north.card(), north.key.public.fingerprint())
    left_no_trace(desk, east.bundle(sender=""))


@pytest.mark.parametrize("data", [b"", b"{}", b"\x00" * 100, b"[" * 20_000, b"\xff\xfe{}"])
def test_what_is_no_bundle_leaves_nothing(desk, east, data):
    del east
    left_no_trace(desk, data)


def test_bundle_signed_by_another_key_leaves_nothing(desk, east):
    left_no_trace(desk, east.bundle(key=SigningKey(b"z" * 32)))


def test_bundle_for_another_receiver_leaves_nothing(desk, east):
    east.add(east.link)
    left_no_trace(desk, east.bundle(receiver="north"))


def test_bundle_that_came_over_the_link_of_another_leaves_nothing(desk, east):
    before = rows(desk)
    with pytest.raises(NeighbourError, match="over the link of north"):
        receive(desk.node, east.bundle(), caller="north")
    assert rows(desk) == before
    receive(desk.node, east.bundle(), caller="east")


def test_neighbour_cannot_speak_in_the_logs_of_another(desk, east):
    north = Neighbour("north", "AF", SigningKey(b"n" * 32))
    trust_neighbour(desk.node, north.card(), north.key.public.fingerprint())
    for log in ("link/north/west", "release/a/north/west", "link/west/east", "journal/west", "link/east/north"):
        refused(desk, east.bundle(offers=[offer_of(east.key, log, [entry_of(east.key, log, 0)])]))


def test_same_wrong_bundle_again_is_the_same_evidence(desk, east):
    alien = offer_of(east.key, "link/north/west", [entry_of(east.key, "link/north/west", 0)])
    refused(desk, east.bundle(offers=[alien]))
    size = journal_size(desk)
    for minutes in (0, 1, 2):
        refused(desk, east.bundle(offers=[alien], at=START + timedelta(minutes=minutes)))
    assert journal_size(desk) == size  # a neighbour that goes on does not fill the disk
    with desk.store.engine.connect() as db, db.begin():
        assert len(db.execute(select(t.QUARANTINE)).all()) == 1


# What breaks the rules of the exchange


@pytest.mark.parametrize("raw", [{"at": "2026-11-22T09:00:00"}, {"seq": 4}, {"log": "link/east/north"}])
def test_entry_with_a_wrong_header_is_refused(desk, east, raw):
    east.logs[east.link] = [entry_of(east.key, east.link, 0, raw=raw)]
    refused(desk, east.bundle())


def test_bundle_whose_time_has_no_zone_is_refused(desk, east):
    left_no_trace(desk, east.bundle(raw={"at": "2026-11-22T09:00:00"}))


def test_fork_is_refused_named_and_what_was_held_stays(desk, east):
    east.add(east.link, content=b'{"first":1}')
    receive(desk.node, east.bundle())
    held = mirrored(desk, east.link)
    east.logs[east.link] = [entry_of(east.key, east.link, 0, content=b'{"another":1}')]
    assert "fork" in refused(desk, east.bundle())
    east.add(east.link)
    assert "fork" in refused(desk, east.bundle())
    assert mirrored(desk, east.link) == held


def test_one_wrong_offer_takes_the_right_ones_of_its_bundle_with_it(desk, east):
    east.add(east.link)
    wrong = offer_of(east.key, "link/north/west", [entry_of(east.key, "link/north/west", 0)])
    refused(desk, east.bundle(offers=[offer_of(east.key, east.link, east.logs[east.link]), wrong]))
    assert mirrored(desk, east.link) == []


def test_receipt_over_a_root_that_we_never_had_is_named(desk, east, bound):
    del bound
    assert "link/west/east" in refused(desk, east.bundle(receipts=[east.receipt("link/west/east", 1, "00" * 32)]))
    assert "link/west/east" in refused(desk, east.bundle(receipts=[east.receipt("link/west/east", 99, "00" * 32)]))
    assert "link/east/west" in refused(desk, east.bundle(receipts=[east.receipt("link/east/west", 2, "00" * 32)]))


def root_of_ours(desk, log, size):
    with desk.store.reading() as book:
        return book.root_at(log, size).hex()


def test_same_receipt_twice_in_a_bundle_and_in_two_bundles_counts_once(desk, east, bound):
    del bound
    receipt = east.receipt("link/west/east", 1, root_of_ours(desk, "link/west/east", 1))
    assert receive(desk.node, east.bundle(receipts=[receipt, receipt])).receipts == 1
    assert receive(desk.node, east.bundle(receipts=[receipt])).receipts == 0
    with desk.store.reading() as book:
        assert [each.size for each in book.receipts() if each.by == "east"] == [1]
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize("log", ["link/west/east", "release/unknown/west/east"])
def test_receipt_for_nothing_proves_nothing_and_is_not_kept(desk, east, bound, log):
    del bound
    before = rows(desk)["receipt"]
    with contextlib.suppress(NeighbourError):
        receive(desk.node, east.bundle(receipts=[east.receipt(log, 0, EMPTY_ROOT.hex())]))
    assert rows(desk)["receipt"] == before
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize("have", [{}, {"link/west/east": 10**9}, {"nonsense": 3}, {"journal/west": 0}, {"link/east/west": 0}])
def test_whatever_a_neighbour_says_it_has_it_gets_only_its_own_logs_and_from_there(desk, east, bound, have):
    del bound
    answered = read_bundle(answer(desk.node, east.bundle(have=have)), desk.node.key.public, sender="west", receiver="east")
    assert {each.log for each in answered.offers} == {"link/west/east"}
    (offered,) = answered.offers
    assert (offered.first, len(offered.entries)) == (0, 1)  # what it says counts as far as its receipts go, and it gave none


# What keeps the rules and makes no sense


@pytest.mark.parametrize("kind", ["record", "release", "card", "stop", "distress", "journal", "", "party.trusted", "record.filed", "agreement"])
def test_act_outside_the_closed_list_of_the_link_log_is_quarantined(desk, east, kind):
    entry = east.add(east.link, kind, canonical(ReleasedRecord("EAST-S-1", WARNING)))
    got = receive(desk.node, east.bundle())
    assert (got.applied, got.quarantined) == (0, 1)
    quarantined(desk, east.link, 0, of=entry)
    with desk.store.reading() as book:
        assert (book.records(), book.agreements()) == ([], [])


@pytest.mark.parametrize("kind", ["agreement.text", "agreement.signature", "release.opened", "releases", "record"])
def test_act_outside_the_closed_list_of_a_release_log_is_quarantined(desk, east, bound, kind):
    del bound
    entry = east.add(RELEASES, kind, canonical(ReleasedRecord("EAST-S-1", WARNING)))
    receive(desk.node, east.bundle())
    quarantined(desk, RELEASES, 0, of=entry)


def test_release_as_agreed_is_applied(desk, east, bound):
    del bound
    east.release()
    assert receive(desk.node, east.bundle()).applied == 1
    with desk.store.reading() as book:
        (held,) = book.records()
    assert (held.record, held.received_from, held.released_in) == (WARNING, "east", f"{RELEASES}#0")
    assert items(desk)[RELEASES, 0].state == "new"


def replaced(**fields):
    return {"version": msgspec.structs.replace(WARNING, **fields)}


LATER = datetime(2027, 6, 1, tzinfo=START.tzinfo)
SENSELESS = {
    "names no clause": {"about": {"clause": None}},
    "empty clause": {"about": {"clause": ""}},
    "clause that is not in the agreement": {"about": {"clause": "99"}},
    "clause that does not allow": {"about": {"clause": "3"}},
    "clause of the other direction": {"about": {"clause": "1"}},
    "kind that its clause does not list": replaced(kind="intelligence_report"),
    "no purpose": {"about": {"purpose": None}},
    "purpose outside the closed list": {"about": {"purpose": "targeting"}},
    "no necessity": {"about": {"necessity": " "}},
    "another party's record": replaced(party="north"),
    "our own record": replaced(party="west"),
    "exercise": replaced(exercise=True),
    "after the agreement expired": {"at": LATER},
    "before the agreement began": {"at": datetime(2025, 1, 1, tzinfo=START.tzinfo)},
    "at the beginning of time": {"at": datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))},
    "at its end": {"at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=14)))},
    "no record": {"content": b"{}"},
    "no JSON": {"content": b"EAST-R-1"},
    "record without a zone in its time": {
        "content": canonical(msgspec.to_builtins(ReleasedRecord("EAST-S-1", WARNING)) | {
            "record": msgspec.to_builtins(WARNING) | {"filed_at": "2014-10-23T06:00:00"}})},
    "moment without a zone": {
        "content": canonical(ReleasedRecord("EAST-S-1", msgspec.structs.replace(WARNING, claims=[claim("occurred", day("2014-10-22"))]))).replace(b"00:00:00Z", b"00:00:00")},
    "kind that nobody knows": {"content": canonical(ReleasedRecord("EAST-S-1", WARNING)).replace(b'"warning"', b'"dossier"')},
}  # fmt: skip


@pytest.mark.parametrize("options", SENSELESS.values(), ids=SENSELESS)
def test_release_that_the_agreement_does_not_allow_is_mirrored_and_not_applied(desk, east, bound, options):
    del bound
    entry = east.release(**options)
    got = receive(desk.node, east.bundle())
    assert (got.applied, got.quarantined) == (0, 1)
    quarantined(desk, RELEASES, 0, of=entry)
    with desk.store.reading() as book:
        assert book.records() == []


@pytest.mark.parametrize("withheld", ["", "-1", "3.5", "many", "۳", "9" * 30, "9" * 5000, " 1"])
def test_withheld_that_is_no_number_breaks_nothing(desk, east, bound, withheld):
    del bound
    east.release(about={"withheld": withheld})
    receive(desk.node, east.bundle())
    assert items(desk)[RELEASES, 0].withheld == 0
    assert verify_store(desk.store).faults == []


def test_content_that_was_erased_before_it_arrived_is_quarantined(desk, east, bound):
    del bound
    east.release()
    east.logs[RELEASES] = [msgspec.structs.replace(east.logs[RELEASES][0], salt=b"", content=None)]
    receive(desk.node, east.bundle())
    quarantined(desk, RELEASES, 0, of=east.logs[RELEASES][0])


def test_release_under_an_agreement_that_is_not_known_is_quarantined(desk, east):
    east.release()
    receive(desk.node, east.bundle())
    quarantined(desk, RELEASES, 0)


def test_release_under_an_agreement_that_we_have_not_signed_is_quarantined(desk, east):
    east.offer_agreement(east.agreement(desk))
    east.release()
    receive(desk.node, east.bundle())
    assert "Not signed by: West" in quarantined(desk, RELEASES, 0)


def test_release_under_an_agreement_that_the_sender_has_not_signed_is_quarantined(desk, east):
    made = east.agreement(desk)
    east.add(east.link, "agreement.text", canonical(AgreementText(made.table.id, made.body().decode())))
    receive(desk.node, east.bundle())
    sign_agreement(desk.node, desk.officers["commander"], made.table.id)
    east.release()
    receive(desk.node, east.bundle())
    assert "Not signed by: East" in quarantined(desk, RELEASES, 0)


def test_release_by_one_who_is_no_party_to_the_agreement_is_quarantined(desk, bound):
    del bound
    north = Neighbour("north", "AF", SigningKey(b"n" * 32))
    trust_neighbour(desk.node, north.card(), north.key.public.fingerprint())
    north.release(msgspec.structs.replace(WARNING, id="NORTH-R-1", party="north", side="AF"), about={"release": "NORTH-S-1"})
    receive(desk.node, north.bundle())
    quarantined(desk, "release/west-east-2026/north/west", 0)


def test_record_under_the_number_of_one_of_ours_is_quarantined_and_ours_stays(desk, east, bound):
    del bound
    own = file(desk).record
    east.release(msgspec.structs.replace(WARNING, id=own.id, version=99))
    receive(desk.node, east.bundle())
    assert own.id in quarantined(desk, RELEASES, 0)
    revised = file(desk, revises=own.id)
    assert (revised.received_from, revised.record.version) == ("", 2)
    with desk.store.reading() as book:
        assert [each.record.party for each in view_incident(book, own.incident).accounts] == ["west"]


@pytest.mark.parametrize(
    "fields",
    [{"claims": [claim("killed", count(9, 9))]}, {"claims": []}, {"handling": "clear"}, {"office": "another office"}, {"side": "IR"}],
    ids=["claim", "no claims", "handling", "office", "side"],
)
def test_same_version_with_other_content_is_quarantined_and_the_first_stays(desk, east, bound, fields):
    del bound
    east.release()
    east.release(msgspec.structs.replace(WARNING, **fields))
    receive(desk.node, east.bundle())
    quarantined(desk, RELEASES, 1)
    with desk.store.reading() as book:
        assert [each.record for each in book.versions(WARNING.id)] == [WARNING]


def test_quarantined_entry_does_not_keep_the_next_from_being_applied(desk, east, bound):
    del bound
    east.release(about={"clause": "99"})
    east.release()
    got = receive(desk.node, east.bundle())
    assert (got.applied, got.quarantined) == (1, 1)
    assert receipts(desk)[RELEASES] == 2


def test_quarantined_release_cannot_be_acknowledged(desk, east, bound):
    del bound
    east.release(about={"clause": "99"})
    receive(desk.node, east.bundle())
    with pytest.raises(HamsayaError):
        acknowledge(desk.node, desk.officers["duty"], RELEASES, 0)


def act(made, **fields):
    body = made.body()
    for old, new in fields.pop("replace", {}).items():
        assert old in body
        body = body.replace(old, new)
    return canonical(AgreementText(fields.get("name", made.table.id), body.decode()))


TEXTS = {
    "altered term": {"replace": {b'"ceiling":"amber"': b'"ceiling":"red"'}},
    "altered sentence": {"replace": {b"Nothing marked above": b"Everything marked above"}},
    "under another name": {"name": "another"},
    "exercise": {"replace": {b',"id":': b',"exercise":true,"id":'}},
}


@pytest.mark.parametrize("fields", TEXTS.values(), ids=TEXTS)
def test_agreement_that_is_not_what_it_says_is_quarantined_and_not_kept(desk, east, fields):
    east.add(east.link, "agreement.text", act(east.agreement(desk), **fields))
    receive(desk.node, east.bundle())
    quarantined(desk, east.link, 0)
    with desk.store.reading() as book:
        assert book.agreements() == []


def test_agreement_with_another_key_for_either_party_is_quarantined(desk, east):
    whole = east.agreement(desk).body()
    for real in (east.key.public.hex, desk.node.key.public.hex):
        body = whole.replace(real.encode(), KEYS["stranger"].public.hex.encode())
        east.add(east.link, "agreement.text", canonical(AgreementText("west-east-2026", body.decode())))
    receive(desk.node, east.bundle())
    for seq in (0, 1):
        assert "key" in quarantined(desk, east.link, seq)


def test_signature_that_is_not_the_neighbours_own_puts_nothing_in_force(desk, east):
    made = east.agreement(desk)
    east.add(east.link, "agreement.text", act(made))
    ours = sign(made, "west", "office", START, desk.node.key)
    other = east.agreement(desk, clauses=CLAUSES[:3])
    theirs_on_another = sign(other, "east", "office", START, east.key)
    for signature in (ours, theirs_on_another, b"{}"):
        east.add(east.link, "agreement.signature", canonical(AgreementSignature(made.table.id, signature.decode())))
    east.add(east.link, "agreement.signature", canonical(AgreementSignature("no-such", sign(made, "east", "office", START, east.key).decode())))
    receive(desk.node, east.bundle())
    for seq in (1, 2, 3, 4):
        quarantined(desk, east.link, seq)
    with desk.store.reading() as book:
        assert agreement_of(book, made.table.id).signatures == {}


def test_agreement_and_signature_sent_again_are_noted_and_change_nothing(desk, east, bound):
    east.offer_agreement(bound)
    got = receive(desk.node, east.bundle())
    assert (got.applied, got.quarantined) == (2, 0)
    assert [items(desk)[east.link, seq].state for seq in range(4)] == ["noted"] * 4
    with desk.store.reading() as book:
        assert standing_of(agreement_of(book, bound.table.id), START).in_force
    assert verify_store(desk.store).faults == []


def opened(log, seq):
    return canonical(ReleaseOpened(log, seq, "duty office", START))


@pytest.mark.parametrize(
    ("log", "seq"),
    [("release/west-east-2026/west/east", 1), ("release/west-east-2026/west/east", -1), ("release/x/west/east", 0), ("link/west/east", 0),
     ("journal/west", 0), ("release/west-east-2026/east/west", 0), ("release/west-east-2026/west/north", 0), ("", 0)],
)  # fmt: skip
def test_word_that_something_was_opened_which_we_never_released_is_quarantined(desk, east, bound, log, seq):
    del bound
    held = release(desk, file(desk, shape={"kind": "complaint"}).record.id)
    assert held.log == "release/west-east-2026/west/east"
    east.add(east.link, "release.opened", opened(log, seq))
    receive(desk.node, east.bundle())
    quarantined(desk, east.link, 2)
    with desk.store.reading() as book:
        assert book.release(held.release).condition == "logged"


def test_release_is_opened_once_and_its_time_stays(desk, east, bound):
    del bound
    held = release(desk, file(desk, shape={"kind": "complaint"}).record.id)
    seen = []
    for _ in range(2):
        east.add(east.link, "release.opened", opened(held.log, held.seq))
        receive(desk.node, east.bundle())
        with desk.store.reading() as book:
            seen.append((book.release(held.release).condition, book.release(held.release).condition_at))
    assert seen[0] == seen[1]
    assert seen[0][0] == "opened"
    assert verify_store(desk.store).faults == []


def test_receipt_that_comes_after_the_word_that_it_was_opened_does_not_turn_the_condition_back(desk, east, bound):
    del bound
    held = release(desk, file(desk, shape={"kind": "complaint"}).record.id)
    east.add(east.link, "release.opened", opened(held.log, held.seq))
    receive(desk.node, east.bundle())
    receive(desk.node, east.bundle(receipts=[east.receipt(held.log, 1, root_of_ours(desk, held.log, 1))]))
    with desk.store.reading() as book:
        assert book.release(held.release).condition == "opened"


@pytest.mark.parametrize("hours", [-24, 24, 24 * 365])
def test_clock_of_the_neighbour_is_told_and_decides_nothing(desk, east, bound, hours):
    del bound
    east.release()
    got = receive(desk.node, east.bundle(at=START + timedelta(hours=hours)))
    assert got.applied == 1
    assert got.clock_offset_s == pytest.approx(hours * 3600, abs=60)


def test_repeated_and_late_bundles_change_nothing(desk, east, bound):
    del bound
    early = east.bundle()
    east.release()
    data = east.bundle()
    receive(desk.node, data)
    before = rows(desk, but_evidence=True)
    for again in (data, early, data):
        got = receive(desk.node, again)
        assert (got.applied, got.quarantined) == (0, 0)
    assert {name: each for name, each in rows(desk, but_evidence=True).items() if name != "head"} == {
        name: each for name, each in before.items() if name != "head"
    }
    assert verify_store(desk.store).faults == []


def test_gap_waits_and_what_is_had_asks_for_the_rest(desk, east, bound):
    del bound
    for _ in range(3):
        east.add(east.link, "release.opened", opened("release/x/west/east", 0))
    entries = east.logs[east.link]
    got = receive(desk.node, east.bundle(offers=[offer_of(east.key, east.link, entries, 4)]))
    assert (got.applied, got.quarantined, len(mirrored(desk, east.link))) == (0, 0, 2)
    with desk.store.reading() as book:
        asked = read_bundle(write_for(desk.node, book, "east"), desk.node.key.public, sender="west", receiver="east").have
    assert asked == {east.link: 2}
    receive(desk.node, east.bundle(offers=[offer_of(east.key, east.link, entries, asked[east.link])]))
    assert mirrored(desk, east.link) == entries


def test_log_longer_than_one_bundle_arrives_in_parts_each_receipted(desk, east):
    for _ in range(5):
        east.add(east.link, "release.opened", opened("release/x/west/east", 0))
    entries = east.logs[east.link]
    for upto in (2, 4, 5):
        receive(desk.node, east.bundle(offers=[offer_of(east.key, east.link, entries, max(upto - 2, 0), upto=upto)]))
        assert mirrored(desk, east.link) == entries[:upto]
        assert receipts(desk)[east.link] == upto
        assert verify_store(desk.store).faults == []


def test_two_offers_of_one_log_in_a_bundle_go_on_from_each_other(desk, east):
    for _ in range(4):
        east.add(east.link, "release.opened", opened("release/x/west/east", 0))
    entries = east.logs[east.link]
    offers = [
        offer_of(east.key, east.link, entries, 0, upto=2),
        offer_of(east.key, east.link, entries, 1),
        offer_of(east.key, east.link, entries, 0, upto=1),
    ]
    receive(desk.node, east.bundle(offers=offers))
    assert mirrored(desk, east.link) == entries
    assert verify_store(desk.store).faults == []


# A real exchange with one byte altered


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """Two nodes, and the bundles that one has not received yet."""
    folder = tmp_path_factory.mktemp("sent")
    clock = Clock()
    pair = Pair(make_desk(folder, "west", "IR", clock=clock), make_desk(folder, "east", "PK", clock=clock))
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    pair.agree()
    release(pair.west, file(pair.west).record.id)
    release(pair.west, file(pair.west).record.id)
    with pair.west.store.reading() as book:
        data = write_for(pair.west.node, book, "east")
    yield pair, data, rows(pair.east, but_evidence=True)
    pair.west.store.close()
    pair.east.store.close()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_altered_byte_of_a_real_bundle_is_refused_by_our_error_and_nothing_is_applied(sent, data):
    pair, whole, before = sent
    place = data.draw(st.integers(0, len(whole) - 1))
    altered = bytearray(whole)
    altered[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NeighbourError):
        receive(pair.east.node, bytes(altered))
    assert rows(pair.east, but_evidence=True) == before


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_cut_or_lengthened_bundle_is_refused_by_our_error_and_nothing_is_applied(sent, data):
    pair, whole, before = sent
    end = data.draw(st.integers(1, len(whole) - 1))
    for changed in (whole[:end], whole[end:], whole[:end] + whole, whole + whole[:end], whole[end:] + whole[:end]):
        with pytest.raises(NeighbourError):
            receive(pair.east.node, changed)
    assert rows(pair.east, but_evidence=True) == before


def test_after_all_that_the_node_verifies_and_the_right_bundle_is_taken(sent):
    pair, _, _ = sent
    assert verify_store(pair.east.store).faults == []
    pair.sync()
    with pair.east.store.reading() as book:
        assert len(book.records()) == 2
    for side in (pair.west, pair.east):
        assert verify_store(side.store).faults == []


# A node that was set back


def test_restored_backup_is_named_by_both_and_loses_nothing_there(pair, tmp_path):
    pair.agree()
    west, east = pair.west, pair.east
    west.store.close()
    for suffix in ("", "-wal"):
        if (tmp_path / f"west.db{suffix}").exists():
            shutil.copy(tmp_path / f"west.db{suffix}", tmp_path / f"backup{suffix}")
    done = release(west, file(west).record.id)
    pair.sync()
    held = mirrored(east, done.log)
    west.store.close()
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"west.db{suffix}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", tmp_path / "west.db")
    with pytest.raises(NeighbourError, match="rolled back or forked"):
        pair.sync()
    again = release(west, file(west).record.id)
    assert (again.log, again.seq) == (done.log, done.seq)  # another entry at the same place: a fork
    with west.store.reading() as book:
        data = write_for(west.node, book, "east")
    assert "fork" in refused(east, data)
    assert mirrored(east, done.log) == held


@pytest.mark.parametrize("first", ["west", "east"])
def test_node_set_back_before_it_said_anything_is_filled_again_from_its_neighbour(pair, tmp_path, first):
    pair.agree()
    west, east = pair.west, pair.east
    east.store.close()
    shutil.copy(tmp_path / "east.db", tmp_path / "backup")
    sent = [release(west, file(west).record.id) for _ in range(3)]
    pair.sync()
    held = mirrored(east, sent[0].log)
    east.store.close()
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"east.db{suffix}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", tmp_path / "east.db")
    assert mirrored(east, sent[0].log) == []
    side, other = (west, east) if first == "west" else (east, west)
    synchronise(side.node, other.node.party, pair.carry(side, other))
    assert mirrored(east, sent[0].log) == held
    with east.store.reading() as book:
        assert {each.record.id for each in book.records()} == {each.record for each in sent}
    acknowledge(east.node, east.officers["duty"], sent[0].log, sent[0].seq)
    pair.sync()
    with west.store.reading() as book:
        assert [book.release(each.release).condition for each in sent] == ["opened", "receipted", "receipted"]
    for each in (west, east):
        assert verify_store(each.store).faults == []


def test_reason_of_quarantine_is_kept_with_the_evidence(desk, east):
    data = east.bundle(offers=[offer_of(east.key, "link/north/west", [entry_of(east.key, "link/north/west", 0)])])
    refused(desk, data)
    with desk.store.engine.connect() as db, db.begin():
        (row,) = db.execute(select(t.QUARANTINE)).all()
    assert (row.sender, row.bundle) == ("east", hashlib.sha256(data).hexdigest())
    assert "does not run from {sender} to {receiver}" in row.reason

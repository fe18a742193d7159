# SPDX-License-Identifier: Apache-2.0
"""A machine proposes, a person decides, once; a correction is a new version that names the one before (law 5, law 16)."""

from __future__ import annotations

import hashlib

import pytest
from tests.conftest import release
from tests.desk.made import drafts_of, file, journal_size
from tests.facts.made import claim, code, count, day, point

from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft, draft_of, reject_draft, suggestions
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import unseal

TWO = [claim("action", code("raid"), grade=None), claim("killed", count(1, 1), grade="C3")]


def accept(desk, draft, **options):
    return accept_draft(desk.node, desk.officers["duty"], draft.draft, **options)


def held(desk, draft):
    with desk.store.reading() as book:
        return draft_of(book, draft.draft)


def test_accepted_draft_is_a_record_signed_by_this_node(desk):
    (draft,) = drafts_of(desk, {"claims": TWO})
    record = accept(desk, draft, grade="b2").record
    assert (record.version, record.party, record.office, record.side, record.basis) == (1, "west", "duty office", "IR", "own")
    assert (record.previous, record.handling, record.exercise) == ("", "amber", False)
    assert [each.grade for each in record.claims] == ["B2", "C3"]  # what was graded before is never overwritten
    with desk.store.reading() as book:
        signed = book.signed_version(record.id, 1)
    assert read(unseal(signed, "record", desk.node.key.public), Record) == record
    assert (held(desk, draft).state, held(desk, draft).record, held(desk, draft).decided_by) == ("accepted", record.id, "duty office")


def test_draft_is_decided_once(desk):
    one, other = drafts_of(desk, None, None)
    accept(desk, one)
    reject_draft(desk.node, desk.officers["duty"], other.draft, "a repetition")
    before = journal_size(desk)
    for draft in (one, other):
        with pytest.raises(Refused) as refused:
            accept(desk, draft)
        assert refused.value.rule == "decided"
        with pytest.raises(Refused):
            reject_draft(desk.node, desk.officers["duty"], draft.draft, "again")
    assert journal_size(desk) == before
    assert (held(desk, other).state, held(desk, other).reason) == ("rejected", "a repetition")
    with desk.store.reading() as book:
        assert len(book.records()) == 1


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_rejecting_needs_a_reason(desk, reason):
    (draft,) = drafts_of(desk, None)
    with pytest.raises(InputError):
        reject_draft(desk.node, desk.officers["duty"], draft.draft, reason)
    assert held(desk, draft).state == "open"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"claims": ["c1", "c9"]}, InputError),
        ({"claims": []}, InputError),
        ({"claims": [""]}, InputError),
        ({"incident": "EAST-I-NONE"}, NotFound),
        ({"grade": "Z9"}, InputError),
        ({"grade": "B"}, InputError),
        ({"handling": "secret"}, InputError),
        ({"handling": " amber"}, InputError),
        ({"revises": "WEST-R-NONE"}, NotFound),
    ],
    ids=str,
)
def test_what_cannot_be_filed_leaves_the_draft_open_and_the_journal_as_it_was(desk, options, error):
    (draft,) = drafts_of(desk, {"claims": TWO})
    before = journal_size(desk)
    with pytest.raises(error):
        accept(desk, draft, **options)
    assert (held(desk, draft).state, journal_size(desk)) == ("open", before)


def test_unknown_draft_is_not_found(desk):
    for act in (lambda: accept_draft(desk.node, desk.officers["duty"], "D-none"), lambda: reject_draft(desk.node, desk.officers["duty"], "", "x")):
        with pytest.raises(NotFound):
            act()


def test_only_chosen_claims_are_kept(desk):
    (draft,) = drafts_of(desk, {"claims": TWO})
    assert [each.id for each in accept(desk, draft, claims=["c2"]).record.claims] == ["c2"]


def test_account_without_an_incident_opens_one_and_another_kind_does_not(desk):
    account, complaint = drafts_of(desk, None, {"claims": TWO, "kind": "complaint"})
    assert accept(desk, account).record.incident.startswith("WEST-I-")
    assert accept(desk, complaint).record.incident == ""


def test_record_joins_a_known_incident_by_any_of_its_names(desk):
    one = file(desk)
    two = file(desk, incident=one.record.incident)
    assert two.record.incident == one.record.incident


def test_revision_is_the_next_version_with_the_hash_of_the_one_before(desk):
    first = file(desk, claim("killed", count(1, 1), grade=None))
    second = file(desk, claim("killed", count(2, 2), grade=None), revises=first.record.id)
    third = file(desk, claim("killed", count(3, 3), grade=None), revises=first.record.id)
    with desk.store.reading() as book:
        versions = book.versions(first.record.id)
        signed = [book.signed_version(first.record.id, version) for version in (1, 2)]
        latest = book.records()
    assert [each.record.version for each in versions] == [1, 2, 3]
    assert [each.record.previous for each in versions] == ["", *(hashlib.sha256(each).hexdigest() for each in signed)]
    assert [each.record.claims[0].value.low for each in versions] == [1, 2, 3]  # the first word stays to be read
    assert {each.record.incident for each in versions} == {first.record.incident}
    assert [each.record for each in latest] == [third.record]
    assert second.record.version == 2
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize(("said", "kept"), [("", "red"), ("amber", "amber"), ("RED", "red")])
def test_revision_keeps_the_handling_of_the_version_before_unless_another_is_said(desk, said, kept):
    first = file(desk, handling="red")
    assert file(desk, revises=first.record.id, handling=said, reason="It is known by now.").record.handling == kept


@pytest.mark.parametrize("shape", [{"kind": "complaint"}, {"side": "PK"}, {"basis": "attributed"}], ids=str)
def test_revision_keeps_kind_side_and_basis(desk, shape):
    first = file(desk)
    with pytest.raises(InputError):
        file(desk, shape=shape, revises=first.record.id)
    with desk.store.reading() as book:
        assert len(book.versions(first.record.id)) == 1


def test_neighbours_record_cannot_be_revised(agreed):
    west, east = agreed.west, agreed.east
    record = file(east).record
    release(east, record.id)
    agreed.sync()
    with west.store.reading() as book:
        assert book.versions(record.id)[0].received_from == "east"
    with pytest.raises(NotFound):
        file(west, revises=record.id)


def test_suggestion_names_the_incident_and_its_reasons_and_links_nothing(desk):
    same = [claim("occurred", day("2026-11-12"), grade=None), claim("place", point(61.45, 29.0, 6000), grade=None)]
    known = file(desk, *same)
    (draft,) = drafts_of(desk, {"claims": same})
    with desk.store.reading() as book:
        (suggestion,) = suggestions(book, draft, "west")
        assert len(book.incidents()) == 1
    assert (suggestion.incident, len(suggestion.reasons)) == (known.record.incident, 2)
    assert accept(desk, draft).record.incident != known.record.incident


def test_claim_that_rests_on_no_words_of_the_document_is_not_kept(desk):
    (draft,) = drafts_of(desk, None)
    assert all(each.span for each in draft.body.claims)

    class Reading:
        text, sha256, language, published, excluded = "x", "00", "en", "", ()
        drafts = (draft.body,)

    before = journal_size(desk)
    node = type(desk.node)(**{**vars(desk.node), "read": lambda *_, **__: Reading()})
    with pytest.raises(InputError):
        add_document(node, desk.officers["duty"], b"x", name="x")
    assert journal_size(desk) == before


def test_same_document_is_kept_once(desk):
    add_document(desk.node, desk.officers["duty"], b"On 12 November 2026 smugglers fired near Mirjaveh.", name="a", basis="own")
    before = journal_size(desk)
    with pytest.raises(InputError):
        add_document(desk.node, desk.officers["duty"], b"On 12 November 2026 smugglers fired near Mirjaveh.", name="b", basis="own")
    assert journal_size(desk) == before


@pytest.mark.parametrize("basis", ["", "OWN", "heard"])
def test_document_is_own_or_attributed(desk, basis):
    with pytest.raises(InputError):
        add_document(desk.node, desk.officers["duty"], b"x", name="a", basis=basis)

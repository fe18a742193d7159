# SPDX-License-Identifier: Apache-2.0
"""A person corrects a draft and takes decisions back; what the machine proposed and what was struck stay to be seen (law 5, law 16)."""

from __future__ import annotations

import msgspec
import pytest
from tests.conftest import release
from tests.desk.made import drafts_of, file, journal_size
from tests.facts.made import claim, code, count

from hamsaya.desk.drafts import accept_draft, draft_of, reject_draft
from hamsaya.desk.events import DocumentAdded, read_event
from hamsaya.desk.incidents import link_incident, unlink_incident, view_incident
from hamsaya.desk.release import propose_release, refuse_release
from hamsaya.desk.review import BY_PERSON, edit_claim, undo_draft
from hamsaya.desk.stale import Stale
from hamsaya.facts.claims import Speaker
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store

TWO = [claim("action", code("raid"), grade=None), claim("killed", count(1, 1), grade=None, about=code("civilian", country="PK"))]
NECESSITY = "Both commands must see this account."


def held(desk, draft):
    with desk.store.reading() as book:
        return draft_of(book, draft)


def edit(desk, draft, number, login="duty", seen=None, **changes):
    before = next(each for each in held(desk, draft).body.claims if each.id == number)
    return edit_claim(desk.node, desk.officers[login], draft, msgspec.structs.replace(before, **changes), seen=seen)


def undo(desk, draft, reason="", **options):
    return undo_draft(desk.node, desk.officers["duty"], draft, reason=reason, **options)


def accept(desk, draft, **options):
    return accept_draft(desk.node, desk.officers["duty"], draft, **options)


def whole(desk):
    assert verify_store(desk.store).faults == []


@pytest.fixture
def draft(desk):
    return drafts_of(desk, {"claims": TWO})[0].draft


@pytest.mark.parametrize(
    "changes",
    [
        {"value": count(2, 4, "several")},
        {"value": count(2, None)},
        {"hedge": "claimed", "hedge_words": "he claimed"},
        {"speaker": Speaker(kind="office", office="FC spokesperson", side="PK")},
        {"about": code("border_guard", country="IR")},
    ],
)
def test_corrected_claim_is_filed_on_its_span_and_marked_as_a_persons(desk, draft, changes):
    before = held(desk, draft).body.claims[1]
    edit(desk, draft, "c2", **changes)
    filed = accept(desk, draft, grade="B2").record.claims[1]
    assert {name: getattr(filed, name) for name in changes} == changes
    assert (filed.span, filed.reason, filed.id) == (before.span, BY_PERSON, "c2")
    whole(desk)


def test_what_the_machine_proposed_stays_in_the_journal_and_in_the_steps(desk, draft):
    edit(desk, draft, "c2", value=count(2, 2))
    now = held(desk, draft)
    assert [(step.act, step.office, step.claim.value) for step in now.steps] == [("edited", "duty office", count(1, 1))]
    with desk.store.reading() as book:
        entries = book.entries("journal/west", 0, 1000)
    added = [read_event(each.header().kind, each.content) for each in entries if each.header().kind == "document.added"]
    assert isinstance(added[0], DocumentAdded)
    assert added[0].drafts[draft].claims[1].value == count(1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"value": count(5, 2)},
        {"value": count(-1, 2)},
        {"value": code("killing")},
        {"hedge_words": "x" * 5000},
        {"hedge_words": "a\u202eb"},
        {"grade": "Z9"},
        {"predicate": "wounded"},
        {},
    ],
)
def test_claim_that_cannot_be_kept_is_refused_and_nothing_changes(desk, draft, changes):
    size = journal_size(desk)
    with pytest.raises(InputError):
        edit(desk, draft, "c2", **changes)
    assert journal_size(desk) == size
    with pytest.raises(NotFound):
        edit_claim(desk.node, desk.officers["duty"], draft, claim("killed", count(1, 1), number=9))


def test_edits_are_taken_back_one_after_the_other(desk, draft):
    edit(desk, draft, "c2", value=count(2, 2))
    edit(desk, draft, "c1", value=code("killing"))
    assert undo(desk, draft).body.claims[0].value == code("raid")
    now = undo(desk, draft)
    assert now.body.claims[1].value == count(1, 1)
    assert now.body.claims[1].reason != BY_PERSON
    assert [step.act for step in now.steps] == ["edited", "edited", "reverted", "reverted"]
    with pytest.raises(InputError):
        undo(desk, draft)
    edit(desk, draft, "c2", value=count(3, 3))
    assert undo(desk, draft).body.claims[1].value == count(1, 1)
    whole(desk)


def test_rejected_draft_is_opened_again_and_may_be_accepted(desk, draft):
    reject_draft(desk.node, desk.officers["duty"], draft, "a repetition")
    now = undo(desk, draft)
    assert (now.state, now.reason, now.decided_by, now.decided_at) == ("open", "", "", None)
    assert [(step.act, step.note) for step in now.steps] == [("rejected", "a repetition"), ("reopened", "")]
    assert accept(desk, draft, grade="B2").record.version == 1
    whole(desk)


def test_accepted_draft_is_opened_again_and_its_record_stays_struck(desk, draft):
    other = file(desk).record
    record = accept(desk, draft, grade="B2", incident=other.incident).record
    with pytest.raises(InputError):
        undo(desk, draft, " ")
    now = undo(desk, draft, "another event")
    assert (now.state, now.record) == ("open", "")
    with desk.store.reading() as book:
        (struck,) = book.versions(record.id)
        assert (struck.withdrawn_by, struck.withdrawn_why) == ("duty office", "another event")
        assert struck.withdrawn_at is not None
        assert record.id not in {each.record.id for each in book.records()}
        view = view_incident(book, other.incident)
    assert [each.record.id for each in view.accounts] == [other.id]
    assert [each.record.id for each in view.struck] == [record.id]
    assert {said.account.record.id for field in view.fields for side in field.said.values() for said in side} == {other.id}
    whole(desk)
    again = accept(desk, draft, grade="B2").record
    assert again.id != record.id
    whole(desk)


def test_incident_of_nothing_but_struck_records_is_told_and_no_longer_listed(desk, draft):
    record = accept(desk, draft, grade="B2").record
    undo(desk, draft, "no event")
    with desk.store.reading() as book:
        assert record.incident not in book.incidents()
        view = view_incident(book, record.incident)
    assert (view.accounts, view.fields, len(view.struck)) == ([], [], 1)


def test_struck_record_cannot_be_proposed(agreed):
    west = agreed.west
    (one,) = drafts_of(west, None)
    record = accept(west, one.draft, grade="B2").record
    undo(west, one.draft, "wrong event")
    size = journal_size(west)
    with pytest.raises(Refused) as refused:
        propose_release(west.node, west.officers["duty"], record.id, purpose="settlement", necessity=NECESSITY)
    assert refused.value.rule == "withdrawn"
    assert journal_size(west) == size


def test_what_was_proposed_or_left_cannot_be_struck(agreed):
    west = agreed.west
    (one,) = drafts_of(west, None)
    record = accept(west, one.draft, grade="B2").record
    proposed = propose_release(west.node, west.officers["duty"], record.id, purpose="settlement", necessity=NECESSITY)
    with pytest.raises(Refused) as refused:
        undo(west, one.draft, "wrong event")
    assert refused.value.rule == "released"
    refuse_release(west.node, west.officers["approver"], proposed.release, "wrong event")
    assert undo(west, one.draft, "wrong event").state == "open"  # the bytes never left
    again = accept(west, one.draft, grade="B2").record
    release(west, again.id)
    with pytest.raises(Refused) as refused:
        undo(west, one.draft, "wrong event")
    assert refused.value.rule == "released"
    assert "correct" in str(refused.value.hint)


def test_correction_is_taken_back_alone_and_its_number_is_never_used_again(desk):
    first, second, third = drafts_of(desk, None, None, None)
    one = accept(desk, first.draft, grade="B2").record
    two = accept(desk, second.draft, grade="C3", revises=one.id).record
    with pytest.raises(Refused) as refused:
        undo(desk, first.draft, "no event")
    assert refused.value.rule == "corrected"
    undo(desk, second.draft, "no correction")
    with desk.store.reading() as book:
        (standing,) = book.records()
    assert standing.record.version == 1
    after = accept(desk, third.draft, grade="B2", revises=one.id).record
    assert (after.version, after.previous) == (3, two.previous)
    whole(desk)
    undo(desk, third.draft, "no correction")
    undo(desk, first.draft, "no event")
    with pytest.raises(NotFound):
        accept(desk, second.draft, grade="B2", revises=one.id)
    whole(desk)


def test_second_officer_at_the_same_draft_is_told_who_was_first(desk, draft):
    seen = held(desk, draft).entry
    edit(desk, draft, "c2", seen=seen, value=count(2, 2))
    size = journal_size(desk)
    for late in (
        lambda: accept(desk, draft, grade="B2", seen=seen),
        lambda: reject_draft(desk.node, desk.officers["duty"], draft, "no", seen=seen),
        lambda: edit(desk, draft, "c1", seen=seen, value=code("killing")),
        lambda: undo(desk, draft, seen=seen),
    ):
        with pytest.raises(Stale) as stale:
            late()
        assert (stale.value.rule, stale.value.by) == ("decided", "duty office")
        assert stale.value.at is not None
    assert journal_size(desk) == size
    accept(desk, draft, grade="B2", seen=held(desk, draft).entry)
    with pytest.raises(Stale) as stale:
        reject_draft(desk.node, desk.officers["duty"], draft, "no", seen=seen)
    assert stale.value.by == "duty office"


def test_single_claims_may_have_grades_of_their_own(desk, draft):
    record = accept(desk, draft, grade="B2", grades={"c2": "f6"}).record
    assert [each.grade for each in record.claims] == ["B2", "F6"]
    (other,) = drafts_of(desk, {"claims": TWO})
    for wrong in ({"c9": "B2"}, {"c2": "Z9"}):
        with pytest.raises(InputError):
            accept(desk, other.draft, grade="B2", grades=wrong)


def test_link_is_taken_back_and_may_be_made_again(desk):
    one, two = file(desk).record, file(desk).record
    duty = desk.officers["duty"]
    link_incident(desk.node, duty, one.incident, two.incident)
    with desk.store.reading() as book:
        (link,) = view_incident(book, one.incident).links
    assert (link.incident, link.into, link.office) == (one.incident, two.incident, "duty office")
    assert unlink_incident(desk.node, duty, one.incident, two.incident) == one.incident
    with desk.store.reading() as book:
        assert set(book.incidents()) == {one.incident, two.incident}
        assert [each.record.id for each in view_incident(book, two.incident).accounts] == [two.id]
    whole(desk)
    with pytest.raises(Stale):
        unlink_incident(desk.node, duty, one.incident, two.incident)
    with pytest.raises(NotFound):
        unlink_incident(desk.node, duty, "NOT-HERE", two.incident)
    link_incident(desk.node, duty, two.incident, one.incident)
    whole(desk)


def test_link_from_a_stale_page_is_refused_with_who_linked(desk):
    one, two, three = (file(desk).record.incident for _ in range(3))
    duty = desk.officers["duty"]
    link_incident(desk.node, duty, one, two, as_seen=True)
    for names in ((one, three), (three, one)):
        with pytest.raises(Stale) as stale:
            link_incident(desk.node, duty, *names, as_seen=True)
        assert stale.value.by == "duty office"
    link_incident(desk.node, duty, one, three)  # the command line means the event, whatever its name
    whole(desk)

# SPDX-License-Identifier: Apache-2.0
"""One officer releases under a standing approval; another person looks at it afterwards, and a late review is seen (law 13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import STANDING, START
from tests.desk.made import file, journal_size
from tests.desk.test_refilling import evidence, set_back
from tests.desk.test_releases import LOG, TERMS, logs, now, propose

from hamsaya.desk.health import check_book
from hamsaya.desk.holdings import Officer
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.release import approve_release
from hamsaya.desk.reviewing import count_reviews, review_of, review_release
from hamsaya.desk.terms import read_terms
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store


@pytest.fixture
def stood(pair):
    """Two nodes under an agreement with a standing approval for meetings up to TLP:GREEN."""
    pair.agree(TERMS + STANDING)
    return pair


def meeting(desk, handling="green"):
    return file(desk, shape={"kind": "meeting"}, handling=handling).record.id


def reviews(desk, **asked):
    with desk.store.reading() as book:
        return book.reviews(**asked)


def codes(desk):
    with desk.store.reading() as book:
        return {finding.code for finding in check_book(desk.node, book)}


def test_one_officer_is_enough_and_both_clauses_are_named(stood):
    west, east = stood.west, stood.east
    done = propose(west, meeting(west))
    assert (done.condition, done.clause, done.log, done.seq) == ("logged", "1", LOG, 0)
    assert (done.proposed_by, done.decided_office) == ("duty", "duty office")
    with west.store.reading() as book:
        about = book.entries(LOG, 0, 1)[0].header().about
    assert (about["clause"], about["standing"], about["review_h"]) == ("1", "11", "6")
    (review,) = reviews(west, waiting=True)
    assert (review.release, review.clause, review.outcome) == (done.release, "11", "")
    assert timedelta(hours=5, minutes=59) < review.until - START < timedelta(hours=6, minutes=1)
    stood.sync()
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == "release"]
    assert (item.state, item.clause) == ("new", "1")
    assert now(west, done).condition == "receipted"
    assert verify_store(west.store).faults == []


@pytest.mark.parametrize(("kind", "handling"), [("meeting", "amber"), ("complaint", "green")])
def test_what_the_clause_does_not_cover_waits_for_the_second_officer(stood, kind, handling):
    west = stood.west
    record = file(west, shape={"kind": kind}, handling=handling).record.id
    held = propose(west, record)
    assert (held.condition, reviews(west), LOG in logs(west)) == ("proposed", [], False)


def test_officer_may_ask_for_a_second_look_first(stood):
    west = stood.west
    held = propose(west, meeting(west), ask_second=True)
    assert held.condition == "proposed"
    done = approve_release(west.node, west.officers["approver"], held.release)
    assert (done.condition, reviews(west)) == ("logged", [])


def test_refused_release_leaves_nothing_and_no_review(stood):
    west = stood.west
    held = propose(west, meeting(west), grounds=["asylum"])
    assert (held.condition, held.rule, reviews(west), LOG in logs(west)) == ("refused", "ground", [], False)


def test_another_person_finds_it_fine_once(stood):
    west = stood.west
    done = propose(west, meeting(west))
    review = review_release(west.node, west.officers["approver"], done.release, fine=True)
    assert (review.outcome, review.office, review.by) == ("fine", "approver office", "approver")
    assert reviews(west, waiting=True) == []
    with pytest.raises(Refused) as refused:
        review_release(west.node, west.officers["commander"], done.release, fine=False, reason="late")
    assert refused.value.rule == "decided"
    assert reviews(west)[0].outcome == "fine"
    assert verify_store(west.store).faults == []


@pytest.mark.parametrize("office", ["duty office", "another office of the same person"])
def test_who_released_it_does_not_review_it_whatever_the_role(stood, office):
    west = stood.west
    done = propose(west, meeting(west))
    before = journal_size(west)
    with pytest.raises(Refused) as refused:
        review_release(west.node, Officer(login="duty", office=office, role="commander", password="", language="en"), done.release, fine=True)
    assert (refused.value.rule, journal_size(west)) == ("two-officers", before)


def test_node_that_was_set_back_knows_the_hours_whatever_a_neighbour_proposed_since(stood, tmp_path):
    west, east = stood.west, stood.east
    with east.store.reading() as book:
        (held,) = book.agreements()
    terms = TERMS + STANDING
    for hours in range(7, 15):  # the name of one of them sorts first
        propose_text(east.node, east.officers["commander"], read_terms(terms.replace("review_h = 6", f"review_h = {hours}")), revises=held.hash)
    stood.sync()
    kept = evidence(west)
    done = propose(west, meeting(west))
    (before,) = reviews(west, release=done.release)
    stood.sync()
    set_back(west, kept, tmp_path)
    stood.sync()
    (after,) = reviews(west, release=done.release)
    assert abs(after.until - before.until) < timedelta(minutes=1)
    assert verify_store(west.store).faults == []


def test_auditor_and_administrator_review_nothing(stood):
    west = stood.west
    done = propose(west, meeting(west))
    for login in ("auditor", "admin", "duty"):
        with pytest.raises(Refused):
            review_release(west.node, west.officers[login], done.release, fine=True)


def test_recall_needs_a_reason(stood):
    west = stood.west
    done = propose(west, meeting(west))
    with pytest.raises(InputError):
        review_release(west.node, west.officers["approver"], done.release, fine=False, reason=" \n")
    review = review_release(west.node, west.officers["approver"], done.release, fine=False, reason="It names the wrong day.")
    assert (review.outcome, review.reason) == ("recall", "It names the wrong day.")


def test_release_of_two_officers_has_no_review(stood):
    west = stood.west
    held = propose(west, meeting(west, handling="amber"))
    with pytest.raises(NotFound):
        review_release(west.node, west.officers["approver"], held.release, fine=True)
    with pytest.raises(NotFound):
        review_release(west.node, west.officers["approver"], "WEST-S-NONE", fine=True)


def test_late_review_is_counted_and_told_by_the_doctor_until_it_is_made(stood):
    west = stood.west
    done = propose(west, meeting(west))
    (review,) = reviews(west)
    assert "review-overdue" not in codes(west)
    assert count_reviews([review], review.until) == (1, 0)
    west.clock.at = review.until + timedelta(minutes=1)
    assert count_reviews([review], west.clock.at) == (1, 1)
    assert "review-overdue" in codes(west)
    review_release(west.node, west.officers["commander"], done.release, fine=True)
    assert "review-overdue" not in codes(west)


def test_release_that_comes_back_after_a_restore_is_to_be_reviewed_again_by_another_office(stood, tmp_path):
    west = stood.west
    kept = evidence(west)
    done = propose(west, meeting(west))
    stood.sync()
    (before,) = reviews(west)
    set_back(west, kept, tmp_path)
    assert reviews(west) == []
    stood.sync()
    (again,) = reviews(west)
    assert (again.release, again.clause, again.outcome) == (done.release, "11", "")
    assert abs(again.until - before.until) < timedelta(seconds=1)
    same = Officer(login="other", office="duty office", role="commander", password="", language="en")
    with pytest.raises(Refused):
        review_release(west.node, same, done.release, fine=True)
    assert review_release(west.node, west.officers["approver"], done.release, fine=True).outcome == "fine"
    assert verify_store(west.store).faults == []
    with west.store.reading() as book:
        assert review_of(book, done.release).office == "approver office"

# SPDX-License-Identifier: Apache-2.0
"""Until when a copy may be kept: counted from its release, the shortest of what stood then and was signed since (law 14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agreement.made import CLAUSES, NOW, signatures, table
from tests.agreement.test_lifecycle import act

from hamsaya.agreement.charter import write_text
from hamsaya.agreement.clauses import Retention
from hamsaya.agreement.lifecycle import History
from hamsaya.agreement.remarks import remarks
from hamsaya.agreement.retention import ANY_KIND, kept_until, terms_of

DAY = timedelta(days=1)


def keeping(days, kinds=("meeting", "complaint"), number="20"):
    return Retention(number=number, kinds=list(kinds), days=days)


def text(*clauses, builds_on=None, title="Cooperation"):
    revises = builds_on.hash() if builds_on else ""
    return write_text(msgspec.structs.replace(table([*CLAUSES, *clauses]), title=title, revises=revises, proposed_by="west"))


def history(*signed, acts=(), unsigned=()):
    """Texts with the time at which both parties signed each."""
    texts = {made.hash(): made for made, _ in signed} | {made.hash(): made for made in unsigned}
    return History(texts=texts, signatures={made.hash(): signatures(made, at=at) for made, at in signed}, acts=list(acts))


def days(found, kind="meeting", at=NOW):
    kept = kept_until(found, kind, at)
    return kept and kept.days


FIRST = text(keeping(30))
SHORTER = text(keeping(10), builds_on=FIRST)
LONGER = text(keeping(90), builds_on=FIRST)


def test_it_is_counted_from_the_release_and_names_the_clause_as_it_was_signed():
    kept = kept_until(history((FIRST, NOW)), "meeting", NOW + DAY)
    assert (kept.until, kept.released_at, kept.days) == (NOW + 31 * DAY, NOW + DAY, 30)
    assert (kept.agreement, kept.text, kept.clause) == ("west-east-2026", FIRST.hash(), "20")
    assert kept.sentences == {code: said["20"] for code, said in FIRST.text.items()}
    assert "30 days after they were released" in kept.sentences["en"]
    there = NOW.astimezone(timezone(timedelta(hours=3, minutes=30)))
    assert kept_until(history((FIRST, NOW)), "meeting", there) == kept_until(history((FIRST, NOW)), "meeting", NOW)


def test_kind_that_no_clause_names_has_no_end_and_what_cannot_be_read_has_the_shortest():
    found = history((text(keeping(30), keeping(7, ["warning"], "21")), NOW))
    assert days(found, "incident_account") is None
    assert days(found, ANY_KIND) == 7
    assert kept_until(history(unsigned=[FIRST]), "meeting", NOW) is None  # nobody is bound by what not all have signed


def test_of_several_clauses_the_shorter_holds():
    found = history((text(keeping(30), keeping(7, ["meeting"], "21")), NOW))
    assert (days(found, "meeting"), days(found, "complaint")) == (7, 30)
    assert kept_until(found, "meeting", NOW).clause == "21"


def test_amendment_that_shortens_applies_to_what_came_before_it():
    found = history((FIRST, NOW), (SHORTER, NOW + 5 * DAY))
    assert days(found, at=NOW) == days(found, at=NOW + 6 * DAY) == 10
    assert kept_until(found, "meeting", NOW).text == SHORTER.hash()


def test_amendment_that_lengthens_gives_nothing_back_that_was_promised_to_end():
    found = history((FIRST, NOW), (LONGER, NOW + 5 * DAY))
    assert days(found, at=NOW) == days(found, at=NOW + 5 * DAY - timedelta(seconds=1)) == 30
    assert days(found, at=NOW + 5 * DAY) == 90  # what came after it came under it


def test_clause_that_is_taken_out_goes_on_for_what_came_under_it():
    found = history((FIRST, NOW), (text(builds_on=FIRST), NOW + 5 * DAY))
    assert (days(found, at=NOW), days(found, at=NOW + 6 * DAY)) == (30, None)


def test_amendment_of_an_amendment_counts_for_all_before_it():
    third = text(keeping(60), builds_on=LONGER, title="Third")
    found = history((FIRST, NOW), (LONGER, NOW + DAY), (third, NOW + 2 * DAY))
    assert [days(found, at=NOW + n * DAY) for n in (0, 1, 2)] == [30, 60, 60]


@pytest.mark.parametrize("verb", ["suspend", "withdraw", "decline"])
def test_what_becomes_of_the_agreement_afterwards_changes_nothing(verb):
    found = history((FIRST, NOW), (SHORTER, NOW + DAY), acts=[act(SHORTER, "east", verb)])
    assert days(found) == 10


def test_end_beyond_the_calendar_is_its_end():
    found = history((FIRST, NOW))
    assert kept_until(found, "meeting", datetime(9999, 12, 31, tzinfo=UTC)).until == datetime.max.replace(tzinfo=UTC)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), st.integers(0, 4), st.lists(st.integers(1, 400), max_size=2), st.data())
def test_no_later_text_ever_lengthens_and_the_order_in_which_it_is_known_changes_nothing(told, when, more, data):
    signed, before = [], None
    for number, count in enumerate([*told, *more]):
        before = text(keeping(count), builds_on=before, title=f"Text {number}")
        signed.append((before, NOW + number * DAY))
    first, both = history(*signed[: len(told)]), history(*data.draw(st.permutations(signed)))
    at = NOW + min(when, len(told) - 1) * DAY + timedelta(hours=1)
    assert days(both, at=at) <= days(first, at=at) <= told[min(when, len(told) - 1)]
    assert days(both, at=at) == min([*told, *more][min(when, len(told) - 1) :])
    assert len(terms_of(both)) == len(signed)


def test_lint_says_which_of_two_holds_and_what_has_no_end():
    said = [str(each) for each in remarks(table([*CLAUSES, keeping(30), keeping(7, ["meeting"], "21")]))]
    assert "Clauses 21 and 20 both say how long some kinds are kept: the 7 days of clause 21 hold." in said
    assert any(each.endswith("may keep them without end: Incident account, Warning") for each in said)
    assert not any(
        "without end" in str(each) for each in remarks(table([*CLAUSES, keeping(30, ["incident_account", "complaint", "meeting", "warning"])]))
    )

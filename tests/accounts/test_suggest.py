# SPDX-License-Identifier: Apache-2.0
"""May two accounts be of one event? A suggestion with its reasons, or none; a person decides (law 16)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facts.made import claim, code, count, day, minute, named, open_day, point, record, span_of

from hamsaya.accounts.suggest import same_event, suggest
from hamsaya.facts.records import RECORD_KINDS

MAND = point(62.03, 26.12, 6000, words="Mand")
NEAR_MAND = point(62.3, 26.2, 6000)
MIRJAVEH = point(61.45, 29.01, 6000)
ALSO_MIRJAVEH = point(61.46, 29.02, 12_000)
BALOCHISTAN = point(65.5, 28.3, 450_000, precision="province")
WHEN, WHERE, WHAT = claim("occurred", day("2014-10-22")), claim("place", MAND, number=2), claim("action", code("raid"), number=3)


def event(*claims, number="A", incident="I-1", kind="incident_account"):
    return record(*claims, number=number, incident=incident, kind=kind)


def when(moment):
    return claim("occurred", moment)


def where(*places):
    return [claim("place", place, number=10 + number) for number, place in enumerate(places)]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ([WHEN, WHERE], [WHEN, WHERE], 2),
        ([WHEN, WHERE, WHAT], [WHEN, WHERE, WHAT], 3),
        ([WHEN, WHAT], [WHEN, WHAT], 2),
        ([WHEN, *where(MAND)], [WHEN, *where(NEAR_MAND)], 2),
        ([WHEN, WHAT], [when(day("2014-10-24")), WHAT], 2),
        ([WHEN, WHAT], [when(minute("2014-10-22T23:00")), WHAT], 2),
        ([WHEN, WHAT], [when(span_of("2014-10-01", "2014-11-01")), WHAT], 2),
        ([WHEN, claim("killed", count(1, 1))], [WHEN, claim("killed", count(1, None))], 2),
        ([WHEN, WHAT, *where(MAND)], [WHEN, WHAT, *where(BALOCHISTAN)], 2),
        ([WHEN, WHAT, *where(MAND)], [WHEN, WHAT, *where(named("somewhere"))], 2),
        ([WHEN, *where(MAND, MIRJAVEH)], [WHEN, *where(ALSO_MIRJAVEH)], 2),
    ],
    ids=["time and place", "and action", "time and action", "near places", "two days apart", "hour of the day", "month", "counts that agree",
         "a town and its province", "a place without a point", "one of two places"],
)  # fmt: skip
def test_suggested_with_its_reasons(one, other, reasons):
    assert len(same_event(event(*one), event(*other, number="B"))) == reasons
    assert len(same_event(event(*other), event(*one, number="B"))) == reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([WHEN], [WHEN]),
        ([WHERE, WHAT], [WHERE, WHAT]),
        ([WHEN, WHERE], [when(day("2014-10-25")), WHERE]),
        ([WHEN, WHERE, WHAT], [when(day("2013-10-22")), WHERE, WHAT]),
        ([WHEN, WHAT, *where(MAND)], [WHEN, WHAT, *where(MIRJAVEH)]),
        ([WHEN, WHAT, *where(MAND)], [WHEN, WHAT, *where(point(67, 24, 450_000))]),
        ([WHEN, WHAT], [WHEN, claim("action", code("meeting"))]),
        ([WHEN, claim("killed", count(1, 1))], [WHEN, claim("killed", count(2, 2))]),
        ([WHEN, claim("killed", count(1, 1), about=code("police"))], [WHEN, claim("killed", count(1, 1), about=code("smuggler"))]),
        ([when(open_day("10-22")), WHERE, WHAT], [WHEN, WHERE, WHAT]),
        ([WHEN, *where(MAND)], [WHEN, *where(BALOCHISTAN)]),
    ],
    ids=["time alone", "no time", "three days apart", "another year", "towns far apart", "a town outside the province", "other actions",
         "other numbers", "dead of other groups", "a year that is open", "a province is no reason"],
)  # fmt: skip
def test_not_suggested(one, other):
    assert same_event(event(*one), event(*other, number="B")) == []
    assert same_event(event(*other), event(*one, number="B")) == []


@pytest.mark.parametrize("kind", [kind for kind in RECORD_KINDS if kind != "incident_account"])
def test_never_across_kinds(kind):
    assert same_event(event(WHEN, WHERE, WHAT), event(WHEN, WHERE, WHAT, number="B", kind=kind)) == []


def test_reasons_tell_how_far_apart():
    reasons = [str(each) for each in same_event(event(WHEN, *where(MAND)), event(when(day("2014-10-23")), *where(NEAR_MAND), number="B"))]
    assert reasons[0] == "the times are 24 h apart"
    assert reasons[1] == "the places are 28 km apart"


def test_stronger_suggestion_comes_first_and_each_incident_once():
    new = event(WHEN, WHERE, WHAT, number="NEW", incident="")
    weak, strong = event(WHEN, WHERE, number="B", incident="I-weak"), event(WHEN, WHERE, WHAT, number="C", incident="I-strong")
    also_strong = event(WHEN, WHERE, number="D", incident="I-strong")
    found = suggest(new, [weak, also_strong, strong])
    assert [(each.incident, each.record, len(each.reasons)) for each in found] == [("I-strong", "C", 3), ("I-weak", "B", 2)]


def test_record_is_never_suggested_for_itself_or_for_what_belongs_to_no_incident():
    one = event(WHEN, WHERE, WHAT)
    assert suggest(one, [one, event(WHEN, WHERE, WHAT, number="B", incident="")]) == []


def test_time_without_a_day_suggests_nothing_and_breaks_nothing():
    assert suggest(event(when(open_day(words="on Wednesday")), WHAT), [event(WHEN, WHAT, number="B")]) == []


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([WHEN, WHERE, WHAT, *where(MAND, MIRJAVEH, BALOCHISTAN), when(day("2014-10-24")), when(open_day("10-22"))]), min_size=1, max_size=5),
       st.lists(st.sampled_from([WHEN, WHERE, WHAT, *where(MAND, MIRJAVEH, BALOCHISTAN), when(day("2014-10-24")), when(open_day("10-22"))]), min_size=1, max_size=5))  # fmt: skip
def test_suggestion_runs_both_ways_and_never_rests_on_one_reason(ours, theirs):
    there, back = same_event(event(*ours), event(*theirs, number="B")), same_event(event(*theirs), event(*ours, number="B"))
    assert len(there) == len(back)
    assert len(there) != 1


def test_losses_of_different_groups_only_are_two_events():
    ours = record(
        claim("occurred", day("2014-10-17")),
        claim("place", point(62.0, 26.1), number=2),
        claim("killed", count(1, 1), number=3, about=code("border_guard", country="PK")),
    )
    theirs = record(
        claim("occurred", day("2014-10-17")),
        claim("place", point(62.0, 26.1), number=2),
        claim("killed", count(2, 2), number=3, about=code("border_guard", country="IR")),
    )
    assert same_event(ours, theirs) == []

# SPDX-License-Identifier: Apache-2.0
"""May one event have led to another, or answer it? A suggestion with its reasons; October 2014 as the example."""

from __future__ import annotations

import itertools

import pytest
from tests.accounts.october import accounts_of_event, golden
from tests.facts.made import claim, code, count, day, minute, point, record

from hamsaya.accounts.connect import ENOUGH, connection
from hamsaya.accounts.gist import gist_of

MAND, FAR = point(62.03, 26.12, 6000), point(66.0, 26.12, 6000)


def shot(at="2014-10-16", place=MAND, lost="border_guard", side="IR"):
    return gist_of(record(claim("occurred", day(at)), claim("place", place), claim("action", code("killing")),
                          claim("killed", count(2, 2), about=code(lost, country=side))))  # fmt: skip


def came(at="2014-10-17", place=MAND, who="border_guard", side="IR", what="armed_trespass"):
    return gist_of(record(claim("occurred", day(at)), claim("place", place), claim("action", code(what)), claim("actor", code(who, country=side))))


def test_those_who_had_losses_and_act_a_day_later_nearby_may_answer():
    found = connection(shot(), came())
    assert (found.relation, found.score) == ("responds_to", 3 + 3 + 5 + 2)
    assert "those who act in the later one had losses in the earlier one" in map(str, found.reasons)


def test_what_an_event_leaves_behind_is_caused_by_it():
    later = gist_of(record(claim("occurred", day("2014-10-18")), claim("place", MAND), claim("action", code("body_found"))))
    assert connection(shot(), later).relation == "causes"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (shot("2014-10-17"), came("2014-10-16")),
        (shot("2014-10-01"), came("2014-10-17")),
        (shot(), came(place=FAR)),
        (shot(lost="civilian", side="PK"), came(side="AF", what="smuggling")),
        (gist_of(record(claim("place", MAND))), came()),
    ],
    ids=["before it", "more than two weeks later", "far away", "too little", "no time"],
)
def test_not_suggested(earlier, later):
    assert connection(earlier, later) is None


def test_order_within_a_day_is_that_of_the_hours():
    early, late = minute("2014-10-17T06:00"), minute("2014-10-17T16:00")

    def at(moment, *more):
        return gist_of(record(claim("occurred", moment), claim("place", MAND), *more))

    guards = code("border_guard", country="IR")
    hit = [claim("action", code("killing")), claim("killed", count(1, 1), about=guards)]
    act = [claim("action", code("shelling")), claim("actor", guards)]
    assert connection(at(early, *hit), at(late, *act))
    assert connection(at(late, *act), at(early, *hit)) is None


def test_in_october_2014_the_crossings_may_answer_the_killing_of_two_guards_and_nothing_else_is_proposed():
    data = golden()
    gists = [(event["id"], gist_of(each)) for event in data["event"] for each in accounts_of_event(event, data["places"])]
    pairs = [(a, b, connection(one, two)) for (a, one), (b, two) in itertools.permutations(gists, 2) if a != b]
    assert {(b, each.relation, a) for a, b, each in pairs if each} == {("E1", "responds_to", "E3"), ("E2", "responds_to", "E3")}
    assert all(each.score >= ENOUGH for _, _, each in pairs if each)

# SPDX-License-Identifier: Apache-2.0
"""The floor of law 11 in the copy that leaves: a group's place is rounded to 10 km whatever the clauses say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agreement.made import CLAUSES, EXACT, WEST_TO_EAST, agreement
from tests.facts.made import claim, code, count, depth, point, record

from hamsaya.accounts.rules import distance_m
from hamsaya.agreement.clauses import Exactness
from hamsaya.agreement.coarsen import coarsen_place
from hamsaya.agreement.floor import FLOOR_M
from hamsaya.agreement.prepare import prepare
from hamsaya.facts.values import Place

SALT = b"s" * 32
SMUGGLERS = claim("actor", code("smuggler"), number=2)
AT = point(61.0123, 29.0456, 50, words="the old well", ref="PK.well", precision="site")


def place_of(version, made):
    (sent,) = (each.value for each in prepare(version, made, {}, SALT).record.claims if isinstance(each.value, Place))
    return sent


@pytest.mark.parametrize("made", [agreement(), agreement([WEST_TO_EAST]), agreement([*CLAUSES, Exactness(number="9", place_m=1, time_min=1)])],
                         ids=["1 km", "no exactness clause", "1 m"])  # fmt: skip
def test_place_of_a_group_leaves_on_a_grid_of_ten_kilometres_without_its_words(made):
    sent = place_of(record(claim("place", AT), SMUGGLERS), made)
    assert sent.radius_m >= FLOOR_M
    assert sent.words == sent.name == sent.ref == ""
    assert sent == coarsen_place(sent, FLOOR_M)
    assert distance_m(sent, AT) <= sent.radius_m


def test_agreement_may_tighten_the_floor_and_not_loosen_it():
    made = agreement([WEST_TO_EAST, Exactness(number="9", place_m=50_000, time_min=1)])
    assert place_of(record(claim("place", AT), SMUGGLERS), made).radius_m >= 50_000


def test_own_force_and_an_event_without_a_group_leave_as_the_clauses_have_it():
    for other in (claim("actor", code("border_guard", country="IR"), number=2), claim("killed", count(1, 1), number=2)):
        sent = place_of(record(claim("place", AT), other), agreement())
        assert sent.radius_m == 50 + EXACT.place_m


def test_distance_inside_is_told_as_the_clauses_have_it():
    prepared = prepare(record(claim("place", AT), SMUGGLERS, claim("depth", depth(1700, 1700), number=3)), agreement(), {}, SALT)
    assert prepared.record.claims[2].value == depth(1000, 2000)


@given(st.floats(-179, 179), st.floats(-85, 85), st.integers(0, 30_000), st.integers(1, 60_000), st.sampled_from(["site", "settlement", "district"]))
def test_coarsening_a_place_twice_gives_what_once_gave_and_is_never_finer(lon, lat, radius, place_m, precision):
    before = point(lon, lat, radius, words="here", precision=precision)
    once = coarsen_place(before, place_m)
    assert coarsen_place(once, place_m) == once
    assert once.radius_m >= max(radius, place_m)
    assert distance_m(once, before) <= once.radius_m

# SPDX-License-Identifier: Apache-2.0
"""Coarse keys: nothing that could be suggested is missed by them, and few keys stand for one record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facts.made import claim, day, named, point, record

from hamsaya.accounts.gist import gist_of
from hamsaya.accounts.likeness import NEAR, NEAR_M, likeness
from hamsaya.accounts.traces import ANYWHERE, UNTIMED, asked_of, traces_of
from hamsaya.facts.values import Moment, Place

_BEGAN = datetime(2014, 10, 22, tzinfo=UTC)
MOMENTS = st.builds(
    lambda hours, wide: Moment(start=_BEGAN + timedelta(hours=hours), end=_BEGAN + timedelta(hours=hours + wide), precision="day"),
    st.integers(-2_000, 2_000), st.sampled_from([0, 1, 24, 48, 100, 960, 961, 9_000]),
)  # fmt: skip
PLACES = st.builds(
    lambda lon, lat, radius, name: Place(words="x", name=name, precision="site", lon_udeg=lon, lat_udeg=lat, radius_m=radius),
    st.integers(-180_000_000, 180_000_000) | st.integers(61_000_000, 63_000_000), st.integers(-90_000_000, 90_000_000) | st.integers(25_000_000, 27_000_000),
    st.sampled_from([None, 100, 15_000, 15_001, 60_000, 110_000, 110_001, 900_000]), st.sampled_from(["", "Mand", "Pish Mand"]),
) | st.builds(lambda name: Place(words=name, precision="settlement"), st.sampled_from(["Mand", "MAND", "elsewhere"]))  # fmt: skip


def gist(moments, places):
    return gist_of(record(*[claim("occurred", each) for each in moments], *[claim("place", each) for each in places]))


def found(asked, traces):
    return any(
        first <= trace.bucket <= last and (asked.places is None or trace.place in asked.places) for first, last in asked.buckets for trace in traces
    )


@settings(max_examples=600, deadline=None)
@given(st.lists(MOMENTS, max_size=3), st.lists(PLACES, max_size=3), st.lists(MOMENTS, max_size=3), st.lists(PLACES, max_size=3))
def test_whatever_is_not_excluded_is_found_by_its_keys(times, places, other_times, other_places):
    """Without a time it is looked for by its places only: then what the places say for it is found."""
    one, other = gist(times, places), gist(other_times, other_places)
    weighed = likeness(one, other)
    if weighed is not None and (one.spans or any(part.fact == "place" and part.points > 0 for part in weighed.parts)):
        assert found(asked_of(one, NEAR, NEAR_M), traces_of(other))


@pytest.mark.parametrize(("east", "is_found"), [(0.0, True), (0.4, True), (2.9, False)])
def test_neighbouring_squares_are_asked_and_far_ones_are_not(east, is_found):
    asked = asked_of(gist([day("2014-10-22")], [point(62.0, 26.0, 1_000)]), NEAR, NEAR_M)
    assert found(asked, traces_of(gist([day("2014-10-23")], [point(62.0 + east, 26.0, 1_000)]))) is is_found
    assert not found(asked, traces_of(gist([day("2014-11-23")], [point(62.0 + east, 26.0, 1_000)])))


def test_across_the_180th_meridian():
    asked = asked_of(gist([day("2014-10-22")], [point(179.99, 26.0, 1_000)]), NEAR, NEAR_M)
    assert found(asked, traces_of(gist([day("2014-10-22")], [point(-179.99, 26.0, 1_000)])))


def test_few_keys_for_one_record_and_a_bound_for_any():
    assert len(traces_of(gist([day("2014-10-22")], [point(62.1, 26.1, 1_000)]))) == 1
    assert [trace.place for trace in traces_of(gist([day("2014-10-22")], [point(62, 26, 900_000)]))] == [ANYWHERE]
    assert [trace.bucket for trace in traces_of(gist([], [point(62.1, 26.1)]))] == [UNTIMED]
    many = gist([day("2014-10-22"), day("2015-10-22"), *[day(f"2016-01-{n:02}") for n in range(1, 28)]], [point(n, n, 15_000) for n in range(60)])
    assert len(traces_of(many)) <= 4 * 6 * 6
    asked = asked_of(many, NEAR, NEAR_M)
    assert len(asked.buckets) <= 10
    assert len(asked.places) <= 6 * 40


def test_where_nothing_narrows_it_down_nothing_is_asked_for():
    assert asked_of(gist([], []), NEAR, NEAR_M).buckets == []
    assert asked_of(gist([], [named("somewhere")]), NEAR, NEAR_M).buckets == []
    assert asked_of(gist([], [point(62, 26, 900_000), point(62, 26, 900)]), NEAR, NEAR_M).places

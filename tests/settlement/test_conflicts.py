# SPDX-License-Identifier: Apache-2.0
"""Two plans meet where their areas meet while both run; each is named with its contact."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.boundary.measure import geodesic_m
from hamsaya.boundary.overlap import Outline, gap_m
from hamsaya.boundary.rings import HALF_TURN, TURN
from hamsaya.facts.errors import InputError
from hamsaya.settlement.conflicts import Plan, checked_plan, conflicts, meeting

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def at(hours):
    return NOW + timedelta(hours=hours)


def ring(lon, lat, half=0.5, reach=0):
    corners = [(lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half)]
    return Outline([(wrapped(round(x * 1e6)), round(y * 1e6)) for x, y in corners], closed=True, reach_m=reach)


def wrapped(lon):
    return (lon + HALF_TURN) % TURN - HALF_TURN


def circle(lon, lat, reach):
    return Outline([(round(lon * 1e6), round(lat * 1e6))], reach_m=reach)


def plan(ref, *outlines, kind="exercise", hours=(24, 48), **rest):
    windows = () if hours is None else [(at(hours[0]), None if hours[1] is None else at(hours[1]))]
    return Plan(ref, kind, ref, rest.get("party", "west"), rest.get("contact", f"desk of {ref}"), outlines, windows)


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (ring(60, 25), ring(60.9, 25), True),
        (ring(60, 25), ring(61.0, 25), True),  # they touch
        (ring(60, 25), ring(61.1, 25), False),
        (ring(60, 25), ring(60, 25, 0.1), True),  # one within the other
        (ring(60, 25, 0.1), ring(60, 25), True),
        (ring(180, -15), ring(-179.4, -15), True),
        (ring(179.9, -15), ring(-178, -15), False),
        (ring(60, 25), Outline([(58_000_000, 25_000_000), (62_000_000, 25_000_000)]), True),  # a lane that goes through
        (ring(60, 25), Outline([(58_000_000, 26_000_000), (62_000_000, 26_000_000)]), False),
        (ring(60, 25), Outline([(58_000_000, 26_000_000), (62_000_000, 26_000_000)], reach_m=60_000), True),
        (ring(60, 25), Outline([(58_000_000, 26_000_000), (62_000_000, 26_000_000)], reach_m=50_000), False),  # half a degree is 55 km
        (ring(60, 25), circle(61.0, 25, 50_500), True),
        (ring(60, 25), circle(61.0, 25, 50_400), False),  # half a degree of longitude at 25 N is 50.47 km
        (circle(179.9, 0, 12_000), circle(-179.9, 0, 11_000), True),  # 22.26 km apart
        (circle(179.9, 0, 11_000), circle(-179.9, 0, 11_000), False),
        (ring(60, 25, 0.1, 30_000), ring(60.5, 25, 0.1, 1_000), True),
    ],
)  # fmt: skip
def test_areas_meet_or_do_not_whichever_is_asked_first(one, other, meets):
    for a, b in ((one, other), (other, one)):
        gap = gap_m(a, b)
        assert (gap == 0.0) is meets, gap


@settings(max_examples=60, deadline=None)
@given(
    lon=st.one_of(st.floats(-180, 180), st.floats(179, 181)), lat=st.floats(-80, 80), bearing=st.floats(0, 360), away=st.floats(0, 400_000),
    reaches=st.tuples(st.integers(1, 200_000), st.integers(1, 200_000)),
)  # fmt: skip
def test_circles_meet_just_when_the_geodesic_between_their_middles_is_no_longer_than_both(lon, lat, bearing, away, reaches):
    x = lon + away * math.sin(math.radians(bearing)) / 111_320 / math.cos(math.radians(lat))
    y = max(-85.0, min(85.0, lat + away * math.cos(math.radians(bearing)) / 111_320))
    one, other = ((wrapped(round(a * 1e6)), round(b * 1e6)) for a, b in ((lon, lat), (x, y)))
    apart = geodesic_m((one[0] / 1e6, one[1] / 1e6), (other[0] / 1e6, other[1] / 1e6))
    gap = gap_m(Outline([one], reach_m=reaches[0]), Outline([other], reach_m=reaches[1]))
    if abs(apart - sum(reaches)) > 1:
        assert (gap == 0.0) is (apart < sum(reaches))


def test_overlap_is_named_with_its_times_and_both_contacts_the_earliest_first():
    ours = plan("WEST-R-1", ring(61, 25), hours=(24, 72), contact="Operations desk, channel 16")
    theirs = [
        plan("EAST-R-2", ring(61.5, 25), hours=(60, 96), party="east", contact="Joint desk, hotline 2"),
        plan("EAST-R-3", ring(61.5, 25), hours=(72, 96)),  # begins when ours ends
        plan("EAST-R-4", ring(65, 25), hours=(24, 72)),
        plan("NAVAREA IX 7/26", circle(61, 25.6, 20_000), kind="notice", hours=(-100, None)),
        plan("buffer", Outline([(60_000_000, 25_000_000), (63_000_000, 25_000_000)], reach_m=5_000), kind="buffer", hours=None),
        ours,
    ]
    found = conflicts(ours, theirs)
    assert [each.other.ref for each in found] == ["buffer", "NAVAREA IX 7/26", "EAST-R-2"]
    assert [(each.first, each.last) for each in found] == [(at(24), at(72)), (at(24), at(72)), (at(60), at(72))]
    assert (found[-1].one.contact, found[-1].other.contact) == ("Operations desk, channel 16", "Joint desk, hotline 2")


def test_hours_of_many_days_meet_only_in_their_hours():
    nights = Plan("N", "exercise", "", "west", "", [ring(61, 25)], [(at(24 * day + 20), at(24 * day + 28)) for day in range(5)])
    days = Plan("D", "patrol", "", "east", "", [ring(61, 25)], [(at(24 * day + 6), at(24 * day + 18)) for day in range(9)])
    assert meeting(nights, days) is None
    longer = days._replace(windows=[*days.windows, (at(24 * 3 + 27), at(24 * 3 + 29))])
    found = meeting(nights, longer)
    assert found is not None
    assert (found.first, found.last) == (at(24 * 3 + 27), at(24 * 3 + 28))


def test_what_always_runs_meets_what_always_runs():
    found = meeting(plan("a", ring(61, 25), kind="lane", hours=None), plan("b", ring(61, 25), kind="buffer", hours=None))
    assert found is not None
    assert (found.first, found.last) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (plan("a"), "no area"),
        (plan("a", ring(61, 89.4)), "pole"),
        (plan("a", Outline([(0, 80_000_000), (120_000_000, 80_000_000), (-120_000_000, 80_000_000)], closed=True)), "pole"),
        (plan("a", ring(61, 25), hours=(48, 24)), "ends before it begins"),
        (plan("a", ring(61, 25), hours=(-48, -24)), "in the past"),
    ],
)
def test_what_cannot_be_planned_is_refused(wrong, says):
    with pytest.raises(InputError, match=says):
        checked_plan(wrong, NOW)
    right = plan("a", ring(180, 25), hours=(24, None))
    assert checked_plan(right, NOW) is right

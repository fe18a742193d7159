# SPDX-License-Identifier: Apache-2.0
"""Where a point stands by a line: on whose side, how far, and when that cannot be told (law 10)."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.boundary.lines import Line, Ruler, Stretch
from hamsaya.boundary.measure import geodesic_m

NORTH = ((61.0, 28.0), (61.0, 29.0), (61.0, 30.0))  # running north: west lies on its left


def ruler(*stretches: Stretch, uncertainty_m: int = 0) -> Ruler:
    return Ruler(Line(id="a", name="A", version="1", uncertainty_m=uncertainty_m, declared_by="west", stretches=stretches))


PLAIN = Stretch("WW", "EE", NORTH)


def test_each_side_of_a_line_and_how_far():
    west, east = ruler(PLAIN).stand((60.9, 28.5)), ruler(PLAIN).stand((61.1, 28.5))
    assert (west.side, east.side) == ("WW", "EE")
    assert west.distance_m == east.distance_m == round(geodesic_m((61.0, 28.5), (61.1, 28.5)))
    assert west.nearest == pytest.approx((61.0, 28.5), abs=1e-3)


def test_a_line_that_runs_the_other_way_tells_the_same():
    turned = ruler(Stretch("EE", "WW", NORTH[::-1]))
    for point in ((60.9, 28.5), (61.1, 29.0), (61.3, 28.999)):
        assert turned.stand(point).side == ruler(PLAIN).stand(point).side


@pytest.mark.parametrize(("uncertainty", "radius", "side", "doubt"), [
    (0, 0, "WW", ""), (9_000, 0, "WW", ""), (11_000, 0, "", "uncertainty"), (5_000, 6_000, "", "uncertainty"), (5_000, 4_000, "WW", ""), (0, 11_000, "", "uncertainty"),
])  # fmt: skip
def test_cannot_tell_when_the_line_and_the_place_together_are_too_uncertain(uncertainty, radius, side, doubt):
    found = ruler(PLAIN, uncertainty_m=uncertainty).stand((60.9, 28.5), radius)
    assert (found.side, found.doubt) == (side, doubt)
    assert found.distance_m == round(geodesic_m((61.0, 28.5), (60.9, 28.5)))
    assert found.uncertainty_m == uncertainty + radius


def test_on_the_line_itself_nobody_can_tell():
    assert ruler(PLAIN).stand((61.0, 28.5)).doubt == "uncertainty"


def test_beyond_the_end_of_a_line_nothing_is_declared():
    for point in ((60.9, 30.5), (61.1, 27.0), (61.0, 31.0)):
        found = ruler(PLAIN).stand(point)
        assert (found.side, found.doubt) == ("", "end")
        assert found.distance_m > 0


def test_at_a_corner_the_point_lies_outside_the_turn():
    corner = ruler(Stretch("IN", "OUT", ((60.0, 29.0), (61.0, 29.0), (61.0, 30.0))))  # a left turn: its inside is north-west
    for point in ((61.1, 28.9), (61.3, 28.95), (61.001, 28.9), (61.2, 28.999)):
        assert corner.stand(point).side == "OUT"
    for point in ((60.9, 29.1), (60.99, 29.3), (60.5, 29.001)):
        assert corner.stand(point).side == "IN"


def test_a_corner_between_two_stretches_of_one_line():
    same = ruler(Stretch("WW", "EE", NORTH[:2]), Stretch("WW", "EE", NORTH[1:]))
    assert same.stand((60.9, 29.0)).side == "WW"
    turned = ruler(Stretch("WW", "EE", NORTH[:2]), Stretch("EE", "WW", NORTH[:0:-1]))
    assert [turned.stand(point).side for point in ((60.9, 29.0), (61.1, 29.0))] == ["WW", "EE"]
    three = ruler(Stretch("WW", "EE", NORTH[:2]), Stretch("WW", "NN", ((61.0, 29.0), (60.5, 29.5))))
    assert three.stand((60.9, 29.0)).side == "WW"
    assert three.stand((61.2, 29.05)).doubt == "stretches"


def test_a_tripoint_is_no_side():
    meeting = ruler(PLAIN, Stretch("NN", "EE", ((61.0, 30.0), (62.0, 31.0))), Stretch("WW", "NN", ((61.0, 30.0), (60.0, 31.0))))
    assert meeting.stand((61.0, 30.0)).doubt == "stretches"
    assert [meeting.stand(point).side for point in ((60.9, 29.9), (61.2, 29.9), (61.0, 30.2))] == ["WW", "EE", "NN"]


def test_a_side_without_a_name_is_no_side():
    assert ruler(Stretch("", "EE", NORTH)).stand((60.9, 28.5)).doubt == "stretches"


def test_a_ring_knows_its_inside_everywhere():
    ring = ((60.0, 29.0), (61.0, 29.0), (61.0, 30.0), (60.0, 30.0), (60.0, 29.0))
    closed = ruler(Stretch("IN", "OUT", ring))
    for point, side in (((60.1, 29.1), "IN"), ((59.9, 28.9), "OUT"), ((60.5, 28.0), "OUT"), ((60.99, 29.99), "IN")):
        assert closed.stand(point).side == side, point


def inside(ring, point):
    """Say whether a point lies in a ring, by counting how often a ray leaves it: another way than the one under test."""
    crossings = 0
    for (a, b), (c, d) in pairwise(ring):
        if (b > point[1]) != (d > point[1]) and point[0] < a + (c - a) * (point[1] - b) / (d - b):
            crossings += 1
    return crossings % 2 == 1


angles = st.lists(st.floats(0.2, 1.5), min_size=8, max_size=24)


@settings(max_examples=80, deadline=None)
@given(angles, st.floats(-2.2, 2.2), st.floats(-2.2, 2.2))
def test_a_ring_of_any_shape_agrees_with_counting_crossings(reaches, east, north):
    from math import cos, pi, sin

    n = len(reaches)
    ring = [(61 + reach * cos(2 * pi * i / n), 29 + reach * sin(2 * pi * i / n)) for i, reach in enumerate(reaches)]
    ring.append(ring[0])
    point = (61 + east, 29 + north)
    found = ruler(Stretch("IN", "OUT", tuple(ring))).stand(point)
    if found.distance_m > 20:
        assert found.side == ("IN" if inside(ring, point) else "OUT")


@pytest.mark.shared
def test_a_real_line_agrees_with_the_countries_own_outline(shared):
    """The OpenStreetMap line (a reference, here only in a test): every point near it stands where the outline puts it."""
    import random

    line = json.loads((shared / "data/boundary/IRN-PAK_shared_line_osm2017.geojson").read_text())["features"][0]["geometry"]["coordinates"]
    iran = json.loads((shared / "data/boundary/IRN_land_10m_osm.geojson").read_text())["features"][0]["geometry"]["coordinates"]
    made = ruler(Stretch("PK", "IR", tuple(map(tuple, line))))
    draw = random.Random(5)  # noqa: S311  (a test's own choice of points)
    told = 0
    for _ in range(400):
        near = draw.choice(line)
        point = (near[0] + draw.uniform(-0.5, 0.5), near[1] + draw.uniform(-0.5, 0.5))
        found = made.stand(point)
        if found.distance_m > 100 and not found.doubt and 25.4 < point[1] < 29.5:
            told += 1
            assert (found.side == "IR") == any(inside(polygon[0], point) for polygon in iran), point
    assert told > 250


def test_distance_has_a_sign_for_each_state_that_the_line_parts():
    west, east = ruler(PLAIN).stand((60.9, 28.5)), ruler(PLAIN).stand((61.1, 28.5))
    assert west.inside_m == {"WW": west.distance_m, "EE": -west.distance_m}
    assert east.inside_m == {"WW": -east.distance_m, "EE": east.distance_m}
    assert ruler(PLAIN, uncertainty_m=11_000).stand((60.9, 28.5)).inside_m == {}
    assert ruler(PLAIN).stand((60.9, 30.5)).inside_m == {}


@settings(max_examples=60, deadline=None)
@given(angles, st.floats(-2.2, 2.2), st.floats(-2.2, 2.2), st.integers(0, 40_000))
def test_signs_flip_when_the_sides_swap_and_nothing_else_does(reaches, east, north, radius):
    from math import cos, pi, sin

    n = len(reaches)
    line = tuple((61 + reach * cos(2 * pi * i / n), 29 + reach * sin(2 * pi * i / n)) for i, reach in enumerate(reaches))
    one = ruler(Stretch("AA", "BB", line)).stand((61 + east, 29 + north), radius)
    other = ruler(Stretch("BB", "AA", line)).stand((61 + east, 29 + north), radius)
    assert one.inside_m == {state: -metres for state, metres in other.inside_m.items()}
    assert (one.distance_m, one.doubt, one.nearest) == (other.distance_m, other.doubt, other.nearest)
    assert {one.side, other.side} in ({"AA", "BB"}, {""})


def test_a_place_that_is_a_line_has_a_nearest_and_a_farthest_part():
    road = ((60.8, 28.2), (60.9, 28.8))
    found = ruler(PLAIN).stand_shape(road, closed=False)
    assert (found.side, found.doubt, found.both) == ("WW", "", False)
    assert found.distance_m == pytest.approx(geodesic_m((60.9, 28.8), (61.0, 28.8)), rel=0.01)
    assert found.farthest_m == pytest.approx(geodesic_m((60.8, 28.2), (61.0, 28.2)), rel=0.01)
    assert found.inside_m == {"WW": found.distance_m, "EE": -found.distance_m}


def test_the_nearest_part_may_lie_between_two_points_and_the_farthest_in_a_bend():
    bent = ruler(Stretch("WW", "EE", ((61.0, 28.0), (60.9, 28.5), (61.0, 29.0))))  # the line comes towards the road in its middle
    found = bent.stand_shape(((60.8, 28.1), (60.8, 28.9)), closed=False)
    assert found.distance_m == pytest.approx(geodesic_m((60.8, 28.5), (60.9, 28.5)), rel=0.02)
    away = ruler(Stretch("WW", "EE", ((61.0, 28.0), (61.2, 28.5), (61.0, 29.0)))).stand_shape(((60.9, 28.0), (60.9, 29.0)), closed=False)
    assert away.farthest_m > 1.5 * away.distance_m


def test_a_place_on_both_sides_tells_how_far_it_reaches_into_each():
    road = ruler(PLAIN, uncertainty_m=1_000).stand_shape(((60.9, 28.5), (61.03, 28.5)), closed=False)
    assert (road.side, road.doubt, road.both) == ("", "", True)
    assert road.inside_m["WW"] == pytest.approx(geodesic_m((60.9, 28.5), (61.0, 28.5)), rel=0.02)
    assert road.inside_m["EE"] == pytest.approx(geodesic_m((61.03, 28.5), (61.0, 28.5)), rel=0.02)
    assert road.distance_m < 10
    square = ((60.9, 28.4), (61.1, 28.4), (61.1, 28.6), (60.9, 28.6))
    assert ruler(PLAIN).stand_shape(square, closed=True).both


def test_a_place_of_which_one_side_is_within_the_uncertainty_lies_on_no_certain_side():
    found = ruler(PLAIN, uncertainty_m=5_000).stand_shape(((60.9, 28.5), (61.03, 28.5)), closed=False)
    assert (found.side, found.doubt) == ("", "uncertainty")
    assert ruler(PLAIN, uncertainty_m=5_000).stand_shape(((60.5, 28.5), (60.9, 28.5)), closed=False).side == "WW"
    assert ruler(PLAIN).stand_shape(((60.5, 28.5), (60.9, 28.5)), closed=False, within_m=20_000).doubt == "uncertainty"


def test_an_area_around_a_whole_line_reaches_it():
    island = ruler(Stretch("WW", "EE", ((60.9, 28.4), (61.0, 28.5), (61.1, 28.4), (60.9, 28.4))))
    around = ((60.0, 28.0), (62.0, 28.0), (62.0, 29.0), (60.0, 29.0))
    assert island.stand_shape(around, closed=True).distance_m == 0
    assert island.stand_shape(around, closed=False).distance_m > 10_000


def test_a_place_that_goes_on_beyond_the_end_of_a_line_cannot_be_told():
    found = ruler(PLAIN).stand_shape(((60.9, 29.5), (60.9, 31.0)), closed=False)
    assert (found.side, found.inside_m) == ("", {})
    assert found.doubt in ("end", "stretches")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(60.2, 61.8), st.floats(28.1, 29.9)), min_size=2, max_size=5, unique=True))
def test_no_point_of_a_place_is_nearer_or_farther_than_told(points):
    line = ruler(Stretch("WW", "EE", ((61.0, 27.0), (61.2, 28.5), (60.9, 29.2), (61.0, 31.0))))
    found = line.stand_shape(tuple(points), closed=False)
    told = [line.stand((a + (c - a) * t / 40, b + (d - b) * t / 40)).distance_m for (a, b), (c, d) in pairwise(points) for t in range(41)]
    assert found.distance_m <= min(told) + max(6, min(told) / 50)
    assert found.farthest_m >= max(told) - max(6, max(told) / 50)

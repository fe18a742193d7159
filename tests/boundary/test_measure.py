# SPDX-License-Identifier: Apache-2.0
"""Distances on the ellipsoid, and the nearest point of a line, against a reference and against trying every point."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hamsaya.boundary.measure import Rule, geodesic_m

REFERENCE = [  # made with GeographicLib 2 (Karney), metres
    ((170.622, -17.9191), (170.6277, -17.9137), 849.679),
    ((-40.4499, -16.5052), (-40.4517, -16.5174), 1363.7082),
    ((-146.0411, -46.9827), (-146.5069, -47.5002), 67481.8745),
    ((-29.451, 39.1157), (-27.4345, 41.6774), 331974.7941),
    ((-99.9282, -9.6973), (-115.4808, -23.5565), 2255579.2012),
    ((118.6713, -79.6909), (208.1631, 7.943), 10856339.0766),
    ((50.7899, -71.3145), (50.7482, -71.2789), 4243.5052),
    ((-103.3075, 38.2003), (-106.5035, 33.425), 603354.6759),
    ((-175.5666, -77.6283), (-236.0077, 12.3917), 10671126.3351),
]
lons, lats = st.floats(-180, 180), st.floats(-85, 85)
points = st.tuples(lons, lats)
SMALL = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(("one", "other", "told"), REFERENCE)
def test_distance_is_that_of_the_reference_to_a_tenth_of_a_millimetre(one, other, told):
    assert geodesic_m(one, other) == pytest.approx(told, abs=2e-4)
    assert geodesic_m(other, one) == pytest.approx(told, abs=2e-4)


def test_distance_at_the_edges_of_the_formula():
    assert geodesic_m((61.0, 29.0), (61.0, 29.0)) == 0
    assert geodesic_m((0.0, 0.0), (90.0, 0.0)) == pytest.approx(10_018_754.1714, abs=1e-3)  # along the equator
    assert geodesic_m((0.0, 90.0), (123.0, 90.0)) == pytest.approx(0, abs=1e-6)  # one pole by two names
    assert geodesic_m((0.0, 0.0), (179.99, 0.01)) == pytest.approx(20_003_000, rel=0.006)  # nearly opposite: a sphere answers
    assert geodesic_m((179.999, 10.0), (-179.999, 10.0)) == pytest.approx(219.3, abs=0.2)  # over the date line


@SMALL
@given(points, points)
def test_distance_is_the_same_both_ways_and_never_negative(one, other):
    assert geodesic_m(one, other) == pytest.approx(geodesic_m(other, one), rel=1e-9, abs=1e-6)
    assert geodesic_m(one, other) >= 0


steps = st.lists(st.tuples(st.floats(-0.8, 0.8), st.floats(-0.8, 0.8)), min_size=1, max_size=30)


def walk(start, moves):
    line = [start]
    for east, north in moves:
        line.append((line[-1][0] + east, max(-88.0, min(88.0, line[-1][1] + north))))
    return [line[0], *(after for before, after in pairwise(line) if before != after)]


@SMALL
@given(st.tuples(st.floats(-150, 150), st.floats(-70, 70)), steps, st.floats(-6, 6), st.floats(-6, 6))
def test_nothing_on_the_line_is_nearer_than_the_nearest_point(start, moves, east, north):
    line = walk(start, moves)
    assume(len(line) > 1)
    point = (start[0] + east, start[1] + north)
    found = Rule([line]).nearest(point)
    assert found is not None
    (a, b), (c, d) = line[found.piece], line[found.piece + 1]
    assert found.point == pytest.approx((a + (c - a) * found.at, b + (d - b) * found.at))
    assert found.distance_m == pytest.approx(geodesic_m(point, found.point))
    least = min(geodesic_m(point, (a + (c - a) * t / 50, b + (d - b) * t / 50)) for (a, b), (c, d) in pairwise(line) for t in range(51))
    assert found.distance_m <= least + 0.001


def test_nearest_over_the_date_line_and_beside_a_pole():
    fiji = Rule([[(179.9, -17.0), (179.95, -16.0)], [(-179.95, -15.0), (-179.9, -14.0)]])
    assert fiji.nearest((-179.99, -16.5)).polyline == 0
    polar = Rule([[(0.0, 89.0), (0.0, 89.9)], [(180.0, 80.0), (180.0, 89.0)]])
    assert polar.nearest((180.0, 89.95)).polyline == 0


def test_no_line_has_no_nearest_point():
    assert Rule([]).nearest((61.0, 29.0)) is None

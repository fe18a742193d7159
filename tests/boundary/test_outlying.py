# SPDX-License-Identifier: Apache-2.0
"""A point that contradicts its district (law 9): found by the robust centre of the others, on real rows and against planted ones."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.boundary.districts import flags, measure, rows

from hamsaya.boundary.measure import geodesic_m
from hamsaya.boundary.outlying import FEWEST, FLOOR_M, centre_of, outlying

HERE = (69.0, 29.0)


def district(n, seed=1, reach=0.2):
    draw = random.Random(seed)  # noqa: S311  (a test's own choice of points)
    return [(HERE[0] + draw.uniform(-reach, reach), HERE[1] + draw.uniform(-reach, reach)) for _ in range(n)]


@pytest.mark.shared
def test_misplaced_sui_rows_are_found_and_most_other_flags_are_right(shared):
    del shared
    found = measure(flags(rows()))
    assert (len(found.found), found.missed) == (24, [])
    assert found.unjudged == []
    assert found.precision >= 0.85
    looser = measure(flags(rows(), radius=False))
    assert looser.recall == 1
    assert looser.unjudged == []


def test_centre_is_where_no_step_makes_the_sum_of_distances_less():
    points = district(30, seed=4)
    centre = centre_of(points)
    least = sum(geodesic_m(centre.point, point) for point in points)
    for way in range(12):
        away = (centre.point[0] + 0.01 * math.cos(way * math.pi / 6), centre.point[1] + 0.01 * math.sin(way * math.pi / 6))
        assert sum(geodesic_m(away, point) for point in points) > least


@settings(max_examples=40, deadline=None)
@given(st.integers(12, 60), st.floats(-60, 60), st.floats(-40, 40), st.integers(0, 9))
def test_a_third_of_wrong_points_hides_neither_itself_nor_accuses_the_others(n, east, north, seed):
    away = (HERE[0] + east, HERE[1] + north)
    if geodesic_m(HERE, away) < 500_000:
        return
    good = district(n, seed)
    bad = [(away[0] + i / 1000, away[1]) for i in range(n // 4)]
    points = [*good, *bad]
    assert all(outlying(point, 0, points) for point in bad)
    assert not any(outlying(point, 0, points) for point in good)


def test_one_mistake_that_many_records_repeat_is_one_witness():
    wrong = (62.05, 25.65)
    assert outlying(wrong, 0, [*district(12), *[wrong] * 500]) is not None
    assert outlying(HERE, 0, [*district(12), *[wrong] * 500]) is None


def test_few_others_say_nothing():
    assert outlying((62.0, 25.0), 0, district(FEWEST - 1)) is None
    assert outlying((62.0, 25.0), 0, district(1) * 50) is None
    assert outlying((62.0, 25.0), 0, district(FEWEST)) is not None


def test_its_own_uncertainty_speaks_for_a_point():
    others = district(20)
    distance = outlying((70.5, 29.0), 0, others).distance_m
    assert distance > FLOOR_M
    assert outlying((70.5, 29.0), distance - FLOOR_M + 5_000, others) is None
    assert outlying((69.4, 29.0), 0, others) is None

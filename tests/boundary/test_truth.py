# SPDX-License-Identifier: Apache-2.0
"""Distances to the real line are exact to 1 cm, told by another, slow method; a flat map fails the same test.

A thousand points a line here; `make truth` takes ten thousand.
"""

from __future__ import annotations

import math
import random

import pytest
from tests.boundary.exact import arrival, exact, in_space, points_along
from tests.boundary.test_measure import REFERENCE
from tests.boundary.truth import MOST_M, Polylines, natural_earth, osm_line, truth

from hamsaya.boundary.measure import geodesic_m


@pytest.mark.shared
@pytest.mark.parametrize("line", [pytest.param(osm_line, id="osm"), pytest.param(natural_earth, id="natural-earth")])
def test_distance_is_within_a_centimetre_of_the_slow_exact_way_and_that_of_a_flat_map_is_not(line, shared):
    del shared
    polylines: Polylines = line()
    found = truth(polylines, points_along(polylines, 1_000, seed=2))
    assert found.ours.worst_m <= MOST_M
    assert found.planar.worst_m > 100 * MOST_M
    assert found.planar.beyond > 100


def test_slow_way_is_itself_the_geodesic():
    """A free body that leaves in its direction arrives after its length; and it is what GeographicLib says."""
    for one, other, told in REFERENCE:
        if told < 5e6:
            assert exact(one, other)[0] == pytest.approx(told, abs=1e-4)
    draw = random.Random(3)  # noqa: S311  (a test's own choice of points)
    for _ in range(25):
        one = (draw.uniform(-180, 180), draw.uniform(-80, 80))
        other = (one[0] + draw.uniform(-3, 3), one[1] + draw.uniform(-3, 3))
        length, azimuth = exact(one, other)
        assert math.dist(arrival(one, azimuth, length), in_space(other)) < 1e-5
        assert length == pytest.approx(geodesic_m(one, other), abs=1e-4)

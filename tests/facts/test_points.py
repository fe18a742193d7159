# SPDX-License-Identifier: Apache-2.0
"""Coordinates as officers write them, and the point so far in such a direction (law 9)."""

from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsaya.facts import points
from hamsaya.facts.errors import InputError
from hamsaya.facts.points import Area, Point, distance_m, parse_point, precision_of, travel

TAFTAN = (61_586_610, 28_946_870)
REGION = Area(55_000_000, 22_000_000, 74_000_000, 37_000_000)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(points).failed == 0


@pytest.mark.parametrize(("text", "lon", "lat"), [
    ("61.5866, 28.9469", 61_586_600, 28_946_900),
    ("61.5866 28.9469", 61_586_600, 28_946_900),
    ("61.5866;28.9469", 61_586_600, 28_946_900),
    ("28.9469 N 61.5866 E", 61_586_600, 28_946_900),
    ("28.9469N, 61.5866E", 61_586_600, 28_946_900),
    ("n28.9469 e61.5866", 61_586_600, 28_946_900),
    ("E 61.5866° N 28.9469°", 61_586_600, 28_946_900),
    ("28°56'49\"N 61°35'12\"E", 61_586_667, 28_946_944),
    ("28 56 49 N 61 35 12 E", 61_586_667, 28_946_944),
    ("61°35'12''E 28°56'49''N", 61_586_667, 28_946_944),
    ("28°56.8'N 61°35.2'E", 61_586_667, 28_946_667),
    ("285649N 0613512E", 61_586_667, 28_946_944),
    ("2856N 06135E", 61_583_333, 28_933_333),
    ("33.5 S 70.6 W", -70_600_000, -33_500_000),
    ("-70.6, -33.5", -70_600_000, -33_500_000),
    ("180, -90", 180_000_000, -90_000_000),
])  # fmt: skip
def test_common_forms_give_longitude_and_latitude(text, lon, lat):
    found = parse_point(text)
    assert (found.lon_udeg, found.lat_udeg) == (lon, lat)


@pytest.mark.parametrize("text", ["28.9469, 61.5866", "28.9469 61.5866", "25.1, 62.3"])
def test_latitude_first_is_refused_where_it_can_be_told(text):
    with pytest.raises(InputError, match="wrong way round"):
        parse_point(text, REGION)
    assert parse_point(text) is not None  # without an area it cannot be told


def test_a_latitude_above_ninety_tells_by_itself():
    with pytest.raises(InputError, match="wrong way round"):
        parse_point("28.9, 161.5")


@pytest.mark.parametrize(
    "text",
    ["200 E 28 N", "61 E 91 N", "61.5 E 28.9 E", "61°75'E 28°N", "61 35 61 E 28 N", "1, 2, 3", "-61 E 28 N", "61.5°30'E 28 N", "5 6 7", "1..2 3"],
)
def test_what_is_no_point_is_refused_in_words(text):
    with pytest.raises(InputError):
        parse_point(text)


@pytest.mark.parametrize("text", ["", "Taftan", "12 km NE of Taftan", "61", "E", "۶۱ و ۲۸", "mark 214"])
def test_other_words_are_no_coordinates(text):
    assert parse_point(text) is None


@given(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000), st.integers(0, 6))
def test_written_and_read_again_is_the_same_point_within_its_radius(lon, lat, digits):
    plain = parse_point(f"{lon / 1e6:.{digits}f}, {lat / 1e6:.{digits}f}")
    letters = parse_point(
        f"{abs(lat) / 1e6:.{digits}f}{'N' if lat >= 0 else 'S'} {abs(lon) / 1e6:.{digits}f} {'E' if lon >= 0 else 'W'}"
    )  # fmt: skip
    assert plain == letters
    assert distance_m((lon, lat), plain[:2]) <= plain.radius_m + 1


@given(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))
def test_degrees_minutes_and_seconds_read_back_within_half_a_second(lon, lat):
    def dms(udeg, letters):
        seconds = round(abs(udeg) * 3600 / 1e6)
        return f"{seconds // 3600}°{seconds // 60 % 60:02}'{seconds % 60:02}\"{letters[udeg < 0]}"

    found = parse_point(f"{dms(lon, 'EW')} {dms(lat, 'NS')}")
    assert distance_m((lon, lat), found[:2]) <= found.radius_m
    assert found.radius_m < 25


@given(st.text(alphabet="0123456789.,;/+-°'\"NSEW \t", max_size=40))
def test_any_text_is_a_point_nothing_or_our_own_error(text):
    try:
        found = parse_point(text, REGION)
    except InputError:
        return
    assert found is None or (abs(found.lon_udeg) <= 180_000_000 and abs(found.lat_udeg) <= 90_000_000 and found.radius_m >= 1)


def test_travel_gives_the_published_point_of_the_direct_problem():
    """Flinders Peak to Buninyong (Geoscience Australia, Vincenty test line on GRS 80, which differs from WGS 84 by 0.1 mm)."""
    lon, lat = travel(144_424_868, -37_951_033, 306 + 52 / 60 + 5.37 / 3600, 54_972.271)
    assert abs(lon - 143_926_496) <= 2
    assert abs(lat + 37_652_821) <= 2


@given(st.integers(-85_000_000, 85_000_000), st.integers(-180_000_000, 180_000_000), st.floats(0, 360), st.floats(10, 200_000))
def test_travelled_distance_is_the_distance(lat, lon, bearing, metres):
    there = travel(lon, lat, bearing, metres)
    assert math.isclose(distance_m((lon, lat), there), metres, rel_tol=0.006, abs_tol=1)


@pytest.mark.parametrize(("bearing", "east", "north"), [(0, 0, 1), (90, 1, 0), (180, 0, -1), (270, -1, 0)])
def test_bearings_count_clockwise_from_north(bearing, east, north):
    lon, lat = travel(*TAFTAN, bearing, 12_000)
    moved = ((lon - TAFTAN[0]) / 123_000, (lat - TAFTAN[1]) / 108_000)  # 12 km in microdegrees there
    assert moved == pytest.approx((east, north), abs=0.02)


@pytest.mark.parametrize(("radius", "precision"), [(5, "exact"), (800, "site"), (8_000, "settlement"), (40_000, "district"), (90_000, "province")])
def test_precision_follows_the_radius(radius, precision):
    assert precision_of(radius) == precision


def test_whole_degrees_are_not_taken_for_an_exact_point():
    assert parse_point("61, 28") == Point(61_000_000, 28_000_000, 78_716)

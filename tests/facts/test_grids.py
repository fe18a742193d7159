# SPDX-License-Identifier: Apache-2.0
"""Grid references: round trips to within a metre over the whole earth, published examples, and clear refusals."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hamsaya.facts.errors import InputError
from hamsaya.facts.grids import from_grid, read_grid, to_grid, write_mgrs, zone_of

LONS = st.floats(-180, 180, exclude_max=True)
LATS = st.floats(-80, 84, exclude_max=True)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = ((one[0] - other[0] + 180) % 360 - 180) * 111_320 * math.cos(math.radians(one[1]))
    return math.hypot(east, (one[1] - other[1]) * 111_700)


@given(LONS, LATS)
@example(61.59, 28.95)
@example(5.0, 60.0)
@example(10.0, 78.0)
@example(-180.0, 0.0)
@example(0.0, 0.0)
@example(0.0, -1e-9)
def test_reference_to_the_metre_names_its_own_square(lon, lat):
    square = read_grid(write_mgrs(lon, lat))
    assert square is not None
    assert metres((lon, lat), (square.lon, square.lat)) <= 1


@given(LONS, LATS, st.integers(2, 4))
def test_coarser_reference_says_how_coarse_it_is(lon, lat, digits):
    square = read_grid(write_mgrs(lon, lat, digits))
    assert square is not None
    assert square.radius_m == pytest.approx(10 ** (5 - digits) / math.sqrt(2))
    assert metres((lon, lat), (square.lon, square.lat)) <= square.radius_m * 1.03


@given(LONS, LATS)
def test_projection_and_its_inverse_agree_to_a_millimetre(lon, lat):
    assert metres((lon, lat), from_grid(to_grid(lon, lat))) < 0.001


@given(LONS, LATS)
def test_utm_with_the_half_of_the_earth_names_the_same_point(lon, lat):
    grid = to_grid(lon, lat)
    square = read_grid(f"{grid.zone} {'north' if grid.north else 'south'} {grid.east_m:.3f} {min(grid.north_m, 9_999_999.999):.3f}")
    assert square is not None
    assert metres((lon, lat), (square.lon, square.lat)) < 0.01


@pytest.mark.parametrize(
    ("lon", "lat", "zone", "east", "north"),
    [
        (-79.387139, 43.642567, 17, 630_084, 4_833_438),  # the CN Tower, as printed everywhere
        (3.0, 0.0, 31, 500_000, 0),  # on the central meridian, by definition
        (0.0, 0.0, 31, 166_021, 0),  # three degrees west of it, on the equator
        (-177.0, 84.0, 1, 500_000, 9_328_094),  # the northern end of the grid
    ],
)
def test_published_coordinates(lon, lat, zone, east, north):
    grid = to_grid(lon, lat)
    assert (grid.zone, round(grid.east_m), round(grid.north_m)) == (zone, pytest.approx(east, abs=1), pytest.approx(north, abs=1))


def test_norway_and_svalbard_have_their_wider_zones():
    assert [zone_of(5, 60), zone_of(5, 50), zone_of(8, 78), zone_of(10, 78), zone_of(30, 78), zone_of(40, 78)] == [32, 31, 31, 33, 35, 37]


def test_spaces_small_letters_and_names_of_the_halves_do_not_matter():
    plain = read_grid("41R LN 62592 03264")
    assert plain is not None
    assert (round(plain.lon, 4), round(plain.lat, 4)) == (61.59, 28.95)
    assert {read_grid(each) for each in ("41RLN6259203264", "41r ln 62592 03264", "41R LN 6259203264")} == {plain}
    utm = read_grid("41R 362592 3203264")
    assert {read_grid(each) for each in ("UTM 41R 362592E 3203264N", "41 north 362592 3203264", "41R 362592, 3203264")} == {utm}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("61R LN 62592 03264", "There is no zone 61"),
        ("41I LN 62592 03264", "There is no band I"),
        ("32X LN 62592 03264", "There is no zone 32 in band X"),
        ("41R AN 62592 03264", "There is no square AN in zone 41"),
        ("41R LI 62592 03264", "There is no square LI in zone 41"),
        ("41R LN 62592 0326", "two halves of equal length"),
        ("41R LN 625920326", "two halves of equal length"),
        ("41R LN 625921 032641", "two halves of equal length"),
        ("41R 3203264 362592", "the easting stands first"),
        ("33S 500000 4000000", "S may be a band or a half of the earth"),
        ("41C 362592 3203264", "There is no such point"),
        ("Z AH 12345 12345", "polar grid"),
    ],
)
def test_reference_that_cannot_be_is_refused_with_its_reason(text, why):
    with pytest.raises(InputError) as refused:
        read_grid(text)
    assert why in str(refused.value.what)
    assert "41R KP 65000 04000" in str(refused.value.hint)


@pytest.mark.parametrize(
    "text", ["", "10 km N", "5 km E 12", "12 km NE of Taftan", "E61.59 N28.95", "61.59, 28.95", "28N 61E", "285649N 0613512E", "Taftan"]
)
def test_what_is_no_reference_is_left_to_others(text):
    assert read_grid(text) is None


@given(st.text(alphabet="0123456789 ABCDEFGKMNPRSXZ.,", max_size=30))
def test_anything_typed_is_a_square_or_nothing_or_refused(text):
    try:
        square = read_grid(text)
    except InputError:
        return
    assert square is None or (-180 <= square.lon <= 180 and -81 <= square.lat <= 85)

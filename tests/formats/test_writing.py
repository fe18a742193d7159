# SPDX-License-Identifier: Apache-2.0
"""Our polygon, its text, and the same polygon again."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hamsaya.boundary.rings import HALF_TURN, TURN
from hamsaya.formats.notice import Notice, Reference, Shape, Span, Unreadable, checked_shape
from hamsaya.formats.positions import half_unit_udeg
from hamsaya.formats.reading import read_warning
from hamsaya.formats.writing import NAVTEX_WIDTH, near, write_navarea, write_navtex

ISSUED = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def notice(*shapes: Shape, **changed: object) -> Notice:
    given = Notice(
        issued=ISSUED, of=Reference("NAVAREA IX", 123, 2026), regions=("ARABIAN SEA", "PAKISTAN"), subject="SEARCH AND RESCUE EXERCISE", shapes=shapes,
        spans=(Span(start=ISSUED + timedelta(days=9), end=ISSUED + timedelta(days=13)),), remarks=("WIDE BERTH REQUESTED",),
        cancelled_at=ISSUED + timedelta(days=13, hours=1),
    )  # fmt: skip
    return msgspec.structs.replace(given, **changed)


def square(lon: int, lat: int, half: int) -> Shape:
    corners = ((lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half))
    return Shape(form="area", points=tuple(((x + HALF_TURN) % TURN - HALF_TURN, y) for x, y in corners))


@st.composite
def polygons(draw: st.DrawFn) -> Shape:
    """Star-shaped rings anywhere: also over the antimeridian, which most of them are when they lie near it."""
    lon = draw(st.one_of(st.integers(-HALF_TURN, HALF_TURN), st.integers(179_000_000, 181_000_000)))
    lat = draw(st.integers(-87_000_000, 87_000_000))
    count = draw(st.integers(3, 24))
    radii = draw(st.lists(st.integers(150_000, 1_500_000), min_size=count, max_size=count))
    points = []
    for at, radius in enumerate(radii):
        angle = 2 * math.pi * at / count
        x = lon + round(radius * math.cos(angle) * 4)
        points.append(((x + HALF_TURN) % TURN - HALF_TURN, lat + round(radius * math.sin(angle))))
    return Shape(form="area", points=tuple(points))


@settings(max_examples=40, deadline=None)
@given(shape=polygons(), decimals=st.integers(0, 3), navtex=st.booleans())
def test_polygon_text_polygon_is_the_same_within_the_precision_of_the_text(shape, decimals, navtex):
    try:
        checked_shape(shape)
        text = write_navtex(notice(shape), station="K", number=7, decimals=decimals) if navtex else write_navarea(notice(shape), decimals=decimals)
    except Unreadable as fault:
        assume(fault.reason != "crossing")  # corners that fall together at this precision
        raise
    back = read_warning(text)
    assert all(near(one, other, half_unit_udeg(decimals)) for one, other in zip(back.shapes[0].points, shape.points, strict=True))
    assert write_navarea(back, decimals=decimals) == write_navarea(notice(shape), decimals=decimals)  # and the text of that is the same text


def test_area_over_the_antimeridian_is_written_and_read_as_one():
    shape = square(HALF_TURN, -15_000_000, 500_000)
    assert {point[0] > 0 for point in shape.points} == {True, False}
    back = read_warning(write_navarea(notice(shape))).shapes[0]
    assert back.points == shape.points


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (Shape(form="area", points=((0, 88_000_000), (120_000_000, 88_000_000), (-120_000_000, 88_000_000))), "pole"),
        (square(10_000_000, 89_500_000, 200_000), "pole"),
        (Shape(form="area", points=((0, 0), (HALF_TURN, 0), (0, 1_000_000))), "pole"),
        (Shape(form="area", points=((0, 0), (1_000_000, 1_000_000))), "corners"),
        (Shape(form="area", points=((0, 0), (1_000_000, 1_000_000), (2_000_000, 2_000_000))), "corners"),
        (Shape(form="area", points=((0, 0), (1_000_000, 1_000_000), (1_000_000, 0), (0, 1_000_000))), "crossing"),
        (square(10_000_000, 20_000_000, 10), "corners"),
        (Shape(form="circle", points=((0, 0),)), "corners"),
        (Shape(form="circle", points=((0, 0),), radius_m=5_000_000), "size"),
    ],
)
def test_what_has_no_text_is_refused(shape, reason):
    with pytest.raises(Unreadable) as caught:
        write_navarea(notice(shape))
    assert caught.value.reason == reason


def test_lines_are_short_and_in_letters_that_a_receiver_prints():
    text = write_navtex(
        notice(square(62_000_000, 24_500_000, 250_000), Shape(form="circle", points=((63_000_000, 24_000_000),), radius_m=1234)),
        station="P",
        number=3,
    )
    assert max(map(len, text.splitlines())) <= NAVTEX_WIDTH
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n-.,:()/'+=?")
    assert text.startswith("ZCZC PA03\n010600Z MAR 26\nNAVAREA IX 123/26\n")
    assert "   IN AREA WITHIN 1234 METERS OF" in text.replace("B. ", "   ")


def test_daily_hours_are_written_as_daily_hours():
    spans = tuple(Span(start=ISSUED + timedelta(days=day, hours=16), end=ISSUED + timedelta(days=day, hours=28)) for day in range(1, 6))
    text = write_navarea(notice(square(62_000_000, 24_500_000, 250_000), spans=spans, cancelled_at=None))
    assert "2200Z TO 1000Z DAILY 02 MAR 26 THRU 06 MAR 26" in " ".join(text.split())
    assert read_warning(text).spans == spans


@pytest.mark.parametrize("subject", ["FIRING UNTIL 12 MAR", "FIRING 25-00N 060-00E", "FIRING. LIVE", "firing", "FIRING AT 101200Z MAR"])
def test_words_that_would_be_read_as_a_time_or_a_place_are_refused(subject):
    with pytest.raises(Unreadable):
        write_navarea(notice(square(62_000_000, 24_500_000, 250_000), subject=subject))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"spans": (Span(start=ISSUED, end=ISSUED),)}, "backwards"),
        ({"spans": (Span(start=ISSUED - timedelta(days=9), end=ISSUED - timedelta(days=8)),)}, "past"),
        ({"spans": (Span(start=ISSUED, end=ISSUED + timedelta(days=40)),)}, "outlasts"),
        ({"spans": ()}, "not-the-same"),
    ],
)
def test_times_that_cannot_be_are_refused(changed, reason):
    with pytest.raises(Unreadable) as caught:
        write_navarea(notice(square(62_000_000, 24_500_000, 250_000), **changed))
    assert caught.value.reason == reason

# SPDX-License-Identifier: Apache-2.0
"""In the agreed area or not: the whole circle of every place, by the zones that stand in the signed text itself."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.agreement.made import CLAUSES, NOW, agreement, standing_at
from tests.facts.made import claim, code, named, point, record

from hamsaya.agreement.clauses import Area, Buffer, Polygon
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question
from hamsaya.boundary.measure import geodesic_m

CALLED = {"en": "Sector 4", "fa": "ناحیهٔ ۴", "ur": "سیکٹر 4"}
NECESSITY = "Both commands must see this account."


def spots(*degrees):
    return [(round(lon * 1e6), round(lat * 1e6)) for lon, lat in degrees]


SQUARE = Polygon(called=CALLED, points=spots((61, 28), (62, 28), (62, 29), (61, 29)))
HOOK = Polygon(called=CALLED, points=spots((61, 28), (63, 28), (63, 30), (62.5, 30), (62.5, 28.5), (61, 28.5)))
STRIP = Buffer(called=CALLED, points=spots((61, 30), (62, 30)), within_m=10_000)


def area(*zones, kinds=("incident_account",), number="9"):
    return Area(number=number, kinds=list(kinds), zones=list(zones))


def at(lon, lat, radius=0):
    return record(claim("action", code("drone")), claim("place", point(lon, lat, radius), number=2))


@pytest.mark.parametrize(
    ("zones", "place", "inside"),
    [
        ([SQUARE], (61.5, 28.5, 0), True),
        ([SQUARE], (61.5, 28.5, 40_000), True),
        ([SQUARE], (61.5, 28.5, 60_000), False),
        ([SQUARE], (62.01, 28.5, 0), False),
        ([SQUARE], (61.999, 28.5, 500), False),
        ([HOOK], (62.0, 29.0, 0), False),
        ([HOOK], (62.8, 29.5, 0), True),
        ([HOOK], (61.2, 28.4, 0), True),
        ([STRIP], (61.5, 30.05, 0), True),
        ([STRIP], (61.5, 29.95, 0), True),
        ([STRIP], (61.5, 30.12, 0), False),
        ([STRIP], (61.5, 30.05, 9_000), False),
        ([SQUARE, STRIP], (61.5, 30.05, 0), True),
        ([SQUARE], (28.5, 61.5, 0), False),
    ],
)
def test_place_is_inside_when_its_whole_circle_is(zones, place, inside):
    assert area(*zones).holds(at(*place)) is inside


def test_record_that_tells_no_place_or_a_place_without_a_point_is_not_inside():
    assert not area(SQUARE).holds(record(claim("action", code("drone"))))
    assert not area(SQUARE).holds(record(claim("place", named("near the post"))))
    both = record(claim("place", point(61.5, 28.5, 0)), claim("place", point(10, 10, 0), number=2))
    assert not area(SQUARE).holds(both)


def asked(version, *clauses):
    made = agreement([*CLAUSES, *clauses])
    return decide(version, NECESSITY, question(version, "east", "settlement", NECESSITY, NOW, made), made, standing_at(made))


def test_clause_refuses_what_lies_outside_and_only_its_kinds():
    assert asked(at(61.5, 28.5), area(SQUARE)).allowed
    assert asked(at(70, 28.5), area(SQUARE)).clause == "9"
    assert asked(at(70, 28.5), area(SQUARE, kinds=["warning"])).allowed
    assert asked(at(61.5, 30.05), area(SQUARE), area(STRIP, number="10")).clause == "9"  # both hold: the stricter wins


@given(st.floats(61.0, 62.0), st.floats(28.0, 29.0), st.integers(0, 20_000))
def test_what_was_inside_is_not_refused_once_it_was_rounded(lon, lat, radius):
    version = at(lon, lat, radius)
    assume(area(SQUARE).holds(version))
    assert area(SQUARE).holds(prepare(version, agreement([*CLAUSES, area(SQUARE)])).record, copy=True)


@given(st.floats(0, 360), st.floats(0, 25_000))
def test_buffer_is_told_by_the_distance_from_its_line(bearing, away):
    lon, lat = 61.5, 30 + math.cos(math.radians(bearing)) * away / 110_900
    away = geodesic_m((lon, lat), (lon, 30.0))
    assume(abs(away - 10_000) > 60)  # the line is straight in degrees, not the shortest way
    assert area(STRIP).holds(at(lon, lat)) is (away < 10_000)


FAULTY = [
    ("no zone", [], "the list of zones is empty"),
    ("crosses itself", [Polygon(called=CALLED, points=spots((61, 28), (62, 29), (62, 28), (61, 29)))], "crosses itself"),
    ("touches itself", [Polygon(called=CALLED, points=spots((61, 28), (62, 28), (63, 29), (62, 28.0), (61, 29)))], "a point stands twice"),
    ("touches an edge", [Polygon(called=CALLED, points=spots((61, 28), (63, 28), (63, 30), (62, 28), (61, 30)))], "crosses itself"),
    ("two points", [Polygon(called=CALLED, points=spots((61, 28), (62, 28)))], "3 to 500 points"),
    ("closed by hand", [Polygon(called=CALLED, points=spots((61, 28), (62, 28), (62, 29), (61, 28)))], "a point stands twice"),
    ("the same point in a row", [Polygon(called=CALLED, points=spots((61, 28), (61, 28), (62, 29)))], "no two in a row alike"),
    ("no area", [Polygon(called=CALLED, points=spots((61, 28), (62, 29), (63, 30)))], "no area|crosses itself"),
    ("latitude first", [Polygon(called=CALLED, points=spots((28, 118), (28, 119), (29, 119)))], "look swapped"),
    ("across the antimeridian", [Polygon(called=CALLED, points=spots((179, 10), (-179, 10), (-179, 11), (179, 11)))], "write two zones"),
    ("no name in Urdu", [Polygon(called={"en": "a", "fa": "b"}, points=SQUARE.points)], "name in English, Persian and Urdu"),
    ("no width", [Buffer(called=CALLED, points=STRIP.points, within_m=0)], "within_m must be 1 to"),
    ("line of one point", [Buffer(called=CALLED, points=STRIP.points[:1], within_m=5)], "2 to 500 points"),
    ("huge", [Buffer(called=CALLED, points=[(n, n % 7) for n in range(501)], within_m=5)], "2 to 500 points"),
]  # fmt: skip


@pytest.mark.parametrize(("zones", "said"), [each[1:] for each in FAULTY], ids=[each[0] for each in FAULTY])
def test_faulty_zone_says_what_is_wrong_with_it(zones, said):
    faults = [str(fault) for fault in area(*zones).faults(["west", "east"])]
    assert any(part in fault for fault in faults for part in said.split("|")), faults


def test_sound_zones_have_no_fault():
    assert area(SQUARE, HOOK, STRIP).faults(["west", "east"]) == []

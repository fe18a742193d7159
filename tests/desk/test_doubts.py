# SPDX-License-Identifier: Apache-2.0
"""What the desk doubts of a place: told with its reason when it is filed, imported or reviewed; never refused, never moved (laws 9, 10, 16)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamsaya.boundary.lines import Line, Ruler, Stretch
from hamsaya.desk.districts import area_of, district_key, district_named
from hamsaya.desk.doubts import Doubter
from hamsaya.desk.importing import import_records, read_csv
from hamsaya.desk.measured import beside, stand
from hamsaya.desk.picture import pin_data, pinpoints_of
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import TypedReport
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.shapes import parse_shape
from hamsaya.facts.values import Depth, Place
from hamsaya.intake.typed import TypedFields
from hamsaya.ledger.verify import verify_store


def line(name, lon, uncertainty_m=100, left="IR", right="PK"):
    """A line along a meridian, with Iran on its west."""
    points = ((lon, 20.0), (lon, 35.0))
    return Ruler(Line(id=name, name=name, version="1", uncertainty_m=uncertainty_m, declared_by="x", stretches=(Stretch(left, right, points),)))


LINES = (line("a", 62.0), line("b", 62.02))
HEADER = "kind,side,place,country,district,lon,lat,radius_m,points,inside,wounded,grade\n"


def point(lon, lat=28.0, radius_m=100, country="", **more):
    return Place(words="there", precision="site", country=country, lon_udeg=round(lon * 1e6), lat_udeg=round(lat * 1e6), radius_m=radius_m, **more)


def claims(place, *depths):
    speaker = Speaker(kind="own")
    told = [Claim(id="c1", predicate="place", value=place, speaker=speaker)]
    return told + [Claim(id=f"c{n}", predicate="depth", value=depth, speaker=speaker) for n, depth in enumerate(depths, 2)]


def doubted(place, *depths, lines=LINES, points=()):
    return [each.rule for each in Doubter(lines, TypedFields(), lambda _areas: list(points)).doubts(claims(place, *depths))]


def inside(metres, territory="IR", high=None):
    return Depth(low_m=metres, high_m=metres if high is None else high, territory=territory)


def test_a_place_on_the_wrong_side_of_every_line_is_doubted_with_reason():
    found = Doubter(LINES, TypedFields(), lambda _: []).doubts(claims(point(62.1, country="IR")))
    assert [each.rule for each in found] == ["side"]
    assert str(found[0].why) == "The place is said to be in IR, but it lies in PK by every line that can tell (2), 7 km or more from it."
    assert doubted(point(62.1, country="PK")) == []
    assert doubted(point(62.1), inside(3_000, "IR")) == ["side"]


@pytest.mark.parametrize(("lon", "radius", "lines"), [
    (62.01, 100, LINES),  # between the two lines: by one of them it is in Iran
    (62.1, 100, (LINES[0], line("rough", 62.0, 15_000))),  # one line cannot tell, so it may be in Iran
    (62.1, 20_000, LINES),  # the place itself is not known so well
    (62.1, 100, ()),  # there is no line
    (62.1, 100, (line("c", 62.0, left="AF", right="PK"),)),  # a line of another border says nothing of Iran
])  # fmt: skip
def test_where_one_line_may_put_it_there_nothing_is_doubted(lon, radius, lines):
    assert doubted(point(lon, radius_m=radius, country="IR"), lines=lines) == []


@pytest.mark.parametrize(("lon", "depth", "by_a", "by_b"), [
    (61.9, inside(10_000), "agrees", "differs"),  # 9.8 km by line a, 11.8 by line b: told to a tenth
    (61.9, inside(3_000), "differs", "differs"),
    (61.9, Depth(low_m=5_000, high_m=None, territory="IR"), "agrees", "agrees"),
    (62.2, inside(3_000), "differs", "differs"),
    (62.2, inside(18_500, "PK"), "agrees", "agrees"),
    (62.2, inside(18_500, "AF"), "cannot tell", "cannot tell"),
    (62.001, inside(400), "cannot tell", "differs"),  # 98 m from a, which with the place is known to 200 m; 1.9 km into Iran by b
])  # fmt: skip
def test_what_is_told_stands_beside_what_each_line_measures(lon, depth, by_a, by_b):
    assert [beside(depth, it) for it in stand(point(lon), LINES)] == [by_a, by_b]


def test_a_told_depth_that_no_line_measures_is_doubted():
    assert doubted(point(61.9), inside(3_000)) == ["depth"]
    assert doubted(point(61.9), inside(10_000)) == []
    assert doubted(point(61.9), inside(10_000), lines=(*LINES, line("rough", 62.0, 15_000))) == []
    assert doubted(point(61.9), inside(60_000), lines=(line("rough", 62.0, 15_000),)) == ["depth"]


def test_a_road_over_the_line_is_on_both_sides_and_no_depth_of_either_is_doubted():
    road = parse_shape("61.9, 28; 62.1, 28", "the road")
    both = stand(road, LINES)
    assert [it.both for it in both] == [True, True]
    assert {state: round(metres, -3) for state, metres in both[0].inside_m.items()} == {"IR": 10_000, "PK": 10_000}
    assert doubted(road, inside(5_000), inside(5_000, "PK")) == []
    assert doubted(road, inside(30_000)) == ["depth"]


def test_a_point_the_wrong_way_round_is_doubted_with_the_swap():
    found = Doubter((), TypedFields(), lambda _: []).doubts(claims(point(28.95, 61.59)))
    assert [each.rule for each in found] == ["swapped"]
    assert str(found[0].why).endswith("Then it is 61.59, 28.95.")
    assert doubted(point(61.59, 28.95), lines=()) == []
    assert doubted(point(2.35, 48.85), lines=()) == []  # far away, and no nearer when changed


AROUND = [(69_000_000 + 7_000 * (n % 5), 29_000_000 + 9_000 * n) for n in range(12)]


def test_a_place_that_contradicts_its_district_is_doubted_in_words():
    place = point(62.05, 25.65, district="Dera Bugti district")
    found = Doubter((), TypedFields(), lambda areas: AROUND if areas == ("dera bugti",) else []).doubts(claims(place))
    assert [each.rule for each in found] == ["district"]
    assert str(found[0].why).endswith("km from where 12 other points of this node's records put the district Dera Bugti district.")
    assert doubted(point(69.1, 29.1, district="Dera Bugti"), points=AROUND) == []
    assert doubted(point(62.05, 25.65), points=AROUND) == []  # no district is named


@pytest.mark.parametrize(("words", "named"), [
    ("Sui, Dera Bugti district", "Dera Bugti"), ("Kurram Agency", "Kurram"), ("نزدیک سوئی، ضلع ڈیرہ بگٹی", "ڈیرہ بگٹی"),
    ("شهرستان سراوان", "سراوان"), ("near Taftan", ""), ("", ""),
])  # fmt: skip
def test_a_district_is_read_out_of_the_words(words, named):
    assert district_named(Place(words=words, precision="unknown")) == named


def test_places_count_for_one_district_however_its_name_is_written():
    assert district_key("Dera Bugti District") == district_key("dera  bugti") == area_of(Place(words="Sui, Dera Bugti district", precision="site"))
    assert area_of(Place(words="Taftan", precision="settlement", ref="PK.taftan")) == "PK.taftan"
    kech = TypedFields().district(Place(words="Mand", precision="settlement", ref="PK.mand"))
    assert kech.name == "Kech District"
    assert {"PK.mand", "PK.kech", "kech"} <= set(kech.areas)
    assert TypedFields().district(Place(words="x", precision="site", district="Kech")).areas == kech.areas


def rows_of(*rows):
    return lambda: read_csv([HEADER, *rows], "Asia/Karachi")


def good(n):
    return f"incident_account,PK,Sui,PK,Dera Bugti,{69 + n / 50},{28.6 + n / 40},1000,,,{n},C3\n"


def test_an_import_files_and_tells_what_it_doubts_by_line(desk):
    desk = replace(desk, node=replace(desk.node, lines=lambda: LINES))
    rows = [*(good(n) for n in range(10)), "incident_account,PK,Sui town,PK,Dera Bugti district,62.05,25.65,1000,,,1,C3\n",
            'incident_account,PK,road,IR,,,,,"62.3, 28; 62.4, 28",3000@IR,1,C3\n']  # fmt: skip
    done = import_records(desk.node, desk.officers["duty"], rows_of(*rows))
    assert (done.filed, done.refused, done.doubtful) == (12, 0, 2)
    assert [each.line for each in done.doubts] == [12, 13]
    assert "where 10 other points of this node's records put the district Dera Bugti district" in str(done.doubts[0].why)
    assert "said to be in IR, but it lies in PK" in str(done.doubts[1].why)
    assert import_records(desk.node, desk.officers["duty"], rows_of(*rows)).doubtful == 2  # asked again, told again
    with desk.store.reading() as book:
        held = {claim.value.words: each.record for each in book.records() for claim in each.record.claims if claim.predicate == "place"}
        pins = pinpoints_of(held["Sui town"], LINES, signed=False, doubter=Doubter(LINES, desk.node.dictation, book.points_in))
    assert [doubt["rule"] for doubt in pin_data(pins[0])["doubts"]] == ["district"]
    road = next(claim.value for claim in held["road"].claims if claim.predicate == "place")
    assert road.along == ((62_300_000, 28_000_000), (62_400_000, 28_000_000))
    assert verify_store(desk.store).faults == []


def test_points_of_a_district_are_found_without_looking_at_other_records(desk):
    import_records(desk.node, desk.officers["duty"], rows_of(*(good(n) for n in range(9)), good(3), good(0).replace("Dera Bugti", "Kohlu")))
    with desk.store.reading() as book:
        assert len(book.points_in(["dera bugti"])) == 9
        assert len(book.points_in(["kohlu", "dera bugti", ""])) == 9  # one point stands in both
        assert book.points_in([]) == book.points_in([""]) == []


def test_filing_a_report_tells_the_doubt_and_files_all_the_same(desk):
    desk = replace(desk, node=replace(desk.node, lines=lambda: LINES))
    typed = TypedReport(activity="raid", location="3 km inside Iran, 28.0N 62.3E", grade="C3")
    filed = file_report(desk.node, desk.officers["duty"], typed)
    assert any("said to be in IR" in str(each) for each in filed.warnings)
    assert [claim.predicate for claim in filed.held.record.claims] == ["action", "place", "depth"]
    assert filed.held.record.claims[2].value.territory == "IR"

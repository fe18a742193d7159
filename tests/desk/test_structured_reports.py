# SPDX-License-Identifier: Apache-2.0
"""The structured account as an officer enters it: every kind of fact by form, command and CSV; what cannot be is refused in clear words."""

from __future__ import annotations

import json

import pytest

from hamsaya.desk.importing import import_records, read_csv, read_json_lines
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_more import MORE
from hamsaya.desk.typed_report import TypedReport, read_typed
from hamsaya.facts.claims import PREDICATES, field_of
from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Coded, Count

TYPED = TypedReport(
    size="about 30", activity="raid", location="Nok Kundi", unit="Iranian border guards", equipment="2 pickups", killed="1 Pakistani border guard",
    wounded="3 Pakistani border guards", held="several Pakistani civilians", missing="2 Pakistani civilians", outcome="carried out",
    direction="into Pakistan", site="a house", property="damaged vehicle, livestock taken", lasted="six hours", ending="then left", grade="C3",
)  # fmt: skip


def claims_of(desk, typed):
    return {field_of(claim): claim for claim in file_report(desk.node, desk.officers["duty"], typed).held.record.claims}


def test_report_holds_every_kind_of_fact_of_a_raid(desk):
    claims = claims_of(desk, TYPED)
    assert claims["missing:civilian@PK"].value == Count(low=2, high=2, words="2 Pakistani civilians")
    assert claims["outcome:raid"].value.code == "carried_out"
    assert claims["direction"].value == Coded(code="into", country="PK", words="into Pakistan")
    assert claims["site"].value == Coded(code="house", words="a house")
    assert claims["damage:vehicle"].value == Coded(code="damaged", words="damaged vehicle")
    assert claims["damage:livestock"].value.code == "taken_away"
    assert claims["lasted"].value == Count(low=360, high=360, words="six hours")
    assert claims["ending"].value == Coded(code="withdrew", words="then left")
    assert {claim.predicate for claim in claims.values()} <= set(PREDICATES)
    assert {claim.grade for claim in claims.values()} == {"C3"}


def test_the_same_facts_in_persian_and_urdu(desk):
    persian = claims_of(desk, TypedReport(missing="۲ غیرنظامی", direction="به داخل پاکستان", site="روستا", lasted="۲۰ دقیقه", grade="C3"))
    assert (persian["missing:civilian"].value.low, persian["direction"].value.country) == (2, "PK")
    assert (persian["site"].value.code, persian["lasted"].value.low) == ("village", 20)
    urdu = claims_of(desk, TypedReport(site="سرحدی چوکی", property="گاڑی تباہ", lasted="چھ گھنٹے", grade="C3"))
    assert (urdu["site"].value.code, urdu["damage:vehicle"].value.code, urdu["lasted"].value.low) == ("post", "destroyed", 360)


def test_every_field_of_the_form_is_a_fact():
    assert set(MORE) <= set(PREDICATES)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("killed", "-1", "cannot be below 0"),
        ("killed", "−2 civilians", "cannot be below 0"),
        ("killed", "منفی ۱", "cannot be below 0"),
        ("killed", "1.5 civilians", "whole number"),
        ("missing", "nobody knows", "No number"),
        ("time", "31 September", "There is no such day"),
        ("time", "2014-09-31", "ends on the 30th"),
        ("time", "30 Esfand 1404", "ends on the 29th"),
        ("time", "۳۰ اسفند ۱۴۰۴", "ends on the 29th"),
        ("location", "61.5, 95", "was 95, 61.5 meant?"),
        ("location", "28.95, 61.59", "was 61.59, 28.95 meant?"),
        ("location", "N95 E61", "a latitude at 90°"),
        ("lasted", "long", "How long cannot be read"),
        ("lasted", "six", "How long cannot be read"),
        ("property", ",".join(["vehicle"] * 9), "Too many things"),
    ],
)
def test_what_cannot_be_is_told_in_clear_words_and_nothing_is_filed(desk, field, typed, says):
    understood = read_typed(desk.node, TypedReport(**{"activity": "raid", "grade": "C3", field: typed}))
    ((name, what, hint),) = understood.problems
    assert name == field
    assert says in f"{what} {hint or ''}"
    with pytest.raises(InputError):
        file_report(desk.node, desk.officers["duty"], TypedReport(**{"activity": "raid", "grade": "C3", field: typed}))
    with desk.store.reading() as book:
        assert book.incidents() == []


def test_leap_day_of_a_leap_year_is_a_day(desk):
    claims = claims_of(desk, TypedReport(time="30 Esfand 1403", grade="C3"))
    assert claims["occurred"].value.start.date().isoformat() == "2025-03-20"


def test_several_beside_three_is_kept_as_a_range(desk):
    assert claims_of(desk, TypedReport(killed="several civilians", grade="C3"))["killed:civilian"].value == Count(
        low=3, high=None, words="several civilians"
    )


def imported(desk, claims):
    line = json.dumps({"kind": "incident_account", "side": "PK", "claims": claims}).encode()
    return import_records(desk.node, desk.officers["duty"], lambda: read_json_lines([line]))


def claim(value, predicate="killed", number=1):
    return {"id": f"c{number}", "predicate": predicate, "value": value, "speaker": {"kind": "press"}, "grade": "C3"}


PLACE = {"type": "place", "words": "x", "precision": "exact"}


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ([claim({"type": "count", "low": -1, "high": -1})], "a number cannot be below 0; this came: -1"),
        ([claim({"type": "count", "low": 4, "high": 2})], "at most 2 is less than at least 4"),
        ([claim({**PLACE, "lon_udeg": 61_000_000, "lat_udeg": 95_000_000}, "place")], "there is no latitude 95.0°; if the two were swapped"),
        ([claim({**PLACE, "lon_udeg": 190_000_000, "lat_udeg": 20_000_000}, "place")], "a longitude ends at 180°"),
        ([claim({"type": "moment", "start": "2014-10-18T00:00:00Z", "end": "2014-10-17T00:00:00Z", "precision": "day"}, "occurred")], "ends before"),
        ([claim({"type": "count", "low": 1, "high": 1}, number=each) for each in range(10_000)], "at most 500 claims; this one has 10000"),
    ],
)
def test_imported_line_that_cannot_be_is_refused_with_the_reason(desk, claims, says):
    done = imported(desk, claims)
    assert (done.filed, done.refused) == (0, 1)
    told = str(done.told[0].why)
    assert says in told or "longer than" in told


def test_ten_thousand_claims_are_refused_by_their_number_where_the_line_is_short_enough(desk):
    short = [
        {"id": str(each), "predicate": "killed", "value": {"type": "count", "low": 1, "high": 1}, "speaker": {"kind": "own"}} for each in range(8_000)
    ]
    assert "at most 500 claims; this one has 8000" in str(imported(desk, short).told[0].why)


def test_csv_takes_the_same_facts_with_sides_after_the_code(desk):
    rows = ["kind,side,occurred,action,outcome,actor,strength,missing,direction,site,damage,lasted,ending,grade\n",
            "incident_account,PK,2014-10-18,raid,carried_out,border_guard@IR,27-33,2,into@PK,house@PK,damaged,360,withdrew,C3\n"]  # fmt: skip
    done = import_records(desk.node, desk.officers["duty"], lambda: read_csv(rows, "UTC"))
    assert (done.filed, done.refused) == (1, 0), done.told
    with desk.store.reading() as book:
        (held,) = book.records(incident=book.incidents()[0])
    told = {each.predicate: each.value for each in held.record.claims}
    assert told["actor"] == Coded(code="border_guard", country="IR")
    assert told["strength"] == Count(low=27, high=33)
    assert (told["direction"].country, told["lasted"].low) == ("PK", 360)


@pytest.mark.parametrize(
    ("cells", "says"),
    [("killed,-1", "killed: a number from 0"), ("occurred,2014-09-31", "There is no such day"), ("occurred,1404-12-30", "ends on the 29th"),
     ("action,house", "action: one of these codes"), ("site,nowhere", "site: one of these codes")],
)  # fmt: skip
def test_csv_cell_that_cannot_be_names_its_column(desk, cells, says):
    column, value = cells.split(",")
    done = import_records(desk.node, desk.officers["duty"], lambda: read_csv([f"kind,side,{column}\n", f"incident_account,PK,{value}\n"], "UTC"))
    assert (done.filed, done.refused) == (0, 1)
    assert says in str(done.told[0].why)

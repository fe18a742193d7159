# SPDX-License-Identifier: Apache-2.0
"""Turning the sheets of a list shows every row once and in order, also while rows are added; filters mean what they say."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from hamsaya.desk.events import RecordFiled
from hamsaya.desk.filters import EVERYTHING, Filter, read_filter
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.incidents import link_incident, view_incidents
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.errors import InputError
from hamsaya.facts.records import Record
from hamsaya.facts.values import Moment, Place
from hamsaya.ledger import sheets
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

DAY = datetime(2026, 11, 1, tzinfo=UTC)
KINDS = ("incident_account", "complaint", "warning")


def claim(number: int, predicate: str, value: object) -> Claim:
    return Claim(id=f"c{number}", predicate=predicate, value=value, speaker=Speaker(kind="own"), grade="B2")


def record(number: int, *, version: int = 1, **fields: object) -> Record:
    told = {
        "kind": KINDS[number % 3], "side": "IR" if number % 2 else "PK", "incident": f"WEST-I-{number // 3}", "claims": [],
        "party": "west", "office": "o", "basis": "own", "handling": "amber", "filed_at": DAY,
    }  # fmt: skip
    return Record(id=f"WEST-R-{number}", version=version, **(told | fields))


def file(desk, *records: Record) -> None:
    with desk.store.writing() as pen:
        for each in records:
            envelope = seal("record", canonical(each), desk.node.key).decode()
            pen.journal(RecordFiled(record=each.id, version=each.version, envelope=envelope), OPERATOR)


def located(number: int, lon: float, lat: float, day: float, *, length: timedelta = timedelta(days=1), **fields: object) -> Record:
    start = DAY + timedelta(days=day)
    return record(number, **fields, claims=[
        claim(1, "occurred", Moment(start=start, end=start + length, precision="day")),
        claim(2, "place", Place(words="there", precision="exact", lon_udeg=round(lon * 1e6), lat_udeg=round(lat * 1e6))),
    ])  # fmt: skip


def turn(desk, asked: Filter = EVERYTHING, limit: int = 7, between=lambda: None) -> list[str]:
    after, found = "", []
    for _ in range(1000):
        with desk.store.reading() as book:
            sheet = book.records_page(asked, after, limit)
        found += [each.record.id for each in sheet.rows]
        assert len(sheet.rows) == limit or not sheet.next
        if not sheet.next:
            return found
        after = sheet.next
        between()
    raise AssertionError(after)


def test_turning_the_sheets_shows_every_record_once_newest_first_also_while_records_are_added(desk):
    file(desk, *(record(number) for number in range(50)))
    fresh = itertools.count(100)
    for limit in (1, 7, 49, 50, 51, 100):
        with desk.store.reading() as book:
            there = [each.record.id for each in book.records()][::-1]
        assert turn(desk, limit=limit, between=lambda: file(desk, record(next(fresh)))) == there


def test_filters_give_the_same_as_asking_every_record_whichever_way_they_are_found(desk, monkeypatch):
    chance = random.Random(7)  # noqa: S311  (a dice for test data)
    held = [
        located(number, chance.uniform(-180, 180), chance.uniform(-90, 90), chance.uniform(0, 60),
                length=timedelta(days=chance.choice([0.01, 1, 31, 90, 400])))
        for number in range(300)
    ]  # fmt: skip
    file(desk, *held)
    for few, walk in ((5_000, 50_000), (0, 40), (0, 50_000), (20, 3)):
        monkeypatch.setattr(sheets, "FEW", few)
        monkeypatch.setattr(sheets, "WALK", walk)
        for _ in range(12):
            west, south = chance.uniform(-180, 180), chance.uniform(-90, 50)
            east, north = chance.uniform(-180, 180), south + chance.uniform(0, 40)
            since, until = sorted((DAY + timedelta(days=chance.randrange(60)), DAY + timedelta(days=chance.randrange(60))))
            fields = {"bbox": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}", "since": f"{since:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}",
                      "kind": chance.choice(KINDS), "side": chance.choice(("IR", "PK"))}  # fmt: skip
            asked = read_filter({name: value for name, value in fields.items() if chance.random() < 0.5}, "UTC")
            assert turn(desk, asked) == [each.id for each in reversed(held) if fits(each, asked)], (few, walk, asked.asked)


def fits(each: Record, asked: Filter) -> bool:
    moment, place = each.claims[0].value, each.claims[1].value
    return (
        asked.kind in ("", each.kind)
        and asked.side in ("", each.side)
        and (asked.box is None or asked.box.holds(place.lon_udeg, place.lat_udeg))
        and (asked.since is None or moment.end > asked.since)
        and (asked.until is None or moment.start < asked.until)
    )


@pytest.mark.parametrize(("lon", "lat"), [(180, 0), (-180, 0), (0, 90), (0, -90), (61.0, 29.0), (-0.000001, -0.000001), (179.999999, 89.999999)])
def test_a_point_on_an_edge_lies_in_the_box_that_ends_there(desk, lon, lat):
    file(desk, located(1, lon, lat, 0))
    around = f"{max(lon - 1, -180)},{max(lat - 1, -90)},{lon},{lat}"
    assert turn(desk, read_filter({"bbox": around}, "UTC")) == ["WEST-R-1"]
    assert turn(desk, read_filter({"bbox": f"{lon},{lat},{min(lon + 1, 180)},{min(lat + 1, 90)}"}, "UTC")) == ["WEST-R-1"]


def test_any_of_several_told_points_and_times_may_match(desk):
    file(desk, record(1, claims=[*located(1, 61, 29, 0).claims, *located(1, 10, 10, 20).claims]))
    for bbox in ("60,28,62,30", "9,9,11,11"):
        assert turn(desk, read_filter({"bbox": bbox}, "UTC")) == ["WEST-R-1"]
    assert turn(desk, read_filter({"bbox": "30,20,40,40"}, "UTC")) == []
    assert turn(desk, read_filter({"since": "2026-11-21"}, "UTC")) == ["WEST-R-1"]


def test_a_record_without_time_or_place_is_listed_and_is_in_no_box(desk):
    file(desk, record(1))
    assert turn(desk) == ["WEST-R-1"]
    assert turn(desk, read_filter({"since": "2026-11-01", "until": "2026-11-01"}, "UTC")) == ["WEST-R-1"]
    assert turn(desk, read_filter({"bbox": "-180,-90,180,90"}, "UTC")) == []


def test_only_the_latest_version_is_listed_and_a_correction_goes_to_the_top(desk):
    file(desk, located(1, 61, 29, 0), located(2, 61, 29, 0), located(1, 10, 10, 0, version=2))
    assert turn(desk) == ["WEST-R-1", "WEST-R-2"]
    assert turn(desk, read_filter({"bbox": "60,28,62,30"}, "UTC")) == ["WEST-R-2"]
    assert verify_store(desk.store).faults == []


def test_incidents_are_each_listed_once_under_the_name_they_go_on_under(desk):
    file(desk, *(record(number) for number in range(30)))
    names = [f"WEST-I-{number}" for number in range(9, -1, -1)]
    assert turn_incidents(desk, 3) == names
    link_incident(desk.node, desk.officers["duty"], "WEST-I-4", "WEST-I-7")
    link_incident(desk.node, desk.officers["duty"], "WEST-I-7", "WEST-I-2")
    left = [name for name in names if name not in ("WEST-I-4", "WEST-I-7")]
    assert sorted(turn_incidents(desk, 3)) == sorted(left)
    with desk.store.reading() as book:
        shown = dict(view_incidents(book, Filter(kind="warning")).rows)
        assert book.incidents() == turn_incidents(desk, 100)
        assert not book.has_incident("WEST-I-4")
    assert len(shown) == 8
    assert {each.record.id for each in shown["WEST-I-2"]} == {f"WEST-R-{number}" for first in (6, 12, 21) for number in range(first, first + 3)}
    file(desk, record(40, incident="WEST-I-4"))
    assert turn_incidents(desk, 3)[0] == "WEST-I-2"
    assert verify_store(desk.store).faults == []


def turn_incidents(desk, limit: int, asked: Filter = EVERYTHING) -> list[str]:
    after, found = "", []
    while True:
        with desk.store.reading() as book:
            sheet = book.incidents_page(asked, after, limit)
        found += sheet.rows
        after = sheet.next
        if not after:
            return found


def test_incidents_fit_a_filter_by_any_of_their_accounts(desk):
    file(desk, located(0, 61, 29, 0), located(1, 10, 10, 40), located(3, 10, 10, 0), located(6, 61, 29, 50))
    assert turn_incidents(desk, 1, read_filter({"bbox": "60,28,62,30"}, "UTC")) == ["WEST-I-2", "WEST-I-0"]
    assert turn_incidents(desk, 1, read_filter({"bbox": "9,9,11,11"}, "UTC")) == ["WEST-I-1", "WEST-I-0"]
    assert turn_incidents(desk, 1, read_filter({"bbox": "9,9,11,11", "until": "2026-11-05"}, "UTC")) == ["WEST-I-1"]


@pytest.mark.parametrize("after", ["x", "1~2", "-", "9" * 40])
def test_a_bad_cursor_and_a_bad_length_are_refused(desk, after):
    with desk.store.reading() as book:
        with pytest.raises(InputError, match="no place"):
            book.records_page(EVERYTHING, after)
        with pytest.raises(InputError, match="no place"):
            book.incidents_page(EVERYTHING, after)
        with pytest.raises(InputError, match="rows"):
            book.records_page(EVERYTHING, limit=501)

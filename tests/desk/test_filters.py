# SPDX-License-Identifier: Apache-2.0
"""A filter is read from an address: days of two calendars in three scripts, boxes, and a clear error for the rest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hamsaya.desk.filters import EVERYTHING, Box, read_filter
from hamsaya.desk.sheets import read_cursor, write_cursor
from hamsaya.facts.errors import InputError

TEHRAN = "Asia/Tehran"


@pytest.mark.parametrize("day", ["2026-11-12", "2026/11/12", "1405-08-21", "۱۴۰۵/۸/۲۱", "١٤٠٥-٠٨-٢١", "\u200f1405/08/21 "])
def test_a_day_is_read_in_either_calendar_and_any_digits_as_a_day_of_the_nodes_zone(day):
    asked = read_filter({"since": day, "until": day}, TEHRAN)
    assert asked.since == datetime(2026, 11, 11, 20, 30, tzinfo=UTC)
    assert asked.until == datetime(2026, 11, 12, 20, 30, tzinfo=UTC)


def test_nothing_asked_is_everything():
    assert read_filter({"after": "12", "lang": "fa"}, "UTC") == EVERYTHING
    assert not EVERYTHING
    assert read_filter({"side": "ir"}, "UTC")


def test_box_is_west_south_east_north():
    box = read_filter({"bbox": " 60.5, 25.0,63.5,29.9"}, "UTC").box
    assert box == Box(60_500_000, 25_000_000, 63_500_000, 29_900_000)
    assert box.holds(61_000_000, 29_900_000)
    assert not box.holds(61_000_000, 29_900_001)
    across = read_filter({"bbox": "179,-10,-179,10"}, "UTC").box
    assert across.holds(-179_500_000, 0)
    assert across.holds(179_500_000, 0)
    assert not across.holds(0, 0)


@pytest.mark.parametrize(
    ("field", "came"),
    [
        ("since", "yesterday"), ("since", "2026-02-30"), ("until", "1405-13-01"), ("since", "0001-01-01"), ("until", "9999-12-31"),
        ("bbox", "1,2,3"), ("bbox", "a,b,c,d"), ("bbox", "0,10,1,5"), ("bbox", "0,0,nan,1"), ("bbox", "0,0,1e400,1"), ("bbox", "0,0,181,1"),
        ("kind", "person"), ("side", "IRN"), ("side", "۱۲"), ("party", "x" * 65), ("q", "x" * 201), ("q", "x" * 10_240),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused_and_the_field_named(field, came):
    with pytest.raises(InputError) as error:
        read_filter({field: came}, "UTC")
    assert str(error.value.what).startswith(f"{field}:")


def test_until_before_since_is_refused():
    with pytest.raises(InputError, match="until"):
        read_filter({"since": "2026-11-12", "until": "2026-11-11"}, "UTC")


def test_cursor_comes_back_as_it_was_written():
    assert read_cursor(write_cursor(12, "WEST-R-7F3KQ2"), int, str) == [12, "WEST-R-7F3KQ2"]
    assert read_cursor("", int) is None


@pytest.mark.parametrize("came", ["x", "1~2", "-", "1'", "٣", "9" * 40, "~", "1 OR 1=1"])
def test_a_cursor_of_no_list_is_refused(came):
    with pytest.raises(InputError):
        read_cursor(came, int)

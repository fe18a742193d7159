# SPDX-License-Identifier: Apache-2.0
"""What a warning's text says is read whole, or refused with the reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.navwarn import kept, measured, undated, warnings

from hamsaya.facts.errors import InputError
from hamsaya.formats.notice import MOST_TEXT, Reference, Unreadable
from hamsaya.formats.positions import read_positions, write_position
from hamsaya.formats.reading import read_reference, read_warning

ISSUED = datetime(2023, 4, 1, 12, 0, tzinfo=UTC)
AREA = "IN AREA BOUND BY\n25-47.93N 051-50.54E, 25-51.15N 051-46.60E,\n25-46.88N 051-42.23E."


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def read(times: str, where: str = AREA, rest: str = ""):
    return read_warning(f"ARABIAN SEA.\n1. GUNNERY EXERCISES {times}\n{where}\n{rest}", issued=ISSUED)


@pytest.mark.parametrize(
    ("written", "spot"),
    [
        ("25-47.93N 051-50.54E", (51842333, 25798833)),
        ("2547.93N 05150.54E", (51842333, 25798833)),
        ("25-47-56N 051-50-32E", (51842222, 25798889)),
        ("45-05N 033-33E", (33550000, 45083333)),
        ("12-33.00S 045-11.00W", (-45183333, -12550000)),
        ("00-00.00N 180-00.00E", (180000000, 0)),
    ],
)
def test_positions_are_read_as_longitude_and_latitude(written, spot):
    assert [each.spot for each in read_positions(f"NEAR {written}.")] == [spot]


@pytest.mark.parametrize(
    ("times", "spans"),
    [
        ("191218Z TO 191647Z APR", [(at(4, 19, 12, 18), at(4, 19, 16, 47))]),
        ("FROM 010600 UTC TO 051800 UTC MAY", [(at(5, 1, 6), at(5, 5, 18))]),
        ("010800Z APR TO 010800Z MAY", [(at(4, 1, 8), at(5, 1, 8))]),
        ("300600Z DEC 23 TO 021800Z JAN 24", [(at(12, 30, 6), at(1, 2, 18, year=2024))]),
        ("310600Z DEC TO 021800Z JAN", [(at(12, 31, 6), at(1, 2, 18, year=2024))]),
        ("UNTIL 27 APR", [(ISSUED, at(4, 28))]),
        ("THRU 30 APR 24", [(ISSUED, at(5, 1, year=2024))]),
        ("UNTIL FURTHER NOTICE", [(ISSUED, None)]),
        ("02 FEB UNTIL FURTHER NOTICE", [(at(2, 2), None)]),
        ("0030Z TO 1000Z DAILY 14 APR THRU 16 APR", [(at(4, day, 0, 30), at(4, day, 10)) for day in (14, 15, 16)]),
        ("0631Z TO 1337Z DAILY 19 AND 21 APR", [(at(4, day, 6, 31), at(4, day, 13, 37)) for day in (19, 21)]),
        ("2200Z TO 1000Z DAILY 30 APR THRU 01 MAY", [(at(4, 30, 22), at(5, 1, 10)), (at(5, 1, 22), at(5, 2, 10))]),
        ("0100Z TO 0200Z AND 0300Z TO 0400Z DAILY 18 APR", [(at(4, 18, 1), at(4, 18, 2)), (at(4, 18, 3), at(4, 18, 4))]),
        ("0500Z TO 1500Z MONDAY THRU TUESDAY 08 APR THRU 16 APR", [(at(4, 10, 5), at(4, 10, 15)), (at(4, 11, 5), at(4, 11, 15))]),
        ("0400Z TO 1700Z DAILY 06 THRU 10 APR EXCEPT SATURDAYS AND SUNDAYS", [(at(4, day, 4), at(4, day, 17)) for day in (6, 7, 10)]),
        ("18 APR 0400Z TO 0500Z", [(at(4, 18, 4), at(4, 18, 5))]),
        ("BY M/V HALUL 12 UNTIL 30 JUN", [(ISSUED, at(7, 1))]),
        ("18 AND 19, 200500Z TO 201100Z APR", [(at(4, 18), at(4, 20)), (at(4, 20, 5), at(4, 20, 11))]),  # days that follow each other
    ],
)
def test_times_are_read(times, spans):
    assert [(span.start, span.end) for span in read(times).spans] == spans


def test_year_that_is_not_told_follows_from_when_it_is_cancelled():
    late = read_warning(f"1. FIRING UNTIL 31 DEC\n{AREA}\n2. CANCEL THIS MSG 010001Z JAN 24.", issued=at(1, 2))
    assert late.spans[0].end == at(1, 1, year=2024)


def test_alternate_times_are_told_as_such():
    told = read("171430Z TO 172330Z APR,\nALTERNATE 1430Z TO 2330Z DAILY 18 THRU 19 APR").spans
    assert [(span.start.day, span.alternate) for span in told] == [(17, False), (18, True), (19, True)]


def test_sunrise_and_holidays_are_taken_wide_and_it_is_said():
    told = read("SUNRISE TO SUNSET 10 APR THRU 12 APR EXCEPT HOLIDAYS")
    assert (told.spans[0].start, told.spans[0].end) == (at(4, 9, 20, 32), at(4, 12, 20, 32))  # midnights by the sun at 51.8 E
    assert len(told.spans) == 1
    assert {text.message for text in told.taken} == {
        "sunrise or sunset: taken from midnight to midnight by the sun",
        "holidays are not known: taken as any other day",
    }


@pytest.mark.parametrize(
    ("where", "shapes"),
    [
        ("WITHIN 33 MILES OF 33-15.00N 120-13.00W.", [("circle", 1, 61116)]),
        ("IN AREAS WITHIN THREE MILES OF:\nA. 13-26.00N 145-08.00E.\nB. 13-42.00N 144-36.00E.", [("circle", 1, 5556)] * 2),
        ("IN AREA 1.5 MILES RADIUS CENTERED ON 13-26.00N 145-08.00E.", [("circle", 1, 2778)]),
        ("ALONG TRACKLINE JOINING\n24-53.89N 053-03.85E, 24-54.56N 053-03.31E.", [("track", 2, 0)]),
        ("WITHIN 2 MILES OF TRACKLINE JOINING 24-53.89N 053-03.85E AND 24-54.56N 053-03.31E.", [("track", 2, 3704)]),
        ("IN AREA BOUNDED BY LINES CONNECTING 10-00N 020-00E, 10-00N 021-00E, 11-00N 021-00E AND 10-00N 020-00E.", [("area", 3, 0)]),
        ("IN VICINITY 25-38.90N 054-27.80E.", [("point", 1, 0)]),
        ("IN AREAS BOUND BY:\nA. 10-00N 020-00E, 10-00N 021-00E, 11-00N 021-00E.\nB. 12-00N 020-00E, 12-00N 021-00E, 13-00N 021-00E.", [("area", 3, 0)] * 2),
        ("IN AREA BOUND BY 10-00S 179-00E, 10-00S 179-00W, 11-00S 179-30W.", [("area", 3, 0)]),
    ],
)  # fmt: skip
def test_what_positions_bound_is_read(where, shapes):
    assert [(shape.form, len(shape.points), shape.radius_m) for shape in read("UNTIL 27 APR", where).shapes] == shapes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("MINES ADRIFT.\nKEEP CLEAR", "nowhere"),
        ("FIRING IN 25-47.93N 051-50.54E, 25-51.15N 051-46.60E.", "shape"),
        ("FIRING IN AREA BOUND BY 25-47.93N 051-50.54E, 25-51.15N 051-46.60E, 26-00N 052-00E,", "broken-off"),
        ("FIRING IN AREA BOUND BY 25-47.93N 051-50.54E, 25-51.15N 051-46.60E.", "corners"),
        ("FIRING IN AREA BOUND BY 25-00N 051-00E, 26-00N 052-00E, 25-00N 052-00E, 26-00N 051-00E.", "crossing"),
        ("FIRING IN AREA BOUND BY 88-00N 051-00E, 88-00N 171-00E, 88-00N 069-00W.", "pole"),
        ("FIRING IN AREA BOUND BY 89-30N 051-00E, 88-00N 061-00E, 88-00N 069-00E.", "pole"),
        ("FIRING IN 25-67.93N 051-50.54E.", "position"),
        ("FIRING IN 95-00N 051-50.54E.", "position"),
        ("FIRING IN 25-47.93N 51-50.54E.", "position"),
        ("FIRING IN 25-47.93N 051-50.54E TO 26-00N.", "position"),
        ("WRECK 5 MILES NORTH OF 25-47.93N 051-50.54E.", "offset"),
        (f"FIRING 0800 LT TO 1000 LT 18 APR {AREA}", "local-time"),
        (f"FIRING 0800 TO 1000 18 APR {AREA}", "time"),
        (f"FIRING AT 180800Z APR {AREA}", "time"),
        (f"FIRING 0800Z TO 2560Z DAILY 18 APR {AREA}", "time"),
        (f"FIRING UNTIL 31 FEB {AREA}", "time"),
        (f"FIRING 051800Z MAY 23 TO 010600Z MAY 23 {AREA}", "backwards"),
        (f"FIRING UNTIL 27 MAR 23 {AREA}", "past"),
        (f"FIRING UNTIL 27 MAY 23 {AREA}\n2. CANCEL THIS MSG 270001Z APR 23.", "outlasts"),
        (f"FIRING {AREA}\n2. CANCEL THIS MSG SOON.", "cancel"),
        (f"FIRING {AREA}\n2. CANCEL EVERYTHING.", "cancel"),
        (f"FIRING WITHIN 2000 MILES OF 25-47.93N 051-50.54E.", "size"),  # noqa: F541
        ("شلیک", "letters"),
        ("A" * (MOST_TEXT + 1), "long"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_refused_with_its_reason(text, reason):
    with pytest.raises(Unreadable) as caught:
        read_warning(f"1. {text}" if reason not in ("long", "letters") else text, issued=ISSUED)
    assert caught.value.reason == reason
    assert isinstance(caught.value, InputError)


def test_text_without_its_date_is_refused_and_one_with_it_says_when_it_was_issued():
    with pytest.raises(Unreadable, match="when it was issued"):
        read_warning(f"1. FIRING UNTIL 27 APR\n{AREA}")
    told = read_warning(
        f"ZCZC KA12\n011200Z APR 23\nNAVAREA IX 7/23\nGULF OF OMAN.\n1. FIRING UNTIL 27 APR\n{AREA}\n2. CANCEL NAVAREA IX 5/23, 6/23.\nNNNN"
    )
    assert (told.issued, told.of, told.regions, told.subject) == (ISSUED, Reference("NAVAREA IX", 7, 2023), ("GULF OF OMAN",), "FIRING")
    assert [str(each) for each in told.cancels] == ["NAVAREA IX 5/23", "NAVAREA IX 6/23"]


_PIECES = st.sampled_from(
    ["IN AREA BOUND BY", "25-47.93N 051-50.54E", "89-59.9N 180-00.0W", ", ", ".", "\n", "1. ", "A. ", "DAILY", "0400Z TO", "1700Z", "18 APR", "31 FEB", "THRU",
     "UNTIL", "FURTHER NOTICE", "EXCEPT", "SUNDAYS", "CANCEL", "CANCEL THIS MSG", "010001Z JAN 00", "ALTERNATE", "AND", "TO", "010600Z", "WITHIN 5 MILES OF", "NAVAREA IX 1/23",
     "ZCZC KA12", "NNNN", "999999Z", "31 DEC 2200", "TRACKLINE JOINING", "SUNRISE", "ONE MILE BERTH"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(text=st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=25).map(" ".join)), dated=st.booleans())
def test_whatever_comes_is_read_or_refused_with_our_one_error(text, dated):
    try:
        told = read_warning(text, issued=ISSUED if dated else None)
    except Unreadable:
        return
    assert told.shapes
    assert told.spans


def test_a_position_is_written_as_it_was_read():
    assert write_position(read_positions("00-00.05S 000-00.05W")[0].spot, 2) == "00-00.05S 000-00.05W"
    assert write_position((-1, -1), 2) == "00-00.00N 000-00.00E"
    assert read_reference("WESTERN RANGE 0/23 141315Z APR 23.") is None


@pytest.mark.shared
def test_real_warnings_are_read_as_their_page_says_and_every_position_is_taken(shared):
    taken = warnings(shared / "data")
    assert undated(kept()) == undated(measured())
    assert sorted(each.reason for each in taken if each.reason) == ["broken-off", "nowhere", "past"]
    for each in taken:
        if each.notice:
            written = re.findall(r"\d\d-\d\d(?:\.\d+)?[NS]", each.text)
            points = sum(len(shape.points) for shape in each.notice.shapes)
            assert points in (len(written), len(written) - 1), each.name  # a ring may repeat its first corner


@pytest.mark.shared
def test_real_warnings_end_when_whoever_wrote_them_cancels_them(shared):
    """The authors cancel a warning a minute or an hour after what it warns of: an answer to our reading of its times that we did not write."""
    compared = 0
    for each in warnings(shared / "data"):
        notice = each.notice
        if notice is None or notice.cancelled_at is None or notice.spans[-1].end is None or "sun" in " ".join(text.message for text in notice.taken):
            continue
        left = notice.cancelled_at - max(span.end for span in notice.spans if span.end)
        assert left in (timedelta(minutes=1), timedelta(hours=1)), each.name
        compared += 1
    assert compared == 22

# SPDX-License-Identifier: Apache-2.0
"""A claim as a form: untouched it comes back exactly, touched it says what the officer wrote, and nothing else gets through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.facts.made import claim, code, count, day, depth, minute, open_day, point, span_of, text

from hamsaya.facts.claims import Speaker
from hamsaya.facts.errors import InputError
from hamsaya.facts.shapes import shaped
from hamsaya.facts.soundness import what_is_unsound_in
from hamsaya.facts.values import Moment, Place
from hamsaya.intake.typed import TypedFields
from hamsaya.web.claim_form import FIELDS, claim_from, fields_of

ZONE = "Asia/Tehran"
HOUR = Moment(start=datetime(2014, 10, 22, 5, 30, tzinfo=UTC), end=datetime(2014, 10, 22, 6, 30, tzinfo=UTC), precision="hour", words="at nine")
NIGHT = msgspec.structs.replace(HOUR, end=HOUR.start + timedelta(hours=7), precision="part-of-day")
VALUES = [
    count(1, 1, "one"), count(3, None, "several"), depth(1500, 2000), point(61.4, 29.2, 5000, words="Mirjaveh", ref="IR.mirjaveh"), minute("2014-10-22T06:01"),
    shaped("the road", ((61_100_000, 29_200_000), (61_300_000, 29_200_000)), closed=False), Place(words="Sui", precision="settlement", district="Dera Bugti"),
    day("2014-10-22", zone_h=3.5), open_day("10-22", "on 22 October"), open_day(), HOUR, NIGHT, span_of("2014-10-01", "2014-11-01"), code("raid", "stormed"), text("a word"),
]  # fmt: skip


def made(value, **sent):
    whole = claim("killed", value, about=code("civilian", country="PK"), speaker=Speaker(kind="source", handle="H-7", side="IR"))
    return claim_from(whole, {**fields_of(whole, ZONE), **sent}, ZONE)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("zone", [ZONE, "UTC", "America/New_York"])
def test_form_that_is_sent_back_untouched_changes_nothing(value, zone):
    whole = claim("killed", value, about=code("civilian"), speaker=Speaker(kind="source", handle="H-7"), hedge="claimed", hedge_words="it claims")
    assert claim_from(whole, fields_of(whole, zone), zone) == whole
    assert claim_from(whole, {}, zone) == whole
    assert fields_of(whole, zone).keys() <= FIELDS.keys()


@pytest.mark.parametrize("written", ["21 Nov 0640", "۳۰ آبان ۰۶۴۰", "2026-11-21 06:40"])
def test_time_is_read_as_in_a_report(written):
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    whole = claim("occurred", HOUR)
    made = claim_from(whole, {**fields_of(whole, ZONE), "from": written}, ZONE, lambda text: TypedFields().moment(text, zone=ZONE, now=now))
    assert (made.value.start, made.value.precision) == (datetime(2026, 11, 21, 3, 10, tzinfo=UTC), "minute")
    assert made.value.words == HOUR.words


def test_time_that_has_not_come_or_is_none_is_refused():
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    whole = claim("occurred", HOUR)
    for written in ("soon", "25:99"):
        with pytest.raises(InputError):
            claim_from(whole, {**fields_of(whole, ZONE), "from": written}, ZONE, lambda text: TypedFields().moment(text, zone=ZONE, now=now))


@pytest.mark.parametrize(
    ("written", "start", "length", "precision"),
    [
        ("2026-11-12 09:30", datetime(2026, 11, 12, 6, 0, tzinfo=UTC), timedelta(minutes=1), "minute"),
        ("2026-11-12T9", datetime(2026, 11, 12, 5, 30, tzinfo=UTC), timedelta(hours=1), "hour"),
        ("2026-11-12", datetime(2026, 11, 11, 20, 30, tzinfo=UTC), timedelta(days=1), "day"),
        ("1405-08-21", datetime(2026, 11, 11, 20, 30, tzinfo=UTC), timedelta(days=1), "day"),
        ("۱۴۰۵-۰۸-۲۱ ۰۹:۳۰", datetime(2026, 11, 12, 6, 0, tzinfo=UTC), timedelta(minutes=1), "minute"),
        ("1405-12", datetime(2027, 2, 19, 20, 30, tzinfo=UTC), timedelta(days=29), "month"),
        ("2026-12", datetime(2026, 11, 30, 20, 30, tzinfo=UTC), timedelta(days=31), "month"),
        ("2024", datetime(2023, 12, 31, 20, 30, tzinfo=UTC), timedelta(days=366), "year"),
    ],
)
def test_time_is_as_long_as_it_was_written(written, start, length, precision):
    value = made(HOUR, **{"from": written}).value
    assert (value.start, value.end, value.precision, value.derivation) == (start, start + length, precision, "by-officer")
    assert value.words == "at nine"


def test_two_times_are_all_between_them_and_none_is_an_open_day():
    value = made(HOUR, **{"from": "2026-11-12 22:00", "to": "2026-11-13 04:59"}).value
    assert (value.end - value.start, value.precision) == (timedelta(hours=7), "part-of-day")
    assert made(HOUR, **{"from": "2026-11-12", "to": "2026-11-14"}).value.precision == "day"
    assert made(HOUR, **{"from": ""}).value.precision == "open"


def test_numbers_are_ranges():
    assert made(count(1, 1), low="2", high="4").value == count(2, 4)
    assert made(count(1, 1), low="۳", high="", more="yes").value == count(3, None)
    assert made(count(3, None), low="3", high="", more="").value == count(3, 3)
    assert made(depth(1500, 2000), low="500", high="").value.high_m == 500


def test_point_that_moves_loses_its_gazetteer_name_and_keeps_whole_microdegrees():
    moved = made(VALUES[3], lon="61.123456", lat="29.5").value
    assert (moved.lon_udeg, moved.lat_udeg, moved.ref) == (61_123_456, 29_500_000, "")
    assert made(VALUES[3], words="Mir Javeh").value.ref == "IR.mirjaveh"


def test_source_handle_stays_at_home_in_the_claim():
    after = made(count(1, 1), speaker="office", office="FC spokesperson", side="pk")
    assert (after.speaker.handle, after.speaker.office, after.speaker.side) == ("H-7", "FC spokesperson", "PK")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (count(1, 1), {"low": ""}),
        (count(1, 1), {"low": "many"}),
        (count(1, 1), {"low": "9" * 40}),
        (HOUR, {"from": "yesterday"}),
        (HOUR, {"from": "2026-02-30"}),
        (HOUR, {"from": "2026-11-12 25:00"}),
        (HOUR, {"from": "0000"}),
        (HOUR, {"from": "9999-12-31"}),
        (HOUR, {"from": "2026-11-12", "to": "later"}),
        (VALUES[3], {"lon": "", "lat": "29.5"}),
        (VALUES[3], {"lon": "1e9"}),
        (VALUES[3], {"lon": "NaN"}),
        (VALUES[3], {"precision": "about"}),
        (count(1, 1), {"speaker": "god"}),
        (count(1, 1), {"hedge": "surely"}),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_name_of_its_field(value, sent):
    with pytest.raises(InputError):
        made(value, **sent)


@given(st.sampled_from(VALUES), st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=20), max_size=4))
def test_any_form_is_read_or_refused_with_our_error(value, sent):
    try:
        what_is_unsound_in(made(value, **sent))
    except InputError:
        return

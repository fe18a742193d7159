# SPDX-License-Identifier: Apache-2.0
"""Times, counts, places and values as each reader reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Words
from hamsaya.tongues import (
    knows_zone,
    other_calendar,
    show_clock,
    show_count,
    show_country,
    show_day,
    show_depth,
    show_moment,
    show_place,
    show_point,
    show_time,
    show_value,
    show_zone,
    value_parts,
)

KARACHI = ZoneInfo("Asia/Karachi")
DAY = Moment(
    start=datetime(2014, 10, 18, tzinfo=KARACHI).astimezone(UTC), end=datetime(2014, 10, 19, tzinfo=KARACHI).astimezone(UTC),
    precision="day", zone="Asia/Karachi", words="the following day",
)  # fmt: skip


def moment(start: tuple[int, ...], end: tuple[int, ...], precision: str, zone: str = "Asia/Karachi") -> Moment:
    began, ended = (datetime(*each, tzinfo=ZoneInfo(zone)).astimezone(UTC) for each in (start, end))
    return Moment(start=began, end=ended, precision=precision, zone=zone)


def test_day_prints_in_the_readers_calendar_with_the_other_at_hand():
    assert show_moment(DAY, "en") == "18 October 2014"
    assert show_moment(DAY, "fa") == "۲۶ مهر ۱۳۹۳ (۱۸ اکتبر ۲۰۱۴)"
    assert show_moment(DAY, "ur") == "18 اکتوبر 2014"
    assert other_calendar(DAY, "en") == "26 Mehr 1393"
    assert other_calendar(DAY, "fa") == "۱۸ اکتبر ۲۰۱۴"
    assert other_calendar(DAY, "ur") == "26 مہر 1393"


def test_day_stays_the_day_of_its_own_zone_wherever_it_is_read():
    for zone in ("Pacific/Auckland", "America/Los_Angeles", ""):
        assert show_moment(DAY, "en", zone=zone) == "18 October 2014"


def test_open_year_is_said_to_be_open():
    unknown = Moment(start=None, end=None, precision="open", month_day="10-17")
    assert show_moment(unknown, "en") == "17 October, year not known"
    assert show_moment(unknown, "fa") == "۱۷ اکتبر، سال نامعلوم"
    assert other_calendar(unknown, "en") == ""
    assert show_moment(Moment(start=None, end=None, precision="open"), "en") == "time not known"
    assert show_moment(Moment(start=None, end=None, precision="open", month_day="99-99"), "en") == "time not known"


def test_clock_times_print_in_the_readers_zone_and_name_it():
    minute = moment((2026, 11, 12, 18, 10), (2026, 11, 12, 18, 11), "minute")
    assert show_moment(minute, "en") == "12 November 2026, 18:10 (UTC+05:00)"
    assert show_moment(minute, "en", zone="Asia/Tehran") == "12 November 2026, 16:40 (UTC+03:30)"
    assert show_moment(minute, "fa", zone="Asia/Tehran") == "۲۱ آبان ۱۴۰۵ (۱۲ نوامبر ۲۰۲۶)، ۱۶:۴۰ (UTC+03:30)"


def test_coarsened_times_print_as_what_they_became():
    hour = moment((2026, 11, 12, 18), (2026, 11, 12, 19), "minute")
    assert show_moment(hour, "en") == "12 November 2026, between 18:00 and 19:00 (UTC+05:00)"
    night = moment((2026, 11, 12, 20), (2026, 11, 13, 5), "part-of-day")
    assert show_moment(night, "en") == "from 12 November 2026, 20:00 to 13 November 2026, 05:00 (UTC+05:00)"
    days = moment((2026, 11, 12), (2026, 11, 15), "day")
    assert show_moment(days, "en") == "12 November 2026 to 14 November 2026"


def test_months_and_years_print_no_day():
    month = moment((2014, 10, 1), (2014, 11, 1), "month")
    assert show_moment(month, "en") == "October 2014"
    assert show_moment(month, "fa") == "مهر ۱۳۹۳ تا آبان ۱۳۹۳ (اکتبر ۲۰۱۴)"
    year = moment((2014, 1, 1), (2015, 1, 1), "year")
    assert show_moment(year, "ur") == "2014"
    assert other_calendar(year, "en") == "1392 to 1393"


def test_times_of_the_house():
    at = datetime(2026, 11, 22, 20, 45, tzinfo=UTC)
    assert show_time(at, "en", zone="Asia/Karachi") == "23 November 2026, 01:45"
    assert show_time(at, "fa", zone="Asia/Tehran") == "۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)، ۰۰:۱۵"
    assert show_clock(at, "fa", zone="UTC") == "۲۰:۴۵"
    assert show_day("2014-10-22", "fa") == "۳۰ مهر ۱۳۹۳ (۲۲ اکتبر ۲۰۱۴)"
    assert show_day("sometime", "fa") == "sometime"


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)),
       st.sampled_from(["minute", "hour", "part-of-day", "day", "month", "year"]), st.text(), st.sampled_from(["en", "fa", "ur"]))  # fmt: skip
def test_any_moment_of_a_neighbour_can_be_shown(start, length, precision, zone, language):
    try:
        end = start + length
    except OverflowError:
        end = start
    shown = Moment(start=start, end=end, precision=precision, zone=zone)
    assert show_moment(shown, language)
    assert show_moment(shown, language, zone="Asia/Tehran")
    other_calendar(shown, language)


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_ends_of_the_calendar_are_no_fault(at):
    for zone in ("Asia/Karachi", "America/Los_Angeles"):
        assert show_time(at, "fa", zone=zone)
        assert show_moment(Moment(start=at, end=at, precision="day", zone=zone), "fa")


def test_jalali_days_agree_with_known_ones():
    for gregorian, jalali in ((date(1979, 2, 11), "22 Bahman 1357"), (date(2025, 3, 20), "30 Esfand 1403"), (date(2025, 3, 21), "1 Farvardin 1404")):
        start = datetime.combine(gregorian, datetime.min.time(), UTC)
        assert other_calendar(Moment(start=start, end=start + timedelta(days=1), precision="day"), "en") == jalali


def test_counts_stay_ranges():
    assert show_count(Count(low=3, high=None), "en") == "3 or more"
    assert show_count(Count(low=25, high=35), "en") == "25–35"
    assert show_count(Count(low=2, high=2), "en") == "2"
    assert show_count(Count(low=25, high=35), "fa") == "۲۵ تا ۳۵"
    assert show_count(Count(low=12_000, high=12_000), "fa") == "۱۲٬۰۰۰"
    assert show_count(Count(low=3, high=None), "ur") == "3 یا زیادہ"


def test_depths_say_how_far_inside_which_territory():
    assert show_depth(Depth(low_m=2000, high_m=2000, territory="PK"), "en") == "2 km inside Pakistan"
    assert show_depth(Depth(low_m=300, high_m=None, territory="PK"), "en") == "300 m or more inside Pakistan"
    assert show_depth(Depth(low_m=1500, high_m=2500, territory="IR"), "en") == "1.5 km to 2.5 km inside Iran"
    assert show_depth(Depth(low_m=2500, high_m=2500, territory="PK"), "fa") == "۲٫۵ کیلومتر در داخل پاکستان"


def test_places_print_longitude_first_each_with_its_letter():
    place = Place(words="Nokundi", name="Nok Kundi", country="PK", precision="settlement", relation="near",
                  lon_udeg=62_750_000, lat_udeg=28_820_000, radius_m=5_000)  # fmt: skip
    assert show_place(place, "en") == "near Nok Kundi, Pakistan"
    assert show_point(place) == "62.7500 E 28.8200 N ± 5 km"
    assert show_point(Place(words="x", precision="exact", lon_udeg=-1, lat_udeg=-90_000_000)) == "0.0000 W 90.0000 S"
    assert show_point(Place(words="x", precision="unknown")) == ""
    parts = value_parts(place, "en")
    assert (parts.words, parts.aside) == ("Nokundi", "known to the settlement")
    assert show_place(Place(words="", precision="unknown"), "en") == "—"
    assert show_place(msgspec.structs.replace(place, words="", name="", country="", relation=""), "fa") == show_point(place)


def test_codes_are_translated_and_the_speakers_own_word_is_kept_beside():
    value = Coded(code="killing", words="shot dead", country="PK")
    assert show_value(value, "en") == "killing (Pakistan) “shot dead”"
    assert show_value(value, "fa") == "کشتن (پاکستان) «shot dead»"
    assert show_value(Coded(code="not-a-code"), "ur") == "not-a-code"
    assert show_value(Words(text="for six hours"), "fa") == "«for six hours»"
    assert value_parts(Words(text="x"), "en").main == ""


def test_countries_are_named_in_the_readers_language():
    assert [show_country("PK", language) for language in ("en", "fa", "ur")] == ["Pakistan", "پاکستان", "پاکستان"]
    assert show_country("XQ", "en") == "XQ"
    assert show_country("", "en") == ""


def test_a_place_is_called_as_its_reader_calls_it_and_by_the_records_own_name_where_nobody_knows_better():
    mand = Place(words="مند", name="Mand", ref="PK.mand", country="PK", precision="settlement", relation="in")
    assert show_place(mand, "en") == "in Mand, Pakistan"
    assert show_place(mand, "fa") == "در مند، پاکستان"
    assert "مند" in show_place(mand, "ur")
    assert value_parts(mand, "en").words == "مند"
    assert value_parts(mand, "fa").words == "", "what the reader sees already is not said twice"
    assert show_place(msgspec.structs.replace(mand, ref="PK.unheard-of"), "fa") == "در Mand، پاکستان"
    assert show_place(Place(words="ایران", name="Iran", ref="IR", country="IR", precision="country"), "ur") == "ایران"


def test_a_clock_is_named_for_its_city_in_the_readers_language():
    assert [show_zone("Asia/Karachi", language) for language in ("en", "fa", "ur")] == ["Karachi", "کراچی", "کراچی"]
    assert show_zone("UTC", "fa") == "UTC"
    assert show_zone("Nowhere/Land", "fa") == "Nowhere/Land"
    assert knows_zone("Asia/Tehran")
    assert not knows_zone("Nowhere/Land")

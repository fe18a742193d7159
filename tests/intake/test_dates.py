# SPDX-License-Identifier: Apache-2.0
"""When it was: words become moments, and each moment knows how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from hamsaya.facts.folding import fold
from hamsaya.facts.values import DERIVATIONS, Moment
from hamsaya.intake import read_document
from hamsaya.intake.dates import Dated, Day, Setting, resolve
from hamsaya.intake.datewords import find_dates, find_times

PUBLISHED = date(2014, 10, 23)  # a Thursday


def read(words: str, language: str, published: date | None = PUBLISHED, told: Day | None = None, zone: str = "UTC",
         *, ahead: bool = False) -> Dated:  # fmt: skip
    folded = fold(words).text
    dates, times = find_dates(folded, language), find_times(folded, language)
    assert len(dates) == 1, dates
    return resolve(dates[0], times[0] if times else None, words, Setting(published, ZoneInfo(zone), told, ahead))


@pytest.mark.parametrize(
    ("words", "language", "day", "derivation"),
    [
        ("17 October 2014", "en", "2014-10-17", "absolute"),
        ("the 17th of October, 2014", "en", "2014-10-17", "absolute"),
        ("Dec 27, 2019", "en", "2019-12-27", "absolute"),
        ("Wednesday, 22 October 2014", "en", "2014-10-22", "absolute"),
        ("2014-10-22", "en", "2014-10-22", "absolute"),
        ("October 17", "en", "2014-10-17", "year-from-publication"),
        ("on December 10", "en", "2013-12-10", "year-from-publication"),
        ("on Wednesday", "en", "2014-10-22", "weekday-before-publication"),
        ("on Thursday", "en", "2014-10-23", "weekday-before-publication"),
        ("yesterday", "en", "2014-10-22", "day-before-publication"),
        ("۲۵ مهر ۱۳۹۳", "fa", "2014-10-17", "absolute-jalali"),
        ("25 مهرماه ۱۳۹۳".replace("مهرماه", "مهر ماه"), "fa", "2014-10-17", "absolute-jalali"),
        ("۱۳۹۳/۰۷/۲۵", "fa", "2014-10-17", "absolute-jalali"),
        ("۲۵ مهر", "fa", "2014-10-17", "year-from-publication"),
        ("۱۷ اکتبر", "fa", "2014-10-17", "year-from-publication"),
        ("روز چهارشنبه", "fa", "2014-10-22", "weekday-before-publication"),
        ("پنج‌شنبه ۲۴ مهر ۱۳۹۳", "fa", "2014-10-16", "absolute-jalali"),
        ("دیروز", "fa", "2014-10-22", "day-before-publication"),
        ("17 اکتوبر 2014", "ur", "2014-10-17", "absolute"),
        ("۱۷ اکتوبر", "ur", "2014-10-17", "year-from-publication"),
        ("بدھ کو", "ur", "2014-10-22", "weekday-before-publication"),
        ("بدھ کے روز", "ur", "2014-10-22", "weekday-before-publication"),
        ("جمعہ 17 اکتوبر 2014 کو", "ur", "2014-10-17", "absolute"),
    ],
)
def test_words_become_the_day_with_its_derivation(words: str, language: str, day: str, derivation: str) -> None:
    dated = read(words, language)
    assert dated.moment.start == datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert dated.moment.end == dated.moment.start + timedelta(days=1)
    assert (dated.moment.precision, dated.moment.derivation) == ("day", derivation)
    assert derivation in DERIVATIONS
    assert dated.question is None


@pytest.mark.parametrize(
    ("words", "language", "day"),
    [
        ("The following day", "en", "2014-10-18"), ("on the same day", "en", "2014-10-17"),
        ("the previous day", "en", "2014-10-16"), ("روز بعد", "fa", "2014-10-18"), ("همان روز", "fa", "2014-10-17"),
        ("اگلے روز", "ur", "2014-10-18"), ("اسی روز", "ur", "2014-10-17"),
    ],
)  # fmt: skip
def test_relative_days_count_from_the_day_told_before(words: str, language: str, day: str) -> None:
    dated = read(words, language, told=Day(2014, 10, 17))
    assert dated.day == Day(*map(int, day.split("-")))
    assert dated.moment.anchor == "2014-10-17"


def test_year_stays_open_without_publication_and_the_officer_is_asked() -> None:
    dated = read("October 17", "en", published=None)
    assert dated.moment == Moment(start=None, end=None, precision="open", zone="UTC", words="October 17",
                                  derivation="year-open", month_day="10-17")  # fmt: skip
    assert dated.question is not None


def test_the_day_after_an_open_year_stays_open_with_its_month_and_day() -> None:
    dated = read("the following day", "en", published=None, told=Day(None, 12, 31))
    assert (dated.moment.precision, dated.moment.month_day) == ("open", "01-01")


@pytest.mark.parametrize(("words", "language"), [("on Wednesday", "en"), ("the following day", "en"), ("۲۵ مهر", "fa")])
def test_what_cannot_be_known_is_open_and_asked(words: str, language: str) -> None:
    dated = read(words, language, published=None)
    assert dated.moment.precision == "open"
    assert dated.moment.derivation in DERIVATIONS
    assert dated.question is not None


def test_weekday_that_contradicts_its_date_is_asked_about() -> None:
    assert "do not agree" in str(read("Monday, 22 October 2014", "en").question)


def test_day_and_month_that_may_be_swapped_are_asked_about() -> None:
    assert read("03/04/2014", "en").question is not None
    assert read("23/04/2014", "en").question is None


def test_month_ahead_is_the_first_after_publication() -> None:
    dated = read("in February", "en", published=date(2019, 12, 27), ahead=True)
    assert dated.moment.start == datetime(2020, 2, 1, tzinfo=UTC)
    assert (dated.moment.precision, dated.moment.derivation) == ("month", "future-month")


@pytest.mark.parametrize(
    ("words", "language", "zone", "utc"),
    [
        ("12 November 2026 at 14:05", "en", "Asia/Karachi", "2026-11-12T09:05"),
        ("12 November 2026, 2:05 pm", "en", "Asia/Karachi", "2026-11-12T09:05"),
        ("12 November 2026 at 1405 hours", "en", "Asia/Karachi", "2026-11-12T09:05"),
        ("12 November 2026 at 09:05 UTC", "en", "Asia/Karachi", "2026-11-12T09:05"),
        ("۲۱ آبان ۱۴۰۵ ساعت ۱۶:۴۰", "fa", "Asia/Tehran", "2026-11-12T13:10"),
        ("۲۱ آبان ۱۴۰۵ ساعت ۴ و ۴۰ دقیقه عصر", "fa", "Asia/Tehran", "2026-11-12T13:10"),
        ("12 نومبر 2026 کو شام 6 بج کر 10 منٹ", "ur", "Asia/Karachi", "2026-11-12T13:10"),
        ("12 نومبر 2026 کو 18:10 بجے", "ur", "Asia/Karachi", "2026-11-12T13:10"),
    ],
)
def test_an_hour_is_meant_in_the_zone_of_the_place(words: str, language: str, zone: str, utc: str) -> None:
    moment = read(words, language, zone=zone).moment
    assert moment.start == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.precision == "minute"


def test_part_of_a_day_is_an_interval() -> None:
    moment = read("17 October 2014 in the morning", "en").moment
    assert moment.precision == "part-of-day"
    assert moment.start is not None
    assert moment.end is not None
    assert moment.end - moment.start < timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "language"),
    [("31 February 2014", "en"), ("45 October", "en"), ("AMAN-20", "en"), ("the sun sat on it", "en"), ("may", "en"),
     ("1 May 9999", "en"), ("گزشتہ ہفتے", "ur"), ("۳۱ اسفند ۱۳۹۳", "fa")],
)  # fmt: skip
def test_what_is_no_day_is_no_date(words: str, language: str) -> None:
    for hit in find_dates(fold(words).text, language):
        assert resolve(hit, None, words, Setting(None, ZoneInfo("UTC"))).moment.precision == "open"


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.sampled_from(["Asia/Tehran", "Asia/Karachi", "UTC"]))
@settings(max_examples=80, deadline=None)
def test_the_same_day_in_both_calendars_is_the_same_moment(day: date, zone: str) -> None:
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    months = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
    persian = read(f"{jalali.day} {months[jalali.month - 1]} {jalali.year}", "fa", zone=zone).moment
    assert persian.start == read(day.isoformat(), "fa", zone=zone).moment.start
    assert persian.zone == zone


def test_day_of_a_statement_is_not_the_day_of_the_event() -> None:
    text = "“Two guards were killed by bandits in Saravan on 8 October 2014,” the FC spokesman said on 10 October 2014."
    moments = [claim.value for claim in read_document(text.encode(), name="n").drafts[0].claims
               if claim.predicate == "occurred"]  # fmt: skip
    assert [moment.words for moment in moments if isinstance(moment, Moment)] == ["on 8 October 2014".removeprefix("on ")]

# SPDX-License-Identifier: Apache-2.0
"""When it was: finds dates and times of day in a folded sentence, and says how each became a moment (law 8).

- A date knows its derivation (`DERIVATIONS`) and the day it was derived from.
- A weekday is the nearest such day at or before publication. A day and month without a year take the year in which
  they are not later than publication. Without a publication date the year stays open and a question is asked.
- "The following day" counts from the day last told in the same document.
- Local days and hours are meant in the zone that the caller names; a moment is stored in UTC.
- Months may be Gregorian or Jalali; the words are data of the lexicon. This module does not decide what happened then.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from hamsaya.facts.values import Moment, TimePrecision
from hamsaya.facts.words import Text, say
from hamsaya.intake.datewords import DateHit, TimeHit

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
_COMMON_YEAR: Final = 2001
_DECEMBER: Final = 12
_PARTS: Final = {"morning": (5, 12), "afternoon": (12, 18), "evening": (16, 21), "night": (20, 29)}


class Day(NamedTuple):
    """A day whose year may be open."""

    year: int | None
    month: int
    day: int

    def as_date(self) -> date | None:
        """Return the calendar day, or None while the year is open."""
        return None if self.year is None else date(self.year, self.month, self.day)

    def shifted(self, days: int) -> Day:
        """Return the day `days` later; with an open year, in a year of 365 days."""
        leap_day = (self.month, self.day) == (2, 29) and not self.year
        moved = date(self.year or _COMMON_YEAR, self.month, 28 if leap_day else self.day) + timedelta(days=days)
        return Day(moved.year if self.year else None, moved.month, moved.day)


class Setting(NamedTuple):
    """What a date is resolved against."""

    published: date | None
    zone: ZoneInfo
    told: Day | None = None
    """The day last told in the document."""
    ahead: bool = False
    """The sentence speaks of the future."""


class Dated(NamedTuple):
    """A moment, the day it lies on (for dates that count from it), and what remains to ask."""

    moment: Moment
    day: Day | None
    question: Text | None = None


def resolve(hit: DateHit, clock: TimeHit | None, words: str, setting: Setting) -> Dated:
    """Return the moment that `hit` (and `clock`, where an hour is told) means in `setting`; `words` are the source's.

    Never fails: what cannot be known stays open, with a question to the officer.
    """
    if hit.kind == "span":
        return _month_or_year(hit, words, setting)
    day, derivation, anchor = _day(hit, setting)
    if day is None:
        code = "year-open" if hit.kind in {"weekday", "absolute"} else "day-open"
        return Dated(_open(words, code, setting, None), None, _which_day(words))
    if day.year is None:
        return Dated(_open(words, "year-open" if hit.kind == "absolute" else derivation, setting, day), day,
                     say("Which year is meant by “{words}”? The document's date of publication is not known.",
                         words=words))  # fmt: skip
    moment = moment_of(day, clock, words, setting.zone, derivation=derivation, anchor=anchor)
    return Dated(moment, day, _weekday_question(hit, day, words))


def moment_of(day: Day, clock: TimeHit | None, words: str, zone: ZoneInfo, *, derivation: str, anchor: str) -> Moment:
    """Return the UTC interval of a whole day, of a part of it, or of a minute of it, in the zone in which it was meant.

    The year of `day` must be known.
    """
    where = ZoneInfo("UTC") if clock is not None and clock.utc else zone
    midnight = datetime.combine(day.as_date() or date.min, time.min, tzinfo=where)
    first, last, precision = midnight, midnight + timedelta(days=1), "day"
    length: timedelta | None = None
    if clock is not None and clock.part:
        begins, ends = _PARTS[clock.part]
        first, last, precision = midnight + timedelta(hours=begins), midnight + timedelta(hours=ends), "part-of-day"
    elif clock is not None:
        first = midnight + timedelta(hours=clock.hour, minutes=clock.minute or 0)
        precision, length = ("hour", timedelta(hours=1)) if clock.minute is None else ("minute", timedelta(minutes=1))
    start = first.astimezone(UTC)
    return Moment(
        start=start,
        end=last.astimezone(UTC) if length is None else start + length,  # no summer time cuts an hour or a minute
        precision=_PRECISIONS[precision],
        zone=where.key,
        words=words,
        derivation=derivation,
        anchor=anchor,
    )


_PRECISIONS: Final[dict[str, TimePrecision]] = {"day": "day", "part-of-day": "part-of-day", "hour": "hour", "minute": "minute"}


def _day(hit: DateHit, setting: Setting) -> tuple[Day | None, str, str]:
    """Return the day, the derivation and the ISO date it started from."""
    published = setting.published
    anchor = published.isoformat() if published else ""
    if hit.kind == "absolute":
        return _absolute(hit, published)
    if hit.kind == "weekday":
        if published is None:
            return None, "year-open", ""
        found = published - timedelta(days=(published.weekday() - hit.weekday) % 7)
        return _from(found), "weekday-before-publication", anchor
    if hit.relative in {"yesterday", "today"}:
        if published is None:
            return None, "day-open", ""
        back = 1 if hit.relative == "yesterday" else 0
        return _from(published - timedelta(days=back)), "day-before-publication" if back else "publication-day", anchor
    if setting.told is None:
        return None, "day-open", ""
    told = setting.told.as_date()
    moved = setting.told.shifted({"same-day": 0, "day-after": 1, "day-before": -1}[hit.relative])
    return moved, hit.relative, told.isoformat() if told else ""


def _absolute(hit: DateHit, published: date | None) -> tuple[Day | None, str, str]:
    if hit.year is not None:
        found = _calendar_day(hit.year, hit.month, hit.day, jalali=hit.jalali)
        return (_from(found) if found else None), "absolute-jalali" if hit.jalali else "absolute", ""
    if published is None:
        return (None if hit.jalali else Day(None, hit.month, hit.day)), "year-open", ""
    year = _jalali_year(published) if hit.jalali else published.year
    for candidate in range(year, year - 9, -1):  # 29 February may be eight years back
        found = _calendar_day(candidate, hit.month, hit.day, jalali=hit.jalali)
        if found and found <= published:
            return _from(found), "year-from-publication", published.isoformat()
    return None, "year-open", ""


def _calendar_day(year: int, month: int, day: int, *, jalali: bool) -> date | None:
    try:
        found = _from_jalali(year, month, day) if jalali else date(year, month, day)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _jalali_year(day: date) -> int:
    return int(JalaliDate(day).year)


def _from_jalali(year: int, month: int, day: int) -> date:
    found: date = JalaliDate(year, month, day).to_gregorian()
    return found


def _month_or_year(hit: DateHit, words: str, setting: Setting) -> Dated:
    published, year, derivation = setting.published, hit.year, "month" if hit.month else "year"
    if year is None:
        if published is None:
            return Dated(_open(words, "year-open", setting, None), None, _which_day(words))
        if setting.ahead:
            year, derivation = published.year + (hit.month < published.month), "future-month"
        else:
            year = published.year - (hit.month > published.month)
    precision: TimePrecision = "month" if hit.month else "year"
    first = _calendar_day(year, hit.month or 1, 1, jalali=hit.jalali)
    after = (year, hit.month + 1) if 0 < hit.month < _DECEMBER else (year + 1, 1)
    last = _calendar_day(after[0], after[1], 1, jalali=hit.jalali)
    if first is None or last is None:
        return Dated(_open(words, "year-open", setting, None), None, _which_day(words))
    start, end = (
        datetime.combine(day, time.min, tzinfo=setting.zone).astimezone(UTC) for day in (first, last)
    )  # fmt: skip
    anchor = published.isoformat() if published and hit.year is None else ""
    moment = Moment(start=start, end=end, precision=precision, zone=setting.zone.key, words=words,
                    derivation=derivation, anchor=anchor)  # fmt: skip
    return Dated(moment, None)


def _open(words: str, derivation: str, setting: Setting, day: Day | None) -> Moment:
    month_day = f"{day.month:02d}-{day.day:02d}" if day else ""
    return Moment(start=None, end=None, precision="open", zone=setting.zone.key, words=words, derivation=derivation,
                  month_day=month_day)  # fmt: skip


def _which_day(words: str) -> Text:
    return say("Which day is meant by “{words}”? The text alone does not tell.", words=words)


def _weekday_question(hit: DateHit, day: Day, words: str) -> Text | None:
    found = day.as_date()
    if hit.doubt:
        return say("“{words}” may be read day first or month first; day first was taken.", words=words)
    if hit.kind == "absolute" and hit.weekday >= 0 and found is not None and found.weekday() != hit.weekday:
        return say("The weekday and the date in “{words}” do not agree.", words=words)
    return None


def _from(day: date) -> Day:
    return Day(day.year, day.month, day.day)

# SPDX-License-Identifier: Apache-2.0
"""How a time prints: in the reader's calendar, no more precisely than it is known (law 8).

- English and Urdu read Gregorian dates; Persian reads Jalali dates with the Gregorian one in parentheses.
- `other_calendar` gives the calendar that was not shown first, so that both can be reached on every page.
- A day is the day of the zone in which it was meant; a day, month or year prints no clock time.
- An interval that is wider than its precision, since it was coarsened before it left, prints as from–to.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_timezone_location

from hamsaya.facts.values import Moment
from hamsaya.facts.words import say
from hamsaya.tongues.catalogue import translate
from hamsaya.tongues.days import gregorian_day, jalali_day
from hamsaya.tongues.numbers import in_digits

_INSTANT: Final = timedelta(microseconds=1)
_LEAP_YEAR: Final = 2000


def show_moment(moment: Moment, language: str, *, zone: str = "") -> str:
    """Return the moment as `language` reads it.

    `zone` is the reader's IANA zone, in which clock times print; without it the zone in which the moment was meant.
    """
    if moment.start is None or moment.end is None:
        return _open_year(moment, language)
    if moment.precision in ("minute", "hour", "part-of-day"):
        return _clock(moment.start, moment.end, language, _zone(zone or moment.zone))
    return _both(_days(moment), moment.precision, language)


def show_time(at: datetime, language: str, *, zone: str) -> str:
    """Return date and clock time of `at` (aware) in the IANA zone `zone`."""
    local = _local(at, _zone(zone))
    return translate(say("{date}, {clock}", date=_both((local.date(), local.date()), "day", language), clock=_hour(local, language)), language)


def show_clock(at: datetime, language: str, *, zone: str) -> str:
    """Return the clock time of `at` (aware) in the IANA zone `zone`, such as 14:03."""
    return _hour(_local(at, _zone(zone)), language)


def knows_zone(zone: str) -> bool:
    """Say whether this machine can tell the time in an IANA zone: a neighbour's card may name anything."""
    return zone == "UTC" or _zone(zone) is not UTC


def show_zone(zone: str, language: str) -> str:
    """Return the city that an IANA zone is named for, such as Tehran for Asia/Tehran, or the zone itself."""
    try:
        return str(get_timezone_location(zone, locale=language, return_city=True))
    except LookupError:
        return zone


def other_calendar(when: Moment | datetime, language: str, *, zone: str = "") -> str:
    """Return the same days in the calendar that does not stand first in `language`; empty where the year is open."""
    if isinstance(when, datetime):
        day = _local(when, _zone(zone)).date()
        days, precision = (day, day), "day"
    elif when.start is None or when.end is None:
        return ""
    else:
        days, precision = _days(when), when.precision
    return _gregorian(days, precision, language) if language == "fa" else _jalali(days, precision, language)


def _clock(start: datetime, end: datetime, language: str, zone: tzinfo) -> str:
    first, last = _local(start, zone), _local(end, zone)
    where, began, ended = _offset(first.utcoffset() or timedelta(0)), _hour(first, language), _hour(last, language)
    day = _both((first.date(), first.date()), "day", language)
    if end - start <= timedelta(minutes=1):
        return translate(say("{date}, {clock} ({zone})", date=day, clock=began, zone=where), language)
    if _local(end - _INSTANT, zone).date() == first.date():
        return translate(say("{date}, between {start} and {end} ({zone})", date=day, start=began, end=ended, zone=where), language)
    until = translate(say("{date}, {clock} ({zone})", date=_both((last.date(), last.date()), "day", language), clock=ended, zone=where), language)
    since = translate(say("{date}, {clock}", date=day, clock=began), language)
    return translate(say("from {start} to {end}", start=since, end=until), language)


def _hour(local: datetime, language: str) -> str:
    """Return hour and minute; `strftime` takes ten times as long, and a list shows hundreds."""
    return in_digits(f"{local.hour:02}:{local.minute:02}", language)


@lru_cache(maxsize=256)
def _offset(ahead: timedelta) -> str:
    minutes = abs(ahead) // timedelta(minutes=1)
    return f"UTC{'-' if ahead < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _open_year(moment: Moment, language: str) -> str:
    try:
        month, day = (int(part) for part in moment.month_day.split("-"))
        known = date(_LEAP_YEAR, month, day)
    except ValueError:
        return translate(say("time not known"), language)
    return translate(say("{day}, year not known", day=gregorian_day(known, "day of any year", language)), language)


def _both(days: tuple[date, date], precision: str, language: str) -> str:
    gregorian = _gregorian(days, precision, language)
    jalali = _jalali(days, precision, language) if language == "fa" else ""
    return f"{jalali} ({gregorian})" if jalali else gregorian


def _gregorian(days: tuple[date, date], precision: str, language: str) -> str:
    return _range(gregorian_day(days[0], precision, language), gregorian_day(days[1], precision, language), language)


def _jalali(days: tuple[date, date], precision: str, language: str) -> str:
    first, last = jalali_day(days[0], precision, language), jalali_day(days[1], precision, language)
    return _range(first, last, language) if first else ""


def _range(first: str, last: str, language: str) -> str:
    return first if first == last else translate(say("{first} to {last}", first=first, last=last), language)


def _days(moment: Moment) -> tuple[date, date]:
    """Return the first and the last day of the moment, in the zone in which it was meant."""
    assert moment.start is not None  # noqa: S101  (both callers have asked)
    assert moment.end is not None  # noqa: S101
    zone = _zone(moment.zone)
    last = moment.end - _INSTANT if moment.end > moment.start else moment.start
    return _local(moment.start, zone).date(), _local(last, zone).date()


def _local(at: datetime, zone: tzinfo) -> datetime:
    """Return `at` in `zone`, or as it is at the very ends of the calendar, where a neighbour's record may stand."""
    try:
        return at.astimezone(zone)
    except (OverflowError, ValueError):
        return at


def _zone(name: str) -> tzinfo:
    """Return the zone, or UTC for one that this machine does not know: a neighbour's record may name anything."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC

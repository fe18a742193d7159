# SPDX-License-Identifier: Apache-2.0
"""How one day, month or year prints in each calendar. Persian readers get the Jalali day first, the Gregorian behind it.

English and Urdu readers get the Gregorian day. Month names are CLDR's (Gregorian) and our own (Jalali).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date
from persiantools.jdatetime import JalaliDate

from hamsaya.tongues.numbers import in_digits

_JALALI: Final = {
    "en": ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
    "fa": ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    "ur": ("فروردین", "اردیبہشت", "خرداد", "تیر", "مرداد", "شہریور", "مہر", "آبان", "آذر", "دی", "بہمن", "اسفند"),
}
_PATTERNS: Final = {"day": "d MMMM y", "month": "MMMM y", "year": "y", "day of any year": "d MMMM"}
_FIRST_JALALI: Final = date(622, 3, 22)
_LAST_JALALI: Final = date(9998, 12, 31)


@lru_cache(maxsize=4096)
def gregorian_day(day: date, precision: str, language: str) -> str:
    """Return the day, or only its month or year, in the Gregorian calendar."""
    return in_digits(format_date(day, _PATTERNS.get(precision, _PATTERNS["day"]), locale=language), language)


@lru_cache(maxsize=4096)
def jalali_day(day: date, precision: str, language: str) -> str:
    """Return the day, or only its month or year, in the Jalali calendar; empty for days that calendar does not reach."""
    if not _FIRST_JALALI <= day <= _LAST_JALALI:
        return ""
    jalali = JalaliDate.to_jalali(day)
    month = _JALALI.get(language, _JALALI["en"])[jalali.month - 1]
    shown = {"year": f"{jalali.year}", "month": f"{month} {jalali.year}"}.get(precision, f"{jalali.day} {month} {jalali.year}")
    return in_digits(shown, language)


def both_days(day: date, language: str) -> tuple[str, str]:
    """Return the day in the calendar that `language` reads first, and in the other."""
    gregorian, jalali = gregorian_day(day, "day", language), jalali_day(day, "day", language)
    return (jalali or gregorian, gregorian) if language == "fa" else (gregorian, jalali)


def show_day(iso: str, language: str) -> str:
    """Return an ISO date such as 2014-10-22 in the reader's calendar, or `iso` itself where it is no date.

    >>> show_day("2014-10-22", "en")
    '22 October 2014'
    """
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    gregorian = gregorian_day(day, "day", language)
    jalali = jalali_day(day, "day", language) if language == "fa" else ""
    return f"{jalali} ({gregorian})" if jalali else gregorian

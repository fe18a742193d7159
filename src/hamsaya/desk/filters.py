# SPDX-License-Identifier: Apache-2.0
"""Which records or incidents are asked for: one value, read from the address, the same for every list and for the map.

    ?kind=incident_account&side=IR&party=west&since=1405-08-01&until=2026-11-30&bbox=60.5,25.0,63.5,29.9&q=mirjaveh

- Days are Gregorian or Jalali (told apart by the year), in digits of any of the three scripts; `until` is a whole day.
  A day is a day of this node's zone.
- What is only known to a day, a month or a year matches when it may have been within the time asked for (law 8).
- A box is west, south, east, north in degrees; one whose west is greater than its east crosses the 180th meridian.
- Several accounts of one incident may tell several places and times: any of them may match (law 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from persiantools.jdatetime import JalaliDate

from hamsaya.facts.errors import InputError
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text, say

FIELDS: Final = ("kind", "side", "party", "since", "until", "bbox", "q")
"""The names under which a filter stands in an address."""
DOCUMENT: Final = "document"
"""The kind that stands for documents, where a search also finds those."""
MAX_TEXT: Final = 200
_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫،", "01234567890123456789.,")
_LATE_DAY: Final = re.compile(r"(?<!\d)(?:29|30|31)(?!\d)", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_JALALI_YEARS: Final = range(1200, 1600)
_UDEG: Final = 1_000_000
_MARKS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


class Box(msgspec.Struct, frozen=True):
    """An area in whole microdegrees (WGS 84)."""

    west: int
    south: int
    east: int
    north: int

    def holds(self, lon_udeg: int, lat_udeg: int) -> bool:
        """Say whether the point lies within, edges included."""
        if not self.south <= lat_udeg <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= lon_udeg <= self.east
        return lon_udeg >= self.west or lon_udeg <= self.east


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for; an empty field asks for nothing in particular. `since` is inclusive, `until` exclusive, both aware UTC."""

    kind: str = ""
    side: str = ""
    party: str = ""
    since: datetime | None = None
    until: datetime | None = None
    box: Box | None = None
    text: str = ""
    asked: dict[str, str] = {}
    """The fields as they stood in the address, for links and forms."""

    def __bool__(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.kind or self.side or self.party or self.since or self.until or self.box or self.text)


EVERYTHING: Final = Filter()


def read_filter(asked: Mapping[str, str], zone: str, kinds: Collection[str] = tuple(RECORD_KINDS)) -> Filter:
    """Return the filter in the fields of an address; names that are no field of it are left alone.

    `zone` is the IANA zone in which days are meant, `kinds` are the kinds that may be asked for. Raises `InputError`
    that names the field, what was expected and what came.
    """
    given = {name: _MARKS.sub("", asked.get(name, "")).strip() for name in FIELDS}
    since, until = (read_day(given[name], name) if given[name] else None for name in ("since", "until"))
    if since and until and until < since:
        raise InputError(say("until: a day at or after `since` ({since}) is expected; this came: {came}", since=since, came=until))
    return Filter(
        kind=_kind(given["kind"], kinds), side=_side(given["side"]), party=_party(given["party"]),
        since=_midnight(since, zone) if since else None, until=_midnight(until + timedelta(days=1), zone) if until else None,
        box=_box(given["bbox"]), text=_text(given["q"]), asked={name: value for name, value in given.items() if value},
    )  # fmt: skip


def _kind(came: str, kinds: Collection[str]) -> str:
    if came and came not in kinds:
        raise InputError(say("kind: one of {known} is expected; this came: {came}", known=", ".join(kinds), came=came[:40]))
    return came


def _side(came: str) -> str:
    side = came.upper()
    if side and not (len(side) == 2 and side.isascii() and side.isalpha()):
        raise InputError(say("side: a country's code of two letters is expected, such as {example}; this came: {came}", example="IR", came=came[:40]))
    return side


def _party(came: str) -> str:
    if len(came) > 64 or not came.isprintable():
        raise InputError(say("party: a party's short name is expected, such as {example}; this came: {came}", example="west", came=came[:40]))
    return came


def _text(came: str) -> str:
    if len(came) > MAX_TEXT:
        raise InputError(say("q: at most {most} characters can be searched for; {n} came.", most=MAX_TEXT, n=len(came)))
    return came


def read_day(came: str, field: str) -> date:
    """Return a day of either calendar in any digits. Raises `InputError` that names the field."""
    found = _DAY.fullmatch(came.translate(_DIGITS))
    try:
        if found is None:
            raise ValueError(came)
        year, month, day = (int(part) for part in found.groups())
        read: date = JalaliDate(year, month, day).to_gregorian() if year in _JALALI_YEARS else date(year, month, day)
        if not 1900 <= read.year <= 2200:
            raise ValueError(came)
    except ValueError as error:
        missing = no_such_day(came[:40], lambda text: read_day(text, field)) if found else None
        raise InputError(
            say("{field}: {what}", field=field, what=missing) if missing
            else say("{field}: a day is expected, such as {gregorian} or {jalali}; this came: {came}",
                field=field, gregorian="2026-11-12", jalali="1405-08-21", came=came[:40])
        ) from error  # fmt: skip
    return read


def no_such_day(text: str, reads: Callable[[str], object]) -> Text | None:
    """Return that a day does not exist, where `reads` understands the same words with an earlier day of that month; else None."""
    found = _LATE_DAY.search(text.translate(_DIGITS))
    for last in range(int(found[0]) - 1, 27, -1) if found else ():
        try:
            reads(f"{text[: found.start()]}{last}{text[found.end() :]}" if found else text)
        except InputError:
            continue
        return say("There is no such day: {came}. That month ends on the {last}th.", came=text[:60], last=last)
    return None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _box(came: str) -> Box | None:
    if not came:
        return None
    try:
        west, south, east, north = (_udeg(part) for part in came.translate(_DIGITS).split(","))
    except (ValueError, InvalidOperation) as error:
        raise _no_box(came) from error
    in_range = max(abs(west), abs(east)) <= 180 * _UDEG and max(abs(south), abs(north)) <= 90 * _UDEG
    if not in_range or south > north:
        raise _no_box(came)
    return Box(west, south, east, north)


def _udeg(part: str) -> int:
    degrees = Decimal(part.strip())
    if not degrees.is_finite() or abs(degrees) > 360:
        raise ValueError(part)
    return round(degrees * _UDEG)


def _no_box(came: str) -> InputError:
    return InputError(
        say("bbox: west, south, east, north in degrees are expected, such as {example}; this came: {came}",
            example="60.5,25.0,63.5,29.9", came=came[:60])
    )  # fmt: skip

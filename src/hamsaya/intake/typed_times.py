# SPDX-License-Identifier: Apache-2.0
"""Which time a short typed field means, for an officer who writes at `now` in the zone of the node (law 8).

- `now`, `-15m`, `-2h`, `-1d`, "15 min ago"; `0640`, `06:40`, `0640Z`, `0600-0640`; `210640Z NOV 26`; a day, Gregorian or
  Jalali, in figures or words, with or without an hour; `yesterday 0640`, `Wed 0640`.
- An hour without a day is the last such hour; a day without a year the last such day; a weekday the last such one.
- Four figures behind a day are its year where that is one of the last twenty, else its hour; what could be both is refused.
- A time that has not come yet is refused, beyond the skew of two clocks. The whole field must be understood.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from hamsaya.desk.filters import no_such_day
from hamsaya.facts.errors import InputError
from hamsaya.facts.folding import fold
from hamsaya.facts.values import Moment
from hamsaya.facts.words import say
from hamsaya.intake.dates import Day, Setting, moment_of, resolve
from hamsaya.intake.datewords import DateHit, TimeHit, find_dates, find_times
from hamsaya.intake.lexicon import read_data
from hamsaya.intake.typed_words import languages_of

SKEW: Final = timedelta(minutes=5)
"""How far a clock may run ahead of the node's."""
_FARTHEST_BACK_MIN: Final = 366 * 1440
_GROUP_TIME: Final = re.compile(r"(\d{2})(\d{2})(\d{2}) ?(z)? ?([a-z]{3,9})\.? ?(\d{4}|\d{2})?")
_RANGE: Final = re.compile(r"(?<![\d:])(\d{2}):?(\d{2}) ?(?:-|to|تا|سے) ?(\d{2}):?(\d{2})(?![\d:])")
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?")
_FOUR: Final = re.compile(r"(?<![\d:/.-])(\d{2})[.]?(\d{2})(?P<mark> ?(?:h|hrs|z)(?!\w))?(?![\d:/.-])")
_RENAMED: Final = {
    "year-from-publication": "year-from-writing", "weekday-before-publication": "weekday-before-writing",
    "publication-day": "writing-day", "day-before-publication": "day-before-writing",
}  # fmt: skip
_YEARS_BACK: Final = 20
_JALALI_BEHIND: Final = 621
_GREGORIAN_YEARS: Final = range(1900, 2200)
_JALALI_YEARS: Final = range(1279, 1500)


_AHEAD: Final = re.compile(r"\+ ?(?P<count>\d{1,5}) ?(?P<unit>[^\W\d]+)")
_WHOLE: Final = ("absolute", "absolute-jalali")
"""How a time to come must be given: with its year, or as an hour."""


class _Setting(NamedTuple):
    text: str
    now: datetime
    """In the node's zone."""
    zone: ZoneInfo

    @property
    def anchor(self) -> str:
        return self.now.date().isoformat()


class _NotUnderstood(InputError):
    """No way of writing a time was found in the field."""


def read_moment(text: str, zone: str, now: datetime) -> Moment:
    """Return the moment that the field means. Raises `InputError` for what is not understood, or has not come yet."""
    try:
        return _read_moment(text, zone, now)
    except _NotUnderstood:
        missing = no_such_day(text, lambda earlier: _read_moment(earlier, zone, now))
        if missing is None:
            raise
        raise InputError(missing) from None


def read_due(text: str, zone: str, now: datetime) -> Moment:
    """Return the time to come that the field means: `+2d`, an hour, a day with its year, or both. Raises `InputError` for anything else."""
    where = ZoneInfo(zone)
    setting = _Setting(text, now.astimezone(where), where)
    folded = fold(text).text.strip()
    ahead = _AHEAD.fullmatch(folded)
    unit = _units().get(ahead["unit"]) if ahead else None
    if ahead and unit and int(ahead["count"]) * unit <= _FARTHEST_BACK_MIN:
        return _minute(setting.now + timedelta(minutes=int(ahead["count"]) * unit), setting, "by-officer")
    try:
        moment = _iso(text.strip(), setting) or _group_time(folded, setting) or _dated(folded, setting)
        if moment.derivation == "last-such-hour" and moment.start and moment.end and moment.end <= now:
            day = timedelta(days=1)
            moment = _moment(moment.start + day, moment.end + day, "minute", setting, "by-officer")
    except (OverflowError, ValueError, _NotUnderstood) as error:
        raise _not_ahead(text) from error
    if moment.start is None or moment.end is None or moment.derivation not in (*_WHOLE, "by-officer"):
        raise _not_ahead(text)
    if moment.end <= now:
        raise InputError(say("This time is past: {came}. This node's clock says {now}.", came=text[:40], now=f"{setting.now:%Y-%m-%d %H:%M}"))
    return moment


def _not_ahead(text: str) -> InputError:
    return InputError(
        say("This time to come cannot be read: {came}", came=text[:60]),
        say("Write one of these: {ago}, {hour}, {day}; or a Jalali day, such as {jalali}.", ago="+2d", hour="1430", day="2027-01-21 14:30",
            jalali="1405-11-01 14:30"),
    )  # fmt: skip


def _read_moment(text: str, zone: str, now: datetime) -> Moment:
    where = ZoneInfo(zone)
    setting = _Setting(text, now.astimezone(where), where)
    folded = " ".join(_weekdays().get(word, word) for word in fold(text).text.split())
    try:
        moment = _iso(text.strip(), setting) or _relative(folded, setting) or _group_time(folded, setting) or _dated(folded, setting)
    except (OverflowError, ValueError) as error:
        raise _not_understood(text) from error
    if moment.start is None or moment.end is None:
        raise _not_understood(text)
    if moment.start > now + SKEW:
        raise InputError(
            say("This time has not come yet: {came}. This node's clock says {now}.", came=text[:40], now=f"{setting.now:%Y-%m-%d %H:%M}"),
            say("If the node's clock is wrong, tell your administrator; what is filed carries the node's time."),
        )
    return moment


def _iso(text: str, setting: _Setting) -> Moment | None:
    """Read what programs write, such as `2026-11-21T06:40+03:30`; without an offset it is meant in the node's zone."""
    if not _ISO.fullmatch(text):
        return None
    at = datetime.fromisoformat(text)
    return _minute(at if at.tzinfo else at.replace(tzinfo=setting.zone), setting, "absolute", "")


def _relative(folded: str, setting: _Setting) -> Moment | None:
    if folded in _words("now"):
        return _minute(setting.now, setting, "at-writing")
    units = _units()
    found = re.fullmatch(
        rf"(?P<minus>- ?)?(?P<count>\d{{1,5}}) ?(?P<unit>{_either(list(units))})(?P<ago> (?:{_either(list(_words('ago')))}))?", folded
    )
    if not found or not (found["minus"] or found["ago"]):
        return None
    unit = units[found["unit"]]
    back = int(found["count"]) * unit
    if back > _FARTHEST_BACK_MIN:
        raise _not_understood(setting.text)
    at = setting.now.astimezone(UTC) - timedelta(minutes=back)
    if unit == 1:
        return _minute(at, setting, "before-writing")
    if unit == 60:  # "two hours ago" is good for half an hour to either side
        half = timedelta(minutes=30)
        start = (at - half).replace(second=0, microsecond=0)
        return _moment(start, min(start + 2 * half, _after(setting.now)), "hour", setting, "before-writing")
    return _on(at.astimezone(setting.zone).date(), None, setting, "before-writing", setting.anchor)


def _group_time(folded: str, setting: _Setting) -> Moment | None:
    """Read a date-time group such as `210640Z NOV 26`."""
    found = _GROUP_TIME.fullmatch(folded)
    if not found:
        return None
    day, hour, minute, zulu, month, year = found.groups()
    full = f" 20{year}" if year and len(year) == 2 else f" {year}" if year else ""
    return _dated(f"{day} {month}{full} {hour}:{minute}{' utc' if zulu else ''}", setting)


def _dated(folded: str, setting: _Setting) -> Moment:
    spaced = _RANGE.sub(r" \1:\2-\3:\4 ", folded)
    ranged = re.search(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})", spaced)
    if ranged:
        rest = f"{spaced[: ranged.start()]} {spaced[ranged.end() :]}"
        parts = [int(part) for part in ranged.groups()]
        return _between(rest, TimeHit(0, 0, parts[0], parts[1]), TimeHit(0, 0, parts[2], parts[3]), setting)
    for language in dict.fromkeys((*languages_of(setting.text), "en", "fa", "ur")):
        clocked = _clocked(folded, language, setting)
        dates, times = find_dates(clocked, language), find_times(clocked, language)
        yesterday = _yesterday(clocked)
        if yesterday and not dates:
            dates = [DateHit("relative", *yesterday, relative="yesterday")]
        if len(dates) > 1 or len(times) > 1 or not (dates or times):
            continue
        if not _leftover(clocked, [*dates, *times]):
            return _resolved(dates[0] if dates else None, times[0] if times else None, setting)
    raise _not_understood(setting.text)


def _clocked(folded: str, language: str, setting: _Setting) -> str:
    """Write four figures that are an hour with a colon; those behind a day and month are its year where they can be."""
    this = setting.now.year

    def clock(found: re.Match[str]) -> str:
        number = int(found[1] + found[2])
        before = folded[: found.start()].rstrip(" ,")
        dated = [hit for hit in find_dates(before, language) if hit.end == len(before) and hit.year is None and hit.kind in ("absolute", "span")]
        if dated and "." not in found[0] and not found["mark"]:
            latest = this - _JALALI_BEHIND if dated[-1].jalali else this
            if latest - _YEARS_BACK <= number <= latest + 1:
                return found[0]
            if number in (_JALALI_YEARS if dated[-1].jalali else _GREGORIAN_YEARS):
                hint = say("Write an hour with a colon, such as {hour}; write a day of long ago as {day}.", hour="19:30", day="1930-11-21")
                raise InputError(say("“{figures}” may be an hour or a year.", figures=found[0].strip()), hint)
        return f"{found[1]}:{found[2]}{' utc' if (found['mark'] or '').strip() == 'z' else ''}"

    return _FOUR.sub(clock, folded)


def _resolved(hit: DateHit | None, clock: TimeHit | None, setting: _Setting) -> Moment:
    if hit is None:
        return _last_such(clock, setting)
    found = resolve(hit, clock, setting.text, Setting(setting.now.date(), setting.zone)).moment
    if hit.kind == "weekday" and clock is not None and found.start is not None and found.start > setting.now + SKEW and found.anchor:
        earlier = found.start - timedelta(days=7)
        found = _on(earlier.astimezone(setting.zone).date(), clock, setting, found.derivation, found.anchor)
    renamed = _RENAMED.get(found.derivation, found.derivation)
    return Moment(start=found.start, end=found.end, precision=found.precision, zone=found.zone, words=setting.text, derivation=renamed,
                  anchor=found.anchor, month_day=found.month_day)  # fmt: skip


def _last_such(clock: TimeHit | None, setting: _Setting) -> Moment:
    """Return the last time at which the clock showed this hour."""
    where = UTC if clock is not None and clock.utc else setting.zone
    today = setting.now.astimezone(where).date()
    found = _on(today, clock, setting, "last-such-hour", setting.anchor)
    if found.start is not None and found.start > setting.now + SKEW:
        return _on(today - timedelta(days=1), clock, setting, "last-such-hour", setting.anchor)
    return found


def _between(rest: str, first: TimeHit, last: TimeHit, setting: _Setting) -> Moment:
    """Return the time from one hour to another, over midnight where the second is the smaller one."""
    if first.hour > 23 or last.hour > 23 or first.minute > 59 or last.minute > 59:  # type: ignore[operator]
        raise _not_understood(setting.text)
    day = rest.strip(" ,")
    begun = _dated(f"{day} {first.hour:02}:{first.minute:02}", setting) if day else _last_such(first, setting)
    if begun.start is None:
        raise _not_understood(setting.text)
    length = ((last.hour - first.hour) * 60 + (last.minute or 0) - (first.minute or 0)) % 1440
    end = begun.start + timedelta(minutes=length)
    if end > setting.now + SKEW and not day:
        begun, end = _moment(begun.start - timedelta(days=1), end, "minute", setting, begun.derivation), end - timedelta(days=1)
    if end > setting.now + SKEW or begun.start is None:
        raise InputError(say("This time has not ended yet: {came}", came=setting.text[:40]), say("Give only when it began."))
    return _moment(begun.start, max(end, begun.start + timedelta(minutes=1)), "minute", setting, begun.derivation)


def _on(day: date, clock: TimeHit | None, setting: _Setting, derivation: str, anchor: str) -> Moment:
    found = Day(day.year, day.month, day.day)
    return moment_of(found, clock, setting.text, setting.zone, derivation=derivation, anchor=anchor)


def _minute(at: datetime, setting: _Setting, derivation: str, anchor: str | None = None) -> Moment:
    start = at.astimezone(UTC).replace(second=0, microsecond=0)
    return _moment(start, start + timedelta(minutes=1), "minute", setting, derivation, anchor)


def _moment(start: datetime, end: datetime, precision: str, setting: _Setting, derivation: str, anchor: str | None = None) -> Moment:
    return Moment(start=start.astimezone(UTC), end=end.astimezone(UTC), precision="hour" if precision == "hour" else "minute", zone=setting.zone.key,
                  words=setting.text, derivation=derivation, anchor=setting.anchor if anchor is None else anchor)  # fmt: skip


def _after(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _leftover(folded: str, hits: list[DateHit | TimeHit]) -> str:
    """Return the words that no date, hour or filler word accounts for."""
    letters = list(folded)
    for hit in hits:
        letters[hit.start : hit.end] = " " * (hit.end - hit.start)
    left = re.sub(r"[\s,،؛;()\-]+", " ", "".join(letters)).strip()
    for phrase in sorted(_words("beside"), key=len, reverse=True):
        left = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", left).strip()
    return left


def _yesterday(folded: str) -> tuple[int, int] | None:
    found = re.search(rf"(?<!\w)(?:{_either(list(_words('yesterday')))})(?!\w)", folded)
    return found.span() if found else None


def _not_understood(text: str) -> InputError:
    return _NotUnderstood(
        say("This time cannot be read: {came}", came=text[:60]),
        say(
            "Write one of these: {ago}, {hour}, {day}; or a Jalali day, such as {jalali}.",
            ago="-15m",
            hour="0640",
            day="2026-11-21 06:40",
            jalali="1405-08-30 06:40",
        ),
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(fold(phrase).text for phrase in read_data("typed.toml")["time"][name])


@cache
def _weekdays() -> dict[str, str]:
    """Return the whole name of each short one: in a document "sun" may shine."""
    return {fold(short).text: name for name, shorts in read_data("typed.toml")["weekday"].items() for short in shorts}


@cache
def _units() -> dict[str, int]:
    return {fold(phrase).text: int(minutes) for minutes, phrases in read_data("typed.toml")["unit_of_time"].items() for phrase in phrases}


def _either(phrases: list[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))

# SPDX-License-Identifier: Apache-2.0
"""The times of a warning: 191218Z TO 191647Z APR · 0030Z TO 1000Z DAILY 14 APR THRU 07 MAY · UNTIL 27 APR · UNTIL FURTHER NOTICE.

1. The text is cut into words of time and other words. Words of time that stand together are one run, and each run is read whole or the
   text is refused: no time is passed over.
2. A month that is not told is that of the next date that tells one. A year that is not told is the last that ends no later than the notice
   is cancelled, else the first that does not end before it was issued; a beginning lies in the last such year before its end.
3. Hours of many days become one interval a day; hours that end no later than they begin end the next day.
4. Sunrise and sunset are not computed: such a day is taken from midnight to midnight by the sun at the longitude of the notice.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from hamsaya.facts.words import Text, say
from hamsaya.formats.notice import MOST_SPANS, Span, Unreadable, joined

MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_MONTH: Final = (
    "JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?"
)
_Z: Final = " ?(?:Z|UTC)(?![A-Z])"
_TOKEN: Final = re.compile(
    rf"(?P<moment>(?<![\d.\-/])\d{{6}}{_Z})|(?P<clock>(?<![\d.\-/])\d{{4}}{_Z}|\bSUNRISE\b|\bSUNSET\b)|(?P<weekday>\b(?:{'|'.join(WEEKDAYS)})S?\b)"
    rf"|(?P<notice>\bFURTHER NOTICE\b)|(?P<daily>\bDAILY\b)|(?P<thru>\b(?:THRU|THROUGH|TO)\b)|(?P<until>\b(?:UNTIL|TILL)\b)"
    rf"|(?P<also>\bAND\b|,)|(?P<skip>\b(?:FROM|ON)\b)|(?P<alternate>\bALTERNATES?\b)|(?P<exempt>\bEXCEPT\b)|(?P<holidays>\bHOLIDAYS\b)"
    rf"|(?P<month>\b(?:{_MONTH})\b)|(?P<number>(?<![\d.\-/A-Z])\d{{1,4}}(?![\d.\-/A-Z]))|(?P<word>[^\s,]+)"
)
_NOT_UTC: Final = re.compile(r"\b\d{3,4} ?(?:LT|LOCAL|HRS|HOURS)\b|\bLOCAL TIME\b")
_BARE: Final = re.compile(r"\b\d{4} ?(?:TO|-|THRU) ?\d{4}\b(?! ?(?:Z|UTC))")
_STRONG: Final = frozenset({"moment", "clock", "weekday", "month", "notice"})
_DAY: Final = timedelta(days=1)
_MINUTES_A_DAY: Final = 24 * 60


class Times(NamedTuple):
    """The intervals, how what was open was taken, and where in the text the times stand."""

    spans: tuple[Span, ...]
    taken: tuple[Text, ...]
    stands: tuple[tuple[int, int], ...]


class _Token(NamedTuple):
    kind: str
    words: str
    start: int
    end: int


class _When:
    """A date as written: a day, perhaps a time of day, a month, a year."""

    def __init__(self, day: int, minute: int | None = None) -> None:
        self.day, self.minute = day, minute
        self.month: int | None = None
        self.year: int | None = None


class _Hours(NamedTuple):
    """From and to, in minutes of the day; None for sunrise and sunset."""

    start: int | None
    end: int | None
    weekdays: frozenset[int]


class _Item(NamedTuple):
    """What one run says: days or moments from `first` to `last` (None: the issue, open), at which hours, on which weekdays not."""

    first: _When | None
    last: _When | None
    hours: tuple[_Hours, ...]
    without: frozenset[int]
    alternate: bool


def read_moment(words: str) -> datetime | None:
    """Return the moment that a date-time group with its year writes, such as 131615Z APR 2023; None where it is none."""
    match = re.fullmatch(rf"(\d{{2}})(\d{{2}})(\d{{2}}){_Z} ({_MONTH}) (\d{{4}}|\d{{2}})", words.strip())
    if match is None:
        return None
    try:
        return datetime(_year(match[5]), _month(match[4]), int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return None


def write_moment(at: datetime) -> str:
    """Return the date-time group of a moment, with its year."""
    at = at.astimezone(UTC)
    return f"{at:%d%H%M}Z {MONTHS[at.month - 1]} {at.year % 100:02d}"


def write_day(at: datetime) -> str:
    """Return the day of a moment in UTC, such as 14 APR 23."""
    at = at.astimezone(UTC)
    return f"{at:%d} {MONTHS[at.month - 1]} {at.year % 100:02d}"


def read_times(text: str, issued: datetime, cancelled_at: datetime | None, lon_deg: float = 0.0) -> Times:
    """Return the times in a text of one line; where it has none, from the issue until it is cancelled. Raises `Unreadable`."""
    if _NOT_UTC.search(text):
        raise Unreadable("local-time", text)
    if found := _BARE.search(text):
        raise Unreadable("time", found[0])
    items, stands, taken, dates = [], [], [], []
    for run in _runs(text):
        reader = _Run(run)
        items += reader.items()
        dates += reader.dates
        taken += reader.taken
        stands.append((run[0].start, run[-1].end))
    _fill_months(dates)
    spans: list[Span] = []
    for item in items:
        for span in _spans(item, issued, cancelled_at, lon_deg, taken):
            spans.append(span)
            if len(spans) > MOST_SPANS:
                raise Unreadable("size")
    if not items:
        taken.append(say("no time is told: taken from its issue until it is cancelled"))
        spans.append(Span(start=issued, end=cancelled_at))
    return Times(joined(spans), tuple({each.message: each for each in taken}.values()), tuple(stands))


def _runs(text: str) -> list[list[_Token]]:
    """Return the words of time that stand together, and name a time."""
    found: list[list[_Token]] = [[]]
    before = ""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "word"
        if kind == "month" and before not in ("number", "moment"):
            kind = "word"  # VESSELS MAY
        before = kind
        if kind == "word":
            found.append([])
        else:
            found[-1].append(_Token(kind, match[0], match.start(), match.end()))
    return [run for each in found if (run := _trimmed(each)) and any(token.kind in _STRONG for token in run)]


def _trimmed(run: list[_Token]) -> list[_Token]:
    """Return the run without what belongs to the words around it: in HALUL 40 UNTIL 30 JUN, the 40."""
    while run and (
        run[0].kind in ("also", "skip")
        or run[0].words == "TO"
        or (run[0].kind == "number" and (len(run) == 1 or run[1].kind in ("until", "moment") or len(run[0].words) > 2))
    ):
        run = run[1:]
    while run and run[-1].kind in ("thru", "also", "skip", "until", "exempt"):
        run = run[:-1]
    return run


class _Run:
    """Reads one run from left to right. Whatever stands where nothing of the kind can is refused."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0
        self.dates: list[_When] = []
        self.taken: list[Text] = []

    def items(self) -> list[_Item]:
        found: list[_Item] = []
        alternate = False
        while self._at < len(self._tokens):
            if self._take("also", "skip"):
                continue
            if self._take("alternate"):
                alternate = True
                continue
            found += self._item(alternate=alternate)
        return found

    def _item(self, *, alternate: bool) -> list[_Item]:
        kind = self._peek()
        if kind == "moment":
            return [self._between(alternate=alternate)]
        if kind == "clock":
            return self._on_days(self._hours(), alternate=alternate)
        if kind == "number":
            days = self._days()
            hours = self._hours() if self._take("skip") is None and self._peek() == "clock" else ()
            return [_Item(first, last, hours, self._without(), alternate) for first, last in days]
        if kind in ("until", "thru"):
            return [self._ending((), None, alternate=alternate)]
        if kind == "notice":
            self._take("notice")
            return [_Item(None, None, (), frozenset(), alternate)]
        raise self._fault()

    def _between(self, *, alternate: bool) -> _Item:
        first = self._moment()
        if self._take("thru", "until") is None:
            raise self._fault()
        if self._take("notice"):
            return _Item(first, None, (), frozenset(), alternate)
        return _Item(first, self._moment() if self._peek() == "moment" else self._day(), (), frozenset(), alternate)

    def _on_days(self, hours: tuple[_Hours, ...], *, alternate: bool) -> list[_Item]:
        self._take("daily")
        self._take("also") if self._peek(1) == "skip" else None
        self._take("skip")
        if self._peek() == "until" or (self._peek() == "thru" and self._peek(1) == "number"):
            return [self._ending(hours, None, alternate=alternate)]
        if self._peek() == "number":
            days = self._days()
            without = self._without()
            return [_Item(first, last, hours, without, alternate) for first, last in days]
        return [_Item(None, None, hours, self._without(), alternate)]

    def _ending(self, hours: tuple[_Hours, ...], first: _When | None, *, alternate: bool) -> _Item:
        self._take("until", "thru")
        if self._take("notice"):
            return _Item(first, None, hours, self._without(), alternate)
        last = self._moment() if self._peek() == "moment" else self._day()
        return _Item(first, last, hours, self._without(), alternate)

    def _hours(self) -> tuple[_Hours, ...]:
        found: list[_Hours] = []
        while True:
            start = self._clock()
            if self._take("thru", "until") is None:
                raise self._fault()
            found.append(_Hours(start, self._clock(), self._weekdays()))
            if self._peek() == "also" and self._peek(1) == "clock":
                self._take("also")
            elif self._peek() == "also" and self._peek(1) == "also" and self._peek(2) == "clock":
                self._take("also")
                self._take("also")
            else:
                break
        told = found[-1].weekdays  # MONDAY after two pairs of hours is meant of both
        return tuple(each if each.weekdays or not told else each._replace(weekdays=told) for each in found)

    def _weekdays(self) -> frozenset[int]:
        found: set[int] = set()
        while self._peek() == "weekday":
            first = self._weekday()
            if self._peek() == "thru" and self._peek(1) == "weekday":
                self._take("thru")
                last = self._weekday()
                found |= {(first + each) % 7 for each in range((last - first) % 7 + 1)}
            else:
                found.add(first)
            if self._peek() == "also" and self._peek(1) == "weekday":
                self._take("also")
        return frozenset(found)

    def _without(self) -> frozenset[int]:
        if self._take("exempt") is None:
            return frozenset()
        found: set[int] = set()
        while True:
            if self._take("holidays"):
                self.taken.append(say("holidays are not known: taken as any other day"))
            else:
                found.add(self._weekday())
            if not (self._peek() == "also" and self._peek(1) in ("weekday", "holidays")):
                return frozenset(found)
            self._take("also")

    def _days(self) -> list[tuple[_When, _When | None]]:
        """Read 18 THRU 21 APR, 19 AND 20 APR, 01 JAN THRU 14 JUN AND 16 SEP THRU 31 DEC, 02 FEB UNTIL FURTHER NOTICE."""
        found: list[tuple[_When, _When | None]] = []
        while True:
            first = self._day()
            if self._peek() in ("thru", "until") and self._peek(1) == "notice":
                self._at += 2
                return [*found, (first, None)]
            if self._peek() in ("thru", "until") and self._peek(1) == "number":
                self._at += 1
                found.append((first, self._day()))
            else:
                found.append((first, first))
            if not (self._peek() == "also" and self._peek(1) == "number"):
                return found
            self._at += 1

    def _day(self) -> _When:
        token = self._take("number")
        if token is None or len(token.words) > 2:
            raise self._fault()
        return self._dated(_When(int(token.words)))

    def _moment(self) -> _When:
        token = self._take("moment")
        if token is None:
            raise self._fault()
        return self._dated(_When(int(token.words[:2]), _minute(token.words[2:6])))

    def _dated(self, when: _When) -> _When:
        month = self._take("month")
        if month is not None:
            when.month = _month(month.words)
            if self._peek() == "number" and len(self._tokens[self._at].words) in (2, 4) and self._peek(1) != "month":
                when.year = _year(self._tokens[self._at].words)
                self._at += 1
        self.dates.append(when)
        return when

    def _clock(self) -> int | None:
        token = self._take("clock")
        if token is None:
            raise self._fault()
        if token.words.startswith("SUN"):
            self.taken.append(say("sunrise or sunset: taken from midnight to midnight by the sun"))
            return None
        return _minute(token.words[:4])

    def _weekday(self) -> int:
        token = self._take("weekday")
        if token is None:
            raise self._fault()
        return WEEKDAYS.index(token.words.removesuffix("S"))

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at].kind if at < len(self._tokens) else ""

    def _take(self, *kinds: str) -> _Token | None:
        if self._peek() not in kinds:
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _fault(self) -> Unreadable:
        return Unreadable("time", " ".join(token.words for token in self._tokens))


def _minute(words: str) -> int:
    hour, minute = int(words[:2]), int(words[2:])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Unreadable("time", words)
    return hour * 60 + minute


def _month(words: str) -> int:
    return MONTHS.index(words[:3]) + 1


def _year(words: str) -> int:
    year = int(words) if len(words) == 4 else 2000 + int(words)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable("time", words)
    return year


def _fill_months(dates: list[_When]) -> None:
    for before, after in pairwise(reversed(dates)):
        if after.month is None:
            after.month = before.month
            after.year = after.year or before.year if after.day <= before.day else after.year
    for before, after in pairwise(dates):
        after.month = after.month or before.month
    if dates and dates[0].month is None:
        raise Unreadable("time", f"{dates[0].day:02d}")


def _spans(item: _Item, issued: datetime, cancelled_at: datetime | None, lon_deg: float, taken: list[Text]) -> list[Span]:
    first, last = _resolved(item, issued, cancelled_at)
    if not item.hours:
        start = issued if first is None or item.first is None else _at(first, item.first.minute or 0)
        end = _end(last, item)
        if first is None and end is not None and end <= issued:
            raise Unreadable("past", write_moment(end))
        return [Span(start=start, end=end, alternate=item.alternate)]
    if last is None:
        taken.append(say("hours without a last day: taken from the first on without a break"))
        return [Span(start=issued if first is None else _at(first, 0), end=cancelled_at, alternate=item.alternate)]
    day = first or issued.date()
    if (last - day).days > MOST_SPANS:
        raise Unreadable("size", f"{last}")
    noon = timedelta(hours=lon_deg / 15)
    found = [
        _hours_on(each, hours, noon, alternate=item.alternate)
        for each in (day + ahead * _DAY for ahead in range((last - day).days + 1))
        for hours in item.hours
        if each.weekday() not in item.without and (not hours.weekdays or each.weekday() in hours.weekdays)
    ]
    if not found:
        raise Unreadable("past" if first is None else "backwards", write_moment(_at(last, 0)))
    return found


def _hours_on(day: date, hours: _Hours, east: timedelta, *, alternate: bool) -> Span:
    midnight = _at(day, 0)
    start = (midnight - east).replace(second=0, microsecond=0) if hours.start is None else _at(day, hours.start)
    end = (midnight + _DAY - east).replace(second=0, microsecond=0) if hours.end is None else _at(day, hours.end)
    return Span(start=start, end=end if end > start else end + _DAY, alternate=alternate)


def _end(last: date | None, item: _Item) -> datetime | None:
    if last is None or item.last is None:
        return None
    return _at(last, _MINUTES_A_DAY) if item.last.minute is None else _at(last, item.last.minute)


def _at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)


def _resolved(item: _Item, issued: datetime, cancelled_at: datetime | None) -> tuple[date | None, date | None]:
    """Return the first and the last day, with their years."""
    first, last = item.first, item.last
    if last is None:
        if first is None:
            return None, None
        near = [day for year in _years(first, issued) if (day := _on(first, year)) is not None]
        return _picked(first, [min(near, key=lambda day: abs(_at(day, 0) - issued))] if near else []), None
    days = [day for year in _years(last, issued) if (day := _on(last, year)) is not None]
    begun = first.year if first is not None and first is not last else None
    if begun is not None and first is not None and last.year is None:
        start = _on(first, begun)
        days = [day for year in (begun, begun + 1) if (day := _on(last, year)) is not None and start is not None and day >= start][:1]
    elif last.year is None:
        limit = cancelled_at + _DAY if cancelled_at is not None else None
        fitting = [day for day in days if limit is not None and _at(day, 0) <= limit]
        days = fitting[-1:] or [day for day in days if day >= issued.date()][:1]
    end = _picked(last, days)
    if first is None:
        return None, end
    if first is last:
        return end, end
    years = [first.year] if first.year is not None else [end.year, end.year - 1]
    starts = [day for year in years if (day := _on(first, year)) is not None and (day <= end or first.year is not None)]
    return _picked(first, starts), end


def _picked(when: _When, days: list[date]) -> date:
    if not days:
        raise Unreadable("time", f"{when.day:02d} {MONTHS[(when.month or 1) - 1]}")
    return days[0]


def _years(when: _When, issued: datetime) -> list[int]:
    return [when.year] if when.year is not None else [issued.year - 1, issued.year, issued.year + 1]


def _on(when: _When, year: int) -> date | None:
    try:
        return date(year, when.month or 1, when.day)
    except ValueError:
        return None

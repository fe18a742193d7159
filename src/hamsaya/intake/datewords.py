# SPDX-License-Identifier: Apache-2.0
"""The words of dates and hours: finds them in a folded sentence, without deciding which day they mean.

- Patterns are built from the lexicon's months, weekdays and hour words; each has bounded repeats only, so a sentence
  is read in linear time.
- An absolute date that stands beside its weekday is one hit; a day that no calendar has is no hit.
- It does not resolve: see `dates`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from hamsaya.facts.folding import fold
from hamsaya.intake.lexicon import lexicon_for

_FIRST_GREGORIAN: Final = 1700
_YEARS: Final = range(1900, 2200)
_JALALI_YEARS: Final = range(1279, 1579)
_MONTHS: Final = range(1, 13)
_DAYS: Final = range(1, 32)
_HOURS: Final = range(24)
_MINUTES: Final = range(60)
_NOON: Final = 12
_DAWN: Final = 6
_GAP: Final = re.compile(r"[ ,()]{0,3}(?:روز |کو |مورخ )?")


class DateHit(NamedTuple):
    """Words that name a day, a month or a year; positions are those of the folded sentence."""

    kind: str
    """`absolute`, `weekday`, `relative` or `span` (a month or a year)."""
    start: int
    end: int
    year: int | None = None
    month: int = 0
    day: int = 0
    jalali: bool = False
    weekday: int = -1
    relative: str = ""
    doubt: bool = False
    """Day and month could be read the other way round."""


class TimeHit(NamedTuple):
    """Words that name an hour, or a part of a day."""

    start: int
    end: int
    hour: int = 0
    minute: int | None = None
    part: str = ""
    utc: bool = False


class _Words(NamedTuple):
    months: dict[str, tuple[int, bool]]
    weekdays: dict[str, int]
    relatives: dict[str, str]
    parts: dict[str, str]
    afternoon: frozenset[str]
    forenoon: frozenset[str]
    dates: tuple[re.Pattern[str], ...]
    weekday: re.Pattern[str]
    relative: re.Pattern[str]
    times: tuple[re.Pattern[str], ...]
    part: re.Pattern[str]


def find_dates(folded: str, language: str) -> list[DateHit]:
    """Return the dates named in a folded sentence, in order, without overlaps."""
    words = _words(language)
    hits: list[DateHit] = []
    if any(letter.isdigit() for letter in folded) or words.dates[-1].search(folded):
        for pattern in words.dates:
            hits += [hit for found in pattern.finditer(folded) if (hit := _date(found, words))]
    hits += [DateHit("relative", found.start(), found.end(), relative=words.relatives[found.group(1)])
             for found in words.relative.finditer(folded)]  # fmt: skip
    weekdays = [(found.start(), found.end(), words.weekdays[found["weekday"]], found["sure"] is not None)
                for found in words.weekday.finditer(folded)]  # fmt: skip
    return _merged(folded, _apart(hits), weekdays)


def find_times(folded: str, language: str) -> list[TimeHit]:
    """Return the hours and parts of days named in a folded sentence, in order; hours first where both overlap."""
    words = _words(language)
    hits: list[TimeHit] = []
    for pattern in words.times:
        for found in pattern.finditer(folded):
            hit = _time(found, words)
            if hit and not any(hit.start < other.end and other.start < hit.end for other in hits):
                hits.append(hit)
    for found in words.part.finditer(folded):
        if not any(found.start() < other.end and other.start < found.end() for other in hits):
            hits.append(TimeHit(found.start(), found.end(), part=words.parts[found.group(1)]))
    return sorted(hits)


def _date(found: re.Match[str], words: _Words) -> DateHit | None:
    parts = found.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    doubt = False
    if parts.get("month"):
        month, jalali = words.months[parts["month"]]
    else:
        month, jalali = int(parts.get("number") or 0), bool(year and year < _FIRST_GREGORIAN)
    day = int(parts["day"]) if parts.get("day") else 0
    if parts.get("first"):
        doubt = day in _MONTHS and day != month
    if year is not None and year not in (_JALALI_YEARS if jalali else _YEARS):
        return None
    if not day:
        return DateHit("span", found.start(), found.end(), year, month, 0, jalali)
    if month not in _MONTHS or day not in _DAYS:
        return None
    return DateHit("absolute", found.start(), found.end(), year, month, day, jalali, doubt=doubt)


def _time(found: re.Match[str], words: _Words) -> TimeHit | None:
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"]) if parts.get("minute") else None
    half = (parts.get("half") or parts.get("half2") or "").strip()
    if half in words.afternoon and hour < _NOON and not (words.parts.get(half) == "night" and hour < _DAWN):
        hour += _NOON
    elif hour == _NOON and (half in words.forenoon or words.parts.get(half) == "night"):
        hour = 0
    if hour not in _HOURS or (minute or 0) not in _MINUTES:
        return None
    return TimeHit(found.start(), found.end(), hour, minute, utc=bool(parts.get("utc")))


def _apart(hits: list[DateHit]) -> list[DateHit]:
    """Keep, of overlapping hits, the longer one."""
    kept: list[DateHit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.start - hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.end - hit.start > kept[-1].end - kept[-1].start:
            kept[-1] = hit
    return kept


def _merged(folded: str, hits: list[DateHit], weekdays: list[tuple[int, int, int, bool]]) -> list[DateHit]:
    """Join a weekday to the date beside it; a weekday alone stands where its words are sure enough."""
    merged = list(hits)
    for start, end, weekday, sure in weekdays:
        for index, hit in enumerate(merged):
            beside = hit.start >= end and _GAP.fullmatch(folded, end, hit.start)
            behind = start >= hit.end and _GAP.fullmatch(folded, hit.end, start)
            if hit.kind == "absolute" and (beside or behind) and hit.weekday < 0:
                merged[index] = hit._replace(start=min(start, hit.start), end=max(end, hit.end), weekday=weekday)
                break
        else:
            if sure and not any(start < hit.end and hit.start < end for hit in merged):
                merged.append(DateHit("weekday", start, end, weekday=weekday))
    return sorted(merged, key=lambda hit: hit.start)


def _either(phrases: list[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True)) or r"(?!)"


@cache
def _words(language: str) -> _Words:
    lexicon = lexicon_for(language)

    def folded(table: str) -> dict[str, str]:
        return {fold(phrase).text: code for code, phrases in lexicon.table(table).items() for phrase in phrases}

    clock = lexicon.table("clock")
    clocks = {name: [fold(phrase).text for phrase in phrases] for name, phrases in clock.items()}
    months = {word: (int(number), False) for word, number in folded("months").items()}
    months |= {word: (int(number), True) for word, number in folded("jalali_months").items()}
    weekdays = {word: int(number) for word, number in folded("weekdays").items()}
    relatives = folded("relative")
    parts = {word: name for name in ("morning", "afternoon", "evening", "night") for word in clocks[name]}
    grammar = lexicon.tables["grammar"]
    suffix = fold(grammar.get("weekday_after", "")).text
    sure = rf"(?P<sure> (?:{suffix})(?!\w))?" if suffix else r"(?P<sure>(?<=\w\w\w\w))?"
    return _Words(
        months, weekdays, relatives, parts,
        frozenset(clocks["pm"]), frozenset(clocks["am"]),
        _date_patterns(_either(list(months)), fold(grammar["year_word"]).text, grammar.get("month_alone", "")),
        re.compile(rf"(?<!\w)(?:on )?(?P<weekday>{_either(list(weekdays))})(?!\w){sure}"),
        re.compile(rf"(?<!\w)({_either(list(relatives))})(?!\w)"),
        _time_patterns(clocks),
        re.compile(rf"(?<!\w)({_either(list(parts))})(?!\w)"),
    )  # fmt: skip


def _date_patterns(month: str, year_word: str, month_alone: str) -> tuple[re.Pattern[str], ...]:
    year = rf"(?: ماه)?(?:,? (?:{year_word} )?(?P<year>\d{{4}})(?![\d:]))?"
    patterns = [
        rf"(?<![\w.:/-])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{month})(?!\w){year}",
        rf"(?<!\w)(?P<month>{month})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:.]\d|\d)(?:,? (?P<year>\d{{4}})(?!\d))?",
        r"(?<![\w./-])(?P<year>\d{4})[-/](?P<number>\d{1,2})[-/](?P<day>\d{1,2})(?![\w/-])",
        r"(?<![\w./-])(?P<day>\d{1,2})(?P<first>[./-])(?P<number>\d{1,2})[./-](?P<year>\d{4})(?![\w/-])",
        rf"(?<!\w)(?P<month>{month}),? (?P<year>\d{{4}})(?!\d)",
        rf"(?<!\w){year_word} (?P<year>\d{{4}})(?![\d:,.]\d|\d)",
        rf"(?<!\w){month_alone}(?P<month>{month})(?!\w)(?! \d)" if month_alone else r"(?!)",
    ]
    return tuple(re.compile(pattern) for pattern in patterns)


def _time_patterns(clocks: dict[str, list[str]]) -> tuple[re.Pattern[str], ...]:
    halves = _either([*clocks["am"], *clocks["pm"]])
    at, hour_word, past = _either(clocks["at"]), _either(clocks["hour_word"]), _either(clocks["past"])
    utc = rf"(?: ?(?P<utc>{_either(clocks['utc'])})(?!\w))?"
    minute = _either(clocks["minute_word"])
    before = _either(clocks["hour_before"])
    half, half2 = rf"(?:(?P<half>{halves}) )", rf"(?: ?(?P<half2>{halves})(?!\w))?"
    start, lead = r"(?<![\w:.])", rf"(?:(?:{at}) )?"
    patterns = [
        rf"{start}{half}?{lead}(?P<hour>\d{{1,2}}) (?:{past}) (?P<minute>\d{{1,2}}) (?:{minute})(?!\w){half2}{utc}",
        rf"{start}{half}?{lead}(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?![:\d])(?: ?(?:{hour_word})(?!\w))?{half2}{utc}",
        rf"{start}{lead}(?P<hour>\d{{2}})(?P<minute>\d{{2}}) ?(?:{hour_word})(?!\w){utc}",
        rf"{start}{lead}(?P<hour>\d{{1,2}}) ?(?P<half2>{halves})(?!\w){utc}",
        rf"{start}{half}{lead}(?P<hour>\d{{1,2}}) (?:{hour_word})(?!\w){utc}",
        rf"{start}(?:{before}) (?P<hour>\d{{1,2}})(?![\d:.]){half2}{utc}",
    ]
    return tuple(re.compile(pattern) for pattern in patterns)

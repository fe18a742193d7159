# SPDX-License-Identifier: Apache-2.0
"""Whether two values can both be true at once, and the rule that decided: each verdict has a name and a sentence.

- A number, a depth and a time are intervals: they agree where they overlap, so that a wider one never contradicts what a narrower did not.
- A day without a year agrees with a date on that day of any year.
- Places agree where they are no farther apart than both radii.
- Codes are compared as sets: they agree when one's are all among the other's, or lie within one of them, since more detail is no contradiction.
  Where the code is one and the speakers' own words differ, the rule says so: both words stay.
- What cannot be measured (a day that is open, a place without a point) differs only in words.

It decides nothing about who is right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from hamsaya.facts.kinds import is_one_of
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value, Words
from hamsaya.facts.words import Text, say

Verdict = Literal["agree", "differ"]
EARTH_RADIUS_M: Final = 6_371_008.8
_DEFAULT_RADIUS_M: Final = 1_000
_DAY: Final = timedelta(days=1)
_NOON: Final = 12
_LONGEST_YEAR: Final = 366


class Rule(NamedTuple):
    """One rule: what it decides, and its sentence."""

    verdict: Verdict
    words: Text


RULES: Final[dict[str, Rule]] = {
    "same-number": Rule("agree", say("the same number")),
    "ranges-overlap": Rule("agree", say("the ranges overlap: a number fits both")),
    "ranges-apart": Rule("differ", say("no number fits both ranges")),
    "same-day": Rule("agree", say("the same day")),
    "times-overlap": Rule("agree", say("the times overlap, as exactly as each was told")),
    "times-apart": Rule("differ", say("no moment fits both times")),
    "day-of-year": Rule("agree", say("the same day of a year; one year is not told")),
    "day-of-year-apart": Rule("differ", say("different days of a year; one year is not told")),
    "time-in-same-words": Rule("agree", say("the day is not known; both say it in the same words")),
    "time-in-other-words": Rule("differ", say("one day is not known, and the words are not the same")),
    "same-place": Rule("agree", say("the same place of the gazetteer")),
    "places-within": Rule("agree", say("no farther apart than the uncertainty of both places")),
    "places-apart": Rule("differ", say("farther apart than the uncertainty of both places")),
    "place-in-same-words": Rule("agree", say("no point to measure from; both say it in the same words")),
    "place-in-other-words": Rule("differ", say("no point to measure from, and the words are not the same")),
    "territory-differs": Rule("differ", say("two different territories")),
    "same-code": Rule("agree", say("the same neutral code")),
    "own-words-differ": Rule("agree", say("the same neutral code; the speakers' own words differ")),
    "more-detail": Rule("agree", say("one says more, and nothing that the other excludes")),
    "codes-differ": Rule("differ", say("different neutral codes")),
    "same-words": Rule("agree", say("the same words")),
    "words-differ": Rule("differ", say("different words")),
    "kinds-of-value": Rule("differ", say("values of two kinds, which nothing compares")),
}


def agrees(one: Value, other: Value) -> bool:
    """Say whether both values can be true at once, as they were said."""
    return RULES[judge(one, other)].verdict == "agree"


def judge(one: Value, other: Value) -> str:
    """Return the name of the rule that decides about two values. It is the same in either order."""
    match one, other:
        case Moment(), Moment():
            return _moments(one, other)
        case Place(), Place():
            return _places(one, other)
        case Count(), Count():
            return _ranges(one.low, one.high, other.low, other.high)
        case Depth(), Depth():
            return _ranges(one.low_m, one.high_m, other.low_m, other.high_m) if one.territory == other.territory else "territory-differs"
        case Coded(), Coded():
            return judge_codes([one], [other])
        case Words(), Words():
            return "same-words" if one.text.split() == other.text.split() else "words-differ"
    return "kinds-of-value"


def judge_all(ones: list[Value], others: list[Value]) -> str | None:
    """Return the rule that decides about all values of one speaker beside all of another, where one look tells; None where each pair must be judged.

    One look tells for numbers and times of which some number or moment fits every one.
    """
    counts = [value for value in (*ones, *others) if isinstance(value, Count)]
    if len(counts) == len(ones) + len(others):
        exact = [{value.low for value in values if isinstance(value, Count) and value.low == value.high} for values in (ones, others)]
        if max(value.low for value in counts) <= min(math.inf if value.high is None else value.high for value in counts):
            return "same-number" if exact[0] & exact[1] else "ranges-overlap"
        return None
    times = [(value.start, value.end) for value in (*ones, *others) if isinstance(value, Moment)]
    known = [(start, end) for start, end in times if start is not None and end is not None]
    if len(known) == len(ones) + len(others) and max(start for start, _ in known) < min(end for _, end in known):
        days = [{(value.start, value.end) for value in values if isinstance(value, Moment) and value.precision == "day"} for values in (ones, others)]
        return "same-day" if days[0] & days[1] else "times-overlap"
    return None


def judge_codes(ones: Iterable[Coded], others: Iterable[Coded]) -> str:
    """Return the name of the rule that decides about all codes of one speaker beside all of another."""
    ones, others = list(ones), list(others)
    one, other = ({(each.code, each.country) for each in all_of} for all_of in (ones, others))
    if one == other:
        mine, theirs = ({" ".join(each.words.casefold().split()) for each in all_of if each.words} for all_of in (ones, others))
        return "own-words-differ" if mine and theirs and mine != theirs else "same-code"
    return "more-detail" if _all_among(one, other) or _all_among(other, one) else "codes-differ"


def _all_among(some: set[tuple[str, str]], many: set[tuple[str, str]]) -> bool:
    """Say whether each of `some` has one of `many` that it is, or that is more or less exact about the same."""
    return all(any(at == there and (is_one_of(code, other) or is_one_of(other, code)) for other, there in many) for code, at in some)


def _ranges(low: int, high: int | None, other_low: int, other_high: int | None) -> str:
    if low == high == other_low == other_high:
        return "same-number"
    top, other_top = (math.inf if value is None else value for value in (high, other_high))
    return "ranges-overlap" if low <= other_top and other_low <= top else "ranges-apart"


def _moments(one: Moment, other: Moment) -> str:
    if one.start is not None and one.end is not None and other.start is not None and other.end is not None:
        if (one.start, one.end) == (other.start, other.end) and one.precision == "day":
            return "same-day"
        return "times-overlap" if one.start < other.end and other.start < one.end else "times-apart"
    if one.month_day and other.month_day:
        return "day-of-year" if one.month_day == other.month_day else "day-of-year-apart"
    for day, dated in ((one.month_day, other), (other.month_day, one)):
        if day and dated.start is not None and dated.end is not None:
            return "day-of-year" if day in _days_within(dated.start, dated.end) else "day-of-year-apart"
    return "time-in-same-words" if one.words.split() == other.words.split() else "time-in-other-words"


def _days_within(start: datetime, end: datetime) -> set[str]:
    """Return the days, as `MM-DD`, that lie in an interval, whatever the zone in which a day was meant.

    Whole days begin and end at the midnight nearest to `start` and `end`; a shorter moment may fall on either day about it.
    """
    whole = end - start >= _DAY
    first = start.toordinal() + (start.hour >= _NOON if whole else -(start.hour < _NOON))
    last = end.toordinal() + ((end.hour >= _NOON) - 1 if whole else end.hour >= _NOON)
    days = range(max(first, 1), min(last, first + _LONGEST_YEAR, date.max.toordinal()) + 1)
    return {f"{date.fromordinal(day):%m-%d}" for day in days}


def _places(one: Place, other: Place) -> str:
    if one.ref and one.ref == other.ref:
        return "same-place"
    distance = distance_m(one, other)
    if distance is None:
        return "place-in-same-words" if one.words.split() == other.words.split() else "place-in-other-words"
    near = distance <= (one.radius_m or _DEFAULT_RADIUS_M) + (other.radius_m or _DEFAULT_RADIUS_M)
    return "places-within" if near else "places-apart"


def distance_m(one: Place, other: Place) -> float | None:
    """Return the great-circle distance in metres on a sphere (error below 0.6 %), or None if a place has no point.

    For distances to a declared line use the boundary room, which measures on the ellipsoid.
    """
    if one.lon_udeg is None or one.lat_udeg is None or other.lon_udeg is None or other.lat_udeg is None:
        return None
    lon_a, lat_a, lon_b, lat_b = (math.radians(v / 1e6) for v in (one.lon_udeg, one.lat_udeg, other.lon_udeg, other.lat_udeg))
    chord = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(max(0.0, chord))))

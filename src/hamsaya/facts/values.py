# SPDX-License-Identifier: Apache-2.0
"""What a claim can hold: a moment, a place, a count, a depth, a coded word, or plain words.

- A moment knows its precision and its derivation (law 8). `start` is inclusive, `end` exclusive, both aware UTC.
- A place knows its precision (law 9); coordinates are whole microdegrees (longitude, latitude) in WGS 84,
  because signed content holds no floats. It is a point with a radius; a line or an area has its points besides, which that radius holds.
- A count is a range (law 7): "several" is (3, None) and stays a range in every sum.
- A coded word keeps the speaker's own word beside a neutral code (law 6).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from hamsaya.facts.words import Text, say

Aware = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its zone. One without cannot be compared, so reading refuses it."""
Corner = tuple[int, int]
"""Longitude and latitude in microdegrees."""
TimePrecision = Literal["minute", "hour", "part-of-day", "day", "month", "year", "open"]
PlacePrecision = Literal["exact", "site", "settlement", "district", "province", "country", "unknown"]

SEVERAL: Final = (3, None)

DERIVATIONS: Final[dict[str, Text]] = {
    "absolute": say("the text gives the whole date"),
    "absolute-jalali": say("the text gives the whole date in the Jalali calendar"),
    "year-from-publication": say("the year is that of the last such day at or before publication"),
    "weekday-before-publication": say("the nearest such weekday at or before publication"),
    "day-after": say("the day after the day told before in the text"),
    "same-day": say("the same day as told before in the text"),
    "day-before": say("the day before the day told before in the text"),
    "publication-day": say("the day of publication"),
    "day-before-publication": say("the day before publication"),
    "time-of-told-day": say("an hour of the day told before in the text"),
    "month": say("only the month is told"),
    "year": say("only the year is told"),
    "future-month": say("the first such month after publication, because the text looks ahead"),
    "year-open": say("the year is not told and no publication date is known"),
    "day-open": say("the day it counts from is not known"),
    "at-writing": say("the moment when it was written"),
    "before-writing": say("counted back from the moment when it was written"),
    "last-such-hour": say("the last such hour before it was written"),
    "year-from-writing": say("the year is that of the last such day before it was written"),
    "weekday-before-writing": say("the last such weekday before it was written"),
    "writing-day": say("the day when it was written"),
    "day-before-writing": say("the day before it was written"),
    "by-officer": say("an officer wrote it"),
}
"""How the words of a source became a date (law 8)."""


class Moment(msgspec.Struct, frozen=True, tag_field="type", tag="moment", omit_defaults=True, kw_only=True):
    """A dated interval. `open` precision means that the year could not be known: then `start` and `end` are None."""

    start: Aware | None
    end: Aware | None
    precision: TimePrecision
    zone: str = "UTC"
    """IANA time zone in which the local day or hour was meant."""
    words: str = ""
    """The words of the source, such as `on Wednesday`."""
    derivation: str = ""
    """How the words became a date: a code of `DERIVATIONS`."""
    anchor: str = ""
    """The ISO date that the derivation started from, such as the day of publication."""
    month_day: str = ""
    """`MM-DD` (Gregorian) when the year is open."""


class Place(msgspec.Struct, frozen=True, tag_field="type", tag="place", omit_defaults=True, kw_only=True):
    """Where something was: the words of the source, and a point with its radius where one is known."""

    words: str
    precision: PlacePrecision
    name: str = ""
    """The gazetteer's own name, empty where nothing matched."""
    ref: str = ""
    """Gazetteer identifier, such as `PK.nok-kundi`."""
    country: str = ""
    """ISO 3166-1 alpha-2, empty where unknown."""
    lon_udeg: int | None = None
    lat_udeg: int | None = None
    radius_m: int | None = None
    """Radius in metres within which the true point lies."""
    relation: str = ""
    """`near`, `in`, `inside`, or empty."""
    district: str = ""
    """The district that the speaker names: its name in their words."""
    along: tuple[Corner, ...] = ()
    """The points of a place that is a line, such as a road or a stretch of fence, in their order; it is straight between two of them."""
    around: tuple[Corner, ...] = ()
    """The corners of a place that is an area, in their order, the first one not repeated."""


class Count(msgspec.Struct, frozen=True, tag_field="type", tag="count", omit_defaults=True, kw_only=True):
    """How many: `low` at least, `high` at most; `high` is None where there is no upper bound."""

    low: int
    high: int | None
    words: str = ""


class Depth(msgspec.Struct, frozen=True, tag_field="type", tag="depth", omit_defaults=True, kw_only=True):
    """How far inside a territory, in metres, as the speaker said it (no line was measured)."""

    low_m: int
    high_m: int | None
    territory: str
    """ISO 3166-1 alpha-2 of the territory that was entered."""
    words: str = ""


class Coded(msgspec.Struct, frozen=True, tag_field="type", tag="coded", omit_defaults=True, kw_only=True):
    """A neutral code of `CODES` beside the speaker's own word."""

    code: str
    words: str = ""
    country: str = ""


class Words(msgspec.Struct, frozen=True, tag_field="type", tag="words", omit_defaults=True, kw_only=True):
    """Free text in one language. Screened before it leaves."""

    text: str
    language: str = ""


Value = Moment | Place | Count | Depth | Coded | Words


def add_counts(counts: list[Count]) -> Count:
    """Return the sum as a range: one open upper bound leaves the sum open (law 7)."""
    low = sum(count.low for count in counts)
    highs = [count.high for count in counts]
    high = None if None in highs else sum(high for high in highs if high is not None)
    return Count(low=low, high=high)

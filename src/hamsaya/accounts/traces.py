# SPDX-License-Identifier: Apache-2.0
"""Coarse keys of when and where, so that the few accounts that may be of one event are found among many without reading the rest.

- A record leaves one key for each of its times with each of its places. The time is the day on which it began, in a class by how long it
  lasted: a narrow one is looked for among few days, a year among all. Without a time it stands in a class of its own.
- The place is a square of the map: of half a degree for a radius up to 15 km, of two degrees up to 110 km; and each of its names. One
  without a point, or with a greater radius, has the empty key: it may be anywhere.
- What is asked for another record holds every key that `likeness` would not exclude. So nothing is missed but for the bounds: the first
  `TIMES` times and `PLACES` places of a record count, and who reads takes the newest rows of each class.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from hamsaya.accounts.gist import Gist, Span, names_of
from hamsaya.facts.values import Place

TIMES: Final = 4
PLACES: Final = 6
ANYWHERE: Final = ""
UNTIMED: Final = 30_000_000
_CLASSES: Final = ((timedelta(days=2), 0), (timedelta(days=40), 10_000_000))
_LONG: Final = 20_000_000
_FINE, _COARSE = (15_000, 500_000, "f"), (110_000, 2_000_000, "c")
"""Largest radius in metres, side of the square in microdegrees, and letter."""
_MOST_SQUARES: Final = 64
_METRES_A_DEGREE: Final = 111_320
_UDEG: Final = 1_000_000


class Trace(NamedTuple):
    """One key: when, in days since year 1 with the class added, and where."""

    bucket: int
    place: str


class Asked(NamedTuple):
    """Which keys are asked for: ranges of buckets, each class apart and both ends included; and places, None for all."""

    buckets: list[tuple[int, int]]
    places: list[str] | None


def traces_of(gist: Gist) -> list[Trace]:
    """Return the keys that a record leaves, each once."""
    buckets = list(dict.fromkeys(_bucket(span) for span in _spans(gist)[:TIMES])) or [UNTIMED]
    places = list(dict.fromkeys(key for place in gist.places[:PLACES] for key in _keys(place))) or [ANYWHERE]
    return [Trace(bucket, place) for bucket in buckets for place in places]


def asked_of(gist: Gist, slack: timedelta, slack_m: int) -> Asked:
    """Return the keys of records that are no farther from this one than `slack` and `slack_m` beyond what each leaves open.

    Where neither a time nor a place narrows it down, nothing is asked for: no ranges.
    """
    around = [_around(place, slack_m) for place in gist.places[:PLACES]]
    told = [key for each in around for key in each or ()] + [name for place in gist.places[:PLACES] for name in sorted(names_of(place))]
    if not _spans(gist):
        return Asked([(0, UNTIMED)] if told else [], list(dict.fromkeys(told)))
    ranges = [(span.start.toordinal() - slack.days, span.end.toordinal() + slack.days) for span in _spans(gist)[:TIMES]]
    buckets = [
        pair
        for longest, base in _CLASSES
        for pair in _joined((base + first - longest.days - 1, base + last) for first, last in ranges)
    ]  # fmt: skip
    buckets += [(_LONG, _LONG + max(last for _, last in ranges)), (UNTIMED, UNTIMED)]
    anywhere = not around or any(each is None for each in around)
    return Asked(buckets, None if anywhere else [*dict.fromkeys(told), ANYWHERE])


def _spans(gist: Gist) -> list[Span]:
    return gist.spans or gist.before


def _bucket(span: Span) -> int:
    for longest, base in _CLASSES:
        if span.end - span.start <= longest:
            return base + span.start.toordinal()
    return _LONG + span.start.toordinal()


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def _keys(place: Place) -> list[str]:
    size = next((each for each in (_FINE, _COARSE) if (place.radius_m or 0) <= each[0]), None)
    squares = _squares(place, place.radius_m or 0, size[1], size[2]) if size else None
    return [*(squares or [ANYWHERE]), *sorted(names_of(place))]


def _around(place: Place, slack_m: int) -> list[str] | None:
    """Return the squares of both sizes in which a place not too far from this one may stand; None for anywhere."""
    if (place.radius_m or 0) > _COARSE[0]:
        return None
    reach = (place.radius_m or 0) + slack_m
    both = [_squares(place, reach, side, letter) for _, side, letter in (_FINE, _COARSE)]
    return None if any(each is None for each in both) else [key for each in both for key in each or ()]


def _squares(place: Place, reach_m: int, side: int, letter: str) -> list[str] | None:
    """Return the squares that a circle touches; None where the place has no point, or lies so near a pole that they are many."""
    if place.lon_udeg is None or place.lat_udeg is None:
        return None
    high = round(reach_m / _METRES_A_DEGREE * _UDEG * 1.01)
    south, north = place.lat_udeg - high, place.lat_udeg + high
    narrowest = math.cos(math.radians(min(89.9, max(abs(south), abs(north)) / _UDEG)))
    wide = round(high / narrowest)
    rows = range(south // side, north // side + 1)
    columns = range((place.lon_udeg - wide) // side, (place.lon_udeg + wide) // side + 1)
    around = 360 * _UDEG // side
    if len(rows) * len(columns) > _MOST_SQUARES or len(columns) > around:
        return None
    return [f"{letter}{row}.{column % around}" for row in rows for column in columns]

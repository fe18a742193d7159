# SPDX-License-Identifier: Apache-2.0
"""A navigational warning as facts: which series and number, about what, where, when, and until when it stands.

- Coordinates are whole microdegrees (longitude, latitude), WGS 84. A shape over the antimeridian goes the shorter way round; none holds a pole.
- A time is an interval, `start` inclusive, `end` exclusive; one without an end stands until another notice ends it.
- What a text leaves open is taken in the wider sense where that can be, and `taken` says how: for a check of conflicts, too wide is the safe side.
- A text that cannot be read whole is refused with one reason of `REASONS`: half an area is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal

import msgspec

from hamsaya.boundary.rings import POLE, Spot, crossing, doubled_area, unrolled, winds
from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say

Form = Literal["area", "track", "circle", "point"]
NAUTICAL_MILE_M: Final = 1852
MOST_TEXT: Final = 10_000
"""Characters of a text that is read at all."""
MOST_POINTS: Final = 500
MOST_SHAPES: Final = 60
MOST_SPANS: Final = 1_000
MOST_RADIUS_M: Final = 1_000_000
NEAR_POLE: Final = 89_000_000
"""From this latitude on, in microdegrees, longitudes no longer tell where an area lies."""

REASONS: Final[dict[str, Text]] = {
    "long": say("the text is longer than a warning is"),
    "letters": say("it has letters or signs that no warning has"),
    "undated": say("it does not say when it was issued"),
    "nowhere": say("it gives no position"),
    "position": say("a position cannot be read, or is not on the globe"),
    "broken-off": say("a list of positions breaks off with a comma: a corner may be missing"),
    "shape": say("several positions, and no word whether they are points, a line or an area"),
    "offset": say("a place is told by a bearing or a distance from a position"),
    "corners": say("an area needs three different corners, a line two"),
    "crossing": say("the corners are not in order: the edge crosses itself"),
    "pole": say("the area lies at a pole, or leads half round the globe"),
    "size": say("the numbers or the extent are larger than any that is taken"),
    "time": say("a time cannot be read"),
    "local-time": say("a time is not in UTC"),
    "backwards": say("it ends before it begins"),
    "past": say("it ends before it was issued"),
    "outlasts": say("it goes on after the moment when it is cancelled"),
    "cancel": say("what it cancels cannot be read"),
    "not-the-same": say("what was written does not read back as the same"),
}
"""Why a text is not read, or a notice not written."""


class Unreadable(InputError):
    """A text that is no notice, or a notice that has no text. `reason` is a key of `REASONS`."""

    def __init__(self, reason: str, came: str = "") -> None:
        """Take the reason, and the words where it shows."""
        what = say("This notice cannot be read: {why}.", why=REASONS[reason])
        super().__init__(what, say("Look at: {came}", came=came[:80]) if came else None)
        self.reason = reason


class Shape(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One area, track, circle or point of a notice."""

    form: Form
    points: tuple[Spot, ...]
    """Corners in their order, the first one not repeated; of a circle its middle."""
    radius_m: int = 0
    """Of a circle; of a track, how far the area reaches on both sides of it."""
    name: str = ""
    """The letter under which the text lists it."""


class Span(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """From when to when; `end` is None where another notice ends it."""

    start: Aware
    end: Aware | None
    alternate: bool = False
    """Kept free in case the first time is not used."""


class Reference(msgspec.Struct, frozen=True, order=True):
    """A notice by its series, number and year, such as NAVAREA IX 166/23."""

    series: str
    number: int
    year: int

    def __str__(self) -> str:
        return f"{self.series} {self.number}/{self.year % 100:02d}"


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A warning, read from a text or to be written as one."""

    issued: Aware
    subject: str
    """What is going on, in the words of the text, without times and places."""
    shapes: tuple[Shape, ...]
    spans: tuple[Span, ...]
    of: Reference | None = None
    regions: tuple[str, ...] = ()
    """The lines that say which sea or coast it is about."""
    charts: tuple[str, ...] = ()
    berth_m: int = 0
    """How far to keep off, where the text says a distance."""
    remarks: tuple[str, ...] = ()
    cancels: tuple[Reference, ...] = ()
    cancelled_at: Aware | None = None
    """When the notice ends by itself."""
    taken: tuple[Text, ...] = ()
    """What the text left open, and how it was taken."""


def checked_shape(shape: Shape) -> Shape:
    """Return the shape. Raises `Unreadable` for too few corners, a crossing edge, a pole, or an extent that nobody means."""
    points = shape.points
    told = ", ".join(f"{lon / 1_000_000:.4f} {lat / 1_000_000:.4f}" for lon, lat in points[:2])
    if len(points) > MOST_POINTS or not 0 <= shape.radius_m <= MOST_RADIUS_M:
        raise Unreadable("size", told)
    if any(abs(lat) > POLE or abs(lon) > 2 * POLE for lon, lat in points):
        raise Unreadable("position", told)
    if any(abs(lat) > NEAR_POLE for _, lat in points):
        raise Unreadable("pole", told)
    least = {"area": 3, "track": 2, "circle": 1, "point": 1}[shape.form]
    alone, wide = shape.form in ("circle", "point"), shape.radius_m > 0
    if len(set(points)) < least or (alone and len(points) != 1) or wide is not (shape.form == "circle" or (wide and shape.form == "track")):
        raise Unreadable("corners", told)
    if shape.form == "area":
        if winds(points):
            raise Unreadable("pole", told)
        laid = unrolled(points)
        if len(set(laid)) != len(laid) or crossing(laid) is not None:
            raise Unreadable("crossing", told)
        if not doubled_area(laid):
            raise Unreadable("corners", told)
    elif shape.form == "track" and any(abs(one[0] - other[0]) == 2 * POLE for one, other in pairwise(points)):
        raise Unreadable("pole", told)
    return shape


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans, each with the one after it as one where that begins at its very end."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.start and found[-1].alternate == span.alternate:
            found[-1] = Span(start=found[-1].start, end=span.end, alternate=span.alternate)
        else:
            found.append(span)
    return tuple(found)


def checked_spans(spans: tuple[Span, ...], issued: datetime, cancelled_at: datetime | None) -> tuple[Span, ...]:
    """Return the spans. Raises `Unreadable` where one ends before it begins, all end before the issue, or one outlasts the notice by a day."""
    if len(spans) > MOST_SPANS:
        raise Unreadable("size")
    for span in spans:
        if span.end is not None and span.end <= span.start:
            raise Unreadable("backwards", f"{span.start:%d%H%MZ} {span.end:%d%H%MZ}")
        if cancelled_at is not None and ((span.end or span.start) - cancelled_at).days >= 1:
            raise Unreadable("outlasts", f"{span.end or span.start:%d%H%MZ %b %y}".upper())
    ends = [span.end for span in spans]
    if spans and all(end is not None and end <= issued for end in ends):
        raise Unreadable("past", f"{max(end for end in ends if end is not None):%d%H%MZ %b %y}".upper())
    return spans

# SPDX-License-Identifier: Apache-2.0
"""Writes a `Notice` as the text of a warning: upper case, short lines, positions in degrees and minutes, times in UTC.

What was written is read again before it is given out, and must say the same: the same shapes within the precision of the text, the same
times, the same words. A notice whose words would be taken for a time or a place, or whose corners fall together at that precision, has no text.
"""

from __future__ import annotations

import textwrap
from datetime import UTC, timedelta
from typing import Final

from hamsaya.boundary.rings import HALF_TURN, TURN, Spot
from hamsaya.formats.notice import NAUTICAL_MILE_M, Notice, Shape, Span, Unreadable, checked_shape, checked_spans, joined
from hamsaya.formats.positions import half_unit_udeg, write_position
from hamsaya.formats.reading import read_warning
from hamsaya.formats.times import write_day, write_moment

NAVAREA_WIDTH: Final = 69
NAVTEX_WIDTH: Final = 40
DECIMALS: Final = 2
"""Of a minute, where none are asked for: a hundredth is 18.5 m at most."""
_FEWEST_DAILY: Final = 3
_DAY: Final = timedelta(days=1)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def write_navarea(notice: Notice, *, decimals: int = DECIMALS, width: int = NAVAREA_WIDTH) -> str:
    """Return the notice as the text of a NAVAREA or coastal warning. Raises `Unreadable` where it has none that reads back."""
    return _checked(notice, "\n".join(_lines(notice, decimals, width)) + "\n", decimals)


def write_navtex(notice: Notice, *, station: str, number: int, decimals: int = DECIMALS) -> str:
    """Return the notice as a NAVTEX message of the kind A, navigational warning. `station` is the letter of the transmitter, `number` 1 to 99."""
    if len(station) != 1 or not "A" <= station <= "Z" or not 1 <= number <= 99:
        raise Unreadable("size", f"{station} {number}")
    lines = [f"ZCZC {station}A{number:02d}", *_lines(notice, decimals, NAVTEX_WIDTH), "NNNN"]
    return _checked(notice, "\n".join(lines) + "\n", decimals)


def _lines(notice: Notice, decimals: int, width: int) -> list[str]:
    if not 0 <= decimals <= 3 or not NAVTEX_WIDTH <= width <= 80:
        raise Unreadable("size", f"{decimals} {width}")
    for shape in notice.shapes:
        checked_shape(shape)
    if len(notice.shapes) > len(_LETTERS) or not notice.shapes:
        raise Unreadable("size" if notice.shapes else "nowhere")
    checked_spans(notice.spans, notice.issued, notice.cancelled_at)
    lines = [write_moment(notice.issued)]
    if notice.of is not None:
        lines.append(str(notice.of))
    lines += [f"{each}." for each in (*notice.regions, *notice.charts)]
    cancels = [f"CANCEL {each}." for each in notice.cancels]
    if notice.cancelled_at is not None:
        cancels.append(f"CANCEL THIS MSG {write_moment(notice.cancelled_at)}.")
    for number, paragraph in enumerate([_told(notice, decimals, width - 3), *([each] for each in cancels)], 1):
        for at, line in enumerate(paragraph):
            indent = f"{number}. " if at == 0 else "   "
            lines += textwrap.wrap(line, width, initial_indent=indent, subsequent_indent="   ", break_on_hyphens=False, break_long_words=False)
    return lines


def _told(notice: Notice, decimals: int, width: int) -> list[str]:
    lines = [f"{notice.subject} {_times(joined(notice.spans))}".strip()]
    shapes = notice.shapes
    if len(shapes) == 1:
        lines += [_bound(shapes[0]), *_positions(shapes[0], decimals, width)]
    else:
        lines[0] += ":"
        for letter, shape in zip(_LETTERS, shapes, strict=False):
            lines += [f"{letter}. {_bound(shape)}", *_positions(shape, decimals, width)]
    return [*lines, *(f"{each}." for each in notice.remarks)]


def _bound(shape: Shape) -> str:
    if shape.form == "area":
        return "IN AREA BOUND BY"
    if shape.form == "point":
        return "IN POSITION"
    if shape.form == "circle":
        return f"IN AREA WITHIN {_distance(shape.radius_m)} OF"
    return f"WITHIN {_distance(shape.radius_m)} OF TRACKLINE JOINING" if shape.radius_m else "ALONG TRACKLINE JOINING"


def _distance(metres: int) -> str:
    """Return the distance in miles where that is whole, else in metres or kilometres, never less than it is."""
    miles, rest = divmod(metres, NAUTICAL_MILE_M)
    if not rest:
        return f"{miles} {'MILE' if miles == 1 else 'MILES'}"
    return f"{metres} METERS" if metres < 10_000 else f"{-(-metres // 10) / 100:.2f} KM"


def _positions(shape: Shape, decimals: int, width: int) -> list[str]:
    written = [write_position(spot, decimals) for spot in shape.points]
    each = len(written[0]) + 2
    row = max(1, (width + 1) // each)
    parts = [", ".join(written[at : at + row]) for at in range(0, len(written), row)]
    return [part + ("," if at < len(parts) - 1 else ".") for at, part in enumerate(parts)]


def _times(spans: tuple[Span, ...]) -> str:
    told: list[str] = []
    alternate = False
    for series in _series(spans):
        if series[0].alternate and not alternate:
            told.append("ALTERNATE")
        alternate = alternate or series[0].alternate
        told.append(_series_told(series))
    return " ".join(told).removesuffix(",")


def _series(spans: tuple[Span, ...]) -> list[list[Span]]:
    """Return the intervals, those of the same hours on days that follow each other together."""
    found: list[list[Span]] = []
    for span in spans:
        if found and _goes_on(found[-1][-1], span):
            found[-1].append(span)
        else:
            found.append([span])
    return found


def _goes_on(one: Span, other: Span) -> bool:
    if one.end is None or other.end is None or one.alternate != other.alternate:
        return False
    return one.start + _DAY == other.start and one.end + _DAY == other.end and one.end - one.start < _DAY


def _series_told(series: list[Span]) -> str:
    first, last = series[0], series[-1]
    if first.end is None:
        return f"{write_moment(first.start)} UNTIL FURTHER NOTICE,"
    if len(series) < _FEWEST_DAILY:
        return " ".join(f"{write_moment(each.start)} TO {write_moment(each.end)}," for each in series if each.end is not None)
    start, end = (each.astimezone(UTC) for each in (first.start, first.end))
    return f"{start:%H%M}Z TO {end:%H%M}Z DAILY {write_day(first.start)} THRU {write_day(last.start)},"


def _checked(notice: Notice, text: str, decimals: int) -> str:
    """Return the text, if it reads back as the notice. Raises `Unreadable`."""
    read = read_warning(text)
    slack = half_unit_udeg(decimals)
    same = (
        (read.issued, read.of, read.subject, read.remarks, read.regions, read.charts, read.cancels, read.cancelled_at)
        == (
            notice.issued.astimezone(UTC),
            notice.of,
            notice.subject,
            notice.remarks,
            notice.regions,
            notice.charts,
            notice.cancels,
            notice.cancelled_at,
        )
        and read.spans == joined(notice.spans)
        and len(read.shapes) == len(notice.shapes)
        and all(_alike(one, other, slack) for one, other in zip(read.shapes, notice.shapes, strict=True))
    )
    if not same:
        raise Unreadable("not-the-same", notice.subject)
    return text


def _alike(read: Shape, meant: Shape, slack: float) -> bool:
    wider = read.radius_m - meant.radius_m
    return (
        (read.form, len(read.points)) == (meant.form, len(meant.points))
        and 0 <= wider <= 10
        and all(near(one, other, slack) for one, other in zip(read.points, meant.points, strict=True))
    )


def near(one: Spot, other: Spot, slack: float) -> bool:
    """Say whether two points differ by at most so many microdegrees in longitude and in latitude, also over the antimeridian."""
    return abs((one[0] - other[0] + HALF_TURN) % TURN - HALF_TURN) <= slack and abs(one[1] - other[1]) <= slack

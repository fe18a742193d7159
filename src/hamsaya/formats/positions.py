# SPDX-License-Identifier: Apache-2.0
"""Positions as warnings write them, read and written: 25-47.93N 051-50.54E, 2547.93N 05150.54E, 25-47-56N 051-50-32E.

- Read into whole microdegrees (longitude, latitude); written in degrees and minutes with up to three decimals.
- Both ways count in whole numbers: what was written with so many decimals reads back to within half a unit of the last one, and is then
  written as the very same text.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hamsaya.boundary.rings import HALF_TURN, POLE, Spot
from hamsaya.formats.notice import Unreadable

_HALF: Final = r"(?<![\dA-Z.\-])(?:(\d{2,3})-(\d{1,2}(?:\.\d{1,5})?)(?:-(\d{1,2}(?:\.\d{1,3})?))?|(\d{2,3})(\d{2}(?:\.\d{1,5})?)) ?"
POSITION: Final = re.compile(_HALF + r"([NS])(?: ?[,/]? ?)" + _HALF.replace(r"(?<![\dA-Z.\-])", "") + r"([EW])(?![A-Z0-9])")
LEFT_OVER: Final = re.compile(r"(?<![A-Z0-9])\d[\d.\-]*\d ?[NSEW](?![A-Z])|(?<![A-Z0-9])\d+°")
"""Half a position, or one in another form: what is left of the text once positions are taken out must have none."""
_UDEG: Final = 1_000_000
_SCALE: Final = 100_000
"""Minutes are counted in this part of one."""


class Read(NamedTuple):
    """A position in a text: where it is, and which characters say so."""

    spot: Spot
    start: int
    end: int


def read_positions(text: str) -> list[Read]:
    """Return the positions in a text, in order. Raises `Unreadable` for minutes above 59 and what is not on the globe."""
    found = []
    for match in POSITION.finditer(text):
        parts = match.groups()
        lat, lon = _read(parts[:5], parts[5], match[0]), _read(parts[6:11], parts[11], match[0])
        if abs(lat) > POLE or abs(lon) > HALF_TURN:
            raise Unreadable("position", match[0])
        found.append(Read((lon, lat), match.start(), match.end()))
    return found


def _read(parts: tuple[str | None, ...], letter: str, came: str) -> int:
    degrees, minutes = parts[0] or parts[3] or "0", parts[1] or parts[4] or "0"
    if len(degrees) != (2 if letter in "NS" else 3) or _scaled(minutes) >= 60 * _SCALE or ("." in minutes and parts[2]):
        raise Unreadable("position", came)
    seconds = _scaled(parts[2] or "0")
    if seconds >= 60 * _SCALE:
        raise Unreadable("position", came)
    whole = (int(degrees) * 60 * 60 * _SCALE) + _scaled(minutes) * 60 + seconds  # in parts of a second
    size = _divided(whole * _UDEG, 3600 * _SCALE)
    return -size if letter in "SW" else size


def _scaled(number: str) -> int:
    whole, _, decimals = number.partition(".")
    return int(whole) * _SCALE + int(decimals.ljust(5, "0")[:5] or "0")


def _divided(value: int, by: int) -> int:
    """Return the nearest whole number, halves upwards; `value` is not negative."""
    return (2 * value + by) // (2 * by)


def write_position(spot: Spot, decimals: int) -> str:
    """Return the position with 0 to 3 decimals of a minute, as 25-47.93N 051-50.54E."""
    lon, lat = _minutes(spot[0], decimals), _minutes(spot[1], decimals)
    return f"{_written(lat, 2, decimals)}{'S' if lat < 0 else 'N'} {_written(lon, 3, decimals)}{'W' if lon < 0 else 'E'}"


def _minutes(udeg: int, decimals: int) -> int:
    size = _divided(abs(udeg) * 60 * 10**decimals, _UDEG)
    return -size if udeg < 0 else size


def _written(minutes: int, width: int, decimals: int) -> str:
    unit = 10**decimals
    degrees, rest = divmod(abs(minutes), 60 * unit)
    whole, part = divmod(rest, unit)
    return f"{degrees:0{width}d}-{whole:02d}" + (f".{part:0{decimals}d}" if decimals else "")


def half_unit_udeg(decimals: int) -> float:
    """Return by how many microdegrees a position written with so many decimals of a minute may be off, the rounding to whole ones included."""
    return _UDEG / (120 * float(10**decimals)) + 0.5

# SPDX-License-Identifier: Apache-2.0
"""A point as somebody writes it, and the point that lies so far in such a direction from another (law 9).

- Written are decimal degrees, or degrees with minutes and seconds, with or without the letters N, S, E, W. With letters
  the halves may stand in either order; without them the longitude stands first, as everywhere in this house.
- What can be told to be the wrong way round is refused: a latitude above 90°, or a point far outside `area` that would lie
  inside it the other way round.
- A point is as exact as it was written: its radius is half a unit of its last digit, towards both sides.
- `travel` solves the direct geodesic problem on the WGS 84 ellipsoid (T. Vincenty, Survey Review XXIII, 1975); `distance_m`
  the inverse one on a sphere, which is exact to 0.6 %.

Text comes in folded: Latin digits, straight quotes, one kind of dash.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from hamsaya.facts.errors import InputError
from hamsaya.facts.values import PlacePrecision
from hamsaya.facts.words import say

_UDEG: Final = 1_000_000
_METRES_A_DEGREE: Final = 111_320
_MARGIN_UDEG: Final = 5 * _UDEG
"""How far outside `area` a point may lie and still not be taken for one with its halves changed."""
_AXIS_M: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257223563
_MEAN_RADIUS_M: Final = 6_371_008.8
_STEPS: Final = 20
_ALLOWED: Final = re.compile(r"[\d\s.,;/+\-°º˚'\"NSEW]+")
_DEGREES: Final = re.compile(
    r"([+-]?)(\d{1,3}(?:\.\d{1,9})?)(?:\s*[°\s]\s*(\d{1,2}(?:\.\d{1,7})?)(?:\s*['\s]\s*(\d{1,2}(?:\.\d{1,5})?)\s*\"?|\s*'?)|\s*°?)"
)
_COMPACT: Final = re.compile(r"(\d{2,3})(\d{2})(\d{2})?")
_PRECISIONS: Final[tuple[tuple[int, PlacePrecision], ...]] = (
    (100, "exact"), (2_000, "site"), (15_000, "settlement"), (60_000, "district"),
)  # fmt: skip


class Point(NamedTuple):
    """A point in microdegrees (longitude, latitude), WGS 84, with the radius in metres within which the true one lies."""

    lon_udeg: int
    lat_udeg: int
    radius_m: int


class Area(NamedTuple):
    """West, south, east and north edge in microdegrees: where this node's points are to be expected."""

    west: int
    south: int
    east: int
    north: int

    def holds(self, lon_udeg: int, lat_udeg: int, margin: int = 0) -> bool:
        """Say whether the point lies within the area, or within `margin` microdegrees of it."""
        return self.west - margin <= lon_udeg <= self.east + margin and self.south - margin <= lat_udeg <= self.north + margin


class _Half(NamedTuple):
    """One coordinate as written: degrees with their sign, half a unit of the last digit, and the letter N, S, E or W."""

    degrees: float
    half_unit: float
    letter: str


def looks_like_point(text: str) -> bool:
    """Say whether `text` holds nothing but numbers and the marks of coordinates."""
    return bool(_ALLOWED.fullmatch(text.upper())) and len(re.findall(r"\d+", text)) > 1


def parse_point(text: str, area: Area | None = None) -> Point | None:
    """Return the point that `text` writes, or None where it writes none.

    Raises `InputError` for coordinates that are not in form, out of range, or can be told to be the wrong way round.

    >>> parse_point("61.5866 E 28.9469 N")
    Point(lon_udeg=61586600, lat_udeg=28946900, radius_m=8)
    >>> parse_point("28°56'49''N 61°35'12''E") == parse_point("61 35 12 E, 28 56 49 N")
    True
    """
    if not looks_like_point(text):
        return None
    halves = _halves(" ".join(text.upper().replace("º", "°").replace("˚", "°").replace("''", '"').split()))
    if halves is None:
        raise InputError(
            say("These coordinates cannot be read: {came}", came=text[:60]),
            say("Write the longitude first, such as {plain}; or with letters, such as {lettered}.", plain="61.59, 28.95", lettered="28°57'N 61°35'E"),
        )
    lettered = bool(halves[0].letter)
    east, north = sorted(halves, key=lambda half: half.letter in ("N", "S")) if lettered else halves
    lon, lat = round(east.degrees * _UDEG), round(north.degrees * _UDEG)
    if abs(lat) > 90 * _UDEG or abs(lon) > 180 * _UDEG:
        if not lettered and abs(lon) <= 90 * _UDEG and abs(lat) <= 180 * _UDEG:
            raise _swapped(text, lon, lat)
        raise InputError(say("There is no such point: a longitude ends at 180°, a latitude at 90°. This came: {came}", came=text[:60]))
    if not lettered and area and not area.holds(lon, lat, _MARGIN_UDEG) and area.holds(lat, lon):
        raise _swapped(text, lon, lat)
    radius = math.ceil(max(east.half_unit, north.half_unit) * _METRES_A_DEGREE * math.sqrt(2))
    return Point(lon, lat, max(1, radius))


def precision_of(radius_m: int) -> PlacePrecision:
    """Return how exactly a point of that radius is known, in the words of `Place`."""
    return next((precision for most, precision in _PRECISIONS if radius_m <= most), "province")


def travel(lon_udeg: int, lat_udeg: int, bearing_deg: float, distance_m: float) -> tuple[int, int]:
    """Return the point (longitude, latitude) in microdegrees that is reached along the geodesic.

    `bearing_deg` counts clockwise from true north at the start; `distance_m` is in metres.
    """
    minor = _AXIS_M * (1 - _FLATTENING)
    azimuth, lat = math.radians(bearing_deg), math.radians(lat_udeg / _UDEG)
    tan_u1 = (1 - _FLATTENING) * math.tan(lat)
    cos_u1 = 1 / math.hypot(1, tan_u1)
    sin_u1 = tan_u1 * cos_u1
    sigma1 = math.atan2(tan_u1, math.cos(azimuth))
    sin_alpha = cos_u1 * math.sin(azimuth)
    cos2_alpha = 1 - sin_alpha**2
    u2 = cos2_alpha * (_AXIS_M**2 - minor**2) / minor**2
    big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    big_b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    sigma = distance_m / (minor * big_a)
    for _ in range(_STEPS):  # each step gains about three digits
        cos_2m = math.cos(2 * sigma1 + sigma)
        inner = math.cos(sigma) * (2 * cos_2m**2 - 1) - big_b / 6 * cos_2m * (4 * math.sin(sigma) ** 2 - 3) * (4 * cos_2m**2 - 3)
        sigma = distance_m / (minor * big_a) + big_b * math.sin(sigma) * (cos_2m + big_b / 4 * inner)
    cos_2m, sin_s, cos_s = math.cos(2 * sigma1 + sigma), math.sin(sigma), math.cos(sigma)
    across = sin_u1 * sin_s - cos_u1 * cos_s * math.cos(azimuth)
    lat2 = math.atan2(sin_u1 * cos_s + cos_u1 * sin_s * math.cos(azimuth), (1 - _FLATTENING) * math.hypot(sin_alpha, across))
    lam = math.atan2(sin_s * math.sin(azimuth), cos_u1 * cos_s - sin_u1 * sin_s * math.cos(azimuth))
    big_c = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
    turn = sigma + big_c * sin_s * (cos_2m + big_c * cos_s * (2 * cos_2m**2 - 1))
    lon2 = lon_udeg / _UDEG + math.degrees(lam - (1 - big_c) * _FLATTENING * sin_alpha * turn)
    return round(((lon2 + 180) % 360 - 180) * _UDEG), round(math.degrees(lat2) * _UDEG)


def distance_m(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the distance in metres between two points (longitude, latitude) in microdegrees, exact to 0.6 %."""
    (lon1, lat1), (lon2, lat2) = (tuple(math.radians(part / _UDEG) for part in point) for point in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _MEAN_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def _swapped(text: str, lon: int, lat: int) -> InputError:
    return InputError(
        say("These coordinates seem to be the wrong way round: {came}", came=text[:60]),
        say(
            "The longitude stands first: was {swapped} meant? If the latitude was meant to stand first, write the letters, such as {lettered}.",
            swapped=f"{lat / _UDEG:g}, {lon / _UDEG:g}", lettered="N28.95 E61.59",
        ),
    )  # fmt: skip


def _halves(text: str) -> tuple[_Half, _Half] | None:
    """Split what was written into its two coordinates, in the order written; None where it is not two."""
    found = (
        re.fullmatch(r"([NSEW])([^NSEW]+?)[\s,;/]*([NSEW])([^NSEW]+)", text)
        if text[0] in "NSEW"
        else re.fullmatch(r"([^NSEW]+)([NSEW])[\s,;/]*([^NSEW]+)([NSEW])", text)
    )
    if found:
        parts = found.groups()
        pairs = [(parts[1], parts[0]), (parts[3], parts[2])] if text[0] in "NSEW" else [(parts[0], parts[1]), (parts[2], parts[3])]
        if (pairs[0][1] in "NS") == (pairs[1][1] in "NS"):
            return None
    else:
        bare = re.split(r"\s*[,;/]\s*", text)
        bare = bare if len(bare) == 2 else text.split()
        if len(bare) != 2:
            return None
        pairs = [(bare[0], ""), (bare[1], "")]
    one, other = (_half(body.strip(), letter) for body, letter in pairs)
    return (one, other) if one and other else None


def _half(body: str, letter: str) -> _Half | None:
    """Return one coordinate; None where it is not in form."""
    compact = _COMPACT.fullmatch(body) if letter else None
    if compact and len(compact[1]) == (2 if letter in "NS" else 3):
        sign, parts = "", [part for part in compact.groups() if part]
    else:
        found = _DEGREES.fullmatch(body)
        if found is None:
            return None
        sign, parts = found[1], [part for part in found.groups()[1:] if part]
    if any("." in part for part in parts[:-1]) or any(float(part) >= 60 for part in parts[1:]) or (letter and sign):
        return None
    degrees = sum(float(part) / 60**power for power, part in enumerate(parts))
    half_unit = 0.5 * 10 ** -len(parts[-1].partition(".")[2]) / 60 ** (len(parts) - 1)
    return _Half(-degrees if sign == "-" or letter in ("S", "W") else degrees, half_unit, letter)

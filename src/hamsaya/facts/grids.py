# SPDX-License-Identifier: Apache-2.0
"""A point as a grid reference: UTM ("41R 265000 3204000") and MGRS ("41R KP 65000 04000"), on WGS 84.

- The projection is the transverse Mercator series of L. Krüger (1912) to the sixth order of the third flattening, good to less than
  a millimetre within a zone (C. F. F. Karney, Journal of Geodesy 85, 2011).
- Letters and squares: NGA.STND.0037 (2014). Zones 1 to 60 with the wider zones of Norway and Svalbard; bands C to X without I and O.
  The polar grids (UPS) are refused with a sentence.
- Fewer than four digits are no reference here: "10 km N" is said by officers too.
- A reference names a square, not a point: the point is its centre, and the radius reaches its corners. Eastings and northings of UTM
  are whole metres, or have decimals.
- In UTM the letter is a band. N and S are bands too and could be meant as north and south: where the two readings give different
  points, it is refused, and the words "north" and "south" say it.

Text comes in folded: Latin digits and letters, single spaces do not matter.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say

_AXIS_M: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257223563
_N: Final = _FLATTENING / (2 - _FLATTENING)
_E: Final = math.sqrt(_FLATTENING * (2 - _FLATTENING))
_SCALE: Final = 0.9996
_RADIUS: Final = _AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
_FALSE_EAST: Final = 500_000.0
_FALSE_NORTH: Final = 10_000_000.0
_SQUARE: Final = 100_000
_CYCLE: Final = 2_000_000
_BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"
_COLUMNS: Final = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS: Final = "ABCDEFGHJKLMNPQRSTUV"
_ROW_SHIFT: Final = 5
_LIMITS: Final = (-80.0, 84.0)
_SLACK_DEG: Final = 0.05
"""How far outside its zone or band a reference may lie: squares overlap their edges."""
_WIDEST_DEG: Final = 9.0
_ALPHA: Final = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288 + 7891 * _N**6 / 37800,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630 - 1983433 * _N**6 / 1935360,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880 + 167603 * _N**6 / 181440,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168 + 6601661 * _N**6 / 7257600,
    34729 * _N**5 / 80640 - 3418889 * _N**6 / 1995840,
    212378941 * _N**6 / 319334400,
)
_BETA: Final = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360 - 81 * _N**5 / 512 + 96199 * _N**6 / 604800,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440 + 46 * _N**5 / 105 - 1118711 * _N**6 / 3870720,
    17 * _N**3 / 480 - 37 * _N**4 / 840 - 209 * _N**5 / 4480 + 5569 * _N**6 / 90720,
    4397 * _N**4 / 161280 - 11 * _N**5 / 504 - 830251 * _N**6 / 7257600,
    4583 * _N**5 / 161280 - 108847 * _N**6 / 3991680,
    20648693 * _N**6 / 638668800,
)
_MGRS: Final = re.compile(r"(\d{1,2}) ?([A-Z]) ?([A-Z]) ?([A-Z]) ?(\d+)(?: (\d+))?")
_UTM: Final = re.compile(r"(?:UTM ?)?(\d{1,2}) ?(NORTH|SOUTH|[A-Z])[ ,]+(\d{5,7}(?:\.\d{1,3})?) ?(?:M?E)?[ ,/]+(\d{1,8}(?:\.\d{1,3})?) ?(?:M?N)?")
_POLAR: Final = re.compile(r"[ABYZ] ?[A-Z]{2} ?\d{0,10}(?: ?\d{1,5})?")
_MEANT: Final = say("Write the zone, the band, the square and an even number of digits, such as {mgrs}; or for UTM {utm}.",
                    mgrs="41R KP 65000 04000", utm="41R 265000 3204000")  # fmt: skip


class Grid(NamedTuple):
    """Zone 1 to 60, whether north of the equator, easting and northing in metres."""

    zone: int
    north: bool
    east_m: float
    north_m: float


class Square(NamedTuple):
    """The centre of what a reference names, in degrees (longitude, latitude), and how far its corners are, in metres."""

    lon: float
    lat: float
    radius_m: float


def read_grid(text: str) -> Square | None:
    """Return what a grid reference names, or None where `text` is none. Raises `InputError` for one that cannot be.

    >>> square = read_grid("41R KN 65432 04321")
    >>> round(square.lon, 4), round(square.lat, 4)
    (60.5934, 28.9454)
    """
    plain = " ".join(text.upper().split())
    if _POLAR.fullmatch(plain) and any(letter.isdigit() for letter in plain):
        raise _wrong(text, say("This is a reference of the polar grid, which is not read here."))
    if found := _UTM.fullmatch(plain):
        return _utm(found, text)
    if (found := _MGRS.fullmatch(plain)) and len(found[5] + (found[6] or "")) > 2:
        return _mgrs(found, text)
    return None


def to_grid(lon: float, lat: float, zone: int = 0) -> Grid:
    """Return the grid coordinates of a point in degrees (longitude, latitude), in its own zone or in the one given."""
    zone = zone or zone_of(lon, lat)
    phi, lam = math.radians(lat), math.radians(_around(lon - (zone * 6 - 183)))
    tau = math.tan(phi)
    sigma = math.sinh(_E * math.atanh(_E * tau / math.hypot(1, tau)))
    conformal = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
    xi0, eta0 = math.atan2(conformal, math.cos(lam)), math.asinh(math.sin(lam) / math.hypot(conformal, math.cos(lam)))
    xi = xi0 + sum(a * math.sin(2 * j * xi0) * math.cosh(2 * j * eta0) for j, a in enumerate(_ALPHA, 1))
    eta = eta0 + sum(a * math.cos(2 * j * xi0) * math.sinh(2 * j * eta0) for j, a in enumerate(_ALPHA, 1))
    north = lat >= 0
    return Grid(zone, north, _FALSE_EAST + _SCALE * _RADIUS * eta, _SCALE * _RADIUS * xi + (0 if north else _FALSE_NORTH))


def from_grid(grid: Grid) -> tuple[float, float]:
    """Return longitude and latitude in degrees."""
    xi = (grid.north_m - (0 if grid.north else _FALSE_NORTH)) / (_SCALE * _RADIUS)
    eta = (grid.east_m - _FALSE_EAST) / (_SCALE * _RADIUS)
    xi0 = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    eta0 = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    wanted = math.sin(xi0) / math.hypot(math.sinh(eta0), math.cos(xi0))
    tau = wanted
    for _ in range(6):  # Newton; each step doubles the digits
        sigma = math.sinh(_E * math.atanh(_E * tau / math.hypot(1, tau)))
        here = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
        tau += (wanted - here) / math.hypot(1, here) * (1 + (1 - _E**2) * tau**2) / ((1 - _E**2) * math.hypot(1, tau))
    lon = grid.zone * 6 - 183 + math.degrees(math.atan2(math.sinh(eta0), math.cos(xi0)))
    return _around(lon), math.degrees(math.atan(tau))


def zone_of(lon: float, lat: float) -> int:
    """Return the zone of a point in degrees."""
    zone = int((_around(lon) + 180) // 6) % 60 + 1
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if lat >= 72 and 0 <= lon < 42:
        return 31 + 2 * int((lon + 3) // 12)
    return zone


def write_mgrs(lon: float, lat: float, digits: int = 5) -> str:
    """Return the MGRS reference of the square that holds a point in degrees; `digits` 1 to 5 for 10 km to 1 m."""
    grid = to_grid(lon, lat)
    band = _BANDS[min(int((lat + 80) // 8), len(_BANDS) - 1)]
    column = _COLUMNS[(grid.zone - 1) % 3][int(grid.east_m // _SQUARE) - 1]
    row = _ROWS[(int(grid.north_m // _SQUARE) + (_ROW_SHIFT if grid.zone % 2 == 0 else 0)) % len(_ROWS)]
    unit = 10 ** (5 - digits)
    east, north = (int(metres % _SQUARE // unit) for metres in (grid.east_m, grid.north_m))
    return f"{grid.zone}{band} {column}{row} {east:0{digits}d} {north:0{digits}d}"


def _mgrs(found: re.Match[str], text: str) -> Square:
    zone, band, column, row = int(found[1]), found[2], found[3], found[4]
    digits = found[5] + (found[6] or "")
    _check_zone(zone, band, text)
    columns = _COLUMNS[(zone - 1) % 3]
    if column not in columns or row not in _ROWS:
        raise _wrong(text, say("There is no square {square} in zone {zone}.", square=f"{column}{row}", zone=zone))
    halves = (len(found[5]), len(found[6])) if found[6] else (len(digits) // 2, (len(digits) + 1) // 2)
    if halves[0] != halves[1] or not 2 <= halves[0] <= 5:
        raise _wrong(text, say("The digits after the square are two halves of equal length, two to five digits each."))
    half = len(digits) // 2
    unit = 10 ** (5 - half)
    east = (columns.index(column) + 1) * _SQUARE + (int(digits[:half]) + 0.5) * unit
    rows = (_ROWS.index(row) - (_ROW_SHIFT if zone % 2 == 0 else 0)) % len(_ROWS)
    within = rows * _SQUARE + (int(digits[half:]) + 0.5) * unit
    is_north = band >= "N"
    for cycle in range(5):
        grid = Grid(zone, is_north, east, within + cycle * _CYCLE)
        lon, lat = from_grid(grid)
        if _in_band(lat, band, unit) and _in_zone(lon, lat, zone, unit):
            return Square(lon, lat, unit / math.sqrt(2))
    raise _wrong(text, say("The square {square} does not lie in {zone}.", square=f"{column}{row}", zone=f"{zone}{band}"))


def _utm(found: re.Match[str], text: str) -> Square:
    zone, letter = int(found[1]), found[2]
    east, north = float(found[3]), float(found[4])
    if not 1 <= zone <= 60:
        raise _wrong(text, say("There is no zone {zone}: they are numbered 1 to 60.", zone=zone))
    if not 100_000 <= east < 900_000:
        raise _wrong(text, say("An easting lies between 100000 and 899999 m; the easting stands first."))
    readings: dict[str, tuple[float, float]] = {}
    if len(letter) > 1 or letter in "NS":
        readings["hemisphere"] = from_grid(Grid(zone, letter[0] == "N", east, north)) if north < _FALSE_NORTH else (0.0, 91.0)
    if len(letter) == 1:
        _check_zone(zone, letter, text)
        readings["band"] = from_grid(Grid(zone, letter >= "N", east, north))
    unit = 10.0 ** -min(len(found[3].partition(".")[2]), len(found[4].partition(".")[2]))
    known = {name: each for name, each in readings.items() if _can_be(name, each, zone, letter)}
    if not known:
        raise _wrong(text, say("There is no such point in {zone}.", zone=f"{zone}{letter}"))
    if len({(round(lon, 7), round(lat, 7)) for lon, lat in known.values()}) > 1:
        raise _wrong(text, say("{letter} may be a band or a half of the earth here: write north or south, such as {utm}.", letter=letter,
                               utm="41 north 265000 3204000"))  # fmt: skip
    lon, lat = next(iter(known.values()))
    return Square(lon, lat, unit / math.sqrt(2))


def _can_be(reading: str, point: tuple[float, float], zone: int, letter: str) -> bool:
    """Say whether the point lies where the zone, and the letter as it is read, say."""
    lon, lat = point
    if not _LIMITS[0] - _SLACK_DEG <= lat <= _LIMITS[1] + _SLACK_DEG or not _in_zone(lon, lat, zone, 1):
        return False
    return _in_band(lat, letter, 1) if reading == "band" else (lat >= 0) == (letter[0] == "N")


def _check_zone(zone: int, band: str, text: str) -> None:
    if not 1 <= zone <= 60:
        raise _wrong(text, say("There is no zone {zone}: they are numbered 1 to 60.", zone=zone))
    if band not in _BANDS:
        raise _wrong(text, say("There is no band {band}: they are lettered C to X, without I and O.", band=band))
    if band == "X" and zone in (32, 34, 36):
        raise _wrong(text, say("There is no zone {zone} in band X.", zone=zone))


def _in_band(lat: float, band: str, unit: float) -> bool:
    south = -80 + 8 * _BANDS.index(band)
    north = south + (12 if band == "X" else 8)
    slack = _SLACK_DEG + unit / 111_000
    return south - slack <= lat <= north + slack


def _in_zone(lon: float, lat: float, zone: int, unit: float) -> bool:
    """Say whether the point lies in the zone, or no farther outside than squares overlap."""
    if zone_of(lon, lat) == zone:
        return True
    away = abs(_around(lon - (zone * 6 - 183)))
    slack = (_SLACK_DEG + unit / 111_000) / max(math.cos(math.radians(lat)), 0.1)
    return away <= (3 if abs(lat) < 56 else _WIDEST_DEG) + slack


def _around(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _wrong(text: str, what: Text) -> InputError:
    return InputError(say("This grid reference cannot be read: {came}. {why}", came=text[:60], why=what), _MEANT)

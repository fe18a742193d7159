# SPDX-License-Identifier: Apache-2.0
"""How far two points lie apart on the ellipsoid, and which point of a polyline is nearest.

- Coordinates are degrees (longitude, latitude) in WGS 84; between two of its points a line is straight in longitude and
  latitude, as GeoJSON means it (RFC 7946, 3.1.1).
- `geodesic_m` is Vincenty's inverse formula. Against GeographicLib it is off by less than 0.1 mm, for all but points that lie nearly
  opposite on the globe: there, and only there, a sphere answers (error below 0.6 %).
- The nearest point is shortlisted in space (the earth-centred frame), where no pole and no date line disturbs, then found on the line
  as it is meant: there the shortest way meets it at a right angle, or at an end. Its distance is the least possible to 1 mm at hundreds of
  kilometres, and to 0.1 mm near the line (tests/boundary/exact.py is another way to find both).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Spot = tuple[float, float, float]
"""A point in the earth-centred frame, in metres."""

_A: Final = 6_378_137.0
_F: Final = 1 / 298.257_223_563
_B: Final = _A * (1 - _F)
_E2: Final = _F * (2 - _F)
_MEAN_RADIUS_M: Final = 6_371_008.8
_PIECE_DEG: Final = 0.2
"""Longer pieces of a line are divided: a straight piece in space leaves the line by less than 20 m."""
_CHUNK: Final = 16
_ROUNDS: Final = 200
_STEPS: Final = 60
_CLOSE_M: Final = 1e-4
"""A step along the line that is shorter than this ends the search: the distance changes by less."""
_BEND: Final = 1.3
"""How much farther a straight piece in space may lie from the line than at its middle, where it is farthest but for the ellipsoid's shape."""
_ROUNDNESS: Final = 0.04 / 24 / 6_335_000.0**2
"""Two ways of one length through the ground differ on the ground by at most this times its cube: the ground is curved by 1 % more here than there."""


def geodesic_m(one: Point, other: Point) -> float:
    """Return the length of the shortest way between two points on the ellipsoid, in metres."""
    return _inverse(one, other).length_m


class _Way(NamedTuple):
    """The shortest way from one point to another: how long, and where it leaves to (east and north of a unit vector)."""

    length_m: float
    east: float
    north: float


def _inverse(one: Point, other: Point) -> _Way:
    if one == other:
        return _Way(0.0, 0.0, 0.0)
    away = math.radians(other[0] - one[0])
    u1, u2 = (math.atan((1 - _F) * math.tan(math.radians(lat))) for lat in (one[1], other[1]))
    sin1, cos1, sin2, cos2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    turn = away
    for _ in range(_ROUNDS):
        sin_turn, cos_turn = math.sin(turn), math.cos(turn)
        east, north = cos2 * sin_turn, cos1 * sin2 - sin1 * cos2 * cos_turn
        sin_sigma = math.hypot(east, north)
        if sin_sigma == 0.0:
            break
        cos_sigma = sin1 * sin2 + cos1 * cos2 * cos_turn
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cos1 * cos2 * sin_turn / sin_sigma
        cos2_alpha = 1 - sin_alpha * sin_alpha
        middle = cos_sigma - 2 * sin1 * sin2 / cos2_alpha if cos2_alpha > 0 else 0.0
        c = _F / 16 * cos2_alpha * (4 + _F * (4 - 3 * cos2_alpha))
        before, turn = turn, away + (1 - c) * _F * sin_alpha * (sigma + c * sin_sigma * (middle + c * cos_sigma * (2 * middle * middle - 1)))
        if abs(turn - before) < 1e-13:
            return _Way(_length(cos2_alpha, sin_sigma, cos_sigma, sigma, middle), east / sin_sigma, north / sin_sigma)
    return _on_a_sphere(one, other)


def _length(cos2_alpha: float, sin_sigma: float, cos_sigma: float, sigma: float, middle: float) -> float:
    u = cos2_alpha * (_A * _A - _B * _B) / (_B * _B)
    a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
    b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
    twice = 2 * middle * middle - 1
    less = b * sin_sigma * (middle + b / 4 * (cos_sigma * twice - b / 6 * middle * (4 * sin_sigma * sin_sigma - 3) * (4 * middle * middle - 3)))
    return _B * a * (sigma - less)


def _on_a_sphere(one: Point, other: Point) -> _Way:
    lon_a, lat_a, lon_b, lat_b = (math.radians(each) for each in (*one, *other))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    east = math.cos(lat_b) * math.sin(lon_b - lon_a)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(lon_b - lon_a)
    whole = math.hypot(east, north) or 1.0
    return _Way(2 * _MEAN_RADIUS_M * math.asin(min(1.0, math.sqrt(half))), east / whole, north / whole)


def in_space(point: Point) -> Spot:
    """Return a point of the ellipsoid's surface in the earth-centred frame, in metres."""
    lon, lat = math.radians(point[0]), math.radians(point[1])
    across = _A / math.sqrt(1 - _E2 * math.sin(lat) ** 2)
    return across * math.cos(lat) * math.cos(lon), across * math.cos(lat) * math.sin(lon), across * (1 - _E2) * math.sin(lat)


def on_the_ground(spot: Spot) -> Point:
    """Return the point of the surface above or below a spot near it."""
    x, y, z = spot
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, (1 - _E2) * math.hypot(x, y)))


class Nearest(NamedTuple):
    """The nearest point of a polyline: where, how far, on which piece of which polyline."""

    point: Point
    distance_m: float
    polyline: int
    piece: int
    """The piece from point `piece` to point `piece + 1` of the polyline as it was given."""
    at: float
    """0 at the beginning of the piece, 1 at its end."""


class _Piece(NamedTuple):
    start: Spot
    end: Spot
    polyline: int
    piece: int
    first: float
    last: float
    bend_m: float
    """At most so far from the straight piece lies the line as it is meant."""


class _Chunk(NamedTuple):
    middle: Spot
    reach_m: float
    """As far from the middle as any part of the line as it is meant."""
    pieces: list[_Piece]


class Rule:
    """Polylines, prepared so that the nearest point is found without measuring to all of them."""

    def __init__(self, polylines: Sequence[Sequence[Point]]) -> None:
        """Prepare the polylines, each of two points or more."""
        self.polylines = tuple(tuple(each) for each in polylines)
        pieces = [piece for number, points in enumerate(self.polylines) for piece in _pieces(number, points)]
        self._chunks = [_chunk(pieces[at : at + _CHUNK]) for at in range(0, len(pieces), _CHUNK)]

    def nearest(self, point: Point) -> Nearest | None:
        """Return the nearest point of all polylines, or None where there is none."""
        here = in_space(point)
        near = sorted((max(math.dist(here, chunk.middle) - chunk.reach_m, 0.0), number) for number, chunk in enumerate(self._chunks))
        most, candidates = math.inf, []
        for least, number in near:
            if least > most:
                break
            for piece in self._chunks[number].pieces:
                distance = _to_piece(here, piece.start, piece.end)
                if distance - piece.bend_m <= most:
                    most = min(most, _reach_in_space(distance + piece.bend_m))
                    candidates.append((distance - piece.bend_m, piece))
        found = [self._refine(point, here, piece) for least, piece in candidates if least <= most]
        return min(found, key=lambda each: each.distance_m, default=None)

    def _refine(self, point: Point, here: Spot, piece: _Piece) -> Nearest:
        """Return the nearest point of a piece: where the way to `point` leaves it at a right angle, or else an end."""
        start, end = self.polylines[piece.polyline][piece.piece : piece.piece + 2]
        low, high = piece.first, piece.last
        at = low + (high - low) * _foot(here, piece.start, piece.end)
        for _ in range(_STEPS):
            where = _between(start, end, at)
            way = _inverse(where, point)
            east, north = _speed(start, end, where)
            ahead, square = way.length_m * (way.east * east + way.north * north), east * east + north * north
            low, high = (at, high) if ahead > 0 else (low, at)
            if square == 0.0:
                break  # two points that only rounding tells apart
            before, at = at, min(max(at + ahead / square, low), high)
            if abs(at - before) * math.sqrt(square) < _CLOSE_M:
                break
            if at in (low, high) and at not in (piece.first, piece.last):
                at = (low + high) / 2
        where = _between(start, end, at)
        return Nearest(where, geodesic_m(point, where), piece.polyline, piece.piece, at)


def _reach_in_space(through: float) -> float:
    """Return how far through the ground a point may lie, and yet be as near on the ground as one that lies `through` metres off."""
    return through + _ROUNDNESS * through**3


def _speed(start: Point, end: Point, where: Point) -> tuple[float, float]:
    """Return how many metres east and north the whole piece would lead from `where`, were it as long on the ground everywhere."""
    sin_lat = math.sin(math.radians(where[1]))
    squeeze = 1 - _E2 * sin_lat * sin_lat
    across = _A / math.sqrt(squeeze)
    along = across * (1 - _E2) / squeeze
    return math.radians(end[0] - start[0]) * across * math.cos(math.radians(where[1])), math.radians(end[1] - start[1]) * along


def _between(start: Point, end: Point, at: float) -> Point:
    return end if at == 1.0 else (start[0] + (end[0] - start[0]) * at, start[1] + (end[1] - start[1]) * at)


def _pieces(number: int, points: Sequence[Point]) -> list[_Piece]:
    found = []
    for piece, (start, end) in enumerate(pairwise(points)):
        parts = max(1, math.ceil(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / _PIECE_DEG))
        spots = [in_space(_between(start, end, part / parts)) for part in range(parts + 1)]
        found += [
            _Piece(spots[part], spots[part + 1], number, piece, part / parts, (part + 1) / parts, _bend(start, end, part, parts, spots))
            for part in range(parts)
        ]
    return found


def _bend(start: Point, end: Point, part: int, parts: int, spots: list[Spot]) -> float:
    middle = in_space(_between(start, end, (part + 0.5) / parts))
    return _BEND * _to_piece(middle, spots[part], spots[part + 1]) + 1e-6


def _chunk(pieces: list[_Piece]) -> _Chunk:
    ends = [spot for piece in pieces for spot in (piece.start, piece.end)]
    middle = (sum(x for x, _, _ in ends) / len(ends), sum(y for _, y, _ in ends) / len(ends), sum(z for _, _, z in ends) / len(ends))
    return _Chunk(middle, max(math.dist(middle, spot) for spot in ends) + max(piece.bend_m for piece in pieces), pieces)


def _foot(here: Spot, start: Spot, end: Spot) -> float:
    """Return where on a straight piece the foot of a point lies: 0 at its start, 1 at its end."""
    along = (end[0] - start[0], end[1] - start[1], end[2] - start[2])
    square = along[0] * along[0] + along[1] * along[1] + along[2] * along[2]
    if square == 0.0:
        return 0.0
    at = (along[0] * (here[0] - start[0]) + along[1] * (here[1] - start[1]) + along[2] * (here[2] - start[2])) / square
    return min(1.0, max(0.0, at))


def _to_piece(here: Spot, start: Spot, end: Spot) -> float:
    """Return the distance in space from a point to a straight piece."""
    at = _foot(here, start, end)
    return math.dist(here, (start[0] + (end[0] - start[0]) * at, start[1] + (end[1] - start[1]) * at, start[2] + (end[2] - start[2]) * at))

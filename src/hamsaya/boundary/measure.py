# SPDX-License-Identifier: Apache-2.0
"""How far two points lie apart on the ellipsoid, and which point of a polyline is nearest.

- Coordinates are degrees (longitude, latitude) in WGS 84; between two of its points a line is straight in longitude and
  latitude, as GeoJSON means it (RFC 7946, 3.1.1).
- `geodesic_m` is Vincenty's inverse formula. Against GeographicLib it is off by less than 0.1 mm, for all but points that lie nearly
  opposite on the globe: there, and only there, a sphere answers (error below 0.6 %).
- The nearest point is looked for in space (the earth-centred frame), where no pole and no date line disturbs, then refined on
  the line as it is meant. Its distance is more than the least possible by at most 0.1 m and two millionths of
  it from 5 m on (hundreds of kilometres away the nearest in space is not quite the nearest on the ground), and by at most 1 m nearer than that.
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
_SLACK_M: Final = 60.0
_CHUNK: Final = 16
_ROUNDS: Final = 200
_NARROWINGS: Final = 20
_AROUND_M: Final = 100.0
"""So far about the foot on the straight piece lies the foot on the line as it is meant."""
_AT_AN_END_M: Final = 1.0
"""So near to an end of a piece, the end is the nearest point: the search knows its place to some centimetres."""


def geodesic_m(one: Point, other: Point) -> float:
    """Return the length of the shortest way between two points on the ellipsoid, in metres."""
    if one == other:
        return 0.0
    away = math.radians(other[0] - one[0])
    u1, u2 = (math.atan((1 - _F) * math.tan(math.radians(lat))) for lat in (one[1], other[1]))
    sin1, cos1, sin2, cos2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    turn = away
    for _ in range(_ROUNDS):
        sin_turn, cos_turn = math.sin(turn), math.cos(turn)
        sin_sigma = math.hypot(cos2 * sin_turn, cos1 * sin2 - sin1 * cos2 * cos_turn)
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
            return _length(cos2_alpha, sin_sigma, cos_sigma, sigma, middle)
    return _on_a_sphere(one, other)


def _length(cos2_alpha: float, sin_sigma: float, cos_sigma: float, sigma: float, middle: float) -> float:
    u = cos2_alpha * (_A * _A - _B * _B) / (_B * _B)
    a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
    b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
    twice = 2 * middle * middle - 1
    less = b * sin_sigma * (middle + b / 4 * (cos_sigma * twice - b / 6 * middle * (4 * sin_sigma * sin_sigma - 3) * (4 * middle * middle - 3)))
    return _B * a * (sigma - less)


def _on_a_sphere(one: Point, other: Point) -> float:
    lon_a, lat_a, lon_b, lat_b = (math.radians(each) for each in (*one, *other))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * _MEAN_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def in_space(point: Point) -> Spot:
    """Return a point of the ellipsoid's surface in the earth-centred frame, in metres."""
    lon, lat = math.radians(point[0]), math.radians(point[1])
    across = _A / math.sqrt(1 - _E2 * math.sin(lat) ** 2)
    return across * math.cos(lat) * math.cos(lon), across * math.cos(lat) * math.sin(lon), across * (1 - _E2) * math.sin(lat)


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


class _Chunk(NamedTuple):
    middle: Spot
    reach_m: float
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
        best, candidates = math.inf, []
        for least, number in near:
            if least > best + _SLACK_M:
                break
            for piece in self._chunks[number].pieces:
                distance = _to_piece(here, piece.start, piece.end)
                if distance <= best + _SLACK_M:
                    best = min(best, distance)
                    candidates.append((distance, piece))
        found = [self._refine(point, here, piece) for distance, piece in candidates if distance <= best + _SLACK_M]
        return min(found, key=lambda each: each.distance_m, default=None)

    def _refine(self, point: Point, here: Spot, piece: _Piece) -> Nearest:
        start, end = self.polylines[piece.polyline][piece.piece : piece.piece + 2]
        foot, length = _foot(here, piece.start, piece.end), math.dist(piece.start, piece.end)
        middle, reach = piece.first + (piece.last - piece.first) * foot, (piece.last - piece.first) * min(1.0, _AROUND_M / max(length, 1e-9))
        low, high = max(piece.first, middle - reach), min(piece.last, middle + reach)
        for _ in range(_NARROWINGS):
            third = (high - low) / 3
            if math.dist(here, in_space(_between(start, end, low + third))) <= math.dist(here, in_space(_between(start, end, high - third))):
                high -= third
            else:
                low += third
        at = (low + high) / 2
        where = _between(start, end, at)
        for whole, corner in ((0.0, start), (1.0, end)):
            if math.dist(in_space(corner), in_space(where)) < _AT_AN_END_M:
                at, where = whole, corner
        return Nearest(where, geodesic_m(point, where), piece.polyline, piece.piece, at)


def _between(start: Point, end: Point, at: float) -> Point:
    return end if at == 1.0 else (start[0] + (end[0] - start[0]) * at, start[1] + (end[1] - start[1]) * at)


def _pieces(number: int, points: Sequence[Point]) -> list[_Piece]:
    found = []
    for piece, (start, end) in enumerate(pairwise(points)):
        parts = max(1, math.ceil(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / _PIECE_DEG))
        spots = [in_space(_between(start, end, part / parts)) for part in range(parts + 1)]
        found += [_Piece(spots[part], spots[part + 1], number, piece, part / parts, (part + 1) / parts) for part in range(parts)]
    return found


def _chunk(pieces: list[_Piece]) -> _Chunk:
    ends = [spot for piece in pieces for spot in (piece.start, piece.end)]
    middle = (sum(x for x, _, _ in ends) / len(ends), sum(y for _, y, _ in ends) / len(ends), sum(z for _, _, z in ends) / len(ends))
    return _Chunk(middle, max(math.dist(middle, spot) for spot in ends), pieces)


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

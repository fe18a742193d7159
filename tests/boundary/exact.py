# SPDX-License-Identifier: Apache-2.0
"""A slow and exact way to the distance from a point to a line, which shares nothing with `hamsaya.boundary`: what it is measured against.

- The distance between two points: the two integrals of the geodesic on the auxiliary sphere, by Gauss-Legendre quadrature instead of a
  series (F. W. Bessel 1825, in the form of C. F. F. Karney, J. Geodesy 87, 2013, equations 7 and 8).
- Whether that is the geodesic: the motion of a free body on the ellipsoid, integrated step by step in space, must arrive (Runge-Kutta).
- The nearest point: every vertex is looked at; a piece is left out only where no point of it can be nearer, because a chord is never
  longer than the way on the ground; on the pieces that are left, golden sections down to a tenth of a millimetre.

Also here: `planar_m`, what a flat map would say.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import pairwise

Point = tuple[float, float]
A, F = 6_378_137.0, 1 / 298.257223563
B = A * (1 - F)
GOLDEN = (math.sqrt(5) - 1) / 2


@lru_cache
def nodes(n: int = 12) -> tuple[tuple[float, float], ...]:
    """Return the roots of the Legendre polynomial of degree `n`, by Newton's method, each with its weight."""
    found = []
    for i in range(n):
        x = math.cos(math.pi * (i + 0.75) / (n + 0.5))
        for _ in range(100):
            before, here = 1.0, x
            for k in range(2, n + 1):
                before, here = here, ((2 * k - 1) * x * here - (k - 1) * before) / k
            slope = n * (x * here - before) / (x * x - 1)
            x -= here / slope
            if abs(here / slope) < 1e-16:
                break
        found.append((x, 2 / ((1 - x * x) * slope * slope)))
    return tuple(found)


def integral(of: Callable[[float], float], start: float, end: float) -> float:
    """Return the integral of a smooth function."""
    middle, half = (start + end) / 2, (end - start) / 2
    return half * sum(weight * of(middle + half * x) for x, weight in nodes())


def exact(one: Point, other: Point) -> tuple[float, float]:
    """Return the length of the geodesic in metres, and its azimuth at `one` in radians; for points less than 60° apart."""
    if one == other:
        return 0.0, 0.0
    low, high = (math.atan((1 - F) * math.tan(math.radians(lat))) for lat in (one[1], other[1]))
    sl, cl, sh, ch = math.sin(low), math.cos(low), math.sin(high), math.cos(high)
    apart = math.remainder(math.radians(other[0] - one[0]), 2 * math.pi)
    turn, before = apart, math.inf
    while True:
        east, north = ch * math.sin(turn), cl * sh - sl * ch * math.cos(turn)
        azimuth = math.atan2(east, north)
        root = math.hypot(math.cos(azimuth), math.sin(azimuth) * sl)
        across = math.sin(azimuth) * cl
        k2 = (2 - F) * F / (1 - F) ** 2 * root * root
        begin = math.atan2(sl, math.cos(azimuth) * cl)
        finish = begin + math.atan2(math.hypot(east, north), sl * sh + cl * ch * math.cos(turn))
        if turn == before or abs(turn - before) < 1e-15:
            return B * integral(partial(_length, k2), begin, finish), azimuth
        lag = integral(partial(_lag, k2), begin, finish)
        before, turn = turn, apart + F * across * lag


def _length(k2: float, sigma: float) -> float:
    return math.sqrt(1 + k2 * math.sin(sigma) ** 2)


def _lag(k2: float, sigma: float) -> float:
    return (2 - F) / (1 + (1 - F) * _length(k2, sigma))


def exact_m(one: Point, other: Point) -> float:
    """Return the length of the geodesic in metres."""
    return exact(one, other)[0]


def in_space(point: Point) -> tuple[float, float, float]:
    """Return a point of the ellipsoid in the earth-centred frame."""
    lon, lat = map(math.radians, point)
    w = math.sqrt((A * math.cos(lat)) ** 2 + (B * math.sin(lat)) ** 2)
    return A * A * math.cos(lat) * math.cos(lon) / w, A * A * math.cos(lat) * math.sin(lon) / w, B * B * math.sin(lat) / w


def arrival(start: Point, azimuth: float, length_m: float, steps: int = 400) -> tuple[float, float, float]:
    """Return where a free body is that moved so far on the ellipsoid: it is pushed along the normal only, which keeps it on the surface."""
    lon, lat = map(math.radians, start)
    ways = [
        math.sin(azimuth) * east + math.cos(azimuth) * north
        for east, north in zip(
            (-math.sin(lon), math.cos(lon), 0.0), (-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)), strict=True
        )
    ]
    scale = (1 / A**2, 1 / A**2, 1 / B**2)

    def moved(state: Sequence[float]) -> list[float]:
        place, speed = state[:3], state[3:]
        push = sum(s * v * v for s, v in zip(scale, speed, strict=True)) / sum((s * x) ** 2 for s, x in zip(scale, place, strict=True))
        return [*speed, *(-push * s * x for s, x in zip(scale, place, strict=True))]

    state, step = [*in_space(start), *ways], length_m / steps
    for _ in range(steps):
        k1 = moved(state)
        k2 = moved([x + step / 2 * k for x, k in zip(state, k1, strict=True)])
        k3 = moved([x + step / 2 * k for x, k in zip(state, k2, strict=True)])
        k4 = moved([x + step * k for x, k in zip(state, k3, strict=True)])
        state = [x + step / 6 * (a + 2 * b + 2 * c + d) for x, a, b, c, d in zip(state, k1, k2, k3, k4, strict=True)]
    return state[0], state[1], state[2]


class SlowLine:
    """A line of which the nearest point is found the slow way; between two points it is straight in longitude and latitude."""

    def __init__(self, polylines: Sequence[Sequence[Point]]) -> None:
        self.pieces = [pair for points in polylines for pair in pairwise(points)]
        self.spots = [(in_space(start), in_space(end)) for start, end in self.pieces]
        self.halves = [exact_m(start, end) / 2 + 1e-3 for start, end in self.pieces]

    def distance_m(self, point: Point) -> float:
        """Return the least exact distance to any point of the line."""
        here = in_space(point)
        chords = [min(math.dist(here, start), math.dist(here, end)) for start, end in self.spots]
        first = min(range(len(chords)), key=chords.__getitem__)
        best = min(exact_m(point, self.pieces[first][0]), exact_m(point, self.pieces[first][1]))
        near = sorted((chord - half, number) for number, (chord, half) in enumerate(zip(chords, self.halves, strict=True)) if chord - half <= best)
        for least, number in near:
            if least <= best:
                best = min(best, self._along(point, *self.pieces[number], self.halves[number], best))
        return best

    def _along(self, point: Point, start: Point, end: Point, half: float, best: float) -> float:
        ends = exact_m(point, start), exact_m(point, end)
        if min(ends) - half > best:
            return min(ends)

        def away(t: float) -> float:
            return exact_m(point, (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t))

        low, high = 0.0, 1.0
        inner, outer = 1 - GOLDEN, GOLDEN
        one, other = away(inner), away(outer)
        while (high - low) * half > 5e-5:
            if one < other:
                high, outer, other = outer, inner, one
                inner = high - GOLDEN * (high - low)
                one = away(inner)
            else:
                low, inner, one = inner, outer, other
                outer = low + GOLDEN * (high - low)
                other = away(outer)
        return min(*ends, one, other)


def planar_m(polylines: Sequence[Sequence[Point]], point: Point) -> float:
    """Return what a flat map would say: degrees as metres, by the radii of curvature at the point itself."""
    sin, cos = math.sin(math.radians(point[1])), math.cos(math.radians(point[1]))
    w = math.sqrt(1 - F * (2 - F) * sin * sin)
    east, north = math.radians(A * cos / w), math.radians(A * (1 - F * (2 - F)) / w**3)
    least = math.inf
    for points in polylines:
        flat = [((lon - point[0]) * east, (lat - point[1]) * north) for lon, lat in points]
        for (a, b), (c, d) in pairwise(flat):
            square = (c - a) ** 2 + (d - b) ** 2
            t = min(1.0, max(0.0, -(a * (c - a) + b * (d - b)) / square)) if square else 0.0
            least = min(least, math.hypot(a + (c - a) * t, b + (d - b) * t))
    return least


def points_along(polylines: Sequence[Sequence[Point]], n: int, seed: int) -> list[Point]:
    """Return random points along a line: anywhere on it, then in any direction from 1 cm to 200 km away, as many near as far."""
    draw = random.Random(seed)  # noqa: S311  (a test's own choice of points)
    pieces = [pair for points in polylines for pair in pairwise(points)]
    found = []
    for _ in range(n):
        start, end = draw.choice(pieces)
        t, way, away = draw.random(), draw.uniform(0, 2 * math.pi), 10 ** draw.uniform(-2, math.log10(200_000))
        lon, lat = start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t
        found.append((lon + math.degrees(away * math.sin(way) / (A * math.cos(math.radians(lat)))), lat + math.degrees(away * math.cos(way) / A)))
    return found

# SPDX-License-Identifier: Apache-2.0
"""A piece of a polyline, from one length along it to another. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hamsaya.boundary.measure import Point, geodesic_m


def length_m(points: Sequence[Point]) -> float:
    """Return how long the polyline of these points (degrees, longitude first) is, in metres on the ellipsoid."""
    return sum(geodesic_m(one, other) for one, other in pairwise(points))


def cut(points: Sequence[Point], from_m: float, to_m: float) -> list[Point]:
    """Return the piece between two lengths along the line, its ends included; empty where it is not that long."""
    piece: list[Point] = []
    gone = 0.0
    for one, other in pairwise(points):
        step = geodesic_m(one, other)
        for at in (from_m, to_m):
            if gone <= at <= gone + step and step > 0:
                share = (at - gone) / step
                found = (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)
                if found not in piece:
                    piece.append(found)
        if from_m < gone + step < to_m:
            piece.append(other)
        gone += step
    return piece if to_m <= gone + 1 else []

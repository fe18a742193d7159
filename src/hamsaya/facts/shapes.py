# SPDX-License-Identifier: Apache-2.0
"""A place that is a line or an area (law 9): as points are typed one after the other, and with the circle that holds them.

Points are parted by semicolons. Where the last one is the first again, they are the corners of an area; else they are a line.
"""

from __future__ import annotations

import math
from typing import Final

from hamsaya.facts.errors import InputError
from hamsaya.facts.points import Area, distance_m, parse_point, precision_of
from hamsaya.facts.values import Corner, Place
from hamsaya.facts.words import say

MAX_POINTS: Final = 100
"""Of a place that is a line or an area."""
SPHERE: Final = 1.006
"""So far a distance on a sphere may be off."""
_FEWEST_CORNERS: Final = 3
_HALF_TURN: Final = 180_000_000


def parse_shape(text: str, words: str, area: Area | None = None) -> Place | None:
    """Return the line or the area that the folded `text` writes, or None where it writes none. Raises `InputError` for bad points.

    >>> parse_shape("61.1, 29.2; 61.3, 29.2", "").along
    ((61100000, 29200000), (61300000, 29200000))
    """
    parts = [part.strip() for part in text.strip().strip(";").split(";")]
    if len(parts) < 2 or len(parts) > MAX_POINTS + 1:
        return None
    points = [parse_point(part, area) for part in parts]
    if any(point is None for point in points):
        return None
    read = [point for point in points if point is not None]
    corners = tuple((point.lon_udeg, point.lat_udeg) for point in read)
    exact = max(point.radius_m for point in read)
    closed = corners[0] == corners[-1] and len(corners) > 2
    if closed and len(set(corners)) < _FEWEST_CORNERS:
        raise InputError(say("An area needs three different corners."))
    if not closed and len(set(corners)) < 2:
        raise InputError(say("A line needs two different points."))
    return shaped(words, corners[:-1] if closed else corners, closed=closed, exact_m=exact)


def shaped(words: str, points: tuple[Corner, ...], *, closed: bool, exact_m: int = 1) -> Place:
    """Return the place that is this line, or with `closed` this area; its points are known to `exact_m` metres."""
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    if east - west > _HALF_TURN:  # over the antimeridian, by the shorter way
        laid = [lon % (2 * _HALF_TURN) for lon, _ in points]
        west, east = min(laid), max(laid)
    lon = (round((west + east) / 2) + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN
    lat = round((min(lat for _, lat in points) + max(lat for _, lat in points)) / 2)
    radius = math.ceil(max(distance_m((lon, lat), each) for each in points) * SPHERE) + exact_m
    return Place(
        words=words, precision=precision_of(radius), lon_udeg=lon, lat_udeg=lat, radius_m=radius,
        along=() if closed else points, around=points if closed else (),
    )  # fmt: skip


def is_outline(place: Place) -> bool:
    """Say whether the points of a line or an area are as many as they may be, of one of the two, and within the place's radius.

    What asks the circle, such as the area of an agreement, then asks them as well. A place without such points has none amiss.
    """
    if not place.along and not place.around:
        return True
    points = place.along or place.around
    if (place.along and place.around) or not (2 if place.along else _FEWEST_CORNERS) <= len(points) <= MAX_POINTS:
        return False
    if place.lon_udeg is None or place.lat_udeg is None or place.radius_m is None:
        return False
    return all(distance_m((place.lon_udeg, place.lat_udeg), each) <= place.radius_m * SPHERE + 1 for each in points)

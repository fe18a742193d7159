# SPDX-License-Identifier: Apache-2.0
"""Values made coarser on their way out: places, depths, numbers and times, so that what leaves is never more exact than agreed.

Coarsening twice gives what coarsening once gave, and the true value always lies within what leaves.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import msgspec

from hamsaya.agreement.limits import Exactness
from hamsaya.facts.values import Count, Depth, Moment, Place, Value

_METRES_A_DEGREE = 111_320
_POLE_UDEG = 90_000_000
_DAY_MIN = 1_440
_SITE_M = 1_000
_FLOOR = datetime(1, 1, 1, tzinfo=UTC)


def coarsen(value: Value, exact: Exactness) -> Value:
    """Return `value` as coarse as `exact` asks for; 0 in it asks for nothing."""
    if exact.place_m and isinstance(value, Place):
        return coarsen_place(value, exact.place_m)
    if exact.place_m and isinstance(value, Depth):
        return coarsen_depth(value, exact.place_m)
    if exact.time_min and isinstance(value, Moment):
        return coarsen_time(value, exact.time_min)
    if exact.number_step > 1 and isinstance(value, Count):
        return coarsen_count(value, exact.number_step)
    return value


def coarsen_place(place: Place, place_m: int) -> Place:
    """Return `place` with its point on a grid of `place_m` metres, and a radius that still holds the true point.

    Words and names of a place that was more exact than that stay at home, since they would tell it; the points of a line or an area always do.
    """
    place = msgspec.structs.replace(place, along=(), around=()) if place.along or place.around else place
    if place.lon_udeg is None or place.lat_udeg is None:
        exact = place.precision in ("exact", "site", "settlement")
        return msgspec.structs.replace(place, words="", name="", ref="", district="") if exact and place_m > _SITE_M else place
    step = max(1, round(place_m * 1_000_000 / _METRES_A_DEGREE))
    lat = max(-_POLE_UDEG, min(_POLE_UDEG, round(place.lat_udeg / step) * step))
    across = max(1, round(step / max(math.cos(math.radians(lat / 1e6)), 0.01)))  # a degree of longitude is shorter there
    lon = max(-2 * _POLE_UDEG, min(2 * _POLE_UDEG, round(place.lon_udeg / across) * across))
    known = place.radius_m or 0
    if known < place_m:
        place = msgspec.structs.replace(place, words="", name="", ref="", district="")
    radius = max(known, place_m) if (lon, lat) == (place.lon_udeg, place.lat_udeg) else known + place_m  # a point moves by less than `place_m`
    return msgspec.structs.replace(place, lon_udeg=lon, lat_udeg=lat, radius_m=radius)


def coarsen_depth(depth: Depth, place_m: int) -> Depth:
    """Return `depth` widened outward to whole steps of `place_m` metres; the words of one that was more exact stay at home."""
    low = depth.low_m - depth.low_m % place_m
    high = None if depth.high_m is None else depth.high_m + -depth.high_m % place_m
    if (low, high) == (depth.low_m, depth.high_m):
        return depth
    return msgspec.structs.replace(depth, low_m=low, high_m=high, words="")


def coarsen_count(count: Count, step: int) -> Count:
    """Return `count` widened outward to whole steps of `step`; the words of one that was more exact stay at home."""
    low = count.low - count.low % step
    high = None if count.high is None else count.high + -count.high % step
    if (low, high) == (count.low, count.high):
        return count
    return msgspec.structs.replace(count, low=low, high=high, words="")


def coarsen_time(moment: Moment, time_min: int) -> Moment:
    """Return `moment` widened outward to whole steps of `time_min` minutes, counted from UTC midnight of year 1.

    The words of a moment that was more exact than that stay at home, since they would tell it.
    """
    if moment.start is None or moment.end is None:
        if time_min <= 1:
            return moment
        return msgspec.structs.replace(moment, words="", month_day="" if time_min > _DAY_MIN else moment.month_day)
    step = timedelta(minutes=time_min)
    start = moment.start - (moment.start - _FLOOR) % step
    end = moment.end + (_FLOOR - moment.end) % step
    if (start, end) == (moment.start, moment.end):
        return moment
    return msgspec.structs.replace(moment, start=start, end=end, words="", derivation="", anchor="", month_day="")

# SPDX-License-Identifier: Apache-2.0
"""Where a section runs: points that an officer gives, or a piece of a line that this node knows, told in kilometres along it."""

from __future__ import annotations

import re
from itertools import chain
from typing import Final

from hamsaya.boundary.cutting import cut
from hamsaya.boundary.measure import Point
from hamsaya.desk.ports import Node
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.values import Corner
from hamsaya.facts.words import say

MOST_POINTS: Final = 500
_UDEG: Final = 1_000_000
_NUMBER: Final = r"-?\d{1,3}(?:\.\d{1,8})?"
_POINT: Final = re.compile(rf"({_NUMBER})\s*,\s*({_NUMBER})", re.ASCII)
_KM: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*[-–]\s*(\d{1,5}(?:\.\d{1,3})?)", re.ASCII)
_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫،", "01234567890123456789.,")


def line_of(node: Node, points: str, line: str, km: str) -> tuple[list[Corner], str]:
    """Return the points of a section in microdegrees, and by which line it was told; both empty where neither is given. Raises `InputError`."""
    points, km = points.translate(_DIGITS).strip(), km.translate(_DIGITS).strip()
    if points and line:
        raise InputError(say("Give the points of a section, or a line and from where to where; not both."))
    if points:
        return _typed(points), ""
    if not line:
        return [], ""
    ruler = next((each for each in node.lines() if each.line.id == line), None)
    if ruler is None:
        raise NotFound(say("This node knows no line {came}.", came=line[:40]), say("The page “Lines” shows those that it knows."))
    found = _KM.fullmatch(km)
    if found is None or float(found[1]) >= float(found[2]):
        raise InputError(
            say("Say from where to where along the line, in kilometres, such as {example}; this came: {came}", example="10-60", came=km[:40])
        )
    whole: list[Point] = []
    for point in chain.from_iterable(stretch.points for stretch in ruler.line.stretches):
        if not whole or whole[-1] != point:
            whole.append(point)
    piece = cut(whole, float(found[1]) * 1000, float(found[2]) * 1000)
    if not piece:
        raise InputError(say("The line {name} is not that long.", name=ruler.line.name))
    step = max(1, -(-len(piece) // MOST_POINTS))
    kept = [*piece[:-1:step], piece[-1]]
    return [(round(lon * _UDEG), round(lat * _UDEG)) for lon, lat in kept], f"{ruler.line.name} ({ruler.line.version}), {found[1]}–{found[2]} km"


def _typed(points: str) -> list[Corner]:
    found = [(float(lon), float(lat)) for lon, lat in _POINT.findall(points)]
    left = re.sub(r"[\s;]", "", _POINT.sub("", points))
    if left or not 2 <= len(found) <= MOST_POINTS or any(abs(lon) > 180 or abs(lat) > 90 for lon, lat in found):
        raise InputError(say("The points of a section are given as longitude,latitude in degrees, at least two: {example}. This came: {came}",
                             example="61.4,29.0 61.5,29.3", came=points[:60]))  # fmt: skip
    return [(round(lon * _UDEG), round(lat * _UDEG)) for lon, lat in found]

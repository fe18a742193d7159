# SPDX-License-Identifier: Apache-2.0
"""Times and areas of what is planned, as an officer types them: `2027-01-21 06:00 – 2027-01-24 18:00`, corners parted by semicolons.

- A time planned lies ahead, and ends after it begins.
- An area has three different corners or more in their order, holds no pole, and takes the shorter way over the antimeridian.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from hamsaya.boundary.rings import crossing, doubled_area, unrolled, winds
from hamsaya.desk.ports import Node
from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Moment, Place
from hamsaya.facts.words import say

_FROM_TO: Final = re.compile(r"\s+(?:–|—|-|to|تا|سے)\s+|\s*–\s*")
_NEAR_POLE: Final = 89_000_000


def read_window(node: Node, text: str, what: str = "") -> Moment:
    """Return the time that is meant, with what is done then in `words`. Raises `InputError`."""
    parts = [part.strip() for part in _FROM_TO.split(text.strip()) if part.strip()]
    if len(parts) != 2:
        raise InputError(
            say("This is no time from – to: {came}", came=text[:60]),
            say("Write it like this: {example}", example="2027-01-21 06:00 – 2027-01-24 18:00"),
        )
    start, end = (node.dictation.due(part, zone=node.zone, now=node.now()) for part in parts)
    if start.start is None or end.end is None or end.end <= start.start:
        raise InputError(say("It ends before it begins: {came}", came=text[:60]))
    return Moment(start=start.start, end=end.end, precision="minute", zone=node.zone, words=what[:200], derivation="by-officer")


def read_area(node: Node, text: str, what: str = "") -> Place:
    """Return the area of these corners, with what it is of in `words`. Raises `InputError`."""
    read = node.dictation.place(text, ref="", language="en")
    corners = read.place.around if read.place is not None else ()
    if read.place is None or not corners:
        raise InputError(
            say("This is no area: {came}", came=text[:60]), say("Give the corners, parted by semicolons, the first one again at the end.")
        )
    laid = unrolled(corners)
    if winds(corners) or any(abs(lat) > _NEAR_POLE for _, lat in corners):
        raise InputError(say("An area that holds a pole cannot be checked."))
    if len(set(laid)) != len(laid) or crossing(laid) is not None or not doubled_area(laid):
        raise InputError(say("The corners are not in order: the edge of this area crosses itself."))
    return msgspec.structs.replace(read.place, words=what[:200] or read.place.words)

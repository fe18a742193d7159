# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about copies whose time has run out. What is erased then, `acts_erasures.CopyErased` says."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.event import Event
from hamsaya.exchange.retention import CopyHeld


class DueOrdered(Event, frozen=True, kw_only=True):
    """The first half: an officer orders that exactly these copies be erased, since their time has run out. Its entry's number names it."""

    items: list[tuple[str, int]]


class DueDecided(Event, frozen=True, kw_only=True):
    """The second half: another officer erased these of them, or declined. What is not among them was held, or gone before."""

    order: int
    erase: bool
    erased: list[tuple[str, int]] = msgspec.field(default_factory=list)


class HoldMade(Event, frozen=True, kw_only=True):
    """A copy is kept beyond its time, or is no longer."""

    held: CopyHeld


class HoldReviewed(Event, frozen=True, kw_only=True):
    """A second person says that a hold is fine, or ends it."""

    log: str
    seq: int
    number: int
    fine: bool


EVENTS: Final[dict[str, type[Event]]] = {
    "due.ordered": DueOrdered,
    "due.decided": DueDecided,
    "hold.made": HoldMade,
    "hold.reviewed": HoldReviewed,
}
"""Their lines of `desk.events.EVENTS`."""

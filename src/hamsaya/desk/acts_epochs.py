# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about logs that were begun anew (`exchange/epochs.py`)."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.event import Event
from hamsaya.exchange.bundle import SentEntry
from hamsaya.exchange.letters import Mark


class EpochOpened(Event, frozen=True, kw_only=True):
    """An officer lets the logs to a neighbour go on under an epoch; what stands in the closed ones beyond their marks is sent anew."""

    neighbour: str
    epoch: str
    reason: str
    closed: list[Mark]


class LostEntryFound(Event, frozen=True, kw_only=True):
    """A neighbour gave back an entry of a closed log of ours that is not here: lost with the set-back, and known to that neighbour.

    `entry` is what we had signed, with its content.
    """

    log: str
    seq: int
    entry: SentEntry
    giver: str


class EpochSettled(Event, frozen=True, kw_only=True):
    """The neighbour has given back all that it holds of the logs that were closed."""

    neighbour: str
    epoch: str


EVENTS: Final[dict[str, type[Event]]] = {
    "epoch.opened": EpochOpened,
    "epoch.lost": LostEntryFound,
    "epoch.settled": EpochSettled,
}

# SPDX-License-Identifier: Apache-2.0
"""Logs that were begun anew, as a node holds them, and what the desk asks of the ledger about them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from hamsaya.exchange.bundle import SentEntry
from hamsaya.exchange.letters import Mark


class EpochHeld(msgspec.Struct, frozen=True, kw_only=True):
    """The logs from `sender` to `receiver` go on under this epoch; the newest of a pair is the one in use."""

    sender: str
    receiver: str
    epoch: str
    reason: str
    office: str
    at: datetime
    closed: list[Mark]
    settled: bool
    """Of our own: whether the neighbour has given back all that it holds of the closed logs."""


class LostEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of our own that was lost with a set-back and is known to the neighbour, which gave it back."""

    log: str
    seq: int
    kind: str
    release: str
    record: str
    version: str
    at: datetime
    giver: str
    entry: SentEntry


class EpochBook(Protocol):
    """Reading epochs."""

    def epochs(self) -> list[EpochHeld]:
        """Return the epochs that are known here, ours and those of neighbours, the first one first."""

    def epoch_of(self, sender: str, receiver: str) -> str:
        """Return the epoch in use, empty where the first logs are."""

    def current_log(self, log: str) -> str:
        """Return the name under which a link or release log goes on now; of any other log, its own."""

    def closed_at(self, log: str) -> int | None:
        """Return up to which size a log counts that goes on under another name; None for one that is in use, or of an epoch not known here."""

    def is_begun(self, log: str) -> bool:
        """Say whether the epoch of a log is known here; a first log needs none."""

    def lost_entries(self) -> list[LostEntry]:
        """Return what came back of closed logs of ours, by log and number."""

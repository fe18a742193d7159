# SPDX-License-Identifier: Apache-2.0
"""Copies that neighbours released to this node and until when they may be kept, as the ledger holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """Which copies are asked for: of these logs and kinds, released at `up_to` or earlier, and before `before`."""

    logs: list[str]
    kinds: list[str]
    up_to: datetime
    before: datetime | None


class CopyHere(msgspec.Struct, frozen=True, kw_only=True):
    """What a neighbour released as entry `seq` of `log`, with its content here."""

    log: str
    seq: int
    sender: str
    kind: str
    """The kind of the record; empty where it could not be read."""
    released_at: datetime
    quarantined: bool


class CopyHoldHeld(msgspec.Struct, frozen=True, kw_only=True):
    """That a copy is kept beyond its time, as the receiver signed it, and what a second person there said of it."""

    log: str
    seq: int
    number: int
    reason: str
    until: datetime
    office: str
    at: datetime
    by: str
    """Login of who held it; known at the receiver alone."""
    outcome: Literal["", "fine", "ended"]
    reviewed_by: str
    """The office that reviewed it; known at the receiver alone."""
    reviewed_at: datetime | None

    def stands(self, now: datetime) -> bool:
        """Say whether it has not ended."""
        return now < self.until


class DueOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order to erase copies whose time has run out, and what the second officer made of it."""

    number: int
    items: list[tuple[str, int]]
    state: Literal["ordered", "declined", "erased"]
    ordered_by: str
    """Login of the first officer: the second must be another person."""
    ordered_office: str
    ordered_at: datetime
    decided_office: str
    decided_at: datetime | None
    erased: list[tuple[str, int]]
    """Those that went: not what was held by then, or erased before."""


class RetentionBook(Protocol):
    """Reading what may be kept until when. Part of `desk.ports.Book`."""

    def copies_here(self, cuts: Sequence[Cut], limit: int = 0) -> list[CopyHere]:
        """Return the copies here that one of these cuts asks for, those released first in front; at most `limit` if that is not 0."""

    def count_copies(self, cuts: Sequence[Cut]) -> int:
        """Return how many there are."""

    def copy_holds(self, *, log: str = "", seq: int = -1) -> list[CopyHoldHeld]:
        """Return the last hold on each copy, of ours and of neighbours'; of one entry if asked."""

    def due_orders(self, *, number: int = -1) -> list[DueOrder]:
        """Return the orders to erase what ran out, the newest first; that with this number if asked."""

    def sent_unerased(self, log: str, before: int) -> list[tuple[int, str]]:
        """Return the releases of one of our logs before an entry whose receiver has not said that the copy is gone: entry, and kind of record."""

    def derived_records(self) -> list[str]:
        """Return the records of ours that rest on another party's."""

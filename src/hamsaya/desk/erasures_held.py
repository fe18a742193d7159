# SPDX-License-Identifier: Apache-2.0
"""What was erased or is to be, as both nodes hold it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from hamsaya.exchange.erasures import ErasureConfirmed


class ErasureHeld(msgspec.Struct, frozen=True, kw_only=True):
    """Entry `seq` of release log `log`, from `by` to `to`, is to be erased; with the confirmation once there is one.

    `asked`: its sender asked. Otherwise the receiver erased it by a clause, which the confirmation names; `office` is empty then and
    `at` the time that had run out.
    """

    log: str
    seq: int
    by: str
    to: str
    record: str
    version: int
    reason: str
    office: str
    at: datetime
    confirmed: ErasureConfirmed | None = None
    asked: bool = True


class OrderHeld(msgspec.Struct, frozen=True, kw_only=True):
    """An order to erase a record of ours, and what the second officer made of it."""

    record: str
    reason: str
    state: Literal["ordered", "declined", "erased"]
    ordered_by: str
    """Login of the first officer: the second must be another person."""
    ordered_office: str
    ordered_at: datetime
    decided_office: str
    decided_at: datetime | None


class ErasureBook(Protocol):
    """Reading what was erased. Part of `desk.ports.Book`."""

    def erasures(self, *, record: str = "", log: str = "", asked: bool = False) -> list[ErasureHeld]:
        """Return what is or was to be erased at its receiver, of ours and of neighbours, with the confirmations, in the order in which it came.

        Of one record or one log if asked; with `asked`, only what a sender asked for.
        """

    def erasure_of(self, log: str, seq: int) -> ErasureHeld | None:
        """Return what was asked of an entry, or None."""

    def erasure_orders(self, *, record: str = "") -> list[OrderHeld]:
        """Return the orders to erase records of ours, of one record if asked, oldest first."""

    def entries_naming(self, names: list[str]) -> list[tuple[str, int]]:
        """Return the places of the entries of the journal, and of our own logs of releases, whose content holds one of these names."""

    def records_naming(self, document: str) -> list[str]:
        """Return the records of ours that rest on a document, and still say what they said."""

# SPDX-License-Identifier: Apache-2.0
"""What a node remembers of moves on matters, its own and those of neighbours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import msgspec

from hamsaya.desk.sheets import SHEET, Sheet


class MoveHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A signed move on the matter that record `matter` opened, by party `by`, and the entry of the log that brought it."""

    matter: str
    by: str
    party: str
    """The neighbour with whom it is."""
    move: str
    ref: str
    seen: str
    on: str
    office: str
    at: datetime
    log: str
    seq: int


class MatterBook(Protocol):
    """Reading matters. Part of `desk.ports.Book`."""

    def openings(self, kinds: Collection[str]) -> list[tuple[str, str]]:
        """Return the records of these kinds, newest first: the record, and from whom it came (empty for our own)."""

    def openings_page(self, kinds: Collection[str], after: str = "", limit: int = SHEET) -> Sheet[str]:
        """Return a sheet of the records of these kinds, newest first."""

    def moves_on(self, matter: str) -> list[MoveHeld]:
        """Return the signed moves on a matter, in the order in which they came."""

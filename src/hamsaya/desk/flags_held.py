# SPDX-License-Identifier: Apache-2.0
"""Rights flags as the ledger holds them, and how they are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from hamsaya.desk.acts_flags import Told
from hamsaya.desk.sheets import SHEET, Sheet


class FlagHeld(msgspec.Struct, frozen=True, kw_only=True):
    """That one version of an account raised the flag of an incident, and, once it is closed, by whom, when and why."""

    told: Told
    incident: str
    """The incident under the name under which it goes on."""
    number: int
    """The journal entry that raised it."""
    at: datetime
    by: str
    """The login of whoever filed the account here; empty where it came from a neighbour."""
    closed_by: str
    """The office; empty while it is open."""
    closed_at: datetime | None
    reason: str


class FlagBook(Protocol):
    """Reading rights flags."""

    def flags_of(self, incidents: Sequence[str]) -> dict[str, list[FlagHeld]]:
        """Return what raised the flags of those of these incidents that have one, oldest first. Names are those they go on under."""

    def flagged_page(self, *, closed: bool = False, after: str = "", limit: int = SHEET) -> Sheet[str]:
        """Return a sheet of the incidents whose flag is open, or closed, the one that was raised last first."""

    def incident_names(self, incidents: Collection[str]) -> dict[str, str]:
        """Return the name under which each of these incidents goes on after it was linked."""

    def open_flags(self) -> int:
        """Return how many incidents stand under an open flag."""

# SPDX-License-Identifier: Apache-2.0
"""Sections of the border as the ledger holds them: definitions, what was said of days, levels."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from hamsaya.facts.values import Corner


class SectionHeld(msgspec.Struct, frozen=True, kw_only=True):
    """One definition of a section of this node, or its end."""

    section: str
    number: int
    """The journal entry."""
    name: str
    path: list[Corner]
    line: str
    reach_km: int
    neighbours: list[str]
    ended: bool
    office: str
    at: datetime


class DaySaidHeld(msgspec.Struct, frozen=True, kw_only=True):
    """What party `by` said of a day, to or as the neighbour `party`; of this node's own, `party` is also itself, where it is noted for the house."""

    by: str
    party: str
    section: str
    day: str
    said: str
    office: str
    at: datetime
    log: str
    seq: int


class LevelHeld(msgspec.Struct, frozen=True, kw_only=True):
    """The impact level of a section from a time on, and why."""

    section: str
    number: int
    level: str
    reason: str
    office: str
    at: datetime


class SectionBook(Protocol):
    """Reading sections. Part of `desk.ports.Book`."""

    def section_definitions(self, section: str = "") -> list[SectionHeld]:
        """Return every definition and end of sections, of one if asked, oldest first."""

    def section_days(self, *, section: str = "", since: str = "") -> list[DaySaidHeld]:
        """Return what was said of days, by every side, in order of days: of one section, or of days from `since` on, if asked.

        The words that begin and end daily reports are always among them.
        """

    def section_levels(self, section: str = "") -> list[LevelHeld]:
        """Return the levels of sections, of one if asked, oldest first."""

# SPDX-License-Identifier: Apache-2.0
"""What the agenda of a meeting holds: matters that are overdue, matters that are open, incidents since the last meeting (F32)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from hamsaya.facts.words import Text, say

Part = Literal["overdue", "open", "incident"]
PARTS: Final[dict[Part, Text]] = {
    "overdue": say("Overdue"), "open": say("Open"), "incident": say("Incidents since the last meeting"),
}  # fmt: skip


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One item of an agenda: a matter, or an incident."""

    part: Part
    name: str
    kind: str
    """The kind of the matter; empty for an incident."""
    about: str = ""
    """The beginning of what it says of itself, in the words of whoever opened it."""
    state: str = ""
    clock: str = ""
    """Which clock runs, or ran out; empty for none."""
    owed_by: str = ""
    """The party that owes what the clock counts."""
    due_at: datetime | None = None
    happened: str = ""
    """Of an incident: the ISO day on which it was first said to have happened; empty where none is told."""


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    """What an agenda holds. `more` items are open beyond those that are shown."""

    party: str
    since: datetime | None
    """When the last meeting with that neighbour was held; None where none is on record."""
    items: list[Item]
    more: int

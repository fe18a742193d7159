# SPDX-License-Identifier: Apache-2.0
"""The escalation ladder: how high what is overdue has gone, on both nodes alike (F27).

    due ──▶ post ──N min──▶ sector ──N min──▶ commander ──N min──▶ commission, and no further
    met: it comes down, and how high it had gone stays told

1. The level follows from signed times alone: how often N minutes went by since what is due was due. Nobody raises it and nobody sends
   it; both nodes hold the same times, so both tell the same level, to the second.
2. It moves nothing (law 16). It says which office of either side is the next to pick up the telephone.
3. N, and who speaks at which level, stand in the agreement: the text that was in force when the matter was opened. A later amendment
   neither lowers nor raises what runs. Without N there is no ladder; without named levels there are the four below.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hamsaya.facts.words import Language, Text, say
from hamsaya.settlement.course import Running


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One level: its name, and the office of each party that speaks at it, where the agreement names them."""

    name: Text
    called: Mapping[Language, str] = {}
    """Its name as the agreement has it; empty for a level of the house."""
    offices: Mapping[str, str] = {}


RUNGS: Final = (
    Rung(name=say("post")),
    Rung(name=say("sector")),
    Rung(name=say("commander")),
    Rung(name=say("commission")),
)
"""The levels where the agreement names none, lowest first."""


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """The ladder of one matter: after how many minutes the next level, 0 for none, and the levels."""

    every_min: int = 0
    rungs: tuple[Rung, ...] = RUNGS

    def level(self, clock: Running, now: datetime) -> Level | None:
        """Return how high a clock has gone, or had gone when it was met; None where it was in time, or there is no ladder."""
        until = clock.met_at or now
        if not self.every_min or not self.rungs or until <= clock.due_at:
            return None
        step, top = timedelta(minutes=self.every_min), len(self.rungs) - 1
        number = min(top, (until - clock.due_at) // step)
        climbs = number < top and clock.met_at is None
        return Level(
            number=number, rung=self.rungs[number], clock=clock.name, since=clock.due_at + number * step,
            next_at=clock.due_at + (number + 1) * step if climbs else None,
        )  # fmt: skip

    def highest(self, clocks: list[Running], now: datetime) -> Level | None:
        """Return the highest level of the clocks that still run; of two alike, the one that stands there longer."""
        running = [level for clock in clocks if clock.met_at is None and (level := self.level(clock, now)) is not None]
        return min(running, key=lambda level: (-level.number, level.since), default=None)


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """How high something has gone: which rung, from 0, by which clock, since when, and when it goes on."""

    number: int
    rung: Rung
    clock: str
    since: datetime
    next_at: datetime | None
    """None at the highest, and for what was met."""

# SPDX-License-Identifier: Apache-2.0
"""Matters in which something is overdue, as `doctor` tells of them: numbers, levels and names of parties, no word of any record.

Whoever owes it is warned; at the other desk it is a note. Every matter is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from hamsaya.desk.docket import docket
from hamsaya.desk.finding import Finding, note, warning
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.words import Text, say
from hamsaya.settlement.escalation import Level


def matters(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    """Tell in how many matters something is overdue, by us and by each neighbour, and how high that has gone."""
    late: dict[tuple[bool, str], list[Level | None]] = defaultdict(list)
    for matter in docket(node, book):
        for ours in (True, False):
            overdue = [clock for clock in matter.owed if clock.late_s(now) > 0 and matter.owes(clock) == ours]
            if overdue:
                late[ours, matter.party].append(matter.ladder.highest(overdue, now))
    for (ours, party), levels in sorted(late.items()):
        high = max((level for level in levels if level), key=lambda level: level.number, default=None)
        if ours:
            yield warning(
                "matter-overdue", _told(
                    say("In {n} matters with {party} something that this node owes is overdue.", n=len(levels), party=party), high),
                say("`hamsaya matter list` shows them: acknowledge, answer or confirm."),
            )  # fmt: skip
        else:
            yield note(
                "matter-awaited", _told(say("In {n} matters with {party} something that it owes is overdue.", n=len(levels), party=party), high),
                say("`hamsaya matter list` shows them; ask the neighbour, at the level that it has gone to."),
            )  # fmt: skip


def _told(what: Text, level: Level | None) -> Text:
    return say("{what} It has gone to the level: {level}.", what=what, level=level.rung.name) if level else what

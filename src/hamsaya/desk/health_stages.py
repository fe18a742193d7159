# SPDX-License-Identifier: Apache-2.0
"""Reports on accounts that are overdue, as `doctor` tells of them: numbers and names of parties, no word of any record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from hamsaya.desk.finding import Finding, note, warning
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.stages import owed_reports
from hamsaya.facts.words import say


def reports(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    """Tell of how many accounts a report is overdue, by us and by each neighbour."""
    late = Counter((clock.ours, clock.party) for clock in owed_reports(node, book) if "overdue" in clock.states(now))
    for (ours, party), number in sorted(late.items()):
        if ours:
            yield warning(
                "report-overdue", say("Of {n} accounts a formal or final report to {party} is overdue.", n=number, party=party),
                say("`hamsaya incident overdue` lists them; file the next stage, and release it."),
            )  # fmt: skip
        else:
            yield note(
                "report-awaited", say("Of {n} accounts a formal or final report of {party} is overdue.", n=number, party=party),
                say("`hamsaya incident overdue` lists them; ask the neighbour."),
            )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Reports on accounts that are due, overdue, or came late: ours and the neighbours', by the same times on both desks."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.stages import MOST, owed_reports
from hamsaya.web.data import builtins
from hamsaya.web.names import party_names
from hamsaya.web.stages import ClockRow, clock_row
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit

_SHOWN: Final = 300


class OverdueView(msgspec.Struct, frozen=True, kw_only=True):
    """What overdue.html receives. `ours` is what this node owes, `theirs` what neighbours owe it; what is due first stands in front."""

    ours: list[ClockRow]
    theirs: list[ClockRow]
    overdue: int
    whole: bool
    """Whether those are shown too of which every report has come."""
    more: int
    """How many are not shown."""


def show_overdue(desk: Desk, visit: Visit) -> Answer:
    """Show the list."""
    whole = visit.query.get("all", "") == "yes"
    with desk.node.ledger.reading() as book:
        clocks = owed_reports(desk.node, book, done=whole, limit=MOST)
        names = party_names(book, visit.language)
    rows = [clock_row(clock, names.get(clock.party, clock.party), visit.now) for clock in clocks[:_SHOWN]]
    view = OverdueView(
        ours=[row for row in rows if row.clock.ours], theirs=[row for row in rows if not row.clock.ours], whole=whole,
        overdue=sum("overdue" in clock.states(visit.now) for clock in clocks), more=len(clocks) - len(rows),
    )  # fmt: skip
    data = {"exercise": desk.node.exercise, "overdue": view.overdue, "accounts": [clock_data(row) for row in rows], "more": view.more}
    return Page(template="overdue.html", view=view, data=data)


def clock_data(row: ClockRow) -> dict[str, object]:
    """Return an account's clocks as plain data."""
    told = builtins(row.clock)
    return {**told, "reports": [{**builtins(each.report), "state": str(each.badge.label)} for each in row.reports], "overdue": row.overdue}


ROUTES = [Route("GET", "/overdue", "read", show_overdue)]

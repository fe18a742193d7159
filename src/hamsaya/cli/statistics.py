# SPDX-License-Identifier: Apache-2.0
"""`hamsaya statistics`: figures of a period that both nodes print alike."""

from __future__ import annotations

import sys
from datetime import UTC, timedelta
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import plain, result
from hamsaya.desk.filters import read_day
from hamsaya.desk.statistics import Row, statistics
from hamsaya.desk.statistics_csv import write_csv

_A_MINUTE = 60


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("statistics")(statistics_)


def statistics_(
    since: Annotated[str, typer.Option("--from", help="The first day, of either calendar, by UTC; 30 days before the last if none is given.")] = "",
    until: Annotated[str, typer.Option("--to", help="The last day; it must be over by UTC. Yesterday if none is given.")] = "",
    party: Annotated[str, typer.Option(help="With this neighbour only.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV: both nodes print the same bytes.")] = False,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Count what both nodes hold of a period: matters and how long their answers took, releases, refusals, calls, silent days.

    Example: hamsaya statistics --from 2026-10-01 --to 2026-10-31 --csv
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        now = opened.node.now().astimezone(UTC)
        last = read_day(until, "--to") if until else now.date() - timedelta(days=1)
        first = read_day(since, "--from") if since else last - timedelta(days=29)
        told = statistics(opened.node, book, first, last, party)
    if csv:
        sys.stdout.buffer.write(write_csv(told))
        return
    heads = ("table", "between", "by", "kind", "what", "count", "in time", "late", "overdue", "running", "range", "took")
    result({"first": told.first, "last": told.last, "rows": [plain(row) for row in told.rows]},
           lines=[f"{told.first} – {told.last} (UTC)"], table=(heads, [_row(row) for row in told.rows]))  # fmt: skip


def _row(row: Row) -> tuple[object, ...]:
    took = f"{row.took.least_s // _A_MINUTE} – {row.took.median_s // _A_MINUTE} – {row.took.most_s // _A_MINUTE} min" if row.took.count else "—"
    high = "…" if row.high is None else row.high
    reach = "—" if row.table != "told" else f"{row.low}" if row.low == row.high else f"{row.low}–{high}"
    return (row.table, row.between, row.by, row.kind, row.what, row.count, row.in_time, row.late, row.overdue, row.running, reach, took)

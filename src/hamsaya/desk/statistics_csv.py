# SPDX-License-Identifier: Apache-2.0
"""The figures as CSV (RFC 4180, UTF-8): one line a row, the same bytes on both nodes.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection): names of sections are a neighbour's.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from hamsaya.desk.statistics import Row, Statistics

HEADS: Final = (
    "data", "first", "last", "table", "between", "by", "kind", "what", "count", "in_time", "late", "overdue", "running", "low", "high",
    "took_count", "took_least_s", "took_quarter_s", "took_median_s", "took_three_quarters_s", "took_most_s",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def write_csv(told: Statistics) -> bytes:
    """Return the figures as CSV. An upper bound that is open is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in told.rows:
        writer.writerow([safe(cell) for cell in _cells(told, row)])
    return out.getvalue().encode()


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cells(told: Statistics, row: Row) -> list[str]:
    took = row.took
    numbers = (row.count, row.in_time, row.late, row.overdue, row.running, row.low)
    spread = (took.count, took.least_s, took.quarter_s, took.median_s, took.three_quarters_s, took.most_s)
    return [
        "EXERCISE" if told.exercise else "real", told.first.isoformat(), told.last.isoformat(), row.table, row.between, row.by, row.kind, row.what,
        *map(str, numbers), "" if row.high is None else str(row.high), *map(str, spread),
    ]  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""How things are measured: the median of repeats, told as a ratio to a baseline that was measured in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. `ratio` is value ÷ baseline, in the same unit."""

    what: str
    value: float
    unit: str
    baseline: float
    against: str
    repeats: int
    more: dict[str, Any] = {}

    @property
    def ratio(self) -> float:
        """Return how many times the baseline it takes."""
        return self.value / self.baseline if self.baseline else 0.0


def seconds(act: Callable[[], object], times: int = 1) -> float:
    """Return the seconds that one call takes, as a mean over `times` calls."""
    started = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - started) / times


def median(act: Callable[[], object], times: int, repeats: int = 5) -> float:
    """Return the median over `repeats` of the seconds that one of `times` calls takes."""
    return statistics.median(seconds(act, times) for _ in range(repeats))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value under which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as one table."""
    lines = [("what", "median", "× baseline", "baseline", "runs")]
    lines += [
        (row.what, f"{row.value:,.3g} {row.unit}", f"{row.ratio:,.2f}", f"{row.against} ({row.baseline:,.3g} {row.unit})", str(row.repeats))
        for row in rows
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)

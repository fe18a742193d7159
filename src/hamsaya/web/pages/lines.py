# SPDX-License-Identifier: Apache-2.0
"""The lines that this node knows, and the names on the map. None of the lines is "the" border (law 10).

The page lists the lines; as JSON it also carries their points and the names, which is what the map draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from hamsaya.boundary.lines import Line, Ruler
from hamsaya.desk.filters import Filter
from hamsaya.web.data import builtins
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line as the page tells it. `declared_by` is empty for a reference line."""

    id: str
    name: str
    version: str
    declared_by: str
    uncertainty_m: int
    usual_m: int
    """How far half of it lies off at most; 0 where nobody measured that."""
    source: str
    states: list[str]
    style: int
    """Which of the map's ways to draw a line is its own, from 1 on."""


class LinesView(msgspec.Struct, frozen=True, kw_only=True):
    """What lines.html receives."""

    lines: list[LineRow]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What the map beside a list receives: the lines, and by which of them inside and outside are told just now."""

    action: str
    asked: Mapping[str, str]
    lines: list[LineRow]
    line: str


STYLES: Final = 6


def picture_of(path: str, rulers: Sequence[Ruler], visit: Visit, asked: Filter) -> Picture:
    """Return the map of the list at `path`. The address says which line tells; an unknown one gives the first, as none does."""
    known = [ruler.line.id for ruler in rulers]
    wanted = visit.query.get("line", "")
    return Picture(action=path, asked=asked.asked, lines=rows_of(rulers), line=wanted if wanted in known else next(iter(known), ""))


def rows_of(rulers: Sequence[Ruler]) -> list[LineRow]:
    """Return the lines as rows, in their order."""
    return [_row(ruler.line, number % STYLES + 1) for number, ruler in enumerate(rulers)]


def list_lines(desk: Desk, visit: Visit) -> Answer:
    """List the lines."""
    del visit
    rulers = list(desk.node.lines())
    rows = rows_of(rulers)
    lines = [
        {**builtins(row), "stretches": [[list(point) for point in stretch.points] for stretch in ruler.line.stretches]}
        for row, ruler in zip(rows, rulers, strict=True)
    ]
    return Page(template="lines.html", view=LinesView(lines=rows), data={"lines": lines, "labels": [builtins(each) for each in desk.node.labels()]})


def _row(line: Line, style: int) -> LineRow:
    states = sorted({state for stretch in line.stretches for state in (stretch.left, stretch.right) if state})
    return LineRow(
        id=line.id, name=line.name, version=line.version, declared_by=line.declared_by, uncertainty_m=line.uncertainty_m, usual_m=line.usual_m,
        source=line.source, states=states, style=style,
    )  # fmt: skip


ROUTES = [Route("GET", "/lines", "read", list_lines)]

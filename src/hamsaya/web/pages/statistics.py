# SPDX-License-Identifier: Apache-2.0
"""Figures of a period, which both nodes print alike: tables with intervals drawn on the server, CSV and JSON."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Final

import msgspec

from hamsaya.desk.filters import read_day
from hamsaya.desk.ports import Book
from hamsaya.desk.statistics import TABLES, Receipted, Row, Statistics, of_table, receipts_here, statistics
from hamsaya.desk.statistics_csv import write_csv
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text, say
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.measuring import Spread
from hamsaya.web.data import builtins
from hamsaya.web.labels import label
from hamsaya.web.names import party_names
from hamsaya.web.visit import Answer, Desk, Download, Page, Route, Visit

USUAL_DAYS: Final = 30
WIDTH: Final = 1000
"""Units across a drawn interval."""
TITLES: Final[dict[str, Text]] = {
    "opened": say("Opened in this time"),
    "matters": say("How matters stood at the end"),
    "clocks": say("Answers that were owed"),
    "releases": say("Releases, and what became of them"),
    "reports": say("Formal and final reports"),
    "calls": say("Distress and STOP"),
    "days": say("Daily words on sections"),
    "told": say("What the released accounts tell that persons suffered"),
}
_WHAT: Final[dict[str, Text]] = {
    "released": say("released"), "acknowledged": say("acknowledged"), "recalled": say("recalled"), "quarantined": say("quarantined by partner"),
    "refused on a ground": say("refused on a ground"), "nothing": say("nothing to report"), "reports": say("there are reports"),
    "silent": say("silence"), "formal": say("Formal report"), "final": say("Final report"),
}  # fmt: skip
_KINDS: Final[dict[str, Text]] = {"erased": say("erased"), "distress": say("Distress call"), "stop": say("STOP call"), **RECORD_KINDS}


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """An interval, in units of its drawing's width: from the least to the most, the middle half, the median. `open` has no upper bound."""

    least: int
    most: int
    box_from: int
    box_to: int
    median: int | None
    open: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A row in words, with its interval where it has one."""

    row: Row
    by: str
    kind: Text
    what: Text | None
    drawn: Drawn | None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table. `owed`: its rows say what came in time, late, or not; `took`: how long; `reach`: a range of persons."""

    name: str
    title: Text
    lines: list[Line]
    owed: bool
    took: bool


class StatisticsView(msgspec.Struct, frozen=True, kw_only=True):
    """What statistics.html receives."""

    first: date
    last: date
    party: str
    neighbours: dict[str, str]
    tables: list[Table]
    receipts: list[tuple[str, Receipted]]
    href_csv: str


def show_statistics(desk: Desk, visit: Visit) -> Answer:
    """Show the figures of a period."""
    with desk.node.ledger.reading() as book:
        told, party = _asked(desk, visit, book)
        names = party_names(book, visit.language)
        neighbours = {each.card.party: names[each.card.party] for each in book.parties() if not each.own}
        receipts = receipts_here(desk.node, book)
    view = StatisticsView(
        first=told.first, last=told.last, party=party, neighbours=neighbours,
        tables=[table for name in TABLES if (table := _table(name, of_table(told.rows, name), names)).lines],
        receipts=[(names.get(each.party, each.party), each) for each in receipts],
        href_csv=f"/statistics/csv?from={told.first}&to={told.last}&party={party}",
    )  # fmt: skip
    return Page(template="statistics.html", view=view, data={**builtins(told), "receipts_here": [builtins(each) for each in receipts]})


def save_csv(desk: Desk, visit: Visit) -> Answer:
    """Save the figures as CSV."""
    with desk.node.ledger.reading() as book:
        told, _ = _asked(desk, visit, book)
    mark = "exercise-" if told.exercise else ""
    name = f"hamsaya-{mark}statistics-{told.first}-{told.last}.csv"
    return Download(name=name, media_type="text/csv; charset=utf-8; header=present", content=write_csv(told), data=builtins(told))


def _asked(desk: Desk, visit: Visit, book: Book) -> tuple[Statistics, str]:
    query = visit.query
    last = read_day(query["to"], "to") if query.get("to") else visit.now.astimezone(UTC).date() - timedelta(days=1)
    first = read_day(query["from"], "from") if query.get("from") else last - timedelta(days=USUAL_DAYS - 1)
    party = query.get("party", "")
    return statistics(desk.node, book, first, last, party), party


def _table(name: str, rows: list[Row], names: dict[str, str]) -> Table:
    scale = max((_most(row) for row in rows), default=0)
    lines = [
        Line(
            row=row, by=names.get(row.by, row.by), kind=Text(row.kind) if name == "days" else label(_KINDS, row.kind), what=_what(row),
            drawn=_drawn(row, scale),
        )
        for row in rows
    ]  # fmt: skip
    return Table(
        name=name, title=TITLES[name], lines=lines, owed=name in ("clocks", "reports"), took=name in ("clocks", "reports", "calls", "releases"),
    )  # fmt: skip


def _what(row: Row) -> Text | None:
    course = COURSES.get(row.kind)
    if course is not None and row.table == "matters" and row.what in course.states:
        return course.states[row.what].label
    if course is not None and row.table == "clocks" and row.what in course.clocks:
        return course.clocks[row.what].label
    if row.table == "told" and row.what in PREDICATES:
        return PREDICATES[row.what].label
    return label(_WHAT, row.what) if row.what else None


def _most(row: Row) -> int:
    """Return what a row needs of its table's scale; one without upper bound leaves room to be seen going on."""
    return max(row.took.most_s, 2 * row.low if row.high is None else row.high) if row.took.count or row.table == "told" else 0


def _drawn(row: Row, scale: int) -> Drawn | None:
    """Return an interval on a scale that is the table's own; one without upper bound goes to the edge."""
    if row.table == "told":
        low, high = _at(row.low, scale), _at(row.low if row.high is None else row.high, scale)
        return Drawn(least=low, most=WIDTH if row.high is None else high, box_from=low, box_to=max(high, low), median=None, open=row.high is None)
    took: Spread = row.took
    if not took.count:
        return None
    return Drawn(
        least=_at(took.least_s, scale), most=_at(took.most_s, scale), box_from=_at(took.quarter_s, scale), box_to=_at(took.three_quarters_s, scale),
        median=_at(took.median_s, scale),
    )  # fmt: skip


def _at(value: int, scale: int) -> int:
    return value * (WIDTH - 60) // scale + 10 if scale else 10


ROUTES = [
    Route("GET", "/statistics", "read", show_statistics),
    Route("GET", "/statistics/csv", "read", save_csv),
]

# SPDX-License-Identifier: Apache-2.0
"""Reading long lists by keyset: a sheet of rows after a place, never an offset, so that the last page costs what the first does.

How the rows that a filter asks for are found, newest first:

1. Area and time have an index of their own: it is asked for the rows that fit, and given up after `FEW`.
2. Few: the rest of the filter is put to those.
3. Many, or no area and time asked for: the list is walked from its newest row (or along the index of a kind, side or
   party), and the sheet is full soon, since many fit. Where it is not full after `WALK` rows, what fits is all old: then
   the index gives the rest, sorted.
4. Words: the index of full text gives the rows that hold them, newest first, and the rest of the filter is put to those.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, Select, and_, bindparam, exists, func, or_, select, union_all

from hamsaya.desk.filters import DOCUMENT, Box, Filter
from hamsaya.desk.sheets import Sheet, read_cursor, sheet_of, within, write_cursor
from hamsaya.desk.wording import Query, read_query
from hamsaya.ledger import tables as t
from hamsaya.ledger.adapter import adapter_of
from hamsaya.ledger.holding import VAGUE, cell_of, stamp_utc

FEW: Final = 5_000
WALK: Final = 50_000
_LAST_ENTRY: Final = 2**31 - 1
_FIRST: Final = 60
_CELLS: Final = 1_000
_AT_ONCE: Final = 400
"""How many rows are looked up by number in one statement."""

Row = RowMapping


def holdings(db: Connection, asked: Filter, after: str, limit: int, *, documents: bool = False) -> Sheet[Row]:
    """Return rows of `holding` that fit the filter, newest first; documents among them only if asked."""
    return _numbered(db, asked, after, limit, [] if documents else [t.HOLDING.c.kind != DOCUMENT])


def incidents(db: Connection, asked: Filter, after: str, limit: int) -> Sheet[Row]:
    """Return one row of `holding` an incident, the newest that fits the filter; the incident of the newest such row first."""
    newer = t.HOLDING.alias("newer")
    covered = exists().where(newer.c.incident == t.HOLDING.c.incident, newer.c.item > t.HOLDING.c.item, *_conditions(asked, newer))
    return _numbered(db, asked, after, limit, [t.HOLDING.c.incident != "", ~covered])


def rows_after(db: Connection, query: Select[Any], keys: list[tuple[ColumnElement[Any], bool]], after: str, limit: int) -> Sheet[Row]:
    """Return a sheet of `query` in the order of `keys`: columns, the first ones deciding, and whether each falls."""
    kinds = [int if column.type.python_type is int else str for column, _ in keys]
    place = read_cursor(after, *kinds)
    if place is not None:
        query = query.where(_beyond(keys, place))
    query = query.order_by(*(column.desc() if falls else column for column, falls in keys)).limit(within(limit) + 1)
    return sheet_of(list(db.execute(query).mappings()), limit, lambda row: tuple(row[column.name] for column, _ in keys))


def _beyond(keys: list[tuple[ColumnElement[Any], bool]], place: list[int | str]) -> ColumnElement[bool]:
    """Return the condition that a row stands after `place`; its first part bounds the first column, for the index."""
    column, falls = keys[0]
    past = column < place[0] if falls else column > place[0]
    if len(keys) == 1:
        return past
    at_or_past = column <= place[0] if falls else column >= place[0]
    return and_(at_or_past, or_(past, _beyond(keys[1:], place[1:])))


def _numbered(db: Connection, asked: Filter, after: str, limit: int, more: list[ColumnElement[bool]]) -> Sheet[Row]:
    place = read_cursor(after, int)
    below = int(place[0]) if place else (db.execute(select(func.max(t.HOLDING.c.item))).scalar() or 0) + 1
    wanted = within(limit) + 1
    conditions = [*_conditions(asked, t.HOLDING), *more]
    way, query = _way(asked), read_query(asked.text)
    few = None if way is None else _few(db, way)
    if asked.text and not query.words:
        rows = []
    elif few is not None:
        rows = _picked(db, iter(sorted((item for item in few if item < below), reverse=True)), conditions, wanted)
    elif query.words:
        rows = _picked(db, _found(db, query, below), conditions, wanted)
    else:
        floor = 0 if way is None else max(below - WALK, 0)
        rows = _walked(db, conditions, floor, below, wanted)
        if way is not None and floor and len(rows) < wanted:
            older = way.where(way.selected_columns.item < floor).distinct().order_by(way.selected_columns.item.desc())
            rows += _picked(db, iter(db.execute(older).scalars()), conditions, wanted - len(rows))
    return sheet_of(rows, limit, lambda row: (row["item"],))


_NEWEST: Final = (
    select(t.HOLDING)
    .where(t.HOLDING.c.item < bindparam("below"), t.HOLDING.c.item >= bindparam("floor"))
    .order_by(t.HOLDING.c.item.desc())
    .limit(bindparam("wanted"))
)


def _walked(db: Connection, conditions: list[ColumnElement[bool]], floor: int, below: int, wanted: int) -> list[Row]:
    """Return the newest `wanted` rows that meet the conditions, of those numbered from `floor` to under `below`."""
    query = _NEWEST.where(*conditions) if conditions else _NEWEST
    return list(db.execute(query, {"below": below, "floor": floor, "wanted": wanted}).mappings())


def _picked(db: Connection, items: Iterator[int], conditions: list[ColumnElement[bool]], wanted: int) -> list[Row]:
    """Return the first `wanted` of the rows with these numbers, which fall, that meet the conditions."""
    found: list[Row] = []
    while len(found) < wanted:
        some = list(islice(items, _AT_ONCE if found else 2 * wanted))
        if not some:
            break
        query = select(t.HOLDING).where(t.HOLDING.c.item.in_(some), *conditions).order_by(t.HOLDING.c.item.desc())
        found += db.execute(query).mappings()
    return found[:wanted]


def _found(db: Connection, query: Query, below: int) -> Iterator[int]:
    """Return the numbers under `below` whose words hold all of the query, the highest first."""
    limit = _FIRST
    while items := adapter_of(db).find(db, query, below, limit):
        yield from items
        below, limit = items[-1], _AT_ONCE


def _way(asked: Filter) -> Select[Any] | None:
    """Return the numbers that fit the conditions with an index of their own, or None where the filter has none of those."""
    if not (asked.box or asked.since or asked.until):
        return None
    rows = t.SPOT if asked.box else t.HOLDING
    parts = []
    for vague in (False, True):  # asked apart, so that the index bounds the start of what is not vague at both ends
        where = [rows.c.vague.is_(vague), *_overlap(asked, rows)]
        if asked.box:
            where.append(_in_cells(asked.box))
        if asked.since and not vague:
            where.append(rows.c.started >= stamp_utc(asked.since - VAGUE))
        parts.append(select(rows.c.item).where(*where))
    return select(union_all(*parts).subquery().c.item)


def _few(db: Connection, way: Select[Any]) -> set[int] | None:
    """Return the numbers, or None where they are many."""
    items = list(db.execute(way.limit(FEW + 1)).scalars())
    return set(items) if len(items) <= FEW else None


def _conditions(asked: Filter, rows: FromClause) -> list[ColumnElement[bool]]:
    found = [rows.c[name] == value for name, value in (("kind", asked.kind), ("side", asked.side), ("party", asked.party)) if value]
    found += _overlap(asked, rows)
    if asked.text:
        found.append(_holds(read_query(asked.text), rows))
    if asked.box:
        spot = t.SPOT.alias()
        found.append(exists().where(spot.c.item == rows.c.item, _exactly_in(asked.box, spot)))
    return found


def _holds(query: Query, rows: FromClause) -> ColumnElement[bool]:
    """Return the condition that the words of a row hold all of the query; they stand between spaces, and hold no wildcard."""
    wording = t.WORDING.alias()
    last = len(query.words) - 1
    patterns = [f"% {word}{'%' if query.begins and place == last else ' %'}" for place, word in enumerate(query.words)]
    return exists().where(wording.c.item == rows.c.item, *(wording.c.words.like(pattern) for pattern in patterns))


def _overlap(asked: Filter, rows: FromClause) -> list[ColumnElement[bool]]:
    found = [rows.c.started < stamp_utc(asked.until)] if asked.until else []
    return [*found, rows.c.ended > stamp_utc(asked.since)] if asked.since else found


def _exactly_in(box: Box, spot: FromClause) -> ColumnElement[bool]:
    lon, lat = spot.c.lon_udeg, spot.c.lat_udeg
    east_west = and_(lon >= box.west, lon <= box.east) if box.west <= box.east else or_(lon >= box.west, lon <= box.east)
    return and_(lat >= box.south, lat <= box.north, east_west)


def _in_cells(box: Box) -> ColumnElement[bool]:
    """Return the condition on the 1° cells that the box touches, and on the point itself."""
    spans = [(box.west, box.east)] if box.west <= box.east else [(box.west, 180_000_000), (-180_000_000, box.east)]
    rows = range(cell_of(0, box.south) // 360, cell_of(0, box.north) // 360 + 1)
    ranges = [(row * 360 + cell_of(west, 0) % 360, row * 360 + cell_of(east, 0) % 360) for row in rows for west, east in spans]
    many = sum(high - low + 1 for low, high in ranges) > _CELLS
    cells = [] if many else [cell for low, high in ranges for cell in range(low, high + 1)]
    near = or_(*(t.SPOT.c.cell.between(low, high) for low, high in ranges)) if many else t.SPOT.c.cell.in_(cells)
    return and_(near, _exactly_in(box, t.SPOT))


def documents(db: Connection, after: str, limit: int) -> Sheet[Row]:
    """Return documents, newest first."""
    return rows_after(db, select(t.DOCUMENT), [(t.DOCUMENT.c.entry, True)], after, limit)


def drafts(db: Connection, state: str, after: str, limit: int) -> Sheet[Row]:
    """Return the drafts in one state, those of the newest document first, and within one in their order."""
    query = select(t.DRAFT).where(t.DRAFT.c.state == state)
    return rows_after(db, query, [(t.DRAFT.c.entry, True), (t.DRAFT.c.id, False)], after, limit)


def inbox(db: Connection, after: str, limit: int) -> Sheet[Row]:
    """Return what arrived, newest first."""
    return rows_after(db, select(t.INBOX), [(t.INBOX.c.received_at, True), (t.INBOX.c.log, False), (t.INBOX.c.seq, True)], after, limit)


_WAITING: Final = select(t.INBOX.c.log, func.count()).where(t.INBOX.c.state == "new").group_by(t.INBOX.c.log)


def waiting(db: Connection, log: str, before: datetime | None) -> dict[str, int]:
    """Return by log how many items are new; of one log, or of those whose time to acknowledge began before a time, if asked."""
    query = _WAITING
    if log:
        query = query.where(t.INBOX.c.log == log)
    if before is not None:
        query = query.where(t.INBOX.c.counts_from < before.isoformat())
    return {str(row[0]): int(row[1]) for row in db.execute(query)}


def releases(db: Connection, after: str, limit: int) -> Sheet[Row]:
    """Return the releases: those that wait for the second officer, then the rest; newest first in both."""
    place = read_cursor(after, int, int, str)
    keys: list[tuple[ColumnElement[Any], bool]] = [(t.RELEASE.c.entry, True), (t.RELEASE.c.id, True)]
    rows: list[Row] = []
    if place is None or place[0] == 1:
        first = rows_after(db, select(t.RELEASE).where(t.RELEASE.c.condition == "proposed"), keys, write_cursor(*place[1:]) if place else "", limit)
        if first.next:
            return Sheet(first.rows, f"1~{first.next}")
        rows, place = first.rows, None
    query = select(t.RELEASE).where(t.RELEASE.c.condition != "proposed")
    rest = rows_after(db, query, keys, write_cursor(*place[1:]) if place else "", max(limit - len(rows), 1))
    if len(rows) == limit:  # the waiting ones fill this sheet: the rest begins on the next
        return Sheet(rows, f"0~{_LAST_ENTRY}~" if rest.rows else "")
    return Sheet([*rows, *rest.rows], f"0~{rest.next}" if rest.next else "")

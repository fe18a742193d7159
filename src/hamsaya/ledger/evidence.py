# SPDX-License-Identifier: Apache-2.0
"""The evidence tables as slices of bytes, and a ledger made again from them.

What is signed, hashed or counter-signed is all that must be carried: every other table follows from it. The slices do not
know which engine they came from. Their bytes are MessagePack: the table's name, and rows in the order of its columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import insert, select

from hamsaya.desk import events as ev
from hamsaya.exchange.logs import journal_of
from hamsaya.facts.errors import Tampered
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, project
from hamsaya.ledger.book import SqlBook
from hamsaya.ledger.erasures import rests_in, with_rest
from hamsaya.ledger.store import Store
from hamsaya.seal.entries import Entry

SLICE_BYTES = 2 * 1024 * 1024
SLICE_ROWS = 2_000


class Slice(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Rows of one table."""

    table: str
    rows: list[list[Any]]
    """Each value is bytes, text, an integer or None."""


def slices_of(book: SqlBook) -> Iterator[bytes]:
    """Give the evidence as it stands in `book`'s one moment, however long that takes and whatever is written meanwhile."""
    for table in t.EVIDENCE:
        rows: list[list[Any]] = []
        size = 0
        statement = select(table).order_by(*table.primary_key).execution_options(yield_per=SLICE_ROWS)
        for row in book._db.execute(statement):
            rows.append(list(row))
            size += sum(len(value) for value in row if isinstance(value, bytes | str))
            if size > SLICE_BYTES or len(rows) >= SLICE_ROWS:
                yield msgspec.msgpack.encode(Slice(str(table.name), rows))
                rows, size = [], 0
        if rows:
            yield msgspec.msgpack.encode(Slice(str(table.name), rows))


def read_slice(data: bytes) -> Slice:
    """Return a slice. Raises `Tampered` for bytes that are none."""
    try:
        part = msgspec.msgpack.decode(data, type=Slice)
        width = {table.name: len(table.columns) for table in t.EVIDENCE}[part.table]
    except (msgspec.DecodeError, KeyError) as error:
        raise Tampered(say("The evidence is not in form: {why}", why=str(error)[:120])) from error
    if any(len(row) != width or not all(isinstance(value, bytes | str | int | None) for value in row) for row in part.rows):
        raise Tampered(say("The evidence is not in form: {why}", why=part.table))
    return part


def fill(store: Store, parts: Iterator[Slice]) -> None:
    """Put evidence into an empty ledger and apply its journal, all in one transaction. Checks nothing: `verify_store` does."""
    with store.writing() as pen:
        put(pen, parts, store.party)
    store.memory.forget()


def put(book: SqlBook, parts: Iterator[Slice], party: str) -> None:
    """Put evidence into the empty tables that `book` is over, and apply its journal."""
    for part in parts:
        table = t.META.tables[part.table]
        names = [column.name for column in table.columns]
        book._db.execute(insert(table), [dict(zip(names, row, strict=True)) for row in part.rows])
    replay(book, party)


def replay(book: SqlBook, party: str) -> None:
    """Apply the journal to empty tables. Raises `Tampered` for an entry that is missing or cannot be applied."""

    def entry_of(log: str, seq: int) -> Entry:
        found = book.entries(log, seq, 1)
        if not found:
            raise Tampered(say("Entry {seq} of log {log} is missing.", seq=seq, log=log))
        return with_rest(found[0], rests.get((log, seq)))

    log, first = journal_of(party), 0
    rests = rests_in(_all_of(book, log))
    while entries := book.entries(log, first, SLICE_ROWS):
        for entry in entries:
            header = entry.header()
            if header.seq != first:
                raise Tampered(say("Entry {seq} of the journal is missing.", seq=first))
            event = ev.read_event(header.kind, with_rest(entry, rests.get((log, first))).content or b"")
            project(event, book._db, Act(header.seq, header.at, header.office, header.about.get("login", ""), entry_of))
            first += 1
    if not first:
        raise Tampered(say("The journal is missing."))


def _all_of(book: SqlBook, log: str) -> Iterator[Entry]:
    first = 0
    while entries := book.entries(log, first, SLICE_ROWS):
        yield from entries
        first += len(entries)

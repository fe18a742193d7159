# SPDX-License-Identifier: Apache-2.0
"""Altering any stored column is found, and the entry is named (law 5)."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from hamsaya.desk.cases import export_case
from hamsaya.desk.keeping import hold_link, note_backup
from hamsaya.ledger import tables as t
from hamsaya.ledger.book import SqlBook
from hamsaya.ledger.verify import _Verifier, verify_store
from hamsaya.web.case_file import CaseSheet

EVERY_WAY = os.environ.get("HAMSAYA_EVERY_WAY")
EVIDENCE = [(table.name, column.name) for table in t.EVIDENCE for column in table.columns]
MOST = max(len(table.columns) for table in t.PROJECTIONS)


@pytest.fixture(scope="module")
def west(lived_in):
    note_backup(lived_in.west.node, name="west.age", sha256="0" * 64, size=1, journal=1, to="")
    with lived_in.west.store.reading() as book:
        incident = next(book.incident_name(each.record.incident) for each in book.records() if each.received_from and each.record.incident)
    told = {"to": "the commission", "why": "It was asked to settle this."}
    export_case(lived_in.west.node, lived_in.west.officers["commander"], incident, page=CaseSheet("en", "UTC"), **told)
    hold_link(lived_in.west.node, "east", "the machine was set back")
    return lived_in.west


def rows_of(west, table):
    with west.store.engine.connect() as db, db.begin():
        return [dict(row) for row in db.execute(select(table).order_by(*table.primary_key)).mappings()]


def altered(value):
    match value:
        case bool():
            return not value
        case int():
            return value + 1000
        case bytes():
            middle = len(value) // 2
            return b"\x01" if not value else value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case None:
            return b"{}"
    raise AssertionError(value)


def alter(west, table, row, column, value):
    """Set one column of one row; returns how to put it back."""
    with west.store.engine.connect() as db, db.begin():
        keys = [key.name for key in table.primary_key]
        where = [table.c[key] == row[key] for key in keys]
        assert db.execute(table.update().where(*where).values({column: value})).rowcount == 1
    changed = {**row, column: value}

    def restore():
        with west.store.engine.connect() as db, db.begin():
            where = [table.c[key] == changed[key] for key in keys]
            assert db.execute(table.update().where(*where).values({column: row[column]})).rowcount == 1

    return restore


def test_every_table_has_rows_to_alter(west):
    empty = [table.name for table in (*t.EVIDENCE, *t.PROJECTIONS) if not rows_of(west, table)]
    assert empty == []


def test_unaltered_node_verifies(west):
    verified = verify_store(west.store)
    assert verified.faults == []
    assert verified.logs["journal/west"] > 20


def chosen(rows, number):
    """Return the rows to alter: the first, one in the middle or the last, another one for each number; all three with HAMSAYA_EVERY_WAY set."""
    places = sorted({0, len(rows) // 2, len(rows) - 1})
    return [rows[place] for place in (places if EVERY_WAY else [places[number % len(places)]])]


@pytest.mark.parametrize(("name", "column"), EVIDENCE)
def test_altered_column_of_what_was_signed_is_found_and_its_entry_named(west, name, column):
    table = t.META.tables[name]
    rows = rows_of(west, table)
    for row in chosen(rows, EVIDENCE.index((name, column))):
        restore = alter(west, table, row, column, altered(row[column]))
        try:
            faults = verify_store(west.store).faults
        finally:
            restore()
        assert faults, (name, column, row)
        if table is t.ENTRY:
            named = [fault.entry for fault in faults]  # an entry that stands in another log makes that one faulty too
            assert f"{row['log']}#{row['seq']}" in (named if column == "log" else named[:1])
    assert rows_of(west, table) == rows


@pytest.mark.parametrize("number", range(MOST))
def test_altered_column_of_what_follows_is_found_and_its_entry_named(west, number):
    """The column of that number is altered in every table at once: each must be found, in its own table and by its own entry."""
    columns = [(table, list(table.columns)[number].name) for table in t.PROJECTIONS if number < len(table.columns)]
    before = {table.name: rows_of(west, table) for table, _ in columns}
    for turn in range(3 if EVERY_WAY else 1):
        rows = {table.name: before[table.name] for table, _ in columns}
        taken = {table.name: (chosen(rows[table.name], number + place) * 3)[turn] for place, (table, _) in enumerate(columns)}
        undo = []
        try:
            for table, column in columns:
                row = taken[table.name]
                undo.append(alter(west, table, row, column, altered(row[column])))
            faults = verify_store(west.store).faults
        finally:
            for restore in reversed(undo):
                restore()
        for table, column in columns:
            named = {fault.entry for fault in faults if fault.what.blanks.get("table") == table.name}
            right = f"journal/west#{taken[table.name]['entry']}"
            assert right in named, (table.name, column, named)
            assert len(named) == (2 if column == "entry" and table.c.entry.primary_key else 1), (table.name, column, named)
    assert {table.name: rows_of(west, table) for table, _ in columns} == before


def test_missing_entry_is_named(west):
    rows = [row for row in rows_of(west, t.ENTRY) if row["log"] == "journal/west"]
    gone = rows[len(rows) // 2]
    with west.store.engine.connect() as db, db.begin():
        db.execute(t.ENTRY.delete().where(t.ENTRY.c.log == gone["log"], t.ENTRY.c.seq == gone["seq"]))
    try:
        assert verify_store(west.store).faults[0].entry == f"journal/west#{gone['seq']}"
    finally:
        with west.store.engine.connect() as db, db.begin():
            db.execute(t.ENTRY.insert().values(**gone))


def test_journal_cut_at_its_end_is_found(west):
    last = max((row for row in rows_of(west, t.ENTRY) if row["log"] == "journal/west"), key=lambda row: row["seq"])
    with west.store.engine.connect() as db, db.begin():
        db.execute(t.ENTRY.delete().where(t.ENTRY.c.log == last["log"], t.ENTRY.c.seq == last["seq"]))
    try:
        assert verify_store(west.store).faults
    finally:
        with west.store.engine.connect() as db, db.begin():
            db.execute(t.ENTRY.insert().values(**last))


ALIKE = [
    "CREATE TABLE beside (id INTEGER)",
    "DROP TABLE incident_link",
    "DROP INDEX draft_by_document",
    "ALTER TABLE inbox ADD COLUMN seen INTEGER",
    "CREATE VIEW everything AS SELECT * FROM entry",
    "DELETE FROM party WHERE own",
]
ON_SQLITE = [
    "UPDATE entry SET envelope = CAST(envelope AS TEXT) WHERE log LIKE 'link/%'",
    "UPDATE head SET checkpoint = CAST(checkpoint AS TEXT)",
    "UPDATE head SET checkpoint = x'' WHERE log LIKE 'link/east/%'",
    "UPDATE receipt SET envelope = CAST(envelope AS BLOB)",
    "UPDATE entry SET log = CAST(log AS BLOB) WHERE log LIKE 'link/%'",
    "UPDATE party SET own = 7 WHERE own = 1",
    "CREATE TRIGGER quiet AFTER INSERT ON inbox BEGIN DELETE FROM inbox; END",
]
ON_POSTGRESQL = [
    "ALTER TABLE entry ALTER COLUMN content TYPE text USING encode(content, 'hex')",
    "UPDATE head SET checkpoint = '' WHERE log LIKE 'link/east/%%'",
    "ALTER TABLE receipt ALTER COLUMN envelope TYPE varchar(4000)",
    'ALTER TABLE inbox ALTER COLUMN log TYPE varchar COLLATE "POSIX"',
    "ALTER TABLE party ALTER COLUMN own TYPE integer USING own::integer",
    "ALTER TABLE party ALTER COLUMN card DROP NOT NULL",
    "ALTER TABLE party ALTER COLUMN card SET DEFAULT 'nobody'",
    "ALTER TABLE inbox DROP CONSTRAINT inbox_pkey",
    "ALTER TABLE head SET UNLOGGED",
    "ALTER TABLE record ENABLE ROW LEVEL SECURITY",
    "CREATE RULE quiet AS ON INSERT TO inbox DO INSTEAD NOTHING",
    "CREATE FUNCTION own() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE TRIGGER quiet BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
]


def faults_after(west, change):
    """Return what `verify` finds after a statement that is then undone."""
    with west.store.engine.connect() as db, db.begin() as changing:
        db.exec_driver_sql(change)
        book = SqlBook(db)
        faults = _Verifier(book, db, west.store.party, west.store.key.public).run().faults
        changing.rollback()
    return faults


@pytest.mark.parametrize(
    ("store_kind", "change"),
    [
        *(("sqlite", change) for change in ALIKE + ON_SQLITE),
        *(pytest.param("postgresql", change, marks=pytest.mark.postgresql) for change in ON_POSTGRESQL + (ALIKE if EVERY_WAY else [])),
    ],
    indirect=["store_kind"],
)
def test_change_of_types_tables_or_triggers_is_found_and_never_raises(west, change):
    assert faults_after(west, change)
    assert verify_store(west.store).faults == []

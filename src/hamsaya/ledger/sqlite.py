# SPDX-License-Identifier: Apache-2.0
"""The embedded store: one SQLite file, encrypted by SQLCipher, WAL, synchronous=FULL.

A writing transaction takes the file's one write lock at once (BEGIN IMMEDIATE), whatever lock is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import sqlcipher3
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from hamsaya.desk.wording import Query
from hamsaya.facts.errors import HamsayaError, InputError, OperatorError
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.adapter import OPTION, SchemaPart
from hamsaya.ledger.turns import Turns

BUSY_MS: Final = 10_000
CACHE_KIB: Final = 32_768
"""Decrypted pages that each connection keeps: SQLite's own 2 MB are too few for the indexes of a million records."""
_BEGIN: Final = "hamsaya_begin"
_PARTS: Final = "SELECT type, name, tbl_name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


class SqliteAdapter:
    """The ledger in one encrypted file, or in memory where `path` is None."""

    name = "sqlite"
    reading: Final = {_BEGIN: ""}
    writing: Final = {_BEGIN: "IMMEDIATE"}

    def __init__(self, path: Path | None, store_key: bytes) -> None:
        self.path, self.shown = path, path.name if path else "memory"
        self._key = store_key
        self._turns = Turns()

    def open(self) -> Engine:
        """Return an engine on the file; a missing one is made at first use."""
        options: dict[str, Any] = {"poolclass": QueuePool, "pool_use_lifo": True} if self.path else {"poolclass": StaticPool}
        # the connection that was used last has the pages that are asked for next in its cache: one is filled, not one after the other
        engine = create_engine("sqlite://", module=sqlcipher3.dbapi2, creator=self.connect, execution_options={OPTION: self}, **options)

        @event.listens_for(engine, "begin")
        def _begin(db: Connection) -> None:
            how = db.get_execution_options().get(_BEGIN, "")
            db.exec_driver_sql(f"BEGIN {how}".strip())

        return engine

    def connect(self) -> Any:
        """Return a new connection of the driver's."""
        where = str(self.path) if self.path else ":memory:"
        db = sqlcipher3.connect(where, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
        if self.path:
            db.execute("PRAGMA cipher_log_level = NONE")  # else it writes lines of its own to stderr; what is wrong comes as an error
            db.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only forgotten
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return db

    def turn(self) -> AbstractContextManager[None]:
        """Let the writers of this process go on in their order."""
        return self._turns.turn(BUSY_MS / 1000)

    def begin_writing(self, db: Connection, lock: str) -> None:
        """Do nothing more: BEGIN IMMEDIATE holds the only lock that there is."""

    def create(self, db: Connection) -> None:
        """Create every table."""
        t.META.create_all(db)

    def drop(self, db: Connection, kind: str, names: Sequence[str]) -> None:
        """Drop these; the virtual tables first, which take tables of their own with them."""
        virtual = {name for _, name, made in self.schema(db) if " CREATE VIRTUAL " in made}
        for name in [each for each in names if each in virtual] or names:
            db.exec_driver_sql(f'DROP {kind} "{name}"')

    def is_empty(self, db: Connection) -> bool:
        """Say whether there is no table."""
        return not self.schema(db)

    def schema(self, db: Connection) -> set[SchemaPart]:
        """Return tables, indexes, triggers and views with the SQL that made them."""
        return {(kind, name, made) for kind, name, made in db.exec_driver_sql(_PARTS)}

    def schema_made(self, db: Connection) -> set[SchemaPart]:
        """Return the same of a store that was made a moment ago, in memory."""
        del db
        engine = SqliteAdapter(None, b"").open()
        with engine.begin() as fresh:
            self.create(fresh)
            made = self.schema(fresh)
        engine.dispose()
        return made

    def raw_rows(self, db: Connection, table: Table) -> list[dict[str, Any]]:
        """Return the rows with the types that SQLite stored."""
        return [dict(row) for row in db.exec_driver_sql(f"SELECT * FROM {table.name}").mappings()]  # noqa: S608  (our own table's name)

    def index(self, db: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Put the words into the index, which keeps no copy of them."""
        db.exec_driver_sql("INSERT INTO wording_search (rowid, words) VALUES (?, ?)", list(rows))

    def unindex(self, db: Connection, item: int, words: str) -> None:
        """Take them out again; the index must be told what they were."""
        db.exec_driver_sql("INSERT INTO wording_search (wording_search, rowid, words) VALUES ('delete', ?, ?)", (item, words))

    def reindex(self, db: Connection) -> None:
        """Make the index again from the rows: FTS5 keeps deleted words in its segments until it merges them."""
        db.exec_driver_sql("INSERT INTO wording_search (wording_search) VALUES ('rebuild')")

    def scour(self) -> None:
        """Bring the log of writing into the file, where deleted bytes are overwritten already, and cut it to nothing.

        A reader of that moment may hinder it; the next writer whom none hinders does it then.
        """
        if self.path:
            db = self.connect()
            try:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                db.close()

    def find(self, db: Connection, query: Query, below: int, limit: int) -> list[int]:
        """Return the highest numbers that fit. Words hold letters and digits only, and stand in quotes: none is an operator."""
        asked = " ".join(f'"{word}"' for word in query.words) + ("*" if query.begins else "")
        statement = "SELECT rowid FROM wording_search WHERE wording_search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
        return list(db.exec_driver_sql(statement, (asked, below, limit)).scalars())

    def index_fits(self, db: Connection, scratch: Connection) -> bool:
        """Lay the stored index over the replayed words, and let SQLite compare the two."""
        made = scratch.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'wording_search'").scalar_one()
        copying = scratch.begin_nested()
        try:
            scratch.exec_driver_sql(made.replace("wording_search", "stored_search", 1))
            for part in ("data", "idx", "config"):
                scratch.exec_driver_sql(f"DELETE FROM stored_search_{part}")  # noqa: S608  (one of three names)
                for row in db.exec_driver_sql(f"SELECT * FROM wording_search_{part}"):  # noqa: S608
                    scratch.exec_driver_sql(f"INSERT INTO stored_search_{part} VALUES ({', '.join('?' * len(row))})", tuple(row))  # noqa: S608
            scratch.exec_driver_sql("INSERT INTO stored_search (stored_search, rank) VALUES ('integrity-check', 1)")
        except DBAPIError:
            return False
        finally:
            copying.rollback()
        return True

    def lost(self, error: DBAPIError) -> bool:
        """Say no: a file is at hand."""
        del error
        return False

    def fault(self, error: DBAPIError) -> HamsayaError:
        """Return our error for the driver's."""
        why = str(error.orig)
        if "full" in why or "disk I/O" in why:
            return OperatorError(
                say("The ledger {path} could not be written: {why}. Nothing was changed.", path=self.shown, why=why),
                say("Free space on the disk, then do it again."),
            )
        if "locked" in why:
            return OperatorError(say("The ledger {path} is busy with another command.", path=self.shown), say("Try again in a moment."))
        if "UNIQUE" in why:
            return InputError(say("This is already in the ledger. Nothing was changed."))
        return OperatorError(
            say("The ledger {path} cannot be read: {why}", path=self.shown, why=why),
            say("Check that keys/store.key belongs to this node, and run `hamsaya verify`; restore a backup if the file is damaged."),
        )

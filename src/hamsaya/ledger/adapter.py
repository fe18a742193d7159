# SPDX-License-Identifier: Apache-2.0
"""What differs between the two databases, and only that. Every statement else is SQLAlchemy Core, once, for both.

`SqliteAdapter` (ledger/sqlite.py) is the embedded store: one file, encrypted. `PostgresAdapter` (ledger/postgresql.py)
is the store of a node with several processes or millions of records. Full text and areas belong here too, where the
two speak differently: add a method to the protocol and to both classes.

`adapter_of(db)` gives the adapter of a connection, so that a book, a projection or `verify` need not carry it about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError

from hamsaya.desk.wording import Query
from hamsaya.facts.errors import HamsayaError

OPTION = "hamsaya_adapter"
SchemaPart = tuple[str, str, str]
"""Kind (table, column, index, trigger …), name, and what it is, as the database words it."""


class Adapter(Protocol):
    """One kind of database, and where this one is."""

    name: str
    """`sqlite` or `postgresql`."""
    shown: str
    """Where the store is, as it may be shown to anybody: never with a password."""

    @property
    def reading(self) -> Mapping[str, Any]:
        """Execution options of a transaction that reads one consistent moment."""

    @property
    def writing(self) -> Mapping[str, Any]:
        """Execution options of a transaction that writes."""

    def open(self) -> Engine:
        """Return an engine whose connections carry this adapter. Connects at first use."""

    def turn(self) -> AbstractContextManager[None]:
        """Wait for the other writers of this process, where the database does not let them go on in their order."""

    def begin_writing(self, db: Connection, lock: str) -> None:
        """Wait until no other transaction holds `lock` on this store; it is held until the transaction ends."""

    def create(self, db: Connection) -> None:
        """Create every table that is not there."""

    def drop(self, db: Connection, kind: str, names: Sequence[str]) -> None:
        """Drop tables or views, at least one of these."""

    def is_empty(self, db: Connection) -> bool:
        """Say whether the store holds no table, view or function at all."""

    def schema(self, db: Connection) -> set[SchemaPart]:
        """Return what the store is made of, whatever made it."""

    def schema_made(self, db: Connection) -> set[SchemaPart]:
        """Return what `create` makes on this very database, for comparison. Leaves nothing behind."""

    def raw_rows(self, db: Connection, table: Table) -> list[dict[str, Any]]:
        """Return the rows as they are stored, so that no type hides a change; a truth value is 0 or 1."""

    def index(self, db: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Put the words of rows of `wording` (number and words), which are there already, into the index of full text."""

    def unindex(self, db: Connection, item: int, words: str) -> None:
        """Take them out again; the row is still there."""

    def reindex(self, db: Connection) -> None:
        """Make the index of full text again from the rows: words that were taken out of it may stand in its old parts."""

    def scour(self) -> None:
        """Let nothing that was deleted and committed stay in the store's files, as far as they are ours to write."""

    def find(self, db: Connection, query: Query, below: int, limit: int) -> list[int]:
        """Return the highest numbers under `below` whose words hold all of the query, the highest first."""

    def index_fits(self, db: Connection, scratch: Connection) -> bool:
        """Say whether the index is that of the replayed rows of `wording` in `scratch`, an embedded store in memory."""

    def lost(self, error: DBAPIError) -> bool:
        """Say whether the connection broke, so that nobody here knows what became of the last statement."""

    def fault(self, error: DBAPIError) -> HamsayaError:
        """Return our error for the driver's."""


def adapter_of(db: Connection) -> Adapter:
    """Return the adapter that opened this connection's engine."""
    return cast("Adapter", db.get_execution_options()[OPTION])

# SPDX-License-Identifier: Apache-2.0
"""Opening the ledger, and the two kinds of transaction on it.

SQLite through SQLCipher: encrypted at rest, WAL, synchronous=FULL. A writing transaction takes the write lock at
once, and commits entries, their effects in the tables, and fresh signed checkpoints together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool, StaticPool

from hamsaya.desk.events import Event, LogExtended, MirrorExtended, Verdict, kind_of, read_event, write_event
from hamsaya.desk.holdings import OPERATOR, Officer
from hamsaya.exchange.logs import journal_of
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.book import SqlBook
from hamsaya.ledger.projections import Act, encode, project
from hamsaya.seal.entries import SALT_BYTES, Entry, Header, make_checkpoint, make_entry
from hamsaya.seal.keys import SigningKey

BUSY_MS = 10_000


class SqlPen(SqlBook):
    """The ledger during one writing transaction."""

    def __init__(self, db: Connection, store: Store) -> None:
        super().__init__(db)
        self._store = store
        self._touched: dict[str, bytes | None] = {}
        """Logs that grew; for a neighbour's, the checkpoint that came with it."""

    def journal(self, event: Event, by: Officer) -> int:
        """Append `event` to the journal and apply it to the tables. Returns its number."""
        log = journal_of(self._store.party)
        kind, content = kind_of(event), write_event(event)
        seq, at = self._append(log, kind, content, by.office, {"login": by.login})
        written = read_event(kind, content)  # what `verify` will read, not what we meant to write
        project(written, self._db, Act(seq, at, by.office, by.login, self._entry_of))
        return seq

    def extend(self, log: str, kind: str, content: bytes, by: Officer, about: dict[str, str] | None = None) -> int:
        """Append an entry to one of our own link or release logs, bound into the journal. Returns its number."""
        seq, _ = self._append(log, kind, content, by.office, about or {})
        self.journal(LogExtended(log=log, seq=seq, leaf=self._entry_of(log, seq).leaf.hex()), by)
        return seq

    def absorb(self, log: str, entries: Sequence[Entry], verdicts: Sequence[Verdict], checkpoint: bytes) -> None:
        """Store a neighbour's next entries with the verdict on each, and its checkpoint if it covers all that is held."""
        if not entries and checkpoint == self.checkpoint(log):
            return
        first = self.frontier(log).size
        for seq, entry in enumerate(entries, first):
            self._insert(log, seq, entry)
        self._touched[log] = checkpoint or self._touched.get(log) or self.checkpoint(log) or b""
        kept = sha256(checkpoint).hexdigest() if checkpoint else ""
        root = self.frontier(log).root().hex()
        self.journal(MirrorExtended(log=log, first=first, root=root, verdicts=list(verdicts), checkpoint=kept), OPERATOR)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Do what is in the block, or, if it raises, none of it; the transaction goes on."""
        frontiers, touched = {log: frontier.copy() for log, frontier in self._frontiers.items()}, dict(self._touched)
        nested = self._db.begin_nested()
        try:
            with _ours(self._store.path):
                yield
        except BaseException:
            nested.rollback()
            self._frontiers, self._touched = frontiers, touched
            raise
        nested.commit()

    def keep(self, data: bytes) -> str:
        """Keep bytes under their SHA-256 and return it. Keeping them twice does no harm."""
        name = sha256(data).hexdigest()
        if self._db.execute(select(t.BLOB.c.sha256).where(t.BLOB.c.sha256 == name)).first() is None:
            self._db.execute(insert(t.BLOB).values(sha256=name, data=data))
        return name

    def seal_heads(self) -> None:
        """Sign a checkpoint over each of our logs that grew, and keep a neighbour's. Called once, before the commit."""
        for log, theirs in sorted(self._touched.items()):
            frontier = self.frontier(log)
            checkpoint = make_checkpoint(log, frontier, self._store.key) if theirs is None else theirs
            self._db.execute(t.HEAD.delete().where(t.HEAD.c.log == log))
            self._db.execute(insert(t.HEAD).values(log=log, checkpoint=checkpoint, peaks=encode(frontier.peaks())))

    def _append(self, log: str, kind: str, content: bytes, office: str, about: dict[str, str]) -> tuple[int, datetime]:
        seq, at = self.frontier(log).size, self._store.now()
        header = Header(log=log, seq=seq, kind=kind, at=at, by=self._store.party, office=office, commitment="", about=about)
        self._insert(log, seq, make_entry(header, self._store.random(SALT_BYTES), content, self._store.key))
        self._touched[log] = None
        return seq, at

    def _insert(self, log: str, seq: int, entry: Entry) -> None:
        frontier = self.frontier(log)
        self._db.execute(insert(t.ENTRY).values(log=log, seq=seq, envelope=entry.envelope, salt=entry.salt, content=entry.content))
        frontier.append(entry.leaf)

    def _entry_of(self, log: str, seq: int) -> Entry:
        return self.entries(log, seq, 1)[0]


class Store:
    """The node's ledger in one encrypted file. Implements `desk.ports.Ledger`."""

    def __init__(
        self, path: Path, store_key: bytes, *, party: str, key: SigningKey, now: Callable[[], datetime], random: Callable[[int], bytes]
    ) -> None:
        """Open the ledger at `path`; `store_key` (32 bytes) encrypts it, `key` signs its entries."""
        self.party, self.key, self.now, self.random = party, key, now, random
        self.path = path
        self.engine = open_engine(path, store_key)

    @contextmanager
    def reading(self) -> Iterator[SqlBook]:
        """Give a book over one consistent moment."""
        with _ours(self.path), self.engine.connect() as db, db.begin():
            yield SqlBook(db)

    @contextmanager
    def writing(self) -> Iterator[SqlPen]:
        """Give a pen. What is written is committed when the block ends, and nothing of it if the block raises."""
        with _ours(self.path), self.engine.connect().execution_options(hamsaya_begin="IMMEDIATE") as db, db.begin():
            pen = SqlPen(db, self)
            yield pen
            pen.seal_heads()

    def create(self) -> None:
        """Create the tables in an empty file."""
        with _ours(self.path), self.engine.begin() as db:
            t.META.create_all(db)
            db.execute(text(f"PRAGMA user_version = {t.SCHEMA_VERSION}"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_engine(path: Path | None, store_key: bytes) -> Engine:
    """Return an engine on the encrypted file at `path`, or on an empty store in memory when `path` is None."""

    def connect() -> Any:
        db = sqlcipher3.connect(str(path) if path else ":memory:", isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
        if path:
            db.execute(f"PRAGMA key = \"x'{store_key.hex()}'\"")
            db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        return db

    pool = QueuePool if path else StaticPool
    engine = create_engine("sqlite://", module=sqlcipher3.dbapi2, creator=connect, poolclass=pool)

    @event.listens_for(engine, "begin")
    def _begin(db: Connection) -> None:
        how = db.get_execution_options().get("hamsaya_begin", "")
        db.exec_driver_sql(f"BEGIN {how}".strip())

    return engine


@contextmanager
def _ours(path: Path) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except (OperationalError, DatabaseError, sqlcipher3.DatabaseError) as error:
        why = str(getattr(error, "orig", error))
        if "full" in why or "disk I/O" in why:
            raise OperatorError(
                say("The ledger {path} could not be written: {why}. Nothing was changed.", path=path.name, why=why),
                say("Free space on the disk, then do it again."),
            ) from error
        if "locked" in why:
            raise OperatorError(say("The ledger {path} is busy with another command.", path=path.name), say("Try again in a moment.")) from error
        if "UNIQUE" in why:
            raise InputError(say("This is already in the ledger. Nothing was changed.")) from error
        raise OperatorError(
            say("The ledger {path} cannot be read: {why}", path=path.name, why=why),
            say("Check that keys/store.key belongs to this node, and run `hamsaya verify`; restore a backup if the file is damaged."),
        ) from error

# SPDX-License-Identifier: Apache-2.0
"""Opening the ledger, and the two kinds of transaction on it.

The same on both databases (`ledger/adapter.py` has what differs). A writing transaction takes the node's write lock at
once, and commits entries, their effects in the tables, and fresh signed checkpoints together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from hamsaya.desk.event import Event
from hamsaya.desk.events import (
    LogExtended,
    LogRefilled,
    MirrorExtended,
    RecordFiled,
    Verdict,
    kind_of,
    read_event,
    write_event,
)
from hamsaya.desk.flags import told_by
from hamsaya.desk.holdings import OPERATOR, Officer
from hamsaya.desk.working import Contact
from hamsaya.exchange.logs import is_urgent, journal_of, parse_log
from hamsaya.facts.errors import OperatorError, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, encode, project
from hamsaya.ledger.adapter import Adapter
from hamsaya.ledger.address import is_address
from hamsaya.ledger.book import SqlBook
from hamsaya.ledger.erasures import erases, rest_of, with_rest
from hamsaya.ledger.filling import fill
from hamsaya.ledger.flags import accounts_in
from hamsaya.ledger.keys import journal_key
from hamsaya.ledger.marks import Marks
from hamsaya.ledger.postgresql import PostgresAdapter, shown_address
from hamsaya.ledger.projections import project_filed
from hamsaya.ledger.remembered import Seen, leaves, memory_of_a_store
from hamsaya.ledger.sqlite import SqliteAdapter
from hamsaya.ledger.working import SqlWork
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import SALT_BYTES, Entry, Header, make_checkpoint, make_entry
from hamsaya.seal.keys import SigningKey
from hamsaya.seal.merkle import Frontier

WRITERS: Final = "ledger"
"""The lock of those who append to the journal."""
WORKERS: Final = "working"
"""The lock of those who change working rows."""
MOVED: Final = "moved"
"""What a store says of itself after the node was carried elsewhere: to where."""


class SqlPen(SqlBook):
    """The ledger during one writing transaction."""

    def __init__(self, db: Connection, store: Store) -> None:
        super().__init__(db, marks=store.marks, memory=store.memory, journal=journal_of(store.party))
        self._store = store
        self._added_up: list[tuple[str, Frontier, bytes]] = []
        """Marks to keep once what they cover is committed."""
        self._touched: dict[str, bytes | None] = {}
        """Logs that grew; for a neighbour's, the checkpoint that came with it."""
        self._newest: tuple[int, bytes] | None = None
        """The journal's size, and its last entry, once this pen has written one."""
        self._at_hand: tuple[str, int, Sequence[Entry]] | None = None
        """A neighbour's entries that were just stored, from which number of its log on: what follows from them need not read them again."""
        self.signs_with = store.key
        self.erased = False
        """Whether content was taken away, so that no word of it may be left in a file, too."""

    def journal(self, event: Event, by: Officer) -> int:
        """Append `event` to the journal and apply it to the tables. Returns its number."""
        log = journal_of(self._store.party)
        kind, content = kind_of(event), write_event(event)
        seq, at = self._append(log, kind, content, by.office, {"login": by.login})
        written = read_event(kind, content)  # what `verify` will read, not what we meant to write
        project(written, self._db, Act(seq, at, by.office, by.login, self._entry_of, entries_of=self._entries_of))
        self.erased = self.erased or erases(event)
        if not leaves(event):
            self._values = {} if self._values is not None else None
        self._flag(accounts_in(self._db, written, self._entries_of), by)
        return seq

    def _flag(self, came: list[tuple[Record, str]], by: Officer) -> None:
        """Raise the rights flags that follow from accounts which were just stored, in whatever way they came to be here (`desk/flags.py`)."""
        raised = told_by(self, came) if came else None
        if raised is not None:
            self.journal(raised, by)

    def succeed(self, key: SigningKey) -> None:
        """Sign with another key from here on, a checkpoint over each of our logs too."""
        self.signs_with = key
        self._touched |= {log: None for log in self.logs() if (name := parse_log(log)) and name.sender == self._store.party}

    def journal_filed(self, events: Sequence[RecordFiled], by: Officer) -> None:
        """Append many filed records to the journal, an entry each, and apply them together."""
        log = journal_of(self._store.party)
        rows, filed = [], []
        for event in events:
            kind, content = kind_of(event), write_event(event)
            seq, at, entry = self._make(log, kind, content, by.office, {"login": by.login})
            rows.append(_row(log, seq, entry))
            filed.append((read(content, RecordFiled), Act(seq, at, by.office, by.login, self._entry_of)))
        if rows:
            fill(self._db, t.ENTRY, rows)
            project_filed(filed, self._db)
            self._flag([each for event, _ in filed for each in accounts_in(self._db, event, self._entries_of)], by)

    def extend(self, log: str, kind: str, content: bytes, by: Officer, about: dict[str, str] | None = None) -> int:
        """Append an entry to one of our own link or release logs as it goes on now, bound into the journal. Returns its number.

        Raises `Refused` while the link is held: what was signed since the backup may stand at this place already.
        """
        log = self.current_log(log)
        name = parse_log(log)
        anew = name is not None and is_urgent(log) and log == self.distress_log_to(name.receiver)  # begun after it was set back: no place is taken
        if name is not None and not anew and any(held.neighbour == name.receiver for held in self.holds()):
            raise Refused(
                say("The link to {party} is held: this node was set back, and {party} may hold what it signed since.", party=name.receiver),
                say("Nothing was changed. Talk with it (`hamsaya sync`); it gives back what it holds, and the link is free."),
                rule="held",
            )
        seq, _ = self._append(log, kind, content, by.office, about or {})
        self.journal(LogExtended(log=log, seq=seq, leaf=self._entry_of(log, seq).leaf.hex()), by)
        return seq

    def absorb(self, log: str, entries: Sequence[Entry], verdicts: Sequence[Verdict], checkpoint: bytes) -> None:
        """Store a neighbour's next entries with the verdict on each, and its checkpoint if it covers all that is held."""
        if not entries and checkpoint == self.checkpoint(log):
            return
        first = self.frontier(log).size
        fill(self._db, t.ENTRY, [_row(log, seq, entry) for seq, entry in enumerate(entries, first)])
        frontier = self.frontier(log)
        for entry in entries:
            frontier.append(entry.leaf)
        self._touched[log] = checkpoint or self._touched.get(log) or self.checkpoint(log) or b""
        kept = sha256(checkpoint).hexdigest() if checkpoint else ""
        root = self.frontier(log).root().hex()
        self._at_hand = log, first, entries
        try:
            self.journal(MirrorExtended(log=log, first=first, root=root, verdicts=list(verdicts), checkpoint=kept), OPERATOR)
        finally:
            self._at_hand = None

    def take_back(self, log: str, entry: Entry, giver: str) -> None:
        """Store the next entry of one of our own logs, which `giver` had mirrored and returned."""
        seq = self.frontier(log).size
        self._insert(log, seq, entry)
        self._touched[log] = None
        self.journal(LogRefilled(log=log, seq=seq, leaf=entry.leaf.hex(), giver=giver), OPERATOR)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Do what is in the block, or, if it raises, none of it; the transaction goes on."""
        frontiers, touched = {log: frontier.copy() for log, frontier in self._frontiers.items()}, dict(self._touched)
        knew = dict(self._values) if self._values is not None else None, self._as_of, self._newest
        nested = self._db.begin_nested()
        try:
            with ours(self._store.adapter):
                yield
        except BaseException as error:
            try:
                nested.rollback()
            except DBAPIError as gone:  # SQLite takes the whole transaction back where the disk is full: nothing more may be written in this one
                raise (error if isinstance(error, OperatorError) else self._store.adapter.fault(gone)) from gone
            self._frontiers, self._touched = frontiers, touched
            self._values, self._as_of, self._newest = knew
            raise
        nested.commit()

    def keep(self, data: bytes) -> str:
        """Keep bytes under their SHA-256 and return it. Keeping them twice does no harm."""
        name = sha256(data).hexdigest()
        if self._db.execute(select(t.BLOB.c.sha256).where(t.BLOB.c.sha256 == name)).first() is None:
            self._db.execute(insert(t.BLOB).values(sha256=name, data=data))
        return name

    def note_contact(self, contact: Contact) -> None:
        """Put this in the place of what is known of the link; nothing where nothing is known yet: two may find that at once."""
        SqlWork(self._db).note_contact_again(contact)

    def seal_heads(self) -> None:
        """Sign a checkpoint over each of our logs that grew, and keep a neighbour's. Called once, before the commit.

        Raises `OperatorError` where another process has changed the key since this one began.
        """
        if self.once("journal key", lambda: journal_key(self._db, self._store.party)) not in ("", self.signs_with.public.hex):
            raise OperatorError(say("This node's key was changed since this program began."), say("Nothing was written. Start it again."))
        if self.erased:
            self._store.adapter.reindex(self._db)
        heads = []
        for log, theirs in sorted(self._touched.items()):
            frontier = self.frontier(log)
            checkpoint = make_checkpoint(log, frontier, self.signs_with) if theirs is None else theirs
            heads.append({"log": log, "checkpoint": checkpoint, "peaks": encode(frontier.peaks())})
        if heads:
            self._db.execute(t.HEAD.delete().where(t.HEAD.c.log.in_([head["log"] for head in heads])))
            fill(self._db, t.HEAD, heads)

    def keep_marks(self) -> None:
        """Keep how far logs were added up, and what was read. Called once, after the commit."""
        for log, frontier, last_leaf in self._added_up:
            self._marks.keep(log, frontier, last_leaf)
        if self._newest is not None:
            self._as_of = Seen(*self._newest)
        self.remember()

    def _mark(self, log: str, frontier: Frontier, last_leaf: bytes) -> None:
        self._added_up.append((log, frontier.copy(), last_leaf))

    def _append(self, log: str, kind: str, content: bytes, office: str, about: dict[str, str]) -> tuple[int, datetime]:
        seq, at, entry = self._make(log, kind, content, office, about)
        self._db.execute(insert(t.ENTRY), _row(log, seq, entry))
        return seq, at

    def _make(self, log: str, kind: str, content: bytes, office: str, about: dict[str, str]) -> tuple[int, datetime, Entry]:
        """Make the next entry of one of our logs; it must be stored before the transaction ends."""
        frontier, at = self.frontier(log), self._store.now()
        seq = frontier.size
        header = Header(log=log, seq=seq, kind=kind, at=at, by=self._store.party, office=office, commitment="", about=about)
        entry = make_entry(header, self._store.random(SALT_BYTES), content, self.signs_with)
        frontier.append(entry.leaf)
        self._touched[log] = None
        if log == self._journal:
            self._newest = seq + 1, entry.envelope
        return seq, at, entry

    def _insert(self, log: str, seq: int, entry: Entry) -> None:
        frontier = self.frontier(log)
        self._db.execute(insert(t.ENTRY), _row(log, seq, entry))
        frontier.append(entry.leaf)

    def _entry_of(self, log: str, seq: int) -> Entry:
        return self._entries_of(log, seq, 1)[0]

    def _entries_of(self, log: str, first: int, count: int) -> list[Entry]:
        found = enumerate(self._just_stored(log, first, count) or self.entries(log, first, count), first)
        return [entry if entry.content is not None else with_rest(entry, rest_of(self._db, log, seq)) for seq, entry in found]

    def _just_stored(self, log: str, first: int, count: int) -> Sequence[Entry] | None:
        if self._at_hand is None or self._at_hand[0] != log:
            return None
        _, begins, entries = self._at_hand
        at = first - begins
        return entries[at : at + count] if at >= 0 and at + count <= len(entries) else None


class Store:
    """The node's ledger. Implements `desk.ports.Ledger`."""

    def __init__(
        self, at: Path | str, store_key: bytes, *, party: str, key: SigningKey, now: Callable[[], datetime], random: Callable[[int], bytes]
    ) -> None:
        """Open the ledger at `at`: a file, encrypted by `store_key` (32 bytes), or the address of a database. `key` signs its entries."""
        self.party, self.key, self.now, self.random = party, key, now, random
        self.at, self.marks, self.memory = at, Marks(), memory_of_a_store()
        self.path = None if isinstance(at, str) and is_address(at) else Path(at)
        self.adapter = adapter_at(at, store_key)
        self.engine = self.adapter.open()

    @contextmanager
    def reading(self) -> Iterator[SqlBook]:
        """Give a book over one consistent moment."""
        with ours(self.adapter), self.engine.connect().execution_options(**self.adapter.reading) as db, db.begin():
            book = SqlBook(db, marks=self.marks, memory=self.memory, journal=journal_of(self.party))
            yield book
            book.remember()

    @contextmanager
    def writing(self) -> Iterator[SqlPen]:
        """Give a pen. What is written is committed when the block ends, and nothing of it if the block raises."""
        with self._changing() as db:
            gone = db.execute(select(t.ABOUT.c.value).where(t.ABOUT.c.name == MOVED)).scalar()
            if gone is not None:  # it was carried elsewhere since we opened it: there is where the journal goes on
                raise moved(self.adapter.shown, gone)
            pen = SqlPen(db, self)
            yield pen
            pen.seal_heads()
        self.key = pen.signs_with
        pen.keep_marks()
        if pen.erased:
            self.adapter.scour()

    @contextmanager
    def working(self) -> Iterator[SqlWork]:
        """Give a way to change working rows."""
        with self.adapter.turn(), ours(self.adapter), self.engine.connect().execution_options(**self.adapter.writing) as db, db.begin():
            self.adapter.begin_writing(db, WORKERS)
            work = SqlWork(db)
            yield work
        if work.erased:
            self.adapter.scour()

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Give the connection of a writing transaction, for what is no act: making, carrying and making again. What was known is forgotten."""
        try:
            with self._changing() as db:
                yield db
        finally:
            self.memory.forget()

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        how = self.adapter.writing
        with self.adapter.turn(), ours(self.adapter), self.engine.connect().execution_options(**how) as db, db.begin() as transaction:
            self.adapter.begin_writing(db, WRITERS)
            yield db
            try:
                transaction.commit()
            except DBAPIError as error:
                if self.adapter.lost(error):
                    raise in_doubt(self.adapter.shown) from error
                raise

    @contextmanager
    def making(self) -> Iterator[Connection]:
        """Create the tables in an empty store, and give the connection. Raises `Refused` for one that holds anything."""
        with self.changing() as db:
            if not self.adapter.is_empty(db):
                holds = about(db).get("party", "")
                raise Refused(
                    say("{where} holds the node of {party} already.", where=self.adapter.shown, party=holds)
                    if holds
                    else say("{where} is not empty.", where=self.adapter.shown),
                    say("Nothing was changed. If a `hamsaya store move` that broke off left it there, this node has gone on since then: "
                        "take the copy away (the file, or the database's schema), then move again.")
                    if holds == self.party
                    else say("Nothing was changed. Give an empty place: a node is never overwritten."),
                    rule="store",
                )  # fmt: skip
            self.adapter.create(db)
            self.name(db)
            yield db

    def create(self) -> None:
        """Create the tables in an empty store. Raises `Refused` for one that holds anything."""
        with self.making():
            pass

    def name(self, db: Connection) -> None:
        """Let the store say whose it is, and which shape it has."""
        db.execute(insert(t.ABOUT), [{"name": "schema", "value": str(t.SCHEMA_VERSION)}, {"name": "party", "value": self.party}])

    def is_empty(self) -> bool:
        """Say whether the store holds nothing at all."""
        with ours(self.adapter), self.engine.connect().execution_options(**self.adapter.reading) as db, db.begin():
            return self.adapter.is_empty(db)

    def is_current(self) -> bool:
        """Say whether the store has the shape that this program makes."""
        with ours(self.adapter), self.engine.connect().execution_options(**self.adapter.reading) as db, db.begin():
            return about(db).get("schema") == str(t.SCHEMA_VERSION)

    def wipe(self) -> None:
        """Take away every table of ours. For a store that was just made, and whose node came to nothing."""
        with ours(self.adapter), self.engine.begin() as db:
            t.META.drop_all(db)

    def check(self) -> None:
        """Return if this is the store of this party, in the shape that this program makes. Raises `OperatorError` otherwise."""
        with ours(self.adapter), self.engine.connect().execution_options(**self.adapter.reading) as db, db.begin():
            told = about(db)
            empty = not told and self.adapter.is_empty(db)
        where = self.adapter.shown
        if empty:
            raise OperatorError(say("{where} holds no node.", where=where), say("Check `store` in hamsaya.toml, or restore a backup."))
        schema, party = told.get("schema", "1"), told.get("party", self.party)
        if MOVED in told:
            raise moved(where, told[MOVED])
        if party != self.party:
            raise OperatorError(
                say("{where} holds the node of {party}, not of {own}.", where=where, party=party, own=self.party),
                say("Check `store` in hamsaya.toml: each node has a place of its own."),
            )
        if not schema.isdecimal() or int(schema) > t.SCHEMA_VERSION:
            raise OperatorError(
                say("{where} was last used by a newer version of Hamsaya than this one.", where=where),
                say("Nothing was changed. Install that version or a newer one."),
            )
        if int(schema) < t.SCHEMA_VERSION:
            raise OperatorError(
                say("{where} was made by an older version of Hamsaya than this one.", where=where),
                say("Nothing was changed. `hamsaya store rebuild` makes its tables again from what is signed."),
            )

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _row(log: str, seq: int, entry: Entry) -> dict[str, object]:
    return {"log": log, "seq": seq, "envelope": entry.envelope, "salt": entry.salt, "content": entry.content}


def adapter_at(at: Path | str, store_key: bytes) -> Adapter:
    """Return the adapter for a file or for the address of a database."""
    if isinstance(at, str) and is_address(at):
        return PostgresAdapter(at)
    return SqliteAdapter(Path(at), store_key)


def place_shown(at: str) -> str:
    """Return a file's name, or the address of a database, as it may be shown to anybody."""
    return shown_address(at) if is_address(at) else at[:200]


def about(db: Connection) -> dict[str, str]:
    """Return what the store says of itself; nothing where it is empty, or of the first shape."""
    try:
        with db.begin_nested():
            return {row.name: row.value for row in db.execute(select(t.ABOUT))}
    except (OperationalError, ProgrammingError):  # there is no such table
        return {}


def moved(where: str, to: str) -> OperatorError:
    """Return the error for a store that was carried elsewhere."""
    return OperatorError(
        say("The node that {where} held was carried to {to}.", where=where, to=to),
        say("Nothing was changed. Set `store` and `ledger` in hamsaya.toml to where it is now; a node lives in one place only."),
    )


def in_doubt(where: str) -> OperatorError:
    """Return the error for a connection that broke while the last word, the commit, was on its way."""
    return OperatorError(
        say(
            "The connection to {where} broke while the last act was being committed. It is not known whether it was: all of it, or nothing.",
            where=where,
        ),
        say("Look whether it is there, then do it again if it is not."),
    )


@contextmanager
def ours(adapter: Adapter) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except DBAPIError as error:
        raise adapter.fault(error) from error

# SPDX-License-Identifier: Apache-2.0
"""Checking a whole node offline: every stored byte is either signed, hashed, or follows from what is.

 1. Each log is complete; each entry is signed by its sender, at its place, its content opening its commitment.
 2. Each log adds up to its signed checkpoint.
 3. The journal binds every entry of our other logs (by leaf), and every stretch of a neighbour's (by root).
 4. Receipts are signed, and their roots are those of the log.
 5. Documents and quarantined bundles hash to their names.
 6. What the journal says was erased is gone: content, salt and bytes.
 7. Applying the journal to empty tables gives the tables that are stored, row by row and column by column; and they, and
    the working tables, have the shape that this version makes, with nothing beside them.

Returns every fault found, the earliest entry first. Where the journal itself is broken, what would follow from it is not
compared: the journal's fault is the finding. Repairs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DBAPIError

from hamsaya.desk import acts_erasures
from hamsaya.desk import events as ev
from hamsaya.desk.acts_keys import KeyChanged
from hamsaya.desk.event import Event
from hamsaya.exchange.letters import Mark, read_letter
from hamsaya.exchange.logs import journal_of, parse_log
from hamsaya.facts.errors import HamsayaError, Tampered
from hamsaya.facts.words import Text, say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, encode, project
from hamsaya.ledger.adapter import adapter_of
from hamsaya.ledger.book import SqlBook
from hamsaya.ledger.erasures import rests_in, with_rest
from hamsaya.ledger.sqlite import SqliteAdapter
from hamsaya.ledger.store import Store
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Entry, Receipt, check_checkpoint, check_entry, check_receipt
from hamsaya.seal.envelope import open_envelope
from hamsaya.seal.keyline import KeyLine, Span
from hamsaya.seal.keys import Keys, PublicKey
from hamsaya.seal.merkle import Frontier


class Fault(msgspec.Struct, frozen=True):
    """One place where stored bytes are not what was signed. `entry` names it as `log#number`."""

    entry: str
    what: Text
    order: tuple[int, int] = (1, 0)


class Verified(msgspec.Struct, frozen=True):
    """The result: how much was checked, and what is wrong, first fault first."""

    logs: dict[str, int]
    rows: int
    faults: list[Fault]


def verify_store(store: Store) -> Verified:
    """Return what is wrong with the node's ledger; `faults` is empty when nothing is."""
    with store.reading() as book:
        return verify_book(book, store.party, store.key.public)


def verify_book(book: SqlBook, party: str, key: PublicKey) -> Verified:
    """Return what is wrong with the ledger as this book sees it, also before it is committed."""
    return _Verifier(book, book._db, party, key).run()


def _payload(entry: Entry) -> bytes:
    try:
        return open_envelope(entry.envelope).payload
    except HamsayaError:
        return b""


class _Missing(Tampered):
    def __init__(self, log: str, seq: int) -> None:
        super().__init__(say("Entry {seq} of log {log} is missing.", seq=seq, log=log))
        self.log, self.seq = log, seq


class _Verifier:
    def __init__(self, book: SqlBook, db: Connection, party: str, key: PublicKey) -> None:
        self._book, self._db, self._party, self._key = book, db, party, key
        self._faults: list[Fault] = []
        self._journal = journal_of(party)
        self._entries: dict[str, dict[int, Entry]] = {}
        self._bound: dict[str, int] = {}
        self._rests: dict[tuple[str, int], bytes] = {}
        self._gone: set[str] = set()
        """Bytes that were erased."""
        self._mirrored: dict[str, Frontier] = {}
        self._checkpoints: dict[str, str] = {}
        self._lines: dict[str, KeyLine] = {}
        self._own = KeyLine((Span(key),))
        """Which key signs what in the journal: found backwards from the present one."""
        self._adapter = adapter_of(db)
        self._scratch = SqliteAdapter(None, b"").open()

    def run(self) -> Verified:
        for row in self._db.execute(select(t.ENTRY).order_by(t.ENTRY.c.log, t.ENTRY.c.seq)):
            self._entries.setdefault(row.log, {})[row.seq] = Entry(row.envelope, row.salt, row.content)
        with self._scratch.begin() as scratch:
            adapter_of(scratch).create(scratch)
            self._guarded(self._find_own_keys, self._journal)
            self._replay(scratch)
            self._guarded(partial(self._find_keys, scratch), "key")
            whole = not self._faults
            self._guarded(self._check_schema, "schema")
            for log in self._entries:
                if log != self._journal:
                    self._guarded(partial(self._check_log, log), str(log))
            self._guarded(self._check_heads, "head")
            self._guarded(self._check_receipts, "receipt")
            self._guarded(self._check_blobs, "blob")
            rows = 0
            for table in t.PROJECTIONS if whole else ():
                try:
                    with self._db.begin_nested():  # a failed statement must not end the transaction that the others read in
                        rows += self._compare(table, scratch)
                except DBAPIError:
                    self._fault("schema", 0, say("The ledger's {kind} {name} is not what this version makes.", kind="table", name=table.name))
            if whole and not self._faults and not self._adapter.index_fits(self._db, scratch):
                self._fault("wording_search", 0, say("The index of full text does not fit the words that it is over."))
        self._scratch.dispose()
        self._faults.sort(key=lambda fault: fault.order)
        return Verified({log: len(entries) for log, entries in self._entries.items()}, rows, self._faults)

    def _guarded(self, check: Callable[[], None], what: str) -> None:
        try:
            with self._db.begin_nested():
                check()
        except Exception as error:  # noqa: BLE001  (altered bytes can make a check fail in any way: that is the finding)
            self._fault(what, 0, say("What is stored as {what} is not in form: {why}", what=what, why=type(error).__name__))

    def _check_schema(self) -> None:
        for kind, name, _ in sorted(self._adapter.schema(self._db) ^ self._adapter.schema_made(self._db)):
            self._fault("schema", 0, say("The ledger's {kind} {name} is not what this version makes.", kind=kind, name=name))

        about = {row.name: row.value for row in self._db.execute(select(t.ABOUT))}
        if about != {"schema": str(t.SCHEMA_VERSION), "party": self._party}:
            self._fault("schema", 0, say("What the store says of itself is not true."))

    def _fault(self, log: str, seq: int, what: Text, *, follows: bool = False) -> None:
        """Keep a fault. One that `follows` may be what another altered entry did to the tables: entries are named before it."""
        self._faults.append(Fault(f"{log}#{seq}", what, (2 if follows else 0 if log == self._journal else 1, seq)))

    def _find_own_keys(self) -> None:
        """Go back from the key that signs now over each change, whose statement that key countersigned, with the root until there.

        Where there was none, the one key signs all.
        """
        entries = self._entries.get(self._journal, {})
        changes = [seq for seq in sorted(entries) if b"key.changed" in _payload(entries[seq]) and entries[seq].header().kind == "key.changed"]
        spans: list[Span] = []
        key, frontier, roots = self._key, Frontier(), {}
        for seq in range(len(entries)):
            roots[seq] = frontier.root().hex() if seq in changes else ""
            if seq in entries:
                frontier.append(entries[seq].leaf)
        for seq in reversed(changes):
            statement, card = read_letter(read(entries[seq].content or b"", KeyChanged).statement)
            if (card.key, statement.party) != (key.hex, self._party) or statement.marks != [Mark(self._journal, seq, roots[seq])]:
                self._fault(self._journal, seq, say("The change of key in this entry is not the one that the next key signed."))
                break
            spans.insert(0, Span(key, {self._journal: seq}))
            key = PublicKey(statement.old)
        self._own = KeyLine((Span(key), *spans))

    def _find_keys(self, scratch: Connection) -> None:
        """Read the keys that follow from the journal, and check that what each vouches for is what is stored."""
        book = SqlBook(scratch)
        for party in book.parties():
            name = party.card.party
            self._lines[name] = book.key_line(name)
            for mark in (mark for held in book.keys_of(name) for mark in held.marks):
                if mark.log != self._journal and mark.size <= len(self._entries.get(mark.log, {})) and self._root(mark.log, mark.size) != mark.root:
                    self._fault(mark.log, max(mark.size - 1, 0), say("Log {log} is not the one that the change of key vouches for.", log=mark.log))

    def _replay(self, scratch: Connection) -> None:  # 1, 3 for the journal; 7
        entries = self._entries.get(self._journal, {})
        if not entries:
            self._fault(self._journal, 0, say("The journal is missing."))
        self._guarded(self._find_rests, self._journal)
        for place, seq in enumerate(sorted(entries)):
            if seq != place:
                self._fault(self._journal, place, say("Entry {seq} of the journal is missing.", seq=place))
                return
            applying = False
            try:
                header = check_entry(entries[seq], self._own, log=self._journal, seq=seq)
                event = ev.read_event(header.kind, self._entry_of(self._journal, seq).content or b"")
                self._bind(event, seq)
                applying = True
                project(event, scratch, Act(seq, header.at, header.office, header.about.get("login", ""), self._entry_of, self._blob_of))
            except _Missing as error:
                self._fault(error.log, error.seq, error.what)
            except HamsayaError as error:
                self._fault(self._journal, seq, error.what, follows=applying)
            except Exception as error:  # noqa: BLE001  (altered bytes can make a projection fail in any way: that is the finding)
                self._fault(self._journal, seq, say("This entry cannot be applied: {why}", why=type(error).__name__), follows=applying)

    def _entry_of(self, log: str, seq: int) -> Entry:
        found = self._entries.get(log, {}).get(seq)
        if found is None:
            raise _Missing(log, seq)
        return with_rest(found, self._rests.get((log, seq)))

    def _find_rests(self) -> None:  # 6
        self._rests = rests_in(self._entries.get(self._journal, {}).values())
        for log, seq in self._rests:
            entry = self._entries.get(log, {}).get(seq)
            if entry is not None and (entry.content is not None or entry.salt):
                self._fault(log, seq, say("Entry {seq} of log {log} was erased, and its content is here.", seq=seq, log=log))

    def _blob_of(self, name: str) -> bytes | None:
        data: bytes | None = self._db.execute(select(t.BLOB.c.data).where(t.BLOB.c.sha256 == name)).scalar()
        return data

    def _bind(self, event: Event, seq: int) -> None:
        match event:
            case ev.LogExtended(log=log, seq=number, leaf=leaf) | ev.LogRefilled(log=log, seq=number, leaf=leaf):
                if self._entry_of(log, number).leaf.hex() != leaf:
                    self._fault(log, number, say("Entry {seq} of log {log} is not the one that the journal binds.", seq=number, log=log))
                self._bound[log] = number + 1
            case acts_erasures.RecordErased(blobs=blobs) | acts_erasures.CopyErased(blobs=blobs):
                self._gone |= set(blobs)
            case ev.BundleQuarantined(bundle=bundle):
                self._gone.discard(bundle)
            case ev.MirrorExtended(log=log, first=first, root=root, verdicts=verdicts, checkpoint=checkpoint):
                if checkpoint:
                    self._checkpoints[log] = checkpoint
                size = first + len(verdicts)
                frontier = self._mirrored.get(log, Frontier())
                frontier = frontier if frontier.size == first else Frontier()
                for number in range(frontier.size, size):
                    frontier.append(self._entry_of(log, number).leaf)
                self._mirrored[log] = frontier
                if frontier.root().hex() != root:
                    self._fault(log, first, say("Log {log} does not add up to what was received in journal entry {seq}.", log=log, seq=seq))
                self._bound[log] = size

    def _check_log(self, log: str) -> None:  # 1, 3
        name = parse_log(log)
        key = self._lines.get(name.sender) if name else None
        entries = self._entries[log]
        if name is None or key is None:
            self._fault(log, min(entries), say("Log {log} is of no party that this node trusts.", log=log))
            return
        for place, seq in enumerate(sorted(entries)):
            if seq != place:
                self._fault(log, place, say("Entry {seq} of log {log} is missing.", seq=place, log=log))
                return
            try:
                check_entry(entries[seq], key, log=log, seq=seq)
            except HamsayaError as error:
                self._fault(log, seq, error.what)
        if self._bound.get(log, 0) != len(entries):
            self._fault(log, self._bound.get(log, 0), say("Log {log} holds entries that the journal does not bind.", log=log))

    def _check_heads(self) -> None:  # 2
        heads = {row.log: (row.checkpoint, row.peaks) for row in self._db.execute(select(t.HEAD))}
        for log in sorted(heads.keys() | self._entries.keys()):
            if any(fault.entry.startswith(f"{log}#") for fault in self._faults):
                continue  # its entries are the finding
            size = len(self._entries.get(log, {}))
            theirs, peaks = heads.get(log, (b"", ""))
            if not self._is_own(log) and (sha256(theirs).hexdigest() if theirs else "") != self._checkpoints.get(log, ""):
                self._fault(log, max(size - 1, 0), say("The neighbour's checkpoint of log {log} is not the one that was received.", log=log))
                continue
            try:
                named = self._check_head(log, size, theirs) if theirs or self._is_own(log) else None
            except HamsayaError as error:
                self._fault(log, max(size - 1, 0), error.what)
                continue
            if named is not None:
                self._fault(log, named, say("Log {log} does not add up to its signed checkpoint.", log=log))
            elif peaks != encode(self._frontier(log, size).peaks()):
                self._fault(log, max(size - 1, 0), say("The kept frontier of log {log} is not that of its entries.", log=log))

    def _is_own(self, log: str) -> bool:
        name = parse_log(log)
        return name is not None and name.sender == self._party

    def _check_head(self, log: str, size: int, signed: bytes) -> int | None:
        """Return the first entry that does not fit the checkpoint, or None where all do."""
        name = parse_log(log)
        line = self._lines.get(name.sender) if name else None
        key: Keys | None = self._own if log == self._journal else line
        if line is not None and log != self._journal and self._is_own(log):  # what came back was covered by the key that was here
            named = line.named(open_envelope(signed).keyid) if signed else None
            key = named.key if named else line
        if key is None or not signed:
            raise Tampered(say("Log {log} has no checkpoint.", log=log))
        checkpoint = check_checkpoint(signed, key, log)
        if checkpoint.size > size and self._is_own(log):
            return size  # cut at the end: the first entry that is gone
        fits = checkpoint.root == self._root(log, checkpoint.size) and (checkpoint.size == size or not self._is_own(log))
        return None if fits else max(size - 1, 0)

    def _frontier(self, log: str, size: int) -> Frontier:
        frontier = Frontier()
        entries = self._entries.get(log, {})
        for seq in range(size):
            if seq not in entries:
                break
            frontier.append(entries[seq].leaf)
        return frontier

    def _root(self, log: str, size: int) -> str:
        frontier = self._frontier(log, size)
        return frontier.root().hex() if frontier.size == size else ""

    def _check_receipts(self) -> None:  # 4
        for row in self._db.execute(select(t.RECEIPT)):
            if any(fault.entry.startswith(f"{row.log}#") for fault in self._faults):
                continue  # its entries are the finding
            try:
                receipt: Receipt = check_receipt(row.envelope.encode(), self._lines[row.by])
                if self._root(receipt.log, receipt.size) != receipt.root:
                    raise Tampered(say("A receipt of {by} covers another log {log} than is stored.", by=receipt.by, log=receipt.log))
            except KeyError:
                self._fault(self._journal, row.entry, say("A receipt is of no party that this node trusts."))
            except HamsayaError as error:
                self._fault(self._journal, row.entry, error.what)

    def _check_blobs(self) -> None:  # 5
        blobs = {row.sha256: sha256(row.data).hexdigest() for row in self._db.execute(select(t.BLOB))}
        needed = {row.id: row.entry for row in self._db.execute(select(t.DOCUMENT.c.id, t.DOCUMENT.c.entry))}
        needed |= {row.bundle: row.entry for row in self._db.execute(select(t.QUARANTINE.c.bundle, t.QUARANTINE.c.entry))}
        for name, entry in needed.items():
            if name not in self._gone and blobs.get(name) != name:
                self._fault(self._journal, entry, say("The bytes kept as {name} are missing or were altered.", name=name[:12]))
        for name in blobs.keys() - (needed.keys() - self._gone):
            self._fault(
                self._journal, len(self._entries.get(self._journal, {})), say("Bytes are kept as {name} that no entry names.", name=name[:12])
            )

    def _compare(self, table: Table, scratch: Connection) -> int:  # 7
        keys = [column.name for column in table.primary_key]
        stored, expected = ({tuple(row[key] for key in keys): row for row in adapter_of(db).raw_rows(db, table)} for db in (self._db, scratch))
        for key in stored.keys() | expected.keys():
            theirs, ours = expected.get(key), stored.get(key)
            if theirs != ours:
                self._difference(table, key, theirs, ours)
        return len(stored)

    def _difference(self, table: Table, key: tuple[Any, ...], expected: dict[str, Any] | None, stored: dict[str, Any] | None) -> None:
        shown = " ".join(str(part)[:24] for part in key)
        if expected is None:
            entry = stored["entry"] if stored else 0
            what = say("Table {table} holds a row {row} that follows from no entry.", table=table.name, row=shown)
        elif stored is None:
            entry, what = expected["entry"], say("Table {table} lacks the row {row}.", table=table.name, row=shown)
        else:
            columns = ", ".join(name for name in expected if expected[name] != stored.get(name))
            entry = expected["entry"]
            what = say("Table {table}, row {row}: {columns} was altered.", table=table.name, row=shown, columns=columns)
        self._fault(self._journal, entry if isinstance(entry, int) else 0, what, follows=True)

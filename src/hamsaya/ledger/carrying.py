# SPDX-License-Identifier: Apache-2.0
"""A ledger carried to another store, and a ledger whose tables are made again. Either is one transaction: all of it or nothing.

Carrying: entries, heads and blobs are copied byte for byte into an empty store, every other table is made by replaying the
journal there, and the copy is verified before it is committed. Read once more afterwards, its evidence must have the hash
that the source's has. Working rows stay behind.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec
from sqlalchemy import Connection, delete, insert

from hamsaya.facts.errors import OperatorError, Tampered
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.adapter import adapter_of
from hamsaya.ledger.book import SqlBook
from hamsaya.ledger.evidence import put, read_slice, replay, slices_of
from hamsaya.ledger.store import MOVED, SqlPen, Store, about
from hamsaya.ledger.verify import Verified, verify_book


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What was carried: the entries of each log, how many rows were made of them, and the hash of all evidence."""

    logs: dict[str, int]
    rows: int
    sha256: str


def carry(source: SqlBook, target: Store) -> Carried:
    """Copy the evidence of `source`, which nobody may write meanwhile, into the empty store `target`, and make its tables.

    A target that holds this very evidence already, as an attempt that was killed leaves it, is taken as it is. Raises `Refused` where
    it holds anything else, `Tampered` where the evidence does not hold. Nothing is committed then.
    """
    left = _left_whole(source, target)
    if left is not None:
        return left
    with target.making() as db:
        book = SqlBook(db)
        put(book, map(read_slice, slices_of(source)), target.party)
        verified = verify_book(book, target.party, target.key.public)
        _check(verified)
    carried = evidence_hash(source)
    with target.reading() as book:
        if evidence_hash(book) != carried:
            raise Tampered(say("What the new store holds is not what the old one holds."), say("Nothing was changed; the node is where it was."))
    return Carried(logs=verified.logs, rows=verified.rows, sha256=carried)


def _left_whole(source: SqlBook, target: Store) -> Carried | None:
    """Return what the target holds already where that is all of the source and nothing else, verified; None otherwise."""
    try:
        target.check()
    except OperatorError:
        return None  # empty, moved, of another party or shape: `making` says what it is
    found = evidence_hash(source)
    with target.reading() as book:
        if evidence_hash(book) != found:
            return None
        verified = verify_book(book, target.party, target.key.public)
    _check(verified)
    return Carried(logs=verified.logs, rows=verified.rows, sha256=found)


def close_for_good(source: SqlPen, where: str) -> None:
    """Mark the ledger as moved: nothing is written to it any more, so that one journal never goes on in two places.

    Names at meetings, which nobody would delete there when they end, are deleted now.
    """
    source.erased |= source._db.execute(delete(t.ATTENDEE)).rowcount > 0
    source._db.execute(insert(t.ABOUT).values(name=MOVED, value=where))


def rebuild(store: Store) -> Verified:
    """Make every table but the evidence again. Raises `OperatorError` or `Tampered`; nothing was changed then."""
    with store.changing() as db:
        told = about(db)
        if told.get("party", store.party) != store.party or MOVED in told or int(told.get("schema", "1")) > t.SCHEMA_VERSION:
            store.check()
        if not any(kind == "table" and name == t.ENTRY.name for kind, name, _ in adapter_of(db).schema(db)):
            raise OperatorError(say("{where} holds no node.", where=store.adapter.shown), say("Check `store` in hamsaya.toml, or restore a backup."))
        _drop_what_follows(db)
        adapter_of(db).create(db)
        store.name(db)
        book = SqlBook(db)
        replay(book, store.party)
        verified = verify_book(book, store.party, store.key.public)
        _check(verified)
    return verified


def evidence_hash(book: SqlBook) -> str:
    """Return the hash of every byte of evidence, in an order that is the same on every database."""
    found = sha256()
    for part in slices_of(book):
        found.update(part)
    return found.hexdigest()


def _drop_what_follows(db: Connection) -> None:
    adapter, kept = adapter_of(db), {table.name for table in t.EVIDENCE}
    for kind in ("view", "table"):
        while left := sorted(name for each, name, _ in adapter.schema(db) if each == kind and name not in kept):
            adapter.drop(db, kind, left)


def _check(verified: Verified) -> None:
    if verified.faults:
        fault = verified.faults[0]
        raise Tampered(
            say("The ledger holds something else than was signed: {entry}: {what}", entry=fault.entry, what=fault.what),
            say("Nothing was changed. `hamsaya verify` names every fault; restore a backup."),
        )

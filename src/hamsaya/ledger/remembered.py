# SPDX-License-Identifier: Apache-2.0
"""What seldom changes, remembered by this process from one transaction to the next: parties, keys, agreements, links that are held, epochs.

What was found by weighing accounts against each other is remembered while no account, incident or relation changes; what was gathered of all
matters, while no act comes that may change how one stands.

All of it follows from the journal: what was read as of an entry still stands until an act comes that may change it.

1. A transaction uses what is remembered only where the journal, as that transaction sees it, holds the very entry after which it was read,
   and nothing beyond it but acts that leave it alone. So the acts of another process are found, and a store that was set back or put in
   this one's place.
2. A pen forgets all of it at any other act, and takes up what it knew before where an attempt comes to nothing. What a pen read is
   remembered once it is committed, and never else.
3. It is a way to read less and nothing more: it is kept in memory only, and `verify` does not use it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Final, TypeVar, cast

import msgspec
from sqlalchemy import Connection, bindparam, select

from hamsaya.desk.acts_agreement import ReleaseSent
from hamsaya.desk.acts_flags import FlagRaised
from hamsaya.desk.acts_review import ReviewDue
from hamsaya.desk.event import Event
from hamsaya.desk.events import (
    EVENTS,
    DocumentAdded,
    DraftDecided,
    LogExtended,
    MirrorExtended,
    Opened,
    ReceiptArrived,
    ReceiptMade,
    RecordFiled,
    ReleaseDecided,
    ReleaseProposed,
    ReportFiled,
)
from hamsaya.ledger import tables as t
from hamsaya.seal.entries import Entry

_T = TypeVar("_T")
MOST: Final = 64
"""So many entries of the journal are looked at to see whether what is remembered still stands; where more came, all is read anew."""
OF: Final = (t.PARTY, t.PARTY_KEY, t.KEY_MARK, t.KEY_LETTER, t.AGREEMENT, t.AGREEMENT_SIGNATURE, t.AGREEMENT_ACT, t.HOLD, t.LOG_EPOCH, t.CLOSED_LOG)
"""The tables of which anything is remembered."""
LEAVES: Final[frozenset[type[Event]]] = frozenset({
    DocumentAdded, DraftDecided, RecordFiled, ReportFiled, ReleaseProposed, ReleaseDecided, ReleaseSent, ReviewDue, LogExtended, ReceiptMade,
    ReceiptArrived, Opened, FlagRaised,
})  # fmt: skip
"""The acts that change nothing in those tables: those of which very many come. Whatever is not named here makes all be read anew."""
_LEAVING: Final = frozenset(kind for kind, event in EVENTS.items() if event in LEAVES)
OF_ACCOUNTS: Final = (t.RECORD, t.HOLDING, t.TRACE, t.INCIDENT_LINK, t.APART, t.RELATION)
"""The tables that accounts are weighed by."""
LEAVES_ACCOUNTS: Final = LEAVES - {RecordFiled, DocumentAdded}
"""The acts that change nothing in those."""
_LEAVING_ACCOUNTS: Final = frozenset(kind for kind, event in EVENTS.items() if event in LEAVES_ACCOUNTS)
OF_MATTERS: Final = (
    t.PARTY, t.PARTY_KEY, t.AGREEMENT, t.AGREEMENT_SIGNATURE, t.AGREEMENT_ACT, t.RELEASE, t.INBOX, t.OPENING, t.RECALL, t.ERASURE, t.REFUSAL,
    t.MATTER_MOVE, t.CALL, t.CALL_STEP,
)  # fmt: skip
"""The tables from which it follows how a matter stands, beside the records: one that is filed opens and moves nothing before it leaves."""
LEAVES_MATTERS: Final[frozenset[type[Event]]] = frozenset({DocumentAdded, DraftDecided, RecordFiled, ReportFiled, LogExtended, FlagRaised})
"""The acts that change nothing in those."""
_LEAVING_MATTERS: Final = frozenset(kind for kind, event in EVENTS.items() if event in LEAVES_MATTERS)
_MOST_WEIGHED: Final = 512
_SINCE: Final = (
    select(t.ENTRY.c.seq, t.ENTRY.c.envelope)
    .where(t.ENTRY.c.log == bindparam("log"), t.ENTRY.c.seq >= bindparam("first"))
    .order_by(t.ENTRY.c.seq)
    .limit(MOST + 1)
)
_LAST: Final = select(t.ENTRY.c.seq, t.ENTRY.c.envelope).where(t.ENTRY.c.log == bindparam("log")).order_by(t.ENTRY.c.seq.desc()).limit(1)


def leaves(event: Event) -> bool:
    """Say whether an act changes nothing of what is remembered. Of what a neighbour sent, its releases do not."""
    if isinstance(event, MirrorExtended):
        return event.log.startswith("release/")
    return type(event) in LEAVES


class Seen(msgspec.Struct, frozen=True):
    """What was read as of an entry: the journal's size then, the envelope of its last entry, and what was read."""

    size: int = 0
    last: bytes = b""
    values: Mapping[Hashable, object] = {}


class Memory:
    """What this process remembers of a store. Threads may share it: what one keeps never changes, and each user asks its own journal."""

    def __init__(self, leaving: frozenset[str] = _LEAVING, weighed: Weighed | None = None, gathered: Weighed | None = None) -> None:
        self._seen, self._leaving = Seen(), leaving
        self.weighed, self.gathered = weighed, gathered

    def keep(self, seen: Seen) -> None:
        """Remember what a transaction read that saw, or has made, the journal up to that entry."""
        now = self._seen
        values = {**now.values, **seen.values} if (now.size, now.last) == (seen.size, seen.last) else seen.values
        self._seen = Seen(seen.size, seen.last, values)

    def forget(self) -> None:
        """Forget all of it."""
        self._seen = Seen()
        for other in (self.weighed, self.gathered):
            if other is not None:
                other.forget()

    def fitting(self, db: Connection, journal: str) -> Seen:
        """Return what is remembered, where it stands for the journal as this transaction sees it (rule 1); nothing, as of its end, otherwise."""
        seen = self._seen
        if seen.size:
            rows = db.execute(_SINCE, {"log": journal, "first": seen.size - 1}).all()
            if rows and (rows[0].seq, rows[0].envelope) == (seen.size - 1, seen.last) and len(rows) <= MOST:
                later = rows[1:]
                if all(Entry(row.envelope, b"", None).header().kind in self._leaving for row in later):
                    return Seen(rows[-1].seq + 1, rows[-1].envelope, seen.values)
        last = db.execute(_LAST, {"log": journal}).first()
        return Seen() if last is None else Seen(last.seq + 1, last.envelope)


class Weighed(Memory):
    """What was found by weighing accounts, by what was asked and of which incident; or what was gathered of matters."""

    def __init__(self, leaving: frozenset[str] = _LEAVING_ACCOUNTS) -> None:
        super().__init__(leaving)

    def of(self, db: Connection, journal: str, what: str, names: Sequence[str], weigh: Callable[[str], _T]) -> dict[str, _T]:
        """Return what `weigh` says of each name: from memory where it stands there, for the journal as this transaction sees it."""
        seen = self.fitting(db, journal)
        fresh: dict[Hashable, object] = {(what, name): weigh(name) for name in dict.fromkeys(names) if (what, name) not in seen.values}
        values: dict[Hashable, object] = {**seen.values, **fresh}
        if seen.size and fresh:
            self.keep(Seen(seen.size, seen.last, values if len(values) <= _MOST_WEIGHED else {**fresh}))
        return {name: cast("_T", values[what, name]) for name in names}  # who asks must not change it


def memory_of_a_store() -> Memory:
    """Return what a process starts with: nothing remembered."""
    return Memory(weighed=Weighed(), gathered=Weighed(_LEAVING_MATTERS))


class Remembering:
    """Reading what seldom changes, once: over one transaction, and from one to the next where it has a memory."""

    _db: Connection
    _memory: Memory | None = None
    _journal: str = ""
    _values: dict[Hashable, object] | None = None
    """What this transaction knows; None until it asks."""
    _as_of: Seen = Seen()

    def once(self, name: Hashable, read: Callable[[], _T]) -> _T:
        """Return what `read` reads, from memory where it stands there. Who asks must not change it."""
        if self._values is None:
            self._as_of = Seen() if self._memory is None else self._memory.fitting(self._db, self._journal)
            self._values = dict(self._as_of.values)
        if name not in self._values:
            self._values[name] = read()
        return cast("_T", self._values[name])

    def weighed(self, what: str, names: Sequence[str], weigh: Callable[[str], _T]) -> dict[str, _T]:
        """Return what `weigh` says of each incident, asked `what`; remembered while no account, incident or relation changes. As for `once`."""
        kept = self._memory.weighed if self._memory is not None else None
        return {name: weigh(name) for name in names} if kept is None else kept.of(self._db, self._journal, what, names, weigh)

    def gathered(self, what: str, gather: Callable[[], _T]) -> _T:
        """Return what `gather` gathers of all matters; remembered while no act comes that may change how one stands. As for `once`."""
        kept = self._memory.gathered if self._memory is not None else None
        return gather() if kept is None else kept.of(self._db, self._journal, what, [""], lambda _: gather())[""]

    def remember(self) -> None:
        """Keep what was read here for the transactions to come. For who saw, or has committed, what it read."""
        seen = self._as_of
        if self._memory is not None and self._values and seen.size:
            self._memory.keep(Seen(seen.size, seen.last, self._values))

# SPDX-License-Identifier: Apache-2.0
"""Reading the logs: entries, roots, checkpoints and receipts, of this node and of what it mirrors."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import bindparam, func, select

from hamsaya.desk import holdings as h
from hamsaya.exchange.session import Mirror
from hamsaya.facts.words import Text
from hamsaya.ledger import tables as t
from hamsaya.ledger.marks import Marks
from hamsaya.ledger.rows import Rows, receipt_of, time_of
from hamsaya.seal.entries import Entry
from hamsaya.seal.merkle import Frontier, leaf_hash

_LAST: Final = select(func.max(t.ENTRY.c.seq)).where(t.ENTRY.c.log == bindparam("log"))
_LAST_OF: Final = select(func.max(t.ENTRY.c.seq)).where(t.ENTRY.c.log == t.HEAD.c.log).scalar_subquery()
_LAST_OF_EACH: Final = select(t.HEAD.c.log, _LAST_OF)
_PEAKS: Final = select(t.HEAD.c.peaks, _LAST_OF.label("last")).where(t.HEAD.c.log == bindparam("log"))
_JOURNAL: Final = select(t.HEAD.c.log).where(t.HEAD.c.log.like("journal/%")).scalar_subquery()
_LAST_ACT: Final = select(t.ENTRY.c.envelope).where(t.ENTRY.c.log == _JOURNAL).order_by(t.ENTRY.c.seq.desc()).limit(1)
_OTHER: Final = t.RECEIPT.alias("other")
_LARGEST: Final = select(func.max(_OTHER.c.size)).where(_OTHER.c.log == t.HEAD.c.log, _OTHER.c.by == bindparam("by")).scalar_subquery()
_MOST_OF_EACH: Final = (
    select(t.RECEIPT).join(t.HEAD, t.HEAD.c.log == t.RECEIPT.c.log).where(t.RECEIPT.c.by == bindparam("by"), t.RECEIPT.c.size == _LARGEST)
)


class SqlLogBook(Rows):
    """The logs at one moment, over one connection."""

    _frontiers: dict[str, Frontier]
    _marks: Marks

    def last_heard(self, party: str) -> tuple[datetime | None, datetime | None]:
        """Return when something last arrived from a neighbour, and the time on its newest receipt."""
        arrived = self._db.execute(select(func.max(t.INBOX.c.received_at)).where(t.INBOX.c.sender == party)).scalar()
        receipted = self._db.execute(select(func.max(t.RECEIPT.c.at)).where(t.RECEIPT.c.by == party)).scalar()
        return time_of(arrived) if arrived else None, time_of(receipted) if receipted else None

    def quarantined(self) -> list[h.Quarantined]:
        """Return the bundles that broke the rules."""
        return [
            h.Quarantined(bundle=row["bundle"], sender=row["sender"], reason=msgspec.json.decode(row["reason"], type=Text), at=time_of(row["at"]))
            for row in self._rows(select(t.QUARANTINE))
        ]

    def receipts(self) -> list[h.ReceiptHeld]:
        """Return receipts made and received, by log and size."""
        return [receipt_of(row) for row in self._rows(select(t.RECEIPT).order_by(t.RECEIPT.c.log, t.RECEIPT.c.size))]

    def last_receipt(self, log: str, by: str) -> h.ReceiptHeld | None:
        """Return the receipt of a party that covers most of a log."""
        query = select(t.RECEIPT).where(t.RECEIPT.c.log == log, t.RECEIPT.c.by == by).order_by(t.RECEIPT.c.size.desc()).limit(1)
        return next(map(receipt_of, self._rows(query)), None)

    def last_receipts(self, by: str) -> dict[str, h.ReceiptHeld]:
        """Return of each log that has one the receipt of a party that covers most of it."""
        found = {row["log"]: receipt_of(row) for row in self._db.execute(_MOST_OF_EACH, {"by": by}).mappings()}
        begun = {log: self.last_receipt(log, by) for log in self._frontiers.keys() - found.keys()}  # begun in this transaction, it has no head yet
        return found | {log: receipt for log, receipt in begun.items() if receipt is not None}

    def has_receipt(self, log: str, size: int, by: str) -> bool:
        """Say whether a party's receipt over a log at that very size is here."""
        where = t.RECEIPT.c.log == log, t.RECEIPT.c.size == size, t.RECEIPT.c.by == by
        return self._db.execute(select(t.RECEIPT.c.size).where(*where)).first() is not None

    def receipt_over(self, log: str, seq: int, by: str) -> h.ReceiptHeld | None:
        """Return the first receipt of a party that covers an entry of a log."""
        covers = (t.RECEIPT.c.log == log) & (t.RECEIPT.c.size > seq) & (t.RECEIPT.c.by == by)
        return next(map(receipt_of, self._rows(select(t.RECEIPT).where(covers).order_by(t.RECEIPT.c.size).limit(1))), None)

    def logs(self) -> dict[str, int]:
        """Return the size of each log."""
        found: dict[str, int | None] = {log: last for log, last in self._db.execute(_LAST_OF_EACH)}  # noqa: C416  (rows are no pairs to mypy)
        found |= {log: self._db.execute(_LAST, {"log": log}).scalar() for log in self._frontiers.keys() - found.keys()}
        return {log: last + 1 for log, last in sorted(found.items()) if last is not None}

    def entries(self, log: str, first: int, count: int) -> list[Entry]:
        """Return up to `count` entries of `log` from `first` on."""
        query = select(t.ENTRY).where(t.ENTRY.c.log == log, t.ENTRY.c.seq >= first).order_by(t.ENTRY.c.seq).limit(count)
        return [Entry(row["envelope"], row["salt"], row["content"]) for row in self._rows(query)]

    def checkpoint(self, log: str) -> bytes | None:
        """Return the last signed checkpoint over `log` that this node holds."""
        data: bytes | None = self._db.execute(select(t.HEAD.c.checkpoint).where(t.HEAD.c.log == log)).scalar()
        return data

    def frontier(self, log: str) -> Frontier:
        """Return the frontier over `log`: kept from the last append, or else computed from the stored bytes."""
        if log not in self._frontiers:
            self._frontiers[log] = self._kept_frontier(log) or self._computed_frontier(log)
        return self._frontiers[log]

    def _kept_frontier(self, log: str) -> Frontier | None:
        kept = self._db.execute(_PEAKS, {"log": log}).first()
        if kept is None or kept.last is None:
            return None
        peaks, last = kept
        try:
            frontier = Frontier.of_peaks(msgspec.json.decode(peaks, type=list[tuple[int, str]]))
        except (ValueError, msgspec.DecodeError):
            return None
        return frontier if frontier.size == last + 1 else None

    def _computed_frontier(self, log: str) -> Frontier:
        frontier = Frontier()
        for (envelope,) in self._db.execute(select(t.ENTRY.c.envelope).where(t.ENTRY.c.log == log).order_by(t.ENTRY.c.seq)):
            frontier.append(leaf_hash(envelope))
        return frontier

    def root_at(self, log: str, size: int) -> bytes | None:
        """Return the root over the first `size` entries of `log`, or None if it was never that long."""
        known = self._marks.longest(log, size)
        frontier, last = known if known is not None and self._leaf(log, known[0].size - 1) == known[1] else (Frontier(), b"")
        added = (t.ENTRY.c.log == log, t.ENTRY.c.seq >= frontier.size, t.ENTRY.c.seq < size)
        for (envelope,) in self._db.execute(select(t.ENTRY.c.envelope).where(*added).order_by(t.ENTRY.c.seq)):
            last = leaf_hash(envelope)
            frontier.append(last)
        if frontier.size != size:
            return None
        self._mark(log, frontier, last)
        return frontier.root()

    def _leaf(self, log: str, seq: int) -> bytes:
        envelope = self._db.execute(select(t.ENTRY.c.envelope).where(t.ENTRY.c.log == log, t.ENTRY.c.seq == seq)).scalar()
        return b"" if envelope is None else leaf_hash(envelope)

    def _mark(self, log: str, frontier: Frontier, last_leaf: bytes) -> None:
        """Keep how far a log was added up: what is read here is committed."""
        self._marks.keep(log, frontier, last_leaf)

    def mirror(self, log: str) -> Mirror:
        """Return what this node holds of a neighbour's log."""

        def leaf_at(seq: int) -> bytes:
            found = self.entries(log, seq, 1)
            return found[0].leaf if found else b""

        return Mirror(self.frontier(log), leaf_at, lambda size: self.root_at(log, size))

    def last_act(self) -> datetime | None:
        """Return the time of the journal's last entry."""
        row = self._db.execute(_LAST_ACT).scalar()
        return None if row is None else Entry(row, b"", None).header().at

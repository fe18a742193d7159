# SPDX-License-Identifier: Apache-2.0
"""Copies whose time runs out: what acts on them leave behind, and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from hamsaya.desk import acts_retention as ev
from hamsaya.desk.retention_held import CopyHere, CopyHoldHeld, Cut, DueOrder
from hamsaya.exchange.retention import CopyHeld
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, project, stamp
from hamsaya.ledger.rows import Row, Rows, time_of
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header

_ITEMS = list[tuple[str, int]]


@project.register
def _(event: ev.DueOrdered, db: Connection, act: Act) -> None:
    add(db, t.DUE_ORDER, act, number=act.seq, items=encode(event.items), state="ordered", ordered_by=act.login, ordered_office=act.office,
        ordered_at=stamp(act.at), decided_office="", decided_at="", erased=encode([]))  # fmt: skip


@project.register
def _(event: ev.DueDecided, db: Connection, act: Act) -> None:
    told = {"state": "erased" if event.erase else "declined", "decided_office": act.office, "decided_at": stamp(act.at)}
    done = update(t.DUE_ORDER).where(t.DUE_ORDER.c.number == event.order)
    db.execute(done.values(**told, erased=encode(event.erased), entry=act.seq))


@project.register
def _(event: ev.HoldMade, db: Connection, act: Act) -> None:
    keep_hold(db, act, event.held, by=act.login)


@project.register
def _(event: ev.HoldReviewed, db: Connection, act: Act) -> None:
    done = update(t.COPY_HOLD).where(*_is(event.log, event.seq, event.number))
    db.execute(done.values(outcome="fine" if event.fine else "ended", reviewed_by=act.office, reviewed_at=stamp(act.at), entry=act.seq))


def keep_hold(db: Connection, act: Act, held: CopyHeld, by: str = "") -> None:
    """Keep that a copy is held beyond its time, once."""
    if not has(db, *_is(held.log, held.seq, held.number)):
        add(db, t.COPY_HOLD, act, log=held.log, seq=held.seq, number=held.number, reason=held.reason, until=stamp(held.until), by=by,
            office=held.office, at=stamp(held.at), outcome="", reviewed_by="", reviewed_at="")  # fmt: skip


def held_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own hold that came back after this node was set back; who made it stands in the journal that was lost."""
    del header
    keep_hold(db, act, read(content, CopyHeld))


def _is(log: str, seq: int, number: int) -> tuple[ColumnElement[bool], ...]:
    return t.COPY_HOLD.c.log == log, t.COPY_HOLD.c.seq == seq, t.COPY_HOLD.c.number == number


def _asked(cuts: Sequence[Cut]) -> ColumnElement[bool]:
    parts = []
    for cut in cuts:
        of_kind = t.INBOX.c.record_kind.in_(["", *cut.kinds])
        part = [t.INBOX.c.log.in_(cut.logs), of_kind, t.INBOX.c.kept_since <= stamp(cut.up_to.astimezone(UTC))]
        parts.append(and_(*part, *([t.INBOX.c.kept_since < stamp(cut.before.astimezone(UTC))] if cut.before else [])))
    waits = exists().where(t.ERASURE.c.log == t.INBOX.c.log, t.ERASURE.c.seq == t.INBOX.c.seq)  # its sender asked: it is answered there
    return and_(t.INBOX.c.kept_since > "", or_(*parts), ~waits)


class SqlRetentionBook(Rows):
    """Reading what may be kept until when. Part of `SqlBook`."""

    def copies_here(self, cuts: Sequence[Cut], limit: int = 0) -> list[CopyHere]:
        """Return the copies here that one of these cuts asks for, those released first in front; at most `limit` if that is not 0."""
        if not cuts:
            return []
        query = select(t.INBOX).where(_asked(cuts)).order_by(t.INBOX.c.kept_since, t.INBOX.c.log, t.INBOX.c.seq)
        return [
            CopyHere(
                log=row["log"], seq=row["seq"], sender=row["sender"], kind=row["record_kind"], released_at=time_of(row["kept_since"]),
                quarantined=row["state"] == "quarantined",
            )
            for row in self._rows(query.limit(limit) if limit else query)
        ]  # fmt: skip

    def count_copies(self, cuts: Sequence[Cut]) -> int:
        """Return how many there are."""
        return int(self._db.execute(select(func.count()).select_from(t.INBOX).where(_asked(cuts))).scalar_one()) if cuts else 0

    def copy_holds(self, *, log: str = "", seq: int = -1) -> list[CopyHoldHeld]:
        """Return the last hold on each copy, of ours and of neighbours'; of one entry if asked."""
        query = select(t.COPY_HOLD).order_by(t.COPY_HOLD.c.log, t.COPY_HOLD.c.seq, t.COPY_HOLD.c.number)
        if log:
            query = query.where(t.COPY_HOLD.c.log == log, t.COPY_HOLD.c.seq == seq)
        return list({(row["log"], row["seq"]): _hold_of(row) for row in self._rows(query)}.values())

    def due_orders(self, *, number: int = -1) -> list[DueOrder]:
        """Return the orders to erase what ran out, the newest first; that with this number if asked."""
        query = select(t.DUE_ORDER).order_by(t.DUE_ORDER.c.number.desc())
        return [
            DueOrder(
                number=row["number"], items=msgspec.json.decode(row["items"], type=_ITEMS), state=row["state"], ordered_by=row["ordered_by"],
                ordered_office=row["ordered_office"], ordered_at=time_of(row["ordered_at"]), decided_office=row["decided_office"],
                decided_at=time_of(row["decided_at"]) if row["decided_at"] else None, erased=msgspec.json.decode(row["erased"], type=_ITEMS),
            )
            for row in self._rows(query.where(t.DUE_ORDER.c.number == number) if number >= 0 else query)
        ]  # fmt: skip

    def sent_unerased(self, log: str, before: int) -> list[tuple[int, str]]:
        """Return the releases of one of our logs before an entry whose receiver has not said that the copy is gone: entry, and kind of record."""
        own = (t.RECORD.c.id == t.RELEASE.c.record) & (t.RECORD.c.version == t.RELEASE.c.version) & (t.RECORD.c.received_from == "")
        query = select(t.RELEASE.c.seq, t.RECORD.c.kind).outerjoin(t.RECORD, own)
        where = (t.RELEASE.c.log == log, t.RELEASE.c.seq < before, t.RELEASE.c.condition.in_(_THERE))
        return [(int(row[0]), row[1] or "") for row in self._db.execute(query.where(*where).order_by(t.RELEASE.c.seq))]

    def derived_records(self) -> list[str]:
        """Return the records of ours that rest on another party's."""
        query = select(t.RECORD.c.id).where(t.RECORD.c.received_from == "", t.RECORD.c.body.contains('"derived":[{', autoescape=True)).distinct()
        return sorted(self._db.execute(query).scalars())


_THERE = ("receipted", "opened", "recalled", "recall answered")
"""Conditions of a release whose copy is at the receiver, and of which nobody asked that it be erased."""


def _hold_of(row: Row) -> CopyHoldHeld:
    return CopyHoldHeld(
        log=row["log"], seq=row["seq"], number=row["number"], reason=row["reason"], until=time_of(row["until"]), office=row["office"],
        at=time_of(row["at"]), by=row["by"], outcome=row["outcome"], reviewed_by=row["reviewed_by"],
        reviewed_at=time_of(row["reviewed_at"]) if row["reviewed_at"] else None,
    )  # fmt: skip

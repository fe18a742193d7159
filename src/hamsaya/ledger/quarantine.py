# SPDX-License-Identifier: Apache-2.0
"""Notices of quarantine: what acts leave behind, and how they are read. Both sides keep the same rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, exists, select, update

from hamsaya.desk.acts_quarantine import QuarantineTold
from hamsaya.exchange.quarantine import NOTICE, EntryQuarantined, why_quarantined
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, project, stamp
from hamsaya.ledger.rows import time_of
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


@project.register
def _(event: QuarantineTold, db: Connection, act: Act) -> None:
    keep_notice(db, act, event.notice)


def keep_notice(db: Connection, act: Act, notice: EntryQuarantined) -> None:
    """Keep a notice, once."""
    if not has(db, t.NOTICE.c.log == notice.log, t.NOTICE.c.seq == notice.seq):
        add(db, t.NOTICE, act, log=notice.log, seq=notice.seq, code=notice.code, clause=notice.clause,
            until=stamp(notice.until) if notice.until else "", at=stamp(notice.at))  # fmt: skip


def take_notice(db: Connection, act: Act, content: bytes, sender: str, *, new: bool) -> str:
    """Keep a neighbour's notice and let the release be what it says; return what it is about."""
    notice = read(content, EntryQuarantined)
    if new:
        keep_notice(db, act, notice)
        settle_quarantined(db, act, notice, sender)
    return f"{notice.log}#{notice.seq}"


def settle_quarantined(db: Connection, act: Act, notice: EntryQuarantined, by: str) -> None:
    """Let the release that this entry made be quarantined there; one that was stopped, held or taken back here stays so."""
    db.execute(
        update(t.RELEASE).where(t.RELEASE.c.log == notice.log, t.RELEASE.c.seq == notice.seq, t.RELEASE.c.condition.in_(("logged", "receipted")))
        .values(condition="quarantined", condition_at=stamp(notice.at), entry=act.seq,
                reason=encode(say("Quarantined by {party}: {why}", party=by, why=why_quarantined(notice))))
    )  # fmt: skip


def notice_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own notice that came back after this node was set back."""
    del header
    keep_notice(db, act, read(content, EntryQuarantined))


class SqlNotices:
    """Reading notices of quarantine. Part of `SqlBook`."""

    _db: Connection

    def notices(self) -> list[EntryQuarantined]:
        """Return all notices, ours and those of neighbours, oldest first."""
        return [_notice(row) for row in self._db.execute(select(t.NOTICE).order_by(t.NOTICE.c.entry, t.NOTICE.c.log, t.NOTICE.c.seq)).mappings()]

    def notice_of(self, log: str, seq: int) -> EntryQuarantined | None:
        """Return the notice about an entry, or None."""
        row = self._db.execute(select(t.NOTICE).where(t.NOTICE.c.log == log, t.NOTICE.c.seq == seq)).mappings().first()
        return _notice(row) if row else None

    def release_in(self, log: str, seq: int) -> str:
        """Return the name of our release that this entry made, empty for none."""
        return self._db.execute(select(t.RELEASE.c.id).where(t.RELEASE.c.log == log, t.RELEASE.c.seq == seq)).scalar() or ""

    def untold_quarantine(self, party: str, most: int) -> list[EntryQuarantined]:
        """Return the notices that are due to `party`: of what it sent and what stands in quarantine here."""
        told = exists().where(t.NOTICE.c.log == t.INBOX.c.log, t.NOTICE.c.seq == t.INBOX.c.seq)
        query = (
            select(t.INBOX.c.log, t.INBOX.c.seq, t.INBOX.c.received_at, t.INBOX.c.told)
            .where(t.INBOX.c.state == "quarantined", t.INBOX.c.sender == party, t.INBOX.c.kind != NOTICE, ~told)
            .order_by(t.INBOX.c.log, t.INBOX.c.seq).limit(most)
        )  # fmt: skip
        due = []
        for row in self._db.execute(query).mappings():
            code, clause, until = (row["told"] or "unsound||").split("|")
            due.append(EntryQuarantined(log=row["log"], seq=row["seq"], code=code, clause=clause, at=time_of(row["received_at"]),
                                        until=time_of(until) if until else None))  # fmt: skip
        return due


def _notice(row: Any) -> EntryQuarantined:
    return EntryQuarantined(log=row["log"], seq=row["seq"], code=row["code"], clause=row["clause"], at=time_of(row["at"]),
                            until=time_of(row["until"]) if row["until"] else None)  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Moves on matters: what signed acts leave behind, and how they are read. Both sides keep the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, select, union_all, update

from hamsaya.desk.acts_matters import MatterMovedHere
from hamsaya.desk.matters_held import MoveHeld
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.matters import MatterMoved, ref_of
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, has, project, stamp
from hamsaya.ledger.rows import Rows, time_of
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Header

OWN: Final = select(t.PARTY.c.id).where(t.PARTY.c.own.is_(True)).scalar_subquery()
"""This node's own party."""


@project.register
def _(event: MatterMovedHere, db: Connection, act: Act) -> None:
    header = act.entry_of(event.log, event.seq).header()
    _keep(db, act, header, event.moved, event.party)


def take_moved(db: Connection, act: Act, header: Header, content: bytes) -> str:
    """Keep a neighbour's move; return on which matter."""
    moved = read(content, MatterMoved)
    _keep(db, act, header, moved, header.by)
    return moved.matter


def moved_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own move that came back after this node was set back."""
    name = parse_log(header.log)
    _keep(db, act, header, read(content, MatterMoved), name.receiver if name else "")


def _keep(db: Connection, act: Act, header: Header, moved: MatterMoved, party: str) -> None:
    """Keep a move, once; where it came again in another log, that is where its receipt stands."""
    ref = ref_of(canonical(moved))
    key = {"matter": moved.matter, "by": header.by, "party": party, "ref": ref}
    where = [t.MATTER_MOVE.c[name] == value for name, value in key.items()]
    if has(db, *where):
        db.execute(update(t.MATTER_MOVE).where(*where).values(log=header.log, seq=header.seq, entry=act.seq))
    else:
        add(db, t.MATTER_MOVE, act, **key, move=moved.move, seen=moved.seen, on_text=moved.on, office=moved.office, at=stamp(moved.at),
            log=header.log, seq=header.seq)  # fmt: skip


class SqlMatterBook(Rows):
    """Reading matters over one connection."""

    def openings(self, kinds: Collection[str]) -> list[tuple[str, str]]:
        """Return the records of these kinds, newest first, then those that were taken back: the record, and from whom it came."""
        held, struck = t.HOLDING.c, t.RECORD.c
        queries = (
            select(held.id, held.received_from).where(held.kind.in_(kinds)).order_by(held.item.desc()),
            select(struck.id, struck.received_from).where(struck.withdrawn_by > "", struck.kind.in_(kinds)).order_by(struck.entry.desc(), struck.id),
        )
        return list(dict.fromkeys((row["id"], row["received_from"]) for query in queries for row in self._rows(query)))

    def acknowledged_in(self, log: str) -> dict[int, datetime]:
        """Return when the entries of a log of releases were acknowledged: ours by a neighbour's officers, a neighbour's by those here."""
        there = select(t.OPENING.c.seq, t.OPENING.c.at).where(t.OPENING.c.log == log)
        here = select(t.INBOX.c.seq, t.INBOX.c.opened_at).where(t.INBOX.c.log == log, t.INBOX.c.opened_at > "")
        return {row.seq: time_of(row.at) for row in self._db.execute(union_all(there, here))}

    def moves_on(self, matters: Sequence[str]) -> dict[str, list[MoveHeld]]:
        """Return the signed moves on each of these matters, in the order in which they came."""
        move, found = t.MATTER_MOVE.c, defaultdict[str, list[MoveHeld]](list)
        had = first_receipt(move.log, move.seq, case((move.by == OWN, move.party), else_=OWN))
        for row in self._rows(select(t.MATTER_MOVE, had).where(move.matter.in_(matters)).order_by(move.entry, move.seq)):
            found[row["matter"]].append(MoveHeld(
                matter=row["matter"], by=row["by"], party=row["party"], move=row["move"], ref=row["ref"], seen=row["seen"], on=row["on_text"],
                office=row["office"], at=time_of(row["at"]), log=row["log"], seq=row["seq"],
                received_at=time_of(row["had"]) if row["had"] else None,
            ))  # fmt: skip
        return found


def first_receipt(log: Any, seq: Any, by: Any) -> ColumnElement[Any]:
    """Return, as the column `had`, when a party first receipted an entry of a log."""
    receipt = t.RECEIPT.alias()
    query = select(receipt.c.at).where(receipt.c.log == log, receipt.c.size > seq, receipt.c.by == by).order_by(receipt.c.size).limit(1)
    return query.scalar_subquery().label("had")

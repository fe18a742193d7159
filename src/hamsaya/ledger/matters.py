# SPDX-License-Identifier: Apache-2.0
"""Moves on matters: what signed acts leave behind, and how they are read. Both sides keep the same rows."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from hamsaya.desk.acts_matters import MatterMovedHere
from hamsaya.desk.matters_held import MoveHeld
from hamsaya.desk.sheets import SHEET, Sheet
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.matters import MatterMoved, ref_of
from hamsaya.ledger import sheets
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, has, project, stamp
from hamsaya.ledger.rows import Rows, time_of
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Header


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

    def openings_page(self, kinds: Collection[str], after: str = "", limit: int = SHEET) -> Sheet[str]:
        """Return a sheet of the records of these kinds, newest first."""
        query = select(t.HOLDING.c.id, t.HOLDING.c.item).where(t.HOLDING.c.kind.in_(kinds))
        return sheets.rows_after(self._db, query, [(t.HOLDING.c.item, True)], after, limit).map(lambda row: str(row["id"]))

    def moves_on(self, matter: str) -> list[MoveHeld]:
        """Return the signed moves on a matter, in the order in which they came."""
        query = select(t.MATTER_MOVE).where(t.MATTER_MOVE.c.matter == matter).order_by(t.MATTER_MOVE.c.entry, t.MATTER_MOVE.c.seq)
        return [
            MoveHeld(
                matter=row["matter"], by=row["by"], party=row["party"], move=row["move"], ref=row["ref"], seen=row["seen"], on=row["on_text"],
                office=row["office"], at=time_of(row["at"]), log=row["log"], seq=row["seq"],
            )
            for row in self._rows(query)
        ]  # fmt: skip

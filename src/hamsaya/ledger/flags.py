# SPDX-License-Identifier: Apache-2.0
"""Rights flags: what acts leave behind, and how they are read. A row a version of an account; nothing takes a row away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, func, insert, select, tuple_, update

from hamsaya.accounts.harm import may_tell
from hamsaya.desk.acts_epochs import LostEntryFound
from hamsaya.desk.acts_flags import FlagClosed, FlagRaised, Told
from hamsaya.desk.event import Event
from hamsaya.desk.events import LogRefilled, MirrorExtended, RecordFiled
from hamsaya.desk.flags_held import FlagHeld
from hamsaya.desk.sheets import SHEET, Sheet
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.bundle import take_entry
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.records import Record
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, has, project, stamp
from hamsaya.ledger.holding import incident_name, incident_names
from hamsaya.ledger.rows import Row, Rows, time_of
from hamsaya.ledger.sheets import rows_after
from hamsaya.seal.canonical import read, read_again
from hamsaya.seal.entries import Entry
from hamsaya.seal.envelope import open_envelope


@project.register
def _(event: FlagRaised, db: Connection, act: Act) -> None:
    keys = [(each.record, each.version, each.received_from) for each in event.told]
    of = tuple_(t.RECORD.c.id, t.RECORD.c.version, t.RECORD.c.received_from)
    told = {
        row[:3]: row[3]
        for row in db.execute(select(t.RECORD.c.id, t.RECORD.c.version, t.RECORD.c.received_from, t.RECORD.c.incident).where(of.in_(keys)))
    }
    names = incident_names(db, set(told.values()))
    db.execute(insert(t.FLAG), [
        {"record": each.record, "version": each.version, "received_from": each.received_from, "told": told[key], "incident": names[told[key]],
         "number": act.seq, "at": stamp(act.at), "by": "" if each.received_from else act.login, "closed_by": "", "closed_at": "", "reason": "",
         "entry": act.seq}
        for each, key in zip(event.told, keys, strict=True)
    ])  # fmt: skip


@project.register
def _(event: FlagClosed, db: Connection, act: Act) -> None:
    for each in event.told:
        db.execute(_of(each).values(closed_by=act.office, closed_at=stamp(act.at), reason=event.reason, entry=act.seq))


def reduce_closed(db: Connection, event: FlagClosed) -> None:
    """Take the reason away: an account that it is about was erased."""
    for each in event.told:
        db.execute(_of(each).values(reason=event.reason))


def move_flags(db: Connection, name: str, entry: int) -> None:
    """Put the flags that stand on `name` on the incidents under which their accounts go on now: it was linked, or a link was taken back."""
    for (told,) in db.execute(select(t.FLAG.c.told).where(t.FLAG.c.incident == name).distinct().order_by(t.FLAG.c.told)).all():
        now = incident_name(db, told)
        if now != name:
            db.execute(update(t.FLAG).where(t.FLAG.c.incident == name, t.FLAG.c.told == told).values(incident=now, entry=entry))


def accounts_in(db: Connection, event: Event, entries_of: Callable[[str, int, int], list[Entry]]) -> list[tuple[Record, str]]:
    """Return the accounts that an act has just stored and that may tell of harm, each with the neighbour that sent it (empty for ours)."""
    match event:
        case RecordFiled(envelope=envelope):
            body = open_envelope(envelope.encode()).payload
            return [(read(body, Record), "")] if may_tell(body) else []
        case MirrorExtended(log=log, verdicts=verdicts) if (name := parse_log(log)) is not None and name.kind == "release":
            applied = [verdict.seq for verdict in verdicts if verdict.outcome == "applied"]
            entries = dict(enumerate(entries_of(log, applied[0], applied[-1] + 1 - applied[0]), applied[0])) if applied else {}
            return [(record, name.sender) for seq in applied if (record := _released(entries[seq]))]
        case LogRefilled(log=log, seq=seq):
            return _again(db, entries_of(log, seq, 1)[0])
        case LostEntryFound(entry=sent):
            return _again(db, take_entry(sent))
    return []


def _again(db: Connection, entry: Entry) -> list[tuple[Record, str]]:
    """Return the account of ours in an entry that came back, where it stands again here."""
    record = _released(entry)
    if record is None or not has(db, t.RECORD.c.id == record.id, t.RECORD.c.version == record.version, t.RECORD.c.received_from == ""):
        return []
    return [(record, "")]


def _released(entry: Entry) -> Record | None:
    """Return the account that an entry releases, where it may tell of harm."""
    if entry.content is None or not may_tell(entry.content) or entry.header().kind != "release":
        return None
    return read_again(entry.content, ReleasedRecord).record


def _of(each: Told) -> Update:
    return update(t.FLAG).where(t.FLAG.c.record == each.record, t.FLAG.c.version == each.version, t.FLAG.c.received_from == each.received_from)


def _held(row: Row) -> FlagHeld:
    return FlagHeld(
        told=Told(row["record"], row["version"], row["received_from"]), incident=row["incident"], number=row["number"], at=time_of(row["at"]),
        by=row["by"], closed_by=row["closed_by"], closed_at=time_of(row["closed_at"]) if row["closed_at"] else None, reason=row["reason"],
    )  # fmt: skip


class SqlFlagBook(Rows):
    """Reading rights flags. Part of `SqlBook`."""

    def flags_of(self, incidents: Sequence[str]) -> dict[str, list[FlagHeld]]:
        """Return what raised the flags of those of these incidents that have one, oldest first."""
        found: dict[str, list[FlagHeld]] = {}
        rows = self._rows(select(t.FLAG).where(t.FLAG.c.incident.in_(incidents)).order_by(t.FLAG.c.number, t.FLAG.c.record, t.FLAG.c.version))
        for row in rows:
            found.setdefault(row["incident"], []).append(_held(row))
        return found

    def flagged_page(self, *, closed: bool = False, after: str = "", limit: int = SHEET) -> Sheet[str]:
        """Return a sheet of the incidents whose flag is open, or closed, the one that was raised last first."""
        still_open = select(t.FLAG.c.incident).where(t.FLAG.c.closed_by == "")
        which = t.FLAG.c.incident.not_in(still_open) if closed else t.FLAG.c.incident.in_(still_open)
        newest = select(t.FLAG.c.incident, func.max(t.FLAG.c.number).label("number")).where(which).group_by(t.FLAG.c.incident).subquery()
        keys: list[tuple[ColumnElement[Any], bool]] = [(newest.c.number, True), (newest.c.incident, False)]
        return rows_after(self._db, select(newest), keys, after, limit).map(lambda row: str(row["incident"]))

    def incident_names(self, incidents: Collection[str]) -> dict[str, str]:
        """Return the name under which each of these incidents goes on after it was linked."""
        return incident_names(self._db, incidents)

    def open_flags(self) -> int:
        """Return how many incidents stand under an open flag."""
        query = select(func.count(t.FLAG.c.incident.distinct())).where(t.FLAG.c.closed_by == "")
        return int(self._db.execute(query).scalar_one())


__all__ = ["SqlFlagBook", "move_flags", "reduce_closed"]

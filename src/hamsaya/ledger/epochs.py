# SPDX-License-Identifier: Apache-2.0
"""Logs that were begun anew: what the acts leave behind, and how it is read.

An act closes every log of the pair that was in use, also those that it does not name: they count for nothing. What this node had put into
a closed log beyond its mark waits as if it had been approved a moment ago, and goes into the new one when it is asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from hamsaya.desk import acts_epochs as ev
from hamsaya.desk.epochs_held import EpochHeld, LostEntry
from hamsaya.exchange.bundle import SentEntry, take_entry
from hamsaya.exchange.epochs import LogEpoch
from hamsaya.exchange.letters import Mark
from hamsaya.exchange.logs import LogName, parse_log
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, project, stamp
from hamsaya.ledger.remembered import Remembering
from hamsaya.ledger.rows import Rows, time_of
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header

_ASKED_BACK = ("recalled", "recall answered", "erasure asked", "erasure confirmed")
"""What was asked of these names the place in the closed log, and so does the answer: they keep it."""
ANEW = say("Its log was closed before the neighbour had receipted it; it goes on in the new one.")


def keep_epoch(db: Connection, act: Act, pair: tuple[str, str], told: LogEpoch, office: str, at: datetime) -> None:
    """Let the logs from one party to the other go on under an epoch, once."""
    sender, receiver = pair
    of_pair = (t.LOG_EPOCH.c.sender == sender, t.LOG_EPOCH.c.receiver == receiver)
    if has(db, *of_pair, t.LOG_EPOCH.c.epoch == told.epoch):
        return
    number = 1 + int(db.execute(select(func.count()).select_from(t.LOG_EPOCH).where(*of_pair)).scalar_one())
    add(db, t.LOG_EPOCH, act, sender=sender, receiver=receiver, epoch=told.epoch, number=number, reason=told.reason, office=office,
        at=stamp(at), settled="")  # fmt: skip
    for mark in told.closed:
        if not has(db, t.CLOSED_LOG.c.log == mark.log):
            add(db, t.CLOSED_LOG, act, log=mark.log, size=mark.size, root=mark.root, epoch=told.epoch)


@project.register
def _(event: ev.EpochOpened, db: Connection, act: Act) -> None:
    own = str(db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own)).scalar_one())
    told = LogEpoch(epoch=event.epoch, reason=event.reason, closed=event.closed)
    keep_epoch(db, act, (own, event.neighbour), told, act.office, act.at)
    _wait_again(db, act, (own, event.neighbour), told)
    db.execute(delete(t.HOLD).where(t.HOLD.c.neighbour == event.neighbour))


def _wait_again(db: Connection, act: Act, pair: tuple[str, str], told: LogEpoch) -> None:
    """Let our releases that stand beyond the marks of the logs that this epoch closed wait for a place in the new ones.

    A log that the act does not name counts for nothing: an old copy of this node may have begun it, before the act came back to it. What came
    back as lost of such a log is with the neighbour, and stays as it is.
    """
    for mark in told.closed:
        if has(db, t.CLOSED_LOG.c.log == mark.log, t.CLOSED_LOG.c.epoch == told.epoch):
            _wait_beyond(db, act, mark.log, mark.size)  # else closed before: what stands beyond its mark came back as lost, and is with the neighbour
    for log in db.execute(select(t.RELEASE.c.log).where(t.RELEASE.c.log != "").distinct()).scalars().all():
        name = parse_log(log)
        if name is not None and (name.sender, name.receiver) == pair and name.epoch != told.epoch and not has(db, t.CLOSED_LOG.c.log == log):
            _wait_beyond(db, act, log, 0, t.RELEASE.c.condition.in_(("logged", "held")))


def _wait_beyond(db: Connection, act: Act, log: str, size: int, *which: ColumnElement[bool]) -> None:
    beyond = (t.RELEASE.c.log == log, t.RELEASE.c.seq >= size, t.RELEASE.c.condition.not_in(_ASKED_BACK), *which)
    waits = {"condition": "held", "condition_at": stamp(act.at), "rule": "in-force", "reason": encode(ANEW)}
    db.execute(update(t.RELEASE).where(*beyond, t.RELEASE.c.condition != "refused").values(**waits))
    db.execute(update(t.RELEASE).where(*beyond).values(log="", seq=-1, entry=act.seq))


@project.register
def _(event: ev.EpochSettled, db: Connection, act: Act) -> None:
    db.execute(
        update(t.LOG_EPOCH).where(t.LOG_EPOCH.c.receiver == event.neighbour, t.LOG_EPOCH.c.epoch == event.epoch)
        .values(settled=stamp(act.at), entry=act.seq)
    )  # fmt: skip


def keep_lost(db: Connection, act: Act, event: ev.LostEntryFound) -> tuple[Header, bytes | None]:
    """Keep an entry that came back of a closed log; return what it says."""
    entry = take_entry(event.entry)
    header = entry.header()
    about = header.about
    add(db, t.LOST_ENTRY, act, log=event.log, seq=event.seq, kind=header.kind, release=about.get("release", ""), record=about.get("record", ""),
        version=about.get("version", ""), at=stamp(header.at), giver=event.giver, body=encode(event.entry))  # fmt: skip
    return header, entry.content


def take_epoch(db: Connection, act: Act, header: Header, content: bytes) -> str:
    """Keep the act of a neighbour; return the epoch."""
    told = read(content, LogEpoch)
    name = parse_log(header.log)
    if name is not None:
        keep_epoch(db, act, (name.sender, name.receiver), told, header.office, header.at)
    return told.epoch


def epoch_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own act that came back after this node was set back."""
    take_epoch(db, act, header, content)
    name = parse_log(header.log)
    if name is not None:
        _wait_again(db, act, (name.sender, name.receiver), read(content, LogEpoch))


class SqlEpochBook(Rows, Remembering):
    """Reading epochs. Implements `desk.epochs_held.EpochBook`."""

    def epochs(self) -> list[EpochHeld]:
        """Return the epochs that are known here, the first one first."""
        return list(self.once("epochs", self._read_epochs))

    def _read_epochs(self) -> list[EpochHeld]:
        closed: dict[str, list[Mark]] = {}
        for row in self._rows(select(t.CLOSED_LOG).order_by(t.CLOSED_LOG.c.log)):
            closed.setdefault(row["epoch"], []).append(Mark(row["log"], row["size"], row["root"]))
        query = select(t.LOG_EPOCH).order_by(t.LOG_EPOCH.c.sender, t.LOG_EPOCH.c.receiver, t.LOG_EPOCH.c.number)
        return [_epoch(row, closed.get(row["epoch"], [])) for row in self._rows(query)]

    def epoch_of(self, sender: str, receiver: str) -> str:
        """Return the epoch in use."""
        return self._epochs_of(sender, receiver)[-1]

    def _epochs_of(self, sender: str, receiver: str) -> list[str]:
        return self.once(("epochs", sender, receiver), lambda: self._read_epochs_of(sender, receiver))

    def _read_epochs_of(self, sender: str, receiver: str) -> list[str]:
        query = (
            select(t.LOG_EPOCH.c.epoch).where(t.LOG_EPOCH.c.sender == sender, t.LOG_EPOCH.c.receiver == receiver).order_by(t.LOG_EPOCH.c.number)
        )  # fmt: skip
        return ["", *(str(row["epoch"]) for row in self._rows(query))]

    def current_log(self, log: str) -> str:
        """Return the name under which a link or release log goes on now."""
        name = parse_log(log)
        if name is None or name.kind not in ("link", "release"):
            return log
        return str(LogName(name.kind, name.sender, name.receiver, name.agreement, self.epoch_of(name.sender, name.receiver)))

    def closed_at(self, log: str) -> int | None:
        """Return up to which size a log counts that goes on under another name."""
        name = parse_log(log)
        if name is None or name.kind not in ("link", "release"):
            return None
        known = self._epochs_of(name.sender, name.receiver)
        if name.epoch not in known or name.epoch == known[-1]:
            return None
        return self._db.execute(select(t.CLOSED_LOG.c.size).where(t.CLOSED_LOG.c.log == log)).scalar() or 0

    def is_begun(self, log: str) -> bool:
        """Say whether the epoch of a log is known here."""
        name = parse_log(log)
        return name is None or name.kind == "distress" or name.epoch in self._epochs_of(name.sender, name.receiver)

    def lost_entries(self) -> list[LostEntry]:
        """Return what came back of closed logs of ours."""
        rows: Sequence[Any] = list(self._rows(select(t.LOST_ENTRY).order_by(t.LOST_ENTRY.c.log, t.LOST_ENTRY.c.seq)))
        return [
            LostEntry(
                log=row["log"], seq=row["seq"], kind=row["kind"], release=row["release"], record=row["record"], version=row["version"],
                at=time_of(row["at"]), giver=row["giver"], entry=msgspec.json.decode(row["body"], type=SentEntry),
            )
            for row in rows
        ]  # fmt: skip


def _epoch(row: Any, closed: list[Mark]) -> EpochHeld:
    return EpochHeld(
        sender=row["sender"], receiver=row["receiver"], epoch=row["epoch"], reason=row["reason"], office=row["office"], at=time_of(row["at"]),
        closed=closed, settled=bool(row["settled"]),
    )  # fmt: skip

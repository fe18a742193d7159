# SPDX-License-Identifier: Apache-2.0
"""Reading how far accounts have come at the other end of a link: what was released of ours, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, or_, select

from hamsaya.desk.stages_held import StageSent
from hamsaya.facts.records import Record, stage_of
from hamsaya.facts.stages import CLOSED
from hamsaya.ledger import tables as t
from hamsaya.ledger.rows import time_of
from hamsaya.seal.entries import Entry

_OPEN: Final = ("initial", "formal")
_AT_END: Final = ("final", CLOSED)
_NOT_THERE: Final = ("proposed", "refused", "held")
_TAKEN_BACK: Final = ("recalled", "recall answered")
_AT_ONCE: Final = 200


_LEFT: Final = (
    select(t.RELEASE.c.record).distinct()
    .join(t.RECORD, (t.RECORD.c.id == t.RELEASE.c.record) & (t.RECORD.c.version == t.RELEASE.c.version) & (t.RECORD.c.received_from == ""))
    .where(t.RELEASE.c.log > "", t.RECORD.c.kind == "incident_account").order_by(t.RELEASE.c.record)
)  # fmt: skip
_CAME: Final = (
    select(t.INBOX.c.subject).distinct().where(t.INBOX.c.kind == "release", t.INBOX.c.record_kind == "incident_account").order_by(t.INBOX.c.subject)
)


class SqlStages:
    """Part of `SqlBook`: the stages of accounts."""

    _db: Connection

    def stages_sent(self, *, record: str = "", limit: int = 0, done: bool = False, before: datetime | None = None) -> list[StageSent]:
        """Return the releases of one account, or of those whose author may still owe a report; or of all, as they stood before a time."""
        own, theirs = ([record], [record]) if record else (_released(self._db, limit, done=done), _received(self._db, limit, done=done))
        if before is not None:
            own, theirs = (list(self._db.execute(query).scalars()) for query in (_LEFT, _CAME))
        found: list[StageSent] = []
        for first in range(0, len(own), _AT_ONCE):
            found += _sent(self._db, own[first : first + _AT_ONCE])
        for first in range(0, len(theirs), _AT_ONCE):
            found += _came(self._db, theirs[first : first + _AT_ONCE])
        return found if before is None else [_as_it_stood(each, before) for each in found if each.at < before]


def _released(db: Connection, limit: int, *, done: bool) -> list[str]:
    """Return accounts of our own that were released, of which the last version is not the end, or has not left for everybody who has one.

    It looks at the newest `limit` releases: never at every record that was filed and stayed here.
    """
    held, release = t.HOLDING.c, t.RELEASE.c
    newest = (
        select(release.record, release.receiver, release.version)
        .where(release.log > "", release.condition.not_in(_NOT_THERE))
        .order_by(release.entry.desc(), release.id.desc())
    )
    last: dict[str, dict[str, int]] = {}
    for row in db.execute(newest.limit(limit)):
        by = last.setdefault(row.record, {})
        by[row.receiver] = max(row.version, by.get(row.receiver, 0))
    names, found = list(last), list[str]()
    for first in range(0, len(names), _AT_ONCE):
        listed = select(held.id, held.stage, held.version).where(
            held.received_from == "", held.stage != "", held.id.in_(names[first : first + _AT_ONCE])
        )
        found += [
            row.id for row in db.execute(listed)
            if done or row.stage not in _AT_END or any(version < row.version for version in last[row.id].values())
        ]  # fmt: skip
    return found


def _received(db: Connection, limit: int, *, done: bool) -> list[str]:
    held = t.HOLDING.c
    wanted = held.stage.in_((*_AT_END, *_OPEN) if done else _OPEN)
    return list(db.execute(select(held.id).where(wanted, held.received_from != "").order_by(held.item.desc()).limit(limit)).scalars())


def _sent(db: Connection, records: Sequence[str]) -> list[StageSent]:
    release, version = t.RELEASE.c, t.RECORD.c
    query = (
        select(release.receiver, release.log, release.seq, release.condition, version.body, t.ENTRY.c.envelope, t.RECALL.c.at.label("recalled_at"))
        .join(t.RECORD, (version.id == release.record) & (version.version == release.version) & (version.received_from == ""))
        .join(t.ENTRY, (t.ENTRY.c.log == release.log) & (t.ENTRY.c.seq == release.seq))
        .outerjoin(t.RECALL, (t.RECALL.c.log == release.log) & (t.RECALL.c.seq == release.seq))
        .outerjoin(t.NOTICE, (t.NOTICE.c.log == release.log) & (t.NOTICE.c.seq == release.seq))
        .where(release.record.in_(records), release.log != "", release.condition.not_in(_NOT_THERE), t.NOTICE.c.seq.is_(None))
        .where(or_(t.ENTRY.c.content.is_not(None), release.condition.not_in(_TAKEN_BACK)))  # taken back before it left
    )
    return [
        _stage(row.body, row.receiver, row.log, row.seq, row.envelope, ours=True, recalled_at=row.recalled_at)
        for row in db.execute(query)
    ]  # fmt: skip


def _came(db: Connection, records: Sequence[str]) -> list[StageSent]:
    """Return every release that came and was applied, not every version: one that was taken back may have come again since."""
    version, item, entry = t.RECORD.c, t.INBOX.c, t.ENTRY.c
    query = select(version.id, version.version, version.received_from, version.body).where(version.id.in_(records), version.received_from != "")
    bodies = {(row.id, str(row.version), row.received_from): row.body for row in db.execute(query)}
    if not bodies:
        return []
    arrived = (
        select(item.subject, item.log, item.seq, item.sender, entry.envelope, t.RECALL.c.at.label("recalled_at"))
        .join(t.ENTRY, (entry.log == item.log) & (entry.seq == item.seq))
        .outerjoin(t.RECALL, (t.RECALL.c.log == item.log) & (t.RECALL.c.seq == item.seq))
        .where(item.subject.in_(records), item.kind == "release", item.state != "quarantined")
    )
    found = []
    for row in db.execute(arrived):
        told = Entry(row.envelope, b"", None).header().about.get("version", "")
        if body := bodies.get((row.subject, told, row.sender)):
            found.append(_stage(body, row.sender, row.log, row.seq, row.envelope, ours=False, recalled_at=row.recalled_at))
    return found


def _as_it_stood(sent: StageSent, before: datetime) -> StageSent:
    if sent.recalled_at is None or sent.recalled_at < before:
        return sent
    return msgspec.structs.replace(sent, stands=True, recalled_at=None)


def _stage(body: str, party: str, log: str, seq: int, envelope: bytes, *, ours: bool, recalled_at: str | None) -> StageSent:
    record = msgspec.json.decode(body, type=Record)
    return StageSent(
        record=record.id, version=record.version, incident=record.incident, party=party, ours=ours, log=log, seq=seq,
        at=Entry(envelope, b"", None).header().at, stage=stage_of(record), stands=recalled_at is None,
        recalled_at=time_of(recalled_at) if recalled_at else None,
    )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""What was taken back: what acts leave behind, and how it is read. Both sides keep the same rows.

A recall and an answer are kept apart, so that neither has to come before the other: a node that was set back has its own
acts back before what they were about.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, RowMapping, select, update

from hamsaya.desk import acts_recalls as ev
from hamsaya.desk.recalls_held import RecallHeld
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.recalls import PassedOn, RecallAnswered, ReleaseRecalled, why_recalled
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import STANDING, Act, add, encode, has, project, stamp
from hamsaya.ledger.erasures import settle_erasure
from hamsaya.ledger.holding import drop_record, hold_record
from hamsaya.ledger.rows import time_of
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


@project.register
def _(event: ev.RecallMade, db: Connection, act: Act) -> None:
    keep_recall(db, act, event.recalled)
    settle(db, act, event.recalled.log, event.recalled.seq)


@project.register
def _(event: ev.RecallAnswerMade, db: Connection, act: Act) -> None:
    keep_recall_answer(db, act, event.answer)


@project.register
def _(event: ev.EntryErased, db: Connection, act: Act) -> None:
    del act
    db.execute(update(t.ENTRY).where(t.ENTRY.c.log == event.log, t.ENTRY.c.seq == event.seq).values(content=None))


def keep_recall(db: Connection, act: Act, recalled: ReleaseRecalled) -> None:
    """Keep a recall, once."""
    if not has(db, t.RECALL.c.log == recalled.log, t.RECALL.c.seq == recalled.seq):
        add(db, t.RECALL, act, log=recalled.log, seq=recalled.seq, record=recalled.record, version=recalled.version, reason=recalled.reason,
            office=recalled.office, at=stamp(recalled.at))  # fmt: skip


def keep_recall_answer(db: Connection, act: Act, answer: RecallAnswered) -> None:
    """Keep an answer, once; what waited for it in the inbox waits no more."""
    if not has(db, t.RECALL_ANSWER.c.log == answer.log, t.RECALL_ANSWER.c.seq == answer.seq):
        add(db, t.RECALL_ANSWER, act, log=answer.log, seq=answer.seq, passed_on=encode(answer.passed_on), office=answer.office, at=stamp(answer.at))
    db.execute(
        update(t.INBOX).where(t.INBOX.c.kind == "release.recalled", t.INBOX.c.subject == f"{answer.log}#{answer.seq}", t.INBOX.c.state == "new")
        .values(state="acknowledged", opened_by=answer.office, opened_at=stamp(answer.at), entry=act.seq)
    )  # fmt: skip


def is_recall_answered(db: Connection, log: str, seq: int) -> bool:
    """Say whether the recall of this entry was answered here."""
    return has(db, t.RECALL_ANSWER.c.log == log, t.RECALL_ANSWER.c.seq == seq)


def settle(db: Connection, act: Act, log: str, seq: int) -> None:
    """Let the release that an own entry made be what its recall or its erasure, and the answer to that, have made of it."""
    recall = db.execute(select(t.RECALL).where(t.RECALL.c.log == log, t.RECALL.c.seq == seq)).mappings().first()
    if recall is not None:
        answer = db.execute(select(t.RECALL_ANSWER).where(t.RECALL_ANSWER.c.log == log, t.RECALL_ANSWER.c.seq == seq)).mappings().first()
        db.execute(
            update(t.RELEASE).where(t.RELEASE.c.log == log, t.RELEASE.c.seq == seq, t.RELEASE.c.record == recall["record"])
            .values(condition="recall answered" if answer else "recalled", condition_at=(answer or recall)["at"],
                    reason=encode(say("Taken back: {reason}", reason=why_recalled(recall["reason"]))), entry=act.seq)
        )  # fmt: skip
    settle_erasure(db, act, log, seq)


def strike(db: Connection, act: Act, log: str, seq: int) -> None:
    """Strike the received version that an entry brought, if it was taken back and no other entry that stands brought it too.

    The version before it stands again, if one does.
    """
    recall = db.execute(select(t.RECALL).where(t.RECALL.c.log == log, t.RECALL.c.seq == seq)).mappings().first()
    name = parse_log(log)
    if recall is None or name is None or _is_told_still(db, act, recall["record"], recall["version"], name.sender):
        return
    record, of_record = recall["record"], (t.RECORD.c.id == recall["record"], t.RECORD.c.received_from == name.sender)
    db.execute(
        update(t.RECORD).where(*of_record, t.RECORD.c.version == recall["version"])
        .values(withdrawn_by=recall["office"] or name.sender, withdrawn_at=recall["at"], withdrawn_why=recall["reason"], entry=act.seq)
    )  # fmt: skip
    _list_again(db, act, record, name.sender)


def unstrike(db: Connection, act: Act, log: str, seq: int, told: Record, sender: str) -> None:
    """Let a version stand again that a further entry brought, which was not taken back: the same release under another agreement."""
    of_version = (t.RECORD.c.id == told.id, t.RECORD.c.received_from == sender, t.RECORD.c.version == told.version, t.RECORD.c.withdrawn_by > "")
    if not has(db, t.RECALL.c.log == log, t.RECALL.c.seq == seq) and has(db, *of_version):
        db.execute(update(t.RECORD).where(*of_version).values(**STANDING, entry=act.seq))
        _list_again(db, act, told.id, sender)


def _is_told_still(db: Connection, act: Act, record: str, version: int, sender: str) -> bool:
    """Say whether an entry that was not taken back brought this version."""
    came = select(t.INBOX.c.log, t.INBOX.c.seq).where(
        t.INBOX.c.subject == record, t.INBOX.c.sender == sender, t.INBOX.c.kind == "release", t.INBOX.c.state != "quarantined"
    )
    for log, seq in db.execute(came).all():
        content = act.entry_of(log, seq).content
        stands = content is not None and not has(db, t.RECALL.c.log == log, t.RECALL.c.seq == seq)
        if stands and read(content or b"", ReleasedRecord).record.version == version:
            return True
    return False


def _list_again(db: Connection, act: Act, record: str, sender: str) -> None:
    """Put the latest standing version of a received record into the lists, or none."""
    of_record = (t.RECORD.c.id == record, t.RECORD.c.received_from == sender)
    standing = db.execute(
        select(t.RECORD.c.body).where(*of_record, t.RECORD.c.withdrawn_by == "").order_by(t.RECORD.c.version.desc()).limit(1)
    ).scalar()
    drop_record(db, record, sender)
    if standing is not None:
        hold_record(db, msgspec.json.decode(standing, type=Record), sender, act.seq)


def recalled_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own recall that came back after this node was set back."""
    del header
    recalled = read(content, ReleaseRecalled)
    keep_recall(db, act, recalled)
    settle(db, act, recalled.log, recalled.seq)


def answered_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own answer that came back after this node was set back."""
    del header
    keep_recall_answer(db, act, read(content, RecallAnswered))


def read_recalls(db: Connection, entry: tuple[str, int] | None = None) -> list[RecallHeld]:
    """Return what was taken back, by us or by a neighbour, in the order in which it came to be here; of one entry if asked."""
    query, answered = select(t.RECALL).order_by(t.RECALL.c.entry, t.RECALL.c.log, t.RECALL.c.seq), select(t.RECALL_ANSWER)
    if entry is not None:
        query = query.where(t.RECALL.c.log == entry[0], t.RECALL.c.seq == entry[1])
        answered = answered.where(t.RECALL_ANSWER.c.log == entry[0], t.RECALL_ANSWER.c.seq == entry[1])
    rows = list(db.execute(query).mappings())
    answers = {(row["log"], row["seq"]): row for row in db.execute(answered).mappings()} if rows else {}
    found = []
    for row in rows:
        name, told = parse_log(row["log"]), answers.get((row["log"], row["seq"]))
        found.append(RecallHeld(
            log=row["log"], seq=row["seq"], by=name.sender if name else "", to=name.receiver if name else "", record=row["record"],
            version=row["version"], reason=row["reason"], office=row["office"], at=time_of(row["at"]), answer=_answer(told) if told else None,
        ))  # fmt: skip
    return found


def _answer(row: RowMapping) -> RecallAnswered:
    passed_on = msgspec.json.decode(row["passed_on"], type=list[PassedOn])
    return RecallAnswered(log=row["log"], seq=row["seq"], passed_on=passed_on, office=row["office"], at=time_of(row["at"]))

# SPDX-License-Identifier: Apache-2.0
"""What each act leaves behind in the tables. Deterministic: the same journal gives the same rows.

Nothing here decides anything: verdicts, clauses and conditions stand in the events. Each function takes the
connection, the `Act` and its event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from hamsaya.desk import events as ev
from hamsaya.desk.holdings import Step
from hamsaya.exchange.acts import Card
from hamsaya.facts.records import Draft, Record
from hamsaya.facts.words import Text
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import STANDING, Act, add, encode, note_access, note_release, project, stamp
from hamsaya.ledger.calls import renew_epoch
from hamsaya.ledger.filling import fill
from hamsaya.ledger.flags import move_flags
from hamsaya.ledger.holding import drop_record, hold_document, hold_record, hold_records, incident_name, join_incidents, part_incidents
from hamsaya.ledger.keys import note_first
from hamsaya.ledger.tellings import note_telling
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import open_envelope


def _party(db: Connection, act: Act, envelope: str, *, own: bool) -> None:
    card = read(open_envelope(envelope.encode()).payload, Card)
    note_first(db, act, card.party, card.key)
    if own:
        add(db, t.PARTY, act, id=card.party, own=True, card=envelope, since=stamp(act.at))
        return
    row = {"own": False, "card": envelope, "since": stamp(act.at), "entry": act.seq}
    if db.execute(update(t.PARTY).where(t.PARTY.c.id == card.party).values(**row)).rowcount == 0:
        add(db, t.PARTY, act, id=card.party, own=False, card=envelope, since=stamp(act.at))


@project.register
def _(event: ev.PartyCreated, db: Connection, act: Act) -> None:
    _party(db, act, event.card, own=True)


@project.register
def _(event: ev.PartyTrusted, db: Connection, act: Act) -> None:
    _party(db, act, event.card, own=False)
    note_access(db, act, event, read(open_envelope(event.card.encode()).payload, Card).party, event.fingerprint)


@project.register
def _(event: ev.DocumentAdded, db: Connection, act: Act) -> None:
    add(db, t.DOCUMENT, act, id=event.document, name=event.name, language=event.language, published=event.published,
         origin=event.origin, basis=event.basis, size=event.size, received_at=stamp(act.at), excluded=encode(event.excluded))  # fmt: skip
    hold_document(db, event.document, event.origin, _text_of(db, act, event.document), act.at, act.seq)
    for draft, body in event.drafts.items():
        add(db, t.DRAFT, act, id=draft, document=event.document, body=encode(body), state="open", record="", version=0, reason="",
             decided_by="", decided_at="", steps="[]")  # fmt: skip


def _text_of(db: Connection, act: Act, document: str) -> str:
    data = act.blob_of(document) if act.blob_of else db.execute(select(t.BLOB.c.data).where(t.BLOB.c.sha256 == document)).scalar()
    return (data or b"").decode("utf-8", "replace")


@project.register
def _(event: ev.DraftDecided, db: Connection, act: Act) -> None:
    state: Literal["accepted", "rejected"] = "accepted" if event.accepted else "rejected"
    steps = _steps(db, event.draft, Step(act=state, office=act.office, at=act.at, note=event.reason))
    db.execute(
        update(t.DRAFT).where(t.DRAFT.c.id == event.draft)
        .values(state=state, record=event.record, version=event.version, reason=event.reason, decided_by=act.office,
                decided_at=stamp(act.at), steps=steps, entry=act.seq)
    )  # fmt: skip


@project.register
def _(event: ev.DraftEdited, db: Connection, act: Act) -> None:
    body = msgspec.json.decode(db.execute(select(t.DRAFT.c.body).where(t.DRAFT.c.id == event.draft)).scalar_one(), type=Draft)
    before = next((claim for claim in body.claims if claim.id == event.claim.id), None)  # none where the content of the draft was erased
    claims = [event.claim if claim.id == event.claim.id else claim for claim in body.claims]
    step = Step(act="reverted" if event.reverts else "edited", office=act.office, at=act.at, claim=before)
    db.execute(
        update(t.DRAFT).where(t.DRAFT.c.id == event.draft)
        .values(body=encode(msgspec.structs.replace(body, claims=claims)), steps=_steps(db, event.draft, step), entry=act.seq)
    )  # fmt: skip


@project.register
def _(event: ev.DraftReopened, db: Connection, act: Act) -> None:
    steps = _steps(db, event.draft, Step(act="reopened", office=act.office, at=act.at, note=event.reason))
    db.execute(
        update(t.DRAFT).where(t.DRAFT.c.id == event.draft)
        .values(state="open", record="", version=0, reason="", decided_by="", decided_at="", steps=steps, entry=act.seq)
    )  # fmt: skip


def _steps(db: Connection, draft: str, step: Step) -> str:
    """Return what was done to the draft, `step` added."""
    before = msgspec.json.decode(db.execute(select(t.DRAFT.c.steps).where(t.DRAFT.c.id == draft)).scalar_one(), type=list[Step])
    return encode([*before, step])


@project.register
def _(event: ev.RecordFiled, db: Connection, act: Act) -> None:
    record, row = _filed(event, act)
    db.execute(insert(t.RECORD), row)
    hold_record(db, record, "", act.seq)


def project_filed(filed: Sequence[tuple[ev.RecordFiled, Act]], db: Connection) -> None:
    """Apply many records at once: the same rows as one after the other, as `verify` finds."""
    made = [(*_filed(event, act), act.seq) for event, act in filed]
    fill(db, t.RECORD, [row for _, row, _ in made])
    hold_records(db, [(record, entry) for record, _, entry in made])


def _filed(event: ev.RecordFiled, act: Act) -> tuple[Record, dict[str, object]]:
    body = open_envelope(event.envelope.encode()).payload
    record = read(body, Record)
    row = {
        "id": record.id, "version": record.version, "received_from": "", "kind": record.kind, "incident": record.incident, "body": body.decode(),
        "released_in": "", "filed_in": act.seq, "at": stamp(act.at), "entry": act.seq, **STANDING,
    }  # fmt: skip
    return record, row


@project.register
def _(event: ev.RecordWithdrawn, db: Connection, act: Act) -> None:
    db.execute(
        update(t.RECORD).where(t.RECORD.c.id == event.record, t.RECORD.c.version == event.version, t.RECORD.c.received_from == "")
        .values(withdrawn_by=act.office, withdrawn_at=stamp(act.at), withdrawn_why=event.reason, entry=act.seq)
    )  # fmt: skip
    standing = db.execute(
        select(t.RECORD.c.body).where(t.RECORD.c.id == event.record, t.RECORD.c.received_from == "", t.RECORD.c.withdrawn_by == "")
        .order_by(t.RECORD.c.version.desc()).limit(1)
    ).scalar()  # fmt: skip
    drop_record(db, event.record)
    if standing is not None:
        hold_record(db, msgspec.json.decode(standing, type=Record), "", act.seq)


@project.register
def _(event: ev.ReportFiled, db: Connection, act: Act) -> None:
    add(db, t.REPORT, act, token=event.token, record=event.record, by=act.login)


@project.register
def _(event: ev.ReleaseProposed, db: Connection, act: Act) -> None:
    add(db, t.RELEASE, act, id=event.release, record=event.record, version=event.version, receiver=event.receiver,
         agreement=event.agreement, purpose=event.purpose, necessity=event.necessity, content=event.content,
         withheld=event.withheld, proposed_by=act.login, proposed_office=act.office, decided_office="", condition="proposed",
         condition_at=stamp(act.at), clause="", rule="", reason=encode(Text("")), log="", seq=-1,
         grounds=encode(event.grounds), danger=event.danger)  # fmt: skip
    note_release(db, act, event.release, "proposed")


@project.register
def _(event: ev.ReleaseDecided, db: Connection, act: Act) -> None:
    made = event.decision
    db.execute(
        update(t.RELEASE).where(t.RELEASE.c.id == event.release)
        .values(condition="logged" if made.allowed else "refused", condition_at=stamp(act.at), decided_office=act.office,
                clause=made.clause, rule=made.rule, reason=encode(made.reason), log=event.log, seq=event.seq, entry=act.seq)
    )  # fmt: skip
    note_release(db, act, event.release, "decided")


@project.register
def _(event: ev.LogExtended, db: Connection, act: Act) -> None:
    """Keep whom it tells of an agreement; what else it does here was journaled by the act that made it."""
    if event.log.startswith("link/"):
        entry = act.entry_of(event.log, event.seq)
        note_telling(db, act, entry.header(), entry.content)


@project.register
def _(event: ev.Opened, db: Connection, act: Act) -> None:
    db.execute(
        update(t.INBOX).where(t.INBOX.c.log == event.log, t.INBOX.c.seq == event.seq)
        .values(state="acknowledged", opened_by=act.office, opened_at=stamp(act.at), entry=act.seq)
    )  # fmt: skip


@project.register
def _(event: ev.IncidentLinked, db: Connection, act: Act) -> None:
    add(db, t.INCIDENT_LINK, act, incident=event.incident, into=event.into, office=act.office, at=stamp(act.at))
    join_incidents(db, event.incident, event.into, act.seq)
    move_flags(db, event.incident, act.seq)


@project.register
def _(event: ev.IncidentUnlinked, db: Connection, act: Act) -> None:
    # the link is gone; that it was, and who took it back, stands in the journal
    db.execute(t.INCIDENT_LINK.delete().where(t.INCIDENT_LINK.c.incident == event.incident, t.INCIDENT_LINK.c.into == event.into))
    part_incidents(db, event.into, act.seq)
    move_flags(db, incident_name(db, event.into), act.seq)


@project.register
def _(event: ev.BackupMade, db: Connection, act: Act) -> None:
    add(db, t.KEEPING, act, id=f"backup-{act.seq}", what="backup", at=stamp(act.at), name=event.name, sha256=event.sha256, size=event.size,
         journal=event.journal, sure=True)  # fmt: skip


@project.register
def _(event: ev.NodeRestored, db: Connection, act: Act) -> None:
    add(db, t.KEEPING, act, id=f"restore-{act.seq}", what="restore", at=stamp(event.made_at), name="", sha256="", size=0,
         journal=event.journal, sure=event.nothing_sent_since)  # fmt: skip
    for (party,) in db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own.is_(False)).order_by(t.PARTY.c.id)).all():
        renew_epoch(db, act, party)
        if not event.nothing_sent_since:
            _hold(db, act, party, "restored")


@project.register
def _(event: ev.LinkHeld, db: Connection, act: Act) -> None:
    _hold(db, act, event.neighbour, event.reason)
    renew_epoch(db, act, event.neighbour)


def _hold(db: Connection, act: Act, neighbour: str, reason: str) -> None:
    row = {"since": stamp(act.at), "reason": reason, "entry": act.seq}
    if db.execute(update(t.HOLD).where(t.HOLD.c.neighbour == neighbour).values(**row)).rowcount == 0:
        add(db, t.HOLD, act, neighbour=neighbour, since=stamp(act.at), reason=reason)


@project.register
def _(event: ev.LinkFreed, db: Connection, act: Act) -> None:
    del act
    db.execute(delete(t.HOLD).where(t.HOLD.c.neighbour == event.neighbour))

# SPDX-License-Identifier: Apache-2.0
"""What each act leaves behind in the tables. Deterministic: the same journal gives the same rows.

Nothing here decides anything: verdicts, clauses and conditions stand in the events. Each function takes the
connection, the `Act` and its event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import singledispatch
from hashlib import sha256
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, delete, insert, literal, select, update

from hamsaya.desk import events as ev
from hamsaya.desk.holdings import Step
from hamsaya.exchange.acts import AgreementSignature, AgreementText, Card, ReleasedRecord, ReleaseOpened
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.records import Draft, Record
from hamsaya.facts.words import Text, say
from hamsaya.ledger import tables as t
from hamsaya.ledger.holding import drop_record, hold_document, hold_record, hold_records, join_incidents, part_incidents
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Entry, Header, Receipt
from hamsaya.seal.envelope import open_envelope

_DIGITS_A_NUMBER = 9
_STANDING = {"withdrawn_by": "", "withdrawn_at": "", "withdrawn_why": ""}


class Act(msgspec.Struct, frozen=True):
    """A journal entry being applied: its number, time, office, and a way to the entries of the other logs."""

    seq: int
    at: datetime
    office: str
    login: str
    entry_of: Callable[[str, int], Entry]
    blob_of: Callable[[str], bytes | None] | None = None
    """Gives a document's bytes where the connection that is written to has none."""


def encode(value: object) -> str:
    """Return `value` as the JSON text of a column; keys are sorted, so that the same value gives the same text."""
    return msgspec.json.encode(value, order="sorted").decode()


def stamp(at: datetime) -> str:
    """Return the time as the text of a column."""
    return at.isoformat()


@singledispatch
def project(event: ev.Event, _db: Connection, _act: Act) -> None:
    """Apply `event` to the tables."""
    raise AssertionError(type(event))


def _add(db: Connection, table: Table, act: Act, **row: object) -> None:
    db.execute(insert(table), {"entry": act.seq, **row})


def note_access(db: Connection, act: Act, event: ev.Event, about: str, detail: str = "") -> None:
    """Keep that somebody changed who may come in."""
    _add(db, t.ACCESS_ACT, act, seq=act.seq, at=stamp(act.at), kind=ev.kind_of(event), about=about, detail=detail, office=act.office, login=act.login)


def _party(db: Connection, act: Act, envelope: str, *, own: bool) -> None:
    card = read(open_envelope(envelope.encode()).payload, Card)
    if own:
        _add(db, t.PARTY, act, id=card.party, own=True, card=envelope, since=stamp(act.at))
        return
    row = {"own": False, "card": envelope, "since": stamp(act.at), "entry": act.seq}
    if db.execute(update(t.PARTY).where(t.PARTY.c.id == card.party).values(**row)).rowcount == 0:
        _add(db, t.PARTY, act, id=card.party, own=False, card=envelope, since=stamp(act.at))


@project.register
def _(event: ev.PartyCreated, db: Connection, act: Act) -> None:
    _party(db, act, event.card, own=True)


@project.register
def _(event: ev.PartyTrusted, db: Connection, act: Act) -> None:
    _party(db, act, event.card, own=False)
    note_access(db, act, event, read(open_envelope(event.card.encode()).payload, Card).party, event.fingerprint)


@project.register
def _(event: ev.DocumentAdded, db: Connection, act: Act) -> None:
    _add(db, t.DOCUMENT, act, id=event.document, name=event.name, language=event.language, published=event.published,
         origin=event.origin, basis=event.basis, size=event.size, received_at=stamp(act.at), excluded=encode(event.excluded))  # fmt: skip
    hold_document(db, event.document, event.origin, _text_of(db, act, event.document), act.at, act.seq)
    for draft, body in event.drafts.items():
        _add(db, t.DRAFT, act, id=draft, document=event.document, body=encode(body), state="open", record="", version=0, reason="",
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
    before = next(claim for claim in body.claims if claim.id == event.claim.id)
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
    db.execute(insert(t.RECORD), [row for _, row, _ in made])
    hold_records(db, [(record, entry) for record, _, entry in made])


def _filed(event: ev.RecordFiled, act: Act) -> tuple[Record, dict[str, object]]:
    body = open_envelope(event.envelope.encode()).payload
    record = read(body, Record)
    row = {
        "id": record.id, "version": record.version, "received_from": "", "kind": record.kind, "incident": record.incident, "body": body.decode(),
        "envelope": event.envelope, "released_in": "", "at": stamp(act.at), "entry": act.seq, **_STANDING,
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
    _add(db, t.REPORT, act, token=event.token, record=event.record, by=act.login)


@project.register
def _(event: ev.AgreementDrafted, db: Connection, act: Act) -> None:
    _agreement(db, act, event.agreement, event.body)


def _agreement(db: Connection, act: Act, agreement: str, body: str) -> None:
    _add(db, t.AGREEMENT, act, id=agreement, hash=sha256(body.encode()).hexdigest(), body=body)


@project.register
def _(event: ev.AgreementSigned, db: Connection, act: Act) -> None:
    _add(db, t.AGREEMENT_SIGNATURE, act, agreement=event.agreement, party=event.party, signature=event.signature)


@project.register
def _(event: ev.ReleaseProposed, db: Connection, act: Act) -> None:
    _add(db, t.RELEASE, act, id=event.release, record=event.record, version=event.version, receiver=event.receiver,
         agreement=event.agreement, purpose=event.purpose, necessity=event.necessity, content=event.content,
         withheld=event.withheld, proposed_by=act.login, proposed_office=act.office, decided_office="", condition="proposed",
         condition_at=stamp(act.at), clause="", rule="", reason=encode(Text("")), log="", seq=-1,
         grounds=encode(event.grounds), danger=event.danger)  # fmt: skip


@project.register
def _(event: ev.ReleaseDecided, db: Connection, act: Act) -> None:
    made = event.decision
    db.execute(
        update(t.RELEASE).where(t.RELEASE.c.id == event.release)
        .values(condition="logged" if made.allowed else "refused", condition_at=stamp(act.at), decided_office=act.office,
                clause=made.clause, rule=made.rule, reason=encode(made.reason), log=event.log, seq=event.seq, entry=act.seq)
    )  # fmt: skip


@project.register
def _(event: ev.LogExtended, db: Connection, act: Act) -> None:
    del event, db, act  # the entry itself is evidence; what it does here was journaled by the act that made it


@project.register
def _(event: ev.MirrorExtended, db: Connection, act: Act) -> None:
    name = parse_log(event.log)
    sender = name.sender if name else ""
    for verdict in event.verdicts:
        entry = act.entry_of(event.log, verdict.seq)
        header = entry.header()
        subject, incident = _apply_received(db, act, header, entry, sender, verdict.outcome) if verdict.outcome != "quarantined" else ("", "")
        about = header.about
        state = "quarantined" if verdict.outcome == "quarantined" else "new" if header.kind == "release" else "noted"
        _add(db, t.INBOX, act, log=event.log, seq=verdict.seq, kind=header.kind, sender=sender, received_at=stamp(act.at), state=state,
             reason=encode(verdict.reason), subject=subject, incident=incident, purpose=about.get("purpose", ""),
             necessity=about.get("necessity", ""), clause=about.get("clause", ""), withheld=_number(about.get("withheld", "")),
             opened_by="", opened_at="")  # fmt: skip


def _number(text: str) -> int:
    """Return the number that a neighbour wrote into a header, or 0 where it wrote none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_A_NUMBER else 0


def _apply_received(db: Connection, act: Act, header: Header, entry: Entry, sender: str, outcome: str) -> tuple[str, str]:
    """Apply what is new here, and return the record, agreement or entry that it is about, and its incident."""
    content = entry.content or b"{}"
    new = outcome == "applied"
    match header.kind:
        case "agreement.text":
            text = read(content, AgreementText)
            if new:
                _agreement(db, act, text.agreement, text.body)
            return text.agreement, ""
        case "agreement.signature":
            signature = read(content, AgreementSignature)
            if new:
                _add(db, t.AGREEMENT_SIGNATURE, act, agreement=signature.agreement, party=sender, signature=signature.signature)
            return signature.agreement, ""
        case "release.opened":
            opened = read(content, ReleaseOpened)
            if new:
                db.execute(
                    update(t.RELEASE).where(t.RELEASE.c.log == opened.log, t.RELEASE.c.seq == opened.seq)
                    .values(condition="opened", condition_at=stamp(act.at), entry=act.seq)
                )  # fmt: skip
            return f"{opened.log}#{opened.seq}", ""
        case "release":
            record = read(content, ReleasedRecord).record
            if new:
                _add(db, t.RECORD, act, id=record.id, version=record.version, received_from=sender, kind=record.kind, incident=record.incident,
                     body=encode(record), envelope="", released_in=f"{header.log}#{header.seq}", at=stamp(act.at), **_STANDING)  # fmt: skip
                hold_record(db, record, sender, act.seq)
            return record.id, record.incident
    raise AssertionError(header.kind)


@project.register
def _(event: ev.ReceiptMade, db: Connection, act: Act) -> None:
    _receipt(db, act, event.receipt)


@project.register
def _(event: ev.ReceiptArrived, db: Connection, act: Act) -> None:
    receipt = _receipt(db, act, event.receipt)
    db.execute(
        update(t.RELEASE).where(t.RELEASE.c.log == receipt.log, t.RELEASE.c.seq < receipt.size, t.RELEASE.c.condition == "logged")
        .values(condition="receipted", condition_at=stamp(receipt.at), entry=act.seq)
    )  # fmt: skip


def _receipt(db: Connection, act: Act, envelope: str) -> Receipt:
    receipt = read(open_envelope(envelope.encode()).payload, Receipt)
    _add(db, t.RECEIPT, act, log=receipt.log, size=receipt.size, by=receipt.by, at=stamp(receipt.at), envelope=envelope)
    return receipt


@project.register
def _(event: ev.BundleQuarantined, db: Connection, act: Act) -> None:
    row = {"sender": event.sender, "reason": encode(event.reason), "at": stamp(act.at), "entry": act.seq}
    if db.execute(update(t.QUARANTINE).where(t.QUARANTINE.c.bundle == event.bundle).values(**row)).rowcount == 0:
        _add(db, t.QUARANTINE, act, bundle=event.bundle, sender=event.sender, reason=encode(event.reason), at=stamp(act.at))


@project.register
def _(event: ev.Opened, db: Connection, act: Act) -> None:
    db.execute(
        update(t.INBOX).where(t.INBOX.c.log == event.log, t.INBOX.c.seq == event.seq)
        .values(state="acknowledged", opened_by=act.office, opened_at=stamp(act.at), entry=act.seq)
    )  # fmt: skip


@project.register
def _(event: ev.IncidentLinked, db: Connection, act: Act) -> None:
    _add(db, t.INCIDENT_LINK, act, incident=event.incident, into=event.into, office=act.office, at=stamp(act.at))
    join_incidents(db, event.incident, event.into, act.seq)


@project.register
def _(event: ev.IncidentUnlinked, db: Connection, act: Act) -> None:
    # the link is gone; that it was, and who took it back, stands in the journal
    db.execute(t.INCIDENT_LINK.delete().where(t.INCIDENT_LINK.c.incident == event.incident, t.INCIDENT_LINK.c.into == event.into))
    part_incidents(db, event.into, act.seq)


@project.register
def _(event: ev.BackupMade, db: Connection, act: Act) -> None:
    _add(db, t.KEEPING, act, id=f"backup-{act.seq}", what="backup", at=stamp(act.at), name=event.name, sha256=event.sha256, size=event.size,
         journal=event.journal, sure=True)  # fmt: skip


@project.register
def _(event: ev.NodeRestored, db: Connection, act: Act) -> None:
    _add(db, t.KEEPING, act, id=f"restore-{act.seq}", what="restore", at=stamp(event.made_at), name="", sha256="", size=0,
         journal=event.journal, sure=event.nothing_sent_since)  # fmt: skip
    if not event.nothing_sent_since:
        for (party,) in db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own.is_(False)).order_by(t.PARTY.c.id)).all():
            _hold(db, act, party, "restored")


@project.register
def _(event: ev.LinkHeld, db: Connection, act: Act) -> None:
    _hold(db, act, event.neighbour, event.reason)


def _hold(db: Connection, act: Act, neighbour: str, reason: str) -> None:
    row = {"since": stamp(act.at), "reason": reason, "entry": act.seq}
    if db.execute(update(t.HOLD).where(t.HOLD.c.neighbour == neighbour).values(**row)).rowcount == 0:
        _add(db, t.HOLD, act, neighbour=neighbour, since=stamp(act.at), reason=reason)


@project.register
def _(event: ev.LinkFreed, db: Connection, act: Act) -> None:
    del act
    db.execute(delete(t.HOLD).where(t.HOLD.c.neighbour == event.neighbour))


@project.register
def _(event: ev.LogRefilled, db: Connection, act: Act) -> None:
    entry = act.entry_of(event.log, event.seq)
    header, content = entry.header(), entry.content
    if content is None:
        return  # erased since: that it was sent stands in its header
    match header.kind:
        case "agreement.text":
            text = read(content, AgreementText)
            if not _has(db, t.AGREEMENT.c.id == text.agreement):
                _agreement(db, act, text.agreement, text.body)
        case "agreement.signature":
            made = read(content, AgreementSignature)
            if not _has(db, t.AGREEMENT_SIGNATURE.c.agreement == made.agreement, t.AGREEMENT_SIGNATURE.c.party == header.by):
                _add(db, t.AGREEMENT_SIGNATURE, act, agreement=made.agreement, party=header.by, signature=made.signature)
        case "release":
            _release_again(db, act, header, content.decode())


def _release_again(db: Connection, act: Act, header: Header, content: str) -> None:
    """Note a release of which only the entry came back, and keep the copy that left where its record is gone."""
    about = header.about
    record = read(content.encode(), ReleasedRecord).record
    reason = encode(say("It came back from the neighbour after this node was set back."))
    row = {"decided_office": header.office, "condition": "logged", "condition_at": stamp(header.at), "clause": about.get("clause", ""),
           "rule": "", "reason": reason, "log": header.log, "seq": header.seq, "entry": act.seq}  # fmt: skip
    name, receiver = about.get("release", ""), getattr(parse_log(header.log), "receiver", "")
    if db.execute(update(t.RELEASE).where(t.RELEASE.c.id == name).values(**row)).rowcount == 0:
        db.execute(insert(t.RELEASE).values(
            id=name, record=record.id, version=record.version, receiver=receiver, agreement=about.get("agreement", ""),
            purpose=about.get("purpose", ""), necessity=about.get("necessity", ""), content=content, withheld=_number(about.get("withheld", "")),
            proposed_by="", proposed_office="", grounds=encode([]), danger=bool(about.get("danger")), **row,
        ))  # fmt: skip
    if not _has(db, t.RECORD.c.id == record.id, t.RECORD.c.version == record.version, t.RECORD.c.received_from == ""):
        _add(db, t.RECORD, act, id=record.id, version=record.version, received_from="", kind=record.kind, incident=record.incident,
             body=encode(record), envelope="", released_in=f"{header.log}#{header.seq}", at=stamp(header.at), **_STANDING)  # fmt: skip
        hold_record(db, record, "", act.seq)


def _has(db: Connection, *where: ColumnElement[bool]) -> bool:
    return db.execute(select(literal(1)).where(*where)).first() is not None


@project.register
def _(event: ev.OpenedBefore, db: Connection, act: Act) -> None:
    db.execute(
        update(t.INBOX).where(t.INBOX.c.log == event.log, t.INBOX.c.seq == event.seq)
        .values(state="acknowledged", opened_by=event.office, opened_at=stamp(event.at), entry=act.seq)
    )  # fmt: skip

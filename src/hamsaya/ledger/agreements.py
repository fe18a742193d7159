# SPDX-License-Identifier: Apache-2.0
"""What the texts of agreements, the signatures on them and the acts of their parties leave behind, whoever brought them."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, select, update

from hamsaya.agreement.charter import SIGNATURE, Signature, signed_hash
from hamsaya.agreement.lifecycle import AgreementAct
from hamsaya.desk import acts_agreement as aa
from hamsaya.desk import events as ev
from hamsaya.exchange.agreement_acts import AgreementHeard
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, note_release, note_releases, project, stamp
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import open_envelope


def hold_text(db: Connection, act: Act, agreement: str, body: str) -> None:
    """Keep a text of an agreement, if it is not kept already."""
    name = sha256(body.encode()).hexdigest()
    if not has(db, t.AGREEMENT.c.id == agreement, t.AGREEMENT.c.hash == name):
        add(db, t.AGREEMENT, act, id=agreement, hash=name, body=body)


def hold_signature(db: Connection, act: Act, agreement: str, party: str, signature: str) -> None:
    """Keep a signature on the text that it is over, if this very one is not kept already."""
    table, name, digest = t.AGREEMENT_SIGNATURE, signed_hash(signature.encode()), sha256(signature.encode()).hexdigest()
    if not has(db, table.c.agreement == agreement, table.c.hash == name, table.c.party == party, table.c.digest == digest):
        add(db, table, act, agreement=agreement, hash=name, party=party, digest=digest, signature=signature)


def hold_act(db: Connection, act: Act, envelope: str) -> None:
    """Keep an act of a party, if this very one is not kept already; another one under its number is kept beside it."""
    table, made, digest = t.AGREEMENT_ACT, read(open_envelope(envelope.encode()).payload, AgreementAct), sha256(envelope.encode()).hexdigest()
    same = (table.c.agreement == made.agreement, table.c.party == made.party, table.c.number == made.number, table.c.digest == digest)
    if not has(db, *same):
        add(db, table, act, agreement=made.agreement, party=made.party, number=made.number, digest=digest, envelope=envelope)


def hold_heard(db: Connection, act: Act, heard: AgreementHeard) -> None:
    """Keep what a third party signed and somebody else passed on."""
    envelope = open_envelope(heard.signed.encode())
    if envelope.kind == SIGNATURE:
        hold_signature(db, act, heard.agreement, read(envelope.payload, Signature).party, heard.signed)
    else:
        hold_act(db, act, heard.signed)


@project.register
def _(event: ev.AgreementDrafted, db: Connection, act: Act) -> None:
    hold_text(db, act, event.agreement, event.body)


@project.register
def _(event: ev.AgreementSigned, db: Connection, act: Act) -> None:
    hold_signature(db, act, event.agreement, event.party, event.signature)


@project.register
def _(event: aa.AgreementActed, db: Connection, act: Act) -> None:
    hold_act(db, act, event.act)


@project.register
def _(event: aa.ReleaseDelayed, db: Connection, act: Act) -> None:
    row = {"condition": "held", "condition_at": stamp(act.at), "rule": event.rule, "reason": encode(event.reason), "entry": act.seq}
    before = db.execute(select(t.RELEASE.c.condition).where(t.RELEASE.c.id == event.release)).scalar()
    if before == "proposed":
        row["decided_office"] = act.office
    db.execute(update(t.RELEASE).where(t.RELEASE.c.id == event.release).values(**row))
    note_release(db, act, event.release, "delayed")


@project.register
def _(event: aa.ReleaseSent, db: Connection, act: Act) -> None:
    note_releases(db, act, "sent", event.log, [(each.release, each.seq) for each in event.sent])

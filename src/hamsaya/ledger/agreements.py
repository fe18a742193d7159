# SPDX-License-Identifier: Apache-2.0
"""What the texts of agreements, the signatures on them and the acts of their parties leave behind, whoever brought them."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, select, update

from hamsaya.agreement.charter import signed_hash
from hamsaya.agreement.lifecycle import AgreementAct
from hamsaya.desk import acts_agreement as aa
from hamsaya.desk import events as ev
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, note_release, project, stamp
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import open_envelope


def hold_text(db: Connection, act: Act, agreement: str, body: str) -> None:
    """Keep a text of an agreement, if it is not kept already."""
    name = sha256(body.encode()).hexdigest()
    if not has(db, t.AGREEMENT.c.id == agreement, t.AGREEMENT.c.hash == name):
        add(db, t.AGREEMENT, act, id=agreement, hash=name, body=body)


def hold_signature(db: Connection, act: Act, agreement: str, party: str, signature: str) -> None:
    """Keep a signature on the text that it is over, if it is not kept already."""
    table, name = t.AGREEMENT_SIGNATURE, signed_hash(signature.encode())
    if not has(db, table.c.agreement == agreement, table.c.hash == name, table.c.party == party):
        add(db, table, act, agreement=agreement, hash=name, party=party, signature=signature)


def hold_act(db: Connection, act: Act, envelope: str) -> None:
    """Keep an act of a party, if none of that number is kept already."""
    table, made = t.AGREEMENT_ACT, read(open_envelope(envelope.encode()).payload, AgreementAct)
    if not has(db, table.c.agreement == made.agreement, table.c.party == made.party, table.c.number == made.number):
        add(db, table, act, agreement=made.agreement, party=made.party, number=made.number, envelope=envelope)


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
    note_release(db, act, event.release, "sent", event.log, event.seq)

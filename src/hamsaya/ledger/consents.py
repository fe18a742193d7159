# SPDX-License-Identifier: Apache-2.0
"""Requests for consent and their answers: what acts leave behind, and how they are read. Both sides keep the same rows."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, select, update

from hamsaya.desk import acts_consents as ev
from hamsaya.desk.consents_held import ConsentHeld
from hamsaya.exchange.consents import Consent, ConsentAsked, ConsentGiven, claimed_consent
from hamsaya.exchange.logs import parse_log
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, known, project, stamp
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


@project.register
def _(event: ev.ConsentRequested, db: Connection, act: Act) -> None:
    (own,) = db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own)).scalars()
    keep_request(db, act, own, event.originator, event.asked, event.record)


@project.register
def _(event: ev.ConsentAnswered, db: Connection, act: Act) -> None:
    keep_answer(db, act, event.consent)


def keep_request(db: Connection, act: Act, asker: str, originator: str, asked: ConsentAsked, own_record: str = "") -> None:
    """Keep a request, once."""
    if not has(db, t.CONSENT_REQUEST.c.asker == asker, t.CONSENT_REQUEST.c.id == asked.request):
        add(db, t.CONSENT_REQUEST, act, asker=asker, id=asked.request, originator=originator, body=encode(asked), own_record=own_record)


def keep_answer(db: Connection, act: Act, envelope: str) -> None:
    """Keep an answer, once; what waited for it in the inbox waits no more."""
    consent = claimed_consent(envelope)
    key = {"asker": consent.holder, "request": consent.request, "number": consent.number}
    if not has(db, *(t.CONSENT.c[name] == value for name, value in key.items())):
        add(db, t.CONSENT, act, envelope=envelope, **key)
    asked = (t.INBOX.c.sender == consent.holder, t.INBOX.c.kind == "consent.asked", t.INBOX.c.subject == consent.request)
    db.execute(
        update(t.INBOX).where(*asked, t.INBOX.c.state == "new")
        .values(state="acknowledged", opened_by=consent.office, opened_at=stamp(consent.at), entry=act.seq)
    )  # fmt: skip


def is_answered(db: Connection, asker: str, request: str) -> bool:
    """Say whether a request was answered: a node that was set back has its answers back before what they answer."""
    return has(db, t.CONSENT.c.asker == asker, t.CONSENT.c.request == request)


def asked_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own request that came back after this node was set back."""
    name = parse_log(header.log)
    keep_request(db, act, header.by, name.receiver if name else "", read(content, ConsentAsked))


def given_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own answer that came back after this node was set back."""
    del header
    keep_answer(db, act, read(content, ConsentGiven).consent)


def read_requests(db: Connection, before: int | None = None) -> list[ConsentHeld]:
    """Return the requests with their answers, in the order in which they came to be here; those before an entry of the journal, if asked."""
    answers: dict[tuple[str, str], list[str]] = {}
    for row in db.execute(known(select(t.CONSENT).order_by(t.CONSENT.c.number), t.CONSENT, before)).mappings():
        answers.setdefault((row["asker"], row["request"]), []).append(row["envelope"])
    return [
        ConsentHeld(
            asker=row["asker"], originator=row["originator"], asked=msgspec.json.decode(row["body"], type=ConsentAsked),
            own_record=row["own_record"], envelopes=(signed := answers.get((row["asker"], row["id"]), [])),
            answers=[_consent(each) for each in signed],
        )
        for row in db.execute(known(select(t.CONSENT_REQUEST).order_by(t.CONSENT_REQUEST.c.entry), t.CONSENT_REQUEST, before)).mappings()
    ]  # fmt: skip


def _consent(envelope: str) -> Consent:
    return claimed_consent(envelope)

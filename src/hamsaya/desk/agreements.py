# SPDX-License-Identifier: Apache-2.0
"""Drafting, importing and signing an agreement. It travels on the link log, or as a file carried by hand."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.agreement.charter import Agreement, Standing, check_signature, read_agreement, sign, standing, write_text
from hamsaya.desk.events import AgreementDrafted, AgreementSigned
from hamsaya.desk.holdings import OPERATOR, AgreementHeld, Officer
from hamsaya.desk.parties import neighbour, own_party
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.desk.terms import read_terms, table_of
from hamsaya.exchange.acts import AgreementSignature, AgreementText
from hamsaya.exchange.logs import link_log
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read


class Carried(msgspec.Struct, frozen=True):
    """An agreement as a file: the body, and the signatures made so far."""

    body: str
    signatures: dict[str, str]


def draft_agreement(node: Node, terms_toml: str, partner: str = "") -> AgreementHeld:
    """Draft an agreement with a neighbour from a TOML file of terms, and offer it on the link.

    Raises `InputError` that names the faulty clause; nothing is kept then.
    """
    with node.ledger.writing() as pen:
        table = table_of(read_terms(terms_toml), [own_party(pen).card, neighbour(pen, partner).card], exercise=node.exercise)
        agreement = write_text(table)
        _keep(node, pen, agreement)
        _offer(node, pen, agreement)
        return agreement_of(pen, table.id)


def import_agreement(node: Node, data: bytes) -> AgreementHeld:
    """Take an agreement that was carried by hand, with its signatures. What is here already is left as it is.

    Raises `InputError` for an altered text, `Tampered` for an altered signature, `Refused` for another text under a
    name that is known; nothing is kept then.
    """
    carried = read(data, Carried)
    agreement = read_agreement(carried.body.encode())
    with node.ledger.writing() as pen:
        check_parties(pen, agreement)
        known = {held.agreement.table.id: held for held in pen.agreements()}
        before = known.get(agreement.table.id)
        if before is None:
            _keep(node, pen, agreement)
        elif before.hash != agreement.hash():
            raise Refused(say("Another text is known here as agreement {id}.", id=agreement.table.id), rule="known-text")
        for party, envelope in carried.signatures.items():
            signature = check_signature(agreement, envelope.encode())
            if signature.party != party:
                raise InputError(say("The file calls a signature {party}'s that is not.", party=party[:40]))
            if before is None or party not in before.signatures:
                pen.journal(AgreementSigned(agreement=agreement.table.id, party=party, signature=envelope), OPERATOR)
        return agreement_of(pen, agreement.table.id)


def export_agreement(book: Book, agreement: str) -> bytes:
    """Return the agreement and its signatures as one file that `import_agreement` reads."""
    held = agreement_of(book, agreement)
    return canonical(Carried(held.agreement.body().decode(), {party: envelope.decode() for party, envelope in held.signatures.items()}))


def sign_agreement(node: Node, officer: Officer, agreement: str) -> AgreementHeld:
    """Sign the agreement for this party, and send text and signature on the link. Raises `Refused` if signed before."""
    require(officer.role, "agree")
    with node.ledger.writing() as pen:
        held = agreement_of(pen, agreement)
        if node.party in held.signatures:
            signed = check_signature(held.agreement, held.signatures[node.party])
            raise Stale(say("This party has signed agreement {id} before.", id=agreement), by=signed.office, at=signed.at, rule="signed")
        envelope = sign(held.agreement, node.party, officer.office, node.now(), node.key)
        pen.journal(AgreementSigned(agreement=agreement, party=node.party, signature=envelope.decode()), officer)
        for other in _others(node, held.agreement):
            act = AgreementSignature(agreement, envelope.decode())
            pen.extend(link_log(node.party, other), "agreement.signature", canonical(act), officer)
        return agreement_of(pen, agreement)


def agreement_of(book: Book, agreement: str) -> AgreementHeld:
    """Return the agreement of that id. Raises `NotFound`."""
    for held in book.agreements():
        if held.agreement.table.id == agreement:
            return held
    raise NotFound(say("There is no agreement {came}.", came=agreement[:60] or "—"), say("`hamsaya agreement show` lists them."))


def standing_of(held: AgreementHeld, now: datetime) -> Standing:
    """Return whether the agreement is in force at `now`."""
    return standing(held.agreement, held.signatures, now)


def _keep(node: Node, pen: Pen, agreement: Agreement) -> None:
    if any(held.agreement.table.id == agreement.table.id for held in pen.agreements()):
        raise Refused(say("An agreement {id} is known here already.", id=agreement.table.id), rule="known-text")
    if agreement.party(node.party) is None:
        raise InputError(say("This agreement does not name {party}.", party=node.party))
    if agreement.table.exercise != node.exercise:
        raise Refused(say("An exercise agreement belongs on an exercise node, and a real one on a real node."), rule="exercise")
    pen.journal(AgreementDrafted(agreement=agreement.table.id, body=agreement.body().decode()), OPERATOR)


def _offer(node: Node, pen: Pen, agreement: Agreement) -> None:
    act = AgreementText(agreement.table.id, agreement.body().decode())
    for other in _others(node, agreement):
        pen.extend(link_log(node.party, other), "agreement.text", canonical(act), OPERATOR)


def _others(node: Node, agreement: Agreement) -> list[str]:
    return [signatory.party for signatory in agreement.table.parties if signatory.party != node.party]


def check_parties(book: Book, agreement: Agreement) -> None:
    """Return if every party of the agreement is one that is trusted here, named as on its card. Raises `Refused`."""
    cards = {party.card.party: party.card for party in book.parties()}
    for signatory in agreement.table.parties:
        card = cards.get(signatory.party)
        if card is None or card.key != signatory.key:
            raise Refused(
                say("The agreement names {party} with a key that is not trusted here.", party=signatory.party[:40]),
                say("Trust that party's card first (`hamsaya party trust`)."),
                rule="party",
            )
        if signatory.names != card.name or signatory.country != card.country:
            raise Refused(say("The agreement calls {party} by another name or state than its card does.", party=signatory.party), rule="party")

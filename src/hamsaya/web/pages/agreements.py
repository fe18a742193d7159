# SPDX-License-Identifier: Apache-2.0
"""Agreements: each clause as a sentence in every language, who signed, by which hashes, and whether it is in force."""

from __future__ import annotations

import msgspec

from hamsaya.agreement.charter import Signatory, Standing, check_signature
from hamsaya.desk.agreements import agreement_of, sign_agreement, standing_of
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.facts.errors import Tampered
from hamsaya.facts.words import LANGUAGES, Language
from hamsaya.web.data import builtins
from hamsaya.web.labels import STANDINGS, Badge, badge
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class AgreementRow(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement in the list."""

    held: AgreementHeld
    standing: Standing
    badge: Badge
    href: str


class AgreementsView(msgspec.Struct, frozen=True, kw_only=True):
    """What agreements.html receives."""

    agreements: list[AgreementRow]


class ClauseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One clause, its sentences in the order of `languages`."""

    number: str
    sentences: list[str]


class SignatoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A party to the agreement: signed by which office, or not, or with a signature that does not verify."""

    signatory: Signatory
    office: str
    at: str
    altered: bool


class AgreementView(msgspec.Struct, frozen=True, kw_only=True):
    """What agreement.html receives. `languages` begins with the reader's."""

    row: AgreementRow
    languages: list[Language]
    clauses: list[ClauseRow]
    signatories: list[SignatoryRow]
    table_hash: str
    text_hash: str
    unsigned: bool
    """True while this party has not signed."""


def list_agreements(desk: Desk, visit: Visit) -> Answer:
    """List the agreements."""
    with desk.node.ledger.reading() as book:
        rows = [_row(held, visit) for held in book.agreements()]
    return Page(template="agreements.html", view=AgreementsView(agreements=rows), data={"agreements": [_data(row) for row in rows]})


def show_agreement(desk: Desk, visit: Visit) -> Answer:
    """Show one agreement."""
    with desk.node.ledger.reading() as book:
        held = agreement_of(book, visit.params["agreement"])
    row = _row(held, visit)
    table = held.agreement.table
    languages: list[Language] = [visit.language, *(code for code in LANGUAGES if code != visit.language)]
    table_hash, text_hash = held.agreement.hashes()
    view = AgreementView(
        row=row, languages=languages, table_hash=table_hash, text_hash=text_hash, unsigned=desk.node.party not in held.signatures,
        clauses=[
            ClauseRow(number=clause.number, sentences=[held.agreement.text.get(code, {}).get(clause.number, "") for code in languages])
            for clause in table.clauses
        ],
        signatories=[_signatory(held, each) for each in table.parties],
    )  # fmt: skip
    return Page(template="agreement.html", view=view, data=_data(row))


def sign(desk: Desk, visit: Visit) -> Answer:
    """Sign it for this party."""
    held = sign_agreement(desk.node, visit.officer, visit.params["agreement"])
    for signatory in held.agreement.table.parties:
        if signatory.party != desk.node.party:
            desk.on_logged(signatory.party)
    return Go(to=path_to("agreements", held.agreement.table.id), data=_data(_row(held, visit)))


def _signatory(held: AgreementHeld, signatory: Signatory) -> SignatoryRow:
    envelope = held.signatures.get(signatory.party)
    if envelope is None:
        return SignatoryRow(signatory=signatory, office="", at="", altered=False)
    try:
        signature = check_signature(held.agreement, envelope)
    except Tampered:
        return SignatoryRow(signatory=signatory, office="", at="", altered=True)
    return SignatoryRow(signatory=signatory, office=signature.office, at=signature.at.isoformat(), altered=signature.party != signatory.party)


def _row(held: AgreementHeld, visit: Visit) -> AgreementRow:
    now = standing_of(held, visit.now)
    return AgreementRow(held=held, standing=now, badge=badge(STANDINGS, now.state), href=path_to("agreements", held.agreement.table.id))


def _data(row: AgreementRow) -> dict[str, object]:
    table_hash, text_hash = row.held.agreement.hashes()
    return {**builtins(row.held), "standing": builtins(row.standing), "table_hash": table_hash, "text_hash": text_hash}


ROUTES = [
    Route("GET", "/agreements", "read", list_agreements),
    Route("GET", "/agreements/{agreement:str}", "read", show_agreement),
    Route("POST", "/agreements/{agreement:str}/sign", "agree", sign),
]

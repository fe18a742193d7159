# SPDX-License-Identifier: Apache-2.0
"""Agreements: each clause as a sentence in every language, who signed, by which hashes, and whether it is in force."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.changes import ClauseChange, HeadChange, clause_changes, head_changes
from hamsaya.agreement.charter import Signatory, Standing, check_signature
from hamsaya.agreement.lifecycle import ACT_VERBS, AgreementAct, Life, TextLife, life_of, told_reason
from hamsaya.agreement.remarks import remarks
from hamsaya.desk.agreements import agreement_of, sign_agreement, standing_of, text_named
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.told_whom import WAYS, Known, doubts, known_by
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.words import LANGUAGES, Language, Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import AGREEMENT_ACTS, CHANGES, STANDINGS, Badge, badge
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

SIGNED: Final = Badge(say("signed"), "good")


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


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of two texts, in the reader's language."""

    number: str
    badge: Badge
    before: str
    after: str


class TextRow(msgspec.Struct, frozen=True, kw_only=True):
    """One text of the agreement: who proposed it and who signed it, what became of it, and whether this party can sign it."""

    text: TextLife
    badge: Badge
    proposer: str
    amends: bool
    signed: list[tuple[str, str, str]]
    """Name of the party, its office and the time, of each signature."""
    missing: list[str]
    signable: bool
    declinable: bool
    compare: str
    """The page with what it changes in the text that governs, else in the one that it revises; empty for the first."""
    head: list[HeadChange]
    clauses: list[ChangeRow]
    """What is signed with it: every clause of it, in the reader's language, and what it changes; empty where nothing can be signed."""


class ActRow(msgspec.Struct, frozen=True, kw_only=True):
    """An act of a party, with what it is called."""

    act: AgreementAct
    reason: Text | str
    badge: Badge
    party: str


class KnownRow(msgspec.Struct, frozen=True, kw_only=True):
    """A text, a signature or an act, and how each other party knows it."""

    party: str
    what: Badge
    said: Text | str
    office: str
    at: datetime | None
    ways: list[tuple[str, Text]]
    told: list[str]
    """Names of those whom its author told it itself."""


class DoubtRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a party signed twice in one place."""

    what: Text
    signed: list[KnownRow]


class AgreementView(msgspec.Struct, frozen=True, kw_only=True):
    """What agreement.html receives. `languages` begins with the reader's."""

    row: AgreementRow
    languages: list[Language]
    clauses: list[ClauseRow]
    signatories: list[SignatoryRow]
    table_hash: str
    text_hash: str
    texts: list[TextRow]
    acts: list[ActRow]
    remarks: list[Text]
    compared: tuple[str, str]
    """Starts of the hashes of the two texts whose differences are shown; empty where there is one text only."""
    head: list[HeadChange]
    changes: list[ChangeRow]
    known: list[KnownRow]
    """Empty for an agreement of two."""
    doubts: list[DoubtRow]
    can: frozenset[str]
    """What this party can do to the agreement as it stands: `suspend`, `resume`, `withdraw`."""


def list_agreements(desk: Desk, visit: Visit) -> Answer:
    """List the agreements."""
    with desk.node.ledger.reading() as book:
        rows = [_row(held, visit) for held in book.agreements()]
    return Page(template="agreements.html", view=AgreementsView(agreements=rows), data={"agreements": [_data(row) for row in rows]})


def show_agreement(desk: Desk, visit: Visit) -> Answer:
    """Show one agreement: how it stands, its texts and who signed them, what its parties did, what one text changes in another."""
    with desk.node.ledger.reading() as book:
        held = agreement_of(book, visit.params["agreement"])
        known, doubted = known_by(desk.node, book, held), doubts(desk.node, book, held)
    row, life = _row(held, visit), life_of(held.history, visit.now)
    table = held.agreement.table
    languages: list[Language] = [visit.language, *(code for code in LANGUAGES if code != visit.language)]
    table_hash, text_hash = held.agreement.hashes()
    before, after = _compared(life, visit)
    changes = clause_changes(before.agreement, after.agreement) if before and after else []
    view = AgreementView(
        row=row, languages=languages, table_hash=table_hash, text_hash=text_hash, remarks=remarks(table),
        clauses=[
            ClauseRow(number=clause.number, sentences=[held.agreement.text.get(code, {}).get(clause.number, "") for code in languages])
            for clause in table.clauses
        ],
        signatories=[_signatory(held, each) for each in table.parties],
        texts=[_text(each, life, desk, visit) for each in life.texts],
        acts=[
            ActRow(act=act, reason=told_reason(act), badge=badge(AGREEMENT_ACTS, act.verb), party=_called(held, act.party, visit))
            for act in _in_time(life)
        ],
        compared=(before.hash[:12], after.hash[:12]) if before and after else ("", ""),
        head=head_changes(before.agreement, after.agreement) if before and after else [],
        changes=_rows(changes, visit),
        known=[_known(each, held, visit) for each in known],
        doubts=[
            DoubtRow(what=each.what(_called(held, each.party, visit)), signed=[_known(one, held, visit) for one in each.signed]) for each in doubted
        ],
        can=_can(life, desk.node.party),
    )  # fmt: skip
    data = {
        **_data(row),
        "texts": [_text_data(each) for each in life.texts],
        "acts": [builtins(each) for each in life.acts],
        "changes": [builtins(each) for each in changes],
        "told": [builtins(each) for each in known],
        "contradictions": [builtins(each) for each in doubted],
    }
    return Page(template="agreement.html", view=view, data=data)


def _known(each: Known, held: AgreementHeld, visit: Visit) -> KnownRow:
    made = each.act or each.signature
    what = badge(AGREEMENT_ACTS, each.act.verb) if each.act else SIGNED if each.signature else badge(STANDINGS, "proposed")
    return KnownRow(
        party=_called(held, each.party, visit), what=what, office=made.office if made else "", at=made.at if made else None,
        said=told_reason(each.act) if each.act else each.text[:12],
        ways=[(_called(held, party, visit), WAYS[way]) for party, way in each.ways.items()],
        told=[_called(held, party, visit) for party in each.told],
    )  # fmt: skip


def _in_time(life: Life) -> list[AgreementAct]:
    return sorted(life.acts, key=lambda act: (act.at, act.party, act.number))


def _rows(changes: list[ClauseChange], visit: Visit) -> list[ChangeRow]:
    return [
        ChangeRow(number=each.number, badge=badge(CHANGES, each.kind), before=each.before.get(visit.language, ""),
                  after=each.after.get(visit.language, ""))
        for each in changes
    ]  # fmt: skip


def _base(life: Life, text: TextLife) -> TextLife | None:
    """Return the text with which another is compared.

    What can still be signed is compared with the one in force: what it revises may be another that nobody signed.
    """
    return life.text(life.governs if life.governs and text.open else text.agreement.table.revises)


def _compared(life: Life, visit: Visit) -> tuple[TextLife | None, TextLife | None]:
    """Return the two texts to compare: those asked for, else the latest open text with the one in force, or with the one that it revises."""
    waiting = [each for each in life.texts if each.open and each.agreement.table.revises]
    start = visit.query.get("to", "")
    after = text_named(life, start) if start else waiting[-1] if waiting else life.text(life.shown)
    before = text_named(life, visit.query["from"]) if visit.query.get("from") else _base(life, after) if after else None
    return (before, after) if before else (None, None)


def _can(life: Life, own: str) -> frozenset[str]:
    if not life.governs or life.standing.state in ("withdrawn", "expired"):
        return frozenset()
    return frozenset({"withdraw", "resume" if own in life.suspended_by else "suspend"})


def _text(each: TextLife, life: Life, desk: Desk, visit: Visit) -> TextRow:
    parties = {signatory.party: signatory.called(visit.language) for signatory in each.agreement.table.parties}
    base, signable = _base(life, each), each.open and desk.node.party not in each.signed
    changes = clause_changes((base or each).agreement, each.agreement) if signable else []
    return TextRow(
        text=each, badge=badge(STANDINGS, each.standing.state), proposer=parties.get(each.agreement.table.proposed_by, ""),
        amends=each.open and bool(life.governs),
        signed=[(parties[party], made.office, made.at.isoformat()) for party, made in each.signed.items()],
        missing=[called for party, called in parties.items() if party not in each.signed],
        signable=signable, declinable=each.can_be_declined(desk.node.party),
        compare=f"{path_to('agreements', each.agreement.table.id)}?to={each.hash[:16]}#changes" if base else "",
        head=head_changes(base.agreement, each.agreement) if signable and base else [], clauses=_rows(changes, visit),
    )  # fmt: skip


def _text_data(each: TextLife) -> dict[str, object]:
    return {
        "hash": each.hash, "standing": builtins(each.standing), "revises": each.agreement.table.revises,
        "proposed_by": each.agreement.table.proposed_by, "open": each.open,
    }  # fmt: skip


def _called(held: AgreementHeld, party: str, visit: Visit) -> str:
    signatory = held.agreement.party(party)
    return signatory.called(visit.language) if signatory else party


def sign(desk: Desk, visit: Visit) -> Answer:
    """Sign the text that was shown, for this party; never whatever else may be open by now."""
    text = visit.form.text("text")
    if not text:
        raise InputError(say("Say which text is signed, by its hash."))
    return _told(desk, visit, sign_agreement(desk.node, visit.officer, visit.params["agreement"], text))


def act(desk: Desk, visit: Visit) -> Answer:
    """Suspend, resume or withdraw it, or decline a text of it, with a reason that every party reads."""
    verb = next((each for each in ACT_VERBS if each == visit.form.text("verb")), None)
    if verb is None:
        raise InputError(say("Unknown act on an agreement; known: {known}", known=", ".join(ACT_VERBS)))
    if verb == "withdraw" and not visit.form.text("sure"):
        raise InputError(say("Say that you are sure: withdrawing ends the agreement for all parties, for good."))
    reason, text = visit.form.text("reason"), visit.form.text("text")
    return _told(desk, visit, act_on_agreement(desk.node, visit.officer, visit.params["agreement"], verb, reason, text=text))


def _told(desk: Desk, visit: Visit, held: AgreementHeld) -> Go:
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
    held = {
        "agreement": builtins(row.held.agreement), "hash": row.held.hash,
        "signatures": {party: envelope.decode() for party, envelope in row.held.signatures.items()},
    }  # fmt: skip
    return {**held, "standing": builtins(row.standing), "table_hash": table_hash, "text_hash": text_hash}


ROUTES = [
    Route("GET", "/agreements", "read", list_agreements),
    Route("GET", "/agreements/{agreement:str}", "read", show_agreement),
    Route("POST", "/agreements/{agreement:str}/sign", "agree", sign),
    Route("POST", "/agreements/{agreement:str}/act", "agree", act),
]

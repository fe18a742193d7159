# SPDX-License-Identifier: Apache-2.0
"""Originator control: what another party told goes on to a third only with its signed consent (F4).

    waiting ──originator grants──▶ granted ──its time runs out──▶ expired
       └──originator refuses──▶ refused        └──originator takes it back──▶ revoked

1. Whose consent is needed follows from what the record rests on (`desk/derived.py`), not from what an officer says.
2. A consent covers what was asked and no more: that version, that receiver, that purpose, those fields. A next version
   with another field is asked about again.
3. Consent counts only while the version that it is about stands here: once its originator takes that back, it is void.
4. A clause of originator control that names the receiver is that consent, in the agreement under which the record came,
   while it is in force and binds all three. Where an agreement has several such clauses, each must name it.
5. The originator needs no consent of its own.

To ask is to propose, since it begins a release. To grant is to approve: it lets one's own words leave for a party that one's
own officers may not know. To take back is to recall: it only narrows, so one officer of the watch may.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.asked import MIN_NECESSITY_WORDS
from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import OriginatorControl
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.acts_consents import ConsentAnswered, ConsentRequested
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.consents_held import ConsentHeld
from hamsaya.desk.holdings import AgreementHeld, Officer
from hamsaya.desk.keys_held import key_in
from hamsaya.desk.names import new_name
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.desk.told import check_names_nobody
from hamsaya.exchange.consents import Consent, ConsentAsked, ConsentGiven, check_consent, claimed_consent, write_consent
from hamsaya.exchange.logs import link_log, parse_log
from hamsaya.facts.errors import HamsayaError, InputError, NotFound, Refused
from hamsaya.facts.records import Derived, Record
from hamsaya.facts.soundness import MAX_TEXT, as_plain, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.keys import PublicKey

MAX_DAYS: Final = 3650
Clauses = dict[str, tuple[set[str], set[str]]]
"""By agreement its parties, and the receivers whom each of its clauses of originator control names."""


def consented(
    book: Book, own: str, record: Record, receiver: str, purpose: str, now: datetime, agreement: Agreement | None = None, *, supposed: bool = False
) -> frozenset[Derived]:
    """Return those of the record's links that may go on to `receiver` now. `record` is the own version, or the copy of it.

    `agreement` is the one under which it would leave. `supposed` asks as if that were in force, and signed by all.
    """
    if not record.derived:
        return frozenset()
    fields = {claim.predicate for claim in (prepare(record, agreement).record if agreement else record).claims}
    held = [each.last for each in book.consent_requests() if each.asker == own and each.last]
    clauses = _consenting(book.agreements(), now)
    suppose = _consenting([], now, agreement if supposed else None)
    return frozenset(
        link for link in record.derived
        if not _taken_back(book, link)
        and (any(each.covers(link, holder=own, receiver=receiver, purpose=purpose, fields=fields, at=now) for each in held)
             or _by_clause(book, link, own, receiver, clauses) or _names(suppose, link, own, receiver))
    )  # fmt: skip


def consent_envelopes(book: Book, own: str, record: Record, receiver: str, purpose: str, now: datetime) -> list[str]:
    """Return the signed consents by which a copy may go to `receiver`: they leave with it, so that the receiver can check them."""
    fields = {claim.predicate for claim in record.claims}
    found: dict[Derived, str] = {}
    for each in book.consent_requests() if record.derived else []:
        ours = each.asker == own and each.last is not None and each.link in record.derived
        if ours and each.last and each.last.covers(each.link, holder=own, receiver=receiver, purpose=purpose, fields=fields, at=now):
            found[each.link] = each.envelopes[-1]
    return list(found.values())


def clause_lets(agreements: Sequence[AgreementHeld], now: datetime, link: Derived, holder: str, receiver: str) -> bool:
    """Say whether a clause of an agreement in force that binds originator, holder and receiver is the consent: what a receiver can know."""
    return _names(_consenting(agreements, now), link, holder, receiver)


def _names(clauses: Clauses, link: Derived, holder: str, receiver: str) -> bool:
    return any({link.party, holder, receiver} <= parties and receiver in named for parties, named in clauses.values())


def _consenting(agreements: Sequence[AgreementHeld], now: datetime, supposed: Agreement | None = None) -> Clauses:
    """Return by agreement in force its parties, and the receivers whom each of its clauses of originator control names."""
    found: Clauses = {}
    texts = [held.agreement for held in agreements if standing_of(held, now).in_force] + ([supposed] if supposed else [])
    for text in texts:
        clauses = [set(clause.consent_for) for clause in text.table.clauses if isinstance(clause, OriginatorControl)]
        if clauses:
            found[text.table.id] = ({each.party for each in text.table.parties}, set.intersection(*clauses))
    return found


def _by_clause(book: Book, link: Derived, own: str, receiver: str, clauses: Clauses) -> bool:
    for each in book.versions(link.record) if clauses else []:
        if (each.received_from, each.record.version) == (link.party, link.version):
            name = parse_log(each.released_in.rpartition("#")[0])
            under = name.agreement if name else ""
            return under in clauses and _names({under: clauses[under]}, link, own, receiver)
    return False


def _taken_back(book: Book, link: Derived) -> bool:
    return any(each.withdrawn_by and (each.received_from, each.record.version) == (link.party, link.version) for each in book.versions(link.record))


def ask_consent(node: Node, officer: Officer, record: str, *, receiver: str = "", purpose: str, necessity: str) -> list[ConsentHeld]:
    """Ask each originator of what the record rests on whether it may go on to `receiver`; those that consent now are not asked again.

    Asked about are the fields that would leave under the agreements in force with that party. Returns the requests. Raises
    `Refused` where nobody need be asked or where an originator is no neighbour of this node,
    `InputError` for a purpose or necessity that is none, or that seems to hold data on persons.
    """
    require(officer.role, "propose")
    necessity = as_plain(necessity).strip()
    _check_reasons(purpose, necessity)
    with node.ledger.writing() as pen:
        to = neighbour(pen, receiver).card.party
        version = _own_version(pen, record)
        copies = _leaving(pen, node.party, version, to, node.now())
        consents = consented(pen, node.party, copies[0], to, purpose, node.now())
        missing = [link for link in version.derived if link.party != to and link not in consents]
        if not missing:
            raise Refused(
                say("Nobody need be asked: every originator lets record {record} go to {party}.", record=record, party=to), rule="originator"
            )
        known = {party.card.party for party in pen.parties() if not party.own}
        unknown = sorted({link.party for link in missing} - known)
        if unknown:
            raise Refused(
                say("{names} told others what record {record} rests on, and is no neighbour of this node: it cannot be asked.",
                    names=", ".join(unknown), record=record),
                say("Ask the neighbour who told you to release it to that party itself."),
                rule="originator",
            )  # fmt: skip
        waiting = [each.link for each in pen.consent_requests() if each.asker == node.party and each.last is None and each.asked.receiver == to]
        fresh = [link for link in missing if link not in waiting]
        if not fresh:
            raise Stale(say("Consent was asked for before, and no answer has come yet."), rule="asked")
        names = [_ask(node, pen, officer, link, copies, to, purpose, necessity) for link in fresh]
        return [consent_of(pen, node.party, name) for name in names]


def _leaving(book: Book, own: str, version: Record, to: str, now: datetime) -> list[Record]:
    """Return the copies that would leave under each agreement in force with that party; the version itself where there is none."""
    both = [held for held in book.agreements() if held.agreement.party(own) and held.agreement.party(to)]
    return [prepare(version, held.agreement).record for held in both if standing_of(held, now).in_force] or [version]


def _ask(node: Node, pen: Pen, officer: Officer, link: Derived, copies: list[Record], to: str, purpose: str, necessity: str) -> str:
    asked = ConsentAsked(
        request=new_name(node, "C"), record=link.record, version=link.version, receiver=to, purpose=purpose, necessity=necessity,
        fields=sorted({claim.predicate for copy in copies for claim in copy.claims}), copy=hashlib.sha256(canonical(copies[0].claims)).hexdigest(),
        office=officer.office, at=node.now(),
    )  # fmt: skip
    pen.journal(ConsentRequested(originator=link.party, record=copies[0].id, asked=asked), officer)
    pen.extend(link_log(node.party, link.party), "consent.asked", canonical(asked), officer, {"purpose": purpose, "necessity": necessity})
    return asked.request


def _check_reasons(purpose: str, necessity: str) -> None:
    if purpose not in PURPOSES:
        raise InputError(say("“{purpose}” is no purpose of the closed list: {known}.", purpose=purpose[:40] or "—", known=", ".join(PURPOSES)))
    if len(necessity.split()) < MIN_NECESSITY_WORDS:
        raise InputError(say("Necessity must be a sentence of at least {n} words.", n=MIN_NECESSITY_WORDS))
    if not is_plain(necessity):
        raise InputError(say("Necessity must be plain text of at most {n} letters.", n=MAX_TEXT))
    check_names_nobody(necessity)


def _own_version(book: Book, record: str) -> Record:
    own = [each.record for each in book.versions(record) if not each.received_from and not each.withdrawn_by]
    if not own:
        raise NotFound(
            say("This node filed no record {came}.", came=record[:40]),
            say("What a neighbour sent is filed as a record of one's own first, linked to it."),
        )
    return own[-1]


def answer_consent(node: Node, officer: Officer, asker: str, request: str, *, granted: bool, until: datetime | None = None) -> ConsentHeld:
    """Answer a neighbour that asked for consent; `until` ends a grant. Returns the request with the answer.

    Raises `NotFound`, `Stale` where the same answer was given before, `InputError` for a time that is past or far away,
    and `Refused` where what was asked about is struck here.
    """
    require(officer.role, "approve")
    with node.ledger.writing() as pen:
        held = consent_of(pen, asker, request)
        _check_asked_of_us(node, held)
        now = node.now()
        if held.last is not None and (held.last.granted == granted or held.last.granted):
            state = held.state(now)
            raise Stale(say("This was answered before: {state}.", state=state), by=held.last.office, at=held.last.at)
        if until is not None and not (granted and now < until and (until - now).days <= MAX_DAYS):
            raise InputError(say("A consent ends at a time to come, within {n} days.", n=MAX_DAYS))
        own = [each for each in pen.versions(held.asked.record) if not each.received_from and each.record.version == held.asked.version]
        if granted and (not own or own[0].withdrawn_by):
            raise Refused(say("Record {record} was withdrawn; what is struck cannot be released.", record=held.asked.record), rule="withdrawn")
        _answer(node, pen, officer, held, granted=granted, until=until)
        return consent_of(pen, asker, request)


def revoke_consent(node: Node, officer: Officer, asker: str, request: str) -> ConsentHeld:
    """Take a consent back. What was released by it meanwhile has left: recall is another act. Raises `Stale` where none was given."""
    require(officer.role, "recall")
    with node.ledger.writing() as pen:
        held = consent_of(pen, asker, request)
        _check_asked_of_us(node, held)
        if held.last is None or not held.last.granted:
            state = held.state(node.now())
            last = held.last
            raise Stale(say("There is no consent to take back: {state}.", state=state), by=last.office if last else "", at=last.at if last else None)
        _answer(node, pen, officer, held, granted=False, until=None)
        return consent_of(pen, asker, request)


def consent_of(book: Book, asker: str, request: str) -> ConsentHeld:
    """Return the request. Raises `NotFound`."""
    for held in book.consent_requests():
        if (held.asker, held.asked.request) == (asker, request):
            return held
    raise NotFound(say("There is no request for consent {came}.", came=request[:40] or "—"), say("`hamsaya consent list` lists them."))


def _check_asked_of_us(node: Node, held: ConsentHeld) -> None:
    if held.originator != node.party:
        raise Refused(say("{party} was asked, not this node.", party=held.originator), rule="originator")


def _answer(node: Node, pen: Pen, officer: Officer, held: ConsentHeld, *, granted: bool, until: datetime | None) -> None:
    asked = held.asked
    consent = Consent(
        request=asked.request, number=len(held.answers) + 1, originator=node.party, holder=held.asker, receiver=asked.receiver, record=asked.record,
        version=asked.version, purpose=asked.purpose, fields=asked.fields, granted=granted, office=officer.office, at=node.now(), until=until,
    )  # fmt: skip
    envelope = write_consent(consent, node.key)
    pen.journal(ConsentAnswered(consent=envelope), officer)
    pen.extend(link_log(node.party, held.asker), "consent.given", canonical(ConsentGiven(envelope)), officer)


def consents_with(book: Book, content: bytes | None) -> list[tuple[Consent, bool]]:
    """Return the consents that came with a release, each with whether its originator, known here, did sign it."""
    envelopes = msgspec.json.decode(content, type=_WithConsents).consents if content else []
    known = {party.card.party for party in book.parties()}
    return [
        (consent, consent.originator in known and _is_signed(envelope, key_in(book, consent.originator, envelope)))
        for envelope in envelopes
        for consent in _readable(envelope)
    ]


def _readable(envelope: str) -> list[Consent]:
    try:
        return [claimed_consent(envelope)]
    except HamsayaError:
        return []


def _is_signed(envelope: str, key: PublicKey) -> bool:
    try:
        return bool(check_consent(envelope, key))
    except HamsayaError:
        return False


class _WithConsents(msgspec.Struct, frozen=True):
    consents: list[str] = []

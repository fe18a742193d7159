# SPDX-License-Identifier: Apache-2.0
"""Drafting, importing and signing the texts of an agreement. They travel on the link log, or as a file carried by hand.

What is known of an agreement is a set of texts, signatures and acts (`agreement/lifecycle.py` says what follows from it).
Proposing another text is `negotiate`, suspending and the like `standing_acts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.charter import Agreement, Standing, check_signature, read_agreement, sign, write_text
from hamsaya.agreement.lifecycle import (
    SIGNED_ANOTHER,
    ActVerb,
    AgreementAct,
    History,
    Life,
    TextLife,
    ancestors,
    check_act,
    claimed_act,
    life_of,
    open_texts,
    write_act,
)
from hamsaya.desk.acts_agreement import AgreementActed
from hamsaya.desk.events import AgreementDrafted, AgreementSigned
from hamsaya.desk.holdings import OPERATOR, AgreementHeld, Officer
from hamsaya.desk.parties import neighbour, own_party
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.desk.terms import read_terms, table_of
from hamsaya.exchange.acts import AgreementSignature, AgreementText, Card
from hamsaya.exchange.agreement_acts import AgreementActTold
from hamsaya.exchange.logs import link_log
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read

MAX_OPEN: Final = 100
"""How many texts of an agreement one party can have waiting."""


class CarriedText(msgspec.Struct, frozen=True):
    """One text of an agreement in a file, and the signatures on it made so far."""

    body: str
    signatures: dict[str, str]


class Carried(msgspec.Struct, frozen=True, omit_defaults=True):
    """An agreement as a file: the text to look at with its signatures, the other texts of it, and the acts of its parties."""

    body: str
    signatures: dict[str, str]
    others: list[CarriedText] = []
    acts: list[str] = []


def draft_agreement(node: Node, terms_toml: str, partner: str | Sequence[str] = ()) -> AgreementHeld:
    """Draft an agreement with a neighbour, or with several, from a TOML file of terms, and offer it on the links.

    Raises `InputError` that names the faulty clause; nothing is kept then.
    """
    with node.ledger.writing() as pen:
        table = table_of(read_terms(terms_toml), cards_with(pen, partner), exercise=node.exercise, proposed_by=node.party)
        agreement = write_text(table)
        if known(pen, table.id) is not None:
            raise Refused(
                say("An agreement {id} is known here already.", id=table.id), say("Counter or amend a text of it, or choose another id."),
                rule="known-text",
            )  # fmt: skip
        keep_text(node, pen, agreement, OPERATOR)
        offer(node, pen, agreement, {agreement.hash(): agreement}, OPERATOR)
        return agreement_of(pen, table.id)


def cards_with(book: Book, partner: str | Sequence[str] = ()) -> list[Card]:
    """Return this party's card, then those of the neighbours named, or of the only one. Raises `NotFound` or `InputError`."""
    named = [partner] if isinstance(partner, str) else list(dict.fromkeys(partner))
    return [own_party(book).card, *(neighbour(book, each).card for each in named or [""])]


def import_agreement(node: Node, data: bytes) -> AgreementHeld:
    """Take an agreement that was carried by hand: its texts, signatures and acts. What is here already is left as it is.

    Raises `InputError` for an altered text, `Tampered` for an altered signature or act, `Refused` for another first text
    under a name that is known; nothing is kept then.
    """
    carried = read(data, Carried)
    told = [(read_agreement(each.body.encode()), each.signatures) for each in (*carried.others, CarriedText(carried.body, carried.signatures))]
    texts = {text.hash(): text for text, _ in told}
    name = told[-1][0].table.id
    if any(text.table.id != name for text in texts.values()):
        raise InputError(say("The file holds texts of several agreements."))
    with node.ledger.writing() as pen:
        for text, signatures in sorted(told, key=lambda each: len(ancestors(texts, each[0].hash()))):
            check_parties(pen, text)
            _check_not_revoked(pen, text, known(pen, name))
            if not check_place(known(pen, name), text):
                keep_text(node, pen, text, OPERATOR)
            _import_signatures(pen, text, signatures)
        _import_acts(pen, name, carried.acts)
        _pass_on(node, pen)
        _settle(node, pen)
        return agreement_of(pen, name)


def _pass_on(node: Node, pen: Pen) -> None:
    """Tell the third ones. What is passed on rests on this module, so it is found late."""
    from hamsaya.desk.passing_on import pass_on_heard

    pass_on_heard(node, pen)


def _settle(node: Node, pen: Pen) -> None:
    """Ask again about releases that have not arrived yet. Deciding on releases rests on this module, so it is found late."""
    from hamsaya.desk.settling import settle_releases

    settle_releases(node, pen, changed=True)


def _import_signatures(pen: Pen, text: Agreement, signatures: dict[str, str]) -> None:
    before = agreement_of(pen, text.table.id).history
    for party, envelope in signatures.items():
        made = check_signature(text, envelope.encode())
        if made.party != party or not is_plain(made.office, 200):
            raise InputError(say("The file calls a signature {party}'s that is not.", party=party[:40]))
        if envelope.encode() not in before.signatures_of(text.hash(), party):
            pen.journal(AgreementSigned(agreement=text.table.id, party=party, signature=envelope), OPERATOR)


def _import_acts(pen: Pen, name: str, acts: Sequence[str]) -> None:
    for envelope in acts:
        held = agreement_of(pen, name)
        check_act(held.history.texts, envelope.encode(), held.history.keys)
        if envelope.encode() not in held.history.acts:
            pen.journal(AgreementActed(agreement=name, act=envelope), OPERATOR)


def export_agreement(book: Book, agreement: str) -> bytes:
    """Return all that is known of the agreement as one file that `import_agreement` reads; nothing of another first text under its id."""
    held = agreement_of(book, agreement)
    texts = held.history.texts
    first = [held.hash, *ancestors(texts, held.hash)][-1]
    carried = {
        name: CarriedText(text.body().decode(), {party: made.decode() for party, made in held.history.signatures.get(name, {}).items()})
        for name, text in texts.items()
        if [name, *ancestors(texts, name)][-1] == first
    }
    acts = [act.decode() for act in held.history.acts if claimed_act(act).text in carried]
    shown = carried.pop(held.hash)
    return canonical(Carried(shown.body, shown.signatures, list(carried.values()), acts))


def sign_agreement(node: Node, officer: Officer, agreement: str, text: str = "") -> AgreementHeld:
    """Sign a text of the agreement for this party, and send the signature on the links.

    `text` is the hash of the text, or its start; it may be left out where one text only can be signed. Raises `Refused`
    where it was signed before, or can no longer be signed, or names a key that is not trusted any more.

    A party that signs another text instead of one takes its signature on that one back (`decline`): a late signature of the
    other party would else put that text in force. What the text revises, and what revises it, stays signed.
    """
    require(officer.role, "agree")
    with node.ledger.writing() as pen:
        held = agreement_of(pen, agreement)
        life = life_of(held.history, node.now())
        chosen = text_named(life, text) if text else only_open(life)
        made = chosen.signed.get(node.party)
        if made is not None:
            raise Stale(say("This party has signed agreement {id} before.", id=agreement), by=made.office, at=made.at, rule="signed")
        _check_signable(node, pen, chosen)
        envelope = sign(chosen.agreement, node.party, officer.office, node.now(), node.key)
        pen.journal(AgreementSigned(agreement=agreement, party=node.party, signature=envelope.decode()), officer)
        pass_on(node, pen, chosen.agreement, held.history.texts, officer)
        for other in others(node, chosen.agreement):
            act = AgreementSignature(agreement, envelope.decode())
            pen.extend(link_log(node.party, other), "agreement.signature", canonical(act), officer)
        for each in _signed_instead(life, chosen, node.party):
            act_on_text(node, pen, officer, each.agreement, "decline", SIGNED_ANOTHER.message)
        _settle(node, pen)
        return agreement_of(pen, agreement)


def _signed_instead(life: Life, chosen: TextLife, party: str) -> list[TextLife]:
    """Return the texts that `party` signed and that stand beside the chosen one: neither builds on the other."""
    texts = {each.hash: each.agreement for each in life.texts}
    before = {chosen.hash, *ancestors(texts, chosen.hash)}
    return [
        each for each in life.texts
        if party in each.signed and each.can_be_declined(party) and each.hash not in before and chosen.hash not in ancestors(texts, each.hash)
    ]  # fmt: skip


def act_on_text(node: Node, pen: Pen, officer: Officer, text: Agreement, verb: ActVerb, reason: str) -> None:
    """Make an act of this party, with the number that follows its last, and send it to every other party to the text."""
    name, held = text.table.id, agreement_of(pen, text.table.id)
    number = 1 + max((act.number for act in map(claimed_act, held.history.acts) if act.party == node.party), default=0)
    act = AgreementAct(agreement=name, text=text.hash(), party=node.party, office=officer.office, at=node.now(), verb=verb, reason=reason,
                       number=number)  # fmt: skip
    envelope = write_act(text, act, node.key, held.history.keys).decode()
    pen.journal(AgreementActed(agreement=name, act=envelope), officer)
    if verb == "decline":
        pass_on(node, pen, text, held.history.texts, officer)
    for other in others(node, text):
        pen.extend(link_log(node.party, other), "agreement.act", canonical(AgreementActTold(name, envelope)), officer)


def only_open(life: Life) -> TextLife:
    """Return the one text that can be signed, or else the one that is shown. Raises `InputError` where several are open."""
    signable = [each for each in life.texts if each.open]
    if len(signable) > 1:
        raise InputError(
            say("Several texts of this agreement are open: {hashes}", hashes=", ".join(each.hash[:12] for each in signable)),
            say("Say which one, by the start of its hash; `hamsaya agreement diff` tells them apart."),
        )
    shown = life.text(life.shown)
    return signable[0] if signable else shown or life.texts[-1]


def _check_signable(node: Node, book: Book, chosen: TextLife) -> None:
    if not chosen.open:
        raise Refused(say("This text can no longer be signed: {why}", why=chosen.standing.reason), rule="closed")
    if node.now() >= chosen.agreement.table.valid_until:
        raise Refused(
            say("This text can no longer be signed: {why}", why=say("Its validity ended on {day}.", day=chosen.agreement.table.valid_until.date())),
            rule="expired",
        )
    check_keys(book, chosen.agreement)


def text_named(life: Life, start: str) -> TextLife:
    """Return the text whose hash begins so. Raises `NotFound`."""
    found = [each for each in life.texts if each.hash.startswith(start)]
    if len(found) != 1:
        raise NotFound(
            say("No text of this agreement has the hash {came}.", came=start[:64] or "—"), say("`hamsaya agreement show` lists its texts.")
        )
    return found[0]


def known(book: Book, agreement: str) -> AgreementHeld | None:
    """Return the agreement of that id, or None."""
    return next((held for held in book.agreements() if held.agreement.table.id == agreement), None)


def agreement_of(book: Book, agreement: str) -> AgreementHeld:
    """Return the agreement of that id. Raises `NotFound`."""
    held = known(book, agreement)
    if held is None:
        raise NotFound(say("There is no agreement {came}.", came=agreement[:60] or "—"), say("`hamsaya agreement show` lists them."))
    return held


def standing_of(held: AgreementHeld, now: datetime) -> Standing:
    """Return whether the agreement is in force at `now`, and else why not."""
    return life_of(held.history, now).standing


def keep_text(node: Node, pen: Pen, agreement: Agreement, officer: Officer) -> None:
    """Keep a text. Raises `InputError` where it does not name this party, `Refused` for an exercise on a real node or the other way round."""
    if agreement.party(node.party) is None:
        raise InputError(say("This agreement does not name {party}.", party=node.party))
    if agreement.table.exercise != node.exercise:
        raise Refused(say("An exercise agreement belongs on an exercise node, and a real one on a real node."), rule="exercise")
    pen.journal(AgreementDrafted(agreement=agreement.table.id, body=agreement.body().decode()), officer)


def offer(node: Node, pen: Pen, agreement: Agreement, texts: dict[str, Agreement], officer: Officer) -> None:
    """Send a text to every other party; where there are several, those that it builds on go before it, which may come from elsewhere later."""
    lineage = [texts[name] for name in reversed(ancestors(texts, agreement.hash())) if name in texts] if len(agreement.table.parties) > 2 else []
    for other in others(node, agreement):
        for each in (*lineage, agreement):
            act = AgreementText(each.table.id, each.body().decode())
            pen.extend(link_log(node.party, other), "agreement.text", canonical(act), officer)


def pass_on(node: Node, pen: Pen, agreement: Agreement, texts: dict[str, Agreement], officer: Officer) -> None:
    """Send a text of another party on to the third ones: what we say of it must not reach them before the text does."""
    if len(agreement.table.parties) > 2 and agreement.table.proposed_by != node.party:
        offer(node, pen, agreement, texts, officer)


def others(node: Node, agreement: Agreement) -> list[str]:
    """Return the short names of the other parties to it."""
    return [signatory.party for signatory in agreement.table.parties if signatory.party != node.party]


def check_place(before: AgreementHeld | None, agreement: Agreement) -> bool:
    """Say whether this very text is known; `before` is what is known under its id. Raises `Refused` where it has no place there.

    1. The first text of an agreement is the only one that revises nothing; who comes second with an id chooses another one.
    2. Any other revises one that is known, and is between the same parties.
    3. At most `MAX_OPEN` texts of one proposer wait for an answer at a time.
    """
    if before is None and not agreement.table.revises:
        return False
    texts = before.history.texts if before else {}
    if agreement.hash() in texts:
        return True
    if before is not None and not agreement.table.revises:  # 1
        names = ", ".join(each.called() for each in before.agreement.table.parties)
        raise Refused(
            say("Another text is known here as agreement {id}, between: {names}. This one can be proposed under another id.",
                id=agreement.table.id, names=names),
            rule="known-text",
        )  # fmt: skip
    revised = texts.get(agreement.table.revises)
    if revised is None:
        raise Refused(say("It revises a text of agreement {id} that is not known here.", id=agreement.table.id), rule="unknown-text")
    if {each.party for each in agreement.table.parties} != {each.party for each in revised.table.parties}:
        raise Refused(say("It is between other parties than the text that it revises."), rule="party")
    if before is not None:
        _check_room(before.history, agreement)
    return False


def _check_room(history: History, agreement: Agreement) -> None:
    proposer = agreement.table.proposed_by
    if sum(history.texts[name].table.proposed_by == proposer for name in open_texts(history)) >= MAX_OPEN:  # 3
        raise Refused(
            say("{n} texts of agreement {id} from the same party wait for an answer; some must be declined first.", n=MAX_OPEN,
                id=agreement.table.id),
            rule="too-many-texts",
        )  # fmt: skip


def check_parties(book: Book, agreement: Agreement) -> None:
    """Return if every party of the agreement is one that is trusted here, named as on its card. Raises `Refused`."""
    check_known_keys(book, agreement)
    cards = {party.card.party: party.card for party in book.parties()}
    for signatory in agreement.table.parties:
        card = cards[signatory.party]
        if signatory.names != card.name or signatory.country != card.country:
            raise Refused(say("The agreement calls {party} by another name or state than its card does.", party=signatory.party), rule="party")


def check_known_keys(book: Book, agreement: Agreement) -> None:
    """Return if the text names every party with a key that it has or had. A text by itself binds nobody. Raises `Refused`."""
    known_parties = {party.card.party for party in book.parties()}
    for signatory in agreement.table.parties:
        if signatory.party not in known_parties or not book.key_line(signatory.party).holds(signatory.key):
            raise _other_key(signatory.party)


def _check_not_revoked(book: Book, agreement: Agreement, held: AgreementHeld | None) -> None:
    """Return if no party of a text from a file is named with a revoked key, but for those whose signature was here before. Raises `Refused`."""
    signed = held.history.signatures.get(agreement.hash(), {}) if held else {}
    for signatory in agreement.table.parties:
        if signatory.party not in signed and book.key_line(signatory.party).is_revoked(signatory.key):
            raise _other_key(signatory.party)


def _other_key(party: str) -> Refused:
    return Refused(
        say("The agreement names {party} with a key that is not trusted here.", party=party[:40]),
        say("Trust that party's card first (`hamsaya party trust`); where its key has changed, propose the text again."),
        rule="party",
    )


def check_keys(book: Book, agreement: Agreement) -> None:
    """Return if the text names every party with the key by which it is trusted here now. Raises `Refused`."""
    keys = {party.card.party: party.card.key for party in book.parties()}
    for signatory in agreement.table.parties:
        if keys.get(signatory.party) != signatory.key:
            raise _other_key(signatory.party)

# SPDX-License-Identifier: Apache-2.0
"""Making a node's own party, trusting a neighbour, adding officers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hamsaya.desk.acts_access import OfficerAdded
from hamsaya.desk.events import LinkHeld, PartyCreated, PartyTrusted
from hamsaya.desk.holdings import OPERATOR, Officer, Party
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import ROLES, require
from hamsaya.exchange.acts import Card, check_card, read_card, write_card
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import LANGUAGES, say
from hamsaya.seal.keys import same_fingerprint

PARTY_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")
MAX_OFFICE: Final = 200
LOGIN: Final = re.compile(r"[a-z][a-z0-9._-]{0,30}")


def create_party(node: Node, card: Card) -> None:
    """Write this node's own card as the first entry of its journal."""
    _check_name(card)
    with node.ledger.writing() as pen:
        pen.journal(PartyCreated(card=write_card(card, node.key).decode(), exercise=card.exercise), OPERATOR)


def _check_name(card: Card) -> None:
    """Refuse a name that could not stand in the names of logs."""
    if not PARTY_ID.fullmatch(card.party):
        raise InputError(say("A party's short name has 2 to 31 of a–z, 0–9 and hyphens; this came: {came}", came=card.party[:40] or "—"))


def own_party(book: Book) -> Party:
    """Return this node's own party."""
    return next(party for party in book.parties() if party.own)


def neighbour(book: Book, party: str = "") -> Party:
    """Return the trusted neighbour of that name, or the only one. Raises `NotFound`."""
    others = [each for each in book.parties() if not each.own]
    found = [each for each in others if each.card.party == party] if party else others
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.card.party for each in others) or "—"
    if party or not others:
        raise NotFound(
            say("This node trusts no neighbour “{party}”; it trusts: {names}", party=party or "—", names=names),
            say("Get the neighbour's card and run `hamsaya party trust CARD --fingerprint …`."),
        )
    raise InputError(say("This node has several neighbours: {names}", names=names), say("Name one of them."))


def trust_neighbour(node: Node, data: bytes, spoken: str, by: Officer = OPERATOR) -> Party:
    """Trust the party whose card is in `data`, if `spoken` is the fingerprint of its key as read aloud.

    Raises `InputError` for a card that is none, `Refused` for another fingerprint or for a neighbour that is known
    under another key; nothing changes then. Trusting the same card again does no harm.
    """
    require(by.role, "configure")
    card = read_card(data)
    check_card(card)
    _check_name(card)
    if not same_fingerprint(spoken, card.public.fingerprint()):
        raise Refused(
            say("The fingerprint that was read aloud is not the one of this card."),
            say("Do not go on. Call the neighbour on a known number and compare again; the card may have been exchanged on its way."),
            rule="fingerprint",
        )
    with node.ledger.writing() as pen:
        known = {party.card.party: party for party in pen.parties()}
        before = known.get(card.party)
        if card.party == node.party:
            raise InputError(say("This card is this node's own."), say("Import the neighbour's card, not yours."))
        if before is not None and before.card.key != card.key:
            raise Refused(
                say("“{came}” is known here under another key.", came=card.party),
                say("A change of key needs an act signed by the old key; two parties may not share a short name."),
                rule="known-key",
            )
        if card.exercise != node.exercise:
            raise Refused(say("One of the two nodes is an exercise node and the other is not."), rule="exercise")
        if before is None or before.card != card:
            pen.journal(PartyTrusted(card=data.decode(), fingerprint=card.public.fingerprint()), by)
        if before is None and any(kept.what == "restore" and not kept.sure for kept in pen.keepings()):
            pen.journal(LinkHeld(neighbour=card.party, reason="restored"), OPERATOR)  # it may have been trusted before, and told something
        return neighbour(pen, card.party)


def add_officer(
    node: Node, *, login: str, office: str, role: str, language: str, password: str, hash_password: Callable[[str], str],
    by: Officer = OPERATOR, once: bool = False,
) -> Officer:  # fmt: skip
    """Add a login account; `once` says that its officer must choose another password. Raises `InputError` for a bad or taken login or post."""
    require(by.role, "configure")
    if not LOGIN.fullmatch(login):
        raise InputError(say("A login has 1 to 31 of a–z, 0–9, dot, hyphen, underscore; this came: {came}", came=login[:40] or "—"))
    check_post(office, role, language)
    hashed = hash_password(password)
    with node.ledger.writing() as pen:
        if any(officer.login == login for officer in pen.officers()):
            raise InputError(say("The login “{login}” is taken.", login=login))
        pen.journal(OfficerAdded(login=login, office=office.strip(), role=role, password=hashed, language=language, once=once), by)
        return officer_of(pen, login)


def check_post(office: str, role: str, language: str) -> None:
    """Return if an account can have this office, role and language. Raises `InputError`."""
    if role not in ROLES:
        raise InputError(say("Unknown role “{role}”; known: {known}", role=role[:40], known=", ".join(ROLES)))
    if language not in LANGUAGES:
        raise InputError(say("Unknown language “{language}”; known: {known}", language=language[:20], known=", ".join(LANGUAGES)))
    if not office.strip() or not is_plain(office, MAX_OFFICE):
        raise InputError(say("An office must be named: it is what the neighbour sees."))


def officer_of(book: Book, login: str) -> Officer:
    """Return the account. Raises `NotFound`."""
    for officer in book.officers():
        if officer.login == login:
            return officer
    raise NotFound(say("There is no officer “{login}”.", login=login[:40]), say("`hamsaya user add` adds one."))

# SPDX-License-Identifier: Apache-2.0
"""Putting a text of an agreement forward: a first one, one that counters another, or one that amends what is in force.

A text binds nobody before its parties sign it; which of the three it is follows from what it revises.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hamsaya.agreement.charter import Table, write_text
from hamsaya.agreement.lifecycle import Life, TextLife, life_of
from hamsaya.desk.agreements import agreement_of, cards_with, check_place, keep_text, known, offer, text_named
from hamsaya.desk.holdings import AgreementHeld, Officer
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.desk.terms import Terms, table_of
from hamsaya.exchange.acts import Card
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.words import say


def propose_text(node: Node, officer: Officer, terms: Terms, partners: Sequence[str] = (), *, revises: str = "") -> TextLife:
    """Propose a text to the parties, send it on the links, and return it.

    `partners` are the short names of the others; for a text that revises another they are its parties, and may be left
    out. `revises` is the hash, or its start, of the text that it builds on: one that waits for signatures (a
    counter-proposal) or the one in force (an amendment). Raises `InputError` that names a faulty clause, `NotFound`,
    `Stale` where another text took the place of the one it revises, and `Refused`; nothing is kept then.
    """
    require(officer.role, "negotiate")
    with node.ledger.writing() as pen:
        if node.now() >= terms.valid_until:
            raise InputError(say("The text would have expired before it is signed: valid_until is {day}.", day=terms.valid_until.date()))
        before = agreement_of(pen, terms.id) if revises else known(pen, terms.id)
        if before is not None and not revises:
            raise Refused(
                say("An agreement {id} is known here already.", id=terms.id), say("Counter or amend a text of it, or choose another id."),
                rule="known-text",
            )  # fmt: skip
        revised = _revised(life_of(before.history, node.now()), revises) if before else ""
        cards = _cards(pen, before, revised, partners) if before else cards_with(pen, partners)
        text = write_text(table_of(terms, cards, exercise=node.exercise, revises=revised, proposed_by=node.party))
        if before is not None and _same_terms(text.table, before.history.texts[revised].table):
            raise InputError(say("The text says the same as the one that it revises."))
        if check_place(before, text):
            raise Refused(say("This text was proposed before."), rule="known-text")
        keep_text(node, pen, text, officer)
        texts = before.history.texts if before else {}
        offer(node, pen, text, {**texts, text.hash(): text}, officer)
        return text_named(life_of(agreement_of(pen, terms.id).history, node.now()), text.hash())


def _revised(life: Life, start: str) -> str:
    """Return the hash of the text to build on, if one can build on it."""
    text = text_named(life, start)
    if life.standing.state == "withdrawn":
        raise Refused(say("This agreement cannot be revised: {why}", why=life.standing.reason), rule="withdrawn")
    if not text.open and text.hash != life.governs and text.standing.state != "declined":
        raise Stale(say("This text cannot be revised: {why}", why=text.standing.reason), say("Open the agreement again."), rule="replaced")
    return text.hash


def _cards(book: Book, before: AgreementHeld, revised: str, partners: Sequence[str]) -> list[Card]:
    """Return the cards of the parties as the revised text has them, in its order."""
    named = [each.party for each in before.history.texts[revised].table.parties]
    cards = {party.card.party: party.card for party in book.parties()}
    own = {party.card.party for party in book.parties() if party.own}
    if any(each not in cards for each in named) or (partners and {*partners, *own} != {*named, *own}):
        raise Refused(say("It is between other parties than the text that it revises."), rule="party")
    return [cards[each] for each in named]


def _same_terms(one: Table, other: Table) -> bool:
    """Say whether two tables bind the same keys to the same terms; what else their cards say may have changed."""
    told = [
        {**msgspec.to_builtins(each), "revises": "", "proposed_by": "", "parties": [(party.party, party.key) for party in each.parties]}
        for each in (one, other)
    ]
    return told[0] == told[1]

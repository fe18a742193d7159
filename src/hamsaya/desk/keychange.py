# SPDX-License-Identifier: Apache-2.0
"""Changing the key that a party signs with, and applying a neighbour's change (docs/decisions/0018).

    our side:    key 1 ──change (planned)──▶ key 2           old key signs, new one countersigns; each neighbour's log says so
                 key 1 ──revoke (compromised, lost)──▶ key 2  the new key alone; each neighbour must hear its fingerprint
    their side:  planned letter ──arrives──▶ applied, to be compared aloud ──compared──▶ as any trusted key
                 revoking letter ──the keeper, and an officer who may sign agreements──▶ applied

1. One journal entry is the change: it and all after it are signed by the new key, and it carries the journal's root until then, so that
   who has the old key cannot write another history before it.
2. Marks say how far the old key's word goes in each log: no clock does. What was queued under the old key still leaves.
3. A node that was set back to before its own change learns it from the neighbour's mirror. It then lacks its key: it takes its own
   entries back and nothing else, and signs nothing, until the key is put back (`adopt`) or revoked as lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from hamsaya.desk.acts_keys import KeyChanged, KeyCompared, NeighbourKeyChanged, OwnKeyLearnt
from hamsaya.desk.holdings import OPERATOR, Officer, Party
from hamsaya.desk.parties import neighbour, own_party
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.exchange.acts import Card, write_card
from hamsaya.exchange.letters import WHYS, KeyChangeTold, KeyLetter, Mark, Why, claimed_letter, read_letter, write_letter
from hamsaya.exchange.logs import journal_of, link_log, parse_log
from hamsaya.facts.errors import InputError, NeighbourError, NotFound, Refused
from hamsaya.facts.soundness import MAX_NUMBER
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.keys import PublicKey, SigningKey, same_fingerprint

HEAR: Final = say("Call the neighbour on a known number; then `hamsaya party trust LETTER --fingerprint … --replaces --as COMMANDER`.")


def lacks_key(node: Node, book: Book) -> bool:
    """Say whether this node's key was changed after the state that it was set back to, and the new one is not here."""
    return book.key_line(node.party).current != node.key.public


def change_key(node: Node, successor: SigningKey, why: Why, by: Officer = OPERATOR, *, renew: Callable[[Card], Card] = lambda card: card) -> Card:
    """Let `successor` sign for this party from now on; returns the new card. `renew` puts on the card what else is new.

    The caller goes on with a node that holds `successor`; whoever still holds the old key can write nothing more. Raises `Refused`
    where a planned change cannot be told to a neighbour since its link is held, and where this node lacks its own key.
    """
    require(by.role, "configure")
    with node.ledger.writing() as pen:
        line, own = pen.key_line(node.party), own_party(pen)
        adopted = lacks_key(node, pen) and successor.public == line.current
        held = {each.neighbour for each in pen.holds()}
        if why == "planned" and not adopted:
            _check_free(held, lacks=lacks_key(node, pen))
        if line.holds(successor.public.hex) and not adopted:
            raise InputError(say("This key was this party's before."), say("Make a new one."))
        card = msgspec.structs.replace(renew(own.card), key=successor.public.hex)
        told = write_card(card, successor).decode()

        def letter_to(to: str, marks: list[Mark]) -> str:
            old = node.key.public if adopted or not to else line.current
            letter = KeyLetter(party=node.party, to=to, why=why, old=old.hex, card=told, marks=marks, at=node.now())
            return write_letter(letter, node.key, successor)

        names = [] if adopted else [party.card.party for party in pen.parties() if not party.own]
        letters = {name: letter_to(name, marks_between(pen, node.party, name)) for name in names}
        statement = letter_to("", [_mark(pen, journal_of(node.party))])
        pen.succeed(successor)
        pen.journal(KeyChanged(why=why, card=told, statement=statement, letters=letters), by)
        for name, letter in letters.items():
            if name not in held:
                pen.extend(link_log(node.party, name), "key.changed", canonical(KeyChangeTold(letter)), by)
        return card


def _check_free(held: set[str], *, lacks: bool) -> None:
    if lacks:
        raise Refused(
            say("This node was set back to before its last change of key, and its key is not here."),
            say("Put it back with `hamsaya key adopt FILE`, or give it up with `hamsaya key revoke --why lost`."),
            rule="key-missing",
        )
    if held:
        raise Refused(
            say("The link to {party} is held: its log must be whole before the key can change in it.", party=", ".join(sorted(held))),
            say("Nothing was changed. Talk with it first (`hamsaya sync`)."),
            rule="held",
        )


def marks_between(book: Book, one: str, other: str) -> list[Mark]:
    """Return size and root of each log that runs between the two parties, as it is held here."""
    found = []
    for log, size in sorted(book.logs().items()):
        name = parse_log(log)
        if size and name is not None and {name.sender, name.receiver} == {one, other}:
            found.append(_mark(book, log) if book.closed_at(log) is None else Mark(log, MAX_NUMBER, "0" * 64))  # no later key signs in a closed one
    return found


def _mark(book: Book, log: str) -> Mark:
    frontier = book.mirror(log).frontier
    return Mark(log, frontier.size, frontier.root().hex())


def letters_for(node: Node, book: Book, to: str, known: int, *, set_back: bool) -> list[str]:
    """Return the letters that go into a bundle: ours that `to`, which has `known` entries of our link log, lacks; its own where it was set back."""
    link = book.current_log(link_log(node.party, to))
    ours = [text for text in book.letters(node.party, to) if claimed_letter(text).starts().get(link, 0) >= known]
    theirs = [text for text in book.letters(to, node.party) if claimed_letter(text).why == "planned"] if set_back else []
    return ours + theirs


def take_letters(node: Node, sender: str, letters: list[str]) -> None:
    """Apply what is new of the letters that came with a bundle. Raises `NeighbourError` for one that cannot be applied by itself."""
    with node.ledger.reading() as book:
        fresh = [text for text in letters if not _is_known(book, text)]
    for text in fresh:
        with node.ledger.writing() as pen:
            try:
                if claimed_letter(text).party == node.party:
                    _learn_own(node, pen, sender, text)
                else:
                    apply_letter(node, pen, neighbour(pen, sender), text)
            except InputError as error:
                raise NeighbourError(error.what, error.hint) from error


def _is_known(book: Book, text: str) -> bool:
    try:
        letter = claimed_letter(text)
    except InputError as error:
        raise NeighbourError(error.what, error.hint) from error
    return text in book.letters(letter.party, letter.to)


def _learn_own(node: Node, pen: Pen, giver: str, text: str) -> None:
    letter, card = read_letter(text)
    line = pen.key_line(node.party)
    known = line.holds(card.key)
    if letter.to != giver or letter.why != "planned" or not (known or letter.old == line.current.hex):
        raise NeighbourError(say("{party} returned a letter on this node's key that does not follow from the keys that are known here.", party=giver))
    others = [each.card.party for each in pen.parties() if not each.own and each.card.party != giver]
    marks = [] if known else [mark for other in others for mark in marks_between(pen, node.party, other)]
    pen.journal(OwnKeyLearnt(letter=text, giver=giver, marks=marks), OPERATOR)


def apply_letter(node: Node, pen: Pen, party: Party, text: str, *, by: Officer = OPERATOR, second: str = "") -> bool:
    """Let a neighbour's new key follow its old one; say whether that is new. `second` is the officer who heard its fingerprint.

    1. The letter is that neighbour's, to this node, and of the same state and exercise mark as before.
    2. A planned one follows the key that is known here last. Any other was heard aloud, by two persons.
    3. It speaks of every log that is held here, and vouches for what is held.
    """
    letter, card = read_letter(text)
    line, before = pen.key_line(party.card.party), party.card
    if (letter.party, letter.to) != (before.party, node.party) or (card.country, card.exercise) != (before.country, before.exercise):  # 1
        raise NeighbourError(say("It is no letter of {party} to this node.", party=before.party))
    if line.holds(card.key):
        return False
    if letter.why != "planned" and not second:  # 2
        raise NeighbourError(
            say("{party} says that its key was revoked, {why}. Nothing of it was applied.", party=before.party, why=WHYS[letter.why]), HEAR
        )
    if letter.why == "planned" and letter.old != line.current.hex:
        raise NeighbourError(
            say("{party} changed its key from another one than the one that is known here: one of the two is not its own.", party=before.party), HEAR
        )
    _check_marks(node, pen, letter)  # 3
    pen.journal(NeighbourKeyChanged(letter=text, fingerprint=card.public.fingerprint(), second=second), by)
    return True


def _check_marks(node: Node, book: Book, letter: KeyLetter) -> None:
    told = {mark.log: mark for mark in letter.marks}
    receipts = {receipt.log: receipt.size for receipt in book.receipts() if receipt.by == letter.party}
    for log, size in book.logs().items():
        name = parse_log(log)
        if name is None or {name.sender, name.receiver} != {node.party, letter.party}:
            continue
        theirs = name.sender == letter.party
        mark = told.get(log, Mark(log, 0, ""))
        least = size if theirs else min(size, receipts.get(log, 0))
        root = book.root_at(log, mark.size) if 0 < mark.size <= size else None
        if mark.size < least or (root is not None and root.hex() != mark.root):
            raise NeighbourError(
                say("The letter of {party} does not vouch for log {log} as it is held here ({size} entries): a fork under its old key.",
                    party=letter.party, log=log, size=size),
                say("Keep this node as it is. Compare with the neighbour what each holds: `hamsaya verify --export FILE` on both."),
            )  # fmt: skip


def trust_letter(node: Node, data: bytes, spoken: str, by: Officer, second: Officer | None) -> Party:
    """Apply the letter in `data`, whose new key's fingerprint was read aloud: the keeper's word, and that of a `second` who may sign agreements.

    Raises `Refused` for another fingerprint or a missing second person, `NeighbourError` where it does not fit what is held here.
    """
    require(by.role, "configure")
    letter, card = read_letter(data.decode("utf-8", "replace"))
    if not same_fingerprint(spoken, card.public.fingerprint()):
        raise Refused(
            say("The fingerprint that was read aloud is not the one of this letter."),
            say("Do not go on. Call the neighbour on a known number and compare again; the letter may have been exchanged on its way."),
            rule="fingerprint",
        )
    if second is None or second.login == by.login:
        raise Refused(
            say("To replace a neighbour's key takes two persons: the keeper, and an officer who may sign agreements and heard the fingerprint too."),
            say("Say who that is with --as LOGIN."),
            rule="second",
        )
    require(second.role, "agree")
    with node.ledger.writing() as pen:
        party = _known(pen, letter.party)
        if not apply_letter(node, pen, party, data.decode(), by=by, second=second.login):
            _compare(pen, party.card.party, card.public, by)
        return neighbour(pen, letter.party)


def _known(book: Book, party: str) -> Party:
    try:
        return neighbour(book, party)
    except NotFound as error:
        raise InputError(say("The letter is of “{party}”, which this node does not trust.", party=party[:40]), error.hint) from error


def compare_key(node: Node, party: str, spoken: str, by: Officer = OPERATOR) -> Party:
    """Note that the fingerprint of a neighbour's present key was read aloud. Raises `Refused` for another one."""
    require(by.role, "configure")
    with node.ledger.writing() as pen:
        found = neighbour(pen, party)
        if not same_fingerprint(spoken, found.card.public.fingerprint()):
            raise Refused(
                say("The fingerprint that was read aloud is not the one of {party}'s key here.", party=found.card.party), HEAR, rule="fingerprint"
            )
        _compare(pen, found.card.party, found.card.public, by)
        return found


def _compare(pen: Pen, party: str, key: PublicKey, by: Officer) -> None:
    if not pen.keys_of(party)[-1].compared:
        pen.journal(KeyCompared(party=party, fingerprint=key.fingerprint()), by)

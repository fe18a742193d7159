# SPDX-License-Identifier: Apache-2.0
"""Which neighbours have not heard yet that this node signs with another key.

A neighbour has heard once it has signed something that only one who knows the new key can sign: its receipt over an entry that the new key
signed, or over the entry that tells of the change. Reads only.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.letters import WHYS, KeyLetter, claimed_letter
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.words import Text, say


class Unheard(msgspec.Struct, frozen=True, kw_only=True):
    """A change of our key that a neighbour has signed nothing about."""

    neighbour: str
    why: str
    since: datetime
    what: Text
    next: Text


def unheard_changes(node: Node, book: Book) -> list[Unheard]:
    """Return the newest change of our key that each neighbour has not heard of, if there is one."""
    found = []
    sizes: dict[tuple[str, str], int] = {}
    for receipt in book.receipts():
        sizes[receipt.by, receipt.log] = max(receipt.size, sizes.get((receipt.by, receipt.log), 0))
    for party in book.parties():
        name = party.card.party
        letters = [] if party.own else [claimed_letter(text) for text in book.letters(node.party, name)]
        if letters and not _has_heard(node, sizes, name, letters[-1]):
            found.append(_unheard(name, letters[-1]))
    return found


def _has_heard(node: Node, sizes: dict[tuple[str, str], int], name: str, letter: KeyLetter) -> bool:
    """Say whether a receipt of the neighbour covers an entry that the key in this letter signed."""
    starts = letter.starts()
    ours = [(log, size) for (by, log), size in sizes.items() if by == name and (told := parse_log(log)) and told.sender == node.party]
    return any(size > starts.get(log, 0) for log, size in ours)


def _unheard(name: str, letter: KeyLetter) -> Unheard:
    what = say("{party} has not heard yet that this node changed its key, {why}.", party=name, why=WHYS[letter.why])
    then = say("It hears with the next contact: `hamsaya sync {party}`, or a file by hand.", party=name)
    if letter.why != "planned":
        then = say(
            "Nothing passes until it has: carry `hamsaya key letter {party}` there, and read the new fingerprint aloud on a known number.", party=name
        )
    return Unheard(neighbour=name, why=letter.why, since=letter.at, what=what, next=then)

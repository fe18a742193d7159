# SPDX-License-Identifier: Apache-2.0
"""Writing what parties signed twice in one place about an agreement as a file for a third person (`exchange/doubt_file.py`)."""

from __future__ import annotations

from hamsaya.agreement.contradictions import contradictions
from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.proofs import letters_held
from hamsaya.exchange.doubt_file import FORMAT, DoubtFile, write_doubt_file
from hamsaya.facts.errors import NotFound
from hamsaya.facts.words import say


def write_doubts(node: Node, book: Book, agreement: str) -> tuple[bytes, int]:
    """Return the file about an agreement as bytes, and how many contradictions it holds. Raises `NotFound` where there is none."""
    found = contradictions(agreement_of(book, agreement).history)
    if not found:
        raise NotFound(say("No party signed two things in one place about agreement {id}, as far as is known here.", id=agreement))
    named = sorted({node.party, *(each.party for each in found)})
    file = DoubtFile(
        format=FORMAT, written_by=node.party, at=node.now(), exercise=node.exercise, agreement=agreement,
        cards=[book.card_of(party).decode() for party in named], letters=letters_held(book, named),
        doubts=[[data.decode() for data in each.signed] for each in found],
    )  # fmt: skip
    return write_doubt_file(file, node.key), len(found)

# SPDX-License-Identifier: Apache-2.0
"""Whether what a node remembers from one transaction to the next is what its store holds."""

from __future__ import annotations

from itertools import permutations

from hamsaya.ledger.book import SqlBook


def answers(book):
    """Everything that a book may give from memory, by what was asked."""
    parties = book.parties()
    names = [party.card.party for party in parties]
    pairs = list(permutations(names, 2))
    return {
        "parties": parties,
        "agreements": book.agreements(),
        "holds": book.holds(),
        "epochs": book.epochs(),
        **{f"key line of {name}": book.key_line(name) for name in names},
        **{f"letters from {one} to {other}": book.letters(one, other) for one, other in pairs},
        **{f"epoch from {one} to {other}": book.epoch_of(one, other) for one, other in pairs},
    }


def wrongly_remembered(store):
    """What the store's memory gives otherwise than its tables do; nothing, if all is well."""
    with store.reading() as book:
        told, stored = answers(book), answers(SqlBook(book._db))
    return [what for what in stored if told.get(what) != stored[what]]

# SPDX-License-Identifier: Apache-2.0
"""What parties are called, in the reader's language."""

from __future__ import annotations

from hamsaya.desk.ports import Book
from hamsaya.facts.words import Language


def party_names(book: Book, language: Language) -> dict[str, str]:
    """Return the name of each known party by its short name, which stands in where it has none in `language`."""
    return {party.card.party: party.card.name.get(language) or party.card.party for party in book.parties()}

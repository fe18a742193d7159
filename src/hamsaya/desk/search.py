# SPDX-License-Identifier: Apache-2.0
"""Search over records and documents: newest first, every word must be there, persons cannot be searched for (law 11)."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.documents import text_of
from hamsaya.desk.filters import DOCUMENT, Filter
from hamsaya.desk.holdings import DocumentHeld, RecordHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.sheets import Sheet
from hamsaya.desk.wording import Piece, Query, asks_for_person, hit, read_query, wording_of_document, wording_of_record
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text, say

KINDS: Final[dict[str, Text]] = {**RECORD_KINDS, DOCUMENT: say("Document")}
HITS: Final = 25
"""Hits on one page: each shows its text."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A record or a document that holds the words, and where."""

    held: RecordHeld | DocumentHeld
    pieces: list[Piece]


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet of hits. `note` says why something was not searched for."""

    sheet: Sheet[Hit]
    note: Text | None = None


def search(book: Book, asked: Filter, after: str = "", limit: int = HITS) -> Hits:
    """Return what holds all the words of the filter's text and fits the rest of it, newest first. Raises `InputError` for a bad cursor."""
    query = read_query(asked.text)
    note = None
    if asks_for_person(asked.text):
        note = say("Names and numbers of persons are not searched for; they are masked in what is found.")
    if not query.words:
        return Hits(sheet=Sheet([]), note=note or (say("Type a word or a number to search for.") if asked.text else None))
    sheet = book.search_page(asked, after, limit)
    return Hits(sheet=sheet.map(lambda held: Hit(held=held, pieces=_pieces(book, held, query))), note=note)


def _pieces(book: Book, held: RecordHeld | DocumentHeld, query: Query) -> list[Piece]:
    wording = wording_of_record(held.record) if isinstance(held, RecordHeld) else wording_of_document(text_of(book, held.document))
    return hit(wording, query)

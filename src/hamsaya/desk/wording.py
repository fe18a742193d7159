# SPDX-License-Identifier: Apache-2.0
"""What of a record or a document can be searched for, and how a hit is shown.

- What the screen for persons finds (names after titles, identity numbers, telephones, plates) is masked first: it is
  neither indexed nor shown in a hit, so that search is no person finder (law 11).
- Words are folded (`facts/folding.py`): ي and ی, ك and ک, vowel signs, the zero-width non-joiner, digits of three
  scripts. Both databases then only compare words; neither knows a language.
- Each word is kept once, in the order in which it came; there is no search for phrases. A word is cut after 64
  letters, a text after `MOST` bytes of words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

from hamsaya.agreement.screen import find_persons, mask_persons
from hamsaya.facts.folding import fold
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Place, Words

MOST: Final = 500_000
"""Bytes of words of one text; PostgreSQL takes about twice that."""
LONGEST: Final = 64
_BEGINS: Final = 3
"""The last word of a query also finds longer words that begin with it, if it has so many letters."""
_WORD: Final = re.compile(r"[^\W_]+")
_AROUND: Final = 90
_LOOKED_AT: Final = 200_000


class Query(msgspec.Struct, frozen=True):
    """The words that must all be there. `begins` says whether the last may be the beginning of a word."""

    words: list[str]
    begins: bool = False

    def fits(self, word: str) -> bool:
        """Say whether a folded word is one of those asked for."""
        return word in self.words or (self.begins and word.startswith(self.words[-1]))


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a hit's text; `marked` where it is a word that was asked for."""

    text: str
    marked: bool = False


def read_query(text: str) -> Query:
    """Return the words of what was typed; none where it holds no letter and no digit, or where it asks for a person."""
    words = [] if asks_for_person(text) else list(dict.fromkeys(_words(text)))
    return Query(words, begins=bool(words) and len(words[-1]) >= _BEGINS and text[-1:].isalnum())


def asks_for_person(text: str) -> bool:
    """Say whether what was typed looks like data on a person."""
    return bool(find_persons(text))


def wording_of_record(record: Record) -> str:
    """Return the text of a record that may be shown in a hit."""
    parts: list[str] = []
    for claim in record.claims:
        value = claim.value
        parts.append(claim.quote)
        for each in (value, claim.about):
            if isinstance(each, Place):
                parts += [each.words, each.name if each.name != each.words else "", each.district]
            elif isinstance(each, Coded):
                parts += [each.code.replace("_", " "), each.words]
            elif isinstance(each, Words):
                parts.append(each.text)
        parts.append(claim.speaker.office)
    said = mask_persons(" · ".join(dict.fromkeys(part for part in parts if part)))
    names = [name if not find_persons(name) else mask_persons(name) for name in (record.id, record.incident) if name]
    return " · ".join([*names, said] if said else names)


def wording_of_document(text: str) -> str:
    """Return the text of a document that may be shown in a hit."""
    return mask_persons(text)


def words_of(wording: str) -> str:
    """Return the words to be indexed: each once, between single spaces, with a space at both ends."""
    kept: dict[str, None] = {}
    size = 0
    for word in _words(wording):
        if word not in kept:
            size += len(word.encode()) + 1
            if size > MOST:
                break
            kept[word] = None
    return f" {' '.join(kept)} " if kept else ""


def hit(wording: str, query: Query) -> list[Piece]:
    """Return the stretch around the first word that was asked for, with every such word in it marked."""
    plain = _spaced(wording[:_LOOKED_AT])
    folded = fold(plain)
    found = [folded.origin(word.start(), word.end()) for word in _WORD.finditer(folded.text) if query.fits(word.group()[:LONGEST])]
    start = max(found[0][0] - _AROUND // 2, 0) if found else 0
    end = min(start + 2 * _AROUND, len(plain))
    if start and (space := plain.find(" ", start - 1, found[0][0])) >= 0:
        start = space + 1  # no half words at the ends, where there is a space to cut at
    if end < len(plain) and (space := plain.rfind(" ", max(start, found[-1][1] if found and found[-1][1] <= end else start), end + 1)) > start:
        end = space
    pieces, here = [Piece("…")] if start else [], start
    for first, last in found:
        if first >= here and last <= end:
            pieces += [Piece(plain[here:first]), Piece(plain[first:last], marked=True)]
            here = last
    pieces += [Piece(plain[here:end]), Piece("…" if end < len(plain) else "")]
    return [piece for piece in pieces if piece.text]


def _words(text: str) -> list[str]:
    return [word[:LONGEST] for word in _WORD.findall(fold(unicodedata.normalize("NFKC", text)).text)]


def _spaced(text: str) -> str:
    return " ".join(text.split())

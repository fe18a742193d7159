# SPDX-License-Identifier: Apache-2.0
"""A copy of a text that is fit for matching, and the way back to the text as received.

- The text itself is never changed: folding makes a copy, and every position in the copy maps to a code point of the
  original, so that spans hold on the text as received.
- Folded are: letter case; Arabic ي ك ة and Urdu ہ ھ to one form; hamza carriers; vowel signs and tatweel (dropped);
  zero-width non-joiner, non-breaking and repeated white space (one space); Persian and Arabic digits; typographic
  quotes and dashes; Latin diacritics.
- It does not tokenise words by meaning; see `lexicon`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_DROP: Final = "\x00"
_UNTIDY: Final = re.compile(r"\x00++|\s\s++|[^\S ]")
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


def _table() -> dict[int, str]:
    table = {ord(key): value for key, value in zip("يىئۓےكةہھۀۂۃەۃآأإٱؤ", "ییییےکههههههههااااو", strict=True)}
    for zero in (0x0660, 0x06F0):
        table |= {zero + digit: str(digit) for digit in range(10)}
    table |= {ord("٫"): ".", ord("٬"): ",", ord("،"): ",", ord("؛"): ";", ord("İ"): "i", ord("\x00"): " "}
    table |= dict.fromkeys(map(ord, "‘’ʼ´`‛"), "'") | dict.fromkeys(map(ord, "“”„«»″"), '"')
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys((0x200C, 0x00A0, 0x202F), " ")
    dropped = [*range(0x064B, 0x0660), 0x0670, 0x0640, *range(0x0610, 0x061B), *range(0x0300, 0x0370)]
    dropped += [0x00AD, 0x200B, 0x200D, 0x200E, 0x200F, 0x061C, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF]
    dropped += range(0x202A, 0x202F)
    table |= dict.fromkeys(dropped, _DROP)
    for point in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(point))[0].lower()
        if point not in table and base.isascii() and base.isalpha():
            table[point] = base
    return table


_FOLDS: Final = _table()


class Folded(NamedTuple):
    """The folded copy and, for each of its characters, the position in the original (None: they are the same)."""

    text: str
    places: list[int] | None
    offset: int

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span in the original of the half-open span `start`..`end` of the copy."""
        if end <= start:
            position = self.offset + (start if self.places is None else self.places[start])
            return position, position
        if self.places is None:
            return self.offset + start, self.offset + end
        return self.offset + self.places[start], self.offset + self.places[end - 1] + 1


class Word(NamedTuple):
    """A word or a number of the folded copy."""

    text: str
    start: int
    end: int


def fold(text: str, offset: int = 0) -> Folded:
    """Return the folded copy of `text`, whose first character stands at `offset` of the document."""
    plain = text.translate(_FOLDS).lower()
    if len(plain) != len(text):  # a letter whose lower case is longer: fold it one by one
        plain = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text.translate(_FOLDS))
    if not _UNTIDY.search(plain):
        return Folded(plain, None, offset)
    letters: list[str] = []
    places: list[int] = []
    spaced = False
    for position, letter in enumerate(plain):
        blank = letter.isspace()
        if letter == _DROP or (blank and spaced):
            continue
        spaced = blank
        letters.append(" " if blank else letter)
        places.append(position)
    return Folded("".join(letters), places, offset)


def words_of(folded: str) -> list[Word]:
    """Return the words and numbers of a folded text in order; punctuation separates them and is left out."""
    return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(folded)]


def fold_phrase(phrase: str) -> tuple[str, ...]:
    """Return the folded words of a lexicon phrase; a star at the end of a word stays ("guard*")."""
    folded = fold(phrase).text
    return tuple(re.findall(r"[^\W\d_]+\*?|\d+", folded))

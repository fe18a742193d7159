# SPDX-License-Identifier: Apache-2.0
"""The tear-line: which claims stay at home, and what else would tell them (F12)."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.facts.claims import Claim
from hamsaya.facts.folding import fold, words_of
from hamsaya.facts.values import Coded, Count, Depth, Place, Value, Words

_TELLING: Final = 3
"""Letters from which on the words of a withheld value are searched for in what leaves."""
_TWO_DIGITS: Final = 10


class Torn:
    """The claims above the tear-line, and whether a text would tell one of them."""

    def __init__(self, claims: list[Claim], fields: set[str]) -> None:
        """Tear off the claims whose predicate is in `fields`, and the statements that would tell one of them."""
        self._fields = fields
        above = [claim for claim in claims if claim.predicate in fields]
        self._sentences = {sentence_at(claim) for claim in above if claim.span}
        self._words = {words for claim in above for words in _words_of(claim)}
        self._numbers = {number for claim in above for number in _numbers_of(claim.value)}
        tells = [
            claim for claim in claims if isinstance(claim.value, Words) and (sentence_at(claim) in self._sentences or self.told_in(claim.value.text))
        ]
        self.ids = {claim.id for claim in [*above, *tells]}

    def lets(self, predicate: str) -> bool:
        """Say whether a field stands below the tear-line."""
        return predicate not in self._fields

    def told_in(self, text: str) -> bool:
        """Say whether `text` holds the words of a withheld value, in whatever spelling, or its number in whatever digits."""
        if not (self._words or self._numbers):  # nothing of this record stands above the line
            return False
        spellings = _spellings(text)
        told = any(words in spelling for words in self._words for spelling in spellings)
        return told or (bool(self._numbers) and any(word.text.replace(",", "") in self._numbers for word in words_of(spellings[0])))

    def silence(self, claim: Claim) -> Claim:
        """Return the claim without own words that would tell a torn one."""
        if self.told_in(claim.hedge_words) or self.told_in(claim.speaker.office):
            speaker = msgspec.structs.replace(claim.speaker, office="") if self.told_in(claim.speaker.office) else claim.speaker
            claim = msgspec.structs.replace(claim, hedge_words="", speaker=speaker)
        about = claim.about and self.silence_value(claim.about, claim)
        return msgspec.structs.replace(claim, about=about) if isinstance(about, Coded) else claim

    def silence_value(self, value: Value, claim: Claim) -> Value:
        """Return the value without words that stand in the same sentence as a torn one, or that hold its words."""
        if isinstance(value, Place) and self.told_in(value.district):
            value = msgspec.structs.replace(value, district="")
        if isinstance(value, Words) or not (sentence_at(claim) in self._sentences or self.told_in(value.words)):
            return value
        return msgspec.structs.replace(value, words="")


def _words_of(claim: Claim) -> set[str]:
    """Return the words by which a claim's value could be told: its own, the name of its place, and of whom a number is."""
    value = claim.value
    told = [value.text if isinstance(value, Words) else value.words]
    told += [value.name, value.district] if isinstance(value, Place) else []
    told += [claim.about.words] if claim.about else []
    return {spelling for words in told for spelling in _spellings(words.strip()) if len(spelling) >= _TELLING}


def _spellings(text: str) -> tuple[str, str]:
    """Return the text as it is searched: with one form of each letter, sign and space, and in one case alone, where a letter has no other form."""
    return fold(text).text, text.casefold()


def _numbers_of(value: Value) -> set[str]:
    """Return the ends of a number or a distance, where they have two digits or more: one digit alone would be found in everything."""
    if isinstance(value, Count):
        ends = (value.low, value.high)
    elif isinstance(value, Depth):
        ends = (value.low_m, value.high_m)
    else:
        return set()
    return {str(end) for end in ends if end is not None and end >= _TWO_DIGITS}


def sentence_at(claim: Claim) -> tuple[str, int]:
    """Return which sentence a claim rests on; one without a span rests on one of its own."""
    return (claim.span.document, claim.span.sentence_start) if claim.span else (claim.id, -1)

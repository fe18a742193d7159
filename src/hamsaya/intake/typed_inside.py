# SPDX-License-Identifier: Apache-2.0
"""How far inside a country an officer types that it was: a number, a unit of length, a word that says inside, a country, in any order.

What is left of the text names the place. The country stays with the distance; a text without all four says nothing of it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from hamsaya.facts.folding import fold
from hamsaya.facts.values import Depth
from hamsaya.facts.words import LANGUAGES
from hamsaya.intake.lexicon import lexicon_for, read_data
from hamsaya.intake.typed_words import countries

_NUMBER: Final = r"(?<![\w.])(?P<low>\d{1,4}(?:\.\d{1,3})?)(?: ?(?:-|–|to) ?(?P<high>\d{1,4}(?:\.\d{1,3})?))?"


class Inside(NamedTuple):
    """What was told, and the rest of the text."""

    depth: Depth
    rest: str


def read_inside(folded: str) -> Inside | None:
    """Return how far inside which country the folded text says that it was, or None where it does not."""
    distance = re.search(rf"{_NUMBER} ?(?P<unit>{_either(tuple(_units()))})(?!\w)", folded)
    if distance is None:
        return None
    rest = f"{folded[: distance.start()]} {folded[distance.end() :]}"
    inside = re.search(rf"(?<!\w)(?:{_either(_words())})(?!\w)", rest)
    if inside is None:
        return None
    words = f"{rest[: inside.start()]} {rest[inside.end() :]}".replace(",", " ").replace("،", " ").split()
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            country = countries().get(tuple(words[at : at + size]), "")
            if country:
                unit = _units()[distance["unit"]]
                low, high = round(float(distance["low"]) * unit), round(float(distance["high"] or distance["low"]) * unit)
                left = " ".join(words[:at] + words[at + size :])
                return Inside(Depth(low_m=min(low, high), high_m=max(low, high), territory=country), left)
    return None


@cache
def _units() -> dict[str, int]:
    tables = (lexicon_for(language).table("distance") for language in LANGUAGES)
    return {fold(phrase).text: int(metres) for table in tables for metres, phrases in table.items() for phrase in phrases}


@cache
def _words() -> tuple[str, ...]:
    return tuple(fold(phrase).text for phrase in read_data("typed.toml")["place"]["inside"])


def _either(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))

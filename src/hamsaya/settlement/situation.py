# SPDX-License-Identifier: Apache-2.0
"""A situation report: sentences, each with the records that it rests on, and who says so. Pure.

A sentence names its records at its end, in square brackets, in every language alike: so the link leaves with the words, and nobody can tell one
without the other. Whose word it is stands in the claim that it becomes: of this office, of a side as it was signed, or as it is reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.values import Words
from hamsaya.facts.words import Language

Voice = Literal["own", "signed", "attributed"]
MAX_SENTENCES: Final = 200
_NAMES: Final = re.compile(r"\[([A-Z0-9][A-Z0-9-]{0,63}(?:, [A-Z0-9][A-Z0-9-]{0,63})*)\]\s*$")


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, without the names of its records."""

    text: str
    records: list[str]
    voice: Voice = "own"
    side: str = ""
    """The state that says so, where that is another's word."""
    grade: str = "F6"


def cited(sentence: Sentence) -> str:
    """Return the sentence with the names of its records at its end."""
    return f"{sentence.text} [{', '.join(sentence.records)}]"


def records_in(text: str) -> list[str]:
    """Return the names of the records that a sentence of a situation report ends with; empty for any other text."""
    found = _NAMES.search(text)
    return found[1].split(", ") if found else []


def claims_of(sentences: Sequence[Sentence], language: Language) -> list[Claim]:
    """Return the claims of the record that holds these sentences."""
    return [
        Claim(
            id=f"s{number}", predicate="statement", value=Words(text=cited(each), language=language), grade=each.grade,
            speaker=Speaker(kind="own") if each.voice == "own" else Speaker(kind="side", side=each.side),
            hedge="reported" if each.voice == "attributed" else "",
        )
        for number, each in enumerate(sentences, 1)
    ]  # fmt: skip

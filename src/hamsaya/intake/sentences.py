# SPDX-License-Identifier: Apache-2.0
"""Where sentences begin and end, in code points of the text as received.

- A sentence ends at . ! ? … ؟ ۔ before white space, or at the end of its block. Abbreviations, initials and decimal
  numbers do not end one, nor does a stop before a small letter.
- A sentence is at most `LONGEST` code points long; a longer one is cut at white space, or hard where there is none.
- Linear: each stop is looked at once. It does not decide what may be a claim; see `exclusion`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

LONGEST: Final = 2_000
_STOP: Final = re.compile(r"(?<![.!?؟…])[.!?؟…]++[\"'”’»)\]]*+(?=\s|\Z)|(?<!\d)۔[\"'”’»)\]]*+|۔[\"'”’»)\]]*+(?!\d)")
_BEFORE: Final = re.compile(r"[\w.]+\Z")


class Abbreviations(NamedTuple):
    """Words whose stop does not end a sentence: anywhere, or before a number only ("No. 5")."""

    anywhere: frozenset[str] = frozenset()
    before_number: frozenset[str] = frozenset()


def split_sentences(text: str, start: int, end: int, abbreviations: Abbreviations) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of the sentences in `text[start:end]`, without white space at their ends."""
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() <= begin or _goes_on(text, stop, end, abbreviations):
            continue
        yield from _cut(text, begin, stop.end())
        begin = stop.end()
    yield from _cut(text, begin, end)


def _goes_on(text: str, stop: re.Match[str], end: int, abbreviations: Abbreviations) -> bool:
    """Say whether the sentence goes on behind this stop."""
    if not stop.group().startswith(".") or len(stop.group()) > 1:
        return False
    before = _BEFORE.search(text, max(0, stop.start() - 16), stop.start())
    word = before.group() if before else ""
    if word.lower() in abbreviations.anywhere or (len(word) == 1 and word.isalpha() and word.isupper()):
        return True
    after = text[stop.end() : min(end, stop.end() + 3)].lstrip()
    if word.lower() in abbreviations.before_number and after[:1].isdigit():
        return True
    return after[:1].islower() and after[:1].isascii()


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        at = max(text.rfind(" ", start, start + LONGEST), text.rfind("\n", start, start + LONGEST))
        at = at if at > start else start + LONGEST
        yield start, at
        start = at
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end

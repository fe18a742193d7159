# SPDX-License-Identifier: Apache-2.0
"""Which words mean what: the lexicon of one language, and the items that a sentence is made of.

- Words are data (`data/en.toml`, `fa.toml`, `ur.toml`); this module holds no word of any language and no country.
- The longest phrase wins; the first table of `_TABLES` wins among equals.
- Every item bears a one-letter kind, so that a sentence also reads as a string of letters, on which the shapes of
  `[grammar]` are matched. Matching is one pass over the words: linear in the length of the sentence.
- It does not decide what an item means in its sentence; see `mentions` and `incidents`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from hamsaya.facts.folding import Word, fold_phrase

# table of the lexicon -> the letter of its items; earlier tables win among phrases of equal length
_TABLES: Final[dict[str, str]] = {
    "casualty": "k",
    "casualty_noun": "K",
    "action": "x",
    "complaint": "c",
    "warning": "Q",
    "demand": "g",
    "decision": "g",
    "exercise": "M",
    "commitment": "q",
    "office": "O",
    "rank": "R",
    "body": "B",
    "group": "G",
    "unit": "U",
    "means": "E",
    "property": "y",
    "hedge": "z",
    "speech": "s",
    "meeting": "m",
    "decide": "j",
    "damage": "v",
    "distance": "l",
    "duration": "D",
    "place_word": "w",
    "mark_place": "W",
    "adjective": "A",
}
_MARKS: Final[dict[str, str]] = {
    "sources": "S", "agent": "b", "object": "r", "toward": "o", "near": "n", "inside": "i", "in": "h", "border": "Z",
    "irrealis": "F", "future": "F", "negation": "!", "bound_negation": "~", "none": "0", "without": "%",
    "passive": "p", "own": "t", "they": "T", "of": "f",
    "article": "e", "and": "&", "territory": "Y", "later": "a", "held_meeting": "m",
}  # fmt: skip
_LONGEST_STEM: Final = 24


class Item(NamedTuple):
    """A known word or phrase of a sentence, with its place in the folded copy (half-open)."""

    kind: str
    code: str
    start: int
    end: int
    country: str = ""
    low: int = 0
    high: int | None = None
    readings: tuple[tuple[str, str, str], ...] = ()
    """Every (kind, code, country) that the words may be read as, the item's own first."""

    def has(self, kind: str) -> bool:
        """Say whether the words may be read as `kind`."""
        return self.kind == kind or any(reading[0] == kind for reading in self.readings)

    def code_of(self, kind: str) -> str:
        """Return the code that the words have when read as `kind`, empty where they cannot be."""
        if self.kind == kind:
            return self.code
        return next((code for letter, code, _ in self.readings if letter == kind), "")


class Entry(NamedTuple):
    """What a phrase of the lexicon stands for; `kinds` has every letter that it may be read as, best first."""

    kinds: tuple[tuple[str, str, str], ...]
    low: int = 0
    high: int | None = None


class Lexicon(NamedTuple):
    """One language's words, compiled."""

    language: str
    words: dict[str, list[tuple[tuple[str, ...], Entry]]]
    stems: dict[str, list[tuple[tuple[str, ...], Entry]]]
    tables: dict[str, Any]
    mention: re.Pattern[str]
    verb_final: bool

    def table(self, name: str) -> dict[str, list[str]]:
        """Return one table of the language's file as written."""
        return dict(self.tables.get(name, {}))


@cache
def lexicon_for(language: str) -> Lexicon:
    """Return the compiled lexicon of `language` ("en", "fa" or "ur")."""
    tables = read_data(f"{language}.toml")
    entries: dict[tuple[str, ...], Entry] = {}
    for phrase, entry in _entries(tables):
        known = entries.get(phrase)
        entries[phrase] = entry if known is None else known._replace(kinds=known.kinds + entry.kinds)
    words: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    stems: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for phrase, entry in sorted(entries.items(), key=lambda pair: (-len(pair[0]), pair[0])):
        if phrase[0].endswith("*"):
            stems.setdefault(phrase[0][:-1], []).append((phrase, entry))
        else:
            words.setdefault(phrase[0], []).append((phrase, entry))
    grammar = tables["grammar"]
    return Lexicon(language, words, stems, tables, re.compile(grammar["mention"]), bool(grammar["verb_final"]))


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return a data file of this room, parsed. The files are part of the package."""
    return tomllib.loads(resources.files("hamsaya.intake").joinpath("data", name).read_text(encoding="utf-8"))


def phrase_at(lexicon: Lexicon, words: list[Word], index: int) -> tuple[int, Entry] | None:
    """Return the longest phrase of the lexicon that begins at word `index`, with its length in words, or None."""
    best: tuple[int, Entry] | None = None
    first = words[index].text
    candidates = list(lexicon.words.get(first, ()))
    for length in range(3, min(len(first), _LONGEST_STEM) + 1):
        candidates += lexicon.stems.get(first[:length], ())
    for phrase, entry in candidates:
        if best is not None and len(phrase) <= best[0]:
            continue
        if len(phrase) <= len(words) - index and all(_fits(pattern, words[index + step].text) for step, pattern in enumerate(phrase)):
            best = len(phrase), entry
    return best


def _fits(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def _entries(tables: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Entry]]:
    for table, letter in _TABLES.items():
        for code, phrases in tables.get(table, {}).items():
            for phrase in phrases:
                yield fold_phrase(phrase), Entry(((letter, f"{table}.{code}", ""),))
        if table == "body":
            yield from _groups_of_one_country(tables)
    for country, phrases in tables["country"].items():
        for phrase in phrases:
            yield fold_phrase(phrase), Entry((("C", country, country),))
    for name, letter in _MARKS.items():
        for phrase in tables["mark"].get(name, ()):
            yield fold_phrase(phrase), Entry(((letter, name, ""),))
    yield from _numbers(tables)


def _groups_of_one_country(tables: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Entry]]:
    for table in [name for name in tables if name == "group_of"]:
        for country, groups in tables[table].items():
            for code, phrases in groups.items():
                for phrase in phrases:
                    yield fold_phrase(phrase), Entry((("G", f"group.{code}", country),))


def _numbers(tables: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Entry]]:
    for value, phrases in tables["number"].items():
        for phrase in phrases:
            yield fold_phrase(phrase), Entry((("N", "number", ""),), int(value), int(value))
    for bounds, phrases in tables["vague"].items():
        low, _, high = bounds.partition("-")
        for phrase in phrases:
            yield fold_phrase(phrase), Entry((("N", "vague", ""),), int(low), int(high) if high else None)
    for table, letter in (("approx", "X"), ("approx_after", "X"), ("range", "-")):
        for code, phrases in tables[table].items():
            for phrase in phrases:
                yield fold_phrase(phrase), Entry(((letter, f"{table}.{code}", ""),))

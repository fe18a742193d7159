# SPDX-License-Identifier: Apache-2.0
"""Which words a reader gets for a message of the house.

- The English sentence is its own translation, and stands in for one that is missing.
- Blanks are filled after the sentence is translated.
- A blank whose value is itself a message (a role, a kind of record), or a comma list of such, is translated too.
- In Persian and Urdu a blank that is an ISO date, such a date with a time in UTC, or a number prints in the reader's
  calendar and digits, but never what somebody typed (the blank `came`).
- In a blank named `country` or `other_country` the two letters of a state print as its name.

Reads the .po files as they are: no compiled catalogue that could be older than its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.messages.pofile import read_po

from hamsaya.facts.words import Text
from hamsaya.tongues.days import show_day
from hamsaya.tongues.numbers import in_digits

LOCALE: Final = Path(__file__).parent / "locale"
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UTC_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC", re.ASCII)
_ALPHA2: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_STATES: Final = ("country", "other_country")
"""The blanks of which two capital letters are a state (ISO 3166-1)."""
_NUMBER: Final = re.compile(r"\d{1,18}", re.ASCII)
_COMMA: Final = {"fa": "، ", "ur": "، "}

Wrap = Callable[[str], str]
"""What is done to each part before it is joined, such as escaping it for HTML."""


def po_path(language: str) -> Path:
    """Return the catalogue file of `language`."""
    return LOCALE / language / "LC_MESSAGES" / "hamsaya.po"


@lru_cache(maxsize=8)
def catalogue(language: str) -> Mapping[str, str]:
    """Return the translations into `language` by English message; empty for English and for an unknown language."""
    if language not in _COMMA:
        return {}
    try:
        with po_path(language).open("rb") as file:
            found = read_po(file, locale=language)
    except FileNotFoundError:
        return {}
    return {message.id: message.string for message in found if isinstance(message.id, str) and isinstance(message.string, str) and message.string}


_PARTIES: Final = frozenset({"party", "neighbour", "receiver", "sender", "originator", "asker", "giver"})
_NAMES: Final = _PARTIES | {"login", "office"}
"""Blanks that hold a name: a party called “west” is no direction, and one called “police” no kind of group."""
_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


def translate(
    text: Text | str, language: str, *, wrap_text: Wrap | None = None, wrap_blank: Wrap | None = None, names: Mapping[str, str] = _NOBODY
) -> str:
    """Return `text` in `language`, its blanks filled.

    A plain string is taken as a message without blanks. `wrap_text` is applied to the sentence before its blanks are
    filled and `wrap_blank` to each blank's value, so that a page can escape both and isolate the second. `names` says what
    parties are called, by their short names; a sentence with a command in it keeps the short ones, which are what is to be typed.
    """
    if isinstance(text, str):
        text = Text(text)
    known = catalogue(language)
    sentence = known.get(text.message, text.message)
    if wrap_text is not None:
        sentence = wrap_text(sentence)
    if not text.blanks:
        return sentence if "{" not in sentence and "}" not in sentence else _fill(sentence, {})
    called = _NOBODY if "`" in text.message else names
    blanks = {name: _blank(name, value, known, language, called) for name, value in text.blanks.items()}
    if wrap_blank is not None:
        blanks = {name: wrap_blank(value) for name, value in blanks.items()}
    return _fill(sentence, blanks)


def _fill(sentence: str, blanks: Mapping[str, str]) -> str:
    """Fill the blanks; a sentence that came from elsewhere and cannot be filled is shown as it is."""
    try:
        return sentence.format_map(blanks)
    except (KeyError, ValueError, IndexError, AttributeError):
        return sentence


def _blank(name: str, value: str | Text, known: Mapping[str, str], language: str, called: Mapping[str, str]) -> str:
    if isinstance(value, Text):
        return translate(value, language, names=called)
    if name in _NAMES and not _NUMBER.fullmatch(value):
        return called.get(value, value) if name in _PARTIES else value
    if value in known:
        return known[value]
    if name == "came":
        return value
    if _ISO_DAY.fullmatch(value):
        return show_day(value, language)
    if at := _UTC_TIME.fullmatch(value):
        return f"{show_day(at[1], language)}{',' if language == 'en' else '،'} {in_digits(at[2], language)} UTC"
    if name in _STATES and _ALPHA2.fullmatch(value):
        return str(Locale(language).territories.get(value, value))
    if language == "en":
        return value
    if _NUMBER.fullmatch(value):
        return in_digits(value, language)
    parts = value.split(", ")
    if len(parts) > 1 and all(part in known for part in parts):
        return _COMMA[language].join(known[part] for part in parts)
    return value

# SPDX-License-Identifier: Apache-2.0
"""What a short typed field says of how many, and which neutral code its words mean.

- A count is read as in a document ("10-12", "about 20", "several"), and as officers shorten it: `20+`, `~20`, `<20`.
- A code is the label of the code in any of the three languages, or its own name; else a word that officers type
  (`data/typed.toml`); else what the lexicon of documents finds. What none of them knows is `other`, beside the words.
- The words stay as typed, beside the code (law 6).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from hamsaya.desk.dictation import CountRead
from hamsaya.facts.claims import CODES, GROUP_CODES
from hamsaya.facts.errors import InputError
from hamsaya.facts.folding import fold, fold_phrase, words_of
from hamsaya.facts.values import Coded, Count
from hamsaya.facts.words import LANGUAGES, say
from hamsaya.intake.lexicon import read_data
from hamsaya.intake.scanning import Mention, Scan, scan
from hamsaya.tongues import show_country, translate

_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_URDU: Final = re.compile("[ٹڈڑںےۓھہۂۃ]")
_OPEN: Final = re.compile(r"^(\d[\d,]{0,9}) ?\+")
_SIGNS: Final = ((re.compile(r"^[~≈] ?"), "about "), (re.compile(r"^(?:>=|≥) ?"), "at least "), (re.compile(r"^> ?"), "more than "),
                 (re.compile(r"^(?:<=|≤) ?"), "up to "), (re.compile(r"^< ?"), "fewer than "))  # fmt: skip
_NEGATIVE: Final = re.compile(r"(?:[-–−]|minus\b|منفی|منهای) ?\w")
_FRACTION: Final = re.compile(r"\d[.٫]\d")
_UNIT_AT_NUMBER: Final = re.compile(r"(\d)(?=[^\W\d])")
_LETTERS: Final = {"x": "x", "E": "means", "y": "means"}


def language_of_typed(text: str) -> str:
    """Return `ur`, `fa` or `en` by the letters of a short text; Persian where Arabic letters do not tell."""
    if _ARABIC.search(text):
        return "ur" if _URDU.search(text) else "fa"
    return "en"


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages in which the text is tried, the likeliest first: neighbours mix them."""
    if not _ARABIC.search(text):
        return ("en",)
    return ("ur", "fa") if _URDU.search(text) else ("fa", "ur")


def read_count(text: str) -> CountRead:
    """Return how many, and the group beside the number. Raises `InputError` where no number is told."""
    folded = fold(text).text.strip()
    if _NEGATIVE.match(folded):
        raise InputError(say("A number of people or things cannot be below 0; this came: {came}", came=text[:60]))
    if _FRACTION.search(folded):
        raise InputError(say("A whole number is expected; this came: {came}", came=text[:60]))
    opened = _OPEN.match(folded)
    if opened:
        folded = f"at least {opened[1]} {folded[opened.end() :]}"
    for sign, words in _SIGNS:
        folded = sign.sub(words, folded)
    latin = folded[:1].isascii() and folded[:1].isalpha()
    found = [read for language in (("en",) if latin else (*languages_of(text), "en")) if (read := _count_in(folded, language, text))]
    ranges = [read for read in found if read.count.low != read.count.high]  # what one language takes for a bare number may be "at least" in another
    if found:
        return (ranges or found)[0]
    raise InputError(
        say("No number can be read here: {came}", came=text[:60]),
        say("Write a number or a range, such as 12, 10-12, about 20, several; leave it empty where it is not known."),
    )


def _count_in(folded: str, language: str, text: str) -> CountRead | None:
    scanned = _scanned(folded, language)
    number = next((item for item in scanned.items if item.kind == "N"), None)
    if number is None:
        return None
    words = "" if folded == str(number.low) == str(number.high) else text
    group = _group(scanned, GROUP_CODES) or next((hit for other in languages_of(text) if (hit := _group(_scanned(folded, other), GROUP_CODES))), None)
    return CountRead(count=Count(low=number.low, high=number.high, words=words), group=group)


def read_coded(text: str, codes: Sequence[str]) -> Coded:
    """Return the code beside the words; `unknown_group` for a group, `other` for anything else that nobody knows."""
    folded = " ".join(fold_phrase(text))
    label = _labels().get(folded)
    if label in codes and label is not None:
        return Coded(code=label)
    groups = "border_guard" in codes
    if groups:
        for language in languages_of(text):
            found = _group(_scanned(text, language), codes)
            if found is not None and found.code != "unknown_group":
                return Coded(code=found.code, words=text, country=found.country)
    known = _typed_code(folded, codes, _table_of(codes))
    owned = groups or _table_of(codes) == "fact"
    if known:
        return Coded(code=known, words=text, country=_country(folded) if owned else "")
    if not groups:
        for language in languages_of(text):
            for item in _scanned(text, language).items:
                for kind, code, _ in item.readings or ((item.kind, item.code, item.country),):
                    tail = code.partition(".")[2]
                    if kind in _LETTERS and tail in codes and tail != "other":
                        return Coded(code=tail, words=text)
    return Coded(code="unknown_group" if groups else "other", words=text, country=_country(folded) if groups else "")


def _table_of(codes: Sequence[str]) -> str:
    """Return the table of typed words in which such codes are looked for."""
    return next((table for code, table in (("border_guard", "group"), ("crossing", "action"), ("small_arms", "means")) if code in codes), "fact")


def _group(scanned: Scan, codes: Sequence[str]) -> Coded | None:
    named = [mention for mention in scanned.mentions if mention.code in codes]
    best: Mention | None = next((mention for mention in named if mention.code != "unknown_group"), named[0] if named else None)
    if best is None:
        return None
    country = best.country or next((item.country for item in scanned.items if item.kind == "C"), "")
    return Coded(code=best.code, country=country)


def _scanned(text: str, language: str) -> Scan:
    return scan(text, 0, len(text), (0, len(text)), language)


def _typed_code(folded: str, codes: Sequence[str], table: str) -> str:
    words = [word.text for word in words_of(folded)]
    best = (0, "")
    for code, phrases in _typed(table).items():
        for phrase in phrases if code in codes else ():
            if len(phrase) > best[0] and any(tuple(words[at : at + len(phrase)]) == phrase for at in range(len(words))):
                best = (len(phrase), code)
    return best[1]


def _country(folded: str) -> str:
    words = [word.text for word in words_of(folded)]
    return next((code for phrase, code in _countries().items() if any(tuple(words[at : at + len(phrase)]) == phrase for at in range(len(words)))), "")


@cache
def _typed(table: str) -> dict[str, list[tuple[str, ...]]]:
    return {code: [fold_phrase(phrase) for phrase in phrases] for code, phrases in read_data("typed.toml")[table].items()}


@cache
def _labels() -> dict[str, str]:
    """Return the code of each label, in the three languages, and of the code's own name."""
    labels: dict[str, str] = {}
    for code, label in CODES.items():
        for words in (code.replace("_", " "), *(translate(label, language) for language in LANGUAGES)):
            labels.setdefault(" ".join(fold_phrase(words)), code)
    return labels


@cache
def _countries() -> dict[tuple[str, ...], str]:
    """Return the countries of the gazetteer by name, in three languages."""
    codes = sorted({row["country"] for row in read_data("gazetteer.toml")["place"] if row["country"]})
    return {fold_phrase(show_country(code, language)): code for code in codes for language in LANGUAGES}


def countries() -> dict[tuple[str, ...], str]:
    """Return the countries that may stand beside a place, by folded name."""
    return _countries()


def read_minutes(text: str) -> Count:
    """Return how long in minutes: "six hours", "20 min", "2-3 days". Raises `InputError` where no number or no unit is told."""
    folded = _UNIT_AT_NUMBER.sub(r"\1 ", fold(text).text.strip())
    units = {phrase: int(unit) for unit, phrases in read_data("typed.toml")["unit_of_time"].items() for phrase in map(fold_phrase, phrases)}
    unit = next((units[(word.text,)] for word in reversed(words_of(folded)) if (word.text,) in units), 0)
    if not unit:
        raise InputError(
            say("How long cannot be read here: {came}", came=text[:60]), say("Write a number with its unit, such as 20 min, six hours, 2-3 days.")
        )
    told = read_count(folded).count
    high = None if told.high is None else told.high * unit
    return Count(low=told.low * unit, high=high, words=text)

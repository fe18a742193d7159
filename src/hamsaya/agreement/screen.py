# SPDX-License-Identifier: Apache-2.0
"""The screen for data on persons in free text that is about to leave (law 11): patterns, three scripts.

It looks at a folded copy: compatibility forms, Arabic and Persian digits, invisible and reordering characters dropped, look-alike
letters of other scripts. What it finds and what it misses is measured: docs/explanation/screen.md. The patterns of names stand in
`agreement/screen_names.py`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

from hamsaya.agreement.screen_names import COMMON, MORE_EN, MORE_FA_UR, NAMED, WORD_FA_UR
from hamsaya.facts.words import Text, say

_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?:1[34]|19|20)\d\d"
_DATE: Final = re.compile(rf"(?<![\d+-])(?:\d{{4}}\s)?{_DAY}([-\s./]){_DAY}\1{_YEAR}(?:\s\d{{2}}:?\d{{2}})?(?!\d)")
"""A day, with a clock time before or after it: no telephone number, though it may begin with 0 and be as long as one."""
_POSITION: Final = re.compile(
    r"(?<![\w.-])\d{2,3}-\d{2}(?:[.-]\d{1,3})?\s?[NS]\W{0,5}\d{2,3}-\d{2}(?:[.-]\d{1,3})?\s?[EW]?(?!\w)"
    r"|(?<!\w)[NS]\s?\d{1,3}(?:\W{1,2}\d{2}){1,2}\W{1,3}[EW]\s?\d{1,3}(?:\W{1,2}\d{2}){1,2}(?!\d)"
    r"|(?<![\w.])[NSEW]\s?\d{4,9}(?:\.\d+)?\W{1,3}[NSEW]\s?\d{4,9}(?:\.\d+)?(?!\w)|(?<![\w.+])0?\d{2}\.\d{3,}(?:\s?°)?(?:\s?[NSEW])?(?!\w)"
)
"""A position at sea or in degrees: no number of anybody's."""
_MORE_DIGITS: Final = r"(?:[\s()/-]{0,2}\d)"
_CALL: Final = (
    r"(?:\b(?:tel|phone|telephone|mobile|mob|cell|whatsapp|fax|call(?:ed)?(?: him| her)? (?:on|at))\b"
    r"|تلفن|موبایل|شماره تماس|ٹیلی فون|فون نمبر|موبائل|واٹس ایپ)"
)
_PLATE: Final = r"(?:\b(?:number plate|plate|registration|reg\.? no|licen[cs]e plate|vehicle no)\b|پلاک|نمبر پلیٹ|رجسٹریشن نمبر|گاڑی نمبر)"
_BORN: Final = r"(?:\b(?:born (?:on|in)|date of birth|d\.?o\.?b\.?)(?!\w)|متولد|تاریخ تولد|تاریخ پیدائش|تاریخِ پیدائش)"
_NO_PLATE: Final = "BP|MI|AN|IL|AH|UH|CH|UN|TF|HQ|FC|AK|RPG|IMO|SU|PC|PN|NM|UTC|TLP|KM|NO|RES|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
"""What stands before a hyphen and three digits and is no vehicle: pillars, aircraft, weapons, units, resolutions."""
_OTHERS: Final[list[tuple[Text, re.Pattern[str]]]] = [
    (say("a national identity number"), re.compile(
        r"(?<![\d.])(?:\d{5}[-\s.]?\d{7}[-\s.]?\d|\d{3}-\d{6}-\d)(?![\d.]*\d)"
        r"|(?:کد ملی|شماره ملی|کدملی|شناختی کارڈ(?: نمبر)?|\b(?:national (?:code|id|identity)"
        r"|id card|cnic)\b)[^\d\n]{0,20}\d(?:[\s.-]?\d){8,12}",
        re.IGNORECASE)),
    (say("a passport number"), re.compile(
        r"\b(?![NSEW])[A-Z]\d{8}\b|\b[A-Z]{2}\d{7}\b|(?:\bpassport\b|گذرنامه|پاسپورت|پاسپورٹ)[^\d\n]{0,20}[A-Za-z]{0,2}[\s-]?\d{6,9}(?!\d)")),
    (say("a telephone number"), re.compile(
        rf"(?<![\d.,])(?:\(?(?:\+|00|0)\)?[\s(]?\d)(?:{_MORE_DIGITS}){{8,13}}(?!\d|\.\d)|(?<![\d.])(?:\+|0)\d{{1,3}}(?:\.\d{{2,4}}){{2,4}}(?!\d)"
        rf"|(?<!\d)(?:92|98)\d{{10}}(?!\d)|{_CALL}[^\d\n]{{0,15}}\d(?:[\s-]?\d){{4,13}}(?!\d)", re.IGNORECASE)),
    (say("an e-mail address"), re.compile(
        r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}\.[\w.-]{2,63}|[\w.+-]{1,64}\s?[\[(]\s?at\s?[\])]\s?[\w-]{1,63}", re.IGNORECASE)),
    (say("a name on a network"), re.compile(
        r"(?<![\w.@])@(?!\d)\w{4,}|\b(?:t\.me|wa\.me|telegram\.me|instagram\.com|facebook\.com|twitter\.com|x\.com)/\w+", re.IGNORECASE)),
    # BP-155 is a boundary pillar; "12 و 300" is "12 and 300", and a plate with that letter ends with the number of its region
    (say("a vehicle plate"), re.compile(
        rf"\b(?:(?!(?:{_NO_PLATE})-)[A-Z]{{2,3}}-\d{{3,4}}|\d{{2}}\s?(?:(?!و)[آ-غف-يپچژکگی]|الف)\s?\d{{3}}(?:\s?-?\s?\d{{2}})?|\d{{2}}\s?و\s?\d{{3}}\s?-?\s?\d{{2}}"
        rf"|\d{{2}}\s?[A-Z]\s?\d{{3}}\s?-?\s?(?:IR\s?)?\d{{2}})(?!\d)|{_PLATE}[^\d\n]{{0,15}}\d{{2,5}}(?!\d)")),
    (say("a date of birth"), re.compile(rf"{_BORN}[^\d\n…]{{0,15}}[\d…]", re.IGNORECASE)),
]  # fmt: skip


class _Looked(NamedTuple):
    """What is looked for, and what a text must hold for the pattern to fit: most texts need not be looked at further."""

    what: Text
    pattern: re.Pattern[str]
    digits: int = 0
    """How many digits."""
    signs: tuple[str, ...] = ()
    """One of these, where there are any."""
    words: frozenset[str] = frozenset()
    """One of these as a whole word, in capitals or not, where there are any."""


_NEEDS: Final[dict[str, tuple[int, tuple[str, ...]]]] = {
    "a national identity number": (9, ()), "a passport number": (6, ()), "a telephone number": (5, ()), "a vehicle plate": (2, ()),
    "an e-mail address": (0, ("@", "[", "(")), "a name on a network": (0, ("@", "/")),
}  # fmt: skip
_DAY_DIGITS: Final = 5
_ALL: Final = [
    *(_Looked(what, pattern, words=words, signs=("Abdol",) if "Abdol" in pattern.pattern and not words else ()) for what, pattern, words in NAMED),
    *(_Looked(what, pattern, *_NEEDS.get(str(what), ())) for what, pattern in _OTHERS),
]
_WITHOUT_FA_UR: Final = [each for each in _ALL if WORD_FA_UR not in each.pattern.pattern]
"""Those that can fit a text in which no word is Persian or Urdu."""
_WORD: Final = re.compile(r"\w+")
_SHORT: Final = 80
_FA_UR: Final = re.compile(WORD_FA_UR)
_DIGIT: Final = re.compile(r"\d")
_TEN_DIGITS: Final = re.compile(r"(?<![\d.+])\d{10}(?![\d]|\.\d)")
_IDENTITY: Final = _OTHERS[0][0]


def find_persons(*texts: str) -> list[Text]:
    """Return what in `texts` looks like data on a person, in words that do not repeat it; empty if nothing was found."""
    found: dict[str, Text] = {}
    for text in dict.fromkeys(texts):
        if text:
            found |= _found_before(text) if len(text) <= _SHORT else _found_in(text)
    return list(found.values())


def _found_in(text: str) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for folded in _folds(unicodedata.normalize("NFKC", text)):
        seen = _without_days(folded.text)
        found |= {str(each.what): each.what for each in _may_fit(seen) if each.pattern.search(seen)}
        if any(_is_iranian(number[0]) for number in _TEN_DIGITS.finditer(seen)):
            found[str(_IDENTITY)] = _IDENTITY
    return found


_found_before: Final = lru_cache(maxsize=256)(_found_in)
"""Offices, places and reasons say the same again and again."""


def _may_fit(seen: str) -> list[_Looked]:
    """Return what may be found in a folded text."""
    words, digits = set(_WORD.findall(seen.lower())), _digits_in(seen)
    return [
        each
        for each in (_WITHOUT_FA_UR if seen.isascii() or not _FA_UR.search(seen) else _ALL)
        if digits >= each.digits
        and (not each.words or not each.words.isdisjoint(words))
        and (not each.signs or any(sign in seen for sign in each.signs))
    ]


def _digits_in(seen: str) -> int:
    return sum(map(seen.count, "0123456789")) if seen.isascii() else len(_DIGIT.findall(seen))


def _is_iranian(number: str) -> bool:
    """Say whether ten digits bear the check digit of an Iranian identity number."""
    total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    return len(set(number)) > 1 and int(number[9]) == (total if total < 2 else 11 - total)


MASK: Final = "▮▮▮"


def mask_persons(text: str) -> str:
    """Return `text` (in compatibility form NFKC) with what `find_persons` finds in it masked, titles kept.

    The words of a name that was found after a title are masked wherever else they stand in the same text.
    """
    plain = unicodedata.normalize("NFKC", text)
    spans: list[tuple[int, int]] = []
    for folded in _folds(plain):
        spans += [folded.origin(start, end) for start, end in _spans(_without_days(folded.text))]
    return _masked(plain, sorted(spans))


def _spans(seen: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = [number.span() for number in _TEN_DIGITS.finditer(seen) if _is_iranian(number[0])]
    names: set[str] = set()
    for each in _may_fit(seen):
        for found in each.pattern.finditer(seen):
            start, end = found.span()
            if "name" in each.pattern.groupindex:
                start = found.start("name")
                more = (MORE_EN if found["name"].isascii() else MORE_FA_UR).match(seen, found.end())
                end = more.end() if more else end
                names |= {word for word in re.findall(r"[^\W\d_]{3,}", seen[start:end]) if word not in COMMON}
            spans.append((start, end))
    if names:
        again = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?!\w)")
        spans += [found.span() for found in again.finditer(seen)]
    return spans


def _without_days(folded: str) -> str:
    """Return the folded text without days and positions, as long as before."""
    if _digits_in(folded) < _DAY_DIGITS:
        return folded
    for pattern in (_DATE, _POSITION):
        folded = pattern.sub(lambda found: "…" * len(found[0]), folded)
    return folded


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    parts, here = [], 0
    for start, end in spans:
        if end > here:
            parts += [text[here:start] if start > here else "", MASK if start >= here else ""]
            here = end
    return "".join([*parts, text[here:]])


class _Folded(NamedTuple):
    """A folded copy, and where in the text before it characters were dropped."""

    text: str
    dropped: list[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the text before folding."""
        return start + bisect_right(self.dropped, start), end + bisect_right(self.dropped, end - 1)


_ZWNJ: Final = "\u200c"
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u0640\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0300-\u036f\u064b-\u0655\u0670\U000e0000-\U000e007f\ufe00-\ufe0f]"
)
"""What changes no word: joiners, directions, vowel signs, the lengthening stroke, soft hyphens, tags."""


def _table() -> dict[int, str]:
    table = {ord(key): value for key, value in zip("يىكأإ", "ییکاا", strict=True)}
    for zero in (0x0660, 0x06F0):
        table |= {zero + digit: str(digit) for digit in range(10)}
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    alike = {
        "АВЕКМНОРСТУХІЈ": "ABEKMHOPCTYXIJ", "авеёкмнорстухіјѕԁɡ": "abeekmhopctyxijsdg",
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ": "ABEZHIKMNOPTYX", "αονρτυ": "aovptu",
    }  # fmt: skip
    table |= {ord(key): value for ours, theirs in alike.items() for key, value in zip(ours, theirs, strict=True)}
    for point in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(point))[0]
        if base.isascii() and base.isalpha():
            table[point] = base
    return table


_FOLD: Final = _table()


def _folds(plain: str) -> list[_Folded]:
    """Return the folded copies to look at: with a zero-width non-joiner as the end of a word, and as nothing."""
    if plain.isascii():
        return [_Folded(plain, [])]
    translated = plain.translate(_FOLD)
    copies = [translated.replace(_ZWNJ, " "), translated] if _ZWNJ in translated else [translated]
    return [_dropped(copy) for copy in copies]


def _dropped(text: str) -> _Folded:
    gone = [found.start() for found in _UNSEEN.finditer(text)] if not text.isascii() else []
    if _ZWNJ in text:
        gone = sorted([*gone, *(place for place, letter in enumerate(text) if letter == _ZWNJ)])
    if not gone:
        return _Folded(text, [])
    kept = _UNSEEN.sub("", text).replace(_ZWNJ, "")
    return _Folded(kept, [place - number for number, place in enumerate(gone)])

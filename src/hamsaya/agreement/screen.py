# SPDX-License-Identifier: Apache-2.0
"""The screen for data on persons in free text that is about to leave (law 11). A first version: patterns, three scripts.

Finds: a title or honorific followed by a name, national identity numbers (IR 10 digits, PK 5-7-1), telephone numbers,
e-mail addresses, vehicle plates. Misses: a bare name without a title, a name split over lines, a misspelt title;
docs/explanation/weaknesses.md keeps that list.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hamsaya.facts.words import Text, say

_FOLD: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩يك", "01234567890123456789یک")
_TITLES_EN: Final = (
    r"(?:[Mm]r|[Mm]rs|[Mm]s|[Dd]r|Gen(?:eral)?|Maj(?:or)?|(?<!in )(?<!a )(?<!A )(?<!the )(?:gen(?:eral)?|maj(?:or)?)|[Cc]ol(?:onel)?|[Cc]apt(?:ain)?"
    r"|[Ll]t|[Ll]ieutenant|[Bb]rig(?:adier)?"
    r"|[Aa]dmiral|[Ss]gt|[Ss]ergeant|[Cc]onstable|[Ii]nspector|[Hh]aji|[Mm]ullah|[Mm]aulana|[Ss]ardar|[Mm]inister|[Ss]pokesman|[Ss]pokesperson)"
)
_TITLES_FA_UR: Final = (
    r"(?:آقای|خانم|دکتر|سردار|سرهنگ|سرتیپ|سرلشکر|ناخدا|دریادار|حاجی|ملا|جناب|مسٹر|محترمہ|ڈاکٹر|جنرل|میجر|کرنل|کیپٹن|بریگیڈیئر|مولانا|صوبیدار)"
)
# What follows a title in the name of an office or a place, not of a person: "Inspector General Frontier Corps".
_NO_NAME_EN: Final = (
    r"(?:of|General|Commander|Commanding|Admiral|Headquarters|Staff|Frontier|Border|Coast|Guards?|Corps|Police|Levies|Rangers|Customs|Maritime"
    r"|Security|Intelligence|Operations|Foreign|Interior|Defen[cs]e|Office|Ministry|Command|Army|Navy|Abad)\b"
)
_NO_NAME_FA_UR: Final = r"(?:آباد|فرنٹیئر|لیویز|پولیس|رینجرز|کسٹمز|کوسٹ|بارڈر|ہیڈ|ستاد)"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?:1[34]|19|20)\d\d"
_DATE: Final = re.compile(rf"(?<![\d+-])(?:\d{{4}}\s)?{_DAY}([-\s]){_DAY}\1{_YEAR}(?:\s\d{{2}}:?\d{{2}})?(?!\d)")
"""A day, with a clock time before or after it: no telephone number, though it may begin with 0 and be as long as one."""
_PATTERNS: Final[list[tuple[Text, re.Pattern[str]]]] = [
    (say("a title with a name"), re.compile(rf"\b{_TITLES_EN}\.?\s+(?!{_NO_NAME_EN})(?P<name>[A-Z][a-z]{{2,}})")),
    (say("a title with a name"), re.compile(rf"(?<!\w){_TITLES_FA_UR}\s+(?!{_NO_NAME_FA_UR})(?P<name>[آ-ی\u0679-\u06d2]{{3,}})")),
    (say("a national identity number"), re.compile(r"(?<!\d)(?:\d{5}-?\d{7}-?\d|\d{3}-?\d{6}-?\d)(?!\d)")),
    (say("a telephone number"), re.compile(r"(?<!\d)(?:\+|00|0)\d(?:[\s-]?\d){8,12}(?!\d)")),
    (say("an e-mail address"), re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")),
    # BP-155 is a boundary pillar; "12 و 300" is "12 and 300", and a plate with that letter ends with the number of its region
    (say("a vehicle plate"), re.compile(
        r"\b(?:(?!BP-)[A-Z]{2,3}-\d{3,4}|\d{2}\s?(?!و)[آ-ی]\s?\d{3}(?:\s?-?\s?\d{2})?|\d{2}\s?و\s?\d{3}\s?-?\s?\d{2})(?!\d)")),
]  # fmt: skip


def find_persons(*texts: str) -> list[Text]:
    """Return what in `texts` looks like data on a person, in words that do not repeat it; empty if nothing was found."""
    folded = [_DATE.sub(" … ", unicodedata.normalize("NFKC", text).translate(_FOLD)) for text in texts]
    found = {str(what): what for what, pattern in _PATTERNS if any(pattern.search(text) for text in folded)}
    return list(found.values())


MASK: Final = "▮▮▮"
_MORE_EN: Final = re.compile(rf"[\w'’-]*(?:[\s-]+(?:(?:bin|ibn|ul|al|ur|uz)[\s-]+)?(?!{_NO_NAME_EN})[A-Z][\w'’-]+){{0,4}}")
_NO_MORE: Final = (
    r"(?:از|در|به|را|که|و|با|بر|تا|برای|این|آن|است|بود|شد|گفت|کرد|نیز|هم|یک|پس|روز"
    r"|نے|کے|کا|کی|کو|سے|میں|پر|اور|ہے|تھا|بھی|تک|نہیں)(?!\w)"
)
_MORE_FA_UR: Final = re.compile(rf"[\u0621-\u06d5\u200c]*(?:\s+(?!{_NO_MORE})[\u0621-\u06d5\u200c]{{2,}}){{0,2}}")
"""What goes on behind the first word of a name: rather a word too many than one too few."""
_COMMON: Final = frozenset(["گفت", "کرد", "شده", "است", "بود", "نیز", "the", "and", "said"])


def mask_persons(text: str) -> str:
    """Return `text` (in compatibility form NFKC) with what `find_persons` finds in it masked, titles kept.

    The words of a name that was found after a title are masked wherever else they stand in the same text.
    """
    plain = unicodedata.normalize("NFKC", text)
    folded = _DATE.sub(lambda found: "…" * len(found[0]), plain.translate(_FOLD))  # as long as before: places are kept
    spans: list[tuple[int, int]] = []
    names: set[str] = set()
    for _, pattern in _PATTERNS:
        for found in pattern.finditer(folded):
            start, end = found.span()
            if "name" in pattern.groupindex:
                start = found.start("name")
                more = (_MORE_EN if found["name"].isascii() else _MORE_FA_UR).match(folded, found.end())
                end = more.end() if more else end
                names |= {word for word in re.findall(r"[^\W\d_]{3,}", folded[start:end]) if word not in _COMMON}
            spans.append((start, end))
    if names:
        again = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?!\w)")
        spans += [found.span() for found in again.finditer(folded)]
    return _masked(plain, sorted(spans))


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    parts, here = [], 0
    for start, end in spans:
        if end > here:
            parts += [text[here:start] if start > here else "", MASK if start >= here else ""]
            here = end
    return "".join([*parts, text[here:]])

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

_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_TITLES_EN: Final = (
    r"(?:[Mm]r|[Mm]rs|[Mm]s|[Dd]r|[Gg]en(?:eral)?|[Mm]aj(?:or)?|[Cc]ol(?:onel)?|[Cc]apt(?:ain)?|[Ll]t|[Ll]ieutenant|[Bb]rig(?:adier)?"
    r"|[Aa]dmiral|[Ss]gt|[Ss]ergeant|[Cc]onstable|[Ii]nspector|[Hh]aji|[Mm]ullah|[Mm]aulana|[Ss]ardar|[Mm]inister|[Ss]pokesman|[Ss]pokesperson)"
)
_PATTERNS: Final[list[tuple[Text, re.Pattern[str]]]] = [
    (say("a title with a name"), re.compile(rf"\b{_TITLES_EN}\.?\s+(?!General\b|Commander\b|Admiral\b|of\b)[A-Z][a-z]{{2,}}")),
    (say("a title with a name"), re.compile(
        r"(?:آقای|خانم|دکتر|سردار|سرهنگ|سرتیپ|سرلشکر|ناخدا|دریادار|حاجی|ملا|جناب|مسٹر|محترمہ|ڈاکٹر|جنرل|میجر|کرنل|کیپٹن|بریگیڈیئر|مولانا|صوبیدار)"
        r"\s+[آ-ی\u0679-\u06d2]{3,}")),
    (say("a national identity number"), re.compile(r"(?<!\d)(?:\d{5}-?\d{7}-?\d|\d{3}-?\d{6}-?\d)(?!\d)")),
    (say("a telephone number"), re.compile(r"(?<!\d)(?:\+|00|0)\d(?:[\s-]?\d){8,12}(?!\d)")),
    (say("an e-mail address"), re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")),
    (say("a vehicle plate"), re.compile(r"\b(?:[A-Z]{2,3}-\d{3,4}|\d{2}\s?[آ-ی]\s?\d{3}(?:\s?-?\s?\d{2})?)(?!\d)")),
]  # fmt: skip


def find_persons(*texts: str) -> list[Text]:
    """Return what in `texts` looks like data on a person, in words that do not repeat it; empty if nothing was found."""
    folded = [unicodedata.normalize("NFKC", text).translate(_DIGITS) for text in texts]
    found = {str(what): what for what, pattern in _PATTERNS if any(pattern.search(text) for text in folded)}
    return list(found.values())

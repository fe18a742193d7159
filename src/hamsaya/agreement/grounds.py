# SPDX-License-Identifier: Apache-2.0
"""The grounds on which cooperation is refused whatever an agreement says (law 12). An agreement can add to them, and take none away."""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import Language, Text, say

GROUNDS: Final[dict[str, Text]] = {
    "political": say("political character"),
    "military": say("military character"),
    "religious": say("religious character"),
    "racial": say("racial or ethnic character"),
    "asylum": say("a person who seeks asylum"),
    "torture": say("risk of torture"),
    "death_penalty": say("risk of the death penalty"),
    "unlawful_force": say("risk of unlawful force"),
}
GROUNDS_IN: Final[dict[Language, dict[str, str]]] = {
    "en": {ground: str(text) for ground, text in GROUNDS.items()},
    "fa": {
        "political": "ماهیت سیاسی", "military": "ماهیت نظامی", "religious": "ماهیت دینی", "racial": "ماهیت نژادی یا قومی",
        "asylum": "پناه‌جویی", "torture": "خطر شکنجه", "death_penalty": "خطر مجازات اعدام", "unlawful_force": "خطر کاربرد غیرقانونی زور",
    },
    "ur": {
        "political": "سیاسی نوعیت", "military": "فوجی نوعیت", "religious": "مذہبی نوعیت", "racial": "نسلی یا قومیتی نوعیت",
        "asylum": "پناہ کی درخواست", "torture": "تشدد کا خطرہ", "death_penalty": "سزائے موت کا خطرہ", "unlawful_force": "غیر قانونی طاقت کا خطرہ",
    },
}  # fmt: skip
"""In the words that are signed: they do not change with a translation update."""

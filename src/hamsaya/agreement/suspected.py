# SPDX-License-Identifier: Apache-2.0
"""Which grounds of law 12 the words of a request may touch: a question to the officer, never a decision (laws 12, 16).

Words in three scripts, looked for at the beginning of words in a folded copy, those with "!" as whole words. They miss what
is said otherwise, and find what is meant otherwise ("asylum" in a denial): so an officer who is asked nothing still has to
think, and one who is asked may say no.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from hamsaya.agreement.screen import find_persons
from hamsaya.facts.claims import Claim
from hamsaya.facts.folding import fold
from hamsaya.facts.records import Record
from hamsaya.facts.values import Words
from hamsaya.facts.words import Text, say

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "political": (
        "political", "dissident", "opposition", "activist", "journalist", "party member", "سیاسی",
        "مخالف نظام", "فعال مدنی", "روزنامه نگار", "خبرنگار", "حزب", "سیاست", "صحافی", "حزب اختلاف",
        "سرگرم کارکن",
    ),
    "military": (
        "troop dispositions", "order of battle", "deserter", "conscript", "ammunition stock", "سرباز فراری",
        "نظام وظیفه", "آرایش نظامی", "استقرار نیرو", "فوجی نوعیت", "بھگوڑا", "فوجی تعیناتی", "اسلحہ ذخیرہ",
    ),
    "religious": (
        "religion", "religious", "sect!", "sectarian", "shia", "sunni", "convert", "baha", "zikri",
        "preacher", "مذهب", "دینی", "شیعه", "سنی", "بهایی", "نوکیش", "مذہب", "فرقہ", "فرقے", "شیعہ", "ذکری", "مبلغ",
    ),
    "racial": (
        "ethnic", "tribe", "race!", "racial", "baloch", "hazara", "pashtun", "قومیت", "قوم!", "نژاد", "طایفه",
        "بلوچ", "هزاره", "پشتون", "نسل", "قبیل",
    ),
    "asylum": (
        "asylum", "refugee", "unhcr", "seeks protection", "پناهنده", "پناهجو", "پناهندگی", "پناه جو",
        "پناہ گزین", "پناہ کی درخواست", "مہاجر",
    ),
    "torture": (
        "torture", "ill-treat", "interrogat", "شکنجه", "بازجویی", "بدرفتاری", "تشدد", "تفتیش",
    ),
    "death_penalty": (
        "death penalty", "death sentence", "execut", "hanging", "اعدام", "قصاص", "سزائے موت", "پھانسی",
    ),
    "unlawful_force": (
        "strike on", "target", "eliminat", "air strike", "ambush them", "هدف گیری", "حذف فیزیکی",
        "حمله هوایی", "نشانہ بنا", "فضائی حملہ",
    ),
}  # fmt: skip


def _pattern(word: str) -> str:
    return re.escape(fold(word.removesuffix("!")).text) + (r"(?!\w)" if word.endswith("!") else r"\w*")


_PATTERNS: Final = {
    ground: re.compile(r"(?<!\w)(?:" + "|".join(_pattern(word) for word in sorted(words, key=len, reverse=True)) + ")")
    for ground, words in _WORDS.items()
}


class Suspicion(msgspec.Struct, frozen=True):
    """A ground that a request may touch, and the word that says so."""

    ground: str
    word: str


def suspect(request: Record) -> list[Suspicion]:
    """Return which grounds the words of a request may touch, each with the first word that suggests it."""
    return suspect_in(*(text for claim in request.claims for text in _texts(claim)))


def suspect_in(*words: str) -> list[Suspicion]:
    """Return which grounds these texts may touch, each with the first word that suggests it."""
    texts = [fold(text).text for text in words if text]
    found = []
    for ground, pattern in _PATTERNS.items():
        hit = next((match[0] for text in texts if (match := pattern.search(text))), None)
        if hit is not None:
            found.append(Suspicion(ground, hit))
    return found


def asks_about_persons(request: Record) -> list[Text]:
    """Return what in a request looks like data on a person: an answer could hardly keep law 11."""
    found = find_persons(*(text for claim in request.claims for text in _texts(claim)))
    return [say("It holds what looks like {what}: whoever answers must not tell of a person.", what=each) for each in found]


def _texts(claim: Claim) -> list[str]:
    values = [value.text if isinstance(value, Words) else value.words for value in (claim.value, claim.about) if value is not None]
    return [*values, claim.quote, claim.hedge_words]

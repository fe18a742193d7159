# SPDX-License-Identifier: Apache-2.0
"""Why a record may leave. The list is closed and knows prevention, settlement, rescue and return (law 12)."""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import Language, Text, say

PURPOSES: Final[dict[str, Text]] = {
    "prevention": say("prevention of an incident"),
    "settlement": say("settlement of an incident"),
    "rescue": say("rescue"),
    "return": say("return of persons, bodies, boats or livestock"),
}
PURPOSES_IN: Final[dict[Language, dict[str, str]]] = {
    "en": {"prevention": "prevention", "settlement": "settlement", "rescue": "rescue", "return": "return"},
    "fa": {"prevention": "پیشگیری", "settlement": "حل‌وفصل", "rescue": "نجات", "return": "بازگرداندن"},
    "ur": {"prevention": "روک تھام", "settlement": "تصفیہ", "rescue": "امداد و بچاؤ", "return": "واپسی"},
}
"""In the words that are signed: they do not change with a translation update."""

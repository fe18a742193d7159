# SPDX-License-Identifier: Apache-2.0
"""What every clause is: numbered as in the text, versioned, checked by itself, and one plain sentence a language.

Both the table and the sentences are signed. Persian and Urdu sentences stand in the clauses and not in the message
catalogues, because the words that were signed must not change with a translation update.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import msgspec

from hamsaya.agreement.asked import Asked
from hamsaya.agreement.decision import Decision
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Language, Text, say

VERSION: Final = 1
"""The version of clause types that this program enforces. A clause of another version refuses the agreement."""
Sentences = dict[Language, str]
Names = dict[Language, dict[str, str]]
"""The name of each party, by language and short name."""

_KINDS_IN: Final[dict[Language, dict[str, str]]] = {
    "en": {kind: str(label).lower() for kind, label in RECORD_KINDS.items()},
    "fa": {
        "incident_account": "گزارش رویداد", "intelligence_report": "گزارش اطلاعاتی", "request": "درخواست اطلاعات",
        "explanation_request": "درخواست توضیح", "hotline_call": "تماس خط مستقیم",
        "complaint": "شکایت", "warning": "هشدار", "return_case": "پروندهٔ بازگرداندن", "pursuit_notice": "اعلان تعقیب", "meeting": "جلسه",
        "commitment": "تعهد", "exercise": "تمرین", "notice": "اطلاعیه", "press_line": "متن رسانه‌ای", "finding": "یافتهٔ مشترک",
        "minutes": "صورت‌جلسه", "patrol": "گشت برنامه‌ریزی‌شده",
    },
    "ur": {
        "incident_account": "واقعے کا بیان", "intelligence_report": "انٹیلیجنس رپورٹ", "request": "معلومات کی درخواست",
        "explanation_request": "وضاحت کی درخواست", "hotline_call": "ہاٹ لائن کال",
        "complaint": "شکایت", "warning": "انتباہ", "return_case": "واپسی کا معاملہ", "pursuit_notice": "تعاقب کی اطلاع", "meeting": "اجلاس",
        "commitment": "وعدہ", "exercise": "مشق", "notice": "اطلاع", "press_line": "اخباری بیان", "finding": "مشترکہ نتیجہ",
        "minutes": "اجلاس کی روداد", "patrol": "طے شدہ گشت",
    },
}  # fmt: skip
_COMMA: Final[dict[Language, str]] = {"en": ", ", "fa": "، ", "ur": "، "}


class Numbered(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """The base of all clauses. `version` is that of the clause's type."""

    number: str
    version: int = VERSION
    limits: ClassVar[bool] = False
    """Whether `check` can refuse: a class that limits says so."""

    def faults(self, parties: list[str]) -> list[Text]:
        """Return what is wrong with the clause itself, given the short names of the parties; empty if nothing is."""
        del parties
        return []

    def check(self, asked: Asked) -> Decision | None:
        """Return a refusal, or None where this clause has nothing against it."""
        del asked
        return None

    def sentences(self, names: Names) -> Sentences:
        """Return the clause as one plain sentence a language, calling the parties by `names`."""
        raise AssertionError(names)

    def _no(self, reason: Text) -> Decision:
        return Decision(allowed=False, clause=self.number, reason=reason)


def listed(language: Language, words: Iterable[str]) -> str:
    """Return `words` as a list in a sentence of that language."""
    return _COMMA[language].join(words)


def kinds_in(language: Language, kinds: Iterable[str]) -> str:
    """Return record kinds as a list in a sentence of that language, in the words that are signed."""
    return listed(language, (_KINDS_IN[language][kind] for kind in kinds))


def faults_of_kinds(kinds: list[str]) -> list[Text]:
    """Return unknown kinds and an empty list."""
    known = ", ".join(RECORD_KINDS)
    faults = [say("unknown record kind “{kind}”; known: {known}", kind=kind[:40], known=known) for kind in kinds if kind not in RECORD_KINDS]
    return faults if kinds else [*faults, say("the list of record kinds is empty, which lets nothing through")]


def faults_of_parties(named: Iterable[str], parties: list[str]) -> list[Text]:
    """Return the names that are no party's."""
    return [say("“{came}” is no party of this agreement", came=party[:40]) for party in named if party not in parties]


def fault_of_range(what: str, value: int, low: int, high: int) -> list[Text]:
    """Return the fault of a number outside `low` to `high`, both included."""
    return [] if low <= value <= high else [say("{what} must be {low} to {high}, not {value}", what=what, low=low, high=high, value=value)]

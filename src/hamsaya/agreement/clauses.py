# SPDX-License-Identifier: Apache-2.0
"""The clauses that a machine enforces, one class each, numbered as in the text.

Each clause checks one thing about a record on its way out, and renders as one plain sentence in English, Persian and
Urdu. Both the table and the sentences are signed. Persian and Urdu sentences stand here and not in the message
catalogues, because the words that were signed must not change with a translation update.
A clause type that is not in `Clause` cannot be read: the agreement is refused as a whole (deny by default).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.agreement.decision import Decision
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.facts.grades import HANDLING, is_within
from hamsaya.facts.records import RECORD_KINDS, Record
from hamsaya.facts.words import LANGUAGES, Language, Text, say

Sentences = dict[Language, str]
Names = dict[Language, dict[str, str]]
"""The name of each party, by language and short name."""

_KINDS_IN: Final[dict[Language, dict[str, str]]] = {
    "fa": {
        "incident_account": "گزارش رویداد", "intelligence_report": "گزارش اطلاعاتی", "request": "درخواست اطلاعات",
        "complaint": "شکایت", "warning": "هشدار", "pursuit_notice": "اعلان تعقیب", "meeting": "جلسه",
        "commitment": "تعهد", "exercise": "تمرین", "notice": "اطلاعیه", "press_line": "متن رسانه‌ای",
    },
    "ur": {
        "incident_account": "واقعے کا بیان", "intelligence_report": "انٹیلیجنس رپورٹ", "request": "معلومات کی درخواست",
        "complaint": "شکایت", "warning": "انتباہ", "pursuit_notice": "تعاقب کی اطلاع", "meeting": "اجلاس",
        "commitment": "وعدہ", "exercise": "مشق", "notice": "اطلاع", "press_line": "اخباری بیان",
    },
}  # fmt: skip
_PURPOSES_IN: Final[dict[Language, dict[str, str]]] = {
    "en": {"prevention": "prevention", "settlement": "settlement", "rescue": "rescue", "return": "return"},
    "fa": {"prevention": "پیشگیری", "settlement": "حل‌وفصل", "rescue": "نجات", "return": "بازگرداندن"},
    "ur": {"prevention": "روک تھام", "settlement": "تصفیہ", "rescue": "امداد و بچاؤ", "return": "واپسی"},
}
_AND: Final[dict[Language, str]] = {"en": ", ", "fa": "، ", "ur": "، "}


class _Clause(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    number: str

    def faults(self, parties: list[str]) -> list[str]:
        """Return what is wrong with the clause itself, in English, empty if nothing."""
        del parties
        return []

    def check(self, record: Record, receiver: str, purpose: str) -> Decision | None:
        """Return a refusal, or None where this clause has nothing against it."""
        del record, receiver, purpose
        return None

    def sentences(self, names: Names) -> Sentences:
        """Return the clause as one plain sentence a language, calling the parties by `names`."""
        raise AssertionError(names)

    def _no(self, reason: Text) -> Decision:
        return Decision(allowed=False, clause=self.number, reason=reason)


class Kinds(_Clause, frozen=True, kw_only=True, tag="kinds"):
    """Which kinds of record may go from whom to whom. The only clause that allows; all others limit."""

    sender: str
    receiver: str
    kinds: list[str]

    def faults(self, parties: list[str]) -> list[str]:
        """Return unknown kinds, unknown parties and an empty list."""
        faults = [f"unknown record kind {kind!r}; known: {', '.join(RECORD_KINDS)}" for kind in self.kinds if kind not in RECORD_KINDS]
        faults += [f"{party!r} is no party of this agreement" for party in (self.sender, self.receiver) if party not in parties]
        return faults if self.kinds else [*faults, "the list of record kinds is empty, which lets nothing through"]

    def allows(self, record: Record, receiver: str) -> bool:
        """Say whether a record of this kind may go from its party to `receiver`."""
        return record.party == self.sender and receiver == self.receiver and record.kind in self.kinds

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        who = {code: (names[code][self.sender], names[code][self.receiver]) for code in LANGUAGES}
        en = ", ".join(str(RECORD_KINDS[kind]).lower() for kind in self.kinds)
        fa, ur = (_AND[code].join(_KINDS_IN[code][kind] for kind in self.kinds) for code in ("fa", "ur"))
        return {
            "en": f"{who['en'][0]} may send {who['en'][1]} records of these kinds: {en}.",
            "fa": f"{who['fa'][0]} می‌تواند این گونه‌های سند را برای {who['fa'][1]} بفرستد: {fa}.",
            "ur": f"{who['ur'][0]} ان اقسام کے ریکارڈ {who['ur'][1]} کو بھیج سکتا ہے: {ur}۔",
        }


class HandlingCeiling(_Clause, frozen=True, kw_only=True, tag="handling"):
    """The highest handling level (TLP 2.0) that may be shared."""

    ceiling: str

    def faults(self, parties: list[str]) -> list[str]:
        """Return an unknown level."""
        del parties
        return [] if self.ceiling in HANDLING else [f"unknown handling level {self.ceiling!r}; known: {', '.join(HANDLING)}"]

    def check(self, record: Record, receiver: str, purpose: str) -> Decision | None:
        """Refuse a record above the ceiling."""
        del receiver, purpose
        if is_within(record.handling, self.ceiling):
            return None
        return self._no(say("The record is marked TLP:{level}; this clause ends at TLP:{ceiling}.",
                        level=record.handling.upper(), ceiling=self.ceiling.upper()))  # fmt: skip

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        level = f"TLP:{self.ceiling.upper()}"
        return {
            "en": f"Nothing marked above {level} is shared.",
            "fa": f"هیچ سندی با نشان بالاتر از {level} به اشتراک گذاشته نمی‌شود.",
            "ur": f"{level} سے اوپر نشان زد کوئی چیز شریک نہیں کی جاتی۔",
        }


class Purposes(_Clause, frozen=True, kw_only=True, tag="purposes"):
    """For which purposes of the closed list records may be shared."""

    purposes: list[str]

    def faults(self, parties: list[str]) -> list[str]:
        """Return purposes outside the closed list and an empty list."""
        del parties
        faults = [f"unknown purpose {purpose!r}; the closed list is: {', '.join(PURPOSES)}" for purpose in self.purposes if purpose not in PURPOSES]
        return faults if self.purposes else [*faults, "the list of purposes is empty, which lets nothing through"]

    def check(self, record: Record, receiver: str, purpose: str) -> Decision | None:
        """Refuse a purpose that the parties did not agree on."""
        del record, receiver
        if purpose in self.purposes:
            return None
        return self._no(say("The purpose “{purpose}” is not among those agreed: {agreed}.", purpose=purpose, agreed=", ".join(self.purposes)))

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        en, fa, ur = (_AND[code].join(_PURPOSES_IN[code][purpose] for purpose in self.purposes) for code in LANGUAGES)
        return {
            "en": f"Records are shared for these purposes only: {en}.",
            "fa": f"اسناد تنها برای این هدف‌ها به اشتراک گذاشته می‌شوند: {fa}.",
            "ur": f"ریکارڈ صرف ان مقاصد کے لیے شریک کیے جاتے ہیں: {ur}۔",
        }


class Exactness(_Clause, frozen=True, kw_only=True, tag="exactness"):
    """How exact place and time leave: coordinates are rounded and times widened to at least this."""

    place_m: int
    time_min: int

    def faults(self, parties: list[str]) -> list[str]:
        """Return values that are no distance or no duration."""
        del parties
        faults = [] if 0 < self.place_m <= 1_000_000 else [f"place_m must be 1 to 1,000,000 metres, not {self.place_m}"]
        return faults if 0 < self.time_min <= 44_640 else [*faults, f"time_min must be 1 to 44,640 minutes, not {self.time_min}"]

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        return {
            "en": f"Places leave rounded to {self.place_m} m and times to {self.time_min} min, or coarser.",
            "fa": f"مکان‌ها با گرد کردن به {self.place_m} متر و زمان‌ها به {self.time_min} دقیقه یا درشت‌تر فرستاده می‌شوند.",
            "ur": f"مقامات {self.place_m} میٹر اور اوقات {self.time_min} منٹ یا اس سے موٹے درجے پر بھیجے جاتے ہیں۔",
        }


class Quotes(_Clause, frozen=True, kw_only=True, tag="quotes"):
    """Whether the sentences that claims rest on may leave, after the screen. Without this clause they do not."""

    allowed: bool

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        if self.allowed:
            return {
                "en": "The sentence a fact rests on may be sent once it holds no data on persons.",
                "fa": "جمله‌ای که یک واقعیت بر آن استوار است، اگر دادهٔ شخصی نداشته باشد، می‌تواند فرستاده شود.",
                "ur": "جس جملے پر کوئی حقیقت قائم ہو وہ بھیجا جا سکتا ہے بشرطیکہ اس میں افراد کا ڈیٹا نہ ہو۔",
            }
        return {
            "en": "Sentences of documents stay at home; only their place and a hash are sent.",
            "fa": "جمله‌های اسناد نزد خود طرف می‌ماند؛ تنها جای آن‌ها و یک هش فرستاده می‌شود.",
            "ur": "دستاویزات کے جملے اپنے پاس رہتے ہیں؛ صرف ان کی جگہ اور ہیش بھیجا جاتا ہے۔",
        }


class Deadlines(_Clause, frozen=True, kw_only=True, tag="deadlines"):
    """How soon the receiver acknowledges and answers, in minutes from receipt."""

    acknowledge_min: int
    answer_min: int

    def faults(self, parties: list[str]) -> list[str]:
        """Return durations below one minute, and an answer due before the acknowledgement."""
        del parties
        faults = [] if self.acknowledge_min > 0 else ["acknowledge_min must be at least 1"]
        if self.answer_min > 525_600:
            faults.append(f"answer_min must be at most 525,600 (a year), not {self.answer_min}")
        return faults if self.answer_min >= self.acknowledge_min else [*faults, "answer_min must not be less than acknowledge_min"]

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        return {
            "en": f"What arrives is acknowledged within {self.acknowledge_min} min and answered within {self.answer_min} min.",
            "fa": f"دریافت هر سند ظرف {self.acknowledge_min} دقیقه اعلام و ظرف {self.answer_min} دقیقه پاسخ داده می‌شود.",
            "ur": f"موصول ہونے والی ہر چیز کی رسید {self.acknowledge_min} منٹ میں اور جواب {self.answer_min} منٹ میں دیا جاتا ہے۔",
        }


Clause = Kinds | HandlingCeiling | Purposes | Exactness | Quotes | Deadlines
ClauseType = Literal["kinds", "handling", "purposes", "exactness", "quotes", "deadlines"]

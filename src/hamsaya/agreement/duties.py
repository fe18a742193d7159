# SPDX-License-Identifier: Apache-2.0
"""The clauses that bind the parties to do something: deadlines, retention, levels, exercises, standing approval.

None of them lets anything leave. Standing approval says for which low-level kinds the second officer may look later.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.agreement.clause import Names, Numbered, Sentences, fault_of_range, faults_of_kinds, faults_of_parties, kinds_in, listed
from hamsaya.facts.grades import HANDLING, is_within
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import LANGUAGES, Language, Text, say

_YEAR_MIN: Final = 525_600
LONGEST_REVIEW_H: Final = 24
STANDING_CEILING: Final = "green"
"""Above this level no standing approval reaches: two officers look before anything leaves (law 13)."""

_WITHIN: Final[dict[str, Sentences]] = {
    "formal_min": {
        "en": "The formal report follows within {min} min.",
        "fa": "گزارش رسمی ظرف {min} دقیقه می‌آید.",
        "ur": "باضابطہ رپورٹ {min} منٹ میں آتی ہے۔",
    },
    "final_min": {
        "en": "The final report follows within {min} min.",
        "fa": "گزارش نهایی ظرف {min} دقیقه می‌آید.",
        "ur": "حتمی رپورٹ {min} منٹ میں آتی ہے۔",
    },
    "explain_min": {
        "en": "An explanation that is asked for is given within {min} min.",
        "fa": "توضیح خواسته‌شده ظرف {min} دقیقه داده می‌شود.",
        "ur": "مانگی گئی وضاحت {min} منٹ میں دی جاتی ہے۔",
    },
    "pursuit_min": {
        "en": "A pursuit notice is answered within {min} min.",
        "fa": "به اعلان تعقیب ظرف {min} دقیقه پاسخ داده می‌شود.",
        "ur": "تعاقب کی اطلاع کا جواب {min} منٹ میں دیا جاتا ہے۔",
    },
    "after_report_min": {
        "en": "The report after a pursuit follows within {min} min.",
        "fa": "گزارش پس از تعقیب ظرف {min} دقیقه می‌آید.",
        "ur": "تعاقب کے بعد کی رپورٹ {min} منٹ میں آتی ہے۔",
    },
    "escalate_min": {
        "en": "What is overdue goes up one level of liaison every {min} min.",
        "fa": "آنچه مهلتش گذشته هر {min} دقیقه یک سطح بالاتر می‌رود.",
        "ur": "جس کی مہلت گزر جائے وہ ہر {min} منٹ بعد رابطے کی ایک سطح اوپر جاتا ہے۔",
    },
    "return_min": {
        "en": "A return case is answered, and what was handed over is counted, within {min} min.",
        "fa": "پروندهٔ بازگرداندن ظرف {min} دقیقه پاسخ و آنچه تحویل شد ظرف همین مدت شمارش می‌شود.",
        "ur": "واپسی کے معاملے کا جواب اور حوالے کیے گئے کی گنتی {min} منٹ میں ہوتی ہے۔",
    },
}
"""What a deadlines clause says of each time beside the first two, where it is not 0: `min` is its minutes."""


class Deadlines(Numbered, frozen=True, kw_only=True, tag="deadlines"):
    """How soon the receiver acknowledges, answers and explains, and how soon the formal and the final report follow the first.

    Minutes from a signed time, which both sides hold: of what asks for an answer, and of the release of the first report for those that
    its author lets follow. 0 for a report that is not asked for, and for what is due within the
    time that holds without a clause: an explanation, the answer to a pursuit notice, the report after a pursuit, a return case.
    0 also for no ladder: else what is overdue goes up one level of liaison every `escalate_min` minutes.
    """

    acknowledge_min: int
    answer_min: int
    formal_min: int = 0
    final_min: int = 0
    explain_min: int = 0
    pursuit_min: int = 0
    after_report_min: int = 0
    escalate_min: int = 0
    return_min: int = 0

    def faults(self, parties: list[str]) -> list[Text]:
        """Return durations out of range, and deadlines that come before those they follow."""
        del parties
        faults = fault_of_range("acknowledge_min", self.acknowledge_min, 1, _YEAR_MIN) + fault_of_range("answer_min", self.answer_min, 1, _YEAR_MIN)
        for term in _WITHIN:
            faults += fault_of_range(term, getattr(self, term), 0, _YEAR_MIN)
        if self.answer_min < self.acknowledge_min:
            faults.append(say("answer_min must not be less than acknowledge_min"))
        if self.final_min and self.final_min < self.formal_min:
            faults.append(say("final_min must not be less than formal_min"))
        return faults

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        said: Sentences = {
            "en": f"What arrives is acknowledged within {self.acknowledge_min} min and answered within {self.answer_min} min.",
            "fa": f"دریافت هر سند ظرف {self.acknowledge_min} دقیقه اعلام و ظرف {self.answer_min} دقیقه پاسخ داده می‌شود.",
            "ur": f"موصول ہونے والی ہر چیز کی رسید {self.acknowledge_min} منٹ میں اور جواب {self.answer_min} منٹ میں دیا جاتا ہے۔",
        }
        for term, sentence in _WITHIN.items():
            if minutes := getattr(self, term):
                said = {code: f"{said[code]} {sentence[code].format(min=minutes)}" for code in LANGUAGES}
        return said


class Retention(Numbered, frozen=True, kw_only=True, tag="retention"):
    """For how many days what was received is kept, by kind, counted from the time on its release (law 14; `retention.py`)."""

    kinds: list[str]
    days: int

    def faults(self, parties: list[str]) -> list[Text]:
        """Return unknown kinds and durations out of range."""
        del parties
        return faults_of_kinds(self.kinds) + fault_of_range("days", self.days, 1, 36_500)

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        en, fa, ur = (kinds_in(code, self.kinds) for code in LANGUAGES)
        return {
            "en": f"Received records of these kinds are deleted {self.days} days after they were released, with a deletion receipt: {en}.",
            "fa": f"اسناد دریافتی از این گونه‌ها {self.days} روز پس از زمان ارسال حذف و رسید حذف فرستاده می‌شود: {fa}.",
            "ur": f"ان اقسام کے موصولہ ریکارڈ اجرا کے وقت سے {self.days} دن بعد حذف کیے جاتے ہیں اور حذف کی رسید دی جاتی ہے: {ur}۔",
        }


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level of liaison: its name, and the office of each party that speaks at it."""

    called: dict[Language, str]
    offices: dict[str, str]


class LiaisonLevels(Numbered, frozen=True, kw_only=True, tag="levels"):
    """Who speaks with whom, from the lowest level to the highest. Offices, never persons (law 11)."""

    levels: list[Level]

    def faults(self, parties: list[str]) -> list[Text]:
        """Return levels without a name or without an office of each party."""
        faults = [] if self.levels else [say("the list of levels is empty, so the clause says nothing")]
        for at, level in enumerate(self.levels, 1):
            faults += faults_of_parties(level.offices, parties)
            if not all(level.called.get(code, "").strip() and is_plain(level.called[code], 120) for code in LANGUAGES):
                faults.append(say("level {n} needs a name in English, Persian and Urdu", n=at))
            silent = [party for party in parties if not level.offices.get(party, "").strip()]
            faults += [say("level {n} names no office of {party}", n=at, party=party) for party in silent]
            if not all(is_plain(office, 200) for office in level.offices.values()):
                faults.append(say("an office of level {n} is too long, or holds control characters", n=at))
        return faults

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        levels: dict[Language, str] = {}
        for code in LANGUAGES:
            rows = []
            for at, level in enumerate(self.levels, 1):
                offices = listed(code, (f"{names[code][party]} – {office}" for party, office in sorted(level.offices.items())))
                rows.append(f"({at}) {level.called[code]}: {offices}")
            levels[code] = " ".join(rows)
        return {
            "en": f"The parties speak at these levels, lowest first: {levels['en']}.",
            "fa": f"طرف‌ها در این سطح‌ها، از پایین به بالا، گفت‌وگو می‌کنند: {levels['fa']}.",
            "ur": f"فریق ان سطحوں پر، نیچے سے اوپر، بات کرتے ہیں: {levels['ur']}۔",
        }


class Exercises(Numbered, frozen=True, kw_only=True, tag="exercises"):
    """How long before an exercise near the line the other parties hear of it, and whether they may observe."""

    notice_days: int
    within_km: int
    observers: bool

    def faults(self, parties: list[str]) -> list[Text]:
        """Return numbers out of range."""
        del parties
        return fault_of_range("notice_days", self.notice_days, 1, 365) + fault_of_range("within_km", self.within_km, 1, 1_000)

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        said: Sentences = {
            "en": f"An exercise within {self.within_km} km of the line is announced at least {self.notice_days} days before",
            "fa": f"تمرین در فاصلهٔ {self.within_km} کیلومتری خط دست‌کم {self.notice_days} روز پیش اعلام می‌شود",
            "ur": f"لکیر کے {self.within_km} کلومیٹر کے اندر مشق کی اطلاع کم از کم {self.notice_days} دن پہلے دی جاتی ہے",
        }
        ends: dict[Language, tuple[str, str]] = {
            "en": (", and the others may send observers.", ", without observers."),
            "fa": (" و دیگران می‌توانند ناظر بفرستند.", "؛ بدون ناظر."),
            "ur": (" اور دوسرے مبصر بھیج سکتے ہیں۔", "، مبصرین کے بغیر۔"),
        }
        return {code: said[code] + ends[code][0 if self.observers else 1] for code in LANGUAGES}


class StandingApproval(Numbered, frozen=True, kw_only=True, tag="standing-approval"):
    """Low-level kinds that one officer may release; the second reviews each within `review_h` hours (law 13)."""

    kinds: list[str]
    ceiling: str
    review_h: int

    def faults(self, parties: list[str]) -> list[Text]:
        """Return unknown kinds, a ceiling that is not low, and a review later than law 13 allows."""
        del parties
        faults = faults_of_kinds(self.kinds) + fault_of_range("review_h", self.review_h, 1, LONGEST_REVIEW_H)
        if self.ceiling not in HANDLING or not is_within(self.ceiling, STANDING_CEILING):
            faults.append(say("ceiling must be clear or green, not “{level}”: above that two officers look first", level=self.ceiling[:40]))
        return faults

    def covers(self, record: Record, level: str) -> bool:
        """Say whether one officer may release `record`, whose handling level is `level`."""
        return record.kind in self.kinds and is_within(level, self.ceiling)

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        en, fa, ur = (kinds_in(code, self.kinds) for code in LANGUAGES)
        level = f"TLP:{self.ceiling.upper()}"
        return {
            "en": f"One officer may release these kinds up to {level}, and a second reviews it within {self.review_h} h: {en}.",
            "fa": f"یک افسر می‌تواند این گونه‌ها را تا {level} بفرستد و افسر دوم ظرف {self.review_h} ساعت بازبینی می‌کند: {fa}.",
            "ur": f"ایک افسر {level} تک یہ اقسام بھیج سکتا ہے اور دوسرا {self.review_h} گھنٹے میں جائزہ لیتا ہے: {ur}۔",
        }

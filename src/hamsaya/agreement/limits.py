# SPDX-License-Identifier: Apache-2.0
"""The clauses that limit what leaves: kinds and direction, handling, purposes, exactness, tear-line, quotes, grounds, onward release.

`Kinds` is the only clause that allows; every other one can only take away. Where two clauses of a type stand in one
agreement, the stricter of them holds.
"""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec

from hamsaya.agreement.asked import Asked
from hamsaya.agreement.clause import Names, Numbered, Sentences, fault_of_range, faults_of_kinds, faults_of_parties, kinds_in, listed
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.grounds import GROUNDS, GROUNDS_IN
from hamsaya.agreement.purposes import PURPOSES, PURPOSES_IN
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.grades import HANDLING, is_within
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import LANGUAGES, Language, Text, say

_MOST_WORDS: Final = 200
_FIELDS_IN: Final[dict[Language, dict[str, str]]] = {
    "en": {name: str(predicate.label).lower() for name, predicate in PREDICATES.items()},
    "fa": {
        "occurred": "زمان", "place": "مکان", "depth": "فاصله در داخل", "action": "آنچه رخ داد", "actor": "گروه عمل‌کننده", "strength": "شمار نیرو",
        "killed": "کشته‌شدگان", "wounded": "زخمی‌ها", "held": "نگه‌داشته‌شدگان", "missing": "ناپدیدشدگان", "outcome": "اقدام یا انجام",
        "direction": "جهت", "site": "محل", "lasted": "مدت به دقیقه", "damage": "سرنوشت اموال", "treatment": "رفتار با اشخاص",
        "ending": "چگونگی پایان", "channel": "مجرا", "reply": "پاسخ", "concerns": "موضوع", "reported": "زمان اعلام",
        "duration": "مدت", "property": "اموال", "means": "وسیله",
        "parties": "طرف‌های حاضر", "decision": "تصمیم", "demand": "درخواست", "status": "وضعیت", "statement": "اظهارات",
        "own_place": "محل نیروهای خودی", "own_forces": "شمار نیروهای خودی", "contact": "سمت تماس", "until": "مجاز تا", "limit_place": "مجاز تا مکان",
        "limit_km": "ژرفای مجاز", "accompanied": "همراهان", "line_crossed": "گذشتن از خط", "shots": "تیراندازی",
        "returned": "آنچه بازگردانده می‌شود", "return_count": "شمار", "protection": "پرسش از پناه‌جویی", "handover_at": "زمان تحویل",
        "handover_place": "مکان تحویل",
        "owner": "سمت متعهد", "level": "سطح", "agenda": "دستور کار", "attends": "سمت‌های حاضر", "evidence": "گواه انجام",
        "agreed_text": "متن مورد توافق", "decided": "تصمیم به بیان", "next_meeting": "جلسهٔ بعدی", "press_text": "متن برای رسانه‌ها",
        "agreed_fact": "واقعیت مورد توافق", "open_point": "نکتهٔ باز", "remark": "ملاحظهٔ یک طرف",
        "subject": "مورد مربوط", "due": "مهلت خواسته‌شده", "lodged_as": "شکل ثبت", "reference": "شمارهٔ نامه یا یادداشت", "caller": "سمت تماس‌گیرنده",
        "called": "سمت پاسخ‌دهنده", "arranged": "آنچه توافق شد", "read_back": "بازخوانی پای خط",
        "domain": "عرصه", "window": "زمان برنامه‌ریزی‌شده", "phase": "مرحله", "phase_area": "منطقهٔ مرحله", "observers": "ناظران",
    },
    "ur": {
        "occurred": "وقت", "place": "مقام", "depth": "اندر کا فاصلہ", "action": "کیا ہوا", "actor": "عمل کرنے والا گروہ", "strength": "نفری",
        "killed": "ہلاک", "wounded": "زخمی", "held": "زیرِ حراست", "missing": "لاپتا", "outcome": "کوشش یا انجام",
        "direction": "سمت", "site": "جگہ", "lasted": "مدت منٹوں میں", "damage": "املاک کا انجام", "treatment": "لوگوں سے سلوک",
        "ending": "اختتام", "channel": "ذریعۂ رابطہ", "reply": "جواب", "concerns": "متعلقہ امر", "reported": "بتانے کا وقت",
        "duration": "مدت", "property": "املاک", "means": "ذریعہ",
        "parties": "موجود فریق", "decision": "فیصلہ", "demand": "مطالبہ", "status": "کیفیت", "statement": "بیان",
        "own_place": "اپنی فورس کا مقام", "own_forces": "اپنی فورس کی تعداد", "contact": "رابطے کا عہدہ", "until": "اجازت کب تک",
        "limit_place": "اجازت کس مقام تک", "limit_km": "اندر جانے کی حد", "accompanied": "ساتھ جانے والے",
        "line_crossed": "لکیر پار کرنا", "shots": "فائرنگ",
        "returned": "جو واپس جاتا ہے", "return_count": "تعداد", "protection": "پناہ کے بارے میں پوچھنا", "handover_at": "حوالگی کا وقت",
        "handover_place": "حوالگی کا مقام",
        "owner": "ذمہ دار عہدہ", "level": "سطح", "agenda": "ایجنڈا", "attends": "شریک عہدے", "evidence": "ثبوت",
        "agreed_text": "متفقہ متن", "decided": "فیصلہ الفاظ میں", "next_meeting": "اگلا اجلاس", "press_text": "پریس کے لیے متن",
        "agreed_fact": "متفقہ امر", "open_point": "حل طلب نکتہ", "remark": "ایک فریق کا تبصرہ",
        "subject": "متعلقہ واقعہ یا ریکارڈ", "due": "طلب کردہ مہلت", "lodged_as": "اندراج کی صورت", "reference": "خط یا نوٹ کا نمبر",
        "caller": "کال کرنے والا عہدہ", "called": "جواب دینے والا عہدہ", "arranged": "جو طے پایا", "read_back": "لائن پر دہرایا گیا",
        "domain": "میدان", "window": "طے شدہ وقت", "phase": "مرحلہ", "phase_area": "مرحلے کا علاقہ", "observers": "مبصرین",
    },
}  # fmt: skip


class Kinds(Numbered, frozen=True, kw_only=True, tag="kinds"):
    """Which kinds of record may go from whom to whom. The only clause that allows; all others limit."""

    sender: str
    receiver: str
    kinds: list[str]

    def faults(self, parties: list[str]) -> list[Text]:
        """Return unknown kinds, unknown parties and an empty list."""
        return faults_of_kinds(self.kinds) + faults_of_parties((self.sender, self.receiver), parties)

    def allows(self, record: Record, receiver: str) -> bool:
        """Say whether a record of this kind may go from its party to `receiver`."""
        return record.party == self.sender and receiver == self.receiver and record.kind in self.kinds

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        who = {code: (names[code][self.sender], names[code][self.receiver]) for code in LANGUAGES}
        en, fa, ur = (kinds_in(code, self.kinds) for code in LANGUAGES)
        return {
            "en": f"{who['en'][0]} may send {who['en'][1]} records of these kinds: {en}.",
            "fa": f"{who['fa'][0]} می‌تواند این گونه‌های سند را برای {who['fa'][1]} بفرستد: {fa}.",
            "ur": f"{who['ur'][0]} ان اقسام کے ریکارڈ {who['ur'][1]} کو بھیج سکتا ہے: {ur}۔",
        }


class HandlingCeiling(Numbered, frozen=True, kw_only=True, tag="handling"):
    """The highest handling level (TLP 2.0) that may be shared, and what each party's own markings mean in TLP."""

    limits: ClassVar[bool] = True
    ceiling: str
    scales: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    """By party: its own marking → TLP level. A marking that stands in no scale is above every ceiling."""

    def faults(self, parties: list[str]) -> list[Text]:
        """Return unknown levels, unknown parties, and markings that cannot be read."""
        known = ", ".join(HANDLING)
        levels = [self.ceiling, *(level for scale in self.scales.values() for level in scale.values())]
        faults = [say("unknown handling level “{level}”; known: {known}", level=level[:40], known=known) for level in levels if level not in HANDLING]
        faults += faults_of_parties(self.scales, parties)
        unfit = [marking for scale in self.scales.values() for marking in scale if not marking.strip() or not is_plain(marking, 60)]
        return [*faults, *(say("a marking is empty, too long, or holds control characters") for _ in unfit)]

    def level_of(self, party: str, handling: str, marking: str) -> str:
        """Return the TLP level by which a record is judged; empty (above every ceiling) where either is not known."""
        if not marking:
            return handling
        mapped = self.scales.get(party, {}).get(marking, "")
        if is_within(mapped, handling):
            return handling
        return mapped if is_within(handling, mapped) else ""

    def check(self, asked: Asked) -> Decision | None:
        """Refuse a record above the ceiling, and one whose own marking no scale maps."""
        level = self.level_of(asked.sender, asked.handling, asked.marking)
        if not level and asked.marking:
            return self._no(say("The record is marked “{marking}”, which this clause does not map to TLP.", marking=asked.marking))
        if is_within(level, self.ceiling):
            return None
        return self._no(
            say("The record is marked TLP:{level}; this clause ends at TLP:{ceiling}.", level=level.upper(), ceiling=self.ceiling.upper())
        )

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence, with each party's own markings behind it."""
        level = f"TLP:{self.ceiling.upper()}"
        said: Sentences = {
            "en": f"Nothing marked above {level} is shared.",
            "fa": f"هیچ سندی با نشان بالاتر از {level} به اشتراک گذاشته نمی‌شود.",
            "ur": f"{level} سے اوپر نشان زد کوئی چیز شریک نہیں کی جاتی۔",
        }
        reads = {"en": " For {party}: {scale}.", "fa": " نزد {party}: {scale}.", "ur": " {party} کے ہاں: {scale}۔"}
        for code in LANGUAGES:
            for party, scale in sorted(self.scales.items()):
                pairs = listed(code, (f"“{marking}” = TLP:{tlp.upper()}" for marking, tlp in sorted(scale.items())))
                said[code] += reads[code].format(party=names[code][party], scale=pairs)
        return said


class Purposes(Numbered, frozen=True, kw_only=True, tag="purposes"):
    """For which purposes of the closed list records may be shared."""

    limits: ClassVar[bool] = True
    purposes: list[str]

    def faults(self, parties: list[str]) -> list[Text]:
        """Return purposes outside the closed list and an empty list."""
        del parties
        known = ", ".join(PURPOSES)
        faults = [say("unknown purpose “{purpose}”; the closed list is: {known}", purpose=each[:40], known=known)
                  for each in self.purposes if each not in PURPOSES]  # fmt: skip
        return faults if self.purposes else [*faults, say("the list of purposes is empty, which lets nothing through")]

    def check(self, asked: Asked) -> Decision | None:
        """Refuse a purpose that the parties did not agree on."""
        if asked.purpose in self.purposes:
            return None
        return self._no(say("The purpose “{purpose}” is not among those agreed: {agreed}.", purpose=asked.purpose, agreed=", ".join(self.purposes)))

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        en, fa, ur = (listed(code, (PURPOSES_IN[code][purpose] for purpose in self.purposes)) for code in LANGUAGES)
        return {
            "en": f"Records are shared for these purposes only: {en}.",
            "fa": f"اسناد تنها برای این هدف‌ها به اشتراک گذاشته می‌شوند: {fa}.",
            "ur": f"ریکارڈ صرف ان مقاصد کے لیے شریک کیے جاتے ہیں: {ur}۔",
        }


class Exactness(Numbered, frozen=True, kw_only=True, tag="exactness"):
    """How exact place, time and numbers leave: rounded and widened to at least this. 1 leaves numbers as they are."""

    place_m: int
    time_min: int
    number_step: int = 1

    def faults(self, parties: list[str]) -> list[Text]:
        """Return values that are no distance, no duration or no step."""
        del parties
        faults = fault_of_range("place_m", self.place_m, 1, 1_000_000) + fault_of_range("time_min", self.time_min, 1, 44_640)
        return faults + fault_of_range("number_step", self.number_step, 1, 1_000)

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        said: Sentences = {
            "en": f"Places leave rounded to {self.place_m} m and times to {self.time_min} min, or coarser.",
            "fa": f"مکان‌ها با گرد کردن به {self.place_m} متر و زمان‌ها به {self.time_min} دقیقه یا درشت‌تر فرستاده می‌شوند.",
            "ur": f"مقامات {self.place_m} میٹر اور اوقات {self.time_min} منٹ یا اس سے موٹے درجے پر بھیجے جاتے ہیں۔",
        }
        if self.number_step > 1:
            said["en"] += f" Numbers leave as ranges of whole steps of {self.number_step}."
            said["fa"] += f" شمارها به صورت بازه‌هایی با گام کامل {self.number_step} فرستاده می‌شوند."
            said["ur"] += f" تعداد {self.number_step} کے پورے درجوں کی حد کی صورت میں بھیجی جاتی ہے۔"
        return said


class TearLine(Numbered, frozen=True, kw_only=True, tag="tear-line"):
    """Fields that stay above the tear-line: the receiver sees how many were withheld, never what (F12)."""

    limits: ClassVar[bool] = True
    fields: list[str]

    def faults(self, parties: list[str]) -> list[Text]:
        """Return unknown fields and an empty list."""
        del parties
        known = ", ".join(PREDICATES)
        faults = [say("unknown field “{field}”; known: {known}", field=each[:40], known=known) for each in self.fields if each not in PREDICATES]
        return faults if self.fields else [*faults, say("the list of fields is empty, so the clause says nothing")]

    def check(self, asked: Asked) -> Decision | None:
        """Refuse a record of which nothing would be left below the tear-line."""
        if asked.fields <= frozenset(self.fields):
            return self._no(say("Nothing of this record stands below the tear-line."))
        return None

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        del names
        en, fa, ur = (listed(code, (_FIELDS_IN[code][field] for field in self.fields)) for code in LANGUAGES)
        return {
            "en": f"These fields stay with the sender, who says only how many were withheld: {en}.",
            "fa": f"این داده‌ها نزد فرستنده می‌ماند و تنها شمار آن‌ها اعلام می‌شود: {fa}.",
            "ur": f"یہ معلومات بھیجنے والے کے پاس رہتی ہیں اور صرف ان کی تعداد بتائی جاتی ہے: {ur}۔",
        }


class Quotes(Numbered, frozen=True, kw_only=True, tag="quotes"):
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


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ground that the parties add to the closed list, named in each language."""

    code: str
    called: dict[Language, str]


class RefusalGrounds(Numbered, frozen=True, kw_only=True, tag="refusal-grounds"):
    """Grounds on which cooperation is refused beside those of law 12, which always hold: this clause can only add."""

    also: list[Ground]

    def faults(self, parties: list[str]) -> list[Text]:
        """Return grounds without a name in some language, or that stand in the list already."""
        del parties
        faults = []
        codes = [ground.code for ground in self.also]
        for ground in self.also:
            if not ground.code.strip() or ground.code in GROUNDS or codes.count(ground.code) > 1:
                faults.append(say("the ground “{code}” stands already, twice, or has no name", code=ground.code[:40]))
            if not all(ground.called.get(code, "").strip() and is_plain(ground.called[code], _MOST_WORDS) for code in LANGUAGES):
                faults.append(say("the ground “{code}” needs words in English, Persian and Urdu", code=ground.code[:40]))
        return faults if self.also else [*faults, say("the clause adds no ground")]

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence, which also repeats the grounds that always hold."""
        del names
        en, fa, ur = (
            listed(code, [*(GROUNDS_IN[code][ground] for ground in GROUNDS), *(ground.called[code] for ground in self.also)]) for code in LANGUAGES
        )
        return {
            "en": f"Nothing is shared or asked for that touches one of these grounds: {en}.",
            "fa": f"هیچ چیزی که به یکی از این موارد مربوط باشد درخواست یا فرستاده نمی‌شود: {fa}.",
            "ur": f"ایسی کوئی چیز نہ مانگی جاتی ہے نہ بھیجی جاتی ہے جس کا تعلق ان میں سے کسی بات سے ہو: {ur}۔",
        }


class OriginatorControl(Numbered, frozen=True, kw_only=True, tag="originator"):
    """Onward release needs the originator's signed consent (F4). `consent_for` names parties for whom this clause is that consent."""

    consent_for: list[str] = msgspec.field(default_factory=list)
    answer_min: int

    def faults(self, parties: list[str]) -> list[Text]:
        """Return unknown parties and an answer that is never due."""
        return faults_of_parties(self.consent_for, parties) + fault_of_range("answer_min", self.answer_min, 1, 525_600)

    def sentences(self, names: Names) -> Sentences:
        """Return the sentence."""
        said: Sentences = {
            "en": f"What came from another party goes to a third only with its signed consent, answered within {self.answer_min} min.",
            "fa": f"آنچه از طرف دیگر رسیده تنها با رضایت امضاشدهٔ او به طرف سوم داده می‌شود؛ پاسخ ظرف {self.answer_min} دقیقه.",
            "ur": f"دوسرے فریق سے ملی چیز تیسرے کو صرف اس کی دستخط شدہ رضامندی سے دی جاتی ہے، جس کا جواب {self.answer_min} منٹ میں دیا جاتا ہے۔",
        }
        if self.consent_for:
            en, fa, ur = (listed(code, (names[code][party] for party in self.consent_for)) for code in LANGUAGES)
            said["en"] += f" This clause is that consent for: {en}."
            said["fa"] += f" این بند همان رضایت است برای: {fa}."
            said["ur"] += f" ان کے لیے یہ شق ہی وہ رضامندی ہے: {ur}۔"
        return said

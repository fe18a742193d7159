# SPDX-License-Identifier: Apache-2.0
"""By what a name of a person is known in a text: a title before it, a father's name beside it, or a given name in front.

A bare name without any of these is not seen; docs/explanation/screen.md says how often. In Persian and Urdu no letter is a capital,
so that a word behind a title counts as a name unless it is known to be none.
"""

from __future__ import annotations

import re
from typing import Final

from hamsaya.facts.words import Text, say

_TITLES: Final = (
    "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "engr", "engineer", "col", "colonel", "capt", "captain", "commodore", "cdre", "lt",
    "lieutenant", "brig", "brigadier", "subedar", "soobedar", "havildar", "hav", "naik", "sepoy", "corporal", "cpl", "pvt", "admiral", "sgt",
    "sergeant", "constable", "inspector", "haji", "hajji", "mullah", "mulla", "maulana", "maulvi", "molavi", "mawlawi", "mufti", "sheikh",
    "shaikh", "sayyid", "syed", "ayatollah", "hojatoleslam", "qazi", "nawab", "sardar", "judge", "justice", "senator", "ambassador", "minister",
    "spokesman", "spokesperson", "spokeswoman",
)  # fmt: skip
_RANKS: Final = ("gen", "general", "maj", "major")
"""Titles that are ordinary words too, where they are written small."""
_RANKS_EN: Final = r"Gen(?:eral)?|Maj(?:or)?|(?<!in )(?<!a )(?<!A )(?<!the )(?:gen(?:eral)?|maj(?:or)?)"
_TITLES_EN: Final = rf"(?:{'|'.join(f'[{word[0].upper()}{word[0]}]{word[1:]}' for word in _TITLES)}|{_RANKS_EN})"
_CAPITALS: Final = (
    "mr", "mrs", "ms", "dr", "col", "colonel", "capt", "captain", "lt", "brig", "brigadier", "haji", "mullah", "maulana", "sardar", "subedar",
    "havildar", "inspector", "sgt",
)  # fmt: skip
_TITLES_FA_UR: Final = (
    r"(?:آقای|خانم|دکتر|مهندس|استاد|سردار|سرهنگ(?: دوم)?|سرتیپ(?: دوم)?|سرلشکر|سرگرد|سروان"
    r"|ستوان(?: یکم| دوم| سوم)?|گروهبان|ناوسروان|ناخدا|دریادار|دریابان|حاجی|حاج|ملا|مولوی|شیخ"
    r"|سید"
    r"|کربلایی|مشهدی|آیت ?الله|حجت ?الاسلام|قاضی|جناب|مسٹر|مسز|محترمہ|محترم|ڈاکٹر|پروفیسر"
    r"|انجینئر|جنرل|میجر|کرنل|کیپٹن|بریگیڈیئر|لیفٹیننٹ|مولانا|مولوی"
    r"|مفتی|صوبیدار|حوالدار|نائیک|سب انسپکٹر|سپاہی|سینیٹر|نواب|حاجی)"
)
# What follows a title in the name of an office or a place, not of a person: "Inspector General Frontier Corps".
NO_NAME_EN: Final = (
    r"(?:of|General|Commander|Commanding|Admiral|Headquarters|Staff|Frontier|Border|Coast|Guards?|Corps|Police|Levies|Rangers|Customs|Maritime"
    r"|Security|Intelligence|Operations?|Foreign|Interior|Defen[cs]e|Office|Ministry|Command|Army|Navy|Abad|Colonel|Major|Captain|Commandant|Council|Assembly|Affairs"
    r"|Secretary|Harbou?r|Road|Camp|Bridge|Company|District|Incident|Attack|Street|Hospital|University|Base|Port|Mosque|Square"
    r"|HQ|STAFF|GENERAL|OFFICE|POLICE|COMMAND|CORPS)\b"
)
_NO_NAME_FA_UR: Final = (
    r"(?:آباد|فرنٹیئر|لیویز|پولیس|رینجرز|کسٹمز|کوسٹ|بارڈر|ہیڈ|ستاد|مرزبان|نیروی|ارتش|سپاه|پاسگاه"
    r"|منطقه|استان|دوم|یکم|سوم|خلبان|آنها|این|بود|است|گفت|گفتند"
    r"|کشته|زخمی|شهید|شہید|ہلاک|اسیر|کہا|بتایا|بھی|نیز|وزیر|رئیس|فرمانده|سفیر|عالی|وزارت|دفتر"
    r"|اسمبلی|کمانڈر|آف|اور|گارڈ|ریلوے|زون|کالونی|روڈ|چوکی|چوک|شہر"
    r"|کشیک|دانشگاه|نشین|اراکین|ممبران|بازار|محله|خیابان|میدان|بندر|کھوکھر|والا|صاحب)"
)
WORD_FA_UR: Final = r"[آ-ی\u0679-\u06d2]{3,}"
_GIVEN: Final = (
    "Mohammad", "Mohammed", "Muhammad", "Mohamad", "Mohd", "Ahmad", "Ahmed", "Mahmoud", "Mahmood", "Hossein", "Hussain", "Hussein", "Hassan",
    "Hasan", "Ali", "Reza", "Gholam", "Ghulam", "Abdul", "Abdullah", "Ebrahim", "Ibrahim", "Esmail", "Ismail", "Yusuf", "Yousef", "Yaqoob",
    "Mehdi", "Mahdi", "Karim", "Rahim", "Saeed", "Hamid", "Majid", "Imran", "Usman", "Bilal", "Tariq", "Nasir", "Naser", "Faisal", "Fatima",
    "Fatemeh", "Maryam", "Zahra", "Zainab", "Nader", "Nadir", "Ayesha", "Khadija",
)  # fmt: skip
_NO_SURNAME: Final = (
    r"(?!(?:Abad|Khel|Khan Road|Road|Street|Square|Hospital|University|Base|Port|Camp|Bazaar|Town|Colony|District|Mosque|Shah Road|Airport|Dam|Pass"
    r"|Mountains?|Island|River|Bridge|Border|Post|Checkpoint|Garrison|Abdal|Jinnah)\b)"
)
_GIVEN_FA_UR: Final = (
    r"(?:محمد|محمود|احمد|حسین|عبدال[آ-ی]+|عبد الرحمن|غلام|ابراهیم|ابراہیم|اسماعیل|یوسف|یعقوب|مهدی"
    r"|فاطمه|فاطمہ|مریم|زهرا|زہرا|خدیجه|خدیجہ|عثمان|عمران|بلال|طارق|کریم|رحیم)"
)
_TITLED: Final = say("a title with a name")
_NAMED: Final = say("a person's name")
_INITIALS: Final = r"(?:\((?:[Rr]etd?|[Rr]etired)\.?\)\s+)?(?:[A-Z]\.[\s-]?){0,3}"
_BEHIND_GIVEN: Final = rf"[\s-]+(?:(?:ul|al|ur|uz|od|ol)[\s-]+)?{_NO_SURNAME}(?P<name>[A-Z][a-z]{{2,}})"
_NO_GIVEN: Final = "(?<!Bandar )(?<!Dera )(?<!Imam )(?<!Emam )(?<!Port )(?<!Shah )"
_IN_LATIN: Final[list[tuple[Text, str, tuple[str, ...]]]] = [
    (_TITLED, rf"\b{_TITLES_EN}(?:(?<![a-z]{{5}})\.)?\s+{_INITIALS}(?!{NO_NAME_EN})(?P<name>[A-Z][a-z]{{2,}}|[A-Z]['’][A-Z][a-z]+)",
     (*_TITLES, *_RANKS)),
    (_TITLED, rf"(?<!THE )\b(?:{'|'.join(word.upper() for word in _CAPITALS)})\.?\s+(?!{NO_NAME_EN})(?P<name>[A-Z]{{4,}})\b", _CAPITALS),
    (_TITLED, r"\b(?:mr|mrs|dr|col|lt|capt|sgt|brig)\.\s+(?P<name>[a-z]{4,})", ("mr", "mrs", "dr", "col", "lt", "capt", "sgt", "brig")),
    (_NAMED, r"\b[A-Z][a-z]{2,}\s+(?:son|daughter|wife|widow|brother|father)\s+of\s+(?!the\b)(?P<name>[A-Z][a-z]{2,})",
     ("son", "daughter", "wife", "widow", "brother", "father")),
    (_NAMED, r"\b[sdw]/o\.?\s+(?P<name>[A-Z]?[a-z]{3,})", ("o",)),
    (_NAMED, r"\b[SDW]/[Oo]\.?\s+(?P<name>[A-Z][a-z]{2,})", ("o",)),
    (_NAMED, r"\b[A-Z][a-z]{2,}\s+(?:bin|ibn|bint)\s+(?P<name>[A-Z][a-z]{2,})", ("bin", "ibn", "bint")),
    (_NAMED, r"\b(?:alias|a\.?k\.?a\.?)\s+(?P<name>[A-Z][a-z]{2,})", ("alias", "aka", "ak", "ka", "k")),
    (_NAMED, (r"\b(?:man|woman|person|driver|fisherman|smuggler|suspect|officer|soldier|trader|shepherd|guard|boy|girl)\s+"
              r"(?:named|called|by the name of)\s+(?P<name>[A-Z][a-z]{2,})"), ("named", "called", "name")),
    (_NAMED, rf"{_NO_GIVEN}\b(?:{'|'.join(_GIVEN)}){_BEHIND_GIVEN}", tuple(map(str.lower, _GIVEN))),
    (_NAMED, rf"{_NO_GIVEN}\bAbdol\w*{_BEHIND_GIVEN}", ()),
    (_NAMED, r"\b(?P<name>[A-Z][a-z]{2,})\s+(?:Sahib|Saheb|Sahab)\b", ("sahib", "saheb", "sahab")),
]  # fmt: skip
"""What it is, the pattern, and the words of which one must stand in a text, in small letters, for the pattern to fit; none where any may do."""
_IN_ARABIC: Final[list[tuple[Text, str]]] = [
    (_TITLED, rf"(?<!\w){_TITLES_FA_UR}\s+(?!{_NO_NAME_FA_UR})(?P<name>{WORD_FA_UR})"),
    (_NAMED, rf"(?<!\w)(?:فرزند|ولد|بنت|زوجه|زوجہ|عرف|ملقب به)\s+(?!خود|خردسال|دوم|اول|این|وی|شهید|شہید)(?P<name>{WORD_FA_UR})"),
    (_NAMED, rf"(?<!\w){WORD_FA_UR}\s+بن\s+(?P<name>{WORD_FA_UR})"),
    (_NAMED, rf"(?<!\w)(?:مردی|زنی|شخصی|فردی|راننده‌ای|سربازی|صیادی)\s+به نام\s+(?P<name>{WORD_FA_UR})"),
    (_NAMED, rf"(?<!\w)(?P<name>{WORD_FA_UR})\s+نامی\s+(?:شخص|آدمی|نوجوان|ڈرائیور|سمگلر|اسمگلر|ماہی گیر)"),
    (_NAMED, rf"(?<!\w)(?:علی|زینب|نادر)\s+(?!{_NO_NAME_FA_UR}|رغم|الحساب|الظاهر|الاصول|الخصوص|البدل|نقی)(?P<name>{WORD_FA_UR})"),
    (_NAMED, rf"(?<!\w)(?<!بندر )(?<!امام ){_GIVEN_FA_UR}\s+(?!{_NO_NAME_FA_UR})(?P<name>{WORD_FA_UR})"),
]  # fmt: skip
NAMED: Final[list[tuple[Text, re.Pattern[str], frozenset[str]]]] = [
    *((what, re.compile(pattern), frozenset(words)) for what, pattern, words in _IN_LATIN),
    *((what, re.compile(pattern), frozenset[str]()) for what, pattern in _IN_ARABIC),
]
MORE_EN: Final = re.compile(rf"[\w'’-]*(?:[\s-]+(?:(?:bin|ibn|ul|al|ur|uz)[\s-]+)?(?!{NO_NAME_EN})[A-Z][\w'’-]+){{0,4}}")
_NO_MORE: Final = (
    r"(?:از|در|به|را|که|و|با|بر|تا|برای|این|آن|است|بود|شد|گفت|کرد|نیز|هم|یک|پس|روز"
    r"|نے|کے|کا|کی|کو|سے|میں|پر|اور|ہے|تھا|بھی|تک|نہیں)(?!\w)"
)
MORE_FA_UR: Final = re.compile(rf"[\u0621-\u06d5\u200c]*(?:\s+(?!{_NO_MORE})[\u0621-\u06d5\u200c]{{2,}}){{0,2}}")
"""What goes on behind the first word of a name: rather a word too many than one too few."""
COMMON: Final = frozenset(["گفت", "کرد", "شده", "است", "بود", "نیز", "the", "and", "said"])

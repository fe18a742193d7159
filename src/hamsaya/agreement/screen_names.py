# SPDX-License-Identifier: Apache-2.0
"""By what a name of a person is known in a text: a title before it, a father's name beside it, or a given name in front.

A bare name without any of these is not seen; docs/explanation/screen.md says how often. In Persian and Urdu no letter is a capital,
so that a word behind a title counts as a name unless it is known to be none.
"""

from __future__ import annotations

import re
from typing import Final

from hamsaya.facts.words import Text, say

_TITLES_EN: Final = (
    r"(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Dd]r|[Pp]rof(?:essor)?|[Ee]ngr|[Ee]ngineer|Gen(?:eral)?|Maj(?:or)?"
    r"|(?<!in )(?<!a )(?<!A )(?<!the )(?:gen(?:eral)?|maj(?:or)?)|[Cc]ol(?:onel)?|[Cc]apt(?:ain)?|[Cc]ommodore|[Cc]dre"
    r"|[Ll]t|[Ll]ieutenant|[Bb]rig(?:adier)?|[Ss]ubedar|[Ss]oobedar|[Hh]avildar|[Hh]av|[Nn]aik|[Ss]epoy|[Cc]orporal|[Cc]pl|[Pp]vt"
    r"|[Aa]dmiral|[Ss]gt|[Ss]ergeant|[Cc]onstable|[Ii]nspector|[Hh]aji|[Hh]ajji|[Mm]ullah|[Mm]ulla|[Mm]aulana|[Mm]aulvi|[Mm]olavi|[Mm]awlawi|[Mm]ufti"
    r"|[Ss]heikh|[Ss]haikh|[Ss]ayyid|[Ss]yed|[Aa]yatollah|[Hh]ojatoleslam|[Qq]azi|[Nn]awab|[Ss]ardar|[Jj]udge|[Jj]ustice|[Ss]enator|[Aa]mbassador"
    r"|[Mm]inister|[Ss]pokesman|[Ss]pokesperson|[Ss]pokeswoman)"
)
_CAPITALS: Final = r"(?:MR|MRS|MS|DR|COL|COLONEL|CAPT|CAPTAIN|LT|BRIG|BRIGADIER|HAJI|MULLAH|MAULANA|SARDAR|SUBEDAR|HAVILDAR|INSPECTOR|SGT)"
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
_GIVEN_EN: Final = (
    r"(?:Mohammad|Mohammed|Muhammad|Mohamad|Mohd|Ahmad|Ahmed|Mahmoud|Mahmood|Hossein|Hussain|Hussein|Hassan|Hasan|Ali|Reza|Gholam|Ghulam|Abdul|Abdol\w*"
    r"|Abdullah|Ebrahim|Ibrahim|Esmail|Ismail|Yusuf|Yousef|Yaqoob|Mehdi|Mahdi|Karim|Rahim|Saeed|Hamid|Majid|Imran|Usman|Bilal|Tariq|Nasir|Naser|Faisal"
    r"|Fatima|Fatemeh|Maryam|Zahra|Zainab|Nader|Nadir|Ayesha|Khadija)"
)
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
NAMED: Final[list[tuple[Text, re.Pattern[str]]]] = [
    (_TITLED, re.compile(rf"\b{_TITLES_EN}(?:(?<![a-z]{{5}})\.)?\s+{_INITIALS}(?!{NO_NAME_EN})(?P<name>[A-Z][a-z]{{2,}}|[A-Z]['’][A-Z][a-z]+)")),
    (_TITLED, re.compile(rf"(?<!THE )\b{_CAPITALS}\.?\s+(?!{NO_NAME_EN})(?P<name>[A-Z]{{4,}})\b")),
    (_TITLED, re.compile(r"\b(?:mr|mrs|dr|col|lt|capt|sgt|brig)\.\s+(?P<name>[a-z]{4,})")),
    (_TITLED, re.compile(rf"(?<!\w){_TITLES_FA_UR}\s+(?!{_NO_NAME_FA_UR})(?P<name>{WORD_FA_UR})")),
    (_NAMED, re.compile(r"\b[A-Z][a-z]{2,}\s+(?:son|daughter|wife|widow|brother|father)\s+of\s+(?!the\b)(?P<name>[A-Z][a-z]{2,})")),
    (_NAMED, re.compile(r"\b[sdw]/o\.?\s+(?P<name>[A-Z]?[a-z]{3,})")),
    (_NAMED, re.compile(r"\b[SDW]/[Oo]\.?\s+(?P<name>[A-Z][a-z]{2,})")),
    (_NAMED, re.compile(r"\b[A-Z][a-z]{2,}\s+(?:bin|ibn|bint)\s+(?P<name>[A-Z][a-z]{2,})")),
    (_NAMED, re.compile(r"\b(?:alias|a\.?k\.?a\.?)\s+(?P<name>[A-Z][a-z]{2,})")),
    (_NAMED, re.compile(r"\b(?:man|woman|person|driver|fisherman|smuggler|suspect|officer|soldier|trader|shepherd|guard|boy|girl)\s+"
                        r"(?:named|called|by the name of)\s+(?P<name>[A-Z][a-z]{2,})")),
    (_NAMED, re.compile(rf"(?<!Bandar )(?<!Dera )(?<!Imam )(?<!Emam )(?<!Port )(?<!Shah )\b{_GIVEN_EN}[\s-]+(?:(?:ul|al|ur|uz|od|ol)[\s-]+)?"
                        rf"{_NO_SURNAME}(?P<name>[A-Z][a-z]{{2,}})")),
    (_NAMED, re.compile(r"\b(?P<name>[A-Z][a-z]{2,})\s+(?:Sahib|Saheb|Sahab)\b")),
    (_NAMED, re.compile(rf"(?<!\w)(?:فرزند|ولد|بنت|زوجه|زوجہ|عرف|ملقب به)\s+(?!خود|خردسال|دوم|اول|این|وی|شهید|شہید)(?P<name>{WORD_FA_UR})")),
    (_NAMED, re.compile(rf"(?<!\w){WORD_FA_UR}\s+بن\s+(?P<name>{WORD_FA_UR})")),
    (_NAMED, re.compile(rf"(?<!\w)(?:مردی|زنی|شخصی|فردی|راننده‌ای|سربازی|صیادی)\s+به نام\s+(?P<name>{WORD_FA_UR})")),
    (_NAMED, re.compile(rf"(?<!\w)(?P<name>{WORD_FA_UR})\s+نامی\s+(?:شخص|آدمی|نوجوان|ڈرائیور|سمگلر|اسمگلر|ماہی گیر)")),
    (_NAMED, re.compile(rf"(?<!\w)(?:علی|زینب|نادر)\s+(?!{_NO_NAME_FA_UR}|رغم|الحساب|الظاهر|الاصول|الخصوص|البدل|نقی)(?P<name>{WORD_FA_UR})")),
    (_NAMED, re.compile(rf"(?<!\w)(?<!بندر )(?<!امام ){_GIVEN_FA_UR}\s+(?!{_NO_NAME_FA_UR})(?P<name>{WORD_FA_UR})")),
]  # fmt: skip
MORE_EN: Final = re.compile(rf"[\w'’-]*(?:[\s-]+(?:(?:bin|ibn|ul|al|ur|uz)[\s-]+)?(?!{NO_NAME_EN})[A-Z][\w'’-]+){{0,4}}")
_NO_MORE: Final = (
    r"(?:از|در|به|را|که|و|با|بر|تا|برای|این|آن|است|بود|شد|گفت|کرد|نیز|هم|یک|پس|روز"
    r"|نے|کے|کا|کی|کو|سے|میں|پر|اور|ہے|تھا|بھی|تک|نہیں)(?!\w)"
)
MORE_FA_UR: Final = re.compile(rf"[\u0621-\u06d5\u200c]*(?:\s+(?!{_NO_MORE})[\u0621-\u06d5\u200c]{{2,}}){{0,2}}")
"""What goes on behind the first word of a name: rather a word too many than one too few."""
COMMON: Final = frozenset(["گفت", "کرد", "شده", "است", "بود", "نیز", "the", "and", "said"])

# SPDX-License-Identifier: Apache-2.0
"""The card for an encounter that nobody planned: how to behave, and what to say, in three languages on one sheet (F43).

Both sides read the same card. The words are our own; they say what neighbours do anyway who want no incident, promise nothing that an agreement does
not, and name no side. A word to say stands in its script, and in Latin letters for whoever speaks it without reading it.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Final

import msgspec
from markupsafe import Markup

from hamsaya.desk.ports import Node
from hamsaya.facts.words import LANGUAGES, RIGHT_TO_LEFT, Language, Text, say
from hamsaya.tongues import translate
from hamsaya.web.paper import print_pdf
from hamsaya.web.paper_worker import font_rules
from hamsaya.web.render import Renderer
from hamsaya.web.tongue import Tongue

TITLE: Final = say("When you meet and nobody planned it")
RULES: Final[tuple[tuple[Text, tuple[Text, ...]], ...]] = (
    (say("First of all"), (say("Help for persons in danger comes before everything else. Send a call of distress."),)),
    (say("Keep apart"), (
        say("Keep the distance that your agreement names. Where it names none, stay so far apart that nobody has to turn in haste."),
        say("Do not pass close ahead of the other. Turn early, by so much that it is seen, and pass behind."),
    )),
    (say("Show who you are"), (
        say("By night show your lights, by day your flag or mark. Leave your identification signal on."),
        say("Move steadily. On land stand still, on your own side, with open hands."),
    )),
    (say("Never"), (
        say("Point no weapon, no fire-control radar, no laser and no searchlight at the other."),
        say("Feign no attack. Fly nothing over or towards the other."),
        say("Do not follow, surround or touch the other, nor what it tows."),
    )),
    (say("Speak"), (
        say("At sea call on VHF channel 16, then agree on another channel. On land use the hotline."),
        say("Say who you are, what you do, and what you will do next. Speak in short sentences, and wait for the answer."),
    )),
    (say("Afterwards"), (
        say("Write down at once: when, where, how many, what was said, and what each side did."),
        say("File it on this desk, tell the other side through the desk or the hotline, and publish nothing before that."),
    )),
)  # fmt: skip
PHRASES: Final[tuple[tuple[Text, str, str], ...]] = (
    (say("I have seen you."), "Shomā rā didam.", "Main ne āp ko dekh liyā hai."),
    (say("I keep my course and my speed."), "Masir va sor'atam rā negah midāram.", "Main apnā rukh aur raftār barqarār rakh rahā hun."),
    (say("I am turning to my right."), "Be rāst mipicham.", "Main apne dāen mur rahā hun."),
    (say("Please keep your distance."), "Lotfan fāsele begirid.", "Barāh-e karam fāsila rakhen."),
    (say("We mean no harm. Our weapons do not point at you."), "Qasd-e āzār nadārim. Selāh-e mā be su-ye shomā nist.",
     "Hamārā koi burā irāda nahin. Hamāre hathiyār āp ki taraf nahin."),
    (say("Do you need help?"), "Komak lāzem dārid?", "Kyā āp ko madad chāhie?"),
    (say("Stop. There is danger ahead of you."), "Bāyestid. Jelo-ye shomā khatar ast.", "Ruk jāen. Āp ke āge khatra hai."),
    (say("I am reporting this to my command."), "In rā be farmāndehi-ye khod gozāresh midaham.", "Main is ki ittilā apni kamān ko de rahā hun."),
)  # fmt: skip
"""What to say, and how it sounds in Persian and in Urdu."""
PDF_NAME: Final = "encounter-card.pdf"
ATTACHED: Final = "encounter-card.json"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """The card in one language."""

    language: Language
    direction: str
    title: str
    rules: list[tuple[str, list[str]]]


class Phrase(msgspec.Struct, frozen=True):
    """One thing to say: by language its words, and how they sound where the script may be strange."""

    words: dict[str, str]
    sounds: dict[str, str]


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """What encounter.html and encounter_paper.html receive."""

    sides: list[Side]
    phrases: list[Phrase]
    directions: dict[str, str]
    exercise: bool
    fonts: Markup
    at: datetime


def card_of(node: Node) -> CardView:
    """Return the card."""
    return CardView(
        sides=[
            Side(language=code, direction=_direction(code), title=translate(TITLE, code),
                 rules=[(translate(heading, code), [translate(each, code) for each in rules]) for heading, rules in RULES])
            for code in LANGUAGES
        ],
        phrases=[
            Phrase({code: translate(words, code) for code in LANGUAGES}, {"en": "", "fa": persian, "ur": urdu}) for words, persian, urdu in PHRASES
        ],
        directions={code: _direction(code) for code in LANGUAGES}, exercise=node.exercise,
        fonts=Markup(font_rules()), at=node.now(),  # noqa: S704  (our own file names)
    )  # fmt: skip


def card_data(view: CardView) -> dict[str, object]:
    """Return the card as data."""
    return {
        "exercise": view.exercise,
        "rules": {each.language: [{"heading": heading, "rules": rules} for heading, rules in each.rules] for each in view.sides},
        "phrases": [{"words": each.words, "sounds": {code: sound for code, sound in each.sounds.items() if sound}} for each in view.phrases],
    }


def print_card(node: Node, language: Language) -> bytes:
    """Return the card as PDF. Raises `OperatorError` where this installation cannot write one."""
    view = card_of(node)
    html = _renderer().sheet("encounter_paper.html", view, Tongue(language, node.zone))
    attached = json.dumps(card_data(view), ensure_ascii=False, indent=1).encode()
    return print_pdf(html, name=ATTACHED, attached=attached, described=translate(say("The words of the card."), language))


def _direction(code: Language) -> str:
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


@cache
def _renderer() -> Renderer:
    return Renderer()

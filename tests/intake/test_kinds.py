# SPDX-License-Identifier: Apache-2.0
"""The reader proposes the kinds of the controlled list where a text says so, and only then, in three languages."""

from __future__ import annotations

import pytest

from hamsaya.facts.kinds import KINDS
from hamsaya.intake import read_document

TOLD = {
    "en": {
        "exchange_of_fire": "On 12 November 2026 border guards and smugglers exchanged fire near Mirjaveh.",
        "shelling": "On 12 November 2026 the village was shelled near Mirjaveh.",
        "mine_or_device": "On 12 November 2026 two border guards stepped on a landmine near Mirjaveh.",
        "air_violation": "On 12 November 2026 a helicopter violated the airspace near Mirjaveh.",
        "abduction": "On 12 November 2026 five border guards were abducted by armed men near Mirjaveh.",
        "detention": "On 12 November 2026 four fishermen were arrested near Gwatar.",
        "body_found": "On 12 November 2026 the body of a shepherd was found near Mirjaveh.",
        "return": "On 12 November 2026 two shepherds were handed over near Mirjaveh.",
        "mark_damage": "On 12 November 2026 unknown persons cut the border fence near Mirjaveh.",
        "grazing_dispute": "On 12 November 2026 there was a dispute over grazing near Mirjaveh.",
        "water_dispute": "On 12 November 2026 villagers had a dispute over water near Mirjaveh.",
        "movement": "On 12 November 2026 unusual movements of armed men were reported near Mirjaveh.",
        "construction": "On 12 November 2026 they began building a watchtower near Mirjaveh.",
        "sea_approach": "On 12 November 2026 a dhow was approached by skiffs near Gwatar.",
        "boarding": "On 12 November 2026 armed men boarded a trawler near Gwatar.",
        "hijack": "On 12 November 2026 a dhow was hijacked near Gwatar.",
        "fired_upon": "On 12 November 2026 a patrol boat fired at a fishing boat near Gwatar.",
        "state_seizure": "On 12 November 2026 the coast guard seized the boat near Gwatar.",
        "fishing_incursion": "On 12 November 2026 trawlers were fishing illegally near Gwatar.",
        "jamming": "On 12 November 2026 GPS signals were jammed near Gwatar.",
        "sea_distress": "On 12 November 2026 a dhow capsized near Gwatar.",
        "collision": "On 12 November 2026 two dhows collided near Gwatar.",
        "pollution": "On 12 November 2026 an oil spill was reported near Gwatar.",
    },
    "fa": {
        "exchange_of_fire": "روز ۲۱ آبان ۱۴۰۵ میان مرزبانان و قاچاقچیان در نزدیکی میرجاوه تبادل آتش شد.",
        "mine_or_device": "روز ۲۱ آبان ۱۴۰۵ در انفجار مین در نزدیکی میرجاوه دو مرزبان زخمی شدند.",
        "abduction": "روز ۲۱ آبان ۱۴۰۵ پنج مرزبان در نزدیکی میرجاوه ربوده شدند.",
        "detention": "روز ۲۱ آبان ۱۴۰۵ چهار ماهیگیر در نزدیکی گواتر بازداشت شدند.",
        "fishing_incursion": "روز ۲۱ آبان ۱۴۰۵ در نزدیکی گواتر صید غیرمجاز دیده شد.",
        "pollution": "روز ۲۱ آبان ۱۴۰۵ آلودگی نفتی در نزدیکی گواتر گزارش شد.",
    },
    "ur": {
        "exchange_of_fire": "12 نومبر 2026 کو تفتان کے قریب سرحدی محافظوں اور اسمگلروں میں فائرنگ کا تبادلہ ہوا۔",
        "shelling": "12 نومبر 2026 کو تفتان کے قریب گولہ باری ہوئی۔",
        "abduction": "12 نومبر 2026 کو تفتان کے قریب پانچ سرحدی محافظ اغوا کر لیے گئے۔",
        "detention": "12 نومبر 2026 کو گوادر کے قریب چار ماہی گیر گرفتار کر لیے گئے۔",
        "state_seizure": "12 نومبر 2026 کو گوادر کے قریب کوسٹ گارڈ نے کشتی ضبط کی۔",
        "collision": "12 نومبر 2026 کو گوادر کے قریب دو کشتیاں ٹکرا گئیں۔",
    },
}


def kinds_in(text, language):
    found = read_document(text.encode(), name="t.txt", origin="IR", basis="own", language=language, published="", zone="UTC")
    return [claim.value.code for draft in found.drafts for claim in draft.claims if claim.predicate == "action"], found.drafts


@pytest.mark.parametrize(("language", "kind"), [(language, kind) for language, told in TOLD.items() for kind in told])
def test_kind_is_proposed_with_the_words_it_rests_on(language, kind):
    text = TOLD[language][kind]
    kinds, drafts = kinds_in(text, language)
    assert kind in kinds
    assert kind in KINDS
    (claim, *_) = [claim for draft in drafts for claim in draft.claims if claim.predicate == "action" and claim.value.code == kind]
    assert text[claim.span.start : claim.span.end] == claim.value.words
    assert len(drafts) == 1


@pytest.mark.parametrize(
    "text",
    [
        "On 12 November 2026 the fishermen were not arrested near Gwatar.",
        "The two commanders may exchange fire drills if a collision at sea is to be practised.",
        "If a body is found, it will be handed over at Mirjaveh.",
        "They agreed that grazing and fishing disputes would be settled at the next meeting.",
    ],
)
def test_what_is_denied_or_only_possible_proposes_no_kind(text):
    kinds, _ = kinds_in(text, "en")
    assert not set(kinds) & {"detention", "jamming", "collision", "body_found", "return", "grazing_dispute", "fishing_dispute", "exchange_of_fire"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 12 November 2026 a dhow capsized near Gwatar and three fishermen went missing."),
        ("fa", "روز ۲۱ آبان ۱۴۰۵ در نزدیکی گواتر سه ماهیگیر ناپدید شدند."),
        ("ur", "12 نومبر 2026 کو گوادر کے قریب تین ماہی گیر لاپتا ہو گئے۔"),
    ],
)
def test_who_is_missing_is_counted(language, text):
    _, drafts = kinds_in(text, language)
    (claim,) = [claim for draft in drafts for claim in draft.claims if claim.predicate == "missing"]
    assert (claim.value.low, claim.value.high, claim.about.code) == (3, 3, "fisher")

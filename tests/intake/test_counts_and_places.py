# SPDX-License-Identifier: Apache-2.0
"""How many and where: ranges stay ranges, one name may be two places, and the trap of Mand."""

from __future__ import annotations

import pytest

from hamsaya.facts.claims import CODES
from hamsaya.facts.records import RECORD_KINDS, Draft
from hamsaya.facts.values import Count, Depth, Place, Words
from hamsaya.intake import read_document
from hamsaya.intake.lexicon import lexicon_for, read_data
from hamsaya.intake.places import contains, spots


def drafts(text: str, language: str = "") -> list[Draft]:
    return read_document(text.encode(), name="n", language=language, published="2014-10-23").drafts


def value(text: str, predicate: str, language: str = "") -> object:
    found = [claim.value for draft in drafts(text, language) for claim in draft.claims if claim.predicate == predicate]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("number", "low", "high"),
    [
        ("30", 30, 30), ("around 30", 25, 35), ("about twelve", 10, 14), ("several", 3, None), ("twenty-five", 25, 25),
        ("at least 8", 8, None), ("more than 40", 41, None), ("up to 20", 1, 20), ("20 to 25", 20, 25),
        ("20-25", 20, 25), ("1,200", 1200, 1200), ("two hundred", 200, 200), ("dozens of", 24, None),
    ],
)  # fmt: skip
def test_english_numbers_become_ranges(number: str, low: int, high: int | None) -> None:
    found = value(f"On 17 October 2014 {number} Iranian border guards entered Turbat.", "strength")
    assert isinstance(found, Count)
    assert (found.low, found.high, found.words) == (low, high, number)


@pytest.mark.parametrize(
    ("number", "low", "high"),
    [
        ("۳۰", 30, 30), ("حدود ۳۰", 25, 35), ("بیست و پنج", 25, 25), ("دست کم ۸", 8, None), ("بیش از ۴۰", 41, None),
        ("چند", 3, None), ("۲۰ تا ۲۵", 20, 25), ("شش", 6, 6),
    ],
)  # fmt: skip
def test_persian_numbers_become_ranges(number: str, low: int, high: int | None) -> None:
    found = value(f"روز ۲۵ مهر ۱۳۹۳ {number} مرزبان ایرانی در سراوان زخمی شدند.", "wounded")
    assert isinstance(found, Count)
    assert (found.low, found.high, found.words) == (low, high, number)


@pytest.mark.parametrize(
    ("number", "low", "high"),
    [
        ("30", 30, 30), ("تقریباً 30", 25, 35), ("30 کے قریب", 25, 35), ("پچیس", 25, 25), ("کم از کم 8", 8, None),
        ("40 سے زائد", 41, None), ("کئی", 3, None), ("20 سے 25", 20, 25), ("۱۲", 12, 12),
    ],
)  # fmt: skip
def test_urdu_numbers_become_ranges(number: str, low: int, high: int | None) -> None:
    found = value(f"17 اکتوبر کو {number} ایرانی سرحدی محافظ نوکنڈی میں داخل ہوئے۔", "strength")
    assert isinstance(found, Count)
    assert (found.low, found.high, found.words) == (low, high, number)


def test_none_killed_is_zero_and_a_group_without_a_number_is_at_least_one() -> None:
    assert value("In Turbat on 1 May 2014 no civilians were killed.", "killed") == Count(low=0, high=0, words="no")
    assert value("In Turbat on 1 May 2014 civilians were killed.", "killed") == Count(low=1, high=None)


@pytest.mark.parametrize(
    ("text", "low", "territory"),
    [
        ("On 1 May 2014 30 guards moved 2.5 kilometres into Iran.", 2500, "IR"),
        ("On 1 May 2014 30 border guards trespassed 800 metres inside Pakistani territory.", 800, "PK"),
        ("روز ۲۵ مهر ۳۰ مرزبان دو کیلومتر وارد خاک پاکستان شدند.", 2000, "PK"),
        ("17 اکتوبر کو 30 سرحدی محافظ پاکستان کے اندر دو کلومیٹر تک آئے۔", 2000, "PK"),
    ],
)
def test_depth_is_in_metres_with_the_territory(text: str, low: int, territory: str) -> None:
    found = value(text, "depth")
    assert isinstance(found, Depth)
    assert (found.low_m, found.high_m, found.territory) == (low, low, territory)


def test_a_distance_from_a_town_is_no_depth() -> None:
    assert value("On 1 May 2014 two guards were killed 5 km from Turbat.", "depth") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("On 1 May 2014 bandits held residents for six hours.", "six hours"),
        ("۲۵ مهر تیراندازی بیست دقیقه طول کشید.", "بیست دقیقه"),
        ("17 اکتوبر کو فائرنگ چھ گھنٹے جاری رہی۔", "چھ گھنٹے"),
    ],
)
def test_duration_keeps_its_words(text: str, words: str) -> None:
    found = value(text, "duration")
    assert isinstance(found, Words)
    assert found.text == words


@pytest.mark.parametrize("spelling", ["Nok Kundi", "Nokundi", "Nokkundi", "نوک کنڈی", "نوکنڈی", "نوك كندی", "نوک‌کندی"])
def test_spellings_of_nok_kundi_are_one_place(spelling: str) -> None:
    text = (f"On 1 May 2014 guards fired in {spelling}." if spelling.isascii()
            else f"یکم مئی کو سرحدی محافظوں نے {spelling} میں فائرنگ کی ہے۔")  # fmt: skip
    found = value(text, "place")
    assert isinstance(found, Place)
    assert (found.ref, found.words, found.precision) == ("PK.nok-kundi", spelling, "settlement")


@pytest.mark.parametrize(
    "text",
    [
        "On 1 May 2014 Iranian border guards killed a soldier in Mand.",
        "On 1 May 2014 Iranian border guards killed a soldier in Mand tehsil of Kech district, Balochistan.",
        "On 1 May 2014 Iranian border guards killed a soldier in Mand, Pakistan.",
        "یکم مئی کو ایرانی سرحدی محافظوں نے مند کے علاقے میں فائرنگ کی۔",
        "روز ۲۵ مهر مرزبانان ایران در منطقه مند پاکستان تیراندازی کردند.",
    ],
)
def test_mand_is_the_one_in_pakistan(text: str) -> None:
    found = value(text, "place")
    assert isinstance(found, Place)
    assert found.ref == "PK.mand"


def test_mand_in_iran_is_not_guessed_and_mand_e_bala_is_itself() -> None:
    asked = drafts("On 1 May 2014 two guards were killed in Mand, Iran.")[0]
    place = next(claim.value for claim in asked.claims if claim.predicate == "place")
    assert isinstance(place, Place)
    assert (place.ref, place.country, place.lon_udeg) == ("", "", None)
    assert asked.open_questions
    found = value("On 1 May 2014 two guards were killed in Mand-e Bala.", "place")
    assert isinstance(found, Place)
    assert found.ref == "IR.mand-e-bala"


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("On 1 May 2014 two guards were killed in Pishin, Iran.", "IR.pishin"),
        ("On 1 May 2014 two guards were killed in Pishin, Pakistan.", "PK.pishin"),
        ("On 1 May 2014 two guards were killed in Pishin in Sistan and Baluchestan.", "IR.pishin"),
        ("On 1 May 2014 two guards were killed in Pishin.", ""),
    ],
)
def test_a_name_of_two_places_is_decided_by_what_stands_beside_it_or_asked(text: str, ref: str) -> None:
    draft = drafts(text)[0]
    place = next(claim.value for claim in draft.claims if claim.predicate == "place")
    assert isinstance(place, Place)
    assert place.ref == ref
    assert bool(draft.open_questions) == (not ref)


@pytest.mark.parametrize(
    "text",
    [
        "روز ۲۵ مهر رئیس پیشین پلیس دو سرباز را دید و دو مرزبان زخمی شدند.",
        "17 اکتوبر کو علاقہ مند افراد نے بتایا کہ دو شہری زخمی ہوئے۔",
        "On 1 May 2014 two guards were killed by a rask of mand.",
        "On 1 May 2014 two guards were killed, Colonel Saravan said.",
    ],
)
def test_common_words_and_names_after_a_rank_are_no_places(text: str) -> None:
    assert value(text, "place") is None


def test_near_the_border_is_a_place_without_coordinates() -> None:
    found = value("On 1 May 2014 two guards were killed near the Pakistani border.", "place")
    assert found == Place(words="near the Pakistani border", precision="unknown", relation="near")


def test_near_widens_the_radius() -> None:
    near, at = (value(f"On 1 May 2014 two guards were killed {word} Turbat.", "place") for word in ("near", "in"))
    assert isinstance(near, Place)
    assert isinstance(at, Place)
    assert (near.relation, at.relation) == ("near", "in")
    assert (near.radius_m or 0) > (at.radius_m or 0)


def test_gazetteer_is_whole_and_its_chains_end_in_a_country() -> None:
    for ref, spot in spots().items():
        assert -180_000_000 <= spot.lon_udeg <= 180_000_000
        assert -90_000_000 <= spot.lat_udeg <= 90_000_000
        assert spot.radius_m > 0
        assert not spot.within or contains(spot.country, ref), ref


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_every_code_of_the_lexicons_is_known_to_facts(language: str) -> None:
    lexicon = lexicon_for(language)
    for table in ("group", "body", "action", "property", "means", "decision", "exercise", "commitment", "demand"):
        assert set(lexicon.table(table)) <= set(CODES), table
    for groups in read_data(f"{language}.toml")["group_of"].values():
        assert set(groups) <= set(CODES)
    assert set(lexicon.table("kind")) <= set(RECORD_KINDS)
    assert set(read_data("en.toml")) == set(read_data(f"{language}.toml"))

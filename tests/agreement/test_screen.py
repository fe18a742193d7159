# SPDX-License-Identifier: Apache-2.0
"""What the screen must stop on its way out, and what an officer must be able to write (law 11)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.agreement import screen, screen_names
from hamsaya.agreement.screen import find_persons

NAME, NUMBER, PHONE, MAIL, PLATE = (
    "a title with a name", "a national identity number", "a telephone number", "an e-mail address", "a vehicle plate",
)  # fmt: skip

STOPPED = [
    ("Colonel Ahmadi", NAME),
    ("Col. Ahmadi was there", NAME),
    ("Lt Col Imran", NAME),
    ("the late Mr. Baloch", NAME),
    ("Major General Khan", NAME),
    ("brigadier general Ahmadi", NAME),
    ("Inspector General Moazzam", NAME),
    ("spokesman Wasey said", NAME),
    ("Interior Minister Chaudhry", NAME),
    ("Haji Rahim's house", NAME),
    ("Mullah\nOmar", NAME),
    ("آقای محمدی", NAME),
    ("سرهنگ احمدی گفت", NAME),
    ("آقاي محمدي", NAME),
    ("خانم رضایی", NAME),
    ("به گفتهٔ سردار رحیمی", NAME),
    ("کرنل رحمان", NAME),
    ("ڈاکٹر مالک بلوچ", NAME),
    ("میجر جنرل شیر افگن", NAME),
    ("صوبیدار یعقوب", NAME),
    ("35202-1234567-1", NUMBER),
    ("3520212345671", NUMBER),
    ("کد ملی ۰۰۱۲۳۴۵۶۷۸", NUMBER),
    ("001-234567-8", NUMBER),
    ("+92 81 9201234", PHONE),
    ("0098 541 3221234", PHONE),
    ("03001234567", PHONE),
    ("۰۹۱۲۳۴۵۶۷۸۹", PHONE),
    ("٠٩١٢ ٣٤٥ ٦٧٨٩", PHONE),
    ("write to a.b@c.pk", MAIL),
    ("LEA-1234", PLATE),
    ("BPA-155", PLATE),
    ("۱۲ ب ۳۴۵", PLATE),
    ("12 و 345 - 67", PLATE),
]

PASSED = [
    "Inspector General Frontier Corps",
    "Deputy Inspector General Police",
    "Director General Levies",
    "Director General Coast Guards",
    "General Headquarters",
    "FC spokesman",
    "FC spokesperson",
    "the spokesman said that",
    "Spokesman Foreign Office",
    "Minister of Interior",
    "Interior Minister",
    "Sector Commander Taftan",
    "Lieutenant Commander",
    "Deputy Commissioner Chagai",
    "the captain of the boat",
    "a major incident near Mand",
    "in general Pakistan agreed",
    "a major Pakistani operation; the general Iranian view",
    "Mirjaveh, Saravan, Nok Kundi, Mand, Taftan, Haji Abad",
    "Border pillar BP-155 and BP-1024",
    "AK-47, G-3 and RPG-7",
    "on 22 October 2014 at 09:30",
    "2026-11-12 09:30",
    "01-02-2014 05:30",
    "05 11 2026 0930",
    "0930 12 11 2026",
    "2026/11/12T09:30:00Z",
    "12,000 persons; 1,200,000 litres; 300 to 400 men",
    "61.234567 E, 29.123456 N",
    "62.5 km inside, 1 000 m from the line",
    "",
    "فرماندهٔ مرزبانی سیستان و بلوچستان",
    "کاملا مشخص نیست",
    "عملا هیچ خسارتی نبود",
    "سخنگوی وزارت امور خارجه",
    "حاجی آباد",
    "بین ۱۲ و ۳۰۰ نفر",
    "۲۲ اکتبر ۲۰۱۴ ساعت ۰۹:۳۰",
    "۳۰ مهر ۱۳۹۳",
    "انسپکٹر جنرل فرنٹیئر کور",
    "ڈائریکٹر جنرل لیویز",
    "ایف سی کے ترجمان",
    "ڈپٹی کمشنر چاغی",
    "جنرل ہیڈکوارٹر",
    "۲۲ اکتوبر ۲۰۱۴ کو ماند میں",
]


@pytest.mark.parametrize(("words", "what"), STOPPED, ids=[each[0].replace("\n", " ") for each in STOPPED])
def test_data_on_a_person_is_found_for_what_it_is(words, what):
    assert what in [str(found) for found in find_persons(words)]
    assert what in [str(found) for found in find_persons("nothing here", f"before {words} after")]


@pytest.mark.parametrize("words", PASSED)
def test_offices_places_dates_and_numbers_pass(words):
    assert find_persons(words) == []


def test_what_was_found_is_told_once_and_without_repeating_it():
    found = [str(each) for each in find_persons("Colonel Ahmadi", "Major Khan, 03001234567")]
    assert sorted(found) == sorted([NAME, PHONE])


def test_nothing_is_found_across_two_texts():
    assert find_persons("the colonel", "Ahmadi") == []


@pytest.mark.parametrize("width", ["０３００１２３４５６７", "ａ.ｂ＠ｃ.ｐｋ"])
def test_wide_letters_do_not_hide_anything(width):
    assert find_persons(width)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_screened_without_an_error(words):
    assert isinstance(find_persons(words), list)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(
    ["Mr", "Dr.", "Ali", "Khan", "Ahmad", "named", "son of", "born on", "12", "0300-1234567", "42101-1234567-1", "x@y.pk", "plate", "AB-123", "sahib", "bin", "."]
), max_size=12).map(" ".join))  # fmt: skip
def test_patterns_that_are_left_out_for_latin_text_find_nothing_in_it(text):
    left_out = [each for each in screen._ALL if each not in screen._WITHOUT_FA_UR]
    assert left_out
    assert not any(each.pattern.search(text) for each in left_out)


@pytest.mark.parametrize("alphabet", [None, st.characters(max_codepoint=127)], ids=["any letters", "ASCII"])
@pytest.mark.parametrize(
    "each", [each for each in screen._ALL if each.digits or each.signs or each.words], ids=lambda each: each.pattern.pattern[:40]
)
@settings(max_examples=75, deadline=None)
@given(data=st.data())
def test_what_a_pattern_fits_is_looked_at(each, alphabet, data):
    text = data.draw(st.from_regex(each.pattern, alphabet=alphabet))
    assert each.pattern.search(text)
    assert each in screen._may_fit(text)


@pytest.mark.parametrize("words", [
    *(f"{how(title)} Rahimi" for title in screen_names._TITLES for how in (str, str.title)), *(f"({name} Rahimi)" for name in screen_names._GIVEN),
    *(f"{title.upper()} RAHIMI" for title in screen_names._CAPITALS), "Abdolkarim Rahimi",
])  # fmt: skip
def test_every_title_and_given_name_of_the_lists_is_found(words):
    assert find_persons(words)
    assert find_persons(f"It is said that ,{words} came to the post near the pillar at the old road again.")


@pytest.mark.parametrize("each", [each for each in screen._ALL if each not in screen._WITHOUT_FA_UR], ids=lambda each: each.pattern.pattern[:40])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_asks_for_a_persian_or_urdu_word_is_looked_at_where_one_stands(each, data):
    text = data.draw(st.from_regex(each.pattern))
    assert each in screen._may_fit(text)


@pytest.mark.parametrize("alphabet", [None, st.characters(max_codepoint=127)], ids=["any letters", "ASCII"])
@pytest.mark.parametrize("pattern", [screen._DATE, screen._POSITION], ids=["day", "position"])
@settings(max_examples=75, deadline=None)
@given(data=st.data())
def test_days_and_positions_are_masked_however_few_digits_stand_there(pattern, alphabet, data):
    text = data.draw(st.from_regex(pattern, alphabet=alphabet))
    assert not pattern.search(screen._without_days(text)) or pattern is screen._DATE
    assert "…" in screen._without_days(text)

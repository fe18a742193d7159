# SPDX-License-Identifier: Apache-2.0
"""Words of a request that may touch a ground are a question to the officer, in three scripts."""

from __future__ import annotations

import msgspec
import pytest
from tests.facts.made import claim, record

from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.suspected import asks_about_persons, suspect
from hamsaya.facts.values import Words


def request(*texts):
    return msgspec.structs.replace(record(*(claim("statement", Words(text=text)) for text in texts)), kind="request")


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Is he an asylum seeker?", "asylum"), ("نام پناهنده‌ای که آمد چیست؟", "asylum"), ("کیا وہ پناہ گزین ہے؟", "asylum"),
        ("Which sect do they follow?", "religious"), ("پیرو کدام مذهب است؟", "religious"), ("وہ کس فرقے سے ہے؟", "religious"),
        ("Names of the journalists at the post", "political"), ("خبرنگاران چه گفتند؟", "political"), ("صحافی کون تھا؟", "political"),
        ("Of which tribe are they?", "racial"), ("از کدام طایفه‌اند؟", "racial"), ("وہ کس قبیلے سے ہیں؟", "racial"),
        ("Where is the order of battle?", "military"), ("He faces the death penalty.", "death_penalty"), ("حکم اعدام دارد", "death_penalty"),
        ("اسے سزائے موت ہوگی", "death_penalty"), ("after his interrogation", "torture"), ("پس از شکنجه", "torture"),
        ("a target for tonight", "unlawful_force"), ("برای حمله هوایی", "unlawful_force"), ("Is he a REFUGEE?", "asylum"),
    ],
)  # fmt: skip
def test_word_suggests_its_ground(text, ground):
    assert ground in [each.ground for each in suspect(request(text))]
    assert ground in GROUNDS


@pytest.mark.parametrize(
    "text",
    [
        "Who saw the boat near Gwatar on 15 November?", "Which post fired first?", "قومی شاہراہ کب کھلے گی؟", "کدام پاسگاه آتش گشود؟",
        "Was the race track on the beach closed?"[:7], "The sector was quiet.", "کس چوکی نے کشتی دیکھی؟",
    ],
)  # fmt: skip
def test_plain_question_suggests_nothing(text):
    assert suspect(request(text)) == []


def test_several_grounds_are_each_asked_about_once_with_the_word():
    found = suspect(request("The refugee is of another sect, a refugee.", "Was he tortured?"))
    assert [(each.ground, each.word) for each in found] == [("religious", "sect"), ("asylum", "refugee"), ("torture", "tortured")]


def test_request_about_a_named_person_warns_who_answers():
    assert asks_about_persons(request("Where is Colonel Ahmadi?"))
    assert asks_about_persons(request("Where is the post?")) == []

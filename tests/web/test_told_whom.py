# SPDX-License-Identifier: Apache-2.0
"""The page of an agreement of three says who told whom, and what a party told one and not the other."""

from __future__ import annotations

import pytest
from tests.desk.test_three_parties import NAME, bound, sync_all, three  # noqa: F401  (fixtures)
from tests.desk.test_told_differently import made, tell

PAGE = f"/agreements/{NAME}"
WORDS = {
    "en": ("it told this to:", "Who told whom", "different acts under number"),
    "fa": ("این را گفت به:", "چه کسی به چه کسی گفت", "اقدام متفاوت"),
    "ur": ("یہ ان کو بتایا:", "کس نے کس کو بتایا", "مختلف اقدامات"),
}


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_page_says_that_east_told_west_one_thing_and_north_another(bound, webs, language):  # noqa: F811
    east = bound["east"]
    tell(east, "west", made(east, "suspend"))
    tell(east, "north", made(east, "resume", reason="It was settled."))
    sync_all(bound)
    office = webs(bound["west"], language=language).login("officer")
    page = office.get(PAGE).text
    doubt = page[page.index('<section class="card bad"') :].partition("</section>")[0]
    told, heading, what = WORDS[language]
    assert what in doubt
    for reason, to in (("Shots near the line.", "West"), ("It was settled.", "North")):
        line = next(each for each in doubt.split("<li>") if reason in each)
        assert told in line
        assert f"<bdi>{to}</bdi>" in line.partition(told)[2]
    assert heading in page
    data = office.json(PAGE).json()
    assert [(each["party"], each["number"]) for each in data["contradictions"]] == [("east", 1)]
    assert {each["act"]["verb"]: each["ways"] for each in data["told"] if each["act"]} == {
        "suspend": {"west": "author", "north": "passed on"}, "resume": {"west": "other", "north": "author"},
    }  # fmt: skip


def test_page_of_a_sound_agreement_of_two_has_neither(web):
    page = web.login("officer").get("/agreements/west-east-2026-11-21").text
    assert 'id="told"' not in page
    assert 'class="card bad"' not in page

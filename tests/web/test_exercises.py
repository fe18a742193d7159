# SPDX-License-Identifier: Apache-2.0
"""The page of exercises, asking before one is filed, and the card for an encounter that nobody planned (F38 to F43)."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import pypdfium2
import pytest
from tests.conftest import make_desk, release
from tests.desk.test_exercises import FAR, HERE, patrol, planned

from hamsaya.web.encounter import ATTACHED, PHRASES, RULES, card_of
from hamsaya.web.labels import EXERCISE_MARK

HTML = {"accept": "text/html"}


@pytest.fixture
def both(agreed):
    """West has invited east to an exercise; east plans something there itself."""
    theirs = planned(agreed.west, contact="Operations desk west, channel 16")
    release(agreed.west, theirs)
    agreed.sync()
    return agreed, theirs, planned(agreed.east, name="Patrol drill", contact="Duty desk east, hotline 2")


def asked(area, window):
    return f"/exercises?area={quote(area)}&window={quote(window)}"


def test_page_tells_how_an_invitation_stands_and_whom_to_call_about_what_it_meets(both, webs):
    pair, theirs, ours = both
    web = webs(pair.east).login()
    data = web.json("/exercises").json()
    rows = {each["exercise"]: each for each in data["exercises"]}
    assert [(each["state"], each["ours"]) for each in rows[theirs]["invited"]] == [("invited", False)]
    assert [(each["contact"], each["own_contact"]) for each in rows[ours]["meets"]] == [
        ("Operations desk west, channel 16", "Duty desk east, hotline 2")
    ]
    assert "IN AREA BOUND BY" in rows[ours]["text"]
    page = web.get("/exercises", headers=HTML).text
    assert "Operations desk west, channel 16" in page
    assert "No answer is on record." in page


def test_patrol_stands_beside_the_exercises_with_what_it_meets(both, webs):
    pair, theirs, ours = both
    home = patrol(pair.east, name="Along <the> road", contact="Post east, channel 8")
    web = webs(pair.east).login()
    rows = {each["exercise"]: each for each in web.json("/exercises").json()["exercises"]}
    assert (rows[home]["kind"], rows[home]["invited"], rows[home]["text"]) == ("patrol", [], "")
    assert {each["contact"] for each in rows[home]["meets"]} == {"Operations desk west, channel 16", "Duty desk east, hotline 2"}
    assert "Post east, channel 8" in [each["contact"] for each in rows[ours]["meets"]]
    page = web.get("/exercises", headers=HTML).text
    assert "Along &lt;the&gt; road" in page
    assert "Along <the> road" not in page
    assert "No neighbour was told of it yet." in page
    assert f'href="/matters/{home}"' in page
    assert web.get(f"/matters/{home}", headers=HTML).status_code == 200
    assert "Post east, channel 8" in [each["contact"] for each in web.json(asked(HERE, "+3d – +5d")).json()["met"]]
    assert theirs not in (home, ours)


def test_patrol_whose_time_is_over_makes_room_for_what_lies_ahead(both, webs):
    pair, theirs, ours = both
    patrol(pair.east)
    ahead = patrol(pair.east, window="+20d – +21d")
    pair.east.clock.at += timedelta(days=5)
    assert {each["exercise"] for each in webs(pair.east).login().json("/exercises").json()["exercises"]} == {theirs, ours, ahead}


def test_plan_is_checked_before_it_is_filed_and_what_is_wrong_with_it_is_told(both, webs):
    pair, theirs, _ = both
    web = webs(pair.east).login()
    met = web.json(asked(HERE, "+3d – +5d")).json()["met"]
    assert "Operations desk west, channel 16" in [each["contact"] for each in met]
    assert web.json(asked(FAR, "+3d – +5d")).json()["met"] == []
    for area, window in (
        (HERE, "+5d – +3d"),
        (HERE, "2020-01-01 – 2020-01-03"),
        ("61, 25; 62, 26; 62, 25; 61, 26; 61, 25", "+3d – +5d"),
        (HERE, ""),
        ("x", "+3d – +5d"),
    ):
        answer = web.json(asked(area, window))
        assert (answer.status_code, bool(answer.json()["what"])) == (400, True)
    assert theirs


def test_card_says_the_same_in_three_languages_and_how_the_words_sound(both, webs):
    pair, _, _ = both
    web = webs(pair.east).login()
    data = web.json("/encounter").json()
    assert set(data["rules"]) == {"en", "fa", "ur"}
    assert {tuple(len(each["rules"]) for each in rules) for rules in data["rules"].values()} == {tuple(len(rules) for _, rules in RULES)}
    assert all(set(each["words"]) == {"en", "fa", "ur"} and set(each["sounds"]) == {"fa", "ur"} for each in data["phrases"])
    assert len(data["phrases"]) == len(PHRASES)
    page = web.get("/encounter", headers=HTML).text
    for each in data["phrases"]:
        assert all(words in page for words in each["words"].values())


def test_exercise_nodes_card_and_page_are_watermarked_and_say_so_as_data(tmp_path, webs):
    """Law 15: what is planned on an exercise node is exercise data, on each page, in each answer and on paper."""
    desk = make_desk(tmp_path, "west", "IR", exercise=True)
    record = planned(desk)
    web = webs(desk, exercise=True).login()
    for path in ("/exercises", "/encounter"):
        answer = web.json(path)
        assert (answer.json()["exercise"], answer.headers["x-exercise"]) == (True, "true")
        page = web.get(path, headers=HTML).text
        assert all(word in page for _, word in EXERCISE_MARK)
    with desk.store.reading() as book:
        assert book.versions(record)[0].record.exercise
    assert card_of(desk.node).exercise
    desk.store.close()


def test_real_node_shows_no_watermark(both, webs):
    pair, _, _ = both
    web = webs(pair.east).login()
    assert web.json("/encounter").json()["exercise"] is False
    assert EXERCISE_MARK[0][1] not in web.get("/encounter", headers=HTML).text


def test_card_is_one_sheet_of_paper_with_its_words_attached(both, webs):
    pair, _, _ = both
    web = webs(pair.east).login()
    answer = web.post("/encounter/pdf", json=False)
    paper = pypdfium2.PdfDocument(answer.content)
    assert len(paper) == 2  # both sides of one sheet
    assert [paper.get_attachment(at).get_name() for at in range(paper.count_attachments())] == [ATTACHED]
    words = json.loads(bytes(paper.get_attachment(0).get_data()))
    assert (words["exercise"], len(words["phrases"])) == (False, len(PHRASES))

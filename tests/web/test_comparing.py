# SPDX-License-Identifier: Apache-2.0
"""The page that compares account by account: every account a column, attributed ones marked, the deciding rule in words, in three languages."""

from __future__ import annotations

import pytest
from tests.accounts.october import expected, golden, line, told

from hamsaya.desk.importing import import_records, read_json_lines
from hamsaya.web.admit import LANGUAGE_COOKIE

GOLDEN = golden()


@pytest.fixture
def entered(agreed, webs):
    """West's desk, at which a lone officer entered the killing near the line (E3) from three sources."""
    desk, incident = agreed.west, ""
    for entry in GOLDEN["event"][2]["account"]:
        raw = line(entry, GOLDEN["places"], incident)
        assert import_records(desk.node, desk.officers["duty"], lambda: read_json_lines([raw])).filed == 1  # noqa: B023
        with desk.store.reading() as book:
            incident = incident or book.incidents()[0]
    return webs(desk).login(), incident


def test_page_and_json_tell_the_same_as_the_golden_file(entered):
    officer, incident = entered
    data = officer.json(f"/incidents/{incident}/comparison").json()
    assert told(data) == expected(GOLDEN["event"][2])
    page = officer.get(f"/incidents/{incident}/comparison").text
    assert page.count('<span class="badge warn">attributed</span>') == 3
    assert "no moment fits both times" in page
    assert "own words differ" in page
    assert "militants" in page
    assert "bandits" in page
    assert "3 or more" in page
    assert "one account only" in page
    assert officer.get(f"/incidents/{incident}").text.count("no moment fits both times") == 1


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [("fa", "rtl", ["هیچ لحظه‌ای با هر دو زمان نمی‌خواند", "میان روایت‌ها", "۳ یا بیشتر"]), ("ur", "rtl", ["کوئی لمحہ دونوں اوقات سے مطابق نہیں"])],
)
def test_page_speaks_the_readers_language(entered, language, direction, words):
    officer, incident = entered
    officer.client.cookies.set(LANGUAGE_COOKIE, language)
    page = officer.get(f"/incidents/{incident}/comparison").text
    assert f'dir="{direction}"' in page
    assert all(each in page for each in words)


def test_attributed_account_gives_way_on_the_page_when_that_side_signs(entered):
    officer, incident = entered
    answer = officer.post("/reports", data={"killed": "3 Iranian border guards", "incident": incident, "reliability": "A", "credibility": "1"})
    assert answer.status_code == 200, answer.text
    data = officer.json(f"/incidents/{incident}/comparison").json()
    assert [(each["basis"], each["gives_way"]) for each in data["accounts"]].count(("attributed", True)) == 3
    assert [field["field"] for field in data["fields"]] == ["killed:border_guard@IR"]
    page = officer.get(f"/incidents/{incident}/comparison").text
    assert page.count("gives way") == 3
    assert page.count(">signed</span>") == 1


def test_unknown_incident_is_not_found(entered):
    assert entered[0].json("/incidents/WEST-I-NOTHERE/comparison").status_code == 404

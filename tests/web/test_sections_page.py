# SPDX-License-Identifier: Apache-2.0
"""The page of sections: naming one, saying how a day was, setting a level; alike for programs."""

from __future__ import annotations

from tests.desk.made import event
from tests.facts.made import point


def test_a_commander_names_an_officer_says_and_both_are_shown(web):
    commander, duty = web.login("commander"), web.login()
    named = commander.post("/sections", data={"section": "mirjaveh", "name": "<b>Mirjaveh</b>", "points": "61.4,29.0 61.5,29.3"})
    assert named.status_code == 200, named.text
    assert commander.post("/sections/mirjaveh/level", data={"level": "high", "reason": "Shots were fired <twice> at a patrol."}).status_code == 200
    said = duty.post("/sections/mirjaveh/day", data={"day": "2026-11-22", "said": "nothing"})
    assert said.status_code == 200, said.text
    assert web.logged == ["east", "east"]
    (row,) = duty.json("/sections").json()["sections"]
    assert (row["own"]["level"]["level"], row["to_say"]) == ("high", ["2026-11-22"])
    assert [(day["day"], day["state"]) for day in row["voices"][0]["days"]][-2:] == [("2026-11-21", "uncounted"), ("2026-11-22", "nothing")]
    for path in ("/sections", "/sections/mirjaveh"):
        page = duty.get(path).text
        assert "&lt;b&gt;Mirjaveh" in page
        assert "<b>Mirjaveh" not in page
    shown = duty.get("/sections/mirjaveh").text
    assert "&lt;twice&gt;" in shown
    assert "Set the level" not in shown  # that is the commander's
    assert commander.post("/sections/mirjaveh/end", data={}).status_code == 200
    assert duty.post("/sections/mirjaveh/day", data={"day": "2026-11-22", "said": "reports"}).status_code == 409


def test_quiet_is_not_offered_where_an_own_account_tells_otherwise(web):
    web.login("commander").post("/sections", data={"section": "mirjaveh", "name": "Mirjaveh", "points": "61.4,29.0 61.5,29.3"})
    record = event(web.desk, "2026-11-22", place=point(61.45, 29.1, 2000, words="Mirjaveh"))
    duty = web.login()
    page = duty.get("/sections").text
    assert 'value="nothing"' not in page
    assert record.id in page
    refused = duty.post("/sections/mirjaveh/day", data={"day": "2026-11-22", "said": "nothing"})
    assert (refused.status_code, refused.json()["rule"]) == (403, "reports")
    assert duty.post("/sections/mirjaveh/day", data={"day": "2026-11-22", "said": "reports"}).status_code == 200


def test_bad_fields_are_told_and_nothing_is_done(web):
    commander, duty = web.login("commander"), web.login()
    for data in ({"section": "A b", "name": "x"}, {"section": "ab", "name": " "}, {"section": "ab", "name": "x", "reach_km": "0"},
                 {"section": "ab", "name": "x", "points": "1"}, {"section": "ab", "name": "x", "line": "x"}):  # fmt: skip
        assert commander.post("/sections", data=data).status_code in (400, 404), data
    assert commander.post("/sections", data={"section": "ab", "name": "x"}).status_code == 200
    for path, data in (
        ("ab", {"day": "x", "said": "nothing"}),
        ("ab", {"day": "2026-11-22", "said": "?"}),
        ("none", {"day": "2026-11-22", "said": "nothing"}),
    ):
        assert duty.post(f"/sections/{path}/day", data=data).status_code in (400, 404)
    assert duty.json("/sections/none").status_code == 404

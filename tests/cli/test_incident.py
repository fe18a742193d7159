# SPDX-License-Identifier: Apache-2.0
"""`hamsaya incident compare`: the same verdicts as the page, as a table in three languages and as JSON."""

from __future__ import annotations

import pytest
from tests.accounts.october import expected, golden, line, told

GOLDEN = golden()


@pytest.fixture
def entered(west, tmp_path):
    """A lone node that imported the killing near Mand (E1) from three sources."""
    incident = ""
    for number, entry in enumerate(GOLDEN["event"][0]["account"]):
        file = tmp_path / f"{number}.jsonl"
        file.write_bytes(line(entry, GOLDEN["places"], incident) + b"\n")
        ran = west("record", "import", file, "--json", login="duty")
        assert ran.json["filed"] == 1, ran.out
        incident = incident or west("incident", "show", "--json").json[0]["id"]
    return west, incident


def test_json_is_what_the_golden_file_expects(entered):
    west, incident = entered
    data = west("incident", "compare", incident, "--json").json
    assert told(data) == expected(GOLDEN["event"][0])
    assert data["differ"] == ["occurred"]
    (field,) = (each for each in data["fields"] if each["field"] == "occurred")
    assert {pair["verdict"] for pair in field["pairs"]} == {"agree", "differ"}
    assert field["silent_sides"] == ["IR"]
    assert field["rules"] == [{"rule": "times-apart", "verdict": "differ", "words": "no moment fits both times"}]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["decided by", "attributed", "differ", "no moment"]), ("fa", ["ناهمخوان", "منسوب"]), ("ur", ["مختلف", "منسوب"])],
)
def test_table_names_every_account_and_the_rule_in_the_readers_language(entered, monkeypatch, language, words):
    west, incident = entered
    monkeypatch.setenv("HAMSAYA_LANGUAGE", language)
    ran = west("incident", "compare", incident)
    assert ran.code == 0
    assert all(word in ran.out for word in words), ran.out


def test_attributed_account_gives_way_visibly_when_its_side_signs(run, tmp_path):
    from tests.cli.conftest import make

    east = make(run, tmp_path / "east", "east", "PK")
    file = tmp_path / "said.jsonl"
    file.write_bytes(line(GOLDEN["event"][0]["account"][0], GOLDEN["places"]) + b"\n")
    assert east("record", "import", file, login="duty").code == 0
    incident = east("incident", "show", "--json").json[0]["id"]
    assert "gives way" not in east("incident", "compare", incident).out
    filed = east("report", "file", "--killed", "2 Pakistani border guards", "--incident", incident, "--grade", "A1", login="duty")
    assert filed.code == 0, filed.err
    data = east("incident", "compare", incident, "--json").json
    assert [(each["signed"], each["gives_way"]) for each in data["accounts"]] == [(False, True), (True, False)]
    assert [field["field"] for field in data["fields"]] == ["killed:border_guard@PK"]
    assert "gives way" in east("incident", "compare", incident).out
    assert "gives way" in east("incident", "show", incident).out


def test_unknown_incident_is_told_with_the_next_step(west):
    ran = west("incident", "compare", "WEST-I-NOTHERE")
    assert ran.code != 0
    assert "WEST-I-NOTHERE" in ran.err
    assert "incident show" in ran.err


def test_suggest_relate_and_unrelate_tell_reasons_and_change_only_what_was_said(west, tmp_path):
    names = []
    for number, (event, account) in enumerate([(0, 1), (0, 2), (2, 1)]):
        file = tmp_path / f"{number}.jsonl"
        file.write_bytes(line(GOLDEN["event"][event]["account"][account], GOLDEN["places"]) + b"\n")
        assert west("record", "import", file, login="duty").code == 0
        names += [each["id"] for each in west("incident", "show", "--json").json if each["id"] not in names]
    killed, again, earlier = names
    told = west("incident", "suggest", killed, "--json").json
    assert [(each["incident"], each["score"]) for each in told["same"]] == [(again, 13)]
    assert [str(each["message"]) for each in told["same"][0]["doubts"]] == ["the times are {hours} h apart"]
    assert [(each["incident"], each["relation"], each["other"]) for each in told["connected"]] == [(killed, "responds_to", earlier)]
    words = west("incident", "suggest", killed).out
    assert f"{again}: 13 points for the same event" in words
    assert f"{killed} answers {earlier}." in words
    assert west("incident", "relate", killed, "responds_to", earlier).code != 0  # by nobody
    assert west("incident", "relate", killed, "responds_to", earlier, login="duty").code == 0
    told = west("incident", "suggest", earlier, "--json").json
    assert [(each["incident"], each["other"], each["office"]) for each in told["relations"]] == [(killed, earlier, "duty office")]
    assert west("incident", "show", earlier, "--json").json["relations"] == told["relations"]
    assert f"{killed} answers {earlier}." in west("incident", "show", killed).out
    assert west("incident", "relate", killed, "likes", earlier, login="duty").code == 2
    assert west("incident", "unrelate", killed, "responds_to", earlier, login="duty").code == 0
    assert west("incident", "unrelate", killed, "responds_to", earlier, login="duty").code != 0
    assert west("incident", "suggest", "WEST-I-NONE").code != 0
    assert west("verify").code == 0

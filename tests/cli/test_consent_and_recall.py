# SPDX-License-Identifier: Apache-2.0
"""Correction, recall and consent from the command line, between two nodes that carry a stick."""

from __future__ import annotations

import json

from tests.cli.test_keeping import agree, by_hand, release


def test_record_is_corrected_taken_back_and_answered_by_stick(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path)
    record, sent = release(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    claims = west("record", "show", record, "--json").json["record"]["claims"]
    (tmp_path / "claims.json").write_text(json.dumps([{**claim, "grade": "A1"} for claim in claims]))
    same = west("record", "correct", record, "--claims", tmp_path / "claims.json", "--json", login="duty")
    assert (same.code, same.json["record"]["version"]) == (0, 2)
    assert west("record", "correct", record, "--claims", tmp_path / "none.json", login="duty").code == 2
    assert west("record", "correct", record, "--claims", tmp_path / "claims.json", "--seen", 1, login="duty").code == 3
    assert west("release", "recall", sent["release"], "--reason", "Call Colonel Ahmad Khan", login="duty").code == 2
    taken = west("record", "recall", record, "--reason", "It did not happen.", "--json", login="duty").json
    assert [each["condition"] for each in taken] == ["recalled"]
    by_hand(west, east, tmp_path / "5.age", tmp_path / "6.age")
    (told,) = east("release", "recalls", "--json").json
    assert (told["reason"], told["answer"]) == ("It did not happen.", None)
    entry = f"{told['log']}#{told['seq']}"
    assert east("release", "answer", "nonsense", login="duty").code == 2
    assert east("release", "answer", entry, login="duty").code == 0
    assert east("release", "answer", entry, login="duty").code == 3
    assert record not in east("record", "list").out
    by_hand(east, west, tmp_path / "7.age")
    assert west("release", "show", sent["release"], "--json").json["condition"] == "recall answered"
    assert "It did not happen." in west("release", "recalls").out
    for node in two:
        assert node("verify").code == 0


def test_what_came_is_filed_linked_and_kept_from_nobody_but_third_parties(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path)
    record, _ = release(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age")
    made = east("record", "link", record, "--json", login="duty").json
    assert made["record"]["derived"] == [{"record": record, "version": 1, "party": "west"}]
    assert east("record", "link", record, "--json", login="duty").json["repeated"]
    typed = east("report", "file", "--size", "3", "--grade", "C3", "--based-on", record, "--json", login="duty").json
    assert typed["record"]["derived"] == made["record"]["derived"]
    nobody = east("consent", "ask", made["record"]["id"], "--to", "west", "--purpose", "settlement", "--necessity", "Both must see it.", login="duty")
    assert (nobody.code, "Nobody need be asked" in nobody.err) == (3, True)
    assert east("consent", "list", "--json").json == []
    assert east("consent", "grant", "west", "WEST-C-000000", "--until", "tomorrow", login="approver").code == 2
    for verb in ("grant", "refuse"):
        assert east("consent", verb, "west", "WEST-C-000000", login="approver").code == 2
    assert east("consent", "revoke", "west", "WEST-C-000000", login="duty").code == 2

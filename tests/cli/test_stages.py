# SPDX-License-Identifier: Apache-2.0
"""`report file --stage`, `record correct --stage/--handling/--reason` and `incident overdue`."""

from __future__ import annotations


def test_account_goes_from_stage_to_stage_and_back_only_with_a_reason(west):
    filed = west("report", "file", "--activity", "crossing", "--grade", "B2", "--stage", "formal", "--json", login="duty")
    record = filed.json["record"]["id"]
    assert filed.json["record"]["stage"] == "formal"
    assert west("record", "correct", record, "--stage", "final", login="duty").code == 0
    back = west("record", "correct", record, "--stage", "initial", login="duty")
    assert back.code != 0
    assert "needs a reason" in back.err
    assert west("record", "correct", record, "--handling", "clear", login="duty").code != 0
    done = west("record", "correct", record, "--stage", "did-not-happen", "--reason", "It was thunder.", "--json", login="duty")
    assert (done.json["record"]["stage"], done.json["record"]["changes"][-1]["reason"]) == ("did_not_happen", "It was thunder.")
    listed = west("incident", "overdue", "--json")
    assert listed.json == {"exercise": False, "accounts": []}  # it never left: nothing is owed
    assert west("report", "file", "--activity", "x", "--grade", "B2", "--stage", "last", login="duty").code != 0

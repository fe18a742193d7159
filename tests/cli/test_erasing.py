# SPDX-License-Identifier: Apache-2.0
"""Erasing from the command line, by stick, with evidence and backups from before and after."""

from __future__ import annotations

import base64
import json

from tests.cli.test_keeping import agree, by_hand, release


def test_record_is_erased_on_both_sides_and_evidence_from_before_and_after_holds(two, tmp_path, run):
    west, east = two
    agree(west, east, tmp_path)
    record, sent = release(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    assert west("verify", "--export", before).code == 0
    said = json.loads(before.read_bytes())["payload"]
    assert b"killed" in base64.b64decode(said) or b"wounded" in base64.b64decode(said)
    assert west("record", "erase", record, login="commander").code == 2
    assert west("record", "erase", record, "--reason", "perhaps", login="commander").code == 2
    assert west("record", "erase", record, "--reason", "retention", login="duty").code == 3
    ordered = west("record", "erase", record, "--reason", "retention", "--json", login="commander")
    assert (ordered.code, ordered.json["state"]) == (0, "ordered")
    assert west("record", "erase", record, "--confirm", login="commander").code == 3
    assert west("record", "erase", record, "--confirm", "--json", login="approver").json["state"] == "erased"
    by_hand(west, east, tmp_path / "5.age", tmp_path / "6.age")
    (told,) = east("record", "erasures", "--json").json["erasures"]
    assert (told["reason"], told["confirmed"]) == ("retention", None)
    entry = f"{told['log']}#{told['seq']}"
    assert east("record", "confirm-erasure", "nonsense", login="approver").code == 2
    assert east("record", "confirm-erasure", entry, login="duty").code == 3
    assert east("record", "confirm-erasure", entry, login="approver").code == 0
    assert east("record", "confirm-erasure", entry, login="approver").code == 3
    by_hand(east, west, tmp_path / "7.age")
    assert west("release", "show", sent["release"], "--json").json["condition"] == "erasure confirmed"
    assert "confirmed" in west("record", "erasures").out
    assert west("verify", "--export", after).code == 0
    assert b"wounded" not in base64.b64decode(json.loads(after.read_bytes())["payload"])
    for evidence in (before, after):  # what a third person took away before the erasure still proves what was signed
        assert run("verify", "--bundle", evidence, "--json").json["verified"] is True
    for node in two:
        assert node("verify").code == 0
        assert node("release", "explain", sent["release"]).code == 0
        assert "Mirjaveh" not in node("search", "Mirjaveh").out
        assert "the content was erased" in node("record", "show", record).out
    assert west("agreement", "simulate", tmp_path / "terms.toml", "--json").json["records"] == []

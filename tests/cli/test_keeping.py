# SPDX-License-Identifier: Apache-2.0
"""Keeping a node from the command line: examine it, back it up, lose it, restore it, and get back what was sent meanwhile."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.conftest import open_text

REPORT = "Report\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n"
WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch):
    monkeypatch.setenv("HAMSAYA_BACKUP_PASSPHRASE", WORDS)


def by_hand(sender, receiver, stick, back=None):
    """Carry a file from one to the other, and perhaps the answer back."""
    assert sender("sync", "--to-file", stick).code == 0
    assert receiver("sync", "--from-file", stick, *(["--to-file", back] if back else [])).code == 0
    if back:
        assert sender("sync", "--from-file", back).code == 0


def agree(west, east, tmp_path, more=""):
    (tmp_path / "terms.toml").write_text(west("agreement", "draft", "--sample").out + more)
    name = west("agreement", "draft", tmp_path / "terms.toml", "--json").json["id"]
    west("agreement", "sign", name, "--text", open_text(west, name), login="commander")
    by_hand(west, east, tmp_path / "1.age")
    east("agreement", "sign", name, "--text", open_text(east, name), login="commander")
    by_hand(east, west, tmp_path / "2.age")
    assert west("agreement", "show", name, "--json").json["in_force"]


def release(node, tmp_path):
    (tmp_path / "report.txt").write_text(REPORT)
    draft = node("document", "add", tmp_path / "report.txt", "--own", "--json", login="duty").json[0]["drafts"][0]["draft"]
    record = node("draft", "accept", draft, "--grade", "B2", "--json", login="duty").json[0]["record"]["id"]
    proposed = node("release", "propose", record, "--purpose", "settlement", "--necessity", "Both commands must see it.", "--json", login="duty")
    return record, node("release", "approve", proposed.json["release"], "--json", login="approver").json


def test_lost_node_comes_back_from_backup_and_neighbour_by_stick(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path)
    made = west("backup", tmp_path / "west.age", "--json")
    assert made.code == 0
    record, sent = release(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age")
    shutil.rmtree(west.folder)
    restored = west.run("restore", tmp_path / "west.age", west.folder, "--json")
    assert restored.code == 0, restored.err
    assert (restored.json["party"], restored.json["held"], restored.json["fingerprint"]) == ("west", True, west.fingerprint)
    assert [each["held"] for each in west("link", "show", "--json").json] == [True]
    assert "link-held" in {each["code"] for each in west("doctor", "--json").json["findings"]}
    (tmp_path / "more.toml").write_text((tmp_path / "terms.toml").read_text().replace('id = "', 'id = "x-', 1))
    refused = west("agreement", "draft", tmp_path / "more.toml")
    assert (refused.code, "held" in refused.err) == (3, True)
    by_hand(west, east, tmp_path / "ask.age", tmp_path / "answer.age")
    assert [each["held"] for each in west("link", "show", "--json").json] == [False]
    assert west("release", "show", sent["release"], "--json").json["log"] == sent["log"]
    assert west("record", "show", record).code == 0
    assert west("verify").code == 0


def test_backup_is_tried_before_it_is_needed(west, tmp_path):
    key = west("backup", "key", tmp_path / "backup.key", "--json")
    assert west("backup", "make", tmp_path / "b.age", "--to", key.json["public"]).code == 0
    tried = west.run("backup", "check", tmp_path / "b.age", "--key", tmp_path / "backup.key", "--json")
    assert (tried.code, tried.json["party"], tried.json["verified"]) == (0, "west", True)
    assert west.run("backup", "check", tmp_path / "b.age").code == 2
    assert west("backup", tmp_path / "b.age").code == 3
    assert west("backup", "key", tmp_path / "backup.key").code == 3


@pytest.mark.parametrize("words", [["backup", "check", "FILE"], ["restore", "FILE", "FOLDER"]])
def test_rubbish_is_refused_in_one_clear_line(run, tmp_path, words):
    (tmp_path / "FILE").write_bytes(b"rubbish")
    ran = run(*(tmp_path / word if word.isupper() else word for word in words))
    assert ran.code == 2
    assert ran.err.startswith("hamsaya: FILE is no whole backup")
    assert not (tmp_path / "FOLDER").exists()


def test_links_are_held_and_freed_with_a_reason(two):
    west, _ = two
    assert west("link", "hold", "east", "--reason", "the machine was set back").code == 0
    assert west("link", "show", "--json").json[0]["reason"] == "the machine was set back"
    assert west("link", "free", "east", "--reason", "it was off since").code == 0
    assert west("link", "free", "east", "--reason", "again").code == 3
    assert west("link", "hold", "north", "--reason", "nobody").code == 2


def test_doctor_speaks_the_readers_language_and_ends_with_8(west, monkeypatch):
    monkeypatch.setenv("HAMSAYA_LANGUAGE", "fa")
    ran = west("doctor")
    assert ran.code == 8
    assert "هشدار" in ran.out
    assert "Warning" not in ran.out


def test_doctor_of_no_node_prints_one_json_value(run, tmp_path):
    ran = run("doctor", "--json", node=tmp_path / "nowhere")
    assert (ran.code, ran.json["well"], [each["code"] for each in ran.json["findings"]]) == (8, False, ["settings"])

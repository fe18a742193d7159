# SPDX-License-Identifier: Apache-2.0
"""Beginning the logs to a neighbour anew from the command line, with nothing but sticks between the two."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.test_keeping import WORDS, agree, by_hand, release

WHY = "The disk was lost and another history was begun on it."


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch):
    monkeypatch.setenv("HAMSAYA_BACKUP_PASSPHRASE", WORDS)


def test_fork_is_named_begun_anew_and_what_was_lost_comes_back_by_stick(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path)
    assert west("backup", tmp_path / "west.age", "--json").code == 0
    _, lost = release(west, tmp_path)
    by_hand(west, east, tmp_path / "1.age", tmp_path / "2.age")
    shutil.rmtree(west.folder)
    assert west.run("restore", tmp_path / "west.age", west.folder, "--nothing-sent-since", "--json").code == 0
    _, other = release(west, tmp_path)
    assert west("sync", "--to-file", tmp_path / "fork.age").code == 0
    named = east("sync", "--from-file", tmp_path / "fork.age")
    assert (named.code, "fork" in named.err) == (4, True)
    assert east("link", "evidence", "west", tmp_path / "evidence.json", "--json").json["bundles"] == 1
    refused = west("link", "epoch", "east", "--reason", WHY, login="commander")
    assert (refused.code, "hamsaya link hold" in refused.err) == (3, True)
    assert west("link", "hold", "east", "--reason", "a fork was named").code == 0
    assert west("link", "epoch", "east", "--reason", WHY, login="duty").code == 3
    begun = west("link", "epoch", "east", "--reason", WHY, "--json", login="commander")
    assert begun.code == 0, begun.err
    assert [(each["sender"], each["reason"], each["settled"]) for each in begun.json["epochs"]] == [("west", WHY, False)]
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    told = west("link", "epoch", "east", "--json").json
    assert [each["settled"] for each in told["epochs"]] == [True]
    assert [(each["release"], each["known_to"], each["condition"]) for each in told["lost"]] == [(lost["release"], "east", "receipted")]
    assert f"came back from east: {len(told['lost'])}." in west("link", "epoch").out
    assert west("release", "show", other["release"], "--json").json["delivery"]["condition"] == "receipted"
    assert west("release", "recall", lost["release"], "--reason", "It was another post", login="duty").code == 0
    by_hand(west, east, tmp_path / "5.age")
    assert [each["record"] for each in east("release", "recalls", "--json").json] == [lost["record"]]
    assert "epoch-new" in {each["code"] for each in east("doctor", "--json").json["findings"]}
    for node in two:
        assert node("verify").code == 0
        node("verify", "--export", tmp_path / "proof")
        assert west.run("verify", tmp_path / "proof").code == 0

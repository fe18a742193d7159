# SPDX-License-Identifier: Apache-2.0
"""Changing and revoking a key from the command line, with the files of the keys, a crash in between, and a backup of before it."""

from __future__ import annotations

import shutil

import pytest
from tests.cli.test_keeping import WORDS, by_hand

from hamsaya.assemble import rekeying


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch):
    monkeypatch.setenv("HAMSAYA_BACKUP_PASSPHRASE", WORDS)


def trust(one, other, tmp_path):
    other("party", "show", "--out", tmp_path / "card")
    return one("party", "trust", tmp_path / "card", "--fingerprint", present(other))


def keys(node, party):
    return [each for each in node("key", "show", "--json").json if each["party"] == party]


def present(node):
    return next(each["fingerprint"] for each in node("party", "show", "--json").json if each["own"])


def test_planned_change_goes_by_stick_and_is_compared_aloud(two, tmp_path):
    west, east = two
    old, tls = present(west), (west.folder / "keys" / "tls.crt").read_bytes()
    changed = west("key", "change", "--json").json
    assert changed["fingerprint"] == present(west) != old
    assert (west.folder / "keys" / "tls.crt").read_bytes() == tls
    assert sorted(path.name for path in (west.folder / "keys").iterdir()) == ["age.key", "sign.key", "store.key", "tls.crt", "tls.key"]
    by_hand(west, east, tmp_path / "1.age", tmp_path / "2.age")
    first, second = keys(east, "west")
    assert (first["until"], second["fingerprint"], second["compared"]) == (second["since"], changed["fingerprint"], False)
    assert "key-not-compared" in {finding["code"] for finding in east("doctor", "--json").json["findings"]}
    assert trust(east, west, tmp_path).code == 0
    assert keys(east, "west")[1]["compared"]
    for node in two:
        assert node("verify").code == 0
        node("verify", "--export", tmp_path / "proof")
        assert west.run("verify", tmp_path / "proof").code == 0


def test_revoked_key_and_all_that_lay_beside_it_are_replaced_by_voice(two, tmp_path):
    west, east = two
    before = {name: (west.folder / "keys" / name).read_bytes() for name in ("sign.key", "age.key", "tls.key", "tls.crt")}
    assert west("key", "revoke", "--why", "boredom").code != 0
    assert west("key", "revoke", "--why", "compromised").code == 0
    assert all((west.folder / "keys" / name).read_bytes() != data for name, data in before.items())
    letter = tmp_path / "west.letter"
    west("key", "letter", "east", "--out", letter)
    asked = ("party", "trust", letter, "--fingerprint", present(west))
    assert "--replaces" in east(*asked).err
    assert east(*asked, "--replaces").code != 0
    assert east(*asked, "--replaces", login="duty").code != 0
    assert east(*asked, "--replaces", login="commander").code == 0
    assert [key["revoked"] for key in keys(east, "west")] == [True, False]
    by_hand(west, east, tmp_path / "1.age", tmp_path / "2.age")
    assert east("verify").code == west("verify").code == 0


def test_crash_after_the_journal_and_before_the_files_is_finished_by_the_next_command(two, monkeypatch):
    west, _ = two
    old = present(west)
    monkeypatch.setattr(rekeying, "_take_place", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    assert west("key", "change").code == 130
    monkeypatch.undo()
    assert present(west) != old
    assert west("verify").code == 0
    assert not (west.folder / "keys" / "next").exists()


def test_crash_before_the_journal_leaves_the_old_key(two, monkeypatch):
    west, _ = two
    old = present(west)
    monkeypatch.setattr(rekeying, "change_key", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    assert west("key", "change").code == 130
    monkeypatch.undo()
    assert present(west) == old
    assert west("key", "change").code == 0
    assert present(west) != old


def test_backup_of_before_the_change_is_recognised_and_the_key_put_back(two, tmp_path):
    west, east = two
    assert west("backup", "make", tmp_path / "old.hamsaya").code == 0
    west("key", "change")
    by_hand(west, east, tmp_path / "1.age", tmp_path / "2.age")
    kept = tmp_path / "sign.key"
    shutil.copy(west.folder / "keys" / "sign.key", kept)
    shutil.rmtree(west.folder)
    assert west.run("restore", tmp_path / "old.hamsaya", west.folder).code == 0
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    assert "key-missing" in {finding["code"] for finding in west("doctor", "--json").json["findings"]}
    assert [key["here"] for key in keys(west, "west")] == [True, False]
    assert "key adopt" in west("link", "free", "east", "--reason", "it was off").err
    assert west("key", "change").code != 0
    assert west("key", "adopt", tmp_path / "1.age").code != 0
    assert west("key", "adopt", kept).code == 0
    by_hand(west, east, tmp_path / "5.age", tmp_path / "6.age")
    assert not west("link", "show", "--json").json[0]["held"]
    assert west("verify").code == east("verify").code == 0

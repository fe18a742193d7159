# SPDX-License-Identifier: Apache-2.0
"""Law 15 on the command line: what is printed of an exercise node says so, and a node never changes its kind."""

from __future__ import annotations

import json

import pytest

READS = [
    "party show",
    "user list",
    "document list",
    "draft list",
    "record list",
    "release show",
    "incident show",
    "inbox",
    "agreement show",
    "verify",
]


def make(run, folder, *, exercise):
    words = ["--exercise"] if exercise else []
    made = run("init", folder, "--party", "west", "--country", "IR", "--zone", "UTC", "--name", "en=West", "--json", *words)
    assert made.code == 0
    assert made.json["exercise"] is exercise
    return folder


@pytest.mark.parametrize("exercise", [True, False])
@pytest.mark.parametrize("command", READS)
def test_what_is_printed_carries_the_mark(run, tmp_path, command, exercise):
    folder = make(run, tmp_path / "west", exercise=exercise)
    added = run("user", "add", "duty", "--office", "Duty", "--role", "officer", "--json", node=folder).json
    assert [each["exercise"] for each in added] == [exercise]
    text = run(*command.split(), node=folder)
    assert text.out.startswith("EXERCISE · تمرین · مشق\n") is (exercise and text.code == 0)
    told = run(*command.split(), "--json", node=folder)
    found = json.loads(told.out)
    assert all(each["exercise"] is exercise for each in (found if isinstance(found, list) else [found]))


@pytest.mark.parametrize("exercise", [True, False])
def test_error_carries_the_mark(run, tmp_path, exercise):
    folder = make(run, tmp_path / "west", exercise=exercise)
    assert run("record", "show", "NONE", "--json", node=folder).json["exercise"] is exercise


@pytest.mark.parametrize("exercise", [True, False])
def test_node_never_becomes_one_of_the_other_kind(run, tmp_path, exercise):
    folder = make(run, tmp_path / "west", exercise=exercise)
    settings = folder / "hamsaya.toml"
    words = {True: "exercise = true", False: "exercise = false"}
    assert words[exercise] in settings.read_text()
    settings.write_text(settings.read_text().replace(words[exercise], words[not exercise]))
    ran = run("party", "show", node=folder)
    assert ran.code == 6
    assert "exercise" in ran.err


@pytest.mark.parametrize("exercise", [True, False])
def test_backup_and_restore_keep_the_mark(run, tmp_path, exercise, monkeypatch):
    monkeypatch.setenv("HAMSAYA_BACKUP_PASSPHRASE", "quiet lamp over seven hills")
    folder, away = make(run, tmp_path / "west", exercise=exercise), tmp_path / "away"
    away.mkdir()
    told = run("backup", "make", away, "--json", node=folder).json
    assert told["exercise"] is exercise
    file = next(away.iterdir())
    assert file.name.startswith("EXERCISE-") is exercise
    assert run("restore", file, tmp_path / "again", "--json").json["exercise"] is exercise
    assert run("party", "show", "--json", node=tmp_path / "again").json[0]["exercise"] is exercise

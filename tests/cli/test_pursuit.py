# SPDX-License-Identifier: Apache-2.0
"""The commands of `docs/how-to/pursuit.md` and `return.md`, between two nodes that carry a stick."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.cli.test_keeping import agree, by_hand
from tests.conftest import ALONE

PAGES = Path(__file__).resolve().parents[2] / "docs/how-to"


def commands(record, page="pursuit.md", word=1):
    """The commands of a page, by their verb (or another word), about this record."""
    lines = [shlex.split(line)[1:] for line in (PAGES / page).read_text("utf-8").splitlines() if line.startswith("    hamsaya matter")]
    return {line[word]: [each.replace("WEST-R-0ABCDE", record) for each in line] for line in lines}


def run(node, words):
    at = words.index("--as") if "--as" in words else len(words)
    return node(*words[:at], "--json", login="duty" if "--as" in words else "")


def test_pursuit_is_told_of_stopped_and_ended_as_the_page_says(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path, ALONE)
    filed = run(west, commands("")["open"])
    assert filed.code == 0, filed.err
    record = filed.json["record"]
    told = west("release", "propose", record, "--purpose", "prevention", "--necessity", "Your posts must know of it.", "--json", login="duty")
    assert told.json["condition"] == "logged"  # by one officer
    by_hand(west, east, tmp_path / "3.age")
    stopped = run(east, commands(record)["stop"])
    assert stopped.code == 0, stopped.err
    assert stopped.json["case"] == "east.west.0"
    assert run(west, commands(record)["stop"]).code == 3  # the host alone
    by_hand(east, west, tmp_path / "4.age")
    assert run(west, commands(record)["show"]).json[0]["state"] == "stopped"
    assert run(west, commands(record)["move"]).json["state"] == "ended"
    by_hand(west, east, tmp_path / "5.age")
    assert "ended" in east("matter", "show", record).out
    assert west("verify").code == east("verify").code == 0


def released(node, words):
    """Run a command that files a record, and release it as two officers; returns the record."""
    filed = run(node, words)
    assert filed.code == 0, filed.err
    record = filed.json["record"]
    asked = ("--purpose", "return", "--necessity", "The animals go back to their owners.", "--json")
    proposed = node("release", "propose", record, *asked, login="duty").json
    assert node("release", "approve", proposed["release"], "--json", login="approver").json["condition"] == "logged"
    return record


def test_return_case_goes_as_its_page_says_and_counts_that_differ_are_told(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path)
    record = released(west, commands("", "return.md")["open"])
    by_hand(west, east, tmp_path / "3.age")
    steps = commands(record, "return.md", 3)
    for number, (node, other, step) in enumerate(((east, west, "expect"), (west, east, "hand_over"), (east, west, "receive"))):
        released(node, steps[step])
        by_hand(node, other, tmp_path / f"{number}-4.age")
    for node in two:
        shown = node("matter", "show", record)
        assert "12" in shown.out
        assert "differ" in shown.out
    assert run(west, commands(record, "return.md")["move"]).json["state"] == "closed"

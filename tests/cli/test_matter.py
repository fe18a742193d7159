# SPDX-License-Identifier: Apache-2.0
"""The commands of `docs/how-to/complaint.md`, between two nodes that carry a stick: a complaint to its closing, and a call confirmed."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.cli.test_finding import put_out
from tests.cli.test_keeping import agree, by_hand, release

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/complaint.md"


def commands(**names):
    """The commands of the page in order, with the names that are here instead of its own."""
    lines = [line.strip().removeprefix("hamsaya ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("    hamsaya matter")]
    found = [shlex.split(line) for line in lines]
    own = {"WEST-I-0ABCDE": names.get("incident", ""), "WEST-R-0ABCDE": names.get("complaint", ""), "WEST-R-0CA110": names.get("call", "")}
    for theirs, ours in own.items():
        found = [[word.replace(theirs, ours) for word in words] for words in found]
    return found


def run(node, words):
    at = words.index("--as") if "--as" in words else len(words)
    ran = node(*words[:at], "--json", login="duty" if "--as" in words else "")
    assert ran.code == 0, ran.err
    return ran.json


def test_complaint_is_lodged_answered_and_closed_and_a_call_confirmed_as_the_page_says(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path)
    release(west, tmp_path)
    sticks = iter(range(3, 99))

    def carry(sender, receiver):
        by_hand(sender, receiver, tmp_path / f"{next(sticks)}.age", tmp_path / f"{next(sticks)}.age")

    carry(west, east)
    incident = west("incident", "show", "--json").json[0]["id"]
    refused_in_words(west, incident)
    complaint = run(west, commands(incident=incident)[0])["record"]
    assert west("matter", "show", complaint).code == 2  # it has not left yet
    put_out(west, complaint, "east")
    carry(west, east)
    _, show, hold, reply, close, note, _ = commands(incident=incident, complaint=complaint)
    (held,) = run(east, show)
    assert (held["state"], held["ours"], {each["name"] for each in held["clocks"]}) == ("lodged", False, {"acknowledge", "reply"})
    put_out(east, run(east, hold)["record"], "west")
    carry(east, west)
    (held,) = run(west, show)
    assert held["state"] == "held"
    assert [each["name"] for each in held["clocks"] if each["met_at"] is None] == ["reply"]  # a holding reply stops no clock
    put_out(east, run(east, reply)["record"], "west")
    carry(east, west)
    assert run(west, close)["state"] == "closed"
    assert east("matter", "move", complaint, "close", login="duty").code == 3  # whoever complained closes it
    call = run(west, note)["record"]
    put_out(west, call, "east")
    carry(west, east)
    confirm = commands(call=call)[-1]
    assert west(*confirm[:4], login="duty").code == 3  # the desk that wrote it down does not confirm it
    assert run(east, confirm)["state"] == "confirmed"
    carry(east, west)
    assert {each["kind"]: each["state"] for each in west("matter", "list", "--json").json} == {"complaint": "closed", "hotline_call": "confirmed"}
    assert "Two boats drifted" in east("record", "show", call).out
    assert west("verify").code == east("verify").code == 0


def refused_in_words(west, incident):
    good = {"subjects": incident, "degree": "complaint", "demand": "explanation", "says": "Shots fell here."}
    faults = {"subjects": ("WEST-I-NONE", "no incident or record"), "demand": ("war", "one of these"), "says": ("", "has to be filled in"),
              "due": ("2020-01-01", "Reply asked for by")}  # fmt: skip
    for field, (value, words) in faults.items():
        given = [part for name, each in {**good, field: value}.items() for part in ("--set", f"{name}={each}")]
        ran = west("matter", "open", "complaint", *given, login="duty")
        assert (ran.code, "Traceback" in ran.err) == (2, False)
        assert words in ran.err
    assert west("matter", "open", "complaint", "--set", "nothing", login="duty").code == 2
    assert west("matter", "open", "incident_account", login="duty").code == 2
    assert west("matter", "list", "--kind", "burn").code == 2

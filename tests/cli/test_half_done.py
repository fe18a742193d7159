# SPDX-License-Identifier: Apache-2.0
"""A command for several things applies all of them, or says which it did; errors and hostile values print safely."""

from __future__ import annotations

import json

import pytest

from hamsaya.cli import say_out, user
from hamsaya.cli.say_out import escaped, printable
from hamsaya.facts.errors import OperatorError
from hamsaya.facts.words import say

REPORT = "Report\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n"
AGAIN = REPORT.replace("One civilian was", "Two civilians were")


def roster(tmp_path, *officers):
    file = tmp_path / "more.toml"
    file.write_text("".join("[[officers]]\n" + "".join(f'{key} = "{value}"\n' for key, value in each.items()) for each in officers))
    return file


def officer(login, **other):
    return {"login": login, "office": f"{login} office", "role": "officer", **other}


def logins(node):
    return [each["login"] for each in node("user", "list", "--json").json]


def drafts(node, tmp_path, *texts):
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"report{number}.txt")
        files[-1].write_text(text)
    added = node("document", "add", *files, "--own", "--json", login="duty").json
    return [draft["draft"] for each in added for draft in each["drafts"]]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (officer("No Login"), "A login has"),
        (officer("duty"), "is taken"),
        (officer("new"), "stands twice"),
        (officer("other", role="king"), "Unknown role"),
        (officer("other", language="xx"), "Unknown language"),
        (officer("other", office=" "), "An office must be named"),
    ],
)
def test_roster_with_one_wrong_officer_adds_nobody(west, tmp_path, wrong, says):
    before = logins(west)
    ran = west("user", "add", "--from", roster(tmp_path, officer("new"), wrong))
    assert ran.code == 2
    assert says in ran.err
    assert "Officer 2 of 2: nobody was added." in ran.err
    assert ran.out == ""
    assert logins(west) == before


def test_roster_that_breaks_off_shows_the_passwords_of_those_it_added(west, tmp_path, monkeypatch):
    add = user.add_officer

    def full(node, *, login, **other):
        if login == "second":
            raise OperatorError(say("The disk is full."))
        return add(node, login=login, **other)

    monkeypatch.setattr(user, "add_officer", full)
    ran = west("user", "add", "--from", roster(tmp_path, officer("first"), officer("second")), "--json")
    assert (ran.code, ran.json["error"]) == (6, "operator")
    (done,) = ran.json["done"]
    assert (done["login"], len(done["password"])) == ("first", 23)
    assert "kept: first." in ran.json["hint"]


def test_documents_kept_before_an_error_are_named(west, tmp_path):
    good, bad, never = tmp_path / "good.txt", tmp_path / "bad.txt", tmp_path / "never.txt"
    good.write_text(REPORT)
    bad.write_bytes(b"")
    never.write_text(AGAIN)
    ran = west("document", "add", good, bad, never, "--own", login="duty")
    assert ran.code == 2
    assert "kept: good.txt." in ran.err
    assert "good.txt: " in ran.out
    assert "D-" in ran.out
    assert [each["name"] for each in west("document", "list", "--json").json] == ["good.txt"]
    ran = west("document", "add", never, bad, "--own", "--json", login="duty")
    assert (ran.code, ran.json["error"]) == (2, "input")
    assert [each["name"] for each in ran.json["done"]] == ["never.txt"]
    ran = west("record", "show", "x", "--json")
    assert "done" not in ran.json


@pytest.mark.parametrize(
    ("more", "options", "code"),
    [
        (["D-none"], [], 2),
        ([], ["--grade", "Z9"], 2),
        ([], ["--handling", "purple"], 2),
        ([], ["--incident", "WEST-I-NONE"], 2),
        ([], ["--revises", "WEST-R-NONE"], 2),
        ([], ["--claim", "nothing"], 2),
        (["first"], [], 2),
        (["decided"], [], 3),
    ],
)
def test_drafts_are_all_checked_before_the_first_is_filed(west, tmp_path, more, options, code):
    first, second = drafts(west, tmp_path, REPORT, AGAIN)
    if more == ["decided"]:
        west("draft", "reject", second, "--reason", "a repetition", login="duty")
    names = [first, *({"first": first, "decided": second}.get(each, each) for each in more or [second])]
    ran = west("draft", "accept", *names, *options, login="duty")
    assert ran.code == code, ran.err
    assert west("record", "list", "--json").json == []
    assert first in [each["draft"] for each in west("draft", "list", "--json").json]


def test_drafts_that_are_all_right_are_all_filed(west, tmp_path):
    ran = west("draft", "accept", *drafts(west, tmp_path, REPORT, AGAIN), "--grade", "b2", "--handling", "GREEN", "--json", login="duty")
    assert [each["record"]["handling"] for each in ran.json] == ["green", "green"]


def test_correction_that_says_nothing_of_handling_keeps_it(west, tmp_path):
    first, second = drafts(west, tmp_path, REPORT, AGAIN)
    (held,) = west("draft", "accept", first, "--grade", "B2", "--handling", "red", "--json", login="duty").json
    (corrected,) = west("draft", "accept", second, "--grade", "B2", "--revises", held["record"]["id"], "--json", login="duty").json
    assert (corrected["record"]["version"], corrected["record"]["handling"]) == (2, "red")


@pytest.mark.parametrize("words", [["record", "show", "--nonsense", "--json"], ["nonsense", "--json"], ["draft", "reject", "D-1", "--json"]])
def test_usage_error_as_json(west, words):
    ran = west(*words)
    assert ran.code == 2
    assert ran.json["error"] == "usage"
    assert ran.json["what"]
    assert set(ran.json) == {"error", "what", "hint", "rule"}
    assert "Error: " in ran.err


def test_usage_error_without_json_prints_none(west):
    ran = west("record", "show", "--nonsense")
    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err


def test_error_of_our_own_as_json(west, monkeypatch):
    monkeypatch.setattr("hamsaya.cli.record.node_in", lambda _: 1 / 0)
    ran = west("record", "list", "--json")
    assert (ran.code, ran.json["error"]) == (70, "bug")
    assert "ZeroDivisionError" in ran.json["what"]
    assert "HAMSAYA_DEBUG" in ran.json["hint"]


def test_help_and_version_end_well(run):
    assert run("--version").code == 0
    assert run("record", "--help").code == 0


HOSTILE = "a\x1b[2Jb\x9b31mc\u202ed\u2066e\x07f\x7fg\rh"


def test_control_and_bidi_characters_do_not_reach_the_terminal(monkeypatch, capsys):
    monkeypatch.setattr(say_out, "_json_wanted", False)
    say_out.result({}, lines=[HOSTILE], table=((HOSTILE,), [(HOSTILE,)]))
    say_out.note(HOSTILE)
    say_out.failure(OperatorError(say("{x}", x=HOSTILE), say("{x}", x=HOSTILE)))
    monkeypatch.setattr(say_out, "_json_wanted", True)
    printed = capsys.readouterr()
    assert printed.out.count("a[2Jb31mcdefgh") == 3
    assert printed.err.count("a[2Jb31mcdefgh") == 3
    assert printable(printed.out + printed.err) == printed.out + printed.err
    assert printable("ab\tc\n") == "ab\tc\n"
    say_out.result({"x": HOSTILE})
    printed = capsys.readouterr().out
    assert printable(printed) == printed
    assert json.loads(printed)["x"] == HOSTILE
    assert escaped('"\u202e"') == '"\\u202e"'


def test_hostile_name_of_a_document_is_listed_without_its_controls(west, tmp_path):
    file = tmp_path / "re\x1b[31mport\u202etxt.txt"
    file.write_text(REPORT)
    west("document", "add", file, "--own", login="duty")
    out = west("document", "list").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "re[31mporttxt.txt" in out

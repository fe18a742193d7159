# SPDX-License-Identifier: Apache-2.0
"""Copies whose time has run out, from the command line: listed, ordered, held back and erased, by sticks in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.cli.test_keeping import agree, by_hand, release

from hamsaya.assemble.doctor import examine

CLAUSE = '\n[[clauses]]\nnumber = "20"\ntype = "retention"\nkinds = ["incident_account"]\ndays = 30\n'


def test_clause_is_told_on_both_sides_and_nothing_is_erased_before_its_time(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path, more=CLAUSE)
    record, sent = release(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    here, there = (
        west("release", "explain", sent["release"], "--json").json["keep"],
        east("release", "explain", sent["release"], "--json").json["keep"],
    )
    assert (
        here
        == there
        == west("release", "show", sent["release"], "--json").json["keep"]
        == east("release", "show", sent["release"], "--json").json["keep"]
    )
    assert (here["clause"], here["days"]) == ("20", 30)
    assert "30 days after they were released" in east("release", "explain", sent["release"]).out
    told = east("record", "due", "--json").json
    assert (told["due"], told["soon"], told["held"], told["there"], told["order"]) == ([], [], [], [], None)
    entry = f"{sent['log']}#{sent['seq']}"
    for args, code in (
        (["erase-due"], 2), (["erase-due", "--all", "--confirm", "1"], 2), (["erase-due", "--all"], 2), (["erase-due", "nonsense"], 2),
        (["erase-due", entry], 2), (["hold", entry, "--reason", "court"], 2), (["review-hold", entry], 2), (["review-hold", entry, "--end"], 2),
        (["erase-due", "--confirm", "7"], 2), (["erase-due", "--confirm", "7", "--hold", "court"], 2),
    ):  # fmt: skip
        assert east("record", *args, login="commander").code == code, args
    assert east("record", "erase-due", entry, login="duty").code == 3
    assert east("record", "show", record).code == 0
    lint = tmp_path / "lint.toml"
    lint.write_text(west("agreement", "draft", "--sample").out + CLAUSE.replace("20", "21").replace("30", "7") + CLAUSE)
    said = west("agreement", "lint", lint).out
    assert "the 7 days of clause 21 hold" in said
    assert "may keep them without end" in said
    assert "ends" in west("agreement", "simulate", lint).out


def later():
    return datetime.now(UTC) + timedelta(days=33)


def test_two_officers_erase_what_ran_out_and_the_sender_reads_it(two, tmp_path, monkeypatch):
    west, east = two
    agree(west, east, tmp_path, more=CLAUSE)
    record, sent = release(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    monkeypatch.setattr("hamsaya.assemble.node.utc_now", later)
    monkeypatch.setitem(examine.__kwdefaults__, "now", later)  # bound when the module was first read
    entry = f"{sent['log']}#{sent['seq']}"
    (due,) = east("record", "due", "--json").json["due"]
    assert (due["log"], due["seq"], due["days_late"], due["keep"]["clause"]) == (sent["log"], sent["seq"], 3, "20")
    assert [each["days_late"] for each in west("record", "due", "--json").json["there"]] == [3]
    shown = east("record", "due")
    assert entry in shown.out.replace("\n", "")
    assert "30 days after they were released" in shown.err
    assert "copy-due" in {each["code"] for each in east("doctor", "--json").json["findings"]}
    assert east("record", "hold", entry, "--reason", "complaint", login="approver").code == 0
    assert east("record", "review-hold", entry, "--end", login="approver").code == 3
    assert east("record", "review-hold", entry, "--end", login="commander").code == 0
    order = east("record", "erase-due", "--all", "--json", login="commander").json
    assert order["state"] == "ordered"
    assert "waits for a second officer" in east("record", "due").err
    number = str(order["number"])
    assert east("record", "erase-due", "--confirm", number, login="commander").code == 3
    assert east("record", "erase-due", "--confirm", number, "--json", login="approver").json["erased"] == [[sent["log"], sent["seq"]]]
    by_hand(east, west, tmp_path / "5.age")
    told = west("release", "show", sent["release"], "--json").json
    assert (told["condition"], told["keep"]) == ("erasure confirmed", None)
    assert "clause 20 let it be kept until" in west("release", "explain", sent["release"]).out
    for node in two:
        assert node("verify").code == 0
    assert "Mirjaveh" not in east("search", "Mirjaveh").out
    assert west("record", "show", record).code == 0

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya section`: naming, the daily word, levels, and what is refused."""

from __future__ import annotations


def test_a_section_from_naming_to_its_end(two):
    one, _ = two
    made = one("section", "define", "mirjaveh", "--name", "Mirjaveh gate", "--points", "61.4,29.0 61.5,29.3", "--json", login="commander")
    assert (made.code, made.json["held"]["name"]) == (0, "Mirjaveh gate"), made.err
    assert one("section", "level", "mirjaveh", "high", "--reason", "Shots were fired at a patrol.", login="commander").code == 0
    said = one("section", "day", "mirjaveh", login="duty")
    assert (said.code, said.out.count("nothing")) == (0, 2), said.err
    assert one("section", "day", "mirjaveh", login="duty").code == 3
    listed = one("section", "list")
    assert "high" in listed.out
    assert "Shots were fired at a patrol." in listed.out
    days = next(each for each in one("section", "days", "--json").json if each["by"] == each["party"])
    assert [day["state"] for day in days["days"]][-2:] == ["uncounted", "nothing"]
    assert one("section", "days", "--from", "2020-01-01").code == 2
    assert one("section", "end", "mirjaveh", login="commander").code == 0
    assert one("section", "day", "mirjaveh", "--reports", login="duty").code == 3

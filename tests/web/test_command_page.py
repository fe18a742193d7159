# SPDX-License-Identifier: Apache-2.0
"""The commander's page: what is owed by each side, silence and levels, and what comes next; bounded, and alike as data."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.conftest import release
from tests.desk.made import file
from tests.desk.test_meetings import INVITED, opened
from tests.desk.test_requests import ask
from tests.facts.made import claim, day

from hamsaya.desk.matters import move_matter
from hamsaya.desk.sections import define_section, set_level
from hamsaya.web.pages import command


@pytest.fixture
def busy(agreed, webs):
    west, east = agreed.west, agreed.east
    for desk in (west, east):
        ask(desk)
        define_section(desk.node, desk.officers["commander"], "mirjaveh", "Mirjaveh gate")
    set_level(west.node, west.officers["commander"], "mirjaveh", "critical", "Shots were fired <twice> at a patrol.")
    release(west, file(west).record.id)
    opened(west, "meeting", INVITED)
    for when in ("2026-11-20", "2026-12-20", "2026-12-02"):
        file(west, claim("occurred", day(when), grade=None), shape={"kind": "meeting"})
    agreed.sync()
    west.clock.at += timedelta(days=3)
    agreed.sync()
    return webs(west)


def test_both_sides_debts_silence_levels_and_the_next_meeting_are_told(busy, monkeypatch):
    commander = busy.login("commander")
    data = commander.json("/command").json()
    assert {(each["ours"], each["clock"]) for each in data["overdue"]} == {
        (ours, clock) for ours in (True, False) for clock in ("acknowledge", "answer")
    }
    assert data["unopened"] == {"east": 3}
    assert data["unread_overdue"] == 1
    assert {(each["by"], each["silent"], each["last"]) for each in data["quiet"]} == {("west", 3, "silent"), ("east", 3, "silent")}
    assert (data["meeting"]["at"][:10], data["meeting"]["state"]) == ("2026-11-29", "invited")
    page = commander.get("/command").text
    assert "&lt;twice&gt;" in page
    assert page.count("overdue by") >= 4
    move_matter(busy.desk.node, busy.desk.officers["duty"], data["meeting"]["record"], "cancel")
    assert commander.json("/command").json()["meeting"]["at"].startswith("2026-12-02")  # which a record tells that is nobody's matter yet
    monkeypatch.setattr(command, "SHOWN", 1)
    owed = commander.json("/command").json()
    rest = [max(sum(each["ours"] == ours for each in owed["overdue"]) - 1, 0) for ours in (True, False)] + [max(len(owed["running"]) - 1, 0)]
    (told,) = re.findall(r"Not shown: \W*(?:<[^>]+>)?(\d+)", commander.get("/command").text)
    assert int(told) == sum(rest)  # what is due first is shown, and the rest counted
    assert sum(rest) >= 2


def test_an_empty_desk_says_so(web):
    page = web.login("commander").get("/command")
    assert page.status_code == 200
    assert "No record tells of a meeting to come." in page.text

# SPDX-License-Identifier: Apache-2.0
"""Logs that were begun anew on the page Links: a commander's form where a link is held, the act on both desks, and a change of key unheard."""

from __future__ import annotations

from tests.conftest import release
from tests.desk.test_key_change import change

from hamsaya.desk.keeping import hold_link

WHY = "The disk was lost and another history was begun on it."
HTML = {"accept": "text/html"}


def test_commander_begins_anew_and_both_desks_say_so(web, webs, agreed):
    release(agreed.west, agreed.west.file().record.id)
    agreed.sync()
    commander, duty = web.login("commander"), web.login("officer")
    assert "anew" not in commander.get("/links", headers=HTML).text
    assert commander.post("/links/east/epoch", data={"reason": WHY}).status_code == 403  # it is not held
    hold_link(web.desk.node, "east", "a fork was named")
    assert "Begin anew, by my office" in commander.get("/links", headers=HTML).text
    assert "Begin anew, by my office" not in duty.get("/links", headers=HTML).text
    assert duty.post("/links/east/epoch", data={"reason": WHY}).status_code == 403
    assert commander.post("/links/east/epoch", data={"reason": ""}).status_code == 400
    made = commander.post("/links/east/epoch", data={"reason": WHY}).json()
    assert (made["sender"], made["receiver"], made["reason"]) == ("west", "east", WHY)
    agreed.sync()
    for office in (duty, webs(agreed.east).login("officer")):
        (epoch,) = office.json("/links").json()["epochs"]
        assert epoch["epoch"] == made["epoch"]
        page = office.get("/links", headers=HTML).text
        assert WHY in page
        assert "both had signed the first 1 entries" in page or "both had signed the first" in page


def test_neighbour_that_has_not_heard_of_our_new_key_is_named_until_it_has(webs, agreed):
    change(agreed.west)
    office = webs(agreed.west).login("officer")
    assert office.json("/links").json()["unheard_key"] == ["east"]
    assert "has not heard yet that this node changed its key" in office.get("/links", headers=HTML).text
    agreed.sync()
    assert office.json("/links").json()["unheard_key"] == []

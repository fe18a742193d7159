# SPDX-License-Identifier: Apache-2.0
"""A pursuit on the pages: the host's STOP is its first button; it covers the pursuer's screen; a report that is missing is red on both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.desk.walk import typed

from hamsaya.desk.matters import move_matter
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.settlement.pursuit import PURSUIT

WHY = {"receiver": "east", "purpose": "prevention", "necessity": "Your posts must know that we come near the line."}


@pytest.fixture
def told(agreed, web, webs):
    """West told of a pursuit; both desks and the record."""
    duty = web.login("officer")
    sent = {f"field_{name}": value for name, value in typed(PURSUIT.form, "").items()}
    form = duty.json(f"/matters/new/{PURSUIT.kind}").json()
    assert form["fields"] == [field.name for field in PURSUIT.form.fields]
    record = duty.post(f"/matters/new/{PURSUIT.kind}", data=sent).json()["matter"]
    held = duty.post("/releases", data={"record": record, **WHY}).json()
    web.login("approver").post(f"/releases/{held['release']}/approve")
    agreed.sync()
    return web, webs(agreed.east), record


def test_stop_is_the_first_button_of_the_host_and_covers_the_pursuers_screen(agreed, told):
    west, east, record = told
    page = east.login("officer").get(f"/matters/{record}").text
    main = page.split("<main", maxsplit=1)[1]
    assert main[main.index("<button") :].startswith('<button type="submit" class="stop-button">STOP<')
    assert main.index("stop-button") < main.index('class="button"')
    assert f"/matters/{record}/move" in main
    assert f"/matters/{record}/stop" not in west.login("officer").get(f"/matters/{record}").text
    assert f"/matters/{record}/stop" not in east.login("analyst").get(f"/matters/{record}").text
    office = east.login("officer")
    sent = office.post(f"/matters/{record}/stop", data={"token": "once"}).json()
    assert office.post(f"/matters/{record}/stop", data={"token": "once"}).json()["case"] == sent["case"]
    assert east.logged == ["west", "west"]
    agreed.sync()
    covered = west.login("officer").get("/inbox", headers={"accept": "text/html"}).text
    assert 'role="alertdialog"' in covered
    assert f'href="/matters/{record}"' in covered.split('role="alertdialog"', maxsplit=1)[1]
    for web in (west, east):
        (dealing,) = web.login("officer").json(f"/matters/{record}").json()["dealings"]
        assert dealing["state"] == "stopped"


def test_missing_report_is_red_on_both_desks(agreed, told):
    west, east, record = told
    move_matter(agreed.west.node, agreed.west.officers["duty"], record, "end")
    agreed.sync()
    for desk in {id(each.clock): each for each in (agreed.west, agreed.east)}.values():
        desk.clock.at += timedelta(hours=25)
    for web in (west, east):
        office = web.login("officer")
        assert '<section class="card bad"' in office.get(f"/matters/{record}").text
        listed = office.json("/matters?kind=pursuit_notice").json()
        assert listed["late"] == 1
        assert [clock["overdue"] for clock in listed["matters"][0]["clocks"] if clock["name"] == "report"] == [True]


def test_what_the_host_allows_is_shown_with_its_end(agreed, told):
    west, east, record = told
    duty = agreed.east.officers["duty"]
    filed = answer_matter(agreed.east.node, duty, record, "allow", Sheet(typed=typed(PURSUIT.moves["allow"].form, "")))
    office = east.login("officer")
    held = office.post("/releases", data={"record": filed.held.record.id, **WHY, "receiver": "west"}).json()
    east.login("approver").post(f"/releases/{held['release']}/approve")
    agreed.sync()
    page = west.login("officer").get(f"/matters/{record}").text
    assert "may go on" in page
    assert "End of what was allowed" in page


def test_form_leaves_green_unless_the_officer_says_otherwise(agreed):
    duty = agreed.west.officers["duty"]
    for handling, level in (("", "green"), ("amber", "amber")):
        sheet = Sheet(typed=typed(PURSUIT.form, ""), handling=handling)
        assert open_matter(agreed.west.node, duty, PURSUIT.kind, sheet).held.record.handling == level

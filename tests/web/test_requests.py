# SPDX-License-Identifier: Apache-2.0
"""On the desk: what a neighbour asked, a question where a ground may be touched, and a refusal whose ground only those see who check."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from tests.desk.test_requests import REASON, answer, ask, stands
from tests.web.conftest import open_web

from hamsaya.desk import docket
from hamsaya.desk.roles import ROLES, may


@pytest.fixture
def asked_web(agreed, webs):
    """West's desk, which east has asked about a refugee."""
    request = ask(agreed.east, "Where is the refugee who came over on 15 November?")
    agreed.sync()
    return agreed, webs(agreed.west), request


def test_request_is_listed_with_its_clocks_and_leads_to_its_page(asked_web):
    _, web, request = asked_web
    office = web.login("officer")
    (told,) = office.json("/requests").json()["requests"]
    assert (told["request"], told["condition"], told["ours"], told["answer_overdue"]) == (request, "asked", False, False)
    page = office.get("/requests").text
    assert f'href="/requests/{request}"' in page
    assert "answer within" in page
    assert "Where is the refugee who came over" in page  # what is asked, without opening it
    assert f'href="/requests/{request}"' in office.get("/inbox").text
    assert f'href="/requests/{request}"' in office.get(f"/records/{request}").text


def test_what_is_due_first_stands_first_however_many_came_later(asked_web, monkeypatch):
    pair, web, first = asked_web
    pair.east.clock.at += timedelta(hours=1)
    later = [ask(pair.east, f"Which post saw boat {number}?") for number in range(4)]
    pair.sync()
    monkeypatch.setattr(docket, "docket_page", partial(docket.docket_page, limit=2))
    office, listed, after = web.login("officer"), [], ""
    while True:
        told = office.json(f"/requests?after={after}").json()
        listed += [each["request"] for each in told["requests"]]
        assert told["all"] == 5
        assert len(told["requests"]) <= 2
        after = told["next"]
        if not after:
            break
    assert listed[0] == first
    assert sorted(listed[1:]) == sorted(later)
    page = office.get("/requests").text
    assert re.search(r"in all: \D*5\D", page)
    assert "/requests?after=" in page


def test_word_that_suggests_a_ground_is_a_question_and_decides_nothing(asked_web):
    _, web, request = asked_web
    office = web.login("officer")
    told = office.json(f"/requests/{request}").json()
    assert [each["ground"] for each in told["doubts"]] == ["asylum"]
    page = office.get(f"/requests/{request}").text
    assert "suggests that it may touch this ground" in page
    assert "&lt;" not in page.split("A question to you")[1].split("</section>")[0]
    assert "checked" not in page
    assert told["dealings"][0]["condition"] == "asked"


@pytest.mark.parametrize("role", sorted(role for role in ROLES if may(role, "read")))
def test_ground_and_reason_are_shown_to_those_who_check_and_to_nobody_else(asked_web, role):
    _, web, request = asked_web
    done = web.login("officer").post(f"/requests/{request}/refuse", data={"grounds": ["asylum", "torture"], "reason": REASON})
    assert done.status_code == 200, done.text
    assert web.logged == ["east"]
    assert REASON not in done.text
    office = web.login(role)
    page = office.get(f"/requests/{request}").text
    assert "refused on a ground" in page
    sees = may(role, "audit")
    for address in ("/requests", f"/requests/{request}"):
        text = office.json(address).text
        assert (REASON in text) == (sees)
        assert ("torture" in text) == sees
    assert (REASON in page) == sees
    assert ("risk of torture" in page) == sees


def test_neighbours_desk_says_that_it_was_refused_and_not_on_which_ground(asked_web):
    pair, web, request = asked_web
    web.login("officer").post(f"/requests/{request}/refuse", data={"grounds": ["asylum"], "reason": REASON})
    pair.sync()
    there = open_web(pair.east)
    auditor = there.login("auditor")
    page = auditor.get(f"/requests/{request}").text
    assert "Refused on a ground that the agreement names; which one is not told." in page
    assert "duty office" not in page or "officer desk" in page
    for address in (f"/requests/{request}", "/requests", "/inbox"):
        for text in (auditor.get(address).text, auditor.json(address).text):
            assert REASON not in text
            assert "seeks asylum" not in text
    assert "Refusal of a request on a ground" in auditor.get("/inbox").text
    assert stands(pair.east, request).condition == "refused"


def test_refusing_needs_ground_and_reason_and_happens_once(asked_web):
    _, web, request = asked_web
    office = web.login("officer")
    for data in ({"reason": REASON}, {"grounds": "asylum"}, {"grounds": "unknown", "reason": REASON}):
        assert office.post(f"/requests/{request}/refuse", data=data).status_code == 400
    assert office.post(f"/requests/{request}/refuse", data={"grounds": "asylum", "reason": REASON}).status_code == 200
    assert office.post(f"/requests/{request}/refuse", data={"grounds": "racial", "reason": REASON}).status_code == 409
    assert "Refuse on this ground" not in office.get(f"/requests/{request}").text


def test_answer_is_a_report_that_names_the_request_on_both_desks(asked_web):
    pair, web, request = asked_web
    office = web.login("officer")
    form = office.get(f"/reports/new?answers={request}").text
    assert f'name="answers" value="{request}"' in form
    fields = {"kind": "notice", "remarks": "The post knows of nobody.", "reliability": "B", "credibility": "2", "answers": request}
    assert office.post("/reports", data=fields | {"answers": "EAST-R-NONE"}).status_code == 404
    record = office.post("/reports", data=fields).json()["record"]["id"]
    assert f'href="/requests/{request}"' in office.get(f"/records/{record}").text
    data = {"record": record, "receiver": "east", "purpose": "settlement", "necessity": "They asked for it and need it."}
    held = office.post("/releases", data=data).json()
    assert web.login("approver").post(f"/releases/{held['release']}/approve").json()["condition"] == "logged"
    pair.sync()
    there = open_web(pair.east).login("officer")
    for each in (office, there):
        told = each.json(f"/requests/{request}").json()["dealings"][0]
        assert (told["condition"], [answer["record"] for answer in told["answers"]]) == ("answered", [record])
        assert f'href="/records/{record}"' in each.get(f"/requests/{request}").text
    assert f'href="/requests/{request}"' in there.get(f"/records/{record}").text


def test_whoever_asked_closes_it_on_the_page_and_both_desks_say_so(agreed, webs):
    request = ask(agreed.west, "Why did three boats pass the buoy?", kind="explanation_request")
    agreed.sync()
    west, east = webs(agreed.west), webs(agreed.east)
    office, there, reader = west.login("officer"), east.login("officer"), west.login("analyst")
    page = f"/requests/{request}"
    assert "Request for explanation" in office.get(page).text
    assert "Close it" not in office.get(page).text  # nothing was answered yet
    assert "Take it back" in office.get(page).text
    assert "Take it back" not in there.get(page).text
    assert "Take it back" not in reader.get(page).text
    for data, code in (({"move": "close"}, 409), ({"move": "burn"}, 400), ({}, 400), ({"move": "withdraw", "party": "north"}, 404)):
        assert office.post(f"{page}/move", data=data).status_code == code
    assert there.post(f"{page}/move", data={"move": "withdraw"}).status_code == 403
    answer(agreed.east, request)
    agreed.sync()
    assert "explained" in office.get(page).text
    assert office.post(f"{page}/move", json=False, data={"move": "close", "party": "east"}).headers["location"] == page
    assert west.logged == ["east"]
    agreed.sync()
    for each in (office, there, reader):
        told = each.json(page).json()["dealings"][0]
        assert (told["condition"], [step["move"] for step in told["moved"]]) == ("closed", ["close"])
        assert "Whoever asked has closed it." in each.get(page).text
    assert page in there.get("/inbox").text
    assert "Ask again" in office.get(page).text

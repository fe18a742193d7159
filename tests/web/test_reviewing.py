# SPDX-License-Identifier: Apache-2.0
"""On the desk: one officer releases under a standing approval, and another is shown what waits for a review."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import STANDING
from tests.desk.made import file
from tests.desk.test_releases import TERMS
from tests.desk.test_reviewing import meeting
from tests.web.conftest import NECESSITY


@pytest.fixture
def stood_web(pair, webs):
    """West's desk under an agreement with a standing approval."""
    pair.agree(TERMS + STANDING)
    return webs(pair.west)


def form_of(officer, record):
    shown = officer.post(f"/records/{record}/release", data={"receiver": "east", "purpose": "settlement", "necessity": NECESSITY, "token": "a" * 32})
    return shown.json()


def send(officer, record, **fields):
    whole = {"record": record, "receiver": "east", "purpose": "settlement", "necessity": NECESSITY} | fields
    answer = officer.post("/releases", data=whole)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_form_says_that_one_officer_is_enough_and_only_that_button_releases(stood_web):
    web, record = stood_web, meeting(stood_web.desk)
    officer = web.login("officer")
    shown = form_of(officer, record)
    assert shown["alone"] == {"clause": "11", "review_h": 6}
    page = officer.post(f"/records/{record}/release", json=False, data={"purpose": "settlement", "necessity": NECESSITY, "token": "a" * 32}).text
    assert "it leaves as soon as you send it" in page
    assert 'name="alone"' in page
    assert "One officer may release these kinds up to TLP:GREEN" in page
    waits = send(officer, record, token="a" * 32, bytes=shown["bytes"])
    assert (waits["condition"], web.logged) == ("proposed", [])
    done = send(officer, record, alone="yes")
    assert (done["condition"], web.logged) == ("logged", ["east"])


def test_form_of_what_is_not_covered_offers_the_second_officer_only(stood_web):
    web = stood_web
    record = file(web.desk, shape={"kind": "complaint"}, handling="green").record.id
    officer = web.login("officer")
    assert form_of(officer, record)["alone"] is None
    assert send(officer, record, alone="yes")["condition"] == "proposed"


def test_review_stands_on_the_list_and_on_its_page_until_it_is_made(stood_web):
    web = stood_web
    officer, approver, auditor = web.login("officer"), web.login("approver"), web.login("auditor")
    held = send(officer, meeting(web.desk), alone="yes")
    path = f"/releases/{held['release']}"
    listed = approver.json("/releases").json()
    assert auditor.json("/oversight").json()["overdue"] == []
    assert (listed["to_review"], listed["overdue"], [each["release"] for each in listed["reviews"]]) == (1, 0, [held["release"]])
    page = approver.get(path).text
    assert f'action="{path}/review"' in page
    assert "one officer, by standing approval" in page
    for other in (officer, auditor):
        assert "to review" in other.get(path).text
        assert f'action="{path}/review"' not in other.get(path).text
        assert "releases to review:" in other.get("/releases").text
    web.desk.clock.at += timedelta(hours=7)
    auditor, approver = web.login("auditor"), web.login("approver")  # the sessions ended meanwhile
    assert "review overdue" in auditor.get(path).text
    assert auditor.json("/releases").json()["overdue"] == 1
    assert [each["release"] for each in auditor.json("/oversight").json()["overdue"]] == [held["release"]]
    assert all(part in auditor.get("/oversight").text for part in ("Reviews that are overdue", held["release"], "review overdue"))
    assert approver.post(f"{path}/review", data={"outcome": "perhaps"}).status_code == 400
    assert approver.post(f"{path}/review", data={"outcome": "recall"}).status_code == 400
    done = approver.post(f"{path}/review", data={"outcome": "recall", "reason": "It names the wrong day."})
    assert done.json()["outcome"] == "recall"
    page = auditor.get(path).text
    assert "It names the wrong day." in page
    assert f'action="{path}/review"' not in approver.get(path).text
    assert auditor.json("/releases").json()["to_review"] == 0
    assert auditor.json("/oversight").json()["overdue"] == []
    assert approver.post(f"{path}/review", data={"outcome": "fine"}).status_code == 409

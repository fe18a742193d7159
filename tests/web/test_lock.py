# SPDX-License-Identifier: Apache-2.0
"""The idle lock: a locked session reads and does nothing until its own password is given, and ends in its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

JSON = {"accept": "application/json"}
RIGHT = {"password": "correct horse"}


@pytest.fixture
def alone(desk, webs):
    return webs(desk, lock_after_s=600)


@pytest.fixture
def locked(alone):
    office = alone.login()
    assert office.post("/lock").json()["locked"] is True
    return office


def test_locked_session_reads_nothing_and_does_nothing(locked):
    for path in ("/inbox", "/records", "/account", "/reports/new"):
        page = locked.get(path)
        assert (page.status_code, page.headers["location"]) == (303, "/locked")
        assert locked.json(path).status_code == 401
    assert locked.post("/reports", data={"size": "12", "reliability": "B", "credibility": "2"}).status_code == 401
    asked = locked.get("/locked")
    assert asked.status_code == 200
    assert 'value="web-officer"' in asked.text
    assert "form.office" not in asked.text
    assert "waiting" not in asked.text


def test_form_that_was_sent_while_locked_comes_back_whole(locked):
    back = locked.post("/reports", json=False, data={"csrf": locked.csrf, "size": "12", "remarks": "seen from the tower"})
    assert back.status_code == 401
    assert "seen from the tower" in back.text


def test_own_password_opens_it_and_the_form_of_before_still_counts(locked):
    assert locked.post("/unlock", data=RIGHT).json()["locked"] is False
    assert locked.json("/inbox").status_code == 200
    filed = locked.post("/reports", data={"size": "12", "reliability": "B", "credibility": "2"})
    assert filed.status_code == 200, filed.text


def test_page_without_script_opens_it_too(locked):
    wrong = locked.post("/unlock", json=False, data={"page": "yes", "password": "guess"})
    assert wrong.status_code == 403
    assert "The password is wrong." in wrong.text
    right = locked.post("/unlock", json=False, data={"page": "yes", **RIGHT})
    assert (right.status_code, right.headers["location"]) == (303, "/")


def test_wrong_passwords_are_slowed_down_like_logins(locked, alone):
    for _ in range(5):
        refused = locked.post("/unlock", data={"password": "guess"})
        assert (refused.status_code, refused.json()["rule"]) == (403, "password")
    assert locked.post("/unlock", data=RIGHT).status_code == 429
    assert alone.visitor().client.post("/login", data={"login": "web-officer", **RIGHT}, headers=JSON).status_code == 429
    alone.desk.clock.at += timedelta(seconds=3)
    assert locked.post("/unlock", data=RIGHT).status_code == 200


def test_locked_session_still_ends_in_its_time_and_tries_do_not_prolong_it(locked, alone):
    for _ in range(3):
        alone.desk.clock.at += timedelta(minutes=9)
        assert locked.get("/inbox").headers["location"] == "/locked"
        locked.post("/unlock", data={"password": "guess"})
    alone.desk.clock.at += timedelta(minutes=9)
    assert locked.get("/inbox").headers["location"] == "/login"
    assert locked.post("/unlock", data=RIGHT).status_code == 401


def test_somebody_else_logs_in_instead_and_the_locked_session_is_gone(locked, alone):
    old = locked.client.cookies["hamsaya-west"]
    assert locked.client.post("/login", data={"login": "web-analyst", **RIGHT}, headers=JSON).status_code == 200
    assert locked.json("/account").json()["login"] == "web-analyst"
    stranger = alone.visitor()
    stranger.client.cookies.set("hamsaya-west", old)
    assert stranger.post("/unlock", data=RIGHT).status_code == 401


def test_lock_needs_the_token_and_a_session_and_unlock_its_own_origin(alone):
    office = alone.login()
    assert office.post("/lock", csrf="guess").json()["rule"] == "csrf"
    assert alone.visitor().post("/lock").status_code == 401
    assert alone.visitor().post("/unlock", data=RIGHT).status_code == 401
    office.post("/lock")
    far = office.client.post("/unlock", data=RIGHT, headers={**JSON, "origin": "https://elsewhere.example"})
    assert (far.status_code, far.json()["rule"]) == (403, "origin")


def test_lock_that_is_locked_already_by_another_page_is_locked_and_still_needs_the_token(locked):
    assert locked.post("/lock").json()["locked"] is True
    assert locked.post("/lock", csrf="guess").json()["rule"] == "csrf"
    assert locked.json("/records").status_code == 401


def test_changed_account_is_not_unlocked(locked, alone):
    alone.login("administrator").post("/officers/web-officer/disable")
    assert locked.post("/unlock", data=RIGHT).status_code == 401


def test_page_knows_when_to_cover_itself_and_nobody_needs_it_outside(alone):
    assert 'data-after="600"' in alone.login().get("/inbox").text
    assert 'id="lock"' not in alone.visitor().get("/login").text


def test_desk_without_a_lock_has_none(desk, webs):
    assert 'id="lock"' not in webs(desk).login().get("/inbox").text

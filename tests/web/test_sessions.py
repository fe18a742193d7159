# SPDX-License-Identifier: Apache-2.0
"""Sessions end, tokens bind, logins are slowed down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamsaya.web.passwords import check_password, hash_password
from hamsaya.web.session import Attempts

JSON = {"accept": "application/json"}


def move(web, **span: float) -> None:
    web.desk.clock.at += timedelta(**span)


@pytest.fixture
def alone(desk, webs):
    return webs(desk)


def test_password_hash_is_argon2id_with_64_mib():
    hashed = hash_password("secret words")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert check_password(hashed, "secret words")
    assert not check_password(hashed, "Secret words")
    assert not check_password(None, "secret words")
    assert not check_password("no hash at all", "secret words")
    assert not check_password(hashed, "x" * 2000)


def test_cookie_is_closed_to_scripts_and_other_sites(alone):
    answer = alone.visitor().client.post("/login", data={"login": "web-officer", "password": "correct horse"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie  # this test speaks plain HTTP
    assert len(answer.cookies["hamsaya-west"]) == 64


def test_cookie_is_secure_over_https(alone):
    client = alone.visitor().client
    client.base_url = "https://desk.example"
    answer = client.post("/login", data={"login": "web-officer", "password": "correct horse"}, follow_redirects=False)
    assert "secure" in answer.headers["set-cookie"].lower()


def test_session_ends_after_half_an_hour_of_silence(alone):
    office = alone.login()
    move(alone, minutes=29)
    assert office.json("/inbox").status_code == 200
    move(alone, minutes=29)
    assert office.json("/inbox").status_code == 200
    move(alone, minutes=30)
    assert office.json("/inbox").status_code == 401


def test_session_ends_after_twelve_hours_at_the_latest(alone):
    office = alone.login()
    for _ in range(35):
        move(alone, minutes=20)
        assert office.json("/inbox").status_code == 200
    move(alone, minutes=20)
    assert office.json("/inbox").status_code == 401


def test_logout_ends_the_session_on_the_server(alone):
    office = alone.login()
    cookie = office.client.cookies["hamsaya-west"]
    assert office.post("/logout").status_code == 200
    assert alone.visitor().client.get("/inbox", headers={**JSON, "cookie": f"hamsaya-west={cookie}"}).status_code == 401


def test_login_rotates_the_session(alone):
    office = alone.login()
    before = office.client.cookies["hamsaya-west"]
    office.client.post("/login", data={"login": "web-approver", "password": "correct horse"}, headers=JSON)
    assert office.client.cookies["hamsaya-west"] != before
    assert alone.visitor().client.get("/inbox", headers={**JSON, "cookie": f"hamsaya-west={before}"}).status_code == 401


def test_two_desks_of_one_machine_share_a_browser(pair, webs):
    """Cookies ignore ports: one jar is sent to both desks."""
    here, there = webs(pair.west).login(), webs(pair.east).login()
    there.client.cookies = here.client.cookies.jar
    for _ in range(2):
        for office in (here, there):
            answer = office.client.post("/login", data={"login": "web-officer", "password": "correct horse"}, headers=JSON)
            assert answer.status_code == 200
            office.csrf = answer.json()["csrf"]
            assert office.json("/inbox").status_code == 200
        assert here.json("/inbox").status_code == 200
    assert {"hamsaya-west", "hamsaya-east"} <= set(here.client.cookies)
    assert there.post("/logout").status_code == 200
    assert there.json("/inbox").status_code == 401
    assert here.json("/inbox").status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_form_without_the_right_token_is_refused(alone, work, token):
    office = alone.login()
    draft = work.take_in(office)["drafts"][0]["draft"]
    answer = office.client.post(
        f"/drafts/{draft}/accept", headers={**JSON, "x-csrf": token.encode()}, data={"grade": "B2", "csrf": token}, follow_redirects=False
    )
    assert (answer.status_code, answer.json()["rule"]) == (403, "csrf")
    assert office.json(f"/drafts/{draft}").json()["state"] == "open"


def test_token_may_come_as_a_field_of_the_form(alone, work):
    office = alone.login()
    draft = work.take_in(office)["drafts"][0]["draft"]
    answer = office.client.post(f"/drafts/{draft}/reject", data={"reason": "no", "csrf": office.csrf}, headers=JSON)
    assert answer.json()["state"] == "rejected"


def test_token_of_another_session_is_refused(alone):
    one, other = alone.login("officer"), alone.login("approver")
    assert one.post("/logout", csrf=other.csrf).status_code == 403
    assert one.json("/inbox").status_code == 200


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": "http://testserver.local:1"}, False),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "http://testserver.local"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({}, True),
    ],
)
def test_form_of_another_site_is_refused(alone, headers, admitted):
    office = alone.login()
    answer = office.client.post("/logout", headers={**JSON, "x-csrf": office.csrf, **headers})
    assert answer.status_code == (200 if admitted else 403)
    if not admitted:
        assert answer.json()["rule"] == "origin"
        login = alone.visitor().client.post("/login", headers={**JSON, **headers}, data={"login": "web-officer", "password": "correct horse"})
        assert (login.status_code, login.json()["rule"]) == (403, "origin")


def test_sixth_failure_has_to_wait_longer_and_longer(alone):
    client = alone.visitor().client

    def attempt(password):
        return client.post("/login", data={"login": "web-officer", "password": password}, headers=JSON)

    for _ in range(5):
        assert attempt("wrong").status_code == 401
    waited = attempt("correct horse")
    assert (waited.status_code, waited.json()["error"]) == (429, "too-many")
    first = int(waited.headers["retry-after"])
    move(alone, seconds=first)
    assert attempt("wrong").status_code == 401
    assert int(attempt("correct horse").headers["retry-after"]) > first
    move(alone, minutes=5)
    assert attempt("correct horse").status_code == 200


def test_failures_of_one_address_count_over_all_logins(alone):
    client = alone.visitor().client
    for number in range(5):
        assert client.post("/login", data={"login": f"nobody{number}", "password": "x"}, headers=JSON).status_code == 401
    assert client.post("/login", data={"login": "web-officer", "password": "correct horse"}, headers=JSON).status_code == 429


def test_failed_login_says_the_same_for_known_and_unknown_logins(alone):
    client = alone.visitor().client
    answers = [client.post("/login", data={"login": name, "password": "wrong"}, headers=JSON) for name in ("web-officer", "nobody")]
    assert answers[0].content == answers[1].content
    page = client.post("/login", data={"login": "nobody", "password": "wrong"})
    assert page.status_code == 401
    assert "Login or password is wrong." in page.text
    assert 'name="password"' in page.text


def test_waits_grow_to_a_limit_and_are_forgotten(desk):
    attempts, at = Attempts(desk.store), datetime(2026, 1, 1, tzinfo=UTC)
    waits = []
    for _ in range(16):
        attempts.failed(["k"], at)
        waits.append(attempts.wait_s(["k"], at))
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:8] == [2, 4, 8, 16]
    assert max(waits) == waits[-1] == 300
    assert attempts.wait_s(["k"], at + timedelta(minutes=30)) == 0

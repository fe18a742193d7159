# SPDX-License-Identifier: Apache-2.0
"""Accounts at the desk: one-time passwords, changing one's own, disabling, and what ends a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hamsaya.desk.logins import move_officer, reset_password, stop_officer
from hamsaya.desk.parties import officer_of
from hamsaya.facts.errors import InputError
from hamsaya.web import create_desk
from hamsaya.web.passphrase import check_choice, make_password
from hamsaya.web.passwords import hash_password

JSON = {"accept": "application/json"}
MINE = "quiet lamp over seven hills"


@pytest.fixture
def alone(desk, webs):
    return webs(desk)


def enter(web, login, password):
    office = web.visitor()
    answer = office.client.post("/login", data={"login": login, "password": password}, headers=JSON, follow_redirects=False)
    if answer.status_code == 200:
        office.csrf = answer.json()["csrf"]
    return office, answer


def admin_of(web):
    with web.desk.store.reading() as book:
        return officer_of(book, "web-administrator")


def test_administrator_is_led_to_the_accounts_and_officers_to_the_inbox(alone):
    for role, first in (("administrator", "/officers"), ("officer", "/"), ("auditor", "/")):
        answer = alone.visitor().client.post("/login", data={"login": f"web-{role}", "password": "correct horse"}, follow_redirects=False)
        assert answer.headers["location"] == first
        assert alone.login(role).get(first).status_code == 200


def test_refused_administrator_is_led_back_to_a_page_that_is_theirs(alone):
    refused = alone.login("administrator").get("/records")
    assert refused.status_code == 403
    assert '<a href="/officers">Officers</a></p>' in refused.text
    assert "To the inbox" not in refused.text


def test_new_officer_comes_in_with_a_password_shown_once_and_must_choose_another(alone):
    admin = alone.login("administrator")
    page = admin.post("/officers", json=False, data={"login": "new", "office": "Duty Officer Taftan", "role": "officer", "language": "fa"})
    password = page.text.split('class="once">', 1)[1].split("<", 1)[0]
    assert page.status_code == 200
    assert password not in admin.get("/officers").text
    assert "$argon2" not in page.text + admin.json("/officers").text

    office, answer = enter(alone, "new", password)
    assert answer.json()["once"] is True
    for path in ("/", "/inbox", "/incidents", "/roles"):
        assert office.get(path).headers["location"] == "/account"
        assert office.json(path).json()["rule"] == "one-time"
    assert office.post("/documents", files={"file": ("a.txt", b"x")}).json()["rule"] == "one-time"
    assert office.post("/account/passkeys", data={"name": "x", "password": password}).json()["rule"] == "one-time"
    assert "set by somebody else" in office.get("/account?lang=en").text

    chosen = office.post("/account/password", data={"password": password, "new": MINE, "again": MINE})
    assert (chosen.status_code, chosen.json()["once"]) == (200, False)
    assert office.json("/inbox").status_code == 200
    assert enter(alone, "new", password)[1].status_code == 401
    assert enter(alone, "new", MINE)[1].status_code == 200


def test_exercise_node_opens_at_once_with_a_one_time_password(desk, webs):
    web = webs(desk, exercise=True)
    given = web.login("administrator").post("/officers", data={"login": "new", "office": "Duty", "role": "officer", "language": "en"}).json()
    office, answer = enter(web, "new", given["password"])
    assert answer.json()["once"] is True
    assert office.json("/inbox").status_code == 200
    assert "On an exercise node it may stay" in office.get("/account").text


def test_new_password_ends_all_other_sessions_and_renews_this_one(alone):
    here, there = alone.login(), alone.login()
    cookie, csrf = here.client.cookies["hamsaya-west"], here.csrf
    answer = here.post("/account/password", data={"password": "correct horse", "new": MINE, "again": MINE})
    assert answer.status_code == 200
    assert here.client.cookies["hamsaya-west"] != cookie
    assert answer.json()["csrf"] != csrf
    assert here.json("/inbox").status_code == 200
    assert there.json("/inbox").status_code == 401
    assert alone.visitor().client.get("/inbox", headers={**JSON, "cookie": f"hamsaya-west={cookie}"}).status_code == 401


@pytest.mark.parametrize(
    ("fields", "status", "rule"),
    [
        ({"password": "wrong", "new": MINE, "again": MINE}, 403, "password"),
        ({"new": MINE, "again": MINE}, 403, "password"),
        ({"password": "correct horse", "new": MINE, "again": MINE + "x"}, 400, ""),
        ({"password": "correct horse", "new": "correct horse", "again": "correct horse"}, 400, ""),
        ({"password": "correct horse", "new": "short", "again": "short"}, 400, ""),
        ({"password": "correct horse", "new": "password123456", "again": "password123456"}, 400, ""),
        ({"password": "correct horse"}, 400, ""),
    ],
)
def test_password_that_may_not_be_set_is_not(alone, fields, status, rule):
    office = alone.login()
    answer = office.post("/account/password", data=fields)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)
    assert office.json("/inbox").status_code == 200
    assert enter(alone, "web-officer", "correct horse")[1].status_code == 200


def test_wrong_old_passwords_are_slowed_down_like_logins(alone):
    office = alone.login()
    for _ in range(5):
        assert office.post("/account/password", data={"password": "guess", "new": MINE, "again": MINE}).status_code == 403
    answer = office.post("/account/password", data={"password": "correct horse", "new": MINE, "again": MINE})
    assert (answer.status_code, answer.json()["error"]) == (429, "too-many")
    assert enter(alone, "web-officer", "correct horse")[1].status_code == 429
    alone.desk.clock.at += timedelta(minutes=6)
    assert office.post("/account/password", data={"password": "correct horse", "new": MINE, "again": MINE}).status_code == 200


@pytest.mark.parametrize(
    "bad",
    ["short", "x" * 1025, "password1234", "P@ssw0rd!2026", "passwordpassword", "qwertyuiop123", "aaaaaaaaaaaaaa", "123456789012", "abcabcabcabc",
     "correct horse battery staple", "duty-office-2026", "Duty Office 99!", "westwestwest1", "گذرواژه۱۲۳۴۵۶", "letmein-letmein", "1qaz2wsx3edc"],
)  # fmt: skip
def test_bad_password_is_refused(bad):
    with pytest.raises(InputError):
        check_choice(bad, ["duty", "Duty Office", "west"])


@pytest.mark.parametrize("good", [MINE, "kettle mountain borrowed", "چراغ کوه آرام دریا", "پہاڑ کی شام خاموش تھی", "vX7#qLm2!tRz9"])
def test_good_password_is_let_through(good):
    check_choice(good, ["duty", "Duty Office", "west"])


def test_passwords_that_are_made_may_be_chosen_and_differ():
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    for each in made:
        check_choice(each, ["duty", "Duty Office", "west"])


@pytest.mark.parametrize("how", ["stopped", "moved", "reset", "everywhere"])
def test_session_ends_when_its_account_changes(alone, how):
    office, other = alone.login(), alone.login("analyst")
    assert office.json("/inbox").status_code == 200
    node, admin = alone.desk.node, admin_of(alone)
    if how == "stopped":
        stop_officer(node, admin, "web-officer", stopped=True)
    elif how == "moved":
        move_officer(node, admin, "web-officer", office="Other", role="approver", language="en")
    elif how == "reset":
        reset_password(node, admin, "web-officer", password="x", hash_password=hash_password)
    else:
        alone.login().post("/account/sessions")
    assert office.json("/inbox").status_code == 401
    assert office.get("/login").text.count("Log out") == 0
    assert other.json("/inbox").status_code == 200


def test_disabled_account_logs_in_with_no_password_and_is_told_nothing_else(alone):
    admin = alone.login("administrator")
    assert admin.post("/officers/web-officer/disable").json()["stopped"] is True
    wrong, right = enter(alone, "web-officer", "wrong")[1], enter(alone, "web-officer", "correct horse")[1]
    assert (right.status_code, right.json()) == (wrong.status_code, wrong.json())
    assert admin.post("/officers/web-officer/disable").status_code == 409
    assert admin.post("/officers/web-officer/enable").status_code == 200
    assert enter(alone, "web-officer", "correct horse")[1].status_code == 200


@pytest.mark.parametrize("act", ["post", "disable", "enable", "password"])
def test_form_about_another_account_than_its_address_changes_neither(alone, act):
    admin = alone.login("administrator")
    before = admin.json("/officers").json()
    answer = admin.post(f"/officers/web-analyst/{act}", data={"login": "web-officer", "office": "x", "role": "commander", "language": "en"})
    assert answer.status_code == 400
    assert admin.json("/officers").json() == before


def test_last_administrator_stays_and_own_account_is_for_another(alone):
    admin = alone.login("administrator")
    assert admin.post("/officers/admin/disable").status_code == 200
    assert admin.post("/officers/web-administrator/disable").json()["rule"] == "own-account"
    move = {"office": "x", "role": "commander", "language": "en"}
    assert admin.post("/officers/web-administrator/post", data=move).json()["rule"] == "own-account"
    assert admin.post("/officers/web-administrator/password").json()["rule"] == "own-account"


def test_accounts_of_a_replaced_role_may_what_the_new_role_may(alone):
    admin = alone.login("administrator")
    assert admin.post("/officers/web-analyst/post", data={"office": "Second", "role": "approver", "language": "en"}).json()["role"] == "approver"
    office = alone.login("analyst")
    assert office.post("/releases/NONE/approve").status_code == 404
    assert office.post("/documents").json()["rule"] == "role"


def test_neighbour_is_trusted_with_its_card_and_the_fingerprint_as_read_aloud(strangers, webs):
    web = webs(strangers.west)
    admin = web.login("administrator")
    with strangers.east.store.reading() as book:
        card = book.card_of("east")
    spoken = strangers.east.node.key.public.fingerprint().lower().replace("-", " ")
    files = {"card": ("east.card", card)}
    for wrong in ("", strangers.west.node.key.public.fingerprint(), spoken[:-1]):
        answer = admin.post("/neighbours", files=files, data={"fingerprint": wrong})
        assert (answer.status_code, answer.json()["rule"]) == (403, "fingerprint")
        assert spoken.upper().replace(" ", "-") not in answer.text  # it is read aloud, not copied
    assert admin.post("/neighbours", data={"fingerprint": spoken}).status_code == 400
    assert admin.post("/neighbours", files={"card": ("x", b"{}")}, data={"fingerprint": spoken}).status_code == 400
    assert admin.json("/neighbours").json()["neighbours"] == []
    assert admin.post("/neighbours", files=files, data={"fingerprint": spoken}).json()["trusted"] is True
    shown = admin.json("/neighbours").json()
    assert [each["party"] for each in shown["neighbours"]] == ["east"]
    assert shown["neighbours"][0]["fingerprint"] == strangers.east.node.key.public.fingerprint()
    assert web.login("auditor").json("/oversight").json()["acts"][0]["kind"] == "party.trusted"


def test_state_of_the_node_tells_no_content(lived_web):
    page = lived_web.login("administrator").get("/node").text
    told = lived_web.login("administrator").json("/node").json()
    assert told["quarantined"] == 1
    assert told["logs"]["journal/west"] > 30
    assert "smugglers" not in page
    assert "Mirjaveh" not in page


def test_those_who_check_read_back_page_by_page(alone, monkeypatch):
    from hamsaya.web.pages import oversight

    monkeypatch.setattr(oversight, "A_PAGE", 5)
    auditor, seen, path = alone.login("auditor"), [], "/oversight"
    while path:
        answer = auditor.json(path).json()
        seen += [act["seq"] for act in answer["acts"]]
        assert auditor.get(path).status_code == 200
        path = answer["older"]
    assert len(seen) == len(set(seen)) == 13
    assert seen == sorted(seen, reverse=True)
    assert auditor.json("/oversight?before=x").status_code == 400


def test_account_is_looked_up_in_the_ledger_so_that_another_process_counts(alone):
    """Two applications over one ledger: what one changes ends the other's sessions."""
    other = replace(alone)
    other.app = create_desk(alone.desk.node)
    office = other.login()
    assert alone.login("administrator").post("/officers/web-officer/disable").status_code == 200
    assert office.json("/inbox").status_code == 401

# SPDX-License-Identifier: Apache-2.0
"""Passkeys against a device that answers rightly, and against everything that it could lie about."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.web.device import PRESENT, Device, b64

JSON = {"accept": "application/json"}
HOST = "http://localhost:8700"


@pytest.fixture
def alone(desk, webs):
    return webs(desk, hosts=["localhost", "desk.example"])


def at(office, base=HOST):
    office.client.base_url = base
    return office


def enter(web, role="officer"):
    office = at(web.visitor())
    answer = office.client.post("/login", data={"login": f"web-{role}", "password": "correct horse"}, headers=JSON)
    office.csrf = answer.json()["csrf"]
    return office


def asked(office, **fields):
    return office.post("/account/passkeys", data={"name": "Key of the watch", "password": "correct horse", **fields})


def register(office, device, **lies):
    return office.post("/account/passkeys/answer", data={"credential": device.make(asked(office).json()["options"], **lies)})


def knock(web, device, base=HOST, **lies):
    office = at(web.visitor(), base)
    options = office.client.post("/login/passkey", headers=JSON).json()["options"]
    answer = office.client.post("/login/passkey/answer", data={"credential": device.answer(options, **lies)}, headers=JSON)
    if answer.status_code == 200:
        office.csrf = answer.json()["csrf"]
    return office, answer


def test_officer_registers_a_passkey_and_logs_in_with_it(alone):
    office, device = enter(alone), Device()
    answer = register(office, device)
    assert answer.json()["name"] == "Key of the watch"
    assert answer.json()["host"] == "localhost"
    assert [each["name"] for each in office.json("/account").json()["passkeys"]] == ["Key of the watch"]
    for _ in range(2):
        fresh, entered = knock(alone, device)
        assert entered.json()["office"] == "officer desk"
        assert fresh.json("/inbox").status_code == 200
    assert fresh.post(f"/account/passkeys/{b64(device.credential)}/remove").status_code == 200
    assert knock(alone, device)[1].status_code == 401


def test_what_a_device_is_asked_gives_no_account_away_and_wants_its_holder_verified(alone):
    options = at(alone.visitor()).client.post("/login/passkey", headers=JSON).json()["options"]
    assert options.get("allowCredentials", []) == []
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    made = asked(enter(alone)).json()["options"]
    assert made["attestation"] == "none"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert "web-officer" not in json.dumps(made["user"]["id"])


LIES = {
    "another origin": {"client": {"origin": "http://localhost.evil.example"}},
    "another port of this machine": {"client": {"origin": "http://localhost:1"}},
    "plain HTTP of another name": {"client": {"origin": "http://desk.example"}},
    "another name": {"rp_id": "desk.example"},
    "an IP address": {"rp_id": "127.0.0.1"},
    "another ceremony": {"client": {"type": "webauthn.other"}},
    "a challenge of its own": {"client": {"challenge": b64(b"x" * 32)}},
    "no challenge": {"client": {"challenge": ""}},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": 0x04},
}
LOGIN_LIES = {
    "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    "an unknown credential": {"credential": b"nobody's"},
    "another user": {"response": {"userHandle": b64(b"somebody else")}},
    "a signature cut short": {"response": {"signature": "MEUC"}},
    "no authenticator data": {"response": {"authenticatorData": ""}},
}


@pytest.mark.parametrize("lie", LIES)
def test_lying_device_is_not_registered(alone, lie):
    office = enter(alone)
    answer = register(office, Device(), **LIES[lie])
    assert (answer.status_code, answer.json()["rule"]) in ((403, "passkey"), (400, ""))
    assert office.json("/account").json()["passkeys"] == []


@pytest.mark.parametrize("lie", LIES | LOGIN_LIES)
def test_lying_device_does_not_log_in_and_is_told_the_same_each_time(alone, lie):
    device = Device()
    register(enter(alone), device)
    office, answer = knock(alone, device, **(LIES | LOGIN_LIES)[lie])
    assert (answer.status_code, answer.json()["what"]) == (401, "The passkey was not accepted.")
    assert office.json("/inbox").status_code == 401
    assert knock(alone, device)[1].status_code == 200


@pytest.mark.parametrize(
    "rubbish", ["", "{}", "[]", "null", "nonsense", '{"id":1,"response":{"clientDataJSON":5}}', '{"response":{"clientDataJSON":"e30"}}', "x" * 70_000]
)
def test_rubbish_is_no_answer(alone, rubbish):
    office = enter(alone)
    assert office.post("/account/passkeys/answer", data={"credential": rubbish}).status_code in (400, 403)
    assert at(alone.visitor()).client.post("/login/passkey/answer", data={"credential": rubbish}, headers=JSON).status_code == 401


def test_challenge_is_taken_once(alone):
    office, device = enter(alone), Device(count=None)
    answer = device.make(asked(office).json()["options"])
    assert office.post("/account/passkeys/answer", data={"credential": answer}).status_code == 200
    assert office.post("/account/passkeys/answer", data={"credential": answer}).status_code == 403
    visitor = at(alone.visitor())
    entering = device.answer(visitor.client.post("/login/passkey", headers=JSON).json()["options"])
    assert visitor.client.post("/login/passkey/answer", data={"credential": entering}, headers=JSON).status_code == 200
    assert at(alone.visitor()).client.post("/login/passkey/answer", data={"credential": entering}, headers=JSON).status_code == 401


def test_challenge_is_over_after_five_minutes(alone):
    office, device = enter(alone), Device()
    options = asked(office).json()["options"]
    alone.desk.clock.at += timedelta(minutes=5, seconds=1)
    assert office.post("/account/passkeys/answer", data={"credential": device.make(options)}).status_code == 403


def test_challenge_of_one_purpose_or_session_serves_no_other(alone):
    office, other = enter(alone), enter(alone, "approver")
    device = Device()
    options = asked(office).json()["options"]
    assert other.post("/account/passkeys/answer", data={"credential": device.make(options)}).status_code == 403
    assert register(office, device).status_code == 200
    login = at(alone.visitor()).client.post("/login/passkey", headers=JSON).json()["options"]
    made = {**asked(office).json()["options"], "challenge": login["challenge"]}
    assert office.post("/account/passkeys/answer", data={"credential": Device().make(made)}).status_code == 403
    wanted = asked(office).json()["options"]["challenge"]
    answer = device.answer({"challenge": wanted, "rpId": "localhost"})
    assert at(alone.visitor()).client.post("/login/passkey/answer", data={"credential": answer}, headers=JSON).status_code == 401


def test_copy_whose_counter_lags_behind_is_refused(alone):
    device = Device()
    register(enter(alone), device)
    copy = Device(credential=device.credential, key=device.key, handle=device.handle, count=device.count)
    assert knock(alone, device)[1].status_code == 200
    assert knock(alone, copy)[1].status_code == 401
    with alone.desk.store.reading() as book:
        assert book.passkeys()[0].count == 2


def test_passkey_of_a_disabled_account_opens_nothing(alone):
    device = Device()
    register(enter(alone), device)
    assert enter(alone, "administrator").post("/officers/web-officer/disable").status_code == 200
    assert knock(alone, device)[1].status_code == 401


def test_reset_takes_the_passkeys_away(alone):
    device = Device()
    register(enter(alone), device)
    assert enter(alone, "administrator").post("/officers/web-officer/password").status_code == 200
    assert knock(alone, device)[1].status_code == 401


def test_registering_needs_the_password_and_a_name(alone):
    office = enter(alone)
    assert asked(office, password="wrong").json()["rule"] == "password"
    assert asked(office, name=" ").status_code == 400


def test_somebody_elses_passkey_is_not_removed(alone):
    device = Device()
    register(enter(alone), device)
    assert enter(alone, "approver").post(f"/account/passkeys/{b64(device.credential)}/remove").status_code == 404
    assert knock(alone, device)[1].status_code == 200


def test_passkey_belongs_to_the_name_under_which_it_was_made(alone):
    device = Device()
    register(enter(alone), device)
    device.origin = "https://desk.example"
    for lie in ({"rp_id": "localhost"}, {}):  # a browser would not even offer it there
        assert knock(alone, device, base="https://desk.example", **lie)[1].status_code == 401


def test_number_is_no_name(desk, webs):
    web = webs(desk)
    answer = at(web.visitor(), "http://127.0.0.1:8700").client.post("/login/passkey", headers=JSON)
    assert answer.status_code == 400


def test_passkey_of_another_party_on_this_machine_opens_nothing(pair, webs):
    west, east = webs(pair.west), webs(pair.east)
    device = Device()
    register(enter(west), device)
    assert knock(west, device)[1].status_code == 200
    assert knock(east, device)[1].status_code == 401


def test_pages_of_both_steps_carry_what_script_needs_and_no_other_request(alone):
    office = enter(alone)
    page = office.post("/account/passkeys", json=False, data={"name": "<b>", "password": "correct horse"}).text
    assert 'data-passkey="register" data-options="{&#34;' in page
    assert "<b>" not in page
    entrance = at(alone.visitor()).client.post("/login/passkey").text
    assert 'data-passkey="login"' in entrance
    assert "/static/passkey.js" in entrance
    failed = at(alone.visitor()).client.post("/login/passkey/answer", data={"credential": "x"})
    assert failed.status_code == 401
    assert "The passkey was not accepted." in failed.text
    assert 'name="password"' in failed.text

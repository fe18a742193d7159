# SPDX-License-Identifier: Apache-2.0
"""Consent, correction and recall as the officers of three desks do them, on pages that work without script."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.conftest import START
from tests.desk.forged import copy_of, forge, renamed
from tests.desk.three import NECESSITY, make_three, quarantine, send, talk

from hamsaya.exchange.consents import Consent, write_consent
from hamsaya.facts.records import Derived
from hamsaya.web.pages.recalls import anchor_of


@pytest.fixture
def three(tmp_path, places):
    made = make_three(tmp_path, places)
    yield made
    for desk in (made.west, made.east, made.north):
        desk.store.close()


@pytest.fixture
def offices(three, webs):
    return {desk.node.party: webs(desk) for desk in (three.west, three.east, three.north)}


@pytest.fixture
def told(three):
    record = three.west.file().record.id
    send(three.west, record, "east")
    three.sync()
    return record


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def field(page, name):
    return re.findall(rf'name="{re.escape(name)}" value="([^"]*)"', page)


def test_record_page_opens_whatever_consents_came_with_it(three, offices):
    west, east = three.west, three.east
    held = send(east, east.file().record.id, "west")
    talk(west, east)
    sent, link = copy_of(east, held), Derived(record="NOBODY-R-1", version=1, party="nobody")
    unknown = Consent(request="X", number=1, originator="nobody", holder="east", receiver="west", record=link.record, version=1, purpose="settlement",
                      fields=sorted({claim.predicate for claim in sent.record.claims}), granted=True, office="x", at=START)  # fmt: skip
    signed = write_consent(unknown, east.node.key)
    for name, consents in (("EAST-R-1", [signed]), ("EAST-R-2", [signed, "garbage"])):
        forge(east, held, renamed(msgspec.structs.replace(sent, consents=consents), name, derived=[link]))
    talk(west, east)
    assert len(quarantine(west)) == 1
    duty = offices["west"].login("officer")
    page = duty.get("/records/EAST-R-1")
    assert (page.status_code, duty.get("/records/EAST-R-2").status_code) == (200, 404)
    assert "A consent of nobody came with the record, but its signature could not be checked here." in words_of(page.text)


def test_consent_from_the_pages(three, offices, told):
    duty = offices["east"].login("officer")
    page = duty.get(f"/records/{told}").text
    assert "File as our own record, linked" in page
    record = duty.post(f"/records/{told}/link").json()["record"]["id"]
    page = duty.get(f"/records/{record}").text
    assert "It rests on" in page
    assert told in page
    assert "attributed" in page
    data = {"record": record, "receiver": "north", "purpose": "settlement", "necessity": NECESSITY}
    refused = duty.post("/releases", data=data).json()
    assert refused["rule"] == "originator"
    assert f"/records/{record}/consent?to=north" in duty.get(f"/releases/{refused['release']}").text
    form = duty.get(f"/records/{record}/consent?to=north").text
    assert told in form
    bad = duty.post(f"/records/{record}/consent", json=False, data={"receiver": "north", "purpose": "settlement", "necessity": "because"})
    assert bad.status_code == 400
    assert "because" in bad.text  # what was typed is not lost
    went = duty.post(f"/records/{record}/consent", json=False, data={"receiver": "north", "purpose": "settlement", "necessity": NECESSITY})
    assert went.status_code == 303
    assert offices["east"].logged == ["west"]
    three.sync()
    second = offices["west"].login("approver")
    inbox = second.get("/inbox").text
    assert "Request for consent" in inbox
    assert "/consents#EAST-C-" in inbox
    page = second.get("/consents").text
    assert all(words in page for words in (NECESSITY, "Let it go on to", "north".title()))
    answer = {"asker": "east", "request": field(page, "request")[0], "answer": "grant"}
    assert second.post("/consents/answer", data={**answer, "answer": "perhaps"}).status_code == 400
    assert second.post("/consents/answer", data={**answer, "until": "2026-11-01"}).status_code == 400
    assert second.post("/consents/answer", data={**answer, "until": "۱۴۰۵-۱۰-۱۰"}).json()["state"] == "granted"
    assert second.post("/consents/answer", data=answer).status_code == 409
    three.sync()
    proposed = duty.post("/releases", data=data).json()
    assert proposed["condition"] == "proposed"
    offices["east"].login("approver").post(f"/releases/{proposed['release']}/approve")
    three.sync()
    assert "signed that" in offices["north"].login("officer").get(f"/records/{record}").text
    watch = offices["west"].login("officer")
    assert watch.post("/consents/revoke", data=answer).json()["state"] == "revoked"


def test_recall_from_the_pages_reaches_all_and_both_show_the_answer(three, offices, told):
    duty = offices["west"].login("officer")
    with three.west.store.reading() as book:
        (held,) = book.releases_of(told)
    assert "Take it back" in duty.get(f"/releases/{held.release}").text
    assert duty.post(f"/releases/{held.release}/recall", data={"reason": ""}).status_code == 400
    back = duty.post(f"/releases/{held.release}/recall", json=False, data={"reason": "It was another post."})
    assert back.headers["location"] == f"/releases/{held.release}"
    three.sync()
    watch = offices["east"].login("officer")
    struck = watch.get(f"/records/{told}").text
    assert all(words in struck for words in ("struck", "It was another post.", "Answer it"))
    assert told not in watch.get("/records").text
    page = watch.get("/recalls").text
    with three.east.store.reading() as book:
        anchor = anchor_of(book.recalls()[0])
    assert f'id="{anchor}"' in page
    assert f"/recalls#{anchor}" in watch.get("/inbox").text
    assert watch.post("/recalls/answer", data={"log": held.log, "seq": "x"}).status_code == 400
    sent = {"log": field(page, "log")[0], "seq": field(page, "seq")[0], "chosen": "yes"}
    assert watch.post("/recalls/answer", json=False, data=sent).headers["location"] == f"/recalls#{anchor}"
    assert watch.post("/recalls/answer", data=sent).status_code == 409
    three.sync()
    for office, path in ((duty, f"/releases/{held.release}"), (duty, f"/records/{told}"), (watch, f"/records/{told}"), (watch, "/recalls")):
        page = office.get(path).text
        assert "its copy is struck" in page
        assert "officer desk" in page
    assert "recall answered" in duty.get("/releases").text


def test_record_is_taken_back_from_every_holder(offices, told):
    duty = offices["west"].login("officer")
    assert "Take it back from every neighbour" in duty.get(f"/records/{told}").text
    taken = duty.post(f"/records/{told}/recall", data={"reason": "It did not happen."}).json()["taken_back"]
    assert [each["condition"] for each in taken] == ["recalled"]
    page = duty.get(f"/records/{told}").text
    assert "It did not happen." in page
    assert "Propose a release" not in page


def test_correction_from_the_page(three, offices, told):
    duty = offices["west"].login("officer")
    data = duty.json(f"/records/{told}/correct").json()
    form = {"version": str(data["version"])}
    for claim, fields in data["claims"].items():
        form |= {f"{claim}.keep": "yes", **{f"{claim}.{name}": value for name, value in fields.items() if value}}
    same = duty.post(f"/records/{told}/correct", json=False, data=form)
    assert same.status_code == 400
    assert "Nothing was changed." in same.text
    wounded = next(claim for claim, fields in data["claims"].items() if fields.get("low"))
    wrong = duty.post(f"/records/{told}/correct", json=False, data={**form, f"{wounded}.low": "several"})
    assert wrong.status_code == 400
    assert 'value="several"' in wrong.text
    filed = duty.post(f"/records/{told}/correct", data={**form, f"{wounded}.low": "4", f"{wounded}.high": "4", f"{wounded}.grade": "A1"}).json()
    assert filed["record"]["version"] == 2
    assert duty.post(f"/records/{told}/correct", data=form).status_code == 409
    page = words_of(duty.get(f"/records/{told}").text)
    assert all(words in page for words in ("Who holds it", "older", "Propose to release version 2 to it", "Version 2 has taken its place."))
    send(three.west, told, "east")
    three.sync()
    there = words_of(offices["east"].login("officer").get(f"/records/{told}").text)
    assert "Version 2 has taken its place." in there
    assert ">older<" not in duty.get(f"/records/{told}").text


def test_report_that_rests_on_what_came_is_linked(offices, told):
    duty = offices["east"].login("officer")
    form = duty.get("/reports/new").text
    assert f'<option value="{told}">' in form
    token = field(form, "token")[0]
    data = {"size": "3", "reliability": "C", "credibility": "3", "token": token, "based_on": "WEST-R-000000"}
    wrong = duty.post("/reports", json=False, data=data)
    assert wrong.status_code == 404
    assert 'value="WEST-R-000000"' in wrong.text  # what was typed is not lost
    filed = duty.post("/reports", data={**data, "based_on": told}).json()
    assert filed["record"]["derived"] == [{"record": told, "version": 1, "party": "west"}]

# SPDX-License-Identifier: Apache-2.0
"""On the desk: a finding is drafted from the comparison, goes back and forth, and is signed by both sides; also without JavaScript."""

from __future__ import annotations

import hashlib
import re

import pytest
from tests.conftest import REPORT, release
from tests.desk.test_findings import FACT, POINT, THEIRS, propose, sign

from hamsaya.desk.findings import put_forward
from hamsaya.desk.roles import ROLES
from hamsaya.exchange.third_person import check_file
from hamsaya.seal.envelope import open_envelope
from hamsaya.settlement.finding import Paragraph


@pytest.fixture
def desks(agreed, webs):
    """West and east hold each other's account of one incident."""
    west = agreed.west.file().record
    release(agreed.west, west.id)
    agreed.sync()
    east = agreed.east.file(REPORT.replace("One civilian was", "Three civilians were"), incident=west.incident).record
    release(agreed.east, east.id)
    agreed.sync()
    return agreed, webs(agreed.west), webs(agreed.east), west.incident


def fields_of(page):
    """What a browser without script would send of the form: the paragraphs as they stand in the page."""
    unescape = {"&#34;": '"', "&#39;": "'", "&amp;": "&", "&lt;": "<", "&gt;": ">"}
    texts = [re.sub("|".join(unescape), lambda found: unescape[found[0]], each) for each in re.findall(r'name="text"[^>]*>([^<]*)</textarea>', page)]
    kinds = re.findall(r'<option value="(agreed_fact|open_point|remark)" selected>', page)
    return {"kind": kinds, "text": texts, "side": re.findall(r'name="side" value="([^"]*)"', page)}


def put_out(web, record):
    office, second = web.login("officer"), web.login("approver")
    data = {
        "record": record,
        "receiver": "west" if record.startswith("EAST") else "east",
        "purpose": "settlement",
        "necessity": "Both sides sign what they found.",
    }
    held = office.post("/releases", data=data).json()
    assert second.post(f"/releases/{held['release']}/approve").json()["condition"] == "logged"


def test_finding_is_drafted_changed_and_signed_by_both_sides_on_the_pages(desks):
    pair, west, east, incident = desks
    liaison = east.login("liaison")
    assert "Draft a joint finding" in liaison.get(f"/incidents/{incident}").text
    assert "Draft a joint finding" not in east.login("officer").get(f"/incidents/{incident}").text
    fields = fields_of(liaison.get(f"/incidents/{incident}/finding").text)
    assert len(fields["kind"]) == len(fields["text"]) == len(fields["side"])
    kinds = {kind for kind, text in zip(fields["kind"], fields["text"], strict=True) if text}
    assert kinds == {"agreed_fact", "open_point"}  # both tell the same place, and one and three wounded
    fields["text"][-1], fields["kind"][-1] = "No patrol was out that night.", "remark"
    filed = liaison.post(f"/incidents/{incident}/finding", data=fields).json()
    page = f"/findings/{filed['finding']}"
    assert "has not left yet" in liaison.get(page).text
    put_out(east, filed["record"])
    pair.sync()
    there, chief = west.login("liaison"), west.login("commander")
    assert page in chief.get("/findings").text
    assert f"/records/{filed['record']}" in chief.get("/inbox").text
    assert "No patrol was out that night." in there.get(page).text
    assert "Sign this text" not in there.get(page).text  # that is the commander's
    changed = fields_of(there.get(page).text)
    gone = changed["text"].index("No patrol was out that night.")
    for column in changed.values():
        del column[gone]
    answered = there.post(f"{page}/text", data=changed | {"party": "east"}).json()
    put_out(west, answered["record"])
    pair.sync()
    shown = east.login("commander").get(page).text
    assert "<del>" in shown
    assert "put forward by West" in re.sub(r"<[^>]*>", "", shown)
    told = chief.json(page).json()["dealings"][0]
    for web, name in ((west, "east"), (east, "west")):
        office = web.login("commander")
        text = office.json(page).json()["dealings"][0]["text"]
        assert text == told["text"]
        assert office.post(f"{page}/move", data={"move": "sign", "on": "something else"}).status_code == 409
        assert office.post(f"{page}/move", json=False, data={"move": "sign", "on": text, "party": name}).headers["location"] == page
        assert office.post(f"{page}/move", data={"move": "sign", "on": text}).status_code == 409
        pair.sync()
    for web in (west, east):
        office = web.login("auditor")
        assert office.json(page).json()["dealings"][0]["signed_by"] == ["east", "west"]
        assert "Both sides have signed the very same text." in office.get(page).text


READER = {"to": "the joint commission", "why": "It meets on Monday about this."}


def test_signed_finding_is_saved_from_its_page_by_the_commander_alone_and_proves_both_signatures(desks):
    pair, west, _, incident = desks
    finding = propose(pair.east, incident, FACT, Paragraph("open_point", "Who fired first, and at whom."), THEIRS)
    release(pair.east, finding)
    pair.sync()
    release(pair.west, put_forward(pair.west.node, pair.west.officers["commander"], finding, [FACT, POINT, THEIRS]).record.id)
    pair.sync()
    page, commander = f"/findings/{finding}", west.login("commander")
    refused = commander.post(f"{page}/export", data=READER)
    assert (refused.status_code, refused.json()["rule"]) == (409, "signed")
    assert "Hand it on" not in commander.get(page).text
    for desk in (pair.east, pair.west):
        sign(desk, finding)
        pair.sync()
    for role in set(ROLES) - {"commander"}:
        office = west.login(role)
        assert (office.post(f"{page}/export", data=READER).json()["rule"]) == "role"
        assert "Hand it on" not in office.get(page).text
    assert "Hand it on" in commander.get(page).text
    for wrong in ({}, {**READER, "to": ""}, {**READER, "why": "Because"}):
        assert commander.post(f"{page}/export", data=wrong).status_code == 400
    answer = commander.post(f"{page}/export", json=False, data=READER)
    assert answer.headers["content-disposition"] == f'attachment; filename="{finding}.json"'
    checked = check_file(answer.content, None)
    assert checked.faults == []
    (told,) = checked.proven
    assert str(told).startswith("east and west have signed the very same text of finding") or str(told).startswith("west and east")
    held = open_envelope(answer.content).payload.decode()
    assert POINT.text in held
    assert "Who fired first" not in held  # what was offered once is not for a third person
    told = commander.post(f"{page}/export", data=READER).json()
    assert check_file(told["file"].encode(), None).faults == []
    assert hashlib.sha256(told["file"].encode()).hexdigest() == told["sha256"]
    assert "the joint commission" in commander.get(f"/incidents/{incident}").text


def test_who_files_a_text_is_led_to_its_release_or_where_that_may_not_be_to_the_finding(desks):
    _, west, _, incident = desks
    form = {"kind": "agreed_fact", "text": FACT.text, "side": ""}
    for role, page, said in (("liaison", "/records/{}/release", "Propose a release"), ("commander", "/findings/{}", "It was not put forward yet")):
        office = west.login(role)
        filed = office.post(f"/incidents/{incident}/finding", json=False, data=form).headers["location"]
        (record,) = re.findall(r"WEST-R-\w+", filed)
        assert filed == page.format(record)
        assert said in office.get(filed).text


def test_bad_forms_say_what_is_wrong_and_write_nothing(desks):
    pair, west, east, incident = desks
    liaison = west.login("liaison")
    page = f"/incidents/{incident}/finding"
    for data in (
        {}, {"kind": "agreed_fact", "text": " ", "side": ""}, {"kind": ["agreed_fact", "open_point"], "text": "x", "side": ""},
        {"kind": "verdict", "text": "They did it.", "side": ""}, {"kind": "agreed_fact", "text": "x", "side": "", "handling": "secret"},
    ):  # fmt: skip
        assert liaison.post(page, data=data).status_code == 400, data
    assert liaison.post(page, data={"kind": "remark", "text": "We were wrong.", "side": "PK"}).status_code == 403
    assert liaison.get("/incidents/WEST-I-NONE/finding").status_code == 404
    assert liaison.get("/findings/WEST-R-NONE").status_code == 404
    assert liaison.get(f"/findings/{incident}").status_code == 404
    assert west.login("officer").get(page).status_code == 403
    finding = propose(pair.east, incident, FACT, POINT, THEIRS)
    release(pair.east, finding)
    pair.sync()
    for data, code in (({"move": "burn"}, 400), ({}, 400), ({"move": "withdraw"}, 403), ({"move": "sign", "on": ""}, 403)):
        assert liaison.post(f"/findings/{finding}/move", data=data).status_code == code, data
    assert liaison.post(f"/findings/{finding}/text", data={"kind": "agreed_fact", "text": FACT.text, "side": ""}).status_code == 200
    same = {"kind": [each.kind for each in (FACT, POINT, THEIRS)], "text": [each.text for each in (FACT, POINT, THEIRS)], "side": ["", "", "PK"]}
    assert liaison.post(f"/findings/{finding}/text", data=same).status_code == 400
    assert east.login("liaison").post(f"/findings/{finding}/move", data={"move": "withdraw"}).json()["state"] == "withdrawn"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\u202eevil", "پ" * 1999, "🚢" * 400])
def test_hostile_words_in_a_paragraph_stay_words(desks, hostile):
    pair, west, _, incident = desks
    finding = propose(pair.east, incident, FACT.__class__("open_point", hostile))
    release(pair.east, finding)
    pair.sync()
    for role in ("liaison", "commander", "auditor"):
        shown = west.login(role).get(f"/findings/{finding}")
        assert shown.status_code == 200
        assert "<script>alert" not in shown.text

# SPDX-License-Identifier: Apache-2.0
"""The commander hands an incident on from its page; nobody else is offered it, and the page remembers to whom it went."""

from __future__ import annotations

import pytest

from hamsaya.exchange.third_person import check_file


@pytest.fixture
def incident(web, work):
    officer, approver = web.login("officer"), web.login("approver")
    record = work.file_record(officer)
    proposed = work.propose(officer, record["id"])
    approver.post(f"/releases/{proposed['release']}/approve")
    return record["incident"]


FIELDS = {"to": "the joint commission", "why": "Both sides asked it to settle this."}


def test_commander_saves_the_case_file_and_the_page_says_to_whom_it_went(agreed, web, incident):
    agreed.sync()
    commander = web.login("commander")
    assert "Write a case file" in commander.get(f"/incidents/{incident}").text
    answer = commander.post(f"/incidents/{incident}/case", json=False, data=FIELDS)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{incident}.html"'
    assert answer.headers["content-type"].startswith("text/html")
    assert check_file(answer.content, None).faults == []
    assert "the joint commission" in commander.get(f"/incidents/{incident}").text


def test_program_gets_the_page_and_its_hash_as_json(agreed, web, incident):
    agreed.sync()
    answer = web.login("commander").post(f"/incidents/{incident}/case", data={**FIELDS, "without_content": "1"})
    assert answer.status_code == 200
    assert answer.json()["content"] is False
    assert check_file(answer.json()["page"].encode(), None).faults == []


def test_others_are_not_offered_it(agreed, web, incident):
    agreed.sync()
    for role in ("officer", "approver", "liaison", "auditor"):
        office = web.login(role)
        assert "Write a case file" not in office.get(f"/incidents/{incident}").text
        assert office.post(f"/incidents/{incident}/case", data=FIELDS).status_code == 403


def test_without_reader_or_reason_and_before_a_release_it_is_refused_in_words(agreed, web, incident):
    agreed.sync()
    commander = web.login("commander")
    for changed in ({"to": ""}, {"why": "because"}):
        assert commander.post(f"/incidents/{incident}/case", data={**FIELDS, **changed}).status_code == 400
    assert commander.post("/incidents/WEST-I-NONE/case", data=FIELDS).status_code == 404

# SPDX-License-Identifier: Apache-2.0
"""Meetings on the desk: the agenda in one click, the invitation that it fills, and the pack of two pages in three languages."""

from __future__ import annotations

import importlib.util
import json

import pypdfium2
import pytest
from tests.conftest import release
from tests.desk.test_meetings import INVITED, opened

PAGES = 2


@pytest.fixture
def busy(agreed):
    west = agreed.west
    record = west.file().record
    release(west, record.id)
    for number in range(20):
        opened(west, "commitment", {"what": f"Patrol {number}", "status": "invited", "due": "+5d"})
    agreed.sync()
    return agreed


def test_agenda_links_each_item_and_fills_the_invitation(busy, webs):
    office = webs(busy.west).login("officer")
    told = office.json("/meetings/agenda/east").json()
    assert len(told["items"]) == 21
    assert set(told["texts"]) == {"en", "fa", "ur"}
    page = office.get("/meetings/agenda/east").text
    for each in told["items"]:
        assert f'href="/{"matters" if each["kind"] else "incidents"}/{each["name"]}"' in page
    form = office.get("/matters/new/meeting?with=east").text
    assert told["items"][0]["name"] in form
    names = ", ".join(each["name"] for each in told["items"])
    typed = {f"field_{name}": value for name, value in {**INVITED, "agenda": told["texts"]["fa"], "items": names}.items()}
    filed = office.post("/matters/new/meeting", data=typed | {"token": "a-form-with-an-agenda"})
    assert filed.status_code == 200, filed.text
    assert office.json("/meetings/agenda/nobody").status_code == 404
    assert office.get("/matters/new/meeting?with=nobody").status_code == 404


def test_lone_node_has_no_partner_and_says_so(desk, webs):
    page = webs(desk).login("officer").get("/meetings").text
    assert "none is known here yet" in page


def test_pack_has_two_pages_at_most_in_three_languages_with_its_items_attached(busy, webs):
    answer = webs(busy.west).login("officer").post("/meetings/agenda/east/pdf", json=False)
    assert answer.headers["content-type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(answer.content)
    assert 1 <= len(paper) <= PAGES
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "Agenda" in text
    attached = json.loads(bytes(paper.get_attachment(0).get_data()))
    assert len(attached["agenda"]["items"]) == 21
    paper.close()


def test_pack_says_what_to_install_where_the_extra_is_missing(busy, webs, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "weasyprint" else find(name, *rest))
    answer = webs(busy.west).login("officer").post("/meetings/agenda/east/pdf")
    assert answer.status_code == 503
    assert "hamsaya[pdf]" in answer.json()["hint"]

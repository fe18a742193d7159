# SPDX-License-Identifier: Apache-2.0
"""Working the inbox: several at once, twice, from a stale tab, and what stands in quarantine (law 4)."""

from __future__ import annotations

import re

import pytest
from tests.conftest import release

from hamsaya.ledger.verify import verify_store


@pytest.fixture
def east(agreed, webs, work):
    """East's desk, to which three releases of west have come."""
    for town in ("Mirjaveh", "Zahedan", "Saravan"):
        release(agreed.west, agreed.west.file(work.REPORT.replace("Mirjaveh", town)).record.id)
    agreed.sync()
    return webs(agreed.east)


@pytest.fixture
def duty(east):
    return east.login("officer")


def new(office):
    return [each for each in office.json("/inbox").json()["items"] if each["state"] == "new"]


def named(item):
    return f"{item['log']}#{item['seq']}"


def test_navigation_counts_what_waits(duty):
    page = duty.get("/records").text
    assert re.search(r'href="/inbox">Inbox <span class="count"[^>]*>3</span>', page)
    for item in new(duty):
        duty.post("/inbox/acknowledge", data={"log": item["log"], "seq": item["seq"]})
    assert 'class="count"' not in duty.get("/records").text


def test_all_that_are_ticked_are_acknowledged_at_once_and_the_neighbour_learns_of_each(east, agreed, duty):
    one, two, three = new(duty)
    page = duty.get("/inbox").text
    assert f'value="{named(one)}"' in page
    answer = duty.post("/inbox/acknowledge", data={"item": [named(one), named(two), named(one)]})
    assert [each["state"] for each in answer.json()["acknowledged"]] == ["acknowledged"] * 2
    assert east.logged == ["west"]
    assert [each["seq"] for each in new(duty)] == [three["seq"]]
    agreed.sync()
    with agreed.west.store.reading() as book:
        assert sorted(each.condition for each in book.releases()) == ["opened", "opened", "receipted"]
    assert verify_store(agreed.east.store).faults == []


def test_notice_about_a_release_names_the_record_and_leads_to_the_release(agreed, webs, duty):
    one = new(duty)[0]
    duty.post("/inbox/acknowledge", data={"log": one["log"], "seq": one["seq"]})
    agreed.sync()
    west = webs(agreed.west).login("officer")
    (notice,) = [each for each in west.json("/inbox").json()["items"] if each["kind"] == "release.opened"]
    assert notice["subject"] == named(one)
    card = next(each for each in west.get("/inbox").text.split('<li class="card') if "Notice that a release was opened" in each)
    assert re.search(rf'href="/releases/WEST-S-[0-9A-Z]+" data-key="o"><bdi [^>]*>{one["subject"]}</bdi>', card), card
    assert named(one) not in card


def test_stale_tab_acknowledges_the_rest_and_says_what_was_dealt_with_before(east, duty):
    one, two, three = new(duty)
    other = east.login("liaison")
    other.post("/inbox/acknowledge", data={"log": one["log"], "seq": one["seq"]})
    answer = duty.post("/inbox/acknowledge", data={"item": [named(each) for each in (one, two, three)]}).json()
    assert len(answer["acknowledged"]) == 2
    assert [each["opened_by"] for each in answer["before"]] == ["liaison desk"]
    late = duty.post("/inbox/acknowledge", json=False, data={"log": one["log"], "seq": one["seq"]})
    assert late.status_code == 409
    assert "By <bdi>liaison desk</bdi>" in late.text
    assert 'href="/inbox"' in late.text


@pytest.mark.parametrize("bad", [{}, {"item": ["no entry"]}, {"item": ["#1"]}, {"item": ["release/x/west/east#0"]}, {"log": "x", "seq": "²"}])
def test_what_did_not_arrive_is_refused_and_nothing_is_acknowledged(duty, bad):
    sent = {"item": [named(new(duty)[0]), *bad["item"]]} if "item" in bad else bad
    assert duty.post("/inbox/acknowledge", data=sent).status_code in (400, 404)
    assert len(new(duty)) == 3


def test_acknowledging_leads_back_to_the_same_page_of_the_list(duty):
    one, two, _ = new(duty)
    answer = duty.post("/inbox/acknowledge", json=False, data={"log": one["log"], "seq": one["seq"], "after": "x&y"})
    assert answer.headers["location"] == "/inbox?after=x%26y#waiting"
    assert duty.post("/inbox/acknowledge", json=False, data={"item": named(two)}).headers["location"] == "/inbox#waiting"


def test_reader_is_offered_no_acknowledgement(east):
    page = east.login("auditor").get("/inbox").text
    assert "/inbox/acknowledge" not in page
    assert 'type="checkbox"' not in page


def test_quarantine_is_explained(lived_web):
    page = lived_web.login().get("/inbox").text
    assert "Bundles in quarantine" in page
    assert "kept as evidence" in page

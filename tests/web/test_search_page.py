# SPDX-License-Identifier: Apache-2.0
"""The search page: one box on every page for those who may read, words marked, what was typed escaped."""

from __future__ import annotations

import pytest

from hamsaya.desk.roles import ROLES, may

PERSIAN = "گزارش.\n۲۱ آبان ۱۴۰۵\n\nقاچاقچیان در نزدیکی میرجاوه تیراندازی کردند. سرهنگ حمید رضایی گفت دو مأمور زخمی شدند."


def test_words_are_marked_and_lead_to_what_holds_them(web, work):
    office = web.login()
    record = work.file_record(office)
    page = office.get("/search?q=smugglers+Mirj").text
    assert "<mark>smugglers</mark>" in page
    assert "<mark>Mirjaveh</mark>" in page
    assert f'href="/documents/{record["sources"][0]["document"]}"' in page
    assert f'href="/records/{record["id"]}"' in office.get(f"/search?q={record['id']}").text
    assert "Nothing was found." in office.get("/search?q=elephants").text


def test_filter_by_kind_and_json(web, work):
    office = web.login()
    record = work.file_record(office)
    found = office.json("/search?q=mirjaveh&kind=document").json()
    assert [hit["held"]["document"] for hit in found["hits"]] == [record["sources"][0]["document"]]
    found = office.json("/search?q=mirjaveh&kind=incident_account").json()
    assert [hit["held"]["record"]["id"] for hit in found["hits"]] == [record["id"]]
    assert office.json("/search?q=mirjaveh&kind=person").status_code == 400


def test_a_text_and_a_query_of_tags_and_overrides_stay_text(web, work):
    office = web.login()
    work.take_in(office, work.REPORT + "\nAlarm <script>alert(1)</script> \u202eesrever smugglers.\n")
    for typed in ("alarm", "%3Cscript%3E", "%22%3E%3Cb%3E", "%E2%80%AEalarm", "%F0%9F%98%80", "%00", "a%00b", "NEAR(", "*", "%25"):
        answer = office.get(f"/search?q={typed}")
        assert answer.status_code == 200, typed
        assert "<script>alert" not in answer.text
        assert '"><b>' not in answer.text
    assert "&lt;<mark>script</mark>&gt;" in office.get("/search?q=script").text


def test_ten_kilobytes_are_refused_in_words(web):
    answer = web.login().get("/search?q=" + "x" * 10_240)
    assert answer.status_code == 400
    assert "At most" not in answer.text
    assert "at most" in answer.text


def test_persons_are_neither_found_nor_shown(web, work):
    office = web.login()
    work.take_in(office, PERSIAN)
    for name in ("رضایی", "سرهنگ رضایی", "حمید", "رضايي"):
        page = office.get("/search", params={"q": name}).text
        assert "data-step" not in page
    assert "persons are not searched for" in office.get("/search", params={"q": "سرهنگ رضایی"}).text
    page = office.get("/search", params={"q": "تیراندازی"}).text
    assert "<mark>تیراندازی</mark>" in page
    assert "رضایی" not in page


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_may_not_read_has_no_box_and_no_search(web, role):
    office = web.login(role)
    answer = office.get("/search?q=a")
    assert answer.status_code == (200 if may(role, "read") else 403)
    assert ('role="search"' in answer.text) == may(role, "read")


def test_more_hits_than_a_page_holds_are_paged_under_the_same_words(web, work):
    office = web.login()
    for number in range(27):
        work.take_in(office, f"{work.REPORT}\nNumber {number}.")
    page = office.get("/search?q=smugglers").text
    assert page.count("data-step") == 25
    first = office.json("/search?q=smugglers").json()
    second = office.get(f"/search?q=smugglers&after={first['next']}").text
    assert second.count("data-step") == 2
    assert 'href="/search?q=smugglers" rel="first"' in second

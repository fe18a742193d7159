# SPDX-License-Identifier: Apache-2.0
"""Long lists on pages: a hundred rows a page, links to the next and the first, one filter in the address."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert, select

from hamsaya.agreement.clauses import Deadlines
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import OPERATOR
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.records import Record
from hamsaya.facts.values import Place
from hamsaya.ledger import tables as t
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

LISTS = ("/records", "/incidents", "/documents", "/drafts", "/releases", "/inbox")


def fill(desk, count: int) -> None:
    with desk.store.writing() as pen:
        for number in range(count):
            place = Place(words="there", precision="exact", lon_udeg=61_000_000 if number % 50 else 10_000_000, lat_udeg=29_000_000)
            record = Record(
                id=f"WEST-R-{number}", version=1, kind="warning" if number % 2 else "incident_account", party="west", office="o", side="IR",
                basis="own", handling="amber", incident=f"WEST-I-{number}", filed_at=desk.clock(),
                claims=[Claim(id="c1", predicate="place", value=place, speaker=Speaker(kind="own"))],
            )  # fmt: skip
            envelope = seal("record", canonical(record), desk.node.key).decode()
            pen.journal(RecordFiled(record=record.id, version=1, envelope=envelope), OPERATOR)


def blank(table) -> dict[str, object]:
    return {column.name: column.type.python_type() for column in table.columns}


def next_of(html: str) -> str:
    found = re.search(r'href="([^"]+)" rel="next"', html)
    return unescape(found[1]) if found else ""


def test_two_hundred_and_fifty_records_are_three_pages_and_each_stands_once(web, agreed):
    fill(agreed.west, 250)
    office = web.login()
    for path, form in (("/records", "WEST-R-{}"), ("/incidents", "WEST-I-{}")):
        here, seen, pages = path, [], 0
        while here:
            html = office.get(here).text
            rows = re.findall(rf'<strong><a href="{path}/(WEST-[RI]-\d+)"', html)
            assert len(rows) <= 100
            assert ('rel="first"' in html) == (pages > 0)
            seen, pages, here = seen + rows, pages + 1, next_of(html)
        assert pages == 3
        assert seen == [form.format(number) for number in range(249, -1, -1)]


def test_json_names_the_next_page_by_its_cursor(web, agreed):
    fill(agreed.west, 120)
    office = web.login()
    first = office.json("/records").json()
    second = office.json(f"/records?after={first['next']}").json()
    assert (len(first["records"]), len(second["records"]), second["next"]) == (100, 20, "")


def test_the_filter_stays_in_the_address_of_the_next_page(web, agreed):
    fill(agreed.west, 400)
    office = web.login()
    asked = "/records?kind=warning&bbox=60,28,62,30&side=ir"
    html = office.get(asked).text
    following = next_of(html)
    assert "kind=warning" in following
    assert "bbox=60%2C28%2C62%2C30" in following
    assert len(office.json(following).json()["records"]) == 100
    assert '<option value="warning" selected>' in html
    only = office.json("/records?bbox=9,28,11,30").json()["records"]
    assert len(only) == 8
    assert "No record fits this filter." in office.get("/records?kind=exercise").text
    assert "No incident fits this filter." in office.get("/incidents?kind=exercise").text
    assert len(office.json("/incidents?bbox=9,28,11,30").json()["incidents"]) == 8


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_that_no_list_gave_is_a_clear_error_and_no_failure(lived_web, path):
    office = lived_web.login()
    for came in ("nonsense", "~~~", "' OR 1=1 --", "١٢", "9" * 30, "%F0%9F%98%80"):
        answer = office.json(f"{path}?after={came}")
        assert answer.status_code == 400, (came, answer.text)
        assert "no place" in answer.json()["what"]
        assert "first page" in answer.json()["hint"]


@pytest.mark.parametrize("asked", ["since=gestern", "bbox=1,2", "kind=person", "side=<b>", "until=2026-99-01", "q=" + "x" * 10_240])
@pytest.mark.parametrize("path", ["/records", "/incidents"])
def test_a_filter_that_cannot_be_read_is_a_clear_error_that_names_the_field(lived_web, path, asked):
    answer = lived_web.login().json(f"{path}?{asked}")
    assert answer.status_code == 400
    assert answer.json()["what"].startswith(asked.split("=")[0])


def test_ten_thousand_unread_items_are_counted_and_paged(web, agreed):
    west = agreed.west
    log = next(held for held in west.store.engine.connect().execute(select(t.AGREEMENT.c.id)).scalars())
    name = f"release/{log}/east/west"
    with west.store.reading() as book:
        deadline = next(clause for clause in book.agreements()[0].agreement.table.clauses if isinstance(clause, Deadlines))
    late = west.clock() - timedelta(minutes=deadline.acknowledge_min + 1)
    row = blank(t.INBOX) | {"log": name, "kind": "release", "sender": "east", "state": "new", "reason": "null", "subject": "EAST-R-1", "incident": "", "purpose": "",
           "necessity": "", "clause": "1", "withheld": 0, "opened_by": "", "opened_at": "", "entry": 0}  # fmt: skip
    times = [(late if seq < 3_000 else west.clock.at - timedelta(minutes=seq % 7)).isoformat() for seq in range(10_000)]
    with west.store.engine.begin() as db:
        db.execute(insert(t.INBOX), [{**row, "seq": seq, "received_at": at, "counts_from": at} for seq, at in enumerate(times)])
    office = web.login()
    html = office.get("/inbox").text
    assert "waiting to be acknowledged: <bdi>10,000" in html
    assert "overdue: <bdi>3,000" in html
    assert html.count("data-step") == 100
    here, seen = "/inbox", []
    while here:
        answer = office.json(here).json()
        assert answer["waiting"] == 10_000
        seen += [(item["received_at"], item["seq"]) for item in answer["items"] if item["kind"] == "release"]
        here = f"/inbox?after={answer['next'].replace('+', '%2B')}" if answer["next"] else ""
    assert len(seen) == len(set(seen)) == 10_000
    assert seen == sorted(seen, reverse=True)


def test_releases_that_wait_stand_before_the_others_and_each_stands_once(web, agreed):
    row = blank(t.RELEASE) | {"grounds": "[]", "record": "WEST-R-1", "version": 1, "receiver": "east", "agreement": "", "purpose": "rescue", "necessity": "", "content": "", "withheld": 0,
           "proposed_by": "duty", "proposed_office": "o", "decided_office": "", "clause": "", "rule": "", "reason": '{"message":""}', "log": "",
           "seq": -1}  # fmt: skip
    office = web.login()
    for waiting in (0, 99, 100, 101, 230):
        with agreed.west.store.engine.begin() as db:
            db.execute(t.RELEASE.delete())
            db.execute(insert(t.RELEASE), [
                {**row, "id": f"WEST-S-{number}", "condition": "proposed" if number < waiting else "refused", "entry": number // 2,
                 "condition_at": agreed.west.clock.at.isoformat()} for number in range(230)
            ])  # fmt: skip
        after, seen = "", []
        while True:
            answer = office.json(f"/releases?after={after}").json()
            seen += answer["releases"]
            assert len(answer["releases"]) <= 100
            after = answer["next"]
            if not after:
                break
        assert len(seen) == len({each["release"] for each in seen}) == 230
        assert [each["condition"] for each in seen] == ["proposed"] * waiting + ["refused"] * (230 - waiting)


def test_record_in_a_list_says_what_happened_where_and_when(webs, desk):
    desk.file()
    page = webs(desk).login("officer").get("/records").text
    assert [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<p>(<bdi.*?)</p>", page)] == [
        "cross-border fire · near Mirjaveh, Iran · 12 November 2026, 09:30 (UTC+00:00)"
    ]


@pytest.mark.parametrize(("asked", "said"), [("", "Type a name, or its first letters."), ("?q=Xyzzy", "No place of that name is known here.")])
def test_page_of_places_says_what_to_do_and_what_was_not_found(web, asked, said):
    assert said in unescape(web.login("officer").get(f"/places{asked}").text)

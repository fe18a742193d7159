# SPDX-License-Identifier: Apache-2.0
"""What a text would let leave, as a page: by record, by clause, bounded, compared with the text that it builds on."""

from __future__ import annotations

import re

import pytest

from hamsaya.desk import simulate as room
from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.simulate import weigh
from hamsaya.desk.terms import read_terms, sample_terms

ID = "west-east-2026-11-21"


def page_of(office, path):
    """Return a page without its tags: what was filled into a sentence is isolated by one."""
    return re.sub(r"<[^>]+>", "", office.get(path).text)


@pytest.fixture
def agreement(web):
    with web.desk.store.reading() as book:
        return agreement_of(book, ID)


def test_page_tells_by_record_and_by_clause(web, work):
    duty = web.login("officer")
    record = work.file_record(duty)["id"]
    page = page_of(duty, f"/agreements/{ID}/simulate")
    assert record in page
    assert "clause 1 lets 1 leave" in page
    assert "they cannot be simulated" in page
    told = duty.json(f"/agreements/{ID}/simulate?purpose=rescue").json()
    assert (told["purpose"], told["allowed"], told["whole"], told["records"]) == ("rescue", 1, True, 1)
    assert duty.get(f"/agreements/{ID}/simulate?purpose=targeting").status_code == 400
    assert duty.get(f"/agreements/{ID}/simulate?from=x").status_code == 400
    assert duty.get("/agreements/none/simulate").status_code == 404


def test_counter_text_is_compared_with_the_one_that_it_builds_on(web, work, agreed, agreement):
    duty = web.login("officer")
    record = work.file_record(duty)["id"]
    text = sample_terms("west", "east", agreed.west.clock.at).replace('ceiling = "amber"', 'ceiling = "clear"')
    terms = read_terms(text.replace(text.split('id = "')[1].split('"')[0], ID))
    told = propose_text(agreed.west.node, agreed.west.officers["commander"], terms, revises=agreement.hash)
    found = duty.json(f"/agreements/{ID}/simulate?text={told.hash}").json()
    assert (found["allowed"], found["more"], found["fewer"], found["against"]) == (0, 0, 1, agreement.hash)
    assert [each["now"]["record"] for each in found["changes"]] == [record]
    page = page_of(duty, f"/agreements/{ID}/simulate?text={told.hash}")
    assert "0 more would leave, 1 fewer" in page
    assert "clause 3 refuses 1" in page


def test_only_the_newest_are_asked_about_and_the_page_says_so(web, work, agreement, monkeypatch):
    duty = web.login("officer")
    first = work.file_record(duty)["id"]
    second = work.file_record(duty, work.REPORT.replace("One civilian", "Two civilians"))["id"]
    found = weigh(web.desk.node, agreement.agreement, most=1)
    assert (found.records, found.whole, [each.record for each in found.rows]) == (1, False, [second])
    assert weigh(web.desk.node, agreement.agreement, most=2).whole
    monkeypatch.setattr(room.weigh, "__kwdefaults__", {"purpose": "settlement", "most": 1})
    page = page_of(duty, f"/agreements/{ID}/simulate")
    assert "asked about the newest 1 records filed here only" in page
    assert first not in page

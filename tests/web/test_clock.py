# SPDX-License-Identifier: Apache-2.0
"""A laptop whose clock is wrong: acts keep their order, everybody is told, no login lives for ever, validity is recorded as evaluated."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from tests.conftest import REPORT, release

from hamsaya.desk.health import check_book
from hamsaya.desk.release import propose_release
from hamsaya.ledger.verify import verify_store

DAY = timedelta(days=1)


@pytest.fixture
def alone(desk, webs):
    return webs(desk)


def acts(desk):
    with desk.store.reading() as book:
        return [entry.header() for entry in book.entries(f"journal/{desk.node.party}", 0, 10_000)]


def test_acts_keep_their_order_when_the_clock_falls_back_a_day(agreed):
    west = agreed.west
    first = release(west, west.file().record.id)
    west.clock.at -= DAY
    second = release(west, west.file(REPORT.replace("One", "Two")).record.id)
    agreed.sync()
    headers = acts(west)
    assert [header.seq for header in headers] == list(range(len(headers)))
    assert any(later.at < earlier.at for earlier, later in pairwise(headers))
    assert (first.seq, second.seq) == (0, 1)
    with agreed.east.store.reading() as book:
        assert [item.seq for item in book.inbox() if item.kind == "release"] == [1, 0]
    for side in (west, agreed.east):
        assert verify_store(side.store).faults == []
    with west.store.reading() as book:
        assert "clock-stepped" in {finding.code for finding in check_book(west.node, book)}


@pytest.mark.parametrize("role", ["officer", "commander", "auditor", "administrator"])
def test_every_officer_is_told_that_the_clock_is_behind(alone, role):
    office = alone.login(role)
    path = "/node" if role == "administrator" else "/inbox"
    assert "clock-warning" not in office.get(path, headers={"accept": "text/html"}).text
    alone.desk.clock.at -= DAY
    office = alone.login(role)
    page = office.get(path, headers={"accept": "text/html"}).text
    assert "clock-warning" in page
    assert "clock is behind" in page
    alone.desk.clock.at += DAY
    assert "clock-warning" not in alone.login(role).get(path, headers={"accept": "text/html"}).text


def test_clock_that_falls_back_ends_the_sessions_instead_of_lengthening_them(alone):
    office = alone.login()
    alone.desk.clock.at -= timedelta(minutes=4)
    assert office.json("/inbox").status_code == 200  # a step as time servers make them
    alone.desk.clock.at -= DAY
    assert office.json("/inbox").status_code == 401
    assert alone.login().json("/inbox").status_code == 200


def test_clock_that_leaps_ahead_ends_the_sessions_too(alone):
    office = alone.login()
    alone.desk.clock.at += DAY
    assert office.json("/inbox").status_code == 401


def test_clock_that_falls_back_does_not_lock_a_login_for_a_day(alone):
    visitor = alone.visitor()

    def attempt(password):
        return visitor.client.post("/login", data={"login": "web-officer", "password": password}, headers={"accept": "application/json"}).status_code

    while attempt("wrong") != 429:
        pass
    alone.desk.clock.at -= DAY
    assert attempt("wrong") == 401
    assert attempt("wrong") == 429  # it is slowed again, from now on
    alone.desk.clock.at += timedelta(minutes=6)
    assert attempt("correct horse") == 200


def test_validity_is_judged_by_the_clock_and_kept_as_it_was_judged(agreed):
    west = agreed.west
    record = west.file().record.id
    with west.store.reading() as book:
        ends = book.agreements()[0].agreement.table.valid_until
    right = west.clock.at
    west.clock.at = ends + DAY
    refused = propose_release(west.node, west.officers["duty"], record, purpose="settlement", necessity="Both commands must see this account.")
    assert (refused.condition, refused.rule) == ("refused", "in-force")
    assert str(ends.date()) in str(refused.reason)
    west.clock.at = right
    assert release(west, record).condition == "logged"
    with west.store.reading() as book:
        kept = [book.release(refused.release), *[each for each in book.releases() if each.release != refused.release]]
    assert [each.condition for each in kept] == ["refused", "logged"]
    decided = [header.at for header in acts(west) if header.kind == "release.decided"]
    assert decided[0] > ends > decided[1]

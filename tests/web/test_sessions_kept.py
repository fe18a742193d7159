# SPDX-License-Identifier: Apache-2.0
"""Sessions and failed logins are the store's: a restart forgets none, and processes of one node share them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from hamsaya.ledger import tables as t
from hamsaya.ledger.verify import verify_store
from hamsaya.web import create_desk

JSON = {"accept": "application/json"}
COOKIE = "hamsaya-west"


@pytest.fixture
def alone(desk, webs):
    return webs(desk)


def another_process(web, office):
    """Ask a second desk over the same store, with the cookie that the first gave."""
    made = type(web)(web.desk, create_desk(web.desk.node))
    visitor = made.visitor()
    visitor.client.cookies.set(COOKIE, office.client.cookies[COOKIE])
    visitor.csrf = office.csrf
    return visitor


def test_a_session_goes_on_in_another_process_and_after_a_restart(alone):
    office = alone.login()
    other = another_process(alone, office)
    assert other.json("/inbox").status_code == 200
    assert other.post("/logout").status_code == 200
    assert office.json("/inbox").status_code == 401


def test_failed_logins_count_in_every_process(alone):
    office = alone.login()
    other = another_process(alone, office)
    for number in range(5):
        client = (office if number % 2 else other).client
        assert client.post("/login", data={"login": "web-approver", "password": "wrong"}, headers=JSON).status_code == 401
    for client in (office.client, other.client):
        assert client.post("/login", data={"login": "web-approver", "password": "correct horse"}, headers=JSON).status_code == 429


def test_the_store_keeps_the_hash_of_a_session_and_of_a_login_only(alone):
    office = alone.login()
    alone.visitor().client.post("/login", data={"login": "my secret", "password": "wrong"}, headers=JSON)
    with alone.desk.store.engine.connect() as db:
        rows = [str(list(row)) for table in t.WORKING for row in db.execute(select(table))]
    assert len(rows) == 3
    assert not any(office.client.cookies[COOKIE] in row or "my secret" in row for row in rows)


def test_a_page_costs_no_write_but_for_the_first_in_a_minute(alone):
    office = alone.login()
    written = []
    event.listen(alone.desk.store.engine, "before_cursor_execute", lambda *call: written.append(call[2]) if call[2].startswith("UPDATE") else None)
    for _ in range(5):
        assert office.json("/inbox").status_code == 200
    assert written == []
    alone.desk.clock.at += timedelta(minutes=1)
    for _ in range(5):
        assert office.json("/inbox").status_code == 200
    assert len(written) == 1


def test_a_change_of_the_account_ends_its_sessions(alone):
    office, other = alone.login(), alone.login("approver")
    with alone.desk.store.engine.begin() as db:
        db.execute(update(t.OFFICER).where(t.OFFICER.c.login == "web-officer").values(entry=t.OFFICER.c.entry + 1))
    assert office.json("/inbox").status_code == 401
    assert other.json("/inbox").status_code == 200


def test_sessions_that_are_over_are_forgotten_at_the_next_login(alone):
    alone.login()
    alone.desk.clock.at += timedelta(minutes=31)
    alone.login()
    with alone.desk.store.engine.connect() as db:
        assert len(db.execute(select(t.SESSION)).all()) == 1


def test_working_rows_are_no_evidence_and_verify_checks_their_shape(alone):
    alone.login()
    assert verify_store(alone.desk.store).faults == []
    with alone.desk.store.engine.begin() as db:
        db.execute(update(t.SESSION).values(csrf="other"))
    assert verify_store(alone.desk.store).faults == []
    with alone.desk.store.engine.begin() as db:
        db.exec_driver_sql("ALTER TABLE session ADD COLUMN id VARCHAR")
    assert "session" in str(verify_store(alone.desk.store).faults[0].what)

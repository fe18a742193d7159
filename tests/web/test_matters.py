# SPDX-License-Identifier: Apache-2.0
"""On the desk: complaining about an incident, hotline calls, and what both desks show of them. Nothing here needs script."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event
from tests.conftest import START, release
from tests.web.conftest import PASSWORD, open_web

from hamsaya.desk import docket
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.logins import stop_officer
from hamsaya.desk.matters import matter_with
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.settlement.courses import COURSES

HOSTILE = "<script>alert(1)</script> {n} %s"
GOOD = {"field_degree": "complaint", "field_demand": ["explanation", "joint_inquiry"], "field_says": "Shots fell on our side.", "field_due": "+3d"}


@pytest.fixture
def settled(agreed, webs):
    """West's desk; both hold its account. Returns the pair, the desk and the incident."""
    record = agreed.west.file().record
    release(agreed.west, record.id)
    agreed.sync()
    with agreed.west.store.reading() as book:
        return agreed, webs(agreed.west), book.incident_name(record.incident)


def lodged(pair, incident, **more):
    about = {"subjects": incident, "degree": "formal_protest", "demand": "explanation", "says": "Shots fell on our side.", **more}
    record = open_matter(pair.west.node, pair.west.officers["duty"], "complaint", Sheet(typed=about)).held.record.id
    release(pair.west, record)
    pair.sync()
    return record


def test_an_incident_offers_to_complain_and_the_form_knows_it(settled):
    _, web, incident = settled
    office = web.login("officer")
    page = office.get(f"/incidents/{incident}").text
    (href,) = re.findall(r'href="(/matters/new/complaint[^"]*)"', page)
    form = office.get(href.replace("&amp;", "&")).text
    assert f'value="{incident}"' in form
    assert form.count('type="checkbox"') == len(COURSES["complaint"].form.fields[2].codes)  # several demands are ticked, not held down with a key
    assert "Complain about it" not in web.login("auditor").get(f"/incidents/{incident}").text


def test_a_form_with_a_fault_comes_back_whole_and_names_the_field(settled):
    _, web, _ = settled
    office = web.login("officer")
    sent = {**GOOD, "field_subjects": "WEST-I-NONE", "field_says": HOSTILE, "field_due": "2020-01-01"}
    answer = office.post("/matters/new/complaint", data=sent, json=False)
    assert answer.status_code == 400
    page = answer.text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'id="field_subjects-problem"' in page
    assert 'id="field_due-problem"' in page
    assert 'id="field_says-problem"' not in page
    assert page.count(" checked") >= 2  # both demands are still ticked
    assert 'value="WEST-I-NONE"' in page


def test_data_on_persons_is_told_once_and_two_clicks_file_one(settled):
    pair, web, incident = settled
    office = web.login("officer")
    sent = {**GOOD, "field_subjects": incident, "field_says": "Captain Reza Ahmadi fired at us.", "token": "one-form"}
    warned = office.post("/matters/new/complaint", data=sent, json=False)
    assert warned.status_code == 409
    seen = re.search(r'name="seen" value="(\w+)"', warned.text)[1]
    with pair.west.store.reading() as book:
        assert book.openings(["complaint"]) == []
    for _ in range(2):
        office.post("/matters/new/complaint", data={**sent, "seen": seen})
    with pair.west.store.reading() as book:
        assert len(book.openings(["complaint"])) == 1


def test_both_desks_show_it_where_an_officer_looks(settled):
    pair, web, incident = settled
    complaint = lodged(pair, incident)
    east = open_web(pair.east).login("officer")
    west = web.login("officer")
    inbox = east.get("/inbox").text
    assert "Shots fell on our side." in inbox  # in words, without opening it
    assert f'href="/matters/{complaint}"' in inbox
    for office in (east, west):
        assert f'href="/matters/{complaint}"' in office.get(f"/incidents/{incident}").text
        assert f'href="/matters/{complaint}"' in office.get(f"/records/{complaint}").text
        assert f'href="/incidents/{incident}"' in office.get(f"/matters/{complaint}").text
        assert office.json(f"/matters/{complaint}").json()["dealings"][0]["state"] == "lodged"
    assert "Reply" in east.get(f"/matters/{complaint}").text
    assert "/answer/reply" not in west.get(f"/matters/{complaint}").text


def test_a_complaint_about_what_is_not_here_is_told_as_it_came(settled):
    pair, _, incident = settled
    hidden = pair.west.file(
        "Report of the duty office.\nDate: 20 November 2026\n\nOn 20 November 2026 at 10:30, smugglers fired at a post near Taftan.\n"
    )
    complaint = lodged(pair, f"{incident}, {hidden.record.incident}")
    page = open_web(pair.east).login("officer").get(f"/matters/{complaint}").text
    assert hidden.record.incident in page
    assert "(not known here)" in page


def successor(desk):
    with desk.store.reading() as book:
        return next(each for each in book.officers() if each.login == "web-officer")


def with_both(desk, record):
    """Release a record by two officers of whom neither is the one who left."""
    why = {"purpose": "settlement", "necessity": "They asked for a reply."}
    proposed = propose_release(desk.node, successor(desk), record, **why)
    approve_release(desk.node, desk.officers["approver"], proposed.release)


def test_late_reply_counts_and_is_told_late_and_the_level_is_on_both_desks(settled):
    pair, web, incident = settled
    complaint = lodged(pair, incident)
    pair.west.clock.at += timedelta(minutes=60 + 240 + 1)  # both desks go by one clock
    east = open_web(pair.east).login("officer")
    for office in (east, web.login("officer")):
        (told,) = office.json("/matters").json()["matters"]
        assert (told["level"]["number"], told["level"]["of"]) == (1, 4)
        assert 'aria-current="step">sector<' in office.get(f"/matters/{complaint}").text
        assert "sector" in office.get("/matters").text
    assert "sector" in east.get("/inbox").text
    stop_officer(pair.east.node, pair.east.officers["admin"], "duty", stopped=True)  # whoever had it in hand has left: the office goes on
    pair.west.clock.at += timedelta(days=2)
    replied = answer_matter(pair.east.node, successor(pair.east), complaint, "reply", Sheet(typed={"reply": "regret"}))
    with_both(pair.east, replied.held.record.id)
    pair.sync()
    page = web.login("officer").get(f"/matters/{complaint}").text
    assert "came late by" in page
    assert "replied to" in page
    closed = web.login("officer").post(f"/matters/{complaint}/move", data={"move": "close", "party": "east"})
    assert closed.status_code == 200
    assert web.login("officer").json(f"/matters/{complaint}").json()["dealings"][0]["state"] == "closed"


def test_a_call_that_is_confirmed_at_once_waits_in_no_inbox(settled):
    pair, _, _ = settled
    call = {"when": "-10m", "line": "hotline", "caller": "Sector Commander North", "called": "Duty office", "said": "Two boats drifted.",
            "read_back": "read_back"}  # fmt: skip
    record = open_matter(pair.west.node, pair.west.officers["duty"], "hotline_call", Sheet(typed=call)).held.record.id
    release(pair.west, record)
    pair.sync()
    east = open_web(pair.east).login("officer")
    (waits,) = [each for each in east.json("/inbox").json()["items"] if each["subject"] == record]
    assert waits["state"] == "new"
    assert east.post(f"/matters/{record}/move", data={"move": "confirm", "party": "west"}).status_code == 200
    (waits,) = [each for each in east.json("/inbox").json()["items"] if each["subject"] == record]
    assert waits["state"] == "acknowledged"
    pair.sync()
    told = [stood(desk.node, desk.store, record) for desk in (pair.west, pair.east)]
    assert told[0] == told[1] == ("confirmed", ["open", "acknowledge", "confirm"])


def stood(node, store, record):
    with store.reading() as book:
        standing = matter_with(node, book, record).standing
    return standing.state, [each.step.move for each in standing.steps if each.counted]


def test_more_matters_cost_no_more_statements_and_what_is_due_first_stands_first(settled, monkeypatch):
    pair, _, incident = settled
    office, store = open_web(pair.east).login("commander"), pair.east.store  # who owes the acknowledgements
    with store.reading() as book:
        (account,) = [each for each in book.inbox() if each.kind == "release"]
    acknowledge(pair.east.node, pair.east.officers["duty"], account.log, account.seq)  # so that no account waits, and none is weighed
    day = f"{START - timedelta(days=1):%Y-%m-%d}"
    pages = ("/matters", "/inbox", "/command", "/meetings/agenda/west", f"/statistics?from={day}&to={day}")
    counted = []
    for _ in range(3):  # the first time what is read once is read, too
        for due in ("+3d", "+2d", "+5d"):
            lodged(pair, incident, due=due)
        counted.append([statements(store, lambda page=page: office.get(page)) for page in pages])
    assert counted[2] == counted[1]
    pair.east.clock.at += timedelta(days=9)
    office.csrf = office.post("/login", data={"login": "web-commander", "password": PASSWORD}).json()["csrf"]
    monkeypatch.setattr(docket, "docket_page", partial(docket.docket_page, limit=4))
    listed, after = [], ""
    while True:
        told = office.json(f"/matters?after={after}").json()
        listed += [(each["matter"], min(clock["due_at"] for clock in each["clocks"] if clock["met_at"] is None)) for each in told["matters"]]
        assert told["late"] == told["all"] == 9, "counted on every page, and none beyond the first is left out"
        after = told["next"]
        if not after:
            break
    assert len({name for name, _ in listed}) == len(listed) == 9
    assert [due for _, due in listed] == sorted(due for _, due in listed)


def statements(store, act):
    """Return how many statements an act puts to the store."""
    seen = []

    def note(*told):
        seen.append(told[2])

    event.listen(store.engine, "before_cursor_execute", note)
    act()
    event.remove(store.engine, "before_cursor_execute", note)
    return len(seen)

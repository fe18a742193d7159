# SPDX-License-Identifier: Apache-2.0
"""A return case on the pages: the question of protection first, the counts of both sides, and a refusal whose ground stays at home."""

from __future__ import annotations

import pytest
from tests.desk.test_requests import REASON
from tests.desk.walk import typed

from hamsaya.settlement.returning import RETURN

WHY = {"purpose": "return", "necessity": "The animals go back to their owners."}


def fields(form, **changes):
    return {f"field_{name}": value for name, value in (typed(form, "") | changes).items()}


def let_leave(web, record, to):
    held = web.login("officer").post("/releases", data={"record": record, "receiver": to, **WHY}).json()
    assert web.login("approver").post(f"/releases/{held['release']}/approve").json()["condition"] == "logged"


@pytest.fixture
def case(agreed, web, webs):
    """West holds twelve animals of east's, and says so; both desks and the record."""
    record = web.login("officer").post(f"/matters/new/{RETURN.kind}", data=fields(RETURN.form)).json()["matter"]
    let_leave(web, record, "east")
    agreed.sync()
    return web, webs(agreed.east), record


def test_whoever_seeks_protection_or_was_not_asked_is_refused_in_the_form_with_what_to_do(web):
    office = web.login("officer")
    for answer, told in (("some_seek_protection", "Whoever seeks protection is no return case"), ("not_asked", "Ask each of them first, alone")):
        shown = office.post(f"/matters/new/{RETURN.kind}", data=fields(RETURN.form, what="detained_persons", protection=answer), json=False)
        assert shown.status_code == 400
        assert told in shown.text.split('id="field_protection-problem"', maxsplit=1)[1].split("</p>", maxsplit=1)[0]
        assert 'value="12"' in shown.text  # what was typed is still there
    assert office.json("/matters").json()["matters"] == []


def test_case_is_released_for_return_counted_on_both_desks_and_closed(agreed, case):
    west, east, record = case
    assert 'value="return" selected' in west.login("officer").get(f"/records/{record}/release").text
    steps = ((east, west, "expect", {}), (west, east, "hand_over", {}), (east, west, "receive", {"count": "11"}))
    for web, other, step, changes in steps:
        offered, barred = f"/matters/{record}/answer/{step}", web.login("analyst")
        assert offered in web.login("officer").get(f"/matters/{record}").text
        assert offered not in other.login("officer").get(f"/matters/{record}").text
        assert offered not in barred.get(f"/matters/{record}").text
        filed = web.login("officer").post(offered, data=fields(RETURN.moves[step].form, **changes))
        assert filed.status_code == 200, filed.text
        let_leave(web, filed.json()["record"], other.desk.node.party)
        agreed.sync()
    assert west.login("officer").post(f"/matters/{record}/move", data={"move": "close"}).json()["state"] == "closed"
    agreed.sync()
    for web in (west, east):
        office = web.login("officer")
        assert "The counts differ: <bdi>12</bdi> handed over, <bdi>11</bdi> received. Both stand." in office.get(f"/matters/{record}").text
        assert [each["state"] for each in office.json(f"/matters/{record}").json()["dealings"]] == ["closed"]


def test_refusal_tells_the_neighbour_no_ground_and_no_reason(agreed, case):
    west, east, record = case
    office, page = east.login("officer"), f"/matters/{record}"
    assert f"{page}/refuse" in office.get(page).text
    assert f"{page}/refuse" not in west.login("officer").get(page).text
    for data, code in (({"reason": REASON}, 400), ({"grounds": "asylum"}, 400), ({"grounds": "weather", "reason": REASON}, 400)):
        assert office.post(f"{page}/refuse", data=data).status_code == code
    assert east.login("approver").post(f"{page}/refuse", data={"grounds": "asylum", "reason": REASON}).status_code == 403
    assert office.post(f"{page}/refuse", data={"grounds": ["asylum", "torture"], "reason": REASON}).json()["state"] == "refused"
    assert office.post(f"{page}/refuse", data={"grounds": "asylum", "reason": REASON}).status_code == 409
    agreed.sync()
    there = west.login("auditor")
    for answer in (there.get(page), there.json(page), there.get("/inbox"), there.json("/inbox")):
        assert not any(secret in answer.text for secret in (REASON, "torture", "asylum"))
    assert "Refused on a ground that the agreement names; which one is not told." in there.get(page).text

# SPDX-License-Identifier: Apache-2.0
"""The page of rights flags, and closing one: every role × party × sort of incident; in three languages."""

from __future__ import annotations

import pytest
from tests.conftest import release
from tests.web.conftest import open_web
from tests.web.walk import TRAVERSAL, UNKNOWN

from hamsaya.desk.roles import ROLES, may
from hamsaya.web.admit import LANGUAGE_COOKIE

REASON = "The wounded man was treated, and compensated."


@pytest.fixture
def both(agreed):
    """Both desks: west released an account that tells of a wounded civilian; each holds another that the neighbour has never seen."""
    west, east = agreed.west, agreed.east
    release(west, west.file().record.id)
    agreed.sync()
    own = {desk.node.party: desk.file(day(desk, 20)).record.incident for desk in (west, east)}
    return {desk.node.party: (open_web(desk), own[desk.node.party]) for desk in (west, east)}


def day(desk, number):
    report = "Report of the duty office.\nDate: {n} November 2026\n\nOn {n} November 2026 at 09:30, smugglers fired near Mirjaveh. Two civilians were wounded.\n"
    return report.format(n=number).replace("duty office", f"duty office of {desk.node.party}")


def flags(web):
    return {each["incident"]: each["open"] for each in web.login("rights-officer").json("/flags").json()["flags"]}


def test_only_the_rights_officer_closes_and_no_answer_says_what_exists(both):
    (west, own), (east, theirs) = both["west"], both["east"]
    (shared,) = set(flags(west)) - {own}
    assert flags(east) == {shared: True, theirs: True}
    for web, foreign in ((west, theirs), (east, own)):
        for role in ROLES:
            office, told = web.login(role), set()
            for incident in (shared, foreign, *UNKNOWN, *(each for each in TRAVERSAL if "/" not in each and "\x00" not in each and len(each) < 99)):
                known = incident == shared
                if known and may(role, "protect"):
                    continue
                answer = office.client.post(
                    "/incidents/x/flag".replace("x", incident.replace("%", "%25").replace("\\", "%5C").replace(" ", "%20").replace(";", "%3B")),
                    data={"reason": REASON}, headers={"accept": "application/json", "x-csrf": office.csrf}, follow_redirects=False,
                )  # fmt: skip
                expected = 404 if may(role, "protect") else 403
                assert answer.status_code == expected, (web.desk.node.party, role, incident, answer.status_code)
                told.add(answer.text if expected == 403 else "")
            assert len(told) <= 1, f"{role}: answers differ, so they tell what exists"
    assert flags(west) == {shared: True, own: True}
    assert flags(east) == {shared: True, theirs: True}


def test_closing_on_one_desk_closes_nothing_on_the_other_and_stays_to_be_seen(both):
    (west, own), (east, _) = both["west"], both["east"]
    (shared,) = set(flags(west)) - {own}
    officer = west.login("rights-officer")
    number = next(each["number"] for each in officer.json("/flags").json()["flags"] if each["incident"] == shared)
    assert officer.post(f"/incidents/{shared}/flag", data={"reason": "", "seen": number}).status_code == 400
    assert officer.post(f"/incidents/{shared}/flag", data={"reason": REASON, "seen": "one"}).status_code == 400
    assert officer.post(f"/incidents/{shared}/flag", data={"reason": REASON, "seen": number - 1}).status_code == 409
    assert officer.client.post(f"/incidents/{shared}/flag", data={"reason": REASON}).status_code == 403, "without the token of the session"
    assert officer.post(f"/incidents/{shared}/flag", data={"reason": REASON, "seen": number}).json()["open"] is False
    assert officer.post(f"/incidents/{shared}/flag", data={"reason": REASON, "seen": number}).status_code == 409
    assert (flags(west), flags(east)[shared]) == ({own: True}, True)
    assert [each["incident"] for each in officer.json("/flags?closed=yes").json()["flags"]] == [shared]
    for page in (f"/incidents/{shared}", f"/incidents/{shared}/comparison", "/flags?closed=yes"):
        assert REASON in west.login("officer").get(page).text
    listed = west.login("officer").json("/incidents").json()["incidents"]
    assert {each["incident"]: each["flag"] for each in listed} == {shared: "closed", own: "open"}


def test_form_stands_for_the_rights_officer_only_and_the_count_for_those_who_check(both):
    web, incident = both["west"]
    for role in sorted(set(ROLES) - {"administrator"}):
        page = web.login(role).get(f"/incidents/{incident}").text
        assert (f'action="/incidents/{incident}/flag"' in page) == (role == "rights-officer")
        assert ('href="/flags"' in page) == may(role, "audit")
        assert "people who belong to no force and no armed group" in page


@pytest.mark.parametrize(("language", "words"), [("en", "Rights flags"), ("fa", "نشان‌های حقوقی"), ("ur", "حقوق کے نشان")])
def test_list_reads_in_each_language(both, language, words):
    web, incident = both["west"]
    officer = web.login("rights-officer")
    officer.client.cookies.set(LANGUAGE_COOKIE, language)
    page = officer.get("/flags").text
    assert words in page
    assert incident in page
    assert f'lang="{language}"' in page

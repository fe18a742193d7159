# SPDX-License-Identifier: Apache-2.0
"""Who attends, on the desk: the offices for every reader, a name for those who prepare meetings, and none at the neighbour's."""

from __future__ import annotations

from tests.desk.test_meetings import INVITED, opened

NAME = "Bahram Tester-Qalandari"


def test_name_is_shown_to_those_who_prepare_meetings_and_no_neighbour_is_told(agreed, webs):
    meeting = opened(agreed.west, "meeting", INVITED)
    agreed.sync()
    web, theirs = webs(agreed.west), webs(agreed.east)
    office, page = web.login("liaison"), f"/meetings/{meeting}/attendance"
    assert f'href="{page}"' in office.get(f"/matters/{meeting}").text
    noted = office.post(page, data={"office": "Sector Commander", "name": NAME, "days": "3"})
    assert [each["name"] for each in noted.json()["offices"]] == [NAME]
    assert office.post(page, data={"office": "Sector Commander", "name": NAME, "days": "3.5"}).status_code == 400
    assert "&lt;time" not in office.get(page).text
    agreed.sync()
    for role, shown in (("liaison", True), ("officer", True), ("commander", True), ("analyst", False), ("approver", False), ("auditor", False)):
        visitor = web.login(role)
        assert (NAME in visitor.get(page).text) == shown, role
        (told,) = visitor.json(page).json()["offices"]
        assert (told["office"], told["name"], bool(told["until"])) == ("Sector Commander", NAME if shown else "", True)
        for elsewhere in (f"/matters/{meeting}", "/meetings", "/search?q=Qalandari"):
            assert NAME not in visitor.get(elsewhere).text
    (told,) = theirs.login("liaison").json(page).json()["offices"]
    assert (told["office"], told["name"], told["until"]) == ("Sector Commander", "", None)
    office.post(page, data={"office": "Sector Commander", "name": ""})
    assert NAME not in office.get(page).text

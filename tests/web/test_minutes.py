# SPDX-License-Identifier: Apache-2.0
"""Minutes on the desk: drafted from the meeting, signed, their decisions opened as commitments in one click."""

from __future__ import annotations

import re
from html import unescape

from tests.conftest import release
from tests.desk.test_meetings import INVITED, opened
from tests.desk.test_minutes import DECIDED, head, stands

from hamsaya.desk.findings import sign_finding


def test_decision_of_signed_minutes_fills_the_form_of_a_commitment(agreed, webs):
    west, east = agreed.west, agreed.east
    meeting = opened(west, "meeting", INVITED | {"agenda": "– Boats that drift\n– The hotline"})
    agreed.sync()
    web = webs(west)
    office = web.login("commander")
    assert f'href="/findings/new/minutes?about={meeting}"' in office.get(f"/matters/{meeting}").text
    assert [each["text"] for each in office.json(f"/findings/new/minutes?about={meeting}").json()["text"]] == ["Boats that drift", "The hotline"]
    assert "Boats that drift" in office.get(f"/findings/new/minutes?about={meeting}").text
    sent = {"about": meeting, "kind": ["agreed_text", "decided"], "text": ["Both have met.", DECIDED.text], "side": ["", ""]}
    lost = office.post("/findings/new/minutes", data=sent | {"about": "WEST-R-NONE"})
    assert lost.status_code == 404
    minutes = office.post("/findings/new/minutes", data=sent).json()["finding"]
    release(west, minutes)
    agreed.sync()
    assert office.get("/findings/new/verdict").status_code == 404
    for desk in (west, east):
        assert "Open it as a commitment" not in office.get(f"/findings/{minutes}").text
        sign_finding(desk.node, head(desk), minutes, stands(desk, minutes)[2])
        agreed.sync()
    clerk = web.login("officer")
    page = clerk.get(f"/findings/{minutes}").text
    link = unescape(re.search(r'href="(/matters/new/commitment[^"]*)"', page)[1])
    form = clerk.get(link).text
    assert DECIDED.text in form
    assert minutes in form
    assert '<option value="proposed" selected>' in form
    assert f'href="/findings/{minutes}"' in clerk.get("/findings").text

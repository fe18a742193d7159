# SPDX-License-Identifier: Apache-2.0
"""While a link is held every officer sees it, and what would be signed for that neighbour is refused in words."""

from __future__ import annotations

from hamsaya.desk.keeping import free_link, hold_link

NECESSITY = "Both commands must see this account."
HTML = {"accept": "text/html"}


def test_held_link_stands_on_every_page_and_refuses_a_release(web):
    from tests.web.conftest import file_record, propose

    officer, approver = web.login("officer"), web.login("approver")
    proposed = propose(officer, file_record(officer)["id"])
    hold_link(web.desk.node, "east", "the machine was set back")
    assert "Held since this node was set back" in officer.get("/inbox", headers=HTML).text
    answer = approver.post(f"/releases/{proposed['release']}/approve")
    assert (answer.status_code, answer.json()["rule"]) == (403, "held")
    administrator = web.login("administrator")
    assert "link-held" in {each["code"] for each in administrator.json("/node").json()["findings"]}
    free_link(web.desk.node, "east", "it was off since then")
    assert "Held since" not in officer.get("/inbox", headers=HTML).text
    assert approver.post(f"/releases/{proposed['release']}/approve").status_code == 200

# SPDX-License-Identifier: Apache-2.0
"""An officer's day through the JSON routes: a document comes in, a record is filed, released, acknowledged."""

from __future__ import annotations

NECESSITY = "Both commands must see this account."
REPORT = """Report of the duty office.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. One civilian was wounded.
"""


def take_in(office, text=REPORT, **fields):
    answer = office.post("/documents", files={"file": ("report.txt", text.encode())}, data={"basis": "own", **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


def file_record(office, text=REPORT, grade="B2", **fields):
    drafts = take_in(office, text)["drafts"]
    answer = office.post(f"/drafts/{drafts[0]['draft']}/accept", data={"grade": grade, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()["record"]


def test_day_of_an_office(web, agreed):
    duty, second = web.login("officer"), web.login("approver")
    record = file_record(duty)
    assert record["party"] == "west"
    assert {claim["grade"] for claim in record["claims"]} == {"B2"}
    proposed = duty.post("/releases", data={"record": record["id"], "receiver": "east", "purpose": "settlement", "necessity": NECESSITY}).json()
    assert proposed["condition"] == "proposed"
    assert record["id"] in proposed["content"]
    done = second.post(f"/releases/{proposed['release']}/approve").json()
    assert (done["condition"], done["clause"]) == ("logged", "1")
    assert web.logged == ["east"]
    agreed.sync()
    assert duty.json(f"/releases/{proposed['release']}").json()["condition"] == "receipted"


def test_neighbour_acknowledges(web, webs, agreed):
    duty, second = web.login("officer"), web.login("approver")
    record = file_record(duty)
    proposed = duty.post("/releases", data={"record": record["id"], "receiver": "east", "purpose": "settlement", "necessity": NECESSITY}).json()
    second.post(f"/releases/{proposed['release']}/approve")
    agreed.sync()
    east = webs(agreed.east)
    there = east.login("officer")
    (item,) = [each for each in there.json("/inbox").json()["items"] if each["kind"] == "release"]
    assert (item["state"], item["subject"], item["overdue"]) == ("new", record["id"], False)
    answer = there.post("/inbox/acknowledge", data={"log": item["log"], "seq": item["seq"]})
    assert answer.json()["state"] == "acknowledged"
    assert east.logged == ["west"]
    again = there.post("/inbox/acknowledge", data={"log": item["log"], "seq": item["seq"]})
    assert (again.status_code, again.json()["rule"]) == (409, "decided")
    agreed.sync()
    assert duty.json(f"/releases/{proposed['release']}").json()["condition"] == "opened"

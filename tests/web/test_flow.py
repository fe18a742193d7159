# SPDX-License-Identifier: Apache-2.0
"""An officer's day through the JSON routes: a document comes in, a record is filed, released, acknowledged."""

from __future__ import annotations

import html
from datetime import timedelta


def test_day_of_an_office(web, agreed, work):
    duty, second = web.login("officer"), web.login("approver")
    record = work.file_record(duty)
    assert record["party"] == "west"
    assert {claim["grade"] for claim in record["claims"]} == {"B2"}
    proposed = work.propose(duty, record["id"])
    assert proposed["condition"] == "proposed"
    assert record["id"] in proposed["content"]
    done = second.post(f"/releases/{proposed['release']}/approve").json()
    assert (done["condition"], done["clause"]) == ("logged", "1")
    assert web.logged == ["east"]
    agreed.sync()
    assert duty.json(f"/releases/{proposed['release']}").json()["condition"] == "receipted"


def test_neighbour_acknowledges(web, webs, agreed, work):
    duty, second = web.login("officer"), web.login("approver")
    record = work.file_record(duty)
    proposed = work.propose(duty, record["id"])
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


def test_overdue_is_marked(web, webs, agreed, work):
    duty, second = web.login("officer"), web.login("approver")
    proposed = work.propose(duty, work.file_record(duty)["id"])
    second.post(f"/releases/{proposed['release']}/approve")
    agreed.sync()
    east = webs(agreed.east)
    there = east.login("officer")
    assert "acknowledge within" in there.get("/inbox").text
    agreed.east.clock.at += timedelta(minutes=80)  # the agreement gives 60; the session has ended too
    there = east.login("officer")
    assert "overdue by" in there.get("/inbox").text
    (item,) = [each for each in there.json("/inbox").json()["items"] if each["kind"] == "release"]
    assert item["overdue"] is True


def test_refusal_by_clause_is_an_answer(web, work):
    duty = web.login()
    held = work.propose(duty, work.file_record(duty)["id"], purpose="targeting")
    assert (held["condition"], held["rule"]) == ("refused", "purpose")
    page = duty.post("/releases", json=False, data={"record": held["record"], "receiver": "east", "purpose": "", "necessity": "x"})
    assert page.status_code == 303
    assert page.headers["location"].startswith("/releases/WEST-S-")
    assert "It did not leave." in duty.get(page.headers["location"]).text
    assert web.logged == []


def test_same_officer_cannot_be_the_second(web, work):
    duty = web.login("officer")
    held = work.propose(duty, work.file_record(duty)["id"])
    assert duty.post(f"/releases/{held['release']}/approve").json()["rule"] == "role"
    second = web.login("approver")
    assert second.post(f"/releases/{held['release']}/refuse", data={"reason": "not now"}).json()["condition"] == "refused"
    again = second.post(f"/releases/{held['release']}/approve")
    assert (again.status_code, again.json()["rule"]) == (409, "decided")


def test_release_page_shows_exactly_the_bytes(web, work):
    duty = web.login()
    held = work.propose(duty, work.file_record(duty)["id"])
    page = web.login("approver").get(f"/releases/{held['release']}").text
    shown = page.split('<pre class="bytes"', 1)[1].split(">", 1)[1].split("</pre>", 1)[0]
    assert html.unescape(shown) == held["content"]
    with web.desk.store.reading() as book:
        assert book.release(held["release"]).content.decode() == held["content"]


def test_draft_may_be_rejected_with_a_reason(web, work):
    duty = web.login()
    draft = work.take_in(duty)["drafts"][0]["draft"]
    assert duty.post(f"/drafts/{draft}/reject", data={"reason": " "}).status_code == 400
    assert duty.post(f"/drafts/{draft}/reject", data={"reason": "a rumour"}).json()["state"] == "rejected"
    again = duty.post(f"/drafts/{draft}/accept", data={"grade": "B2"})
    assert (again.status_code, again.json()["rule"]) == (409, "decided")
    assert "a rumour" in duty.get(duty.get(f"/drafts/{draft}").headers["location"]).text


def test_form_of_a_draft_composes_the_grade_and_keeps_only_what_is_ticked(web, work):
    duty = web.login()
    draft = work.take_in(duty)["drafts"][0]
    first = draft["body"]["claims"][0]["id"]
    half = duty.post(f"/drafts/{draft['draft']}/accept", data={"reliability": "B"})
    assert half.status_code == 400
    none = duty.post(f"/drafts/{draft['draft']}/accept", data={"choose": "claims", "reliability": "B", "credibility": "2"})
    assert none.status_code == 400
    form = {"choose": "claims", "claims": [first], "reliability": "B", "credibility": "2", "incident": "new"}
    record = duty.post(f"/drafts/{draft['draft']}/accept", data=form).json()["record"]
    assert [claim["id"] for claim in record["claims"]] == [first]
    assert record["claims"][0]["grade"] == "B2"
    assert record["incident"].startswith("WEST-I-")


def test_agreement_is_signed_once(pair, webs):
    from hamsaya.desk.agreements import draft_agreement
    from hamsaya.desk.terms import sample_terms

    drafted = draft_agreement(pair.west.node, sample_terms("west", "east", pair.west.clock.at))
    name, text = drafted.agreement.table.id, {"text": drafted.hash}
    web = webs(pair.west)
    commander = web.login("commander")
    assert "Sign for this party" in commander.get(f"/agreements/{name}").text
    signed = commander.post(f"/agreements/{name}/sign", data=text).json()
    assert list(signed["signatures"]) == ["west"]
    assert signed["standing"]["state"] == "signed by some"
    assert web.logged == ["east"]
    again = commander.post(f"/agreements/{name}/sign", data=text)
    assert (again.status_code, again.json()["rule"]) == (409, "signed")


def test_draft_of_a_known_event_suggests_its_incident(web, work):
    duty = web.login()
    incident = work.file_record(duty)["incident"]
    second = work.take_in(duty, work.REPORT.replace("One civilian", "Two civilians"))["drafts"][0]["draft"]
    found = duty.json(f"/drafts/{second}").json()["suggestions"]
    assert [each["incident"] for each in found] == [incident]
    page = duty.get(duty.get(f"/drafts/{second}").headers["location"]).text
    assert "May be the same event as" in page


def test_error_of_the_courier_does_not_undo_the_answer(agreed, work, webs):
    from hamsaya.facts.errors import LinkError
    from hamsaya.facts.words import say
    from hamsaya.web import create_desk

    web = webs(agreed.west)

    def unreachable(receiver: str) -> None:
        raise LinkError(say("no link to {party}", party=receiver))

    web.app = create_desk(agreed.west.node, on_logged=unreachable)
    duty, second = web.login("officer"), web.login("approver")
    held = work.propose(duty, work.file_record(duty)["id"])
    assert second.post(f"/releases/{held['release']}/approve").json()["condition"] == "logged"

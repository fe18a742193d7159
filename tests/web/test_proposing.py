# SPDX-License-Identifier: Apache-2.0
"""What is shown before Send is what leaves, once; without purpose and necessity nothing is sent (F3, law 1, law 13)."""

from __future__ import annotations

import hashlib
import html
import re

import pytest
from tests.conftest import make_desk
from tests.desk.three import trust

from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.seal.canonical import read


@pytest.fixture
def duty(web):
    return web.login("officer")


@pytest.fixture
def record(duty, work):
    return work.file_record(duty)


def field(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page).group(1))


def bytes_on(page: str) -> str:
    return html.unescape(page.split('<pre class="bytes"', 1)[1].split(">", 1)[1].split("</pre>", 1)[0])


def form_of(duty, record, **typed):
    page = duty.get(f"/records/{record['id']}/release").text
    return {"record": record["id"], "token": field(page, "token"), "bytes": field(page, "bytes"), "receiver": "east", **typed}


def whole(duty, record, work, **typed):
    return form_of(duty, record, **{"purpose": "settlement", "necessity": work.NECESSITY, **typed})


def releases(duty):
    return duty.json("/releases").json()["releases"]


def test_bytes_shown_before_send_are_the_bytes_that_leave(web, agreed, duty, record, work):
    page = duty.get(f"/records/{record['id']}/release").text
    shown = bytes_on(page)
    assert field(page, "bytes") == hashlib.sha256(shown.encode()).hexdigest()
    assert releases(duty) == []
    sent = {"record": record["id"], "token": field(page, "token"), "bytes": field(page, "bytes"), "receiver": "east"}
    asked = duty.post(f"/records/{record['id']}/release", json=False, data={**sent, "purpose": "settlement", "necessity": work.NECESSITY})
    assert asked.status_code == 200
    assert bytes_on(asked.text) == shown
    assert "Allowed by clause" in asked.text
    assert "may send" in asked.text  # the clause as it was signed
    assert releases(duty) == []
    held = duty.post("/releases", data={**sent, "purpose": "settlement", "necessity": work.NECESSITY}).json()
    assert (held["condition"], held["content"]) == ("proposed", shown)
    second = web.login("approver")
    approving = second.get(f"/releases/{held['release']}").text
    assert bytes_on(approving) == shown
    assert field(approving, "bytes") == field(page, "bytes")
    assert second.post(f"/releases/{held['release']}/approve", data={"bytes": field(approving, "bytes")}).json()["condition"] == "logged"
    agreed.sync()
    with agreed.east.store.reading() as book:
        (there,) = book.versions(record["id"])
        entry = book.entries(there.released_in.rpartition("#")[0], 0, 1)[0]
    assert entry.content == shown.encode()
    after = duty.get(f"/releases/{held['release']}").text
    assert "signed that it holds the first" in after


def test_two_openings_of_the_form_share_no_salt(duty, record):
    one, two = (read(bytes_on(duty.get(f"/records/{record['id']}/release").text).encode(), ReleasedRecord) for _ in range(2))
    assert one.release != two.release
    assert one.record.sources[0].document != two.record.sources[0].document


@pytest.mark.parametrize(
    "typed", [{"purpose": ""}, {"necessity": ""}, {"necessity": "too short"}, {"purpose": "", "necessity": "A <b>reason</b> of mine"}]
)
def test_without_purpose_or_necessity_nothing_is_sent_and_nothing_is_lost(duty, record, work, typed):
    sent = whole(duty, record, work, **typed)
    page = duty.post("/releases", json=False, data=sent)
    assert page.status_code == 400
    assert "Nothing was sent" in page.text
    assert html.escape(sent["necessity"]) in page.text
    assert field(page.text, "token") == sent["token"]
    assert duty.post("/releases", data=sent).json()["rule"] in ("purpose", "necessity")
    assert releases(duty) == []


def test_double_click_on_send_makes_one_release(duty, record, work):
    sent = whole(duty, record, work)
    answers = [duty.post("/releases", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["release"] == answers[1].json()["release"]
    assert len(releases(duty)) == 1


def test_token_of_another_officers_form_is_not_taken(web, duty, record, work):
    sent = whole(duty, record, work)
    duty.post("/releases", data=sent)
    assert web.login("liaison").post("/releases", data=sent).status_code == 400
    assert duty.post("/releases", data={**sent, "token": "x"}).status_code == 400
    assert len(releases(duty)) == 1


def test_record_that_was_corrected_since_is_shown_again_before_it_is_sent(duty, record, work):
    sent = whole(duty, record, work)
    work.file_record(duty, work.REPORT.replace("One civilian was", "Two civilians were"), revises=record["id"])
    page = duty.post("/releases", json=False, data=sent)
    assert page.status_code == 409
    assert "Other bytes would leave now" in page.text
    assert work.NECESSITY in page.text
    assert releases(duty) == []
    again = {**sent, "token": field(page.text, "token"), "bytes": field(page.text, "bytes")}
    assert duty.post("/releases", data=again).json()["version"] == 2


def test_own_officers_read_by_name_what_stays_here(web, duty, record, work):
    page = duty.get(f"/records/{record['id']}/release").text
    assert "leaves coarser" in page or "its sentence stays here" in page
    held = work.propose(duty, record["id"])
    assert "What stays here" in web.login("approver").get(f"/releases/{held['release']}").text


def test_approving_other_bytes_than_were_shown_is_refused(web, duty, record, work):
    held = work.propose(duty, record["id"])
    second = web.login("approver")
    answer = second.post(f"/releases/{held['release']}/approve", data={"bytes": "0" * 64})
    assert (answer.status_code, answer.json()["rule"]) == (403, "bytes")
    assert duty.json(f"/releases/{held['release']}").json()["condition"] == "proposed"


def test_stale_tab_of_the_second_officer_decides_nothing_and_keeps_the_reason(web, duty, record, work):
    held = work.propose(duty, record["id"])
    second, third = web.login("approver"), web.login("commander")
    second.post(f"/releases/{held['release']}/approve")
    late = third.post(f"/releases/{held['release']}/refuse", json=False, data={"reason": "The patrol is still out"})
    assert late.status_code == 409
    assert "By <bdi>approver desk</bdi>" in late.text
    assert "The patrol is still out" in late.text
    assert web.logged == ["east"]


def test_ground_of_refusal_is_asked_for_and_refuses(duty, record, work):
    sent = whole(duty, record, work, grounds=["political"])
    page = duty.post(f"/records/{record['id']}/release", json=False, data=sent).text
    assert "Keep the refusal on record" in page
    held = duty.post("/releases", data=sent).json()
    assert (held["condition"], held["rule"]) == ("refused", "ground")


def test_with_several_neighbours_the_form_shows_what_would_leave_to_the_one_that_it_names(duty, record, agreed, work, tmp_path, places):
    north = make_desk(tmp_path, "north", "AF", places=places)
    trust(agreed.west, north)
    page = duty.get(f"/records/{record['id']}/release")
    assert page.status_code == 200
    assert re.findall(r'<option value="(\w+)" selected>', page.text.split('id="receiver"')[1].split("</select>")[0]) == ["east"]
    assert duty.json(f"/records/{record['id']}/release?to=north").json()["receiver"] == "north"
    unnamed = duty.post("/releases", data={**whole(duty, record, work), "receiver": ""})
    assert unnamed.status_code == 400
    assert releases(duty) == []


def test_received_record_offers_no_proposal(web, duty, record, agreed):
    del web, agreed
    assert duty.get("/records/NOT-HERE/release").status_code == 404
    assert f'href="/records/{record["id"]}/release"' in duty.get(f"/records/{record['id']}").text

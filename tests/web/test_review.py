# SPDX-License-Identifier: Apache-2.0
"""Reviewing drafts on the pages: corrected, taken back, and two officers at one draft."""

from __future__ import annotations

import re

import pytest

from hamsaya.ledger.verify import verify_store


@pytest.fixture
def duty(web):
    return web.login("officer")


@pytest.fixture
def held(duty, work):
    return work.take_in(duty)["drafts"][0]


def claim_named(held, predicate):
    return next(each["id"] for each in held["body"]["claims"] if each["predicate"] == predicate)


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def test_page_marks_each_claims_words_and_offers_every_act(duty, held):
    page = duty.get(f"/documents/{held['document']}").text
    numbers = set(re.findall(r'data-claim="(\d+)"', page))
    assert numbers == set(" ".join(re.findall(r'<mark data-claims="([\d ]+)"', page)).split())
    for claim in held["body"]["claims"]:
        assert f'href="/drafts/{held["draft"]}/claims/{claim["id"]}"' in page
        assert f'name="grade.{claim["id"]}"' in page
    assert page.count(f'name="seen" value="{held["entry"]}"') == 2
    auditor = duty  # the same page for one who may not decide
    assert "data-said" in auditor.get(f"/documents/{held['document']}").text


def test_reader_is_offered_nothing_to_decide(web, held):
    page = web.login("auditor").get(f"/documents/{held['document']}").text
    assert 'data-claim="1"' in page
    assert "/accept" not in page
    assert "/claims/" not in page


def test_claim_is_corrected_without_script_and_taken_back(web, duty, held):
    wounded = claim_named(held, "wounded")
    path = f"/drafts/{held['draft']}/claims/{wounded}"
    form = duty.get(path).text
    assert 'name="low" value="1"' in form
    assert "wounded" in form
    sent = {"seen": hidden(form, "seen"), "low": "2", "high": "4"}
    answer = duty.post(path, json=False, data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{held['document']}#{held['draft']}-{wounded}")
    page = duty.get(f"/documents/{held['document']}").text
    assert "corrected by an officer" in page
    assert "2–4" in page
    assert "before:" in page
    now = duty.json(f"/drafts/{held['draft']}").json()
    back = duty.post(f"/drafts/{held['draft']}/undo", data={"seen": now["entry"]}).json()
    assert next(each for each in back["body"]["claims"] if each["id"] == wounded)["value"]["low"] == 1
    assert verify_store(web.desk.store).faults == []


@pytest.mark.parametrize("bad", [{"low": "many"}, {"low": "9", "high": "2"}, {"hedge_words": "a\u202eb", "low": "2"}, {"speaker": "nobody"}])
def test_correction_that_cannot_be_kept_is_shown_again_as_it_was_typed(duty, held, bad):
    path = f"/drafts/{held['draft']}/claims/{claim_named(held, 'wounded')}"
    sent = {"seen": str(held["entry"]), "office": "The <b>post</b> at the pass", **bad}
    page = duty.post(path, json=False, data=sent)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "The &lt;b&gt;post&lt;/b&gt; at the pass" in page.text
    answer = duty.post(path, data=sent)
    assert (answer.status_code, answer.json()["error"]) == (400, "input")
    assert duty.json(f"/drafts/{held['draft']}").json()["entry"] == held["entry"]


def test_second_officer_is_told_who_was_first_and_keeps_what_was_typed(web, duty, held):
    other = web.login("analyst")
    page = other.get(f"/documents/{held['document']}").text
    seen = hidden(page, "seen")
    duty.post(f"/drafts/{held['draft']}/accept", data={"grade": "B2", "seen": seen})
    late = other.post(f"/drafts/{held['draft']}/reject", json=False, data={"seen": seen, "reason": "The patrol denies <it>"})
    assert late.status_code == 409
    assert "By <bdi>officer desk</bdi>" in late.text
    assert "<time" in late.text.split("By <bdi>officer desk</bdi>", 1)[1][:120]
    assert "The patrol denies &lt;it&gt;" in late.text
    assert f'href="/drafts/{held["draft"]}"' in late.text
    with web.desk.store.reading() as book:
        assert len(book.records()) == 1


def test_stale_tab_decides_nothing_after_an_edit(duty, held):
    path = f"/drafts/{held['draft']}/claims/{claim_named(held, 'wounded')}"
    duty.post(path, data={"seen": held["entry"], "low": "3", "high": "3"})
    for act, sent in (("accept", {"grade": "B2"}), ("reject", {"reason": "no"}), ("undo", {})):
        answer = duty.post(f"/drafts/{held['draft']}/{act}", data={**sent, "seen": held["entry"]})
        assert (answer.status_code, answer.json()["rule"]) == (409, "decided"), act
    late = duty.post(path, json=False, data={"seen": held["entry"], "low": "7", "high": "7", "hedge_words": "it is said"})
    assert late.status_code == 409
    assert "it is said" in late.text


def test_double_click_on_accept_files_one_record(duty, held):
    form = {"grade": "B2", "seen": held["entry"]}
    answers = [duty.post(f"/drafts/{held['draft']}/accept", data=form).status_code for _ in range(2)]
    assert answers == [200, 409]
    assert len(duty.json("/records").json()["records"]) == 1


def test_acceptance_is_taken_back_on_the_page_with_a_reason(web, duty, held):
    record = duty.post(f"/drafts/{held['draft']}/accept", data={"grade": "B2"}).json()["record"]
    page = duty.get(f"/documents/{held['document']}").text
    assert "Strike the record" in page
    without = duty.post(f"/drafts/{held['draft']}/undo", data={"seen": hidden(page, "seen")})
    assert without.status_code == 400
    done = duty.post(f"/drafts/{held['draft']}/undo", json=False, data={"seen": hidden(page, "seen"), "reason": "another event"})
    assert done.status_code == 303
    struck = duty.get(f"/records/{record['id']}").text
    assert "another event" in struck
    assert "struck" in struck
    assert "Propose a release" not in struck
    plain, both = duty.get("/records").text, duty.get("/records?struck=yes").text
    assert "another event" not in plain
    assert 'href="/records?struck=yes#struck"' in plain
    assert "another event" in both
    assert 'class="badge bad">struck' in both
    told = duty.json("/records?struck=yes").json()["struck"]
    assert [(each["record"]["id"], each["withdrawn_why"]) for each in told] == [(record["id"], "another event")]
    assert duty.json("/records?struck=yes&side=XX").json()["struck"] == []
    assert "struck" not in duty.json("/records").json()
    incident = duty.get(f"/incidents/{record['incident']}").text
    assert "another event" in incident
    assert record["incident"] not in duty.get("/incidents").text
    assert verify_store(web.desk.store).faults == []


def test_grades_of_single_claims_win_over_that_of_the_draft(duty, held):
    ids = [each["id"] for each in held["body"]["claims"]]
    form = {"choose": "claims", "claims": ids[:2], "reliability": "B", "credibility": "2", f"grade.{ids[1]}": "f6", f"grade.{ids[2]}": "A1"}
    record = duty.post(f"/drafts/{held['draft']}/accept", data=form).json()["record"]
    assert [each["grade"] for each in record["claims"]] == ["B2", "F6"]

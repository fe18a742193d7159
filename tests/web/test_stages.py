# SPDX-License-Identifier: Apache-2.0
"""On the desk: the stages of an account, what its versions changed and why, what is due, and what did not happen (F24)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import release
from tests.desk.test_stages import WHY, account, correct, said
from tests.web.conftest import open_web


@pytest.fixture
def two(agreed):
    """West has released an account, and east one of its own; both desks are open."""
    first = account(agreed.west)
    release(agreed.west, first.id)
    agreed.sync()
    theirs = account(agreed.east, incident=first.incident)
    release(agreed.east, theirs.id)
    agreed.sync()
    return agreed, first, theirs, open_web(agreed.west), open_web(agreed.east)


def test_form_changes_what_it_is_called_only_with_a_reason_and_both_desks_show_it(two):
    pair, first, _, west, east = two
    officer = west.login("officer")
    page = officer.get(f"/records/{first.id}/correct?stage=final").text
    assert '<option value="final" selected>' in page
    fields = {"version": "1", **{f"{each.id}.keep": "yes" for each in first.claims}}
    action = next(each.id for each in first.claims if each.predicate == "action")
    refused = officer.post(f"/records/{first.id}/correct", json=False, data={**fields, f"{action}.code": "armed_trespass", "stage": "formal"})
    assert refused.status_code == 400
    assert "needs a reason" in refused.text
    assert '<option value="formal" selected>' in refused.text  # what was typed stays
    reason = "<script>alert(1)</script> a hunt"
    done = officer.post(
        f"/records/{first.id}/correct", data={**fields, f"{action}.code": "armed_trespass", "stage": "formal", "reason": reason, "handling": "amber"}
    )
    assert done.status_code == 200, done.text
    release(pair.west, first.id)
    pair.sync()
    for web in (west, east):
        office = web.login("auditor")
        told = office.json(f"/records/{first.id}").json()["changes"]
        assert [(each["field"], each["was"], each["now"], each["reason"]) for each in told] == [
            ("stage", ["initial"], ["formal"], reason), ("action", ["armed_attack"], ["armed_trespass"], reason),
        ]  # fmt: skip
        for address in (f"/records/{first.id}", f"/incidents/{first.incident}", f"/incidents/{first.incident}/comparison"):
            page = office.get(address).text
            assert "&lt;script&gt;alert(1)&lt;/script&gt; a hunt" in page, address
            assert "<script>alert" not in page
            assert "armed trespass" in page
            assert "formal report" in page


def test_list_inbox_and_record_tell_what_is_overdue_on_both_desks(two):
    pair, first, theirs, west, east = two
    for desk in (pair.west, pair.east):
        desk.clock.at += timedelta(minutes=4321)
    for web, mine, other in ((west, first, theirs), (east, theirs, first)):
        office = web.login("commander")
        told = office.json("/overdue").json()
        assert (told["overdue"], told["exercise"]) == (2, False)
        assert {(each["record"], each["ours"], each["overdue"]) for each in told["accounts"]} == {(mine.id, True, True), (other.id, False, True)}
        page = office.get("/overdue").text
        assert page.index("What we owe") < page.index(mine.id) < page.index("What neighbours owe us") < page.index(other.id)
        inbox = office.get("/inbox").text
        assert 'href="/overdue"><strong class="bad">Reports overdue' in inbox
        assert office.json("/inbox").json()["reports_overdue"] == {"ours": 1, "theirs": 1}
        assert "overdue by" in office.get(f"/records/{other.id}").text
        assert "overdue by" in office.get(f"/incidents/{first.incident}").text
    correct(pair.west, first, stage="final")
    release(pair.west, first.id)
    pair.sync()
    for web in (west, east):
        office = web.login("officer")
        assert first.id not in office.get("/overdue").text
        assert "came late" in office.get("/overdue?all=yes").text
        assert "came late" in office.get(f"/records/{first.id}").text


def test_comparison_and_case_file_show_who_says_that_it_did_not_happen_and_strike_neither(two):
    pair, first, theirs, west, east = two
    correct(pair.west, first, stage="did-not-happen", reason=WHY)
    release(pair.west, first.id)
    pair.sync()
    for web in (west, east):
        office = web.login("commander")
        for address in (f"/incidents/{first.incident}", f"/incidents/{first.incident}/comparison"):
            page = office.get(address).text
            row = page.split("Whether it happened")[1].split("</tr>")[0]
            assert "Disputed" in row
            assert "It did not happen." in row
            assert "It happened." in row
            assert "Struck" not in page
        case = office.post(f"/incidents/{first.incident}/case", data={"to": "the joint commission", "why": "Both sides asked it to settle this."})
        drawn = case.json()["page"]
        assert WHY in drawn
        assert "It did not happen." in drawn
    assert theirs.id in west.login("officer").json(f"/incidents/{first.incident}").json()["happened"]["so"]


@pytest.mark.parametrize("whose", ["theirs", "attributed"])
def test_nobody_closes_an_account_of_the_other_side_through_the_form(two, whose):
    pair, _, theirs, west, _ = two
    record = theirs if whose == "theirs" else account(pair.west, basis="attributed", origin="PK")
    officer = west.login("officer")
    answer = officer.post(f"/records/{record.id}/correct", data={"stage": "did_not_happen", "reason": WHY})
    assert (answer.status_code, answer.json()["rule"]) == (403, "correct" if whose == "theirs" else "stage")
    assert "File the next version as" not in officer.get(f"/records/{record.id}").text


def test_report_form_files_a_formal_report_and_keeps_what_was_typed_where_it_cannot(web):
    officer = web.login("officer")
    data = {"activity": "crossing", "reliability": "B", "credibility": "2", "stage": "formal"}
    assert officer.post("/reports", data=data).json()["record"]["stage"] == "formal"
    refused = officer.post("/reports", json=False, data={**data, "kind": "warning"})
    assert refused.status_code == 400
    assert 'value="crossing"' in refused.text


@pytest.mark.parametrize(("language", "words"), [("fa", ["گزارش‌های سررسیددار", "آنچه ما بدهکاریم"]), ("ur", ["واجب رپورٹیں", "جو ہمارے ذمے ہے"])])
def test_list_is_in_the_readers_language(two, language, words):
    office = two[3].login("officer")
    page = office.get(f"/overdue?lang={language}").text
    assert all(word in page for word in words)


def test_attributed_classification_too_is_changed_with_a_reason(two):
    pair, _, _, west, _ = two
    record = account(pair.west, basis="attributed", origin="PK")
    done = correct(pair.west, record, claims=said(record, "outcome", "attempted"), reason="The source says so.")
    assert done.changes[0].field == "outcome"
    assert "The source says so." in west.login("officer").get(f"/records/{record.id}").text

# SPDX-License-Identifier: Apache-2.0
"""Adding a claim to a draft on the page, by typing alone: the words, then the value; what the words tell is proposed."""

from __future__ import annotations

import pytest

from hamsaya.desk.roles import ROLES, may


@pytest.fixture
def drafted(web, work):
    officer = web.login()
    taken = work.take_in(officer)
    return web, officer, taken["drafts"][0]["draft"], taken["document"]["document"]


def asked(officer, draft, **query):
    return officer.client.get(f"/drafts/{draft}/add", params=query, headers={"accept": "application/json"}, follow_redirects=False)


def test_words_then_value_then_it_stands_beside_the_document(drafted):
    _, officer, draft, document = drafted
    page = officer.get(f"/documents/{document}").text
    assert f'action="/drafts/{draft}/add"' in page
    first = asked(officer, draft, words="armed", predicate="means")
    assert first.status_code == 200
    assert set(first.json()["fields"]) >= {"code", "words", "speaker", "hedge"}
    form = officer.client.get(f"/drafts/{draft}/add", params={"words": "One civilian", "predicate": "killed"}).text
    assert "<mark>One civilian</mark> was wounded." in form
    assert 'name="v.low" value="1"' in form, "the words tell how many, as in a report"
    assert ">vehicle<" not in form, "of whom: groups of people, not things"
    sent = {"words": "One civilian", "which": "", "predicate": "killed", "v.low": "1", "v.words": "One", "v.about": "civilian", "v.about_country": "ir",
            "v.speaker": "own", "v.hedge": "reported", "seen": first.json()["seen"]}  # fmt: skip
    kept = officer.post(f"/drafts/{draft}/add", data=sent)
    assert kept.status_code == 200, kept.text
    claim = kept.json()["body"]["claims"][-1]
    assert (claim["id"], claim["value"]["low"], claim["about"]["code"], claim["about"]["country"], claim["hedge"], claim["reason"]) == (
        "h1", 1, "civilian", "IR", "reported", "by-hand",
    )  # fmt: skip
    page = officer.get(f"/documents/{document}").text
    assert "added by an officer" in page
    assert f'id="{draft}-h1"' in page
    assert "Take the added claim back" in page
    undone = officer.post(f"/drafts/{draft}/undo", data={"seen": kept.json()["entry"]}).json()
    assert "h1" not in [each["id"] for each in undone["body"]["claims"]]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"words": "two hundred tanks"}, "do not stand in the document"),
        ({"words": "2026"}, "stand 2 times"),
        ({"words": "2026", "which": "9"}, "stand 2 times"),
        ({"which": "first"}, "is a number"),
        ({"predicate": "name"}, "no kind of fact"),
        ({"v.low": ""}, "cannot be read"),
        ({"v.low": "-1"}, "below 0"),
        ({"v.low": "many"}, "cannot be read"),
        ({"v.speaker": "god"}, "cannot be read"),
    ],
)
def test_what_cannot_be_kept_is_shown_again_with_what_was_typed(drafted, fields, says):
    _, officer, draft, _ = drafted
    sent = {"words": "One civilian", "which": "", "predicate": "killed", "v.low": "7", "v.about": "civilian", **fields}
    told = officer.post(f"/drafts/{draft}/add", data=sent)
    assert told.status_code == 400
    assert says in told.json()["what"]
    page = officer.post(f"/drafts/{draft}/add", data=sent, json=False)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    if set(fields) <= {"v.speaker"}:
        assert 'name="v.low" value="7"' in page.text


def test_code_is_never_chosen_for_the_officer(drafted):
    _, officer, draft, _ = drafted
    told = officer.post(f"/drafts/{draft}/add", data={"words": "near Mirjaveh", "predicate": "site", "v.code": ""})
    assert told.status_code == 400
    assert asked(officer, draft, words="near Mirjaveh", predicate="site").json()["fields"]["code"] == ""


@pytest.mark.parametrize("predicate", ["occurred", "place", "depth", "action", "killed", "outcome", "lasted", "damage", "statement", "channel"])
def test_every_kind_of_value_has_its_form(drafted, predicate):
    _, officer, draft, _ = drafted
    answer = officer.client.get(f"/drafts/{draft}/add", params={"words": "near Mirjaveh", "predicate": predicate})
    assert answer.status_code == 200
    assert f'name="predicate" value="{predicate}"' in answer.text


def test_decided_draft_leads_back_and_only_who_files_may_add(drafted):
    web, officer, draft, document = drafted
    for role in ROLES:
        office = web.login(role)
        expected = 200 if may(role, "file") else 403
        assert asked(office, draft, words="armed", predicate="means").status_code == expected
        assert office.post("/drafts/D-00000000-01/add", data={"words": "x", "predicate": "killed"}).status_code == (404 if may(role, "file") else 403)
    officer.post(f"/drafts/{draft}/reject", data={"reason": "another event"})
    back = officer.get(f"/drafts/{draft}/add")
    assert (back.status_code, back.headers["location"]) == (303, f"/documents/{document}#{draft}")
    assert officer.post(f"/drafts/{draft}/add", data={"words": "armed", "predicate": "statement", "v.text": "x"}).status_code == 409

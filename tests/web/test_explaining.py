# SPDX-License-Identifier: Apache-2.0
"""The account of a release as a page: for readers on both sides, loud where something does not agree, and linked from where it is asked."""

from __future__ import annotations

import re

import pytest

from hamsaya.ledger import tables as t


@pytest.fixture
def sent(web, agreed, webs, work):
    """A release of west's that east has, as an auditor of each side looks at it."""
    duty, second = web.login("officer"), web.login("approver")
    held = work.propose(duty, work.file_record(duty)["id"])
    second.post(f"/releases/{held['release']}/approve")
    agreed.sync()
    return held["release"], web.login("auditor"), webs(agreed.east).login("rights-officer")


def test_account_is_read_on_both_sides(sent):
    release, here, there = sent
    for office, heading in ((here, "Why this left"), (there, "Why this came here")):
        page = office.get(f"/releases/{release}/explain")
        assert page.status_code == 200
        assert heading in page.text
        assert "Everything below was verified just now" in page.text
        assert "east-2026" in page.text or "west-east" in page.text
        told = office.json(f"/releases/{release}/explain").json()
        assert (told["agrees"], told["decision"]["allowed"], told["purpose"]) == (True, True, "settlement")
        assert told["steps"][0]["rule"] == "in-force"
    assert f'href="/releases/{release}/explain"' in here.get(f"/releases/{release}").text
    assert f'href="/releases/{release}/explain"' in there.get("/inbox").text


def test_both_desks_tell_the_same_steps_and_the_last_one_is_the_condition(sent):
    release, here, there = sent
    ours, theirs = (office.json(f"/releases/{release}/explain").json()["delivery"] for office in (here, there))
    assert [each for each in ours["steps"] if not each["here"]] == theirs["steps"]
    assert [each["step"] for each in theirs["steps"]] == ["decided", "logged", "receipted"]
    assert (ours["condition"], ours["since"], ours["why"]) == (theirs["condition"], theirs["since"], theirs["why"])
    assert here.json(f"/releases/{release}").json()["delivery"] == ours
    for page in (
        here.get(f"/releases/{release}").text,
        here.get(f"/releases/{release}/explain").text,
        there.get(f"/releases/{release}/explain").text,
    ):
        assert "Every step that is proven" in page
        assert "allowed by clause" in page
        assert page.index("allowed by clause") < page.index("signed that it has stored the first")
        assert re.search(r"<bdi>(?!east<)[^<]*</bdi> signed that it has stored the first", page), "a party is called by its name"


@pytest.mark.parametrize(("language", "word"), [("fa", "چرا این فرستاده شد"), ("ur", "یہ کیوں بھیجا گیا")])
def test_account_speaks_the_readers_language(sent, language, word):
    release, here, _ = sent
    assert word in here.get(f"/releases/{release}/explain?lang={language}").text


def test_what_was_altered_stands_first_and_loud(sent, web):
    release, here, _ = sent
    with web.desk.store.engine.connect() as db, db.begin():
        db.execute(t.RELEASE.update().where(t.RELEASE.c.id == release).values(clause="2"))
    page = here.get(f"/releases/{release}/explain").text
    assert 'role="alert"' in page
    assert page.index("does not agree with what was recorded") < page.index("What was asked, in order")
    assert here.json(f"/releases/{release}/explain").json()["agrees"] is False


def test_refused_release_is_explained(web, work):
    duty = web.login("officer")
    held = work.propose(duty, work.file_record(duty)["id"], purpose="targeting")
    page = duty.get(f"/releases/{held['release']}/explain").text
    assert "Why this did not leave" in page
    assert "is no purpose of the closed list" in page
    assert duty.get("/releases/WEST-S-NOTHERE/explain").status_code == 404

# SPDX-License-Identifier: Apache-2.0
"""Pages that propose the same event with reasons for and against; an officer confirms there, and takes it back (laws 6, 16)."""

from __future__ import annotations

import pytest
from tests.conftest import release
from tests.desk.made import drafts_of, event
from tests.facts.made import claim, code, count, day, point

from hamsaya.ledger.nearby import SqlNearbyBook


def guards(side, *, lost=False):
    group = code("border_guard", country=side)
    return claim("killed", count(2, 2), about=group, grade=None) if lost else claim("actor", group, grade=None)


@pytest.fixture
def told(agreed, webs):
    """West's account; east's of the same event, which arrived; and one that may answer it."""
    ours = event(agreed.west, more=[guards("IR", lost=True)])
    theirs = event(agreed.east, what="armed_attack", more=[claim("wounded", count(3, 3), about=code("civilian"), grade=None)])
    release(agreed.east, theirs.id)
    agreed.sync()
    later = event(agreed.west, when="2026-11-13", what="armed_trespass", more=[guards("IR")])
    return webs(agreed.west), ours, theirs, later


def test_received_account_is_proposed_in_the_inbox_and_on_both_pages_and_linked_from_there(told):
    web, ours, theirs, _ = told
    duty = web.login()
    (card,) = (each for each in duty.json("/inbox").json()["items"] if each["kind"] == "release")
    assert [each["incident"] for each in card["suggestions"]] == [ours.incident]
    assert "May be the same event as" in duty.get("/inbox").text
    for path in (f"/incidents/{theirs.incident}", f"/records/{theirs.id}"):
        page = duty.get(path).text
        assert "Perhaps the same event as another incident" in page
        assert "one event may well be told as either kind" in page
        assert f'name="into" value="{ours.incident}"' in page
    (found,) = duty.json(f"/incidents/{theirs.incident}").json()["same"]
    assert (found["incident"], found["score"], found["doubts"]) == (ours.incident, 14, [])
    assert [each["incident"] for each in duty.json(f"/records/{theirs.id}").json()["suggestions"]] == [ours.incident]
    duty.post(f"/incidents/{theirs.incident}/link", data={"into": ours.incident, "seen": "1"})
    page = duty.get(f"/incidents/{ours.incident}").text
    assert "Perhaps the same event" not in page
    assert "files it under" in page  # the author's own name stays to be seen
    assert duty.json(f"/incidents/{ours.incident}").json()["told"] == [{"party": "east", "incidents": [theirs.incident]}]
    duty.post(f"/incidents/{ours.incident}/unlink", data={"incident": theirs.incident})
    assert "Perhaps the same event" in duty.get(f"/incidents/{ours.incident}").text


def test_inbox_that_is_drawn_again_weighs_nothing_until_an_account_changes(told, agreed, monkeypatch):
    web, ours, theirs, later = told
    asked, nearby = [], SqlNearbyBook.nearby
    monkeypatch.setattr(SqlNearbyBook, "nearby", lambda book, kind, keys: asked.append(kind) or nearby(book, kind, keys))
    duty = web.login()

    def proposed():
        asked.clear()
        cards = [each for each in duty.json("/inbox").json()["items"] if each["kind"] == "release"]
        return [each["incident"] for card in cards for each in card["suggestions"]], len(asked)

    assert proposed() == ([ours.incident], 1)
    assert proposed() == ([ours.incident], 0)
    release(agreed.west, later.id)  # an act that is about no account
    assert proposed() == ([ours.incident], 0)
    release(agreed.east, event(agreed.east, when="2026-11-20", what="drone").id)
    agreed.sync()
    assert proposed() == ([ours.incident], 2)
    duty.post(f"/incidents/{ours.incident}/relate", data={"relation": "answered", "other": theirs.incident, "seen": "1"})
    assert proposed() == ([], 2)


def test_neighbour_that_tells_two_events_where_we_see_one_is_shown_so(told, agreed):
    web, ours, theirs, _ = told
    second = event(agreed.east, what="armed_attack")
    release(agreed.east, second.id)
    agreed.sync()
    duty = web.login()
    for each in (theirs, second):
        duty.post(f"/incidents/{each.incident}/link", data={"into": ours.incident})
    assert "tells this as" in duty.get(f"/incidents/{ours.incident}").text
    (told_by,) = duty.json(f"/incidents/{ours.incident}").json()["told"]
    assert sorted(told_by["incidents"]) == sorted([theirs.incident, second.incident])


def test_relation_is_proposed_confirmed_shown_on_both_pages_and_taken_back(told):
    web, ours, _, later = told
    duty = web.login()
    page = duty.get(f"/incidents/{ours.incident}").text
    assert "Perhaps connected" in page
    assert 'name="relation" value="answered"' in page
    (proposed,) = duty.json(f"/incidents/{later.incident}").json()["connected"]
    assert (proposed["incident"], proposed["relation"], proposed["other"]) == (later.incident, "responds_to", ours.incident)
    duty.post(f"/incidents/{ours.incident}/relate", data={"relation": "answered", "other": later.incident, "seen": "1"})
    for name in (ours.incident, later.incident):
        assert "Connected events, by an officer" in duty.get(f"/incidents/{name}").text
        (held,) = duty.json(f"/incidents/{name}").json()["relations"]
        assert (held["incident"], held["relation"], held["other"], held["office"]) == (later.incident, "responds_to", ours.incident, "officer desk")
    again = duty.post(f"/incidents/{later.incident}/relate", data={"relation": "responds_to", "other": ours.incident})
    assert again.status_code == 409
    for path, data in ((f"/incidents/{ours.incident}/unrelate", {"relation": "answered", "other": later.incident}),):
        assert duty.post(path, json=False, data=data).headers["location"] == f"/incidents/{ours.incident}"
        assert duty.post(path, data=data).status_code == 409
    assert duty.json(f"/incidents/{ours.incident}").json()["relations"] == []


def test_who_may_not_file_sees_the_reasons_and_no_button(told):
    web, ours, theirs, later = told
    for role in ("approver", "auditor"):
        office = web.login(role)
        page = office.get(f"/incidents/{theirs.incident}").text
        assert "Perhaps the same event" in page
        assert f"/incidents/{theirs.incident}/link" not in page
        for act in ("relate", "unrelate"):
            answer = office.post(f"/incidents/{ours.incident}/{act}", data={"relation": "causes", "other": later.incident})
            assert (answer.status_code, answer.json()["rule"]) == (403, "role")


@pytest.mark.parametrize("data", [{}, {"relation": "causes"}, {"relation": "likes", "other": "x"}, {"relation": "caused", "other": "<script>"}])
def test_what_is_no_relation_is_refused_in_words(told, data):
    web, ours, _, _ = told
    answer = web.login().post(f"/incidents/{ours.incident}/relate", data=data)
    assert answer.status_code in (400, 404)
    page = web.login().post(f"/incidents/{ours.incident}/relate", json=False, data=data).text
    assert "<script>" not in page


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_in_the_readers_language_no_english_reason_is_left(told, language):
    web, _, theirs, _ = told
    page = web.login().get(f"/incidents/{theirs.incident}?lang={language}").text
    assert "the times overlap" not in page
    assert {"fa": "امتیاز", "ur": "پوائنٹ"}[language] in page


def test_report_and_draft_tell_what_speaks_against_it(told, agreed):
    web, ours, _, _ = told
    duty = web.login()
    claims = [claim("occurred", day("2026-11-12"), grade=None), claim("place", point(62.03, 26.12, 6000), grade=None),
              claim("action", code("killing"), grade=None), claim("killed", count(3, 3), about=code("border_guard", country="IR"), grade=None)]  # fmt: skip
    (draft,) = drafts_of(agreed.west, {"claims": claims})
    found = duty.json(f"/drafts/{draft.draft}").json()["suggestions"]
    assert ours.incident in [each["incident"] for each in found]
    page = duty.get(duty.get(f"/drafts/{draft.draft}").headers["location"].split("#")[0]).text
    assert "Against it:" in page
    assert "no number fits both under" in page

# SPDX-License-Identifier: Apache-2.0
"""The page of an agreement: how it stands, its texts, what one changes in another, and what an officer may do to it."""

from __future__ import annotations

import pytest
from tests.conftest import START
from tests.desk.test_lifecycle import LAXER, NAME, STRICTER, TERMS, act, life, propose, sign

from hamsaya.desk.agreements import draft_agreement

PAGE = f"/agreements/{NAME}"
WHY = "Shots near the line."


def told(office):
    return office.json(PAGE).json()


def test_commander_suspends_and_resumes_with_a_reason_and_the_neighbour_is_told(web):
    commander = web.login("commander")
    done = commander.post(f"{PAGE}/act", data={"verb": "suspend", "reason": WHY}).json()
    assert (done["standing"]["state"], web.logged) == ("suspended", ["east"])
    page = commander.get(PAGE).text
    assert WHY in page
    assert 'value="resume"' in page
    assert 'value="suspend"' not in page
    assert [(each["verb"], each["reason"]) for each in told(commander)["acts"]] == [("suspend", WHY)]
    assert commander.post(f"{PAGE}/act", data={"verb": "resume", "reason": "Settled."}).json()["standing"]["state"] == "in force"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verb": "suspend", "reason": ""}, 400), ({"verb": "strike", "reason": WHY}, 400), ({"verb": "resume", "reason": WHY}, 409),
        ({"verb": "withdraw", "reason": WHY}, 400), ({"verb": "suspend", "reason": "Mr. Ahmad Rezai shot at us."}, 400),
        ({"verb": "decline", "reason": WHY, "text": "0" * 64}, 404),
    ],
)  # fmt: skip
def test_act_that_makes_no_sense_changes_nothing(web, form, status):
    commander = web.login("commander")
    answer = commander.post(f"{PAGE}/act", data=form)
    assert answer.status_code in (status, 403)
    assert (told(commander)["standing"]["state"], told(commander)["acts"], web.logged) == ("in force", [], [])


def test_withdrawal_needs_to_be_sure_and_offers_nothing_more_afterwards(web):
    commander = web.login("commander")
    done = commander.post(f"{PAGE}/act", data={"verb": "withdraw", "reason": WHY, "sure": "1"}).json()
    assert done["standing"]["state"] == "withdrawn"
    assert f'action="{PAGE}/act"' not in commander.get(PAGE).text


def test_who_may_not_act_sees_no_form_and_is_refused(web):
    for role in ("officer", "auditor", "liaison"):
        office = web.login(role)
        assert f'action="{PAGE}/act"' not in office.get(PAGE).text
        assert office.post(f"{PAGE}/act", data={"verb": "suspend", "reason": WHY}).status_code == 403


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_amendment_is_shown_clause_by_clause_in_the_readers_language_and_signed_by_its_hash(agreed, webs, language):
    east = agreed.east
    amended = propose(east, STRICTER).hash
    agreed.sync()
    commander = webs(agreed.west, language=language).login("commander")
    page = commander.get(PAGE).text
    assert "TLP:AMBER" in page
    assert "TLP:GREEN" in page
    assert amended[:12] in page
    kinds = {each["number"]: each["kind"] for each in told(commander)["changes"]}
    assert (kinds["3"], kinds["1"]) == ("changed", "unchanged")
    assert commander.post(f"{PAGE}/sign", data={"text": amended}).status_code == 200
    agreed.sync()
    sign(east)
    agreed.sync()
    assert life(agreed.west).governs == amended
    compared = commander.get(f"{PAGE}?to={amended[:16]}")
    assert compared.status_code == 200
    assert "TLP:AMBER" in compared.text


def test_unknown_text_to_compare_is_not_found(web):
    office = web.login("officer")
    assert office.get(f"{PAGE}?to={'0' * 64}").status_code == 404
    assert office.get(f"{PAGE}?from=%3Cscript%3E").status_code == 404


def test_text_of_a_neighbour_is_declined_on_the_page(pair, webs):
    draft_agreement(pair.east.node, TERMS)
    pair.sync()
    web = webs(pair.west)
    commander = web.login("commander")
    text = life(pair.west).shown
    done = commander.post(f"{PAGE}/act", data={"verb": "decline", "reason": "Clause 3 goes too far.", "text": text}).json()
    assert done["standing"]["state"] == "declined"
    pair.sync()
    assert life(pair.east).standing.state == "declined"


def test_act_of_the_neighbour_is_shown_with_its_office_as_text(agreed, webs):
    act(agreed.east, "suspend", "<b>Shots</b> near the line.")
    agreed.sync()
    page = webs(agreed.west).login("officer").get(PAGE).text
    assert "&lt;b&gt;Shots" in page
    assert "commander office" in page
    assert f"{START.year}" in page


def test_page_shows_what_a_text_changes_in_what_is_in_force_before_it_can_be_signed(agreed, webs):
    """East counters its own lax amendment with a change of title only: west must not read "the title" as all that changes."""
    west, east = agreed.west, agreed.east
    in_force = life(west).governs
    lax = propose(east, LAXER, revises=in_force)
    trap = propose(east, LAXER.replace('title = "', 'title = "Renewed '), revises=lax.hash)
    agreed.sync()
    commander = webs(west).login("commander")
    page = commander.get(PAGE).text
    assert f'value="{trap.hash}"><button type="submit">' in page  # it can be signed here
    (number,) = [n for n, said in trap.agreement.text["en"].items() if said != life(west).text(in_force).agreement.text["en"][n]]
    assert [each["number"] for each in told(commander)["changes"] if each["before"] != each["after"]] == [number]
    assert page.index(trap.agreement.text["en"][number]) < page.index(f'value="{trap.hash}"><button type="submit">')


def test_only_the_text_that_the_page_showed_is_signed(pair, webs):
    west, east = pair.west, pair.east
    draft_agreement(east.node, TERMS)
    pair.sync()
    shown = life(west).shown
    commander = webs(west).login("commander")
    act(east, "decline", text=shown)  # while the page is open, it takes that back and proposes another
    other = propose(east, LAXER, revises=shown).hash
    pair.sync()
    assert commander.post(f"{PAGE}/sign").status_code == 400
    assert "west" not in life(west).text(other).signed


def test_signature_on_another_text_can_be_taken_back_on_the_page_and_says_so_in_the_readers_language(pair, webs):
    west = pair.west
    draft_agreement(west.node, TERMS)
    first = life(west).shown
    lax = propose(west, LAXER, revises=first).hash
    sign(west, lax)
    strict = propose(west, STRICTER, revises=first).hash
    commander = webs(west).login("commander")
    commander.post(f"{PAGE}/sign", data={"text": strict})
    assert life(west).text(lax).standing.state == "declined"
    assert "This party signed another text in its place." in commander.get(PAGE).text

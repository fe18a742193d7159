# SPDX-License-Identifier: Apache-2.0
"""The officers' tasks in Chromium, on both live nodes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.live]
DIRECTIONS = {"en": "ltr", "fa": "rtl", "ur": "rtl"}


def row(page: Page, key: str, story, node):
    """Return the table row of a field: rows stand in the order in which the desk's JSON lists the fields."""
    fields = [field["key"] for field in node.get("duty", f"/incidents/{story.result['incidents'][0]['id']}")["fields"]]
    return page.locator(f"#field-{fields.index(key) + 1}")


@pytest.mark.parametrize("side", ["west", "east"])
def test_both_desks_show_the_joint_incident_side_by_side(story, open_desk, side):
    node = getattr(story, side)
    joint = story.result["incidents"][0]
    page = open_desk(node)
    page.goto(f"/incidents/{joint['id']}")
    expect(page.locator("table.sides tbody tr")).to_have_count(len(joint["agree"]) + len(joint["differ"]) + len(joint["silent"]))
    for state in ("agree", "differ", "silent"):
        for key in joint[state]:
            expect(row(page, key, story, node)).to_have_class(state)
    expect(row(page, joint["agree"][0], story, node).locator(".badge")).to_have_text("Agreed")
    expect(row(page, joint["differ"][0], story, node).locator(".badge")).to_have_text("Disputed")
    expect(row(page, joint["silent"][0], story, node).locator("td .quiet", has_text="says nothing")).to_have_count(1)
    expect(page.locator(".accounts .badge", has_text="signed")).to_have_count(2)


@pytest.mark.parametrize("side", ["west", "east"])
def test_each_value_opens_the_sentence_it_rests_on(story, open_desk, side):
    node = getattr(story, side)
    page = open_desk(node)
    page.goto(f"/incidents/{story.result['incidents'][0]['id']}")
    values = page.locator("td details.statement")
    assert values.count() >= 10
    for number in range(values.count()):
        value = values.nth(number)
        expect(value.locator(".inside")).to_be_hidden()
        value.locator("summary").click()
        expect(value.locator("blockquote, .withheld")).to_be_visible()
    own = page.locator("td details.statement", has=page.locator("a", has_text="Open the document"))
    theirs = page.locator("td details.statement", has_text="Quoted by the originator")
    assert own.count() > 0
    assert theirs.count() > 0
    for value in (own.first, theirs.first):
        marked = value.locator("mark").inner_text()
        assert marked
        assert marked in value.locator("blockquote").inner_text()


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_in_each_language_and_width(story, open_desk, language, width):
    page = open_desk(story.west, language=language, width=width)
    agreement, joint = story.result["agreement"]["id"], story.result["incidents"][0]["id"]
    document = story.result["documents"][0]["sha256"]
    for path in (
        "/inbox",
        "/incidents",
        f"/incidents/{joint}",
        "/documents",
        f"/documents/{document}",
        f"/agreements/{agreement}",
        "/records",
        "/releases",
    ):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("body")).to_have_attribute("dir", DIRECTIONS[language])
        expect(page.locator("div.watermark")).to_be_visible()
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (path, "scrolls sideways")


def test_agreement_shows_each_clause_as_a_sentence_in_three_languages(story, open_desk):
    page = open_desk(story.east, language="fa")
    page.goto(f"/agreements/{story.result['agreement']['id']}")
    rows = page.locator("table tbody tr")
    name = story.result["agreement"]["id"]
    signed = [each["agreement"]["table"] for each in story.east.get("commander", "/agreements")["agreements"]]
    clauses = len(next(each for each in signed if each["id"] == name)["clauses"])
    expect(rows).to_have_count(clauses)
    for language in ("en", "fa", "ur"):
        for number in range(clauses):
            assert len(rows.nth(number).locator(f'[lang="{language}"]').inner_text().split()) > 3
    expect(page.get_by_text(story.result["agreement"]["hash"])).to_be_visible()


def test_document_shows_every_span_and_what_no_claim_rests_on(story, open_desk):
    page = open_desk(story.west)
    name = "press-pk-2014-10-22.en.txt"
    document = next(each for each in story.result["documents"] if each["name"] == name)
    page.goto(f"/documents/{document['sha256']}")
    numbers = page.locator(".text a.mark-number")
    assert numbers.count() > 10
    assert numbers.count() == page.locator("ol.claims > li").count()
    expect(page.locator(".text .apart").first).to_be_visible()
    assert "QUETTA" in " ".join(page.locator(".text .apart").all_inner_texts())
    assert not any("QUETTA" in marked for marked in page.locator(".text mark").all_inner_texts())


def test_from_a_report_to_the_neighbours_acknowledgement_without_script(story, open_desk, report):
    """Upload, accept, propose, approve as another officer, arrive, acknowledge, and see it opened; with script: `test_settlement.py`."""
    report.write_text(report.read_text() + "\nWritten without script.\n")
    duty = open_desk(story.west, javascript=False)
    duty.goto("/documents")
    duty.locator("details.action summary").click()
    duty.set_input_files("#file", report)
    duty.select_option("#basis", "own")
    duty.click("form[action='/documents'] button[type=submit]")
    expect(duty.locator(".text")).to_contain_text("<script>document.title='taken'</script>")
    assert "taken" not in duty.title()
    draft = duty.locator("article.card", has=duty.locator("form")).first
    draft.locator("select[name=reliability]").select_option("B")
    draft.locator("select[name=credibility]").select_option("2")
    draft.locator("button", has_text="Accept and file").click()
    expect(duty.locator("h1")).to_contain_text("WEST-R-")
    duty.get_by_role("link", name="Propose a release").click()
    send = duty.locator("[data-send]")
    expect(send).to_be_enabled()
    shown = duty.locator("pre.bytes").inner_text()
    duty.select_option("#purpose", "settlement")
    duty.fill("#necessity", "Both commands must see <b>this</b> account.")
    duty.get_by_role("button", name="Ask the agreement").click()
    expect(duty.locator("#decision .badge")).to_have_text("allowed")
    send.click()
    release = duty.locator("h1 .name").inner_text()
    expect(duty.locator("button", has_text="Approve")).to_have_count(0)

    approver = open_desk(story.west, "approver", javascript=False)
    approver.goto(f"/releases/{release}")
    leaving = approver.locator("pre.bytes").inner_text()
    assert leaving == shown
    assert "Two civilians were wounded" in leaving
    approver.locator("button", has_text="Approve").click()
    expect(approver.locator(".card .badge").first).not_to_have_text("Proposed")

    story.east.wait_for("the release arrives", lambda: [each for each in story.east.get("duty", "/inbox")["items"] if each["state"] == "new"])
    east = open_desk(story.east, javascript=False)
    card = east.locator("li.card", has=east.locator("button", has_text="Acknowledge"))
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Both commands must see <b>this</b> account.")
    card.locator("button").click()
    expect(east.locator("li.card", has=east.locator("button", has_text="Acknowledge"))).to_have_count(0)

    story.west.wait_for("it is opened there", lambda: story.west.get("duty", f"/releases/{release}")["condition"] == "opened")
    duty.goto(f"/releases/{release}")
    expect(duty.locator(".card .badge").first).to_have_text("opened")


def test_wrong_password_says_so_and_lets_nobody_in(story, chromium):
    page = chromium.new_context(base_url=story.west.desk).new_page()
    page.goto("/login?lang=en")
    page.fill("#login", "commander")
    page.fill("#password", "not the password")
    page.click(".entrance button[type=submit]")
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/inbox")
    expect(page.locator("#password")).to_be_visible()
    page.context.close()


def test_both_desks_in_one_browser_stay_logged_in(story, chromium):
    """Cookies ignore ports, and both desks stand on localhost: neither login ends the other."""
    context = chromium.new_context()
    pages = []
    for node in (story.west, story.east):
        page = context.new_page()
        page.goto(f"{node.desk}/login?lang=en")
        page.fill("#login", "duty")
        page.fill("#password", node.passwords["duty"])
        page.click(".entrance button[type=submit]")
        page.wait_for_url("**/")
        pages.append(page)
    for _ in range(2):
        for page, node in zip(pages, (story.west, story.east), strict=True):
            page.goto(f"{node.desk}/incidents")
            expect(page.locator("form.office button")).to_be_visible()
            expect(page.locator("h1")).to_have_text("Incidents")
    pages[1].click("form.office button")
    expect(pages[1].locator("#password")).to_be_visible()
    pages[0].goto(f"{story.west.desk}/inbox")
    expect(pages[0].locator("form.office button")).to_be_visible()
    context.close()

# SPDX-License-Identifier: Apache-2.0
"""What is typed and not sent outlives a reload, a session and a stale tab; it is gone once it was taken, and at logging out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.live]
REPORT = (
    "Report of the duty office, EXERCISE.\nDate: 1{0} November 2026\n\nOn 1{0} November 2026 at 10:30, smugglers fired at a patrol near Taftan.\n"
)
WORDS = "The patrol of <b>the other</b> sector denies it"


@pytest.fixture
def draft(story):
    """Give a way to bring in a draft; returns its name."""
    return lambda number: story.west.upload("duty", ("r.txt", REPORT.format(number).encode()), basis="own")["drafts"][0]["draft"]


def reason(page: Page, draft: str):
    return page.locator(f"[id='{draft}'] .reject input[name=reason]")


def typed(page: Page, draft: str) -> None:
    page.goto(f"/drafts/{draft}")
    reason(page, draft).fill(WORDS)
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.includes('/reject'))")


@pytest.mark.parametrize(("language", "number"), [("en", 1), ("fa", 2)])
def test_text_comes_back_after_a_reload_and_is_gone_once_taken(story, open_desk, draft, language, number):
    name = draft(number)
    page = open_desk(story.west, language=language)
    typed(page, name)
    assert WORDS not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(reason(page, name)).to_have_value(WORDS)
    expect(page.locator(".put-back")).to_be_visible()
    reason(page, name).press("Enter")
    expect(page.locator(f"[id='{name}'] .badge").first).to_have_text({"en": "rejected", "fa": "ردشده"}[language])
    page.locator(f"[id='{name}'] button[data-key=u]").click()
    expect(reason(page, name)).to_have_value("")
    expect(page.locator(".put-back")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('/reject')).length") == 0


def test_discarded_text_does_not_come_back(story, open_desk, draft):
    name = draft(3)
    page = open_desk(story.west)
    typed(page, name)
    page.reload()
    page.locator(".put-back button").click()
    expect(reason(page, name)).to_have_value("")
    page.reload()
    expect(reason(page, name)).to_have_value("")


def test_session_that_ended_loses_no_text_and_logging_out_removes_it(story, open_desk, draft):
    name = draft(4)
    page = open_desk(story.west)
    typed(page, name)
    page.goto("about:blank")  # nothing of the page is on its way when its session ends
    page.context.clear_cookies()
    page.goto("/login?lang=en")
    page.fill("#login", "duty")
    page.fill("#password", story.west.passwords["duty"])
    page.click(".entrance button[type=submit]")
    page.goto(f"/drafts/{name}")
    expect(reason(page, name)).to_have_value(WORDS)
    page.click("form.office button")
    expect(page.locator("#password")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('/reject')).length") == 0

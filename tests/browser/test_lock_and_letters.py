# SPDX-License-Identifier: Apache-2.0
"""A page that nobody touches covers itself and keeps what was being written; letters as keys can be switched off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.live]


def let_time_pass(page: Page, minutes: int) -> None:
    """Let the page's own clock run."""
    page.clock.fast_forward(minutes * 60_000)


def covered(story, open_desk) -> Page:
    """Return a page that nobody touched, of a session that the node has locked."""
    page = open_desk(story.west)
    page.clock.install()
    page.goto("/records")
    with page.expect_response("**/lock"):
        let_time_pass(page, 11)
    return page


def test_page_covers_itself_and_goes_on_with_what_was_being_written(story, open_desk):
    page = open_desk(story.west)
    page.clock.install()
    page.goto("/reports/new")
    page.wait_for_selector("#report[data-ready=yes]")
    with page.expect_response("**/reports/preview"):
        page.fill("#field-remarks", "seen from the tower")
        page.clock.run_for(1_000)
    let_time_pass(page, 9)
    page.keyboard.press("Shift")
    let_time_pass(page, 9)
    expect(page.locator("#lock")).to_be_hidden()
    with page.expect_response("**/lock"):
        let_time_pass(page, 2)
    expect(page.locator("#lock")).to_be_visible()
    expect(page.locator("#lock [name=password]")).to_be_focused()
    expect(page.locator("#field-remarks")).to_be_hidden()
    expect(page.locator("#lock")).to_contain_text("EXERCISE")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#lock")).to_be_visible()
    other = page.context.new_page()
    other.goto("/inbox")
    assert other.url.endswith("/locked")
    other.close()
    page.fill("#lock [name=password]", story.west.passwords["duty"])
    page.keyboard.press("Enter")
    expect(page.locator("#lock")).to_be_hidden()
    expect(page.locator("#field-remarks")).to_have_value("seen from the tower")
    page.evaluate("fetch('/inbox').then(answer => { document.title = String(answer.url.endsWith('/inbox')); })")
    expect(page).to_have_title("true")


def test_one_lock_covers_and_uncovers_every_tab(story, open_desk):
    one = open_desk(story.west)
    one.clock.install()
    one.goto("/records")
    two = one.context.new_page()
    two.goto("/releases")
    let_time_pass(one, 11)
    expect(one.locator("#lock")).to_be_visible()
    expect(two.locator("#lock")).to_be_visible()
    two.fill("#lock [name=password]", story.west.passwords["duty"])
    two.keyboard.press("Enter")
    expect(two.locator("#lock")).to_be_hidden()
    expect(one.locator("#lock")).to_be_hidden()


def test_page_that_was_on_its_way_when_the_session_was_locked_uncovers_no_other(story, open_desk):
    """The new page says that nothing is locked, which was so when the node gave it: the covered one asks the node and stays covered."""
    page = covered(story, open_desk)
    page.wait_for_function("Object.keys(localStorage).some((name) => name.startsWith('hamsaya-locked'))")
    late = page.context.new_page()
    late.goto("/locked")
    with page.expect_response("**/locked") as asked:
        late.evaluate(
            "Object.keys(localStorage).filter((name) => name.startsWith('hamsaya-locked')).forEach((name) => localStorage.removeItem(name))"
        )
    assert asked.value.json()["locked"] is True
    page.wait_for_timeout(100)
    expect(page.locator("#lock")).to_be_visible()
    page.wait_for_function("Object.keys(localStorage).some((name) => name.startsWith('hamsaya-locked'))")  # and told every tab again


def test_nobody_elses_password_uncovers_a_page(story, open_desk):
    """Somebody else has logged in in another tab: what stands on the covered page is not theirs."""
    page = covered(story, open_desk)
    other = page.context.new_page()
    other.goto("/login")
    other.fill("#login", "approver")
    other.fill("#password", story.west.passwords["approver"])
    other.click(".entrance button[type=submit]")
    other.wait_for_selector("form.office")
    page.fill("#lock [name=password]", story.west.passwords["approver"])
    page.keyboard.press("Enter")
    expect(page.locator("#lock [data-say=ended]")).to_be_visible()
    expect(page.locator("body")).to_have_class(re.compile("covered"))


def test_letters_are_switched_off_for_the_account_and_on_again(story, open_desk):
    page = open_desk(story.west)
    page.goto("/account")
    switch = page.locator("#letters [data-letters-switch]")
    expect(switch).to_be_checked()
    switch.uncheck()
    page.goto("/records")
    expect(page.locator(".begin kbd")).to_be_hidden()
    assert page.locator(".begin").get_attribute("aria-keyshortcuts") is None
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert page.url.endswith("/records")
    page.goto("/account")
    switch.check()
    page.goto("/records")
    page.keyboard.press("n")
    page.wait_for_url("**/reports/new")


def test_control_and_a_letter_drop_no_claim(story, open_desk):
    west = story.west
    text = (
        b"EXERCISE\nReport.\nDate: 14 November 2026\n\nOn 14 November 2026 at 10:30, smugglers fired near Mirjaveh. Three civilians were wounded.\n"
    )
    draft = west.upload("duty", ("keys.txt", text), basis="own")["drafts"][0]
    page = open_desk(west)
    page.goto(f"/drafts/{draft['draft']}")
    page.locator("[data-claim]").first.focus()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+x")
    expect(page.locator("[data-claim] input[type=checkbox]").first).to_be_checked()

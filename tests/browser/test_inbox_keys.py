# SPDX-License-Identifier: Apache-2.0
"""The inbox worked with one key, left to right and right to left, and a form that is sent once however often it is pressed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from hamsaya.demo.nodes import DemoNode

pytestmark = [pytest.mark.browser, pytest.mark.live]
REPORT = """Report of the duty office, EXERCISE.
Date: 1{0} November 2026

On 1{0} November 2026 at 10:{1}0, smugglers fired at a border guard patrol near Taftan. {2} civilians were wounded.
"""


def send(story, mark: int, count: int) -> None:
    """Let west release some accounts, and wait until they are with east; a call that waits there would take the keys."""
    west: DemoNode = story.west
    for each in story.east.get("duty", "/distress")["calls"]:
        if not each["own"] and each["condition"] in ("logged", "receipted"):
            story.east.post("duty", f"/distress/{each['case']}/answer", answer="seen")
    before = len([each for each in story.east.get("duty", "/inbox")["items"] if each["state"] == "new"])
    for number in range(count):
        drafts = west.upload("duty", ("r.txt", REPORT.format(mark, number, number + 2).encode()), basis="own")["drafts"]
        record = west.post("duty", f"/drafts/{drafts[0]['draft']}/accept", grade="B2")["record"]["id"]
        held = west.post("duty", "/releases", record=record, receiver="east", purpose="settlement", necessity="Both commands must see this account.")
        west.post("approver", f"/releases/{held['release']}/approve")
    story.east.wait_for(
        "the releases arrive", lambda: len([each for each in story.east.get("duty", "/inbox")["items"] if each["state"] == "new"]) == before + count
    )


def waiting(page: Page):
    return page.locator("li.card", has=page.locator("[data-enter]"))


@pytest.mark.parametrize(("language", "mark"), [("en", 1), ("ur", 2)])
def test_one_key_acknowledges_and_the_next_one_has_the_focus(story, open_desk, language, mark):
    send(story, mark, 3)
    page = open_desk(story.east, language=language)
    count = waiting(page).count()
    assert count >= 3
    for _ in range(page.locator("li.card").count()):  # what waits for an answer may stand above; `a` is not for that
        page.keyboard.press("j")
        if waiting(page).and_(page.locator(":focus")).count():
            break
    page.keyboard.press("a")
    expect(waiting(page)).to_have_count(count - 1)
    expect(page.locator("#waiting")).to_be_focused()
    page.keyboard.press("Enter")
    expect(waiting(page)).to_have_count(count - 2)
    for _ in range(page.locator("li.card").count()):
        page.keyboard.press("x")
        page.keyboard.press("j")
    page.keyboard.press("s")
    expect(waiting(page)).to_have_count(0)
    expect(page.locator(".places .count")).to_have_count(0)


def test_button_that_is_pressed_twice_sends_one_form(story, open_desk):
    send(story, 3, 1)
    page = open_desk(story.east)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    waiting(page).first.locator("[data-enter]").evaluate("button => { button.click(); button.click(); }")
    expect(waiting(page)).to_have_count(0)
    assert len(sent) == 1

# SPDX-License-Identifier: Apache-2.0
"""A neighbour's call cannot be missed: on any open page, with sound, until an officer says that they saw it; nothing typed is lost by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.accessibility import RUN, bring_axe
from tests.browser.test_every_page import SMALL
from tests.tour import LANGUAGES, SCHEMES, WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.live]


UNTOUCHED = """
addEventListener("keydown", () => (window.touched = true), true);
Object.defineProperty(Navigator.prototype, "userActivation", { get: () => ({ hasBeenActive: window.touched === true }) });
"""
"""Looking at a page from a test counts as touching it; only a key does here."""


def call(story, kind="new", **form):
    made = story.west.post("duty", f"/distress/{kind}", **{"what": "medical", "where": "Mirjaveh", **form})["calls"]
    return made[0]["case"]


def test_call_is_filed_with_the_keyboard_and_seen_on_the_other_desk(story, open_desk):
    east, west = open_desk(story.east), open_desk(story.west)
    east.goto("/reports/new")
    east.fill("#field-remarks", "what I was typing")
    west.keyboard.press("!")
    west.wait_for_url("**/distress/new")
    expect(west.locator("[autofocus]")).to_be_focused()  # a moment after the page has loaded
    west.keyboard.press("Space")
    west.keyboard.press("Tab")
    west.keyboard.press("Tab")
    west.keyboard.type("Mirjaveh")
    west.keyboard.press("Control+Enter")
    west.wait_for_url("**/distress/west.east.*")
    panel = east.locator(".alarm")
    expect(panel).to_be_visible(timeout=30_000)  # once it has arrived, within one question of the page
    expect(panel).to_contain_text("Distress call from")
    expect(panel).to_contain_text("medical emergency")
    expect(east.locator("body")).to_have_attribute("data-sound", "on")
    expect(east).to_have_title("● A call waits ●")
    expect(panel.locator("[data-key=a]").first).to_be_enabled()  # not at once: what was typed a moment ago answers nothing
    east.keyboard.press("a")
    expect(panel).to_have_count(0)
    assert east.input_value("#field-remarks") == "what I was typing"
    expect(east.locator("#field-remarks")).to_be_focused()
    expect(west.locator(".alarm-line").first).to_contain_text("seen")


def test_page_that_nobody_has_touched_says_that_its_sound_is_off(story, open_desk, chromium):
    page = open_desk(story.east)
    cookies = page.context.cookies()
    page.context.close()
    context = chromium.new_context(base_url=story.east.desk)
    context.add_cookies(cookies)
    fresh = context.new_page()
    fresh.add_init_script(UNTOUCHED)
    fresh.goto("/records")
    case = call(story, "stop", what="fire", whom="all")
    expect(fresh.locator(".alarm")).to_contain_text("STOP from")
    expect(fresh.locator(".sound-off")).to_be_visible()
    expect(fresh.locator("body")).to_have_attribute("data-sound", "off")
    fresh.keyboard.press("Shift")
    fresh.keyboard.press("x")
    expect(fresh.locator("body")).to_have_attribute("data-sound", "on")
    expect(fresh.locator(".sound-off")).to_be_hidden()
    fresh.locator(".alarm").get_by_role("button", name="stopped", exact=True).click()
    expect(fresh.locator(".alarm")).to_have_count(0)
    context.close()
    assert story.east.get("duty", f"/distress/{case}")["condition"] == "answered"


def test_without_script_the_panel_comes_with_the_next_page_and_a_button_answers(story, open_desk):
    case = call(story)
    story.east.wait_for("the call arrives", lambda: [each for each in story.east.get("duty", "/distress")["calls"] if each["case"] == case])
    page = open_desk(story.east, language="ur", javascript=False)
    expect(page.locator(".alarm")).to_contain_text("طبی ہنگامی حالت")
    page.locator(".alarm form button").first.click()
    expect(page.locator(".alarm")).to_have_count(0)
    assert page.url.endswith(f"/distress/{case}")


@pytest.mark.parametrize(("language", "waits", "what"), [
    ("en", "A call of a neighbour waits that nobody here has seen.", "medical emergency"),
    ("fa", "فراخوانی از همسایه در انتظار است", "فوریت پزشکی"),
])  # fmt: skip
def test_locked_page_tells_that_a_call_waits_and_nothing_more_until_it_is_unlocked(story, open_desk, language, waits, what):
    for each in story.east.get("duty", "/distress")["calls"]:
        if not each["own"] and each["condition"] in ("logged", "receipted"):
            story.east.post("duty", f"/distress/{each['case']}/answer", answer="seen")
    page = open_desk(story.east, language=language)
    page.clock.install()
    page.goto("/account")
    page.keyboard.press("Shift")
    page.clock.fast_forward(11 * 60_000)
    lock = page.locator("#lock")
    expect(lock).to_be_visible()
    expect(page.locator("#lock-call")).to_be_hidden()
    with page.expect_response(lambda answer: answer.url.endswith("/distress/waiting") and answer.json()["waiting"]) as asked:
        case = call(story, where="Mirjaveh")
    assert not any(told in asked.value.text() for told in (case, "medical", "Mirjaveh"))  # nor does what the page asks tell more
    expect(page.locator("#lock-call")).to_be_visible()
    expect(page.locator("#lock-call")).to_contain_text(waits)
    expect(page.locator("body")).to_have_attribute("data-sound", "on")
    expect(page.locator(".alarm")).to_have_count(0)
    for told in (what, case, "Mirjaveh"):
        expect(page.locator("html")).not_to_contain_text(told)
    page.fill("#lock [name=password]", story.east.passwords["duty"])
    page.keyboard.press("Enter")
    expect(lock).to_be_hidden()
    expect(page.locator(".alarm")).to_be_visible()
    expect(page.locator(".alarm")).to_contain_text(what)
    expect(page.locator("body")).to_have_attribute("data-sound", "on")
    page.locator(".alarm form button").first.click()
    expect(page.locator(".alarm")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_panel_and_forms_keep_the_rules_of_accessibility(story, open_desk, language):
    case = call(story)
    story.east.wait_for("the call arrives", lambda: [each for each in story.east.get("duty", "/distress")["calls"] if each["case"] == case])
    faults = []
    for node, paths in (
        (story.east, ["/inbox", "/reports/new"]),
        (story.west, ["/distress/new", "/distress/stop", "/distress", f"/distress/{case}"]),
    ):
        page = open_desk(node, language=language)
        for path in paths:
            page.goto(path)
            bring_axe(page)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                for size, width in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": 900})
                    where = f"{path} {scheme} {size}"
                    faults += [f"{where}: {each}" for each in page.evaluate(RUN)]
                    faults += [f"{where}: smaller than 24 px: {each}" for each in page.evaluate(SMALL)]
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    faults += [f"{where}: {wide} px wide"] if wide > width + 1 else []
    story.east.post("duty", f"/distress/{case}/answer", answer="seen")
    assert not faults, "\n".join(sorted(set(faults)))

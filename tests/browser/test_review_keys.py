# SPDX-License-Identifier: Apache-2.0
"""Drafts reviewed with the keyboard alone, left to right and right to left, and on a keyboard of another script."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.live]
_NUMBER = itertools.count()
LAYOUTS = {
    "en": {},
    "fa": {"j": ("ت", "KeyJ"), "k": ("ن", "KeyK"), "a": ("ش", "KeyA"), "x": ("ط", "KeyX"), "e": ("ث", "KeyE"), "u": ("ع", "KeyU"), "r": ("ق", "KeyR"), "c": ("ز", "KeyC"),
           "B": ("إ", "KeyB"), "2": ("۲", "Digit2"), "?": ("؟", "Slash")},
    "ur": {},
}  # fmt: skip


def press(page: Page, language: str, key: str) -> None:
    """Press a key as a keyboard of that language sends it."""
    if key not in LAYOUTS[language]:
        page.keyboard.press("Shift+B" if key == "B" else key)
        return
    letter, code = LAYOUTS[language][key]
    page.evaluate(
        "([key, code, shiftKey]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, code, shiftKey, bubbles: true, cancelable: true}))",
        [letter, code, key in "B?"],
    )


@pytest.fixture
def document(story, open_desk, tmp_path):
    """Give a way to open a document with two drafts, far apart in a long text, before an officer."""

    def opened(language: str, **options) -> Page:
        path = tmp_path / "report.txt"
        path.write_text(
            f"Report of the duty office, EXERCISE, number {next(_NUMBER)}.\nDate: 14 November 2026\n\nOn 14 November 2026 at 10:30, smugglers fired at a "
            "border guard patrol near Taftan. Two civilians were wounded.\n\n" + "The border guard patrol on duty saw nothing else that day.\n" * 60
            + "\nOn 15 November 2026, one police officer was killed near Zahedan.\n"
        )  # fmt: skip
        page = open_desk(story.west, language=language, **options)
        page.goto("/documents")
        page.locator("details.action").evaluate("each => each.open = true")
        page.set_input_files("#file", path)
        page.select_option("#basis", "own")
        page.click("form[action='/documents'] button[type=submit]")
        expect(page.locator("article.card")).to_have_count(2)
        return page

    return opened


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_claims_are_walked_dropped_graded_and_taken_back(document, language):
    page = document(language)
    claims = page.locator("[data-claim]")
    boxes = claims.locator("input[type=checkbox]")
    press(page, language, "j")  # the draft
    press(page, language, "j")
    expect(claims.nth(0)).to_be_focused()
    expect(page.locator("mark.lit").first).to_be_in_viewport()
    press(page, language, "x")
    expect(boxes.nth(0)).not_to_be_checked()
    expect(claims.nth(1)).to_be_focused()
    press(page, language, "B")
    press(page, language, "2")
    expect(claims.nth(1).locator("input.grade")).to_have_value("B2")
    for _ in range(3):
        press(page, language, "u")
    expect(boxes.nth(0)).to_be_checked()
    expect(claims.nth(1).locator("input.grade")).to_have_value("")
    expect(claims.nth(0)).to_be_focused()
    last = claims.count() - 1
    for _ in range(last + 1):  # and over the second draft
        press(page, language, "j")
    expect(claims.nth(last)).to_be_focused()
    expect(page.locator("mark.lit").first).to_be_in_viewport()
    press(page, language, "?")
    expect(page.locator("details.keys dl")).to_be_visible()
    press(page, language, "?")
    expect(page.locator("details.keys dl")).to_be_hidden()
    press(page, language, "r")
    expect(page.locator("article.card").nth(1).locator(".reject input[name=reason]")).to_be_focused()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_draft_is_corrected_filed_and_taken_back_by_keyboard(document, language):
    page = document(language)
    draft = page.locator("article.card").first
    wounded = draft.locator("[data-claim]", has=page.locator("summary .own", has_text="Two"))
    wounded.focus()
    press(page, language, "e")
    page.wait_for_selector("input[name=low]")
    page.fill("input[name=low]", "3")
    page.fill("input[name=high]", "")
    page.keyboard.press("Enter")
    expect(page.locator("[data-claim]:focus")).to_contain_text("3" if language == "en" else "۳")
    press(page, language, "u")
    expect(draft).to_be_focused()
    expect(wounded).to_contain_text("2" if language == "en" else "۲")
    press(page, language, "B")
    press(page, language, "2")
    press(page, language, "a")
    expect(page.locator("h1")).to_contain_text("WEST-R-")
    record = page.locator("h1 .name").inner_text()
    page.go_back()
    page.reload()
    draft.focus()
    press(page, language, "u")
    expect(draft.locator(".undo input[name=reason]")).to_be_focused()
    page.keyboard.type("another event")
    page.keyboard.press("Enter")
    expect(draft.locator("button[data-key=a]")).to_be_visible()
    page.goto(f"/records/{record}")
    expect(page.locator(".struck")).to_contain_text("another event")


def test_letters_that_are_typed_are_never_keys(document):
    page = document("en")
    reason = page.locator(".reject input[name=reason]").first
    reason.click()
    page.keyboard.type("ax jku? 12 ABF")
    expect(reason).to_have_value("ax jku? 12 ABF")
    assert page.locator("[data-claim] input[type=checkbox]:not(:checked)").count() == 0
    expect(page.locator("details.keys dl")).to_be_hidden()


def test_everything_is_reached_without_script(document):
    page = document("en", javascript=False)
    draft = page.locator("article.card").first
    draft.get_by_role("link", name="Correct").first.click()
    page.fill("input[name=hedge_words]", "it is said")
    page.click("main form button[type=submit]")
    expect(draft).to_contain_text("corrected by an officer")
    draft.get_by_role("button", name="Take the last correction back").click()
    expect(draft.locator("summary .chip", has_text="corrected by an officer")).to_have_count(0)
    draft.locator(".reject input[name=reason]").fill("a repetition")
    draft.get_by_role("button", name="Reject").click()
    draft.get_by_role("button", name="Take the rejection back").click()
    expect(draft.get_by_role("button", name="Accept and file")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_claim_is_added_on_the_words_that_are_selected_and_taken_back(document, language):
    page = document(language)
    before = page.locator("article.card").nth(1).locator("[data-claim]").count()
    page.locator("article.card").nth(1).focus()
    page.evaluate(
        """() => {  // the third time that these words stand in the text, begun in one piece of it and ended in another
            const text = document.querySelector(".text");
            const pieces = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            const found = [];
            while (pieces.nextNode()) {
                for (let at = pieces.currentNode.data.indexOf("border guard patrol"); at >= 0; at = pieces.currentNode.data.indexOf("border guard patrol", at + 1))
                    found.push([pieces.currentNode, at]);
            }
            const [node, at] = found[2];
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + "border guard patrol".length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    press(page, language, "c")
    form = page.locator("article.card").nth(1).locator("[data-add]")
    expect(form.locator("[name=words]")).to_have_value("border guard patrol")
    which = form.locator("[name=which]").input_value()
    assert which in ("3", "4"), "the pieces that a claim marks are counted too"
    expect(form.locator("[name=predicate]")).to_be_focused()
    form.locator("[name=predicate]").select_option("parties")
    form.locator("button").click()
    expect(page.locator("mark")).to_have_text("border guard patrol")
    page.locator("[name='v.code']").select_option(index=1) if page.locator("select[name='v.code']").count() else page.locator("[name='v.code']").fill(
        "border_guard"
    )
    page.locator("form.action button[type=submit]").click()
    expect(page.locator("article.card").nth(1).locator("[data-claim]")).to_have_count(before + 1)
    added = page.locator("[data-claim]:focus")
    expect(added).to_be_visible()
    press(page, language, "u")
    expect(page.locator("article.card").nth(1).locator("[data-claim]")).to_have_count(before)

# SPDX-License-Identifier: Apache-2.0
"""Typing in the clause editor: the sentence and the effect change, and what was typed survives a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_sentence_changes_as_one_types_and_the_text_survives_a_reload(story, open_desk):
    page = open_desk(story.west, "commander")
    page.goto("/agreements/new")
    expect(page.locator("#said-4")).to_contain_text("rounded to 1000 m")
    page.fill("[name='c4.place_m']", "5000")
    expect(page.locator("#said-4")).to_contain_text("rounded to 5000 m")
    expect(page.locator("#said-4 blockquote[lang=fa]")).to_contain_text("5000")
    page.fill("[name='c4.place_m']", "NaN")
    expect(page.locator("#said-4")).to_contain_text("expected a whole number")
    expect(page.locator("#effect")).to_contain_text("once the text has no fault")
    page.fill("[name='c4.place_m']", "7000")
    expect(page.locator("#said-4")).to_contain_text("rounded to 7000 m")
    page.reload()
    expect(page.locator("#said-4")).to_contain_text("rounded to 1000 m")
    page.locator(".put-back button:not(.plain)").click()
    expect(page.locator("[name='c4.place_m']")).to_have_value("7000")
    expect(page.locator("#said-4")).to_contain_text("rounded to 7000 m")

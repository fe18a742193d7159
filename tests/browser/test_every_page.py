# SPDX-License-Identifier: Apache-2.0
"""Every page of the desk, in each language, light and dark: axe-core finds nothing, nothing scrolls sideways, focus shows.

The tour comes from the table of routes, so that a new page is in it or the tour fails.
"""

from __future__ import annotations

import itertools
import os
import re

import pytest
from tests.browser.accessibility import RUN, bring_axe
from tests.tour import LANGUAGES, SCHEMES, WIDTHS, Tour, live_in, plan

pytestmark = [pytest.mark.browser, pytest.mark.live]
CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary"
SMALL = f"""() => [...document.querySelectorAll("{CONTROLS}")].filter((each) => {{
  if (each.closest(".unseen, .skip, details:not([open]) > :not(summary)") || !each.checkVisibility()) return false;
  const inline = getComputedStyle(each).display === "inline" && each.tagName === "A";  // 2.5.8 leaves links within a sentence out
  const box = each.getBoundingClientRect();
  return !inline && (box.width < 23.5 || box.height < 23.5);
}}).map((each) => each.outerHTML.slice(0, 160))"""
FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  return document.activeElement !== document.body && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
    ? document.activeElement.outerHTML.slice(0, 160) : "";
}"""


BETWEEN = {"tablet": 1000}
"""Where a page is neither wide nor a phone's, the widest tables show."""
EVERY_WAY = list(itertools.product(SCHEMES, WIDTHS.items()))


def _asked_of(number: int) -> list[tuple[str, tuple[str, int]]]:
    """Return the ways in which axe sees a page: one, another for each page and language; all with HAMSAYA_EVERY_WAY set."""
    return EVERY_WAY if os.environ.get("HAMSAYA_EVERY_WAY") else [EVERY_WAY[number % len(EVERY_WAY)]]


@pytest.fixture(scope="module")
def tour(story) -> Tour:
    live_in(story)
    return plan(story.west)


@pytest.fixture
def walk(tour, chromium):
    """Give each page of the tour in a language, at its stop; or those of some names."""

    def walked(language, names=()):
        stops = [stop for stop in tour.stops if not names or stop.name in names]
        for login in dict.fromkeys(stop.login for stop in stops):
            context = tour.open(chromium, login)
            page = context.new_page()
            for stop in stops:
                if stop.login == login:
                    tour.visit(page, stop, language)
                    yield stop, page
            context.close()

    return walked


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_breaks_a_rule_of_accessibility_or_scrolls_sideways(tour, walk, language):
    faults, seen = [], 0
    for stop, page in walk(language):
        bring_axe(page)
        for scheme, (size, width) in _asked_of(seen + LANGUAGES.index(language)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{stop.path} {scheme} {size}: {each}" for each in page.evaluate(RUN)]
        for size, width in (WIDTHS | BETWEEN).items():
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{stop.path} {size}: {wide} px wide"] if wide > width + 1 else []
            faults += [f"{stop.path} {size}: smaller than 24 px: {each}" for each in page.evaluate(SMALL)]
        seen += 1
    assert not faults, "\n".join(faults)
    assert seen == len(tour.stops) >= 20


def test_the_focus_shows_wherever_the_tab_key_leads(walk):
    hidden = []
    for stop, page in walk("fa"):
        for _ in range(12):
            page.keyboard.press("Tab")
            found = page.evaluate(FOCUS)
            hidden += [f"{stop.path}: {found}"] if found else []
    assert not hidden, "\n".join(hidden)


def test_every_language_says_something_else(walk):
    names = ("inbox", "incidents", "documents", "releases", "roles")
    titles = {language: {stop.name: page.title() for stop, page in walk(language, names)} for language in LANGUAGES}
    for name in names:
        assert len({titles[language][name] for language in LANGUAGES}) == len(LANGUAGES), name


def test_three_calendars_stand_on_the_page_and_the_third_needs_the_browser(tour, chromium):
    stop = next(stop for stop in tour.stops if stop.name == "inbox")
    months = {
        "en": ("20", "Azar|Aban|Dey|Bahman|Esfand|Farvardin|Ordibehesht|Khordad|Tir|Mordad|Shahrivar|Mehr", "AH"),
        "fa": ("۲۰", "۱۴", "ه"),
        "ur": ("20", "14", "ہجری"),
    }
    for javascript in (True, False):
        context = tour.open(chromium, "duty", javascript=javascript)
        page = context.new_page()
        for language, (gregorian, jalali, hijri) in months.items():
            tour.visit(page, stop, language)
            shown = page.locator(".today").inner_text()
            assert re.search(gregorian, shown), shown
            assert re.search(jalali, shown), shown
            assert (page.locator(".today .third").count() == 1) == javascript
            if javascript:
                assert hijri in page.locator(".today .third").inner_text()
        context.close()

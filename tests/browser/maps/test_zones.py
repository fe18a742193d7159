# SPDX-License-Identifier: Apache-2.0
"""Zones of an agreement drawn on both kinds of map: what is drawn is what is typed, and the desk's own check judges it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.accessibility import axe_faults
from tests.browser.maps.test_map import EVERY_LINE

pytestmark = [pytest.mark.browser, pytest.mark.live]
TYPED = "61 29\n61.5 29\n61.5 29.5"
SQUARE = [(0.3, 0.7), (0.6, 0.7), (0.6, 0.3), (0.3, 0.3)]
"""Corners, as shares of the map's width and height."""


def with_area(page: Page) -> str:
    """Open the editor with one more clause, on areas, and return how its first zone is called in the form."""
    page.goto("/agreements/new")
    page.locator("select[name=kind]").select_option("area")
    page.locator("button[value=add]").click()
    page.wait_for_selector("[data-draw]")
    return page.locator("[data-draw]").last.get_attribute("data-draw").rpartition(".")[0] + ".0"


def named(page: Page, zone: str) -> None:
    """Tick a kind of record, and give the zone its three names: then only its points can be wrong."""
    page.locator(f"[name='{zone.partition('.')[0]}.kinds'][value=incident_account]").check()
    for code, words in (("en", "Taftan gap"), ("fa", "گذر تفتان"), ("ur", "تفتان درہ")):
        page.fill(f"[name='{zone}.called.{code}']", words)


def opened(page: Page, zone: str) -> Page:
    page.locator(f"[data-draw='{zone}']").click()
    expect(page.locator("#zone-map .map")).to_have_attribute("data-names", re.compile(r"[1-9]"))
    return page


def click(page: Page, *spots: tuple[float, float]) -> None:
    for number, (x, y) in enumerate(spots, int(page.locator("#zone-map").get_attribute("data-corners")) + 1):
        box = page.locator("#zone-map .map").bounding_box()
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        expect(page.locator("#zone-map")).to_have_attribute("data-corners", str(number))


def points(page: Page, zone: str) -> list[list[float]]:
    return [[float(part) for part in line.split()] for line in page.input_value(f"[name='{zone}.points']").splitlines()]


def said(page: Page, zone: str):
    return page.locator(f"#said-{zone.partition('.')[0][1:]}")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_polygon_is_drawn_closed_and_written_into_the_typed_points(story, open_desk, kind, language):
    page = open_desk(story.west, "commander", language=language)
    zone = with_area(page)
    named(page, zone)
    opened(page, zone)
    host = page.locator("#zone-map .map")
    expect(host).to_have_attribute("data-kind", kind)
    expect(host).to_have_attribute("data-lines", " ".join(EVERY_LINE))
    click(page, *SQUARE)
    drawn = points(page, zone)
    assert len(drawn) == 4
    assert drawn[0][0] < drawn[1][0]  # longitude first, to the east
    assert drawn[0][1] < drawn[2][1]  # latitude second, to the north
    expect(page.locator("#zone-map")).to_have_attribute("data-closed", "no")
    page.locator(".corners .corner").first.click()
    expect(page.locator("#zone-map")).to_have_attribute("data-closed", "yes")
    page.mouse.click(*middle_of(page))  # a closed shape gets no further corner
    expect(page.locator("#zone-map")).to_have_attribute("data-corners", "4")
    assert points(page, zone) == drawn
    expect(host).to_have_attribute("data-zones", "1")
    expect(said(page, zone).locator(f"blockquote[lang={language}]")).to_contain_text({"en": "Taftan gap", "fa": "گذر تفتان"}[language])
    expect(page.locator(".corners .corner").nth(1)).to_have_text({"en": "2", "fa": "۲"}[language])
    expect(page.locator("#effect li, #effect p").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def middle_of(page: Page) -> tuple[float, float]:
    box = page.locator("#zone-map .map").bounding_box()
    return box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.5


@pytest.mark.parametrize("language", ["en", "fa"])
def test_crossing_is_shown_at_once_and_mended_by_dragging_a_corner(story, open_desk, language):
    page = open_desk(story.west, "commander", language=language)
    zone = with_area(page)
    named(page, zone)
    opened(page, zone)
    click(page, SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
    crosses = {"en": "it crosses itself between points 1 and 3", "fa": "۱ و ۳"}[language]
    expect(page.locator("#zone-faults")).to_contain_text(crosses)
    expect(said(page, zone)).to_contain_text(crosses)
    expect(page.locator(".corners .corner.bad")).to_have_count(4)
    page.locator("[data-act=close]").click()
    expect(page.locator("#zone-map")).to_have_attribute("data-closed", "yes")
    before = points(page, zone)
    drag(page, 1, (0.75, 0.8))
    expect(page.locator("#zone-faults")).to_be_empty()
    expect(page.locator(".corners .corner.bad")).to_have_count(0)
    after = points(page, zone)
    assert [after[at] for at in (0, 2, 3)] == [before[at] for at in (0, 2, 3)]
    assert after[1][1] < before[1][1]
    page.locator("[data-act=undo]").click()
    assert points(page, zone) == before
    expect(page.locator("#zone-faults")).to_contain_text(crosses)


def drag(page: Page, corner: int, spot: tuple[float, float]) -> None:
    """Drag a corner to a place on the map."""
    hand, box = page.locator(".corners .corner").nth(corner).bounding_box(), page.locator("#zone-map .map").bounding_box()
    page.mouse.move(hand["x"] + hand["width"] / 2, hand["y"] + hand["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * spot[0] + 20, box["y"] + box["height"] * spot[1])
    page.mouse.move(box["x"] + box["width"] * spot[0], box["y"] + box["height"] * spot[1])
    page.mouse.up()


def test_corners_are_moved_removed_and_put_between_by_keys(story, open_desk):
    page = open_desk(story.west, "commander")
    zone = with_area(page)
    page.fill(f"[name='{zone}.points']", TYPED)
    opened(page, zone)
    expect(page.locator("#zone-map")).to_have_attribute("data-closed", "yes")
    expect(page.locator(".corners .corner")).to_have_count(3)
    page.locator(".corners .corner").nth(1).focus()
    page.keyboard.press("Shift+ArrowRight")
    moved = points(page, zone)
    assert moved[1][0] > 61.5
    assert [moved[0], moved[2]] == [[61, 29], [61.5, 29.5]]
    page.get_by_role("button", name="Put a corner after corner 2").press("Enter")
    assert len(points(page, zone)) == 4
    expect(page.locator(".corners .corner.chosen")).to_have_text("3")
    page.locator(".corners .corner").nth(2).press("Delete")
    assert points(page, zone) == moved
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert points(page, zone) == [[61, 29], [61.5, 29], [61.5, 29.5]]
    page.locator(".corners .corner").first.click()
    page.locator("[data-act=remove]").click()
    assert len(points(page, zone)) == 2
    expect(page.locator("#zone-map")).to_have_attribute("data-closed", "no")


def test_what_is_typed_is_drawn_and_what_cannot_be_read_stays(story, open_desk):
    page = open_desk(story.west, "commander")
    zone = with_area(page)
    opened(page, zone)
    area = page.locator(f"[name='{zone}.points']")
    area.fill("۶۱ ۲۹\n61.5, 29\nnear Taftan\n61.5 29.5")
    expect(page.locator(".corners .corner")).to_have_count(3)
    page.locator(".corners .corner").first.press("ArrowUp")
    assert area.input_value().endswith("\nnear Taftan")
    expect(said(page, zone)).to_contain_text("near Taftan")
    area.fill("61 200\n62 29\n62 30")
    expect(page.locator("#zone-faults")).to_contain_text("these look swapped")
    area.fill("61 29\n62 29\n62 30")
    expect(page.locator("#zone-faults")).not_to_contain_text("swapped")


def test_zones_that_stand_are_shown_beside_the_one_that_is_drawn_and_a_line_has_its_strip(story, open_desk):
    page = open_desk(story.west, "commander")
    zone = with_area(page)
    named(page, zone)
    page.fill(f"[name='{zone}.points']", TYPED)
    page.locator("button[value=preview].plain").last.click()
    second = zone[:-1] + "1"
    page.locator(f"[name='{second}.shape']").select_option("buffer")
    page.fill(f"[name='{second}.within_m']", "20000")
    opened(page, second)
    click(page, SQUARE[0], SQUARE[2])
    expect(page.locator("#zone-map .map")).to_have_attribute("data-zones", "2")
    page.locator("[data-act=close]").click()
    expect(page.locator("#zone-faults")).to_contain_text("zone 2: it needs a name")
    page.locator("[data-act=done]").click()
    expect(page.locator("#zone-map")).to_be_hidden()
    expect(page.locator(f"[data-draw='{second}']")).to_be_focused()
    assert len(points(page, second)) == 2


def test_without_script_the_points_are_typed_and_no_button_leads_nowhere(story, open_desk):
    page = open_desk(story.west, "commander", javascript=False)
    page.goto("/agreements/new")
    page.locator("select[name=kind]").select_option("area")
    page.locator("button[value=add]").click()
    expect(page.locator("[data-draw]").first).to_be_hidden()
    expect(page.locator("#zone-map")).to_be_hidden()
    expect(page.locator("textarea[name$='.points']").first).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fa", "light"), ("ur", "light")])
def test_drawing_is_accessible(story, open_desk, language, scheme):
    page = open_desk(story.west, "commander", language=language)
    page.emulate_media(color_scheme=scheme)
    zone = with_area(page)
    page.fill(f"[name='{zone}.points']", TYPED)
    opened(page, zone)
    page.locator(".corners .corner").first.focus()
    expect(page.locator(".corners .between")).to_have_count(2)
    assert axe_faults(page) == []

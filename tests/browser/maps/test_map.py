# SPDX-License-Identifier: Apache-2.0
"""The incidents as list and map: both reference lines in three languages, with WebGL2, without it, and without script.

Every page is watched as in all browser tests: no request leaves the desk, the console stays silent (which is also where the
browser reports what the content security policy stopped).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.browser.accessibility import axe_faults

from hamsaya.web.shelf import shelf

pytestmark = [pytest.mark.browser, pytest.mark.live]
REFERENCES = ["natural-earth-10m", "natural-earth-50m"]
EVERY_LINE = ["exercise-east", "exercise-west", *REFERENCES]


def drawn(page: Page, path: str = "/incidents") -> dict[str, str]:
    """Open the incidents and return what the map tells of itself once it is drawn."""
    page.goto(path)
    host = page.locator(".map")
    expect(host).to_have_attribute("data-lines", re.compile(r"\S"))
    expect(host).to_have_attribute("data-names", re.compile(r"[1-9]"))
    return page.evaluate("({...document.querySelector('.map').dataset})")


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_the_map_shows_every_declared_line_both_reference_lines_and_every_incident_with_a_point(story, open_desk, kind, language):
    page = open_desk(story.west, language=language)
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    found = drawn(page)
    assert found["kind"] == kind
    assert any("nastaliq" in url for url in asked_for) == (language == "ur")  # 300 kB, for those who read it
    assert found["lines"].split() == EVERY_LINE
    with_point = [each for each in story.west.get("duty", "/incidents")["incidents"] if each["pinpoints"]]
    assert len(with_point) >= 3
    assert int(found["pins"]) == len(with_point)
    assert int(found["land"]) > 0
    assert int(found["names"]) > 3
    expect(page.locator(".legend input[name=line]")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_the_line_that_tells_is_switched_on_the_map_and_in_every_row(story, open_desk):
    page = open_desk(story.west)
    drawn(page)
    answers = page.locator("[data-by-line='natural-earth-50m']")
    assert answers.count() >= 3
    for told in answers.all():
        expect(told).to_be_hidden()
    page.locator("input[name=line][value=natural-earth-50m]").check()
    for told in answers.all():
        expect(told).to_be_visible()
    expect(page.locator("[data-by-line='exercise-east']").first).to_be_hidden()
    assert parse_qs(urlsplit(page.url).query)["line"] == ["natural-earth-50m"]
    page.reload()
    expect(answers.first).to_be_visible()


def test_choosing_a_row_or_a_point_marks_it_in_both(story, open_desk, kind):
    page = open_desk(story.west)
    drawn(page)
    row = page.locator("[data-item]").nth(1)
    row.focus()
    expect(row).to_have_class(re.compile(r"\bchosen\b"))
    expect(page.locator("[data-item].chosen")).to_have_count(1)
    if kind == "gl":  # in the middle of the map, once it shows one place only
        page.goto(f"/incidents?bbox={around_first(story)}")
        expect(page.locator(".map")).to_have_attribute("data-pins", re.compile(r"[1-9]"))
        box = page.locator(".map").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    else:
        page.locator(".map path.leaflet-interactive").first.click(force=True)
    expect(page.locator("[data-item].chosen")).to_have_count(1)
    assert page.evaluate("document.activeElement.classList.contains('chosen')")


def around_first(story) -> str:
    place = next(each for each in story.west.get("duty", "/incidents")["incidents"] if each["pinpoints"])["pinpoints"][0]["place"]
    lon, lat = place["lon_udeg"] / 1e6, place["lat_udeg"] / 1e6
    return f"{lon - 0.2},{lat - 0.2},{lon + 0.2},{lat + 0.2}"


def test_search_in_this_area_puts_the_box_into_the_address_and_the_list_follows(story, open_desk):
    page = open_desk(story.west)
    drawn(page)
    before = page.locator("[data-item]").count()
    for _ in range(5):
        page.locator("[data-act=in]").click()
        page.wait_for_timeout(250)
    page.locator("[data-act=area]").click()
    page.wait_for_url("**bbox=**")
    west, south, east, north = (float(part) for part in parse_qs(urlsplit(page.url).query)["bbox"][0].split(","))
    assert west < east
    assert south < north
    assert page.locator("[data-item]").count() < before
    expect(page.locator("details.filter input[name=bbox]")).not_to_have_value("")


def test_by_address_the_lite_map_is_drawn_whatever_the_machine_can(story, open_desk):
    assert drawn(open_desk(story.west), "/incidents?map=lite")["kind"] == "lite"


@pytest.mark.parametrize("language", ["en", "ur"])
def test_without_script_the_list_has_everything_and_the_line_is_switched_by_a_form(story, open_desk, language):
    page = open_desk(story.west, language=language, javascript=False)
    page.goto("/incidents")
    expect(page.locator(".map")).to_be_hidden()
    expect(page.locator(".map-tools")).to_be_hidden()
    assert page.locator("[data-item]").count() >= 3
    page.locator("input[name=line][value=natural-earth-50m]").check()
    page.locator(".legend button").click()
    page.wait_for_url("**line=natural-earth-50m**")
    expect(page.locator("[data-by-line='natural-earth-50m']").first).to_be_visible()
    expect(page.locator("[data-by-line='exercise-east']").first).to_be_hidden()
    page.locator(".told details summary").first.click()
    expect(page.locator(".told .standings").first.locator("li")).to_have_count(4)


def test_on_a_phone_the_map_stands_above_the_list(story, open_desk):
    page = open_desk(story.west, language="fa", width=390)
    drawn(page)
    assert page.locator(".map").bounding_box()["y"] < page.locator("[data-item]").first.bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fa", "dark"), ("ur", "light")])
def test_map_lines_and_distances_are_accessible(story, open_desk, language, scheme):
    """axe-core finds nothing at WCAG 2.2 AA, with every answer open."""
    page = open_desk(story.west, language=language)
    page.emulate_media(color_scheme=scheme)
    incident = next(each for each in story.west.get("duty", "/incidents")["incidents"] if each["pinpoints"])["incident"]
    for path in ("/incidents", f"/incidents/{incident}", "/lines"):
        drawn(page, path) if path == "/incidents" else page.goto(path)
        for summary in page.locator(".told summary").all():
            summary.click()
        assert axe_faults(page) == [], path


FORM = """(address) => {
    document.querySelector("main").innerHTML = '<input id="lon"><input id="lat"><div class="pick" data-pick data-lon="#lon" data-lat="#lat" hidden>'
      + '<button type="button">Choose on the map</button><div class="map" hidden role="region" aria-label="Map"></div></div>';
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = address.replace("pick.js", "map.css");
    document.head.append(sheet);
    return import(address).then(() => null);
}"""


def test_a_point_is_chosen_on_the_map_for_a_form(story, open_desk):
    """On a page of the desk, with nothing but what the comment of pick.js asks of a template."""
    page = open_desk(story.west)
    page.goto("/lines")
    page.evaluate(FORM, shelf().address_of("pick.js"))
    lon, lat, host = page.locator("#lon"), page.locator("#lat"), page.locator(".pick .map")
    expect(host).to_be_hidden()
    page.locator(".pick button").click()
    expect(host).to_have_attribute("data-lines", " ".join(EVERY_LINE))
    box = host.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(lon).to_have_value(re.compile(r"^-?\d+\.\d{5}$"))
    first = float(lon.input_value()), float(lat.input_value())
    assert 44 < first[0] < 80  # the middle of the lines of the node's country
    assert 20 < first[1] < 42
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    expect(lon).not_to_have_value(f"{first[0]:.5f}")
    assert float(lon.input_value()) > first[0]
    assert abs(float(lat.input_value()) - first[1]) < 0.5

# SPDX-License-Identifier: Apache-2.0
"""The spot report in Chromium: filed by the keyboard alone in three languages, and never lost.

The desk is served in this process; its sessions can be ended, its network cut, and its answers held back by the test.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Page, expect
from tests.conftest import make_desk

from hamsaya.desk.parties import add_officer
from hamsaya.web import create_desk

pytestmark = pytest.mark.browser
PASSWORD = "correct horse"  # noqa: S105  (a test's own)
KEYS_A_MINUTE = 200
"""40 words of five letters."""
LAYOUT_FA = {"B": ("ذ", "KeyB"), "2": ("۲", "Digit2"), "n": ("د", "KeyN")}
TYPED = {
    "en": {"size": "10-12", "activity": "shooting", "place": "12 km NE of Taf", "unit": "smugglers", "time": "-15m", "equipment": "2 pickups, rifles",
           "remarks": "They withdrew."},
    "fa": {"size": "۱۰ تا ۱۲", "activity": "تیراندازی", "place": "۱۲ کیلومتری شمال شرق تفت", "unit": "قاچاقچیان", "time": "۱۵ دقیقه پیش",
           "equipment": "دو وانت، تفنگ", "remarks": "عقب نشستند."},
    "ur": {"size": "10 تا 12", "activity": "فائرنگ", "place": "تفت", "unit": "اسمگلر", "time": "15 منٹ پہلے", "equipment": "2 موٹر سائیکل، بندوق",
           "remarks": "وہ پیچھے ہٹ گئے۔"},
}  # fmt: skip


@dataclass
class Served:
    """A desk over HTTP, as the fixture `open_desk` wants a node."""

    desk: str
    passwords: dict[str, str]
    node: object

    def records(self) -> list:
        with self.node.ledger.reading() as book:
            return book.records()

    def end_sessions(self) -> None:
        """End every session, as after half an hour of silence."""
        self.skew[0] = 3600.0

    skew: list[float]


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    made = make_desk(tmp_path, "west", "IR", zone="Asia/Tehran", exercise=True)
    skew = [0.0]
    node = replace(made.node, now=lambda: datetime.fromtimestamp(time.time() + skew[0], UTC))
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    for login in ("field", "relief"):
        add_officer(node, login=login, office=f"{login} desk", role="officer", language="en", password=PASSWORD, hash_password=cheap.hash)
    server = uvicorn.Server(uvicorn.Config(create_desk(node), port=0, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(f"http://localhost:{port}", dict.fromkeys(("field", "relief"), PASSWORD), node, skew)
    server.should_exit = True
    thread.join()
    made.store.close()


@pytest.fixture
def writing(served, open_desk) -> Callable[..., Page]:
    """Give the open form of a logged-in officer."""

    def opened(login: str = "field", **options) -> Page:
        page = open_desk(served, login, **options)
        page.goto("/reports/new")
        if options.get("javascript", True):
            expect(page.locator("#report[data-ready]")).to_be_attached()
        return page

    return opened


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language, self.count = page, language, 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)

    def press(self, key: str) -> None:
        """Press one key as the keyboard of that language sends it."""
        self.count += 1
        if self.language == "fa" and key in LAYOUT_FA:
            letter, code = LAYOUT_FA[key]
            self.page.evaluate(
                "([key, code]) => (document.activeElement ?? document.body).dispatchEvent("
                "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
                [letter, code],
            )
        else:
            self.page.keyboard.press(key.lower() if len(key) == 1 else key)


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_a_whole_report_is_filed_by_the_keyboard_alone(served, open_desk, language):
    page = open_desk(served, "field", language=language)
    page.goto("/records")
    keys, typed = Keys(page, language), TYPED[language]
    keys.press("n")
    expect(page.locator("#report[data-ready]")).to_be_attached()
    expect(page.locator("#field-size")).to_be_focused()
    keys.type(typed["size"])
    keys.press("Tab")
    keys.type(typed["activity"])
    keys.press("Tab")
    keys.type(typed["place"])
    expect(page.locator("[role=option]").first).to_be_visible()
    keys.press("ArrowDown")
    assert page.locator("#field-location").get_attribute("aria-activedescendant")
    keys.press("Enter")
    expect(page.locator(".suggested")).to_be_hidden()
    keys.press("Tab")  # past "by point"
    keys.press("Tab")
    for name in ("unit", "time", "equipment", "remarks"):
        if name == "remarks":
            keys.press("Tab")  # past "killed, wounded, held", which opens where there is need
        expect(page.locator(f"#field-{name}")).to_be_focused()
        keys.type(typed[name])
        keys.press("Tab")
    keys.press("B")
    keys.press("Tab")
    keys.press("2")
    expect(page.locator("#understood .grade")).to_have_count(8)
    assert served.records() == []
    keys.press("Control+Enter")
    expect(page.locator(".done")).to_contain_text("WEST-R-")
    (held,) = served.records()
    claims = {claim.predicate: claim for claim in held.record.claims}
    assert (claims["strength"].value.low, claims["strength"].value.high) == (10, 12)
    assert (claims["action"].value.code, claims["actor"].value.code) == ("cross_border_fire", "smuggler")
    assert claims["place"].value.lon_udeg is not None
    assert {claim.grade for claim in held.record.claims} == {"B2"}
    told = (Path(__file__).resolve().parents[2] / "docs/how-to/spot-report.md").read_text("utf-8")
    name = {"en": "English", "fa": "Persian", "ur": "Urdu"}[language]
    seconds = round(keys.count / KEYS_A_MINUTE * 60)
    assert f"| {name} | {keys.count} | {seconds} |" in told
    assert seconds < 60


def test_escape_and_arrows_in_the_suggestions(writing):
    page = writing()
    page.click("#field-location")
    page.keyboard.type("Pish")
    options = page.locator("[role=option]")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".suggested")).to_be_hidden()
    assert page.input_value("#field-location") == "Pish"
    page.keyboard.type("i")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("[name=place_ref]") == "IR.pishin"
    page.keyboard.type("x")
    assert page.input_value("[name=place_ref]") == ""


def test_suggestion_that_comes_after_one_took_or_closed_is_let_go(writing):
    page = writing()
    held = []
    page.route(lambda address: address.endswith("?q=Pishin"), lambda route: held.append(route))  # noqa: PLW0108  (Playwright writes on it)
    page.click("#field-location")
    page.keyboard.type("Pishi")
    for key in ("Enter", "Escape"):
        expect(page.locator("[role=option]")).to_have_count(2)
        with page.expect_request(lambda request: request.url.endswith("?q=Pishin")):
            page.keyboard.type("n")
        page.keyboard.press("ArrowDown")
        page.keyboard.press(key)
        with page.expect_response(lambda response: response.url.endswith("?q=Pishin")):
            held.pop().continue_()
        page.wait_for_timeout(200)
        expect(page.locator(".suggested")).to_be_hidden()
        page.keyboard.press("Backspace")


def test_what_will_be_filed_is_shown_while_typing_and_choices_are_asked(writing):
    page = writing()
    page.fill("#field-location", "Pishin")
    page.fill("#field-size", "lots")
    page.press("#field-size", "Tab")
    expect(page.locator("#told-size")).to_contain_text("No number can be read here")
    expect(page.locator("#field-size")).to_have_attribute("aria-invalid", "true")
    page.locator("input[name=place_choice][value='IR.pishin']").check()
    expect(page.locator("#understood")).to_contain_text("61.7540 E 26.0794 N")
    page.fill("#field-size", "several")
    page.press("#field-size", "Tab")
    expect(page.locator("#understood")).to_contain_text("3 or more")
    expect(page.locator("#field-size")).not_to_have_attribute("aria-invalid", "true")


def test_a_point_from_the_map_is_as_exact_as_one_can_point_there(writing):
    page = writing()
    page.goto("/reports/new?map=lite")  # this browser has no WebGL2; tests/browser/maps draws both
    expect(page.locator("#report[data-ready]")).to_be_attached()
    page.fill("#field-location", "Taftan")
    expect(page.locator("#understood[data-at]")).to_be_attached()
    page.click("details.by-point summary")
    page.click("[data-pick] button")
    expect(page.locator(".pick .map[data-kind]")).to_be_attached(timeout=30_000)
    page.wait_for_timeout(1_000)
    box = page.locator(".pick .map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#radius_m")).to_have_value(re.compile(r"[1-9]\d+"))
    assert abs(float(page.input_value("#lon")) - 61.587) < 0.1  # the map opened at the place that was typed
    assert abs(float(page.input_value("#lat")) - 28.947) < 0.1
    assert 100 < int(page.input_value("#radius_m")) < 5_000
    expect(page.locator("#understood")).to_contain_text("Taftan")
    expect(page.locator("#understood")).to_contain_text(re.compile(r"61\.[56]\d* E 2[89]\.\d+ N ±"))


def fill(page: Page, **typed: str) -> None:
    for name, text in {"size": "12", "time": "-15m", "remarks": "They withdrew.", **typed}.items():
        page.fill(f"#field-{name}", text)
    page.select_option("[name=reliability]", "B")
    page.select_option("[name=credibility]", "2")


def kept(page: Page) -> list[str]:
    return page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('hamsaya-draft:')).map((pair) => pair.join(' '))")


def wait_until_kept(page: Page) -> None:
    page.wait_for_timeout(500)  # the page waits a fifth of a second for the next key
    while not kept(page):
        page.wait_for_timeout(50)


def test_a_draft_survives_a_crash_and_is_unreadable_for_others(writing):
    page = writing()
    fill(page)
    page.locator("details.more").evaluate("each => each.open = true")
    page.fill("[name=source]", "REED-7")
    wait_until_kept(page)
    (stored,) = kept(page)
    for words in ("withdrew", "REED", "15m"):
        assert words not in stored
    page.goto("about:blank")  # nothing of the page is left
    page.goto("/reports/new")
    expect(page.locator("[data-say=restored]")).to_be_visible()
    assert page.input_value("#field-remarks") == "They withdrew."
    assert page.input_value("[name=source]") == "REED-7"
    assert page.input_value("[name=reliability]") == "B"
    assert page.input_value("[name=typed_at]")
    page.click("#discard")
    assert page.input_value("#field-remarks") == ""
    assert kept(page) == []


def test_who_only_looked_in_leaves_no_draft_and_one_that_was_emptied_is_gone(writing):
    page = writing()
    page.goto("about:blank")
    page.goto("/reports/new")
    expect(page.locator("#discard")).to_be_hidden()
    assert kept(page) == []
    fill(page)
    wait_until_kept(page)
    for name in page.eval_on_selector_all(".field input, .field textarea", "all => all.filter(each => each.value).map(each => each.name)"):
        page.fill(f".field [name={name}]", "")
    page.goto("about:blank")
    page.goto("/reports/new")
    expect(page.locator("[data-say=restored]")).to_be_hidden()


def test_a_draft_is_gone_after_filing_and_after_logging_out(served, writing):
    page = writing()
    fill(page)
    wait_until_kept(page)
    page.click("#file")
    expect(page.locator(".done")).to_be_visible()
    assert kept(page) == []
    page.goto("/reports/new")
    fill(page)
    wait_until_kept(page)
    page.click("form.office button")
    expect(page.locator("#password")).to_be_visible()
    assert kept(page) == []
    assert len(served.records()) == 1


def test_an_officer_may_keep_nothing_on_the_machine(writing):
    page = writing()
    fill(page)
    wait_until_kept(page)
    page.uncheck("#keep")
    assert kept(page) == []
    page.fill("#field-remarks", "Another thing.")
    page.wait_for_timeout(500)
    assert kept(page) == []
    page.goto("/reports/new")
    expect(page.locator("#keep")).not_to_be_checked()
    assert page.input_value("#field-remarks") == ""


def is_sending(request):
    return request.url.endswith("/reports") and request.method == "POST"


def test_a_lost_link_loses_nothing_and_files_once_when_it_is_back(served, chromium):
    context = chromium.new_context(base_url=served.desk)
    page = context.new_page()
    page.goto("/login?lang=en")
    page.fill("#login", "field")
    page.fill("#password", PASSWORD)
    page.click(".entrance button[type=submit]")
    page.goto("/reports/new")
    expect(page.locator("#report[data-ready]")).to_be_attached()
    fill(page)
    context.set_offline(True)
    with page.expect_event("requestfailed", is_sending):  # the preview, too, tells that the link is lost
        page.click("#file")
    expect(page.locator("[data-say=offline]")).to_be_visible()
    assert page.input_value("#field-remarks") == "They withdrew."
    context.set_offline(False)
    # Now the answer is lost, not the request: the report is filed, and the officer sends it again.
    page.evaluate("document.querySelector('[data-say=offline]').hidden = true")

    def lose_answer(route):
        route.fetch()
        route.abort()

    page.route(re.compile(r"/reports$"), lose_answer, times=1)
    with page.expect_event("requestfailed", is_sending):
        page.click("#file")
    expect(page.locator("[data-say=offline]")).to_be_visible()
    assert len(served.records()) == 1
    page.click("#file")
    expect(page.locator(".done")).to_contain_text("nothing was filed twice")
    assert len(served.records()) == 1
    context.close()


def test_double_click_and_back_and_send_again_file_one_record(served, writing):
    page = writing()
    fill(page)
    page.dblclick("#file")
    expect(page.locator(".done")).to_contain_text("Filed as WEST-R-")
    page.go_back()
    page.wait_for_timeout(300)
    assert len(served.records()) == 1


def test_double_click_without_script_files_one_record(served, writing):
    page = writing(javascript=False)
    fill(page)
    page.dblclick("#file")
    expect(page.locator(".done")).to_be_visible()
    page.go_back()
    if page.input_value("#field-size") == "12":
        page.click("#file")
        expect(page.locator(".done")).to_contain_text("nothing was filed twice")
    assert len(served.records()) == 1


def log_in_again(page: Page, login: str) -> None:
    other = page.context.new_page()
    other.goto("/login?lang=en")
    other.fill("#login", login)
    other.fill("#password", PASSWORD)
    other.click(".entrance button[type=submit]")
    expect(other.locator("form.office button")).to_be_visible()
    other.close()


def without_complaints(page: Page) -> None:
    """A refused request is told on the console too; it is what these tests are about."""
    page.context.clear_cookies()


def test_session_that_ended_while_writing_goes_on_after_login(served, chromium):
    page = chromium.new_context(base_url=served.desk).new_page()
    log_in_again(page, "field")
    page.goto("/reports/new")
    expect(page.locator("#report[data-ready]")).to_be_attached()
    fill(page)
    without_complaints(page)
    page.click("#file")
    expect(page.locator("[data-say=ended]")).to_be_visible()
    log_in_again(page, "relief")
    page.click("#file")
    expect(page.locator("[data-say=another]")).to_be_visible()
    assert served.records() == []
    log_in_again(page, "field")
    page.click("#file")
    expect(page.locator(".done")).to_contain_text("Filed as")
    (held,) = served.records()
    assert held.record.office == "field desk"
    page.context.close()


def test_session_that_ended_goes_on_after_login_without_script(served, chromium):
    page = chromium.new_context(base_url=served.desk, java_script_enabled=False).new_page()
    log_in_again(page, "field")
    page.goto("/reports/new")
    fill(page, remarks="They said <b>no</b>.")
    without_complaints(page)
    page.click("#file")
    expect(page.locator("h1")).to_have_text("Your session has ended")
    log_in_again(page, "field")
    page.click("main form button")
    assert page.input_value("#field-remarks") == "They said <b>no</b>."
    page.click("#file")
    expect(page.locator(".done")).to_contain_text("Filed as")
    assert len(served.records()) == 1
    page.context.close()


def test_data_on_persons_is_told_while_typing_and_asked_once(served, writing):
    page = writing()
    fill(page, remarks="Colonel Ahmad was there.")
    page.press("#field-remarks", "Tab")
    expect(page.locator("#understood .alert")).to_contain_text("data on persons")
    page.click("#file")
    expect(page.locator(".done")).to_be_visible()  # it was seen before it was filed
    assert len(served.records()) == 1


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_form_with_hostile_text_stays_within_the_page(writing, language, width):
    page = writing(language=language, width=width)
    for name in ("size", "activity", "location", "unit", "time", "equipment", "remarks"):
        page.fill(f"#field-{name}", "<b onclick=x>\u202e🚨" + "ش" * 80 + "W" * 80)
    page.press("#field-remarks", "Tab")
    expect(page.locator("#understood li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert page.locator("#understood b, .told b").count() == 0
    page.fill("#field-location", "پیش")
    page.press("#field-location", "End")
    page.keyboard.type("ین")
    expect(page.locator("[role=option]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")

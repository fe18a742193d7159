# SPDX-License-Identifier: Apache-2.0
"""Accounts in Chromium: a passkey of a virtual device, the pages of the administrator, and that no page asks anybody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.web.walk import filled, gets, names_of

from hamsaya.assemble.node import open_node
from hamsaya.desk.roles import ROLES, may

pytestmark = [pytest.mark.browser, pytest.mark.live]
LOGINS = {"officer": "duty", "approver": "approver", "commander": "commander", "administrator": "admin", "auditor": "auditor"}
NOT_VISITED = {"/login", "/statistics/csv", "/matters/{matter:str}/answer/{step:str}"}
"""Whoever is logged in; a file to download; and here no matter is open."""
NEW_PAGES = {"admin": ["/officers", "/neighbours", "/node", "/account", "/roles"], "auditor": ["/oversight", "/roles", "/account"]}


def with_device(page, *, verified: bool = True) -> None:
    """Give the page's browser a security key that a person touches, with or without checking who that is."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": verified,
               "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_officer_registers_a_passkey_logs_in_with_it_and_takes_it_away(story, open_desk):
    node = story.west
    page = open_desk(node, "approver")
    with_device(page)
    page.goto("/account?lang=en")
    page.fill("#passkeys input[name=name]", "The watch's key")
    page.fill("#passkeys input[name=password]", node.passwords["approver"])
    page.click("#passkeys button:has-text('Register a passkey')")
    page.wait_for_url("**/account#passkeys")
    expect(page.locator("#passkeys li")).to_contain_text("The watch's key")
    page.click("form.office button[type=submit]")
    page.wait_for_url("**/login")
    page.click("button:has-text('Log in with a passkey')")
    expect(page.locator("form.office")).to_contain_text("Operations Officer")
    page.goto("/account")
    page.click("#passkeys li button")
    expect(page.locator("#passkeys li")).to_have_count(0)


def test_device_that_does_not_check_its_holder_makes_no_passkey(story, open_desk):
    node = story.west
    page = open_desk(node, "approver")
    with_device(page, verified=False)
    page.goto("/account?lang=en")
    page.fill("#passkeys input[name=name]", "x")
    page.fill("#passkeys input[name=password]", node.passwords["approver"])
    page.click("#passkeys button:has-text('Register a passkey')")
    expect(page.locator("[data-failed]")).to_be_visible()
    page.goto("/account")
    expect(page.locator("#passkeys li")).to_have_count(0)


def test_administrator_adds_an_officer_who_comes_in_with_the_password_shown_once(story, open_desk):
    page = open_desk(story.east, "admin")
    assert page.url.endswith("/officers")
    page.goto("/officers?lang=en")
    page.click("summary:has-text('Add an officer')")
    form = page.locator("details.action form")
    form.locator("[name=login]").fill("relief")
    form.locator("[name=office]").fill("Relief Officer, Taftan sector")
    form.locator("button").click()
    story.east.passwords["relief"] = page.locator("code.once").inner_text()
    relief = open_desk(story.east, "relief")
    expect(relief.locator("form.office")).to_contain_text("Relief Officer")
    page.goto("/officers")
    card = page.locator("li.card", has_text="Relief Officer")
    card.locator("summary").click()
    card.locator("button", has_text="Disable").click()
    relief.goto("/inbox")
    assert relief.url.endswith("/login")


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_every_page_of_every_route_asks_nobody_else(story, open_desk, language):
    """`open_desk` watches: no request leaves the desk and the console stays silent, on every page that there is."""
    node = story.west
    with open_node(node.folder) as opened, opened.store.reading() as book:
        names = names_of(book)
    visited = set()
    for role, login in LOGINS.items():
        page = None
        for route in gets():
            first = next((each for each in ROLES if each in LOGINS and (not route.verb or may(each, route.verb))), None)
            path = filled(route.path, names)
            if first != role or path is None or route.path in NOT_VISITED:
                continue
            page = page or open_desk(node, login, language=language)
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}", wait_until="load")
            visited.add(route.path)
    left = {route.path for route in gets()} - visited
    nothing_there = {  # this story has no call, no request, no finding, no matter and no section
        "/distress/{case:str}", "/requests/{asked:str}", "/findings/{finding:str}", "/matters/{matter:str}",
        "/sections/{section:str}",
    }  # fmt: skip
    assert left <= {*NOT_VISITED, "/drafts/{draft:str}/claims/{claim:str}", *nothing_there}, left  # a claim is corrected while its draft is open


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
@pytest.mark.parametrize("login", NEW_PAGES)
def test_pages_of_access_fit_a_phone(story, open_desk, language, login):
    page = open_desk(story.west, login, language=language, width=360)
    for path in NEW_PAGES[login]:
        page.goto(f"{path}?lang={language}")
        for summary in page.locator("details > summary").all()[:3]:
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path

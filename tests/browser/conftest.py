# SPDX-License-Identifier: Apache-2.0
"""Two live nodes after the demonstration's story, and Chromium to look at their desks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from hamsaya.demo.nodes import DemoNode
from hamsaya.demo.run import Story
from hamsaya.demo.telling import Teller

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

expect.set_options(timeout=60_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    told = Story(tmp_path_factory.mktemp("live"), Teller(quiet=True), {}, {})
    try:
        told.tell([])
        yield told
    finally:
        told.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of a process: a second one beside it does not start."""
    with sync_playwright() as driver:
        yield driver


def launched(playwright: Playwright, flags: list[str]) -> Browser:
    """Start the machine's own Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: install the package chromium"
    return playwright.chromium.launch(executable_path=path, args=flags)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launched(playwright, FLAGS)
    yield browser
    browser.close()


def is_complaint(message: ConsoleMessage) -> bool:
    """Say whether the console tells of a fault of the page: not the note of a slow software renderer that a map makes it work."""
    return message.type in ("error", "warning") and "GL Driver Message" not in message.text


def told_at(message: ConsoleMessage) -> str:
    """Return what the console tells, of what address, and on which page."""
    return f"{message.text} ({message.location.get('url', '')}, on {message.page.url if message.page else 'no page'})"


@pytest.fixture
def open_desk(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Log in at a desk; every page is watched: no request leaves the desk, and the console stays silent."""
    contexts, strangers, complaints = [], [], []

    def opened(node: DemoNode, login: str = "duty", *, language: str = "en", javascript: bool = True, width: int = 1280) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript, base_url=node.desk)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        home = urlsplit(node.desk).netloc
        page.on("request", lambda request: strangers.append(request.url) if urlsplit(request.url).netloc != home else None)
        page.on("console", lambda message: complaints.append(told_at(message)) if is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"/login?lang={language}")
        page.fill("#login", login)
        page.fill("#password", node.passwords[login])
        page.click(".entrance button[type=submit]")
        page.wait_for_selector("form.office")
        page.wait_for_load_state()  # also of the scripts: a key that is pressed before them is lost
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strangers == []
    assert complaints == []


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A dictated report of an invented incident, with text that would like to be markup."""
    path = tmp_path / "report.txt"
    path.write_text(
        "Report of the duty office, EXERCISE.\nDate: 14 November 2026\n\nOn 14 November 2026 at 10:30, smugglers fired at a border guard patrol near "
        "Taftan. Two civilians were wounded.\n\n<script>document.title='taken'</script><b>nothing else</b> happened on that day.\n"
    )
    return path

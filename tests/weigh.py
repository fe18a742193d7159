# SPDX-License-Identifier: Apache-2.0
"""What a first visit weighs in each language: bytes over the wire, nothing cached, by page. `python tests/weigh.py`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from hamsaya.demo.run import Story
from hamsaya.demo.telling import Teller

FLAGS = ["--no-sandbox", "--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
PAGES = (("inbox", "/inbox"), ("incidents with map", "/incidents"), ("incidents with lite map", "/incidents?map=lite"))


def weigh(browser: Browser, desk: str, password: str, language: str, path: str) -> tuple[int, int]:
    """Return the bytes of all answers to a visit with an empty cache, headers included, and those of the fonts among them."""
    context = browser.new_context(base_url=desk)
    page = context.new_page()
    page.route("**/static/**", lambda route: route.abort())  # so that the login page leaves nothing in the cache
    page.goto(f"/login?lang={language}")
    page.fill("#login", "duty")
    page.fill("#password", password)
    page.click(".entrance button[type=submit]")
    page.wait_for_url("**/")
    page.unroute("**/static/**")
    watch = context.new_cdp_session(page)
    watch.send("Network.enable")
    sizes: dict[str, int] = {}
    kinds: dict[str, str] = {}
    watch.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["response"]["mimeType"]}))
    watch.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(path)
    if "incidents" in path:
        page.wait_for_selector('.map[data-state="drawn"]', timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    context.close()
    return sum(map(int, sizes.values())), sum(int(size) for request, size in sizes.items() if "font" in kinds.get(request, ""))


def main() -> None:
    """Print one table."""
    story = Story(Path(tempfile.mkdtemp()) / "weigh", Teller(quiet=True), {}, {})
    try:
        story.tell([])
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            print("| first visit | en | fa | ur |\n|---|---|---|---|")
            for name, path in PAGES:
                found = [weigh(browser, story.west.desk, story.west.passwords["duty"], language, path) for language in ("en", "fa", "ur")]
                print(f"| {name} | " + " | ".join(f"{whole / 1000:.0f} kB (fonts {fonts / 1000:.0f})" for whole, fonts in found) + " |")
            browser.close()
    finally:
        story.stop()


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""Pictures of every page of the desk, in three languages, light and dark, desktop and phone: `make screenshots`.

    python -m tests.screenshots [FOLDER] [--only WORD] [--readme]

Starts two exercise nodes with the demonstration's story, and writes PNG files and an index.html that shows them side by
side. Fails if a page cannot be reached, or scrolls sideways. `--only` takes the pages whose name holds the word;
`--readme` also renews docs/images/desk.png.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from tests.tour import HEIGHT, LANGUAGES, SCHEMES, WIDTHS, Stop, Tour, live_in, plan

from hamsaya.demo.run import Story
from hamsaya.demo.telling import Teller

FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
]  # fmt: skip
TALLEST = 3000
DRAWN_MS = 1500
"""What a map takes to draw itself after its tiles have come; a picture that is taken earlier shows water only."""
ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "docs/images/desk.png"
STYLE = """
body { font: 14px/1.4 sans-serif; margin: 1rem; background: #888; }
h2 { position: sticky; top: 0; background: #222; color: #fff; padding: .3rem .6rem; }
div { display: flex; gap: .6rem; flex-wrap: wrap; align-items: start; }
figure { margin: 0; background: #fff; } figcaption { padding: .2rem .4rem; }
img { display: block; max-height: 70vh; }
"""


def take(tour: Tour, browser: Browser, folder: Path, only: str) -> dict[str, list[str]]:
    """Take every picture; returns the file names by stop."""
    taken: dict[str, list[str]] = {}
    for login in dict.fromkeys(stop.login for stop in tour.stops):
        context = tour.open(browser, login)
        page = context.new_page()
        for stop in tour.stops:
            if stop.login == login and only in stop.name:
                taken[stop.name] = [name for language in LANGUAGES for name in _shots(tour, page, stop, language, folder)]
                sys.stdout.write(f"{stop.name:<34} {stop.path}\n")
        context.close()
    return taken


def _shots(tour: Tour, page: Page, stop: Stop, language: str, folder: Path) -> list[str]:
    names = []
    tour.visit(page, stop, language)
    for size, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width + 1:
            raise SystemExit(f"{stop.path} in {language} is {wide} px wide on a {size}")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if page.locator("[data-picture] .map").count():
                page.locator("[data-picture] .map-tools:not([hidden])").wait_for(timeout=20_000)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(DRAWN_MS)
            tall = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
            name = f"{stop.name}.{language}.{size}.{scheme}.png"
            page.screenshot(
                path=folder / name, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": max(tall, HEIGHT)}, animations="disabled"
            )
            names.append(name)
    return names


def index(taken: dict[str, list[str]]) -> str:
    """Return the page that shows them all."""
    blocks = []
    for stop, names in taken.items():
        figures = "".join(
            f'<figure><a href="{each}"><img loading="lazy" src="{each}" alt=""></a><figcaption>{each}</figcaption></figure>' for each in names
        )
        blocks.append(f"<h2>{html.escape(stop)}</h2><div>{figures}</div>")
    return f"<!doctype html><meta charset=utf-8><title>Every page of the desk</title><style>{STYLE}</style>{''.join(blocks)}"


def picture_of_the_desk(tour: Tour, browser: Browser, story: Story) -> None:
    """Renew the README's picture: the joint incident as an officer sees it."""
    context = tour.open(browser, "duty")
    page = context.new_page()
    tour.visit(page, Stop("readme", f"/incidents/{story.result['incidents'][0]['id']}", "duty"), "en")
    README.parent.mkdir(exist_ok=True)
    page.screenshot(path=README)
    context.close()


def main() -> None:
    """Take the pictures."""
    asked = argparse.ArgumentParser(description="Pictures of every page of the desk.")
    asked.add_argument("folder", nargs="?", type=Path, default=Path("screenshots"))
    asked.add_argument("--only", default="")
    asked.add_argument("--readme", action="store_true")
    wanted = asked.parse_args()
    started = time.monotonic()
    shutil.rmtree(wanted.folder, ignore_errors=True)
    wanted.folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        story = Story(Path(home), Teller(quiet=True), {}, {})
        try:
            story.tell([])
            live_in(story)
            tour = plan(story.west)
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=FLAGS)
            taken = take(tour, browser, wanted.folder, wanted.only)
            (wanted.folder / "index.html").write_text(index(taken), "utf-8")
            if wanted.readme:
                picture_of_the_desk(tour, browser, story)
            browser.close()
        finally:
            story.stop()
    sys.stdout.write(
        f"{sum(map(len, taken.values()))} pictures of {len(taken)} pages in {time.monotonic() - started:.0f} s: {wanted.folder}/index.html\n"
    )


if __name__ == "__main__":
    main()

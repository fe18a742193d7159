# SPDX-License-Identifier: Apache-2.0
"""What axe-core finds on a page at WCAG 2.2 AA."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RUN = """async () => {
  const rules = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } };
  const found = await axe.run(document, rules);
  return found.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)}`));
}"""


def bring_axe(page: Page) -> None:
    """Load axe-core into the page, past its content security policy."""
    assert AXE.is_file(), "axe-core is missing: `npm ci` brings it"
    page.evaluate(AXE.read_text("utf-8"))


def axe_faults(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it stands now, one line for each place."""
    bring_axe(page)
    found: list[str] = page.evaluate(RUN)
    return found

# SPDX-License-Identifier: Apache-2.0
"""Chromium as the tests of maps need it: with a (software) WebGL2, then without any."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright
from tests.browser.conftest import launched

from hamsaya.web.shelf import shelf

WITH_WEBGL = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
]  # fmt: skip
WITHOUT_WEBGL = [*WITH_WEBGL[:6], "--disable-gpu", "--disable-3d-apis"]


@pytest.fixture(scope="module", params=["gl", "lite"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, kind: str) -> Iterator[Browser]:
    assert shelf().complete, "the desk's map and fonts are missing; run: make assets"
    browser = launched(playwright, WITH_WEBGL if kind == "gl" else WITHOUT_WEBGL)
    yield browser
    browser.close()

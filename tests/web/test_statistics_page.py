# SPDX-License-Identifier: Apache-2.0
"""The page of figures: alike in HTML, JSON and CSV, with its mark, and bad periods told."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import release
from tests.desk.made import event
from tests.facts.made import claim, count


def test_figures_are_shown_drawn_and_saved(web):
    desk = web.desk
    release(desk, event(desk, more=[claim("wounded", count(3, None), grade=None)]).id)
    desk.clock.at += timedelta(days=2)
    duty = web.login()
    page = duty.get("/statistics")
    assert page.status_code == 200
    assert page.text.count('<svg class="interval"') >= 1
    assert 'class="open"' in page.text  # "several" has no upper bound
    assert "<bdi>3</bdi> or more" in page.text
    rows = duty.json("/statistics").json()["rows"]
    assert {row["table"] for row in rows} >= {"releases", "told"}
    saved = duty.get("/statistics/csv?from=2026-11-22&to=2026-11-22")
    assert saved.headers["content-type"].startswith("text/csv")
    assert "attachment" in saved.headers["content-disposition"]
    assert [line.split(b",")[0] for line in saved.content.splitlines()][:3] == [b"data", b"real", b"real"]
    for bad in ("from=x", "to=2026-11-30", "from=2026-11-23&to=2026-11-22", "party=north", "from=1900-01-01"):
        assert duty.json(f"/statistics?{bad}").status_code in (400, 404), bad

# SPDX-License-Identifier: Apache-2.0
"""How long a STOP on a pursuit takes from the host's button to the pursuer's page, between two served nodes over a good link."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row, quantile
from hamsaya.demo.nodes import DemoNode
from hamsaya.demo.run import Story
from hamsaya.demo.telling import Teller
from hamsaya.settlement.pursuit import PURSUIT

STOPS = 5
TARGET_S = 30
PAGE_ASKS_EVERY_S = 4
"""An open page asks so often whether a call waits (`static/alarm.js`): what that adds at most is counted."""
LOOK_EVERY_S = 0.2


def rows() -> Iterator[Row]:
    """Measure, and return the rows."""
    with tempfile.TemporaryDirectory() as home:
        story = Story(Path(home), Teller(quiet=True), {}, {})
        try:
            story.tell([])
            took = [_stop(story.west, story.east) for _ in range(STOPS)]
        finally:
            story.stop()
    for name, value in (("p50", quantile(took, 0.5)), ("the slowest", max(took))):
        yield Row(what=f"STOP on a pursuit to the pursuer's page, {name}", value=value + PAGE_ASKS_EVERY_S, unit="s", baseline=TARGET_S,
                  against="the target", repeats=STOPS)  # fmt: skip


def _stop(pursuer: DemoNode, host: DemoNode) -> float:
    sent = {f"field_{field.name}": field.example for field in (PURSUIT.form.fields if PURSUIT.form else ())}
    record = pursuer.post("duty", f"/matters/new/{PURSUIT.kind}", **sent)["matter"]
    told = pursuer.post("duty", "/releases", record=record, purpose="prevention", necessity="Your posts must know that we come near the line.")
    if told["condition"] == "proposed":
        pursuer.post("approver", f"/releases/{told['release']}/approve")
    host.wait_for("the notice arrives", lambda: record in {each["matter"] for each in host.get("duty", "/matters?kind=pursuit_notice")["matters"]})
    started = time.perf_counter()
    case = host.post("duty", f"/matters/{record}/stop")["case"]
    while not pursuer.get("duty", "/distress/waiting")["waiting"]:
        time.sleep(LOOK_EVERY_S)
    took = time.perf_counter() - started
    pursuer.post("duty", f"/distress/{case}/answer", answer="stopped")
    return took

# SPDX-License-Identifier: Apache-2.0
"""Seeded histories of two nodes over a faulty link, and bugs planted to see that they would be caught.

`HAMSAYA_HISTORIES=1000 pytest tests/exchange/test_simulation.py` runs more; a failure names the seed of its history.
"""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from tests.exchange.simulation import History, make_template

HISTORIES = int(os.environ.get("HAMSAYA_HISTORIES", "40"))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_history_keeps_every_invariant_and_both_sides_converge(tmp_path, template, seed):
    History(seed, tmp_path / "nodes", template).run()

# SPDX-License-Identifier: Apache-2.0
"""Seeded histories of three nodes in a row: the one in the middle has two neighbours, two agreements, and two links that fail by themselves."""

from __future__ import annotations

import os

import pytest
from tests.faults.soak import THREE, live_all

HISTORIES = int(os.environ.get("HAMSAYA_HISTORIES", "400"))
AT_ONCE = 40


@pytest.mark.parametrize("first", range(0, HISTORIES, AT_ONCE))
def test_histories_of_three_keep_every_invariant_and_all_converge(first):
    live_all(range(first, min(first + AT_ONCE, HISTORIES)), THREE)

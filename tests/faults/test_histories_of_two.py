# SPDX-License-Identifier: Apache-2.0
"""Seeded histories of two nodes over a faulty link and failing disks, and that a history is the same each time.

`HAMSAYA_HISTORIES=100000 make soak` runs more; a failure names the one command that runs it again, and the shortest beginning that fails.
"""

from __future__ import annotations

import os

import pytest
from tests.faults.soak import TWO, in_memory, live, live_all

HISTORIES = int(os.environ.get("HAMSAYA_HISTORIES", "1600"))
AT_ONCE = 40


@pytest.mark.parametrize("first", range(0, HISTORIES, AT_ONCE))
def test_histories_keep_every_invariant_and_both_sides_converge(first):
    live_all(range(first, min(first + AT_ONCE, HISTORIES)), TWO)


def test_same_seed_is_the_same_history_to_the_byte():
    with in_memory() as folder:
        first, again, other = (live(seed, folder, TWO) for seed in (13, 13, 6))
    assert (first.letters.hexdigest(), first.trace) == (again.letters.hexdigest(), again.trace)
    assert first.letters.hexdigest() != other.letters.hexdigest()


def test_history_ends_alike_whatever_the_clocks_say():
    """Invariant 8, asked the hard way: the same history with every clock right."""
    with in_memory() as folder:
        for seed in range(60):
            wrong, right = (live(seed, folder, TWO, clocks=clocks) for clocks in (True, False))
            assert wrong.outcome() == right.outcome(), f"history {seed}: {wrong.trace}"

# SPDX-License-Identifier: Apache-2.0
"""Two real processes over real TLS: killed, cut from their power, on disks that are full or do not sync. `KILLS=10000 make kills` does more."""

from __future__ import annotations

import pytest
from tests.faults.killing import Loop, bad_disk, compiled, fallen, power_cut
from tests.faults.living import INSIDE

pytestmark = pytest.mark.live
KILLS, CUTS, BAD_DISKS = 100, 30, 8


def test_nodes_that_are_killed_lose_nothing_acknowledged_and_apply_nothing_twice(tmp_path):
    loop = Loop(tmp_path, seed=1)
    try:
        for _ in range(KILLS):
            loop.strike()
        found = loop.check()
    finally:
        loop.end()
    inside = sum(loop.fell[place] for place in INSIDE)
    assert inside >= KILLS / 2, f"too few fell between a bundle and its receipt:\n{fallen(loop.fell)}"
    assert found["applied"] > KILLS / 2
    assert found["acknowledged"] > KILLS / 2


def test_power_that_fails_under_the_store_takes_nothing_that_was_acknowledged(tmp_path):
    """Of every 512 bytes that were not synced, the old or the new ones are there afterwards."""
    loop = Loop(tmp_path, seed=2, shim=compiled(tmp_path))
    try:
        for _ in range(CUTS):
            power_cut(loop)
        found = loop.check()
    finally:
        loop.end()
    assert found["applied"] > CUTS / 3
    assert found["acknowledged"] > CUTS / 3


def test_disk_that_is_full_or_does_not_sync_is_told_and_loses_nothing_that_was_acknowledged(tmp_path):
    loop = Loop(tmp_path, seed=3, shim=compiled(tmp_path))
    try:
        for _ in range(BAD_DISKS):
            bad_disk(loop)
        found = loop.check()
    finally:
        loop.end()
    told = loop.keepers["west"].told + loop.keepers["east"].told
    assert any("could not be written" in what for what in told), told
    assert found["acknowledged"] > 0

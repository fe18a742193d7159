# SPDX-License-Identifier: Apache-2.0
"""What is published of suggestions is what is measured: the threshold is the one that was chosen, and the figures of October 2014 stand."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.accounts.redescribed import asam, ged, half
from tests.accounts.sameness import PAGE, THRESHOLDS, kept, october

from hamsaya.accounts.suggest import ENOUGH, WITHIN
from hamsaya.facts.soundness import what_is_unsound


def test_page_tells_the_threshold_that_the_program_has_and_that_was_chosen():
    page = PAGE.read_text("utf-8")
    assert f"what has {ENOUGH} points or more" in page
    assert WITHIN == 1
    assert ENOUGH in THRESHOLDS
    assert f"greatest F1: {ENOUGH})" in kept()
    assert f"| {ENOUGH} * |" in kept()
    assert re.match(r"Measured on \d{4}-\d\d-\d\d\.", kept())


def test_october_2014_is_published_as_it_is():
    pairs, missed, wrong = october()
    assert (pairs, len(missed), wrong) == (10, 2, [])
    assert "10 pairs of accounts are of one event; 8 are suggested, and 0 others" in kept()
    assert all(each in kept() for each in missed)


@pytest.mark.shared
def test_accounts_told_again_are_sound_the_same_every_time_and_both_halves_are_large(shared):
    for load in (ged, asam):
        rows, again = load(shared / "data"), load(shared / "data")
        assert [row.second for row in rows[:200]] == [row.second for row in again[:200]]
        told = [msgspec.structs.replace(each, id="WEST-R-1", incident="") for row in rows[:300] for each in (row.first, row.second)]
        assert [why for each in told if (why := what_is_unsound(each))] == []
        assert min(sum(half(row) == each for row in rows) for each in (0, 1)) > 1_500

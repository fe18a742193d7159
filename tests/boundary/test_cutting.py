# SPDX-License-Identifier: Apache-2.0
"""A piece of a line is as long as was asked, and lies on it."""

from __future__ import annotations

import pytest

from hamsaya.boundary.cutting import cut, length_m
from hamsaya.boundary.measure import Rule

LINE = [(61.0, 29.0), (61.2, 29.3), (61.1, 29.6), (61.5, 29.9)]


@pytest.mark.parametrize(("first", "last"), [(0, 5_000), (10_000, 60_000), (40_000, 41_000), (0, 115_000)])
def test_a_piece_is_as_long_as_was_asked_and_lies_on_the_line(first, last):
    piece = cut(LINE, first, last)
    assert length_m(piece) == pytest.approx(last - first, abs=30)
    assert all(Rule([LINE]).nearest(point).distance_m < 1 for point in piece)


def test_what_the_line_is_too_short_for_is_nothing():
    assert cut(LINE, 10_000, 500_000) == []
    assert cut([], 0, 1) == []

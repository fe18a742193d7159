# SPDX-License-Identifier: Apache-2.0
"""The escalation ladder: the level is how often N minutes went by since what is due was due, to the second (F27)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsaya.settlement.course import Running
from hamsaya.settlement.escalation import RUNGS, Ladder, Rung

DUE = datetime(2026, 11, 23, 6, tzinfo=UTC)
LADDER = Ladder(every_min=30)
SECOND = timedelta(seconds=1)


def running(met=None, due=DUE, name="acknowledge"):
    return Running(name=name, owed_by="other", due_at=due, met_at=met)


@pytest.mark.parametrize(("late", "name"), [
    (-SECOND, None), (timedelta(), None), (SECOND, "post"), (timedelta(minutes=30) - SECOND, "post"), (timedelta(minutes=30), "sector"),
    (timedelta(minutes=60) - SECOND, "sector"), (timedelta(minutes=60), "commander"), (timedelta(minutes=90), "commission"),
    (timedelta(days=400), "commission"),
])  # fmt: skip
def test_a_level_is_reached_to_the_second_and_the_highest_is_the_last(late, name):
    level = LADDER.level(running(), DUE + late)
    assert (str(level.rung.name) if level else None) == name
    if level is not None:
        assert level.since <= DUE + late
        assert (level.next_at is None) == (name == "commission")


def test_what_was_met_stands_where_it_was_then_and_raises_nothing_more():
    met = running(met=DUE + timedelta(minutes=61))
    assert str(LADDER.level(met, DUE + timedelta(days=9)).rung.name) == "commander"
    assert LADDER.level(met, DUE + timedelta(days=9)).next_at is None
    assert LADDER.level(running(met=DUE), DUE + timedelta(days=9)) is None
    assert LADDER.highest([met], DUE + timedelta(days=9)) is None


def test_without_minutes_there_is_no_ladder_and_a_ladder_has_the_agreements_levels():
    assert Ladder().level(running(), DUE + timedelta(days=9)) is None
    named = Ladder(every_min=1, rungs=(Rung(name=RUNGS[0].name), Rung(name=RUNGS[3].name, offices={"west": "Commission"})))
    assert named.level(running(), DUE + timedelta(days=9)).rung.offices == {"west": "Commission"}


def test_of_several_clocks_the_highest_counts():
    clocks = [running(), running(due=DUE - timedelta(minutes=45), name="reply"), running(met=DUE + timedelta(days=1), name="old")]
    assert LADDER.highest(clocks, DUE + timedelta(minutes=20)).clock == "reply"
    assert LADDER.highest([running(due=DUE + timedelta(days=1))], DUE) is None


@given(st.integers(1, 5_000), st.integers(-5_000, 500_000), st.integers(0, 50_000))
def test_a_level_never_falls_while_its_clock_runs_and_next_is_when_it_rises(every, after_s, more_s):
    ladder = Ladder(every_min=every)
    now = DUE + timedelta(seconds=after_s)
    one, later = ladder.level(running(), now), ladder.level(running(), now + timedelta(seconds=more_s))
    assert (later.number if later else -1) >= (one.number if one else -1)
    if one is not None and one.next_at is not None:
        assert ladder.level(running(), one.next_at).number == one.number + 1
        assert ladder.level(running(), one.next_at - SECOND).number == one.number

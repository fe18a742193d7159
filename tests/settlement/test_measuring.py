# SPDX-License-Identifier: Apache-2.0
"""What was owed is told alike by the clocks of a matter and by the figures, and as at the end of a period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hamsaya.settlement.course import OPENED, Step, clocks, stand
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.measuring import spans, spread, tally

AT = datetime(2026, 11, 1, tzinfo=UTC)
TERMS = {"acknowledge_min": 60, "answer_min": 24 * 60}


def step(move, hours, by="opener", **more):
    return Step(move=move, by=by, ref=f"{move}{hours}", office="duty", at=AT + timedelta(hours=hours), **more)


STEPS = [step(OPENED, 0), step("acknowledge", 2, "other"), step("answer", 20, "other"), step("reopen", 30), step("answer", 80, "other")]


def told(until):
    standing = stand(COURSES["request"], [each for each in STEPS if each.at < AT + timedelta(hours=until)])
    return {(each.clock, each.started): each for each in spans(COURSES["request"], standing, TERMS, {})}


def test_each_run_of_a_clock_counts_by_itself():
    found = tally([each for each in told(100).values() if each.clock == "answer"], AT, AT + timedelta(hours=100))
    assert (found.in_time, found.late, found.overdue, found.running) == (1, 1, 0, 0)
    assert (found.took.least_s, found.took.most_s) == (20 * 3600, 50 * 3600)
    acknowledged = tally([each for each in told(100).values() if each.clock == "acknowledge"], AT, AT + timedelta(hours=100))
    assert (acknowledged.in_time, acknowledged.late) == (0, 1)


@pytest.mark.parametrize(("until", "overdue", "running"), [(10, 0, 1), (40, 0, 1), (60, 1, 0)])
def test_what_is_open_is_told_as_at_the_end_of_the_period(until, overdue, running):
    found = tally([each for each in told(until).values() if each.clock == "answer"], AT, AT + timedelta(hours=until))
    assert (found.overdue, found.running) == (overdue, running)


@pytest.mark.parametrize("kind", COURSES)
def test_the_last_run_of_each_clock_is_the_one_that_the_matter_shows(kind):
    course = COURSES[kind]
    named = {clock.named: AT + timedelta(hours=7) for clock in course.clocks.values() if clock.named}
    moves = [step(name, hours, "other" if move.by == "other" else "opener", times={"due": AT + timedelta(hours=90)})
             for hours, (name, move) in enumerate(course.moves.items(), 1)]  # fmt: skip
    standing = stand(course, [step(OPENED, 0, text="t"), *moves])
    last = {each.clock: each for each in spans(course, standing, TERMS, named)}
    assert {name: (each.due, each.met) for name, each in last.items() if each.due} == {
        each.name: (each.due_at, each.met_at) for each in clocks(course, standing, TERMS, named)}  # fmt: skip


def test_a_spread_is_of_measured_times_and_none_is_below_nothing():
    found = spread([5, 1, -3, 9, 7])
    assert (found.count, found.least_s, found.median_s, found.most_s) == (5, 0, 5, 9)
    assert spread([]).count == 0

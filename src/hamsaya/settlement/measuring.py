# SPDX-License-Identifier: Apache-2.0
"""How long matters and answers took, as ranges: pure, from steps that both nodes hold.

A clock of a matter may run several times (it was asked again): each run is one span. What was not met by the end of a period is open then, and
overdue where its time had run out; nothing here looks at the clock on the wall, so two nodes tell the same of one period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from hamsaya.settlement.course import Course, Standing


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a clock: who owed it, from when, until when it was met, and when it was due where a term says so."""

    clock: str
    owed_by: str
    started: datetime
    met: datetime | None
    due: datetime | None


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How many there were, and how many seconds they took: the least, a quarter, half and three quarters of them, the most."""

    count: int = 0
    least_s: int = 0
    quarter_s: int = 0
    median_s: int = 0
    three_quarters_s: int = 0
    most_s: int = 0


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What became of things that were owed: met in time, met late, not met though due, not met and not due, and how long the met took."""

    in_time: int
    late: int
    overdue: int
    running: int
    took: Spread


def spans(course: Course, standing: Standing, terms: Mapping[str, int], named: Mapping[str, datetime]) -> list[Span]:
    """Return every run of every clock of a matter, by the steps that counted; `terms` and `named` as in `course.clocks`."""
    found: list[Span] = []
    for name, clock in course.clocks.items():
        minutes = terms.get(clock.term, 0) or clock.otherwise_min
        first: datetime | None = named.get(clock.named)
        state, started, own = "", None, None
        for told in standing.steps:
            if not told.counted:
                continue
            ran, runs = state in clock.runs_in, told.state in clock.runs_in
            names = told.step.times.get(clock.named) if runs else None
            if runs and not ran:
                started, own = told.step.at, names
            elif ran and not runs and started is not None:
                found.append(_span(name, clock.owed_by, started, told.step.at, own or first, minutes))
                started, first = None, None
            own = names or own
            state = told.state
        if started is not None:
            found.append(_span(name, clock.owed_by, started, None, own or first, minutes))
    return found


def _span(name: str, owed_by: str, started: datetime, met: datetime | None, named: datetime | None, minutes: int) -> Span:
    """Return a run, due by the time that a record named, else by the agreement's minutes."""
    due = named or (started + timedelta(minutes=minutes) if minutes else None)
    return Span(clock=name, owed_by=owed_by, started=started, met=met, due=due)


def tally(found: Iterable[Span], first: datetime, end: datetime) -> Tally:
    """Return what became of spans in the time from `first` until `end`: of those met in it, and of those open at its end."""
    met = [each for each in found if each.met is not None and first <= each.met < end]
    left = [each for each in found if each.started < end and (each.met is None or each.met >= end)]
    late = sum(1 for each in met if each.due is not None and each.met is not None and each.met > each.due)
    overdue = sum(1 for each in left if each.due is not None and each.due < end)
    took = spread([int((each.met - each.started).total_seconds()) for each in met if each.met is not None])
    return Tally(in_time=len(met) - late, late=late, overdue=overdue, running=len(left) - overdue, took=took)


def spread(seconds: Sequence[int]) -> Spread:
    """Return the spread of so many seconds each; no answer is earlier than what it answers, whatever a clock said."""
    ordered = sorted(max(each, 0) for each in seconds)
    if not ordered:
        return Spread()

    def at(part: int) -> int:
        return ordered[(len(ordered) - 1) * part // 4]

    return Spread(count=len(ordered), least_s=ordered[0], quarter_s=at(1), median_s=at(2), three_quarters_s=at(3), most_s=ordered[-1])

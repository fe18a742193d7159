# SPDX-License-Identifier: Apache-2.0
"""What is planned, and where two plans meet: area × time, with whom to call on both sides (F41).

1. A plan is areas and times. It meets another where one of its areas comes as near to one of the other's as both ask for, while both times run.
2. What has no time (a buffer that an agreement declares, a sea lane) is always there; a time without an end goes on.
3. Each meeting is told with the first and the last moment of both, and both contacts. Nothing is decided, nothing forbidden: that
   two plans meet may be meant (law 16).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

from hamsaya.boundary.overlap import Outline, gap_m
from hamsaya.boundary.rings import winds
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say

PlanKind = Literal["exercise", "patrol", "notice", "buffer", "lane"]
PLAN_KINDS: Final[dict[str, Text]] = {
    "exercise": say("exercise"),
    "patrol": say("patrol"),
    "notice": say("notice"),
    "buffer": say("buffer that an agreement declares"),
    "lane": say("sea lane"),
}
Window = tuple[datetime, datetime | None]
"""From when to when; without an end where none is known."""
_ALWAYS: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_NEAR_POLE: Final = 89_000_000


class Plan(NamedTuple):
    """What is planned: where, when, and whom to call."""

    ref: str
    """The record, the clause or the file that says so."""
    kind: PlanKind
    label: str
    party: str
    contact: str
    """Office and channel; empty where nobody said."""
    outlines: Sequence[Outline]
    windows: Sequence[Window] = ()
    """Empty for what is always there."""


class Conflict(NamedTuple):
    """Two plans that meet."""

    one: Plan
    other: Plan
    first: datetime | None
    """When both begin to run; None where neither has a beginning."""
    last: datetime | None
    """When the last time that both run ends; None where it does not."""


def checked_plan(plan: Plan, now: datetime) -> Plan:
    """Return the plan. Raises `InputError` for no area, one at a pole, a time that ends before it begins, or one that is over."""
    if not plan.outlines:
        raise InputError(say("It has no area."), say("Give the corners, parted by semicolons, the first one again at the end."))
    for outline in plan.outlines:
        if any(abs(lat) > _NEAR_POLE for _, lat in outline.points) or (outline.closed and winds(outline.points)):
            raise InputError(say("An area that holds a pole cannot be checked."))
    for start, end in plan.windows:
        if end is not None and end <= start:
            raise InputError(say("It ends before it begins: {start}, {end}.", start=_told(start), end=_told(end)))
    ends = [end for _, end in plan.windows]
    if ends and all(end is not None and end <= now for end in ends):
        raise InputError(say("It lies in the past: it ended at {end}.", end=_told(max(end for end in ends if end is not None))))
    return plan


def conflicts(plan: Plan, others: Iterable[Plan]) -> list[Conflict]:
    """Return where a plan meets others, the earliest first."""
    found = [each for other in others if other.ref != plan.ref and (each := meeting(plan, other)) is not None]
    return sorted(found, key=lambda each: (each.first or _ALWAYS[0], each.other.kind, each.other.ref))


def meeting(one: Plan, other: Plan) -> Conflict | None:
    """Return where and when two plans meet, or None."""
    shared = list(_shared(one.windows or [_ALWAYS], other.windows or [_ALWAYS]))
    if not shared:
        return None
    gaps = [gap for a in one.outlines for b in other.outlines if (gap := gap_m(a, b)) is not None]
    if not gaps or min(gaps) > 0:
        return None
    first, last = min(start for start, _ in shared), max(end for _, end in shared)
    return Conflict(one, other, None if first == _ALWAYS[0] else first, None if last == _ALWAYS[1] else last)


def _shared(one: Sequence[Window], other: Sequence[Window]) -> Iterator[tuple[datetime, datetime]]:
    """Give the times at which both run, in one walk through both."""
    left, right = (sorted((start, end or _ALWAYS[1]) for start, end in each) for each in (one, other))
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            yield start, end
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1


def _told(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

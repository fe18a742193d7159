# SPDX-License-Identifier: Apache-2.0
"""All matters that this version knows, by the kind of record that opens them. A new kind is a table more, its texts and its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hamsaya.settlement import asking
from hamsaya.settlement.commitment import COMMITMENT
from hamsaya.settlement.complaint import COMPLAINT
from hamsaya.settlement.course import Course
from hamsaya.settlement.exercise import EXERCISE
from hamsaya.settlement.finding import FINDING
from hamsaya.settlement.hotline import HOTLINE
from hamsaya.settlement.meeting import MEETING
from hamsaya.settlement.minutes import MINUTES, PRESS_LINE
from hamsaya.settlement.patrol import PATROL
from hamsaya.settlement.pursuit import PURSUIT
from hamsaya.settlement.returning import RETURN

ACKNOWLEDGE: Final = "acknowledge_min"
"""The term by which what opens a matter has to be acknowledged, in the tables with a clock of it."""
_BY_TABLE: Final = (FINDING, COMPLAINT, HOTLINE, PURSUIT, RETURN, EXERCISE, PATROL, COMMITMENT, MEETING, MINUTES, PRESS_LINE)
COURSES: Final[Mapping[str, Course]] = {**asking.COURSES, **{course.kind: course for course in _BY_TABLE}}
HURRIED: Final = frozenset(kind for kind, course in COURSES.items() if course.hurried)
"""The kinds of which a release that is not receipted is tried again every few seconds."""


def counts_from_opening(kind: str) -> bool:
    """Say whether a record of this kind opens a matter whose time to acknowledge runs from the signed time of its opening."""
    course = COURSES.get(kind)
    return course is not None and any(clock.term == ACKNOWLEDGE and course.first in clock.runs_in for clock in course.clocks.values())

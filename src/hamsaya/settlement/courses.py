# SPDX-License-Identifier: Apache-2.0
"""All matters that this version knows, by the kind of record that opens them. A new kind is a table more, its texts and its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hamsaya.settlement import asking
from hamsaya.settlement.course import Course
from hamsaya.settlement.finding import FINDING

COURSES: Final[Mapping[str, Course]] = {**asking.COURSES, FINDING.kind: FINDING}

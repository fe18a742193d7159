# SPDX-License-Identifier: Apache-2.0
"""How far a claim is trusted and how far it may travel: Admiralty grade and handling level.

Source: NATO AJP-2.1 (A–F, 1–6), FIRST Traffic Light Protocol 2.0. A grade is never averaged.
"""

from __future__ import annotations

from typing import Final, Literal

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say

RELIABILITY: Final[dict[str, Text]] = {
    "A": say("completely reliable"),
    "B": say("usually reliable"),
    "C": say("fairly reliable"),
    "D": say("not usually reliable"),
    "E": say("unreliable"),
    "F": say("reliability cannot be judged"),
}
CREDIBILITY: Final[dict[str, Text]] = {
    "1": say("confirmed by other sources"),
    "2": say("probably true"),
    "3": say("possibly true"),
    "4": say("doubtful"),
    "5": say("improbable"),
    "6": say("truth cannot be judged"),
}
CANNOT_BE_JUDGED: Final = "F6"

Handling = Literal["clear", "green", "amber", "amber+strict", "red"]
HANDLING: Final[tuple[Handling, ...]] = ("clear", "green", "amber", "amber+strict", "red")


def parse_grade(text: str) -> str:
    """Return the grade as two characters, such as `B2`. Raises `InputError` for anything else."""
    grade = text.strip().upper()
    if len(grade) == 2 and grade[0] in RELIABILITY and grade[1] in CREDIBILITY:
        return grade
    raise InputError(
        say("A grade is a letter A–F and a digit 1–6, such as B2; this came: {came}", came=text[:20] or "—"),
        say("Use F6 where neither the source nor the information can be judged."),
    )


def is_graded(grade: str | None) -> bool:
    """Say whether `grade` is a whole Admiralty grade (both halves known values)."""
    return bool(grade) and len(grade or "") == 2 and grade[0] in RELIABILITY and grade[1] in CREDIBILITY  # type: ignore[index]


_EUROPOL_SOURCE: Final = {"A": "A", "B": "B", "C": "B", "D": "C", "E": "C", "F": "X"}
_EUROPOL_INFORMATION: Final = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "4", "6": "4"}


def europol(grade: str | None) -> str:
    """Return the 4×4 code of Europol that stands nearest to a grade, such as `B2`; empty where there is no whole grade.

    The 4×4 system (Europol's information handling: source A, B, C, X; information 1 to 4) asks how the source knows, and the Admiralty
    scale how likely it is: so this is a reading aid, never stored, never signed, and there is no way back. What is doubted or cannot
    be judged becomes 4, "cannot be corroborated"; C, "fairly reliable", becomes B, "mostly reliable".
    """
    if not is_graded(grade) or grade is None:
        return ""
    return _EUROPOL_SOURCE[grade[0]] + _EUROPOL_INFORMATION[grade[1]]


def is_within(level: str, ceiling: str) -> bool:
    """Say whether `level` is at or below `ceiling`. An unknown level or ceiling is not within: deny by default."""
    if level not in HANDLING or ceiling not in HANDLING:
        return False
    return HANDLING.index(level) <= HANDLING.index(ceiling)

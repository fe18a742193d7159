# SPDX-License-Identifier: Apache-2.0
"""Texts that both sides sign beside the finding: the minutes of a meeting (F33) and a press line (F37). Their course is the finding's.

- Minutes: what both agree to, what was decided, when they meet next; where the sides differ each words its own text, and both stand.
- A press line holds what both say, or what one side alone will say: it is held back until both have signed the very same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from hamsaya.facts.words import Text, say
from hamsaya.settlement.course import Course
from hamsaya.settlement.finding import FINDING, PARAGRAPHS

MINUTES: Final = msgspec.structs.replace(FINDING, kind="minutes", label=say("Minutes of a meeting"))
PRESS_LINE: Final = msgspec.structs.replace(FINDING, kind="press_line", label=say("Press line"))
_SIDE: Final = say("Text of one side")
KINDS: Final[Mapping[str, Mapping[str, Text]]] = {
    FINDING.kind: PARAGRAPHS,
    MINUTES.kind: {"agreed_text": say("Agreed text"), "decided": say("Decided"), "remark": _SIDE, "next_meeting": say("Next meeting")},
    PRESS_LINE.kind: {"press_text": say("Text for the press, of both"), "remark": _SIDE},
}
"""The kinds of paragraph of each kind of text that both sign: predicates of its claims."""
SIGNED_TEXTS: Final[Mapping[str, Course]] = {course.kind: course for course in (FINDING, MINUTES, PRESS_LINE)}


def label_of(kind: str, paragraph: str) -> Text:
    """Return what a kind of paragraph is called in a kind of text."""
    return KINDS[kind].get(paragraph) or next((known[paragraph] for known in KINDS.values() if paragraph in known), Text(paragraph))

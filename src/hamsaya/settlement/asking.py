# SPDX-License-Identifier: Apache-2.0
"""What one party asks of another: information (F10), or an explanation of something unusual, which is due in 48 hours (F30).

asked ──▶ acknowledged ──▶ answered ──▶ closed ──▶ asked again
└──────────▶ refused ─────┘
asked again it is answered, or refused where it was not before; whoever asked may take it back while it is open
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.words import Text, say
from hamsaya.settlement.course import Clock, Course, Move, State

_OPEN: Final = frozenset({"asked", "acknowledged", "again"})
_ANSWERED: Final = frozenset({"answered", "refused"})
EXPLAIN_MIN: Final = 48 * 60
"""Within so many minutes an explanation is due, where the agreement names no time of its own (F30)."""


def _states(answered: Text) -> dict[str, State]:
    return {
        "asked": State(say("asked"), say("Nobody has acknowledged it yet."), "info"),
        "acknowledged": State(say("acknowledged"), say("An officer has acknowledged it; no answer has come yet."), "warn"),
        "answered": State(answered, say("A record answers it."), "good"),
        "refused": State(say("refused on a ground"), say("Refused on a ground that the agreement names; which one is not told."), "bad"),
        "closed": State(say("closed"), say("Whoever asked has closed it."), "good"),
        "again": State(say("asked again"), say("Whoever asked opened it again; no further answer has come yet."), "warn"),
        "withdrawn": State(say("taken back"), say("Whoever asked has taken it back."), "info"),
    }


_MOVES: Final = {
    "acknowledge": Move(
        label=say("Acknowledge"), by="other", before=frozenset({"asked"}), after="acknowledged", borne="opening", verb="acknowledge",
    ),
    "answer": Move(label=say("Answer"), by="other", before=_OPEN | _ANSWERED, after="answered", borne="release", verb="propose"),
    "refuse": Move(label=say("Refuse on a ground"), by="other", before=_OPEN, after="refused", borne="refusal", verb="propose"),
    "close": Move(label=say("Close it"), by="opener", before=_ANSWERED, after="closed", borne="move", verb="propose"),
    "reopen": Move(label=say("Ask again"), by="opener", before=_ANSWERED | {"closed"}, after="again", borne="move", verb="propose"),
    "withdraw": Move(label=say("Take it back"), by="opener", before=_OPEN, after="withdrawn", borne="move", verb="propose"),
    "recall": Move(label=say("Recalled"), by="opener", before=_OPEN | _ANSWERED, after="withdrawn", borne="recall", verb="recall"),
}  # fmt: skip
_ACKNOWLEDGE: Final = Clock(label=say("Acknowledgement"), runs_in=frozenset({"asked"}), owed_by="other", term="acknowledge_min")

INFORMATION: Final = Course(
    kind="request", label=say("Request for information"), first="asked", states=_states(say("answered")), moves=_MOVES,
    clocks={
        "acknowledge": _ACKNOWLEDGE,
        "answer": Clock(label=say("Answer"), runs_in=_OPEN, owed_by="other", term="answer_min"),
    },
)  # fmt: skip
EXPLANATION: Final = Course(
    kind="explanation_request", label=say("Request for explanation"), first="asked", states=_states(say("explained")), moves=_MOVES,
    clocks={
        "acknowledge": _ACKNOWLEDGE,
        "answer": Clock(label=say("Explanation"), runs_in=_OPEN, owed_by="other", term="explain_min", otherwise_min=EXPLAIN_MIN),
    },
)  # fmt: skip
COURSES: Final[dict[str, Course]] = {course.kind: course for course in (INFORMATION, EXPLANATION)}

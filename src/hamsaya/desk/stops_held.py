# SPDX-License-Identifier: Apache-2.0
"""STOPs as steps of the matter that they name: the calls of the two sides, each told alike on both nodes.

- A STOP is an entry of the distress log: it passes by one officer, with any agreement or none, ahead of everything (law 2). That it names
  a matter makes it a step there as well; nothing is sent twice.
- The first answer to it says that the other side has it on its desk. What was answered stands with the call.
- Whether a step counts where it falls, the table says. The call rings either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamsaya.desk.calls import CallHeld
from hamsaya.settlement.course import Course, Side, Step


def side_of(party: str, opener: str) -> Side:
    """Return which side of a matter a party is that `opener` opened."""
    return "opener" if party == opener else "other"


def stops_on(calls: Sequence[CallHeld], course: Course, own: str, party: str, opener: str) -> Iterator[Step]:
    """Yield the STOPs between `own` and `party` of the calls that name a matter, and the first answer to each; none where its table knows none."""
    if not any(move.borne == "stop" for move in course.moves.values()):
        return
    for held in calls:
        if held.kind == "stop" and held.neighbour == party:
            by = side_of(own if held.own else party, opener)
            yield Step(move=course.borne_by("stop", by) or "stop", by=by, ref=held.case, office=held.office, at=held.at,
                       received_at=held.receipted_at, entry=f"{held.log}#{held.seq}")  # fmt: skip
            yield from _heard(course, held, by)


def _heard(course: Course, held: CallHeld, by: Side) -> Iterator[Step]:
    answers = [step for step in held.steps if step.kind == "answered"]
    if answers:
        first, other = min(answers, key=lambda step: (step.at, step.office, step.code)), by != "opener"
        side: Side = "opener" if other else "other"
        yield Step(
            move=course.borne_by("heard", side) or "heard", by=side, ref=f"{held.case}.heard", office=first.office, at=first.at, seen=held.case
        )

# SPDX-License-Identifier: Apache-2.0
"""The course of a matter between two parties: how it can stand, who moves it on from there, and which clock runs meanwhile.

1. A matter is opened by a record that one party releases to the other. What moves it is signed: a record that answers it, or a
   protocol act of a closed list that holds no words of its own. A table says which; nothing else moves a matter.
2. How it stands follows from the set of steps alone (`stand`), never from the order in which they came: so two nodes that hold
   the same steps tell the same, whatever the link did. A step that its table did not let in where it fell is kept, and counts not.
3. Order comes from what each step says it had seen, then from the signed times: a clock that is slow does not let an answer to
   a question come before it.
4. A clock runs from the time at which its debtor received the step that started it (its receipt, which both hold), or signed it.
5. Nothing ends by itself. A time that has run out is told, and moves nothing (law 16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from hamsaya.facts.words import Text

Side = Literal["opener", "other"]
Mover = Literal["opener", "other", "either"]
Bearing = Literal["release", "opening", "refusal", "move", "recall"]
"""What a step is borne by: a released record that answers it, an officer's acknowledgement, a refusal on a ground, a signed
move without words, or the recall of the release that opened it."""
Tone = Literal["info", "warn", "good", "bad"]
_BOTH: Final = 2
OPENED: Final = "open"
"""The name of the step with which every matter begins."""


class State(msgspec.Struct, frozen=True):
    """How a matter can stand: in a word, in a sentence, and how it is coloured."""

    label: Text
    meaning: Text
    tone: Tone


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What may be done: by which side, while it stands how, and how it stands then."""

    label: Text
    by: Mover
    before: frozenset[str]
    after: str
    borne: Bearing
    verb: str
    """The right that an officer needs for it."""
    halfway: str = ""
    """Of a move that both must make over the same text: how it stands when one has. Empty where one is enough."""


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A time that runs while a matter stands so: what is due, who owes it, and which term of the agreement says how long."""

    label: Text
    runs_in: frozenset[str]
    owed_by: Side
    term: str
    """Field of a deadlines clause, in minutes."""
    otherwise_min: int = 0
    """How long where the agreement has no such term; 0 for not at all."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """The table of one kind of matter. It begins in `first`."""

    kind: str
    label: Text
    first: str
    states: Mapping[str, State]
    moves: Mapping[str, Move]
    clocks: Mapping[str, Clock]

    def open_to(self, side: Side, state: str) -> dict[str, Move]:
        """Return what a side may do by a signed move while the matter stands so."""
        return {name: move for name, move in self.moves.items() if move.borne == "move" and move.by in (side, "either") and state in move.before}

    def borne_by(self, bearing: Bearing, side: Side) -> str:
        """Return the move that something borne so is when that side does it; empty for none."""
        return next((name for name, move in self.moves.items() if move.borne == bearing and move.by in (side, "either")), "")

    @property
    def negotiated(self) -> bool:
        """Say whether a text goes back and forth in it: a record of its kind that answers another puts a text forward and opens nothing."""
        return any(move.halfway for move in self.moves.values())

    def is_over(self, state: str) -> bool:
        """Say whether nothing is owed any more while it stands so."""
        return not any(state in clock.runs_in for clock in self.clocks.values())


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something signed that is about a matter. `ref` names it on both nodes alike."""

    move: str
    by: Side
    ref: str
    office: str
    at: datetime
    """The signed time."""
    received_at: datetime | None = None
    """When the other side had it, as its receipt says; None while none has come."""
    seen: str = ""
    """The step that its signer had seen last, by its `ref`; empty where that is not told."""
    record: str = ""
    """The record that it brought, if it did."""
    text: str = ""
    """The name of the very bytes that it puts forward, if it does."""
    on: str = ""
    """The name of the text that a signature is about."""
    entry: str = ""
    """Where its signed entry stands: log and number."""


class Told(msgspec.Struct, frozen=True):
    """A step in its place, how the matter stood after it, and whether it counted."""

    step: Step
    state: str
    counted: bool


class Standing(msgspec.Struct, frozen=True):
    """How a matter stands, and by which steps."""

    state: str
    steps: Sequence[Told]
    text: str = ""
    """The name of the text that was put forward last."""
    signers: frozenset[Side] = frozenset()
    """Who made the move over that text which both must make."""

    @property
    def last(self) -> Step:
        """Return the last step that counted."""
        return next(told.step for told in reversed(self.steps) if told.counted)


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A clock of a matter: by when what is due, whether it still runs, and since when it was met."""

    name: str
    owed_by: Side
    due_at: datetime
    met_at: datetime | None
    """The signed time of the step that met it; None while it runs."""

    def late_s(self, now: datetime) -> float:
        """Return by how many seconds it is, or was met, late; negative while there is time."""
        return ((self.met_at or now) - self.due_at).total_seconds()


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Return the steps in the order in which both nodes tell them: the opening first, each after what it had seen, else by signed time."""
    named = {step.ref: step for step in steps}
    keys: dict[str, tuple[datetime, int]] = {}

    def key(step: Step) -> tuple[datetime, int]:
        chain: dict[str, Step] = {}
        at: Step | None = step
        while at is not None and at.ref not in keys and at.ref not in chain:  # what is said to have seen itself has seen nothing
            chain[at.ref] = at
            at = named.get(at.seen)
        for each in reversed(chain.values()):
            before = keys.get(each.seen)
            keys[each.ref] = (each.at, 0) if before is None or before[0] < each.at else (before[0], before[1] + 1)
        return keys[step.ref]

    return sorted(named.values(), key=lambda step: (step.move != OPENED, *key(step), step.by, step.move, step.ref))


def stand(course: Course, steps: Sequence[Step]) -> Standing:
    """Return how a matter stands by these steps, of which one opens it; in whatever order they are given."""
    state, told, text, signers = course.first, [], "", frozenset[Side]()
    for step in in_order(steps):
        move = course.moves.get(step.move)
        counted = step.move == OPENED or (move is not None and move.by in (step.by, "either") and state in move.before)
        if counted and move is not None and move.halfway:  # over the text as it is, and once
            counted = bool(text) and step.on == text and step.by not in signers
        if counted:
            if step.text:
                text, signers = step.text, frozenset()
            if move is not None and move.halfway:
                signers |= {step.by}
            if move is not None:
                state = move.halfway if move.halfway and len(signers) < _BOTH else move.after
        told.append(Told(step, state, counted))
    return Standing(state, told, text, signers)


def clocks(course: Course, standing: Standing, terms: Mapping[str, int]) -> list[Running]:
    """Return the clocks that were started and have a time: `terms` are the minutes that the agreement gives, by the field of its clause."""
    found = []
    for name, clock in course.clocks.items():
        minutes = terms.get(clock.term, 0) or clock.otherwise_min
        started: datetime | None = None
        met: datetime | None = None
        state = ""
        for told in standing.steps:
            if not told.counted:
                continue
            ran, runs = state in clock.runs_in, told.state in clock.runs_in
            if runs and not ran:
                started, met = (told.step.at if told.step.by == clock.owed_by else told.step.received_at), None
            elif ran and not runs:
                met = told.step.at
            state = told.state
        if minutes and started is not None:
            found.append(Running(name=name, owed_by=clock.owed_by, due_at=started + timedelta(minutes=minutes), met_at=met))
    return found

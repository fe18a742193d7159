# SPDX-License-Identifier: Apache-2.0
"""The course of a matter between two parties: how it can stand, who moves it on from there, and which clock runs meanwhile.

1. A matter is opened by a record that one party releases to the other. What moves it is signed: a record that answers it, or a
   protocol act of a closed list that holds no words of its own. A table says which; nothing else moves a matter.
2. How it stands follows from the set of steps alone (`stand`), never from the order in which they came: so two nodes that hold
   the same steps tell the same, whatever the link did. A step that its table did not let in where it fell is kept, and counts not.
3. Order comes from what each step says it had seen, then from the signed times: a clock that is slow does not let an answer to
   a question come before it.
4. A clock runs from the signed time of the step that started it, which both hold. A receipt does not do for that: where an answer was lost,
   and more came before the next, the two nodes hold different first receipts over one entry.
5. Nothing ends by itself. A time that has run out is told, and moves nothing (law 16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from hamsaya.facts.records import RecordKind
from hamsaya.facts.words import Text
from hamsaya.settlement.form import Form

Side = Literal["opener", "other"]
Mover = Literal["opener", "other", "either"]
Bearing = Literal["release", "opening", "refusal", "move", "recall", "stop", "heard"]
"""What a step is borne by: a released record that answers it, an officer's acknowledgement, a refusal on a ground, a signed
move without words, the recall of the release that opened it, a STOP that names the matter, or the first answer to that STOP."""
Tone = Literal["info", "warn", "good", "bad"]
_BOTH: Final = 2
OPENED: Final = "open"
"""The name of the step with which every matter begins."""
GONE: Final = "?"
"""The name of a text whose bytes were erased: what was signed of it can be compared with nothing any more but the other signature."""


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
    form: Form | None = None
    """Of a move that a record bears: what an officer fills in. Without one the record is filed as a report, or has a form of its own."""
    fits: str = ""
    """Where it is meant for one word of the opening (`status`) only: that word. The pages offer it there alone."""
    filed_as: RecordKind = "notice"
    """Of a move that a record bears: the kind of that record, which the agreement must let leave."""


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A time that runs while a matter stands so: what is due, who owes it, and which term of the agreement says how long."""

    label: Text
    runs_in: frozenset[str]
    owed_by: Side
    term: str
    """Field of a deadlines clause, in minutes; empty where the agreement names no time for it."""
    otherwise_min: int = 0
    """How long where the agreement has no such term; 0 for not at all."""
    named: str = ""
    """The predicate by which the record that starts the clock names the time itself; that holds before any term."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """The table of one kind of matter. It begins in `first`."""

    kind: RecordKind
    label: Text
    first: str
    states: Mapping[str, State]
    moves: Mapping[str, Move]
    clocks: Mapping[str, Clock]
    form: Form | None = None
    """What an officer fills in to open one. Without one it is filed as a report, or has a form of its own."""
    verb: str = "propose"
    """The right that an officer needs to open one."""
    purposes: tuple[str, ...] = ()
    """For which purposes what opens it is released, the likeliest first; the page of its release begins with that one."""
    starts: frozenset[str] = frozenset()
    """How it can stand at first by the word of the record that opens it (`status`); else it begins in `first`."""
    hurried: bool = False
    """True where a release of what opens it is tried again every few seconds until the neighbour has receipted it."""

    def open_to(self, side: Side, state: str) -> dict[str, Move]:
        """Return what a side may do by a signed move while the matter stands so."""
        return {name: move for name, move in self.moves.items() if move.borne == "move" and move.by in (side, "either") and state in move.before}

    def borne_by(self, bearing: Bearing, side: Side, step: str = "") -> str:
        """Return the move that something borne so is when that side does it: the one that it says, else the first; empty for none."""
        return next((name for name, move in self.moves.items() if move.borne == bearing and move.by in (side, "either") and step in ("", name)), "")

    def filed_by(self, side: Side, state: str) -> dict[str, Move]:
        """Return what a side may do by filling in a form while the matter stands so."""
        return {name: move for name, move in self.moves.items() if move.form and move.by in (side, "either") and state in move.before}

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
    starts: str = ""
    """Of an opening: how the matter stands by its own word; empty where it says nothing of that, or its bytes were erased."""
    times: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """The times that the record which it brought names, by predicate, as it left."""


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

    once = {(step.ref, step.by): step for step in steps}  # both may do the same in the same instant: then the bytes, and so the name, are one
    return sorted(once.values(), key=lambda step: (step.move != OPENED, *key(step), step.by, step.move, step.ref))


def stand(course: Course, steps: Sequence[Step]) -> Standing:
    """Return how a matter stands by these steps, of which one opens it; in whatever order they are given."""
    state, told, text, signers = course.first, [], "", frozenset[Side]()
    for step in in_order(steps):
        move = course.moves.get(step.move)
        counted = step.move == OPENED or (move is not None and move.by in (step.by, "either") and state in move.before)
        if counted and move is not None and move.halfway:  # over the text as it is, and once
            counted = bool(text) and text in (step.on, GONE) and step.by not in signers
        if counted:
            if step.move == OPENED and step.starts in course.starts:
                state = step.starts
            if step.text:
                text, signers = step.text, frozenset()
            if move is not None and move.halfway:
                text, signers = step.on, signers | {step.by}
            if move is not None:
                state = move.halfway if move.halfway and len(signers) < _BOTH else move.after
        told.append(Told(step, state, counted))
    return Standing(state, told, text, signers)


def clocks(course: Course, standing: Standing, terms: Mapping[str, int], named: Mapping[str, datetime]) -> list[Running]:
    """Return the clocks that were started and have a time.

    `terms` are the minutes that the agreement gives, by the field of its clause; `named` the times that the record which opened the
    matter names, by predicate: those are of its first opening, and do not come again when it is opened again. A later record that starts
    a clock, or comes while it runs, may name the time anew.
    """
    found = []
    for name, clock in course.clocks.items():
        minutes = terms.get(clock.term, 0) or clock.otherwise_min
        started: datetime | None = None
        met: datetime | None = None
        state, starts, own = "", 0, None
        for told in standing.steps:
            if not told.counted:
                continue
            ran, runs = state in clock.runs_in, told.state in clock.runs_in
            names = told.step.times.get(clock.named) if runs else None
            if runs and not ran:
                started, met, starts, own = told.step.at, None, starts + 1, names
            elif ran and not runs:
                met = told.step.at
            own = names or own
            state = told.state
        due = own or (named.get(clock.named) if starts == 1 else None)
        if started is not None and (due or minutes):
            found.append(Running(name=name, owed_by=clock.owed_by, due_at=due or started + timedelta(minutes=minutes), met_at=met))
    return found

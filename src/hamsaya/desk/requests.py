# SPDX-License-Identifier: Apache-2.0
"""What is asked of a neighbour or by one, from asking to the answer (F10, F30) or to a refusal on a ground (F66).

- A request is a matter (`desk/matters.py`); how it can stand is the table `settlement/asking.py`.
- An answer is a record of the node that was asked, released in the ordinary way, which names the request that it answers.
- A refusal on a ground leaves as bytes that hold only which request it answers. Ground and reason stand in the journal of the
  node that refused; there, those see them who check (the right `audit`).
- Of a request for information without a deadline clause in its agreement no clock runs; an explanation is due all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from hamsaya.desk.holdings import Officer, RefusalHeld
from hamsaya.desk.matters import Matter, matters_held, matters_of
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.refusing import refuse_matter
from hamsaya.desk.roles import require
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.settlement import asking
from hamsaya.settlement.course import Running, Step


class Answered(msgspec.Struct, frozen=True):
    """A record that answers a request, and when the entry that brought it was signed."""

    record: str
    kind: str
    at: datetime


class RequestHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A request between this node and one neighbour, as far as both hold it."""

    record: Record
    party: str
    """The neighbour that asked, or that was asked."""
    ours: bool
    """True where this node asked."""
    log: str
    seq: int
    asked_at: datetime
    received_at: datetime | None
    """The time of the receipt that first covered it; None while none has come."""
    acknowledge: Running | None
    answer: Running | None
    """The clocks; None where none was started, or the agreement sets no time."""
    acknowledged_at: datetime | None
    acknowledged_by: str
    refusal: RefusalHeld | None
    answers: list[Answered]
    condition: str
    moved: list[Step]
    """The moves that were signed and counted, oldest first: closed, asked again, taken back."""

    def late(self, now: datetime) -> tuple[bool, bool]:
        """Say whether acknowledging is overdue, and whether answering is."""
        one, other = (clock is not None and clock.met_at is None and clock.late_s(now) > 0 for clock in (self.acknowledge, self.answer))
        return one, other


def requests_held(node: Node, book: Book) -> list[RequestHeld]:
    """Return the requests that were asked of a neighbour or by one, newest first."""
    return requests_among(book, list(matters_held(node, book, asking.COURSES)))


def requests_among(book: Book, matters: Sequence[Matter]) -> list[RequestHeld]:
    """Return those of these matters that are requests, in their order, in so many statements whatever their number."""
    found = [each for each in matters if each.record.kind in asking.COURSES]
    kinds = book.record_kinds([step.step.record for each in found for step in each.standing.steps if step.step.move == "answer"])
    return [_held(kinds, each) for each in found]


def requests_of(node: Node, book: Book, record: str) -> list[RequestHeld]:
    """Return a request as it stands with each neighbour; empty for a record that is none, or that was not asked yet."""
    return requests_among(book, matters_of(node, book, record))


def request_of(node: Node, book: Book, record: str) -> RequestHeld:
    """Return what a neighbour asked of this node. Raises `NotFound` for anything else."""
    for held in requests_of(node, book, record):
        if not held.ours:
            return held
    raise NotFound(say("No neighbour asked for {came}.", came=record[:40] or "—"), say("`hamsaya request list` shows what was asked."))


def refuse_request(node: Node, officer: Officer, record: str, grounds: Sequence[str], reason: str) -> RequestHeld:
    """Refuse a neighbour's request on one or more grounds. Raises what `refuse_matter` does, and `NotFound` for what is no neighbour's request."""
    require(officer.role, "propose")
    with node.ledger.reading() as book:
        request_of(node, book, record)
    refuse_matter(node, officer, record, grounds, reason)
    with node.ledger.reading() as book:
        return request_of(node, book, record)


def _held(kinds: Mapping[str, str], matter: Matter) -> RequestHeld:
    steps = {name: [each.step for each in matter.standing.steps if each.step.move == name] for name in ("open", "acknowledge", "answer")}
    opened, acknowledged = steps["open"][0], next(iter(steps["acknowledge"]), None)
    return RequestHeld(
        record=matter.record, party=matter.party, ours=matter.ours, log=matter.log, seq=matter.seq, asked_at=opened.at,
        received_at=opened.received_at, acknowledge=matter.clock("acknowledge"), answer=matter.clock("answer"),
        acknowledged_at=acknowledged.at if acknowledged else None, acknowledged_by=acknowledged.office if acknowledged else "",
        refusal=matter.refusal, answers=[Answered(each.record, kinds.get(each.record, ""), each.at) for each in steps["answer"]],
        condition=matter.standing.state,
        moved=[each.step for each in matter.standing.steps if each.counted and _is_move(matter, each.step)],
    )  # fmt: skip


def _is_move(matter: Matter, step: Step) -> bool:
    return step.move in matter.course.moves and matter.course.moves[step.move].borne in ("move", "recall")

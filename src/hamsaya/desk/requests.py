# SPDX-License-Identifier: Apache-2.0
"""Requests for information, asked of a neighbour or by one, from asking to the answer (F10) or to a refusal on a ground (F66).

    asked ──an officer there acknowledges──▶ acknowledged ──an answer arrives──▶ answered
      └──────────────────────────────────────────┴──a ground of law 12, or of the agreement──▶ refused

- An answer is a record of the node that was asked, released in the ordinary way, which names the request that it answers.
- A refusal on a ground leaves as bytes that hold only which request it answers. Ground and reason stand in the journal of the
  node that refused; there, those see them who check (the right `audit`).
- Every time that both desks show is one that both hold: of the signed entry, of the receipt, of the notice. Where an answer and
  a refusal both stand, the later one counts.
- Of a request without a deadline clause in its agreement no clock runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from hamsaya.agreement.due import Due, due
from hamsaya.desk.acts_request import RequestRefusedHere
from hamsaya.desk.grounds import check_grounds
from hamsaya.desk.holdings import InboxItem, Officer, RecordHeld, RefusalHeld
from hamsaya.desk.inbox import acknowledge_within
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.logs import link_log, parse_log
from hamsaya.exchange.requests import RequestRefused
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical

RequestCondition = Literal["asked", "acknowledged", "answered", "refused"]
MAX_REASON: Final = 2_000


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
    due: Due | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    refusal: RefusalHeld | None
    answers: list[Answered]
    condition: RequestCondition

    def late(self, now: datetime) -> tuple[bool, bool]:
        """Say whether acknowledging is overdue, and whether answering is."""
        if self.due is None or self.condition in ("answered", "refused"):
            return False, False
        return self.acknowledged_at is None and now > self.due.acknowledge_by, now > self.due.answer_by


def requests_held(node: Node, book: Book) -> list[RequestHeld]:
    """Return the requests that were asked of a neighbour or by one, newest first."""
    return [held for record, _ in dict.fromkeys(book.requests()) for held in requests_of(node, book, record)]


def requests_of(node: Node, book: Book, record: str) -> list[RequestHeld]:
    """Return a request as it stands with each neighbour; empty for a record that is none, or that was not asked yet."""
    versions = book.versions(record)
    if not versions or versions[0].record.kind != "request":
        return []
    if versions[0].received_from:
        log, _, number = versions[0].released_in.rpartition("#")
        item = book.inbox_item(log, int(number))
        return [_held(node, book, versions[-1].record, versions[0].received_from, log, int(number), item)]
    first: dict[str, tuple[str, int]] = {}
    for release in reversed(book.releases_of(record)):
        if release.log:
            first.setdefault(release.receiver, (release.log, release.seq))
    return [_held(node, book, versions[-1].record, party, log, seq, None) for party, (log, seq) in first.items()]


def request_of(node: Node, book: Book, record: str) -> RequestHeld:
    """Return what a neighbour asked of this node. Raises `NotFound` for anything else."""
    for held in requests_of(node, book, record):
        if not held.ours:
            return held
    raise NotFound(say("No neighbour asked for {came}.", came=record[:40] or "—"), say("`hamsaya request list` shows what was asked."))


def refuse_request(node: Node, officer: Officer, record: str, grounds: Sequence[str], reason: str) -> RequestHeld:
    """Refuse a neighbour's request on one or more grounds; the neighbour learns that it was refused, and nothing more.

    Acknowledges it too where nobody had. Raises `InputError` without a known ground or a reason, `NotFound` for what is no
    neighbour's request, and `Stale` where it was answered or refused before.
    """
    require(officer.role, "propose")
    reason = as_plain(reason).strip()
    if not grounds:
        raise InputError(say("Name the ground, or several: without one a request is answered, or left open."))
    if not reason or len(reason) > MAX_REASON:
        raise InputError(say("The reason is a sentence of at most {n} letters; it stays in this node's journal.", n=MAX_REASON))
    with node.ledger.writing() as pen:
        check_grounds(pen, grounds)
        held = request_of(node, pen, record)
        if held.refusal is not None:
            raise Stale(say("Request {record} was refused before.", record=record), by=held.refusal.office, at=held.refusal.at)
        if held.answers:
            raise Stale(say("Request {record} was answered before.", record=record), at=held.answers[-1].at)
        acknowledge_within(node, pen, officer, held.log, held.seq)
        log = pen.current_log(link_log(node.party, held.party))
        seq = pen.extend(log, "request.refused", canonical(RequestRefused(record)), officer)
        pen.journal(
            RequestRefusedHere(request=record, party=held.party, grounds=sorted(set(grounds)), reason=reason, log=log, seq=seq), officer
        )  # fmt: skip
        return request_of(node, pen, record)


def _held(node: Node, book: Book, record: Record, party: str, log: str, seq: int, item: InboxItem | None) -> RequestHeld:
    ours = item is None
    asked_at, received_at = _signed_at(book, log, seq), _receipted_at(book, log, seq, party if ours else node.party)
    opening = book.opening(log, seq)
    opened_at, opened_by = (item.opened_at, item.opened_by) if item else (opening.at, opening.office) if opening else (None, "")
    refusal = next((each for each in book.refusals(request=record.id) if each.party == party and each.here != ours), None)
    answers = [each for held in book.answers_to(record.id) if (each := _answer(book, held, party, ours=ours)) is not None]
    return RequestHeld(
        record=record, party=party, ours=ours, log=log, seq=seq, asked_at=asked_at, received_at=received_at,
        due=_due(book, log, received_at), acknowledged_at=opened_at, acknowledged_by=opened_by, refusal=refusal, answers=answers,
        condition=condition_of(opened_at, refusal.at if refusal else None, max((each.at for each in answers), default=None)),
    )  # fmt: skip


def condition_of(acknowledged: datetime | None, refused: datetime | None, answered: datetime | None) -> RequestCondition:
    """Return how a request stands: the later one of answer and refusal, else whether it was acknowledged."""
    if answered is not None and (refused is None or answered >= refused):
        return "answered"
    if refused is not None:
        return "refused"
    return "asked" if acknowledged is None else "acknowledged"


def _answer(book: Book, held: RecordHeld, party: str, *, ours: bool) -> Answered | None:
    """Return the answer if it has left for, or come from, that neighbour."""
    record = held.record
    if ours:
        if held.received_from != party:
            return None
        first = next((each for each in book.versions(record.id) if each.received_from == party), held)  # that is when both tell that it was answered
        log, _, number = first.released_in.rpartition("#")
        return Answered(record.id, record.kind, _signed_at(book, log, int(number)))
    if held.received_from:
        return None
    left = [release for release in book.releases_of(record.id) if release.log and release.receiver == party]
    return Answered(record.id, record.kind, _signed_at(book, left[-1].log, left[-1].seq)) if left else None


def _signed_at(book: Book, log: str, seq: int) -> datetime:
    return book.entries(log, seq, 1)[0].header().at


def _receipted_at(book: Book, log: str, seq: int, by: str) -> datetime | None:
    covering = [receipt for receipt in book.receipts() if receipt.log == log and receipt.by == by and receipt.size > seq]
    return min(covering, key=lambda receipt: receipt.size).at if covering else None


def _due(book: Book, log: str, received_at: datetime | None) -> Due | None:
    name = parse_log(log)
    held = [each.agreement for each in book.agreements() if name is not None and each.agreement.table.id == name.agreement]
    return due(held[0], received_at) if held and received_at is not None else None

# SPDX-License-Identifier: Apache-2.0
"""What a commander sees on one page: what is overdue on either side, what is unanswered, how tense and how silent each section is, what comes next.

It decides nothing: every part is what its own page says, gathered under a bound, so that ten thousand open things cost no more than the newest
few hundred; how many were not looked at is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import msgspec

from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.inbox import count_waiting, overdue_since
from hamsaya.desk.matters import Matter, matters_of
from hamsaya.desk.meetings import time_of
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.section_days import days_told, today_in
from hamsaya.desk.sections import Section, sections_of
from hamsaya.desk.stages import AccountClock, owed_reports
from hamsaya.facts.records import Record
from hamsaya.facts.values import Moment, Place
from hamsaya.settlement.courses import COURSES

MOST_MATTERS: Final = 300
"""So many matters are looked at, the newest first."""
MOST_ACCOUNTS: Final = 500
_MEETINGS: Final = 50
_AHEAD: Final = frozenset({"invited", "another", "accepted"})
SILENCE_DAYS: Final = 14


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is owed in a matter, by us or by the neighbour, and by when."""

    record: str
    kind: str
    clock: str
    party: str
    """The neighbour."""
    ours: bool
    """Whether this node owes it."""
    due_at: datetime


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """How silent a side was about a section in the last days, and what it said of the last day that is over."""

    section: str
    by: str
    silent: int
    counted: int
    last: str


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting that a record tells of, to come."""

    record: str
    party: str
    at: datetime
    moment: Moment | None
    """As the record tells it; None where both sides move it on as a matter, of which the time that was named last counts."""
    place: Place | None
    state: str = ""
    """Of a matter, how it stands."""


class CommandPicture(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, as at one moment. What is due first stands in front."""

    at: datetime
    overdue: list[Owed]
    running: list[Owed]
    more: int
    """How many matters were not looked at."""
    reports: list[AccountClock]
    """Accounts of which a report is overdue."""
    unread: int
    unread_overdue: int
    unopened: dict[str, int]
    """By neighbour, how many of our releases its officers should have acknowledged by now."""
    to_approve: int
    to_review: int
    calls: int
    flags: int
    sections: list[Section]
    quiet: list[Quiet]
    meeting: Meeting | None


def command_picture(node: Node, book: Book) -> CommandPicture:
    """Gather the picture."""
    now = node.now()
    opened = list(dict.fromkeys(record for record, _ in book.openings(COURSES)))
    owed = sorted(_owed(node, book, opened), key=lambda each: (each.due_at, each.record, each.party))
    unread, unread_overdue = count_waiting(book, now)
    reports = [each for each in owed_reports(node, book, limit=MOST_ACCOUNTS) if "overdue" in each.states(now)]
    return CommandPicture(
        at=now, overdue=[each for each in owed if each.due_at < now], running=[each for each in owed if each.due_at >= now],
        more=max(len(opened) - MOST_MATTERS, 0), reports=reports, unread=unread, unread_overdue=unread_overdue, unopened=_unopened(book, now),
        to_approve=len(book.undelivered(["proposed"])), to_review=len(book.reviews(waiting=True)), calls=len(book.calls_open()),
        flags=book.open_flags(), sections=[each for each in sections_of(book) if each.ended is None], quiet=_quiet(node, book, now),
        meeting=_next_meeting(node, book, now),
    )  # fmt: skip


def _owed(node: Node, book: Book, opened: list[str]) -> Iterator[Owed]:
    for record in islice(opened, MOST_MATTERS):
        for matter in matters_of(node, book, record):
            yield from _clocks(matter)


def _clocks(matter: Matter) -> Iterator[Owed]:
    for clock in matter.clocks:
        if clock.met_at is None:
            yield Owed(
                record=matter.record.id, kind=matter.record.kind, clock=clock.name, party=matter.party, ours=clock.owed_by == matter.side,
                due_at=clock.due_at,
            )  # fmt: skip


def _unopened(book: Book, now: datetime) -> dict[str, int]:
    found: Counter[str] = Counter()
    for held in book.agreements():
        for since, until in overdue_since(held, now):
            found.update(book.unopened(held.agreement.table.id, until))
            found.subtract(book.unopened(held.agreement.table.id, since) if since else {})
    return {party: n for party, n in found.items() if n}


def _quiet(node: Node, book: Book, now: datetime) -> list[Quiet]:
    today = today_in(now, node.zone)
    found = []
    for told in days_told(book, today - timedelta(days=SILENCE_DAYS), today, now):
        if told.by != told.party and told.by == node.party:
            continue  # what was said to each neighbour is noted for the house as well
        over = [day for day in told.days if day.state in ("nothing", "reports", "silent")]
        last = over[-1].state if over else ""
        found.append(Quiet(section=told.section, by=told.by, silent=sum(day.state == "silent" for day in over), counted=len(over), last=last))
    return found


def _next_meeting(node: Node, book: Book, now: datetime) -> Meeting | None:
    """Return the next meeting, among the newest records of that kind: of a matter that goes on the time that was named last."""
    newest = list(dict.fromkeys(record for record, _ in book.openings(["meeting"])))[:_MEETINGS]
    found = []
    for several in book.versions_of(newest).values():
        held = next((each for each in reversed(several) if not each.withdrawn_by), None)
        if held is None or held.record.answers:
            continue
        matters = matters_of(node, book, held.record.id)
        found += [met for matter in matters if (met := _of_matter(book, matter)) is not None]
        found += [] if matters else _of_record(held)
    return min((each for each in found if each.at > now), key=lambda each: (each.at, each.record), default=None)


def _of_matter(book: Book, matter: Matter) -> Meeting | None:
    at, state = time_of(book, matter), matter.standing.state
    if at is None or state not in _AHEAD:
        return None
    return Meeting(record=matter.record.id, party=matter.party, at=at, moment=None, place=_place_in(matter.record), state=state)


def _of_record(held: RecordHeld) -> list[Meeting]:
    """Return what a record of a meeting tells that is nobody's matter yet."""
    record, party = held.record, held.received_from or held.record.party
    return [
        Meeting(record=record.id, party=party, at=claim.value.start, moment=claim.value, place=_place_in(record))
        for claim in record.claims if isinstance(claim.value, Moment) and claim.value.start is not None
    ]  # fmt: skip


def _place_in(record: Record) -> Place | None:
    return next((claim.value for claim in record.claims if isinstance(claim.value, Place)), None)

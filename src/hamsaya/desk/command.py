# SPDX-License-Identifier: Apache-2.0
"""What a commander sees on one page: what is overdue on either side, what is unanswered, how tense and how silent each section is, what comes next.

It decides nothing: every part is what its own page says. Of matters none is left out (`docket.py`): what is overdue is found however old it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hamsaya.desk.docket import Brief, docket
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.inbox import count_waiting, overdue_since
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.section_days import days_told, today_in
from hamsaya.desk.sections import Section, sections_of
from hamsaya.desk.stages import ALL, AccountClock, owed_reports
from hamsaya.facts.records import Record
from hamsaya.facts.values import Moment, Place
from hamsaya.settlement.meeting import MEETING

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
    held = docket(node, book)
    owed = sorted((each for matter in held for each in _owed(matter)), key=lambda each: (each.due_at, each.record, each.party))
    unread, unread_overdue = count_waiting(book, now)
    reports = [each for each in owed_reports(node, book, limit=ALL) if "overdue" in each.states(now)]
    return CommandPicture(
        at=now, overdue=[each for each in owed if each.due_at < now], running=[each for each in owed if each.due_at >= now],
        reports=reports, unread=unread, unread_overdue=unread_overdue, unopened=_unopened(book, now),
        to_approve=len(book.undelivered(["proposed"])), to_review=len(book.reviews(waiting=True)), calls=len(book.calls_open()),
        flags=book.open_flags(), sections=[each for each in sections_of(book) if each.ended is None], quiet=_quiet(node, book, now),
        meeting=_next_meeting(book, held, now),
    )  # fmt: skip


def _owed(matter: Brief) -> Iterator[Owed]:
    for clock in matter.owed:
        yield Owed(record=matter.record, kind=matter.kind, clock=clock.name, party=matter.party, ours=matter.owes(clock), due_at=clock.due_at)


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
    for told in days_told(book, today - timedelta(days=SILENCE_DAYS), None, now):
        if told.by != told.party and told.by == node.party:
            continue  # what was said to each neighbour is noted for the house as well
        over = [day for day in told.days if day.state in ("nothing", "reports", "silent")]
        last = over[-1].state if over else ""
        found.append(Quiet(section=told.section, by=told.by, silent=sum(day.state == "silent" for day in over), counted=len(over), last=last))
    return found


def _next_meeting(book: Book, held: list[Brief], now: datetime) -> Meeting | None:
    """Return the next meeting: of one that is a matter of both sides the time that was named last; else of the newest records that tell of one."""
    matters = [each for each in held if each.kind == MEETING.kind]
    ahead = [_of_matter(each, each.time) for each in matters if each.time is not None and each.state in _AHEAD]
    known = {each.record for each in matters}
    newest = [record for record in dict.fromkeys(record for record, _ in book.openings([MEETING.kind])) if record not in known][:_MEETINGS]
    for several in book.versions_of(newest).values():
        told = next((each for each in reversed(several) if not each.withdrawn_by), None)
        if told is not None and not told.record.answers:
            ahead += _of_record(told)
    first = min((each for each in ahead if each.at > now), key=lambda each: (each.at, each.record), default=None)
    if first is None or first.moment is not None:
        return first
    return msgspec.structs.replace(first, place=_place_in(book.versions(first.record)[-1].record))


def _of_matter(matter: Brief, at: datetime) -> Meeting:
    return Meeting(record=matter.record, party=matter.party, at=at, moment=None, place=None, state=matter.state)


def _of_record(held: RecordHeld) -> list[Meeting]:
    """Return what a record of a meeting tells that is nobody's matter yet."""
    record, party = held.record, held.received_from or held.record.party
    return [
        Meeting(record=record.id, party=party, at=claim.value.start, moment=claim.value, place=_place_in(record))
        for claim in record.claims if isinstance(claim.value, Moment) and claim.value.start is not None
    ]  # fmt: skip


def _place_in(record: Record) -> Place | None:
    return next((claim.value for claim in record.claims if isinstance(claim.value, Place)), None)

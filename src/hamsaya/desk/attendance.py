# SPDX-License-Identifier: Apache-2.0
"""Who attends a meeting: offices, which stay, and for a time the names of those who hold them (F36, law 11).

1. An office stands in what was signed about the meeting. A name is a working row of this node alone: no journal, log, record, search, export
   or backup holds it, and no neighbour is told. Whoever restores or moves a node begins without names.
2. A name ends by itself: 7 days after the time of the meeting, 30 at most, and 90 days after it was noted whatever the meeting's time is.
   From then on nobody is shown it, and the process that serves the node deletes it, so that no byte of it stays in the store's files.
3. Whoever prepares meetings notes and reads names; all others see the office, and until when a name is noted there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hamsaya.desk.docket import time_of
from hamsaya.desk.holdings import Officer
from hamsaya.desk.matters import matters_of
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import may, require
from hamsaya.desk.working import Attendee
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import as_plain, is_plain
from hamsaya.facts.values import Moment, Words
from hamsaya.facts.words import say
from hamsaya.settlement.meeting import MEETING

DAYS: Final = 7
MOST_DAYS: Final = 30
LONGEST: Final = timedelta(days=90)
MOST_OFFICES: Final = 40
LONGEST_NAME: Final = 80
LONGEST_OFFICE: Final = 120


class Attending(msgspec.Struct, frozen=True, kw_only=True):
    """An office that attends. `until` is None where no name is noted; `name` is empty there, and for whoever may not read it."""

    office: str
    name: str = ""
    until: datetime | None = None


class Attendance(msgspec.Struct, frozen=True, kw_only=True):
    """Who attends a meeting: the offices that its records name, then those at which only a name was noted."""

    meeting: str
    time: datetime | None
    """For when it stands; None where no time was named."""
    offices: list[Attending]


def attendance_of(node: Node, book: Book, officer: Officer, meeting: str) -> Attendance:
    """Return who attends, as this officer may see it. Raises `NotFound` for what is no meeting."""
    require(officer.role, "read")
    time = _time(node, book, meeting)
    noted = {each.office: each for each in book.attendees(meeting, node.now())}
    offices = list(dict.fromkeys([*_offices(book, meeting), *noted]))
    return Attendance(meeting=meeting, time=time, offices=[
        Attending(office=each, name=noted[each].name if may(officer.role, "attend") else "", until=noted[each].until) if each in noted
        else Attending(office=each) for each in offices
    ])  # fmt: skip


def note_name(node: Node, officer: Officer, meeting: str, office: str, name: str, *, days: int = DAYS) -> None:
    """Note who holds an office at a meeting, for so many days after it; an empty name takes the one there away.

    Raises `NotFound` for what is no meeting, `InputError` for a name, office or time that cannot be, `Refused` once the time is over.
    """
    require(officer.role, "attend")
    office, name, now = as_plain(office).strip(), as_plain(name).strip(), node.now()
    with node.ledger.reading() as book:
        time = _time(node, book, meeting)
        others = [each.office for each in book.attendees(meeting, now) if each.office != office]
    if not office or not is_plain(office, LONGEST_OFFICE):
        raise InputError(say("An office has 1 to {limit} letters: {came}", limit=LONGEST_OFFICE, came=office[:40] or "—"))
    if not name:
        with node.ledger.working() as work:
            work.forget_attendee(meeting, office)
        return
    if not is_plain(name, LONGEST_NAME):
        raise InputError(say("A name has at most {limit} letters.", limit=LONGEST_NAME))
    if not 1 <= days <= MOST_DAYS:
        raise InputError(say("A name stays 1 to {most} days after the meeting; this came: {came}", most=MOST_DAYS, came=days))
    if len(others) >= MOST_OFFICES:
        raise InputError(say("At most {most} names are noted at a meeting.", most=MOST_OFFICES))
    until = min((time or now) + timedelta(days=days), now + LONGEST)
    if until <= now:
        raise Refused(say("The meeting was more than {n} days ago: no name is noted any more.", n=days), rule="ended")
    with node.ledger.working() as work:
        work.note_attendee(Attendee(meeting=meeting, office=office, name=name, until=until))


def forget_ended_names(node: Node) -> None:
    """Delete the names that have ended. Asked with each round of the process that serves the node; nearly always there are none."""
    now = node.now()
    with node.ledger.reading() as book:
        ended = book.has_ended_names(now)
    if ended:
        with node.ledger.working() as work:
            work.forget_ended_names(now)


def _time(node: Node, book: Book, meeting: str) -> datetime | None:
    """Return for when a meeting stands: with whichever neighbour it is latest, or as it was filed where it has not left."""
    versions = book.versions(meeting)
    if not versions or versions[-1].record.kind != MEETING.kind:
        raise NotFound(say("There is no meeting {came}.", came=meeting[:40] or "—"), say("`hamsaya meeting list` shows them."))
    named = [time for matter in matters_of(node, book, meeting) if (time := time_of(matter)) is not None]
    filed = [each.value.start for each in versions[-1].record.claims if each.predicate == "window" and isinstance(each.value, Moment)]
    return max(named or [each for each in filed if each is not None], default=None)


def _offices(book: Book, meeting: str) -> Iterator[str]:
    """Give the offices that the records of a meeting name, as a comma separates them."""
    for held in [*book.versions(meeting)[-1:], *book.answers_to(meeting)]:
        for claim in held.record.claims:
            if claim.predicate == "attends" and isinstance(claim.value, Words):
                yield from (part.strip()[:LONGEST_OFFICE] for part in claim.value.text.replace("،", ",").split(",") if part.strip())

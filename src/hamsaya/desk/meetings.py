# SPDX-License-Identifier: Apache-2.0
"""Meetings with a neighbour: for when each stands, and the agenda of the next, gathered in one act (F32, F35).

1. First what is overdue, of either side and whatever kind, commitments before the rest; then what is open; then the incidents since the last
   meeting with that neighbour. Nothing is weighed or left out but for its length, and the rest is counted.
2. It is a proposal: an officer takes it into the invitation, or writes another (law 16).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.docket import Brief, docket
from hamsaya.desk.filters import Filter
from hamsaya.desk.incidents import view_incidents
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import Record, is_account
from hamsaya.facts.values import Moment, Words
from hamsaya.facts.words import say
from hamsaya.settlement.agenda import Agenda, Item
from hamsaya.settlement.commitment import COMMITMENT
from hamsaya.settlement.course import Course
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.meeting import MEETING
from hamsaya.settlement.patrol import PATROL

MOST: Final = 40
"""So many items; what is beyond is counted."""
_MOST_INCIDENTS: Final = 200
_MOST_ABOUT: Final = 80
_LEFT_OUT: Final = frozenset({MEETING.kind, PATROL.kind})
"""What is no item: the meeting itself, and patrols, of which many are planned and each is soon over."""


def is_closed(course: Course, state: str) -> bool:
    """Say whether nothing but opening it again leads on from there."""
    return all(move.after == state or name in ("reopen", "recall") for name, move in course.moves.items() if state in move.before)


def agenda_for(node: Node, book: Book, party: str) -> Agenda:
    """Return the agenda of a meeting with a neighbour, as things stand now. Raises `NotFound` for who is none."""
    if not any(each.card.party == party and not each.own for each in book.parties()):
        raise NotFound(say("There is no neighbour {came} here.", came=party[:40] or "—"), say("A meeting is held with a neighbour."))
    held = [each for each in docket(node, book) if each.party == party]
    meetings = [each for each in held if each.kind == MEETING.kind]
    since = max((each.time or each.last_at for each in meetings if each.state == "held"), default=None)
    now = node.now()
    matters = [_item(node, each, now) for each in held if each.kind not in _LEFT_OUT and not is_closed(COURSES[each.kind], each.state)]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    matters.sort(key=lambda each: (each.part != "overdue", each.kind != COMMITMENT.kind, each.due_at or far, each.name))
    items = [*matters, *_incidents(book, party, since)]
    return Agenda(party=party, since=since, items=_with_words(book, items[:MOST]), more=max(0, len(items) - MOST))


def _item(node: Node, matter: Brief, now: datetime) -> Item:
    first = matter.owed[0] if matter.owed else None
    return Item(
        part="overdue" if matter.is_late(now) else "open", name=matter.record, kind=matter.kind, state=matter.state,
        clock=first.name if first else "", owed_by=(node.party if matter.owes(first) else matter.party) if first else "",
        due_at=first.due_at if first else None,
    )  # fmt: skip


def _with_words(book: Book, items: Sequence[Item]) -> list[Item]:
    """Return the items, those of matters with the beginning of what they say."""
    versions = book.versions_of([each.name for each in items if each.kind])
    return [msgspec.structs.replace(each, about=_about(versions[each.name][-1].record)) if each.kind else each for each in items]


def _about(record: Record) -> str:
    """Return the beginning of what a record says in words."""
    said = [each.value.text for each in record.claims if each.predicate in ("concerns", "statement") and isinstance(each.value, Words)]
    text = " ".join(next(iter(said), "").split())
    return text if len(text) <= _MOST_ABOUT else text[: _MOST_ABOUT - 1].rstrip() + "…"


def _incidents(book: Book, party: str, since: datetime | None) -> list[Item]:
    """Return the incidents since then of which both hold an account, or one has the other's, newest first."""
    found = []
    for name, held in view_incidents(book, Filter(since=since), limit=_MOST_INCIDENTS).rows:
        accounts = [each for each in held if is_account(each.record)]
        if any(each.received_from == party or _went_to(book, each.record, party) for each in accounts):
            found.append(Item(part="incident", name=name, kind="", happened=_day([each.record for each in accounts])))
    return found


def _went_to(book: Book, record: Record, party: str) -> bool:
    return any(each.log and each.receiver == party for each in book.releases_of(record.id))


def _day(records: Sequence[Record]) -> str:
    times = [claim.value.start for record in records for claim in record.claims if claim.predicate == "occurred" and isinstance(claim.value, Moment)]
    return min((f"{each:%Y-%m-%d}" for each in times if each is not None), default="")

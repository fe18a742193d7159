# SPDX-License-Identifier: Apache-2.0
"""Every matter in brief, the one that is due first in front: what lists, the commander's page, the agenda and `doctor` count and choose from.

None is left out, so that nothing overdue stands behind a cut; what a list shows of a matter beyond this is read for the rows it shows. The order
does not hang on the hour: what is due first stands first, overdue or not, then what waits for nothing, the newest first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from hamsaya.desk.matters import Matter, matters_held, matters_in
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.sheets import SHEET, Sheet, read_cursor, sheet_of, within
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.values import Moment
from hamsaya.seal.canonical import read_again
from hamsaya.settlement.course import Running
from hamsaya.settlement.escalation import Ladder
from hamsaya.settlement.meeting import MEETING

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = 10**17
Key = tuple[int, int, str, str]


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """A matter between this node and one neighbour: how it stands, and what is owed in it."""

    record: str
    kind: str
    party: str
    """The neighbour."""
    ours: bool
    """True where this node opened it."""
    state: str
    exercise: bool
    opened_at: datetime
    last_at: datetime
    """When the last step that counted was signed."""
    owed: list[Running]
    """The clocks that run, the one that is due first in front."""
    ladder: Ladder
    time: datetime | None
    """Of a meeting: for when it stands."""

    @property
    def due_at(self) -> datetime | None:
        """Return when the first thing that is owed in it is due."""
        return self.owed[0].due_at if self.owed else None

    def is_late(self, now: datetime) -> bool:
        """Say whether something in it is overdue."""
        return bool(self.owed) and self.owed[0].late_s(now) > 0

    def owes(self, clock: Running) -> bool:
        """Say whether this node owes what a clock of it asks."""
        return (clock.owed_by == "opener") == self.ours

    @property
    def key(self) -> Key:
        """Return its place in the docket."""
        due = self.due_at
        return (_micros(due) if due else _NEVER, -_micros(self.opened_at), self.record, self.party)


def docket(node: Node, book: Book, kinds: Collection[str] = ()) -> list[Brief]:
    """Return all matters in brief, or those of these kinds, each as it stands with every neighbour: what is due first in front.

    It is gathered once, and again after an act that may change how a matter stands.
    """
    every = book.gathered("docket", lambda: sorted((_brief(each) for each in matters_held(node, book)), key=lambda each: each.key))
    return [each for each in every if each.kind in kinds] if kinds else list(every)


class Docketed(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet of a docket with its matters in full; `late` and `all` count those on every sheet."""

    matters: list[Matter]
    late: int
    all: int
    next: str
    """The cursor of the sheet that follows; empty for the last."""


def docketed(node: Node, book: Book, kinds: Collection[str] = (), after: str = "") -> Docketed:
    """Return the matters of the sheet after `after`, or of the first, of all kinds or of these. Raises `InputError` for a bad cursor."""
    listed = docket(node, book, kinds)
    sheet = docket_page(listed, after)
    found = {(each.record.id, each.party): each for each in matters_in(node, book, [each.record for each in sheet.rows])}
    now = node.now()
    return Docketed(
        matters=[found[each.record, each.party] for each in sheet.rows], late=sum(1 for each in listed if each.is_late(now)), all=len(listed),
        next=sheet.next,
    )  # fmt: skip


def docket_page(listed: Sequence[Brief], after: str = "", limit: int = SHEET) -> Sheet[Brief]:
    """Return the sheet after `after` of a docket. Raises `InputError` for a bad cursor."""
    place = read_cursor(after, int, int, str, str)
    first = bisect_right(listed, tuple(place), key=lambda each: each.key) if place is not None else 0
    return sheet_of(list(listed[first : first + within(limit) + 1]), limit, lambda each: each.key)


def time_of(matter: Matter) -> datetime | None:
    """Return for when a meeting stands: the time named last by a step that counted, as it left. None where none was named."""
    named = None
    for told in matter.standing.steps:
        content = matter.contents.get(told.step.entry)
        if told.counted and content is not None:
            found = [each.value for each in read_again(content, ReleasedRecord).record.claims if each.predicate == "window"]
            named = next((each.start for each in found if isinstance(each, Moment) and each.start), named)
    return named


def _brief(matter: Matter) -> Brief:
    owed = sorted((each for each in matter.clocks if each.met_at is None), key=lambda each: (each.due_at, each.name))
    return Brief(
        record=matter.record.id, kind=matter.record.kind, party=matter.party, ours=matter.ours, state=matter.standing.state,
        exercise=matter.record.exercise, opened_at=matter.standing.steps[0].step.at, last_at=matter.standing.last.at, owed=owed, ladder=matter.ladder,
        time=time_of(matter) if matter.record.kind == MEETING.kind else None,
    )  # fmt: skip


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)

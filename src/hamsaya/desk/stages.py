# SPDX-License-Identifier: Apache-2.0
"""Which report on an account is due, overdue, or came late, by us and by each neighbour: the same on both desks (F24).

    running ──the report is released──▶ came
       └──its time is past──▶ overdue ──the report is released──▶ came late, and stays so

- A stage has come at the neighbour once a version with it, or with a later one, was released there and stands; the time on the signed entry
  counts. What is released in another order changes nothing: the highest version there says how far the account is.
- Where a later version goes back a stage, that stage is owed again, by the same time as before. A correction of a final report starts no clock.
- A recall neither starts the clock anew nor stops it while another version stands there. Nothing runs for an account of which nothing stands
  there any more, or whose content was erased, for an attributed one, or for one that its author closed as "did not happen".
- Each neighbour has a clock of its own. Where an account went under several agreements, the shorter time holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from hamsaya.agreement.report_clocks import asks_reports, reports_due
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.stages_held import StageSent
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.stages import FOLLOWING, rank

ReportState = Literal["running", "overdue", "stands still", "came", "came late"]
ALL: Final = 1_000_000
MOST: Final = 5_000
"""So many releases of ours and received accounts are looked at for the page, the newest first."""


class ReportClock(msgspec.Struct, frozen=True, kw_only=True):
    """One report that follows the first: by when it is due, None where its clock stands still, and when it came."""

    stage: str
    due: datetime | None
    came_at: datetime | None

    def state(self, now: datetime) -> ReportState:
        """Return how it stands."""
        if self.came_at is not None:
            return "came late" if self.due is not None and self.came_at > self.due else "came"
        if self.due is None:
            return "stands still"
        return "overdue" if now > self.due else "running"


class AccountClock(msgspec.Struct, frozen=True, kw_only=True):
    """An account between its author and one neighbour: how far it has come there, and the clocks of what follows."""

    record: str
    incident: str
    party: str
    """The neighbour."""
    ours: bool
    """Whether this node owes the reports."""
    version: int
    """The latest version that stands there."""
    stage: str
    first_at: datetime
    """When the first version was let go."""
    reports: list[ReportClock]

    def states(self, now: datetime) -> set[ReportState]:
        """Return how its reports stand."""
        return {report.state(now) for report in self.reports}

    @property
    def next_due(self) -> datetime | None:
        """Return the earliest time by which a report is due that has not come."""
        return min((report.due for report in self.reports if report.due is not None and report.came_at is None), default=None)


def clocks_of(node: Node, book: Book, record: str) -> list[AccountClock]:
    """Return the clocks of one account with each neighbour; empty where none runs."""
    return _clocks(book, book.stages_sent(record=record), node.now())


def owed_reports(node: Node, book: Book, *, done: bool = False, limit: int = MOST) -> list[AccountClock]:
    """Return the accounts of which a report is owed, by us or a neighbour, the one that is due first in front.

    With `done` also those of which every report has come.
    """
    if not any(asks_reports(held.history) for held in book.agreements()):
        return []
    now = node.now()
    found = _clocks(book, book.stages_sent(limit=limit, done=done), now)
    owed = [clock for clock in found if done or any(report.came_at is None for report in clock.reports)]
    return sorted(owed, key=lambda clock: (clock.next_due is None, clock.next_due or clock.first_at, clock.record, clock.party))


def reports_before(book: Book, end: datetime) -> list[AccountClock]:
    """Return the clocks of all accounts that were released before a time, as they stood at that time."""
    return _clocks(book, book.stages_sent(before=end), end)


def count_overdue(node: Node, book: Book, *, limit: int) -> tuple[int, int]:
    """Return of how many accounts a report of ours is overdue, and of how many one of a neighbour."""
    now = node.now()
    overdue = [clock.ours for clock in owed_reports(node, book, limit=limit) if "overdue" in clock.states(now)]
    return sum(overdue), len(overdue) - sum(overdue)


def _clocks(book: Book, sent: Iterable[StageSent], now: datetime) -> list[AccountClock]:
    agreements = {held.agreement.table.id: held for held in book.agreements()}
    erased = {(each.record, each.log) for each in book.erasures()}
    by_link: dict[tuple[str, str, bool], list[StageSent]] = {}
    for each in sent:
        by_link.setdefault((each.record, each.party, each.ours), []).append(each)
    clocks = []
    for entries in by_link.values():
        gone = any((each.record, each.log) in erased for each in entries)
        clock = None if gone else _clock(entries, agreements, now)
        if clock is not None and clock.reports:
            clocks.append(clock)
    return clocks


def _clock(entries: Sequence[StageSent], agreements: dict[str, AgreementHeld], now: datetime) -> AccountClock | None:
    there = sorted((each for each in entries if each.stands), key=lambda each: each.version)
    if not there or not all(each.stage for each in there):
        return None
    last = there[-1]
    return AccountClock(
        record=last.record, incident=last.incident, party=last.party, ours=last.ours, version=last.version, stage=last.stage,
        first_at=min(each.at for each in entries),
        reports=[
            ReportClock(stage=stage, due=due, came_at=came_at(there, stage)) for stage, due in _due(entries, agreements, now).items()
        ],
    )  # fmt: skip


def _due(entries: Sequence[StageSent], agreements: dict[str, AgreementHeld], now: datetime) -> dict[str, datetime | None]:
    """Return by stage the earliest time that any agreement sets, in the order of the stages."""
    first: dict[str, datetime] = {}
    for each in entries:
        name = parse_log(each.log)
        if name is not None and name.agreement in agreements:
            first[name.agreement] = min(each.at, first.get(name.agreement, each.at))
    found: dict[str, list[datetime | None]] = {}
    for agreement, at in first.items():
        for stage, due in reports_due(agreements[agreement].history, at, now).by.items():
            found.setdefault(stage, []).append(due)
    return {stage: min((due for due in found[stage] if due is not None), default=None) for stage in FOLLOWING if stage in found}


def came_at(there: Sequence[StageSent], stage: str) -> datetime | None:
    """Return when the stage came that the latest version there has: of the versions up to it without a lower one between, the first that left."""
    came: datetime | None = None
    for each in reversed(there):
        if rank(each.stage) < rank(stage):
            break
        came = each.at if came is None else min(came, each.at)
    return came

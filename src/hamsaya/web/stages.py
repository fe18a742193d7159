# SPDX-License-Identifier: Apache-2.0
"""How far an account has come, what its versions changed and why, and by when the next report is due: as pages and prints show it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.accounts.happened import Happened
from hamsaya.desk.stages import AccountClock, ReportClock
from hamsaya.facts.claims import CODES, PREDICATES
from hamsaya.facts.records import Record, stage_of
from hamsaya.facts.stages import CLOSED, OF_HANDLING, OF_OTHERS, OF_STAGE, STAGES, Change
from hamsaya.facts.values import Coded
from hamsaya.facts.words import Text, say
from hamsaya.web.labels import FIELD_STATES, HANDLING_LEVELS, Badge, badge, label
from hamsaya.web.paths import path_to

STAGE_BADGES: Final[dict[str, Badge]] = {
    "initial": Badge(STAGES["initial"], "plain", say("The first that its author says; a formal report follows where it was agreed.")),
    "formal": Badge(STAGES["formal"], "info", say("Its author has looked into it; a final report follows where it was agreed.")),
    "final": Badge(STAGES["final"], "good", say("Its author's last word, unless it is corrected.")),
    CLOSED: Badge(STAGES[CLOSED], "warn", say("Its author says that nothing of the kind happened. The other side's account stays as it is.")),
}
REPORT_STATES: Final[dict[str, Badge]] = {
    "running": Badge(say("due"), "info"),
    "overdue": Badge(say("overdue"), "bad"),
    "stands still": Badge(say("clock stands still"), "warn", say("Its agreement is not in force then: nothing may leave, and no time runs.")),
    "came": Badge(say("came in time"), "good"),
    "came late": Badge(say("came late"), "bad"),
}
_FIELDS: Final[dict[str, Text]] = {OF_STAGE: say("Stage"), OF_HANDLING: say("Handling"), OF_OTHERS: say("Other facts")}


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one version says otherwise: was, now, because, by which office, when."""

    field: Text
    group: Coded | None
    was: list[Text]
    now: list[Text]
    reason: str
    office: str
    at: datetime
    version: int


class HappenedRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who says whether it happened, by record, and how that compares between the sides."""

    badge: Badge
    state: str
    said: dict[str, Text]


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report that follows: how it stands, and the seconds left, below 0 where it is overdue; None where no clock runs any more."""

    stage: Text
    report: ReportClock
    badge: Badge
    left_s: float | None


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account with the clocks of what follows, for one neighbour."""

    clock: AccountClock
    party: str
    badge: Badge
    overdue: bool
    reports: list[ReportRow]
    href: str
    incident_href: str


def stage_badge(record: Record) -> Badge | None:
    """Return the badge of an account's stage; None for what has none."""
    stage = stage_of(record)
    return badge(STAGE_BADGES, stage) if stage else None


def happened_row(found: Happened | None) -> HappenedRow | None:
    """Return what the accounts say of whether it happened; None where none was closed."""
    if found is None:
        return None
    said = dict.fromkeys(found.so, say("It happened.")) | dict.fromkeys(found.not_so, say("It did not happen."))
    return HappenedRow(badge=badge(FIELD_STATES, found.state), state=found.state, said=said)


def change_rows(changes: Iterable[Change]) -> list[ChangeRow]:
    """Return the changes in words."""
    return [
        ChangeRow(
            field=_label(change), group=_group(change), was=[_word(change, code) for code in change.was],
            now=[_word(change, code) for code in change.now], reason=change.reason, office=change.office, at=change.at, version=change.version,
        )
        for change in changes
    ]  # fmt: skip


def clock_row(clock: AccountClock, party: str, now: datetime) -> ClockRow:
    """Return an account's clocks in words; `party` is the neighbour's name."""
    return ClockRow(
        clock=clock, party=party, badge=badge(STAGE_BADGES, clock.stage), overdue="overdue" in clock.states(now),
        reports=[_report(report, now) for report in clock.reports], href=path_to("records", clock.record),
        incident_href=path_to("incidents", clock.incident) if clock.incident else "",
    )  # fmt: skip


def _report(report: ReportClock, now: datetime) -> ReportRow:
    left = (report.due - now).total_seconds() if report.due is not None and report.came_at is None else None
    return ReportRow(stage=label(STAGES, report.stage), report=report, badge=badge(REPORT_STATES, report.state(now)), left_s=left)


def _label(change: Change) -> Text:
    known = PREDICATES.get(change.predicate)
    return _FIELDS.get(change.predicate) or (known.label if known else Text(change.field))


def _group(change: Change) -> Coded | None:
    _, _, group = change.field.partition(":")
    code, _, country = group.partition("@")
    return Coded(code=code, country=country) if code else None


def _word(change: Change, code: str) -> Text:
    return label({OF_STAGE: STAGES, OF_HANDLING: HANDLING_LEVELS}.get(change.field, CODES), code)

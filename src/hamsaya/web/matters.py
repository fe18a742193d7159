# SPDX-License-Identifier: Apache-2.0
"""How a matter stands, in words: its clocks, and how high what is overdue has gone. Shown on its page, in lists and in the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from hamsaya.desk.matters import Matter
from hamsaya.facts.words import Language, Text
from hamsaya.settlement import asking
from hamsaya.settlement.course import Running
from hamsaya.settlement.escalation import Level, Rung
from hamsaya.settlement.minutes import SIGNED_TEXTS
from hamsaya.web.labels import Badge
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Visit


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """A clock in words. `left_s` is None once it was met; `late_s` is how late it was met, 0 for in time."""

    label: Text
    ours: bool
    """True where this node owes it."""
    due: datetime
    left_s: float | None
    late_s: float
    reached: Text | None
    """How high it had gone when it was met late."""


class LevelRow(msgspec.Struct, frozen=True, kw_only=True):
    """How high what is overdue has gone: every level by name, and the one at which it stands, from 0."""

    name: Text
    rungs: list[Text]
    number: int
    since: datetime
    next_at: datetime | None
    next_name: Text | None
    offices: list[tuple[str, str]]
    """Who speaks at that level: party and office, where the agreement says."""


class MatterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A matter with one neighbour, in words."""

    matter: Matter
    kind: Text
    party: str
    badge: Badge
    late: bool
    clocks: list[ClockRow]
    level: LevelRow | None
    href: str


def matter_row(matter: Matter, names: Mapping[str, str], visit: Visit) -> MatterRow:
    """Return a matter in words; `names` are those of the parties."""
    state, language, now = matter.course.states[matter.standing.state], visit.language, visit.now
    return MatterRow(
        matter=matter, kind=matter.course.label, party=names.get(matter.party, matter.party), badge=Badge(state.label, state.tone, state.meaning),
        late=any(is_late(each, now) for each in matter.clocks), clocks=[_clock(matter, each, language, now) for each in matter.clocks],
        level=level_row(matter, names, language, now), href=href_of(matter.record.kind, matter.record.id),
    )  # fmt: skip


def level_row(matter: Matter, names: Mapping[str, str], language: Language, now: datetime) -> LevelRow | None:
    """Return how high it has gone, in words; None where nothing is overdue, or the agreement has no ladder."""
    level = matter.level(now)
    if level is None:
        return None
    rungs = [_called(each, language) for each in matter.ladder.rungs]
    return LevelRow(
        name=rungs[level.number], rungs=rungs, number=level.number, since=level.since, next_at=level.next_at,
        next_name=rungs[level.number + 1] if level.next_at else None,
        offices=[(names.get(party, party), office) for party, office in sorted(level.rung.offices.items())],
    )  # fmt: skip


def is_late(clock: Running, now: datetime) -> bool:
    """Say whether it runs and its time has run out."""
    return clock.met_at is None and clock.late_s(now) > 0


def href_of(kind: str, record: str) -> str:
    """Return where a matter of this kind is shown."""
    return path_to("findings" if kind in SIGNED_TEXTS else "requests" if kind in asking.COURSES else "matters", record)


def _clock(matter: Matter, clock: Running, language: Language, now: datetime) -> ClockRow:
    late = clock.late_s(now)
    level: Level | None = matter.ladder.level(clock, now) if clock.met_at else None
    return ClockRow(
        label=matter.course.clocks[clock.name].label, ours=clock.owed_by == matter.side, due=clock.due_at,
        left_s=-late if clock.met_at is None else None, late_s=max(0.0, late) if clock.met_at else 0.0,
        reached=_called(level.rung, language) if level else None,
    )  # fmt: skip


def _called(rung: Rung, language: Language) -> Text:
    words = rung.called.get(language)
    return Text("{name}", {"name": words}) if words else rung.name

# SPDX-License-Identifier: Apache-2.0
"""The commander's page: what is overdue, unanswered, tense and silent, and what comes next; made to be printed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.command import CommandPicture, Meeting, Owed, Quiet, command_picture
from hamsaya.desk.sections import Section
from hamsaya.facts.words import Text
from hamsaya.settlement.courses import COURSES
from hamsaya.web.data import builtins
from hamsaya.web.labels import Badge
from hamsaya.web.names import party_names
from hamsaya.web.pages.sections import DAY_BADGES, LEVEL_BADGES
from hamsaya.web.paths import path_to
from hamsaya.web.stages import ClockRow, clock_row
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit

SHOWN: Final = 25
"""So many rows of each list: what is due first."""


class OwedRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something owed, in words."""

    owed: Owed
    kind: Text
    clock: Text
    party: str
    left_s: float
    href: str


class QuietRow(msgspec.Struct, frozen=True, kw_only=True):
    """How silent a side was about a section."""

    quiet: Quiet
    party: str
    badge: Badge | None


class SectionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A section: its level where this node has one, and every side's words."""

    section: str
    own: Section | None
    badge: Badge | None
    quiet: list[QuietRow]


class CommandView(msgspec.Struct, frozen=True, kw_only=True):
    """What command.html receives."""

    picture: CommandPicture
    ours: list[OwedRow]
    theirs: list[OwedRow]
    running: list[OwedRow]
    hidden: int
    reports: list[ClockRow]
    unopened: dict[str, int]
    sections: list[SectionRow]
    meeting: Meeting | None
    meeting_party: str
    meeting_state: Badge | None
    now: datetime


def show_command(desk: Desk, visit: Visit) -> Answer:
    """Show the picture."""
    with desk.node.ledger.reading() as book:
        picture = command_picture(desk.node, book)
        names = party_names(book, visit.language)
    overdue = [_row(each, names, visit) for each in picture.overdue]
    ours, theirs = [row for row in overdue if row.owed.ours], [row for row in overdue if not row.owed.ours]
    running = [_row(each, names, visit) for each in picture.running]
    view = CommandView(
        picture=picture, ours=ours[:SHOWN], theirs=theirs[:SHOWN], running=running[:SHOWN],
        hidden=sum(max(len(rows) - SHOWN, 0) for rows in (ours, theirs, running)),
        reports=[clock_row(each, names.get(each.party, each.party), visit.now) for each in picture.reports[:SHOWN]],
        unopened={names.get(party, party): n for party, n in picture.unopened.items()}, sections=_sections(picture, names),
        meeting=picture.meeting, meeting_party=names.get(picture.meeting.party, picture.meeting.party) if picture.meeting else "",
        meeting_state=_state(picture.meeting), now=visit.now,
    )  # fmt: skip
    return Page(template="command.html", view=view, data=lambda: builtins(picture))


def _row(owed: Owed, names: dict[str, str], visit: Visit) -> OwedRow:
    course = COURSES[owed.kind]
    return OwedRow(
        owed=owed, kind=course.label, clock=course.clocks[owed.clock].label, party=names.get(owed.party, owed.party),
        left_s=(owed.due_at - visit.now).total_seconds(), href=path_to("matters", owed.record),
    )  # fmt: skip


def _sections(picture: CommandPicture, names: dict[str, str]) -> list[SectionRow]:
    own = {each.held.section: each for each in picture.sections}
    codes = [*own, *sorted({each.section for each in picture.quiet} - set(own))]
    return [
        SectionRow(
            section=code, own=own.get(code), badge=_level(own.get(code)),
            quiet=[
                QuietRow(quiet=each, party=names.get(each.by, each.by), badge=DAY_BADGES[each.last] if each.last else None)
                for each in picture.quiet if each.section == code
            ],
        )
        for code in codes
    ]  # fmt: skip


def _state(meeting: Meeting | None) -> Badge | None:
    state = COURSES["meeting"].states.get(meeting.state) if meeting is not None else None
    return Badge(state.label, state.tone, state.meaning) if state is not None else None


def _level(section: Section | None) -> Badge | None:
    return LEVEL_BADGES[section.level.level] if section is not None and section.level is not None else None


ROUTES = [Route("GET", "/command", "read", show_command)]

# SPDX-License-Identifier: Apache-2.0
"""Sections of the border: naming them, saying daily how quiet each was (F73), and setting how tense each is (F51).

1. A section is a named stretch of this node's own list. A commander defines it, changes and ends it; every definition stays to be seen.
2. Of each day an officer says for each section: nothing to report, or that there are reports. That is a protocol act without words: it goes to
   the neighbours, and both nodes keep it. What there is to report leaves as releases, or not at all.
3. A day of which an account of our own tells an incident in the section is no quiet day: `nothing` is refused. The node can only tell where
   the section has a line and the account a place; else the officer alone knows.
4. Each of the two words is said once a day; from `nothing` a day can go on to `reports`, never back (`settlement/daily.py`).
5. A level is set with a reason and stays in the history. It is the node's own and leaves only as a notice that an officer files and two release,
   since its reason is words (decision 26).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from hamsaya.agreement.asked import MIN_NECESSITY_WORDS
from hamsaya.desk.acts_sections import SectionDefined, SectionEnded, SectionLevelSet
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.section_days import reports_on, today_in
from hamsaya.desk.section_lines import line_of
from hamsaya.desk.sections_held import DaySaidHeld, LevelHeld, SectionHeld
from hamsaya.desk.sections_told import begin, over_for, say_word, told_of
from hamsaya.desk.stale import Stale
from hamsaya.exchange.sections import is_section
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import MAX_TEXT, as_plain, is_plain
from hamsaya.facts.words import Text, say
from hamsaya.settlement.daily import LATEST_DAYS

LEVELS: Final[dict[str, Text]] = {"low": say("low"), "medium": say("medium"), "high": say("high"), "critical": say("critical")}
"""How tense a section is, from the least."""
REACH_KM: Final = 25
_MOST_KM: Final = 500
_LONGEST_NAME: Final = 80
_MOST: Final = 200


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A section of this node as it is defined now. `level` is None while nobody has set one."""

    held: SectionHeld
    began: datetime
    """When daily words began, the last time they did."""
    ended: SectionHeld | None
    level: LevelHeld | None


def sections_of(book: Book) -> list[Section]:
    """Return the sections of this node, those that go on first, by name."""
    by_name: dict[str, list[SectionHeld]] = {}
    for each in book.section_definitions():
        by_name.setdefault(each.section, []).append(each)
    levels = {each.section: each for each in book.section_levels()}
    found = [_section(several, levels.get(name)) for name, several in by_name.items()]
    return sorted(found, key=lambda each: (each.ended is not None, each.held.section))


def section_of(book: Book, section: str) -> Section:
    """Return one section of this node. Raises `NotFound`."""
    several = book.section_definitions(section) if section else []
    if not several:
        raise NotFound(say("This node has no section {came}.", came=section[:40] or "—"), say("`hamsaya section list` names them."))
    levels = book.section_levels(section)
    return _section(several, levels[-1] if levels else None)


def _section(several: Sequence[SectionHeld], level: LevelHeld | None) -> Section:
    began = several[0].at
    for before, after in pairwise(several):
        began = after.at if before.ended else began
    last = several[-1]
    return Section(held=next(each for each in reversed(several) if not each.ended), began=began, ended=last if last.ended else None, level=level)


def define_section(
    node: Node, officer: Officer, section: str, name: str, *, points: str = "", line: str = "", km: str = "", reach_km: int = REACH_KM,
    neighbours: Sequence[str] = (),
) -> Section:  # fmt: skip
    """Name a stretch of the border, or change what is known of it; neighbours learn that its days are told from today on, by its short name.

    `points` are its points as `lon,lat lon,lat`; or `line` is the id of a line of this node and `km` from where to where along it, as `10-60`.
    Raises `InputError` for what is not in form, and `Stale` where it was ended today.
    """
    require(officer.role, "assess")
    name = as_plain(name).strip()
    if not is_section(section):
        raise InputError(say("A section has a short name of 2 to 24 small letters, digits and dashes, such as {example}.", example="mirjaveh"))
    if not name or not is_plain(name, _LONGEST_NAME):
        raise InputError(say("Name the section in at most {n} letters.", n=_LONGEST_NAME))
    if not 1 <= reach_km <= _MOST_KM:
        raise InputError(say("How far from its line something counts as in it is told in whole kilometres, from 1 to {n}.", n=_MOST_KM))
    path, of_line = line_of(node, points, line, km)
    with node.ledger.writing() as pen:
        known = {each.card.party for each in pen.parties() if not each.own}
        unknown = [each for each in neighbours if each not in known]
        if unknown:
            raise NotFound(say("{party} is no neighbour of this node.", party=unknown[0][:40]))
        before = pen.section_definitions(section)
        today = today_in(node.now(), node.zone)
        if before and before[-1].ended and today_in(before[-1].at, node.zone) == today:
            raise Stale(say("This section was ended today; it can begin again tomorrow."), by=before[-1].office, at=before[-1].at)
        if not before and len(sections_of(pen)) >= _MOST:
            raise InputError(say("A node has at most {n} sections.", n=_MOST))
        pen.journal(
            SectionDefined(section=section, name=name, path=path, line=of_line, reach_km=reach_km, neighbours=sorted(set(neighbours))), officer
        )  # fmt: skip
        made = section_of(pen, section)
        if not before or before[-1].ended:
            say_word(node, pen, officer, section, today, "begins", told_of(node, pen, made.held))
        else:
            begin(node, pen, officer, section, told_of(node, pen, made.held))
        if gone := over_for(node, pen).get(section):
            say_word(node, pen, officer, section, today, "ends", gone)
        return made


def end_section(node: Node, officer: Officer, section: str) -> Section:
    """End a section: from today on nothing is said of it. What was said stays. Raises `NotFound`, and `Stale` where it was ended before."""
    require(officer.role, "assess")
    with node.ledger.writing() as pen:
        _going_on(pen, section)
        pen.journal(SectionEnded(section=section), officer)
        say_word(node, pen, officer, section, today_in(node.now(), node.zone), "ends", over_for(node, pen).get(section, []))
        return section_of(pen, section)


def say_day(node: Node, officer: Officer, section: str, day: date | None = None, *, reports: bool = False) -> list[DaySaidHeld]:
    """Say how a day of a section was, today if none is given: nothing to report, or that there are reports. Returns what is said of it now.

    Neighbours whose link is held are told when it is said once more. Raises `InputError` for a day that has not begun, or is too long ago,
    `Refused` for `nothing` where an account of our own tells otherwise, and `Stale` where it was said before.
    """
    require(officer.role, "propose")
    with node.ledger.writing() as pen:
        found = _going_on(pen, section)
        today = today_in(node.now(), node.zone)
        day = day or today
        if not timedelta(0) <= today - day <= timedelta(days=LATEST_DAYS):
            raise InputError(say("A daily word is said of a day that has begun, and at most {n} days later.", n=LATEST_DAYS))
        if day < today_in(found.began, node.zone):
            raise InputError(say("Nothing is said of days before the section was named."))
        told = reports_on(node, pen, found.held, day)
        if told and not reports:
            raise Refused(
                say("It was no quiet day: {list}.", list=", ".join(each.record.id for each in told[:5])),
                say("Say that there are reports; which of them leave is decided for each."), rule="reports",
            )  # fmt: skip
        parties = told_of(node, pen, found.held)
        _check_new(node, pen, section, day, parties, reports=reports)
        say_word(node, pen, officer, section, day, "reports" if reports else "nothing", parties)
        return [each for each in pen.section_days(section=section) if (each.by, each.day) == (node.party, day.isoformat())]


def _check_new(node: Node, pen: Pen, section: str, day: date, parties: Sequence[str], *, reports: bool) -> None:
    """Raise `Stale` where that was said before, to everybody who is told; or where more was said."""
    said = [each for each in pen.section_days(section=section) if (each.by, each.day) == (node.party, day.isoformat())]
    more = next((each for each in said if each.said == "reports"), None)
    if more is not None and not reports:
        raise Stale(say("It was said before that there are reports."), by=more.office, at=more.at)
    same = [each for each in said if each.said == ("reports" if reports else "nothing")]
    if same and set(parties) <= {each.party for each in same}:
        raise Stale(say("That was said before."), by=same[0].office, at=same[0].at)


def set_level(node: Node, officer: Officer, section: str, level: str, reason: str) -> Section:
    """Set how tense a section is, with the reason, which stays to be seen. Raises `InputError` for an unknown level or no reason."""
    require(officer.role, "assess")
    reason = as_plain(reason).strip()
    if level not in LEVELS:
        raise InputError(say("A level is one of these: {known}. This came: {came}", known=", ".join(LEVELS), came=level[:40] or "—"))
    if len(reason.split()) < MIN_NECESSITY_WORDS or not is_plain(reason, MAX_TEXT):
        raise InputError(say("Say in a sentence of at least {n} words why: it stays to be seen.", n=MIN_NECESSITY_WORDS))
    with node.ledger.writing() as pen:
        _going_on(pen, section)
        pen.journal(SectionLevelSet(section=section, level=level, reason=reason), officer)
        return section_of(pen, section)


def blocking(node: Node, book: Book, section: Section, day: date) -> list[RecordHeld]:
    """Return the accounts of our own by which a day is no quiet one."""
    return reports_on(node, book, section.held, day)


def _going_on(book: Book, section: str) -> Section:
    found = section_of(book, section)
    if found.ended is not None:
        raise Stale(say("This section was ended."), by=found.ended.office, at=found.ended.at)
    return found

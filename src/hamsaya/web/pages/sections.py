# SPDX-License-Identifier: Apache-2.0
"""Sections of the border: how each of the last days was by every side's own word, how tense each is, and saying so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from hamsaya.desk.filters import read_day
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.section_days import SectionDays, days_told, today_in
from hamsaya.desk.sections import LEVELS, REACH_KM, Section, blocking, define_section, end_section, say_day, sections_of, set_level
from hamsaya.desk.sections_held import LevelHeld, SectionHeld
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.words import Text, say
from hamsaya.settlement.daily import LATEST_DAYS, Day
from hamsaya.web.data import builtins
from hamsaya.web.labels import Badge
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

SHOWN_DAYS: Final = 14
LONG_DAYS: Final = 42
LEVEL_BADGES: Final[dict[str, Badge]] = {
    level: Badge(label, tone) for (level, label), tone in zip(LEVELS.items(), ("good", "info", "warn", "bad"), strict=True)
}
DAY_BADGES: Final[dict[str, Badge]] = {
    "nothing": Badge(say("nothing to report"), "good"),
    "reports": Badge(say("there are reports"), "warn"),
    "silent": Badge(say("silence: nothing was said of this day"), "bad"),
    "open": Badge(say("the day is not over"), "plain"),
    "uncounted": Badge(say("no daily word is due"), "plain"),
}


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """One side's word on the days of a section."""

    party: str
    own: bool
    days: list[Day]
    silent: int


class SectionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A section by its short name: as this node defines it, where it does, and what every side says of its days."""

    section: str
    own: Section | None
    badge: Badge | None
    voices: list[Voice]
    to_say: list[date]
    """Days of which an officer of this node can say something still, the one that is due first in front."""
    blocking: list[RecordHeld]
    """Accounts of our own by which that first day is no quiet one."""
    href: str


class SectionsView(msgspec.Struct, frozen=True, kw_only=True):
    """What sections.html receives."""

    rows: list[SectionRow]
    signs: dict[str, Badge]
    levels: dict[str, Text]
    lines: dict[str, str]
    reach_km: int
    neighbours: dict[str, str]


class LevelRow(msgspec.Struct, frozen=True, kw_only=True):
    """A level in words."""

    held: LevelHeld
    badge: Badge


class SectionView(msgspec.Struct, frozen=True, kw_only=True):
    """What section.html receives: one section, its levels and definitions, the newest first."""

    row: SectionRow
    signs: dict[str, Badge]
    level_names: dict[str, Text]
    levels: list[LevelRow]
    definitions: list[SectionHeld]


def list_sections(desk: Desk, visit: Visit) -> Answer:
    """List the sections of every side."""
    with desk.node.ledger.reading() as book:
        rows = _rows(desk, visit, book, SHOWN_DAYS)
        names = party_names(book, visit.language)
        neighbours = {party.card.party: names.get(party.card.party, party.card.party) for party in book.parties() if not party.own}
    lines = {ruler.line.id: ruler.line.name for ruler in desk.node.lines()}
    view = SectionsView(rows=rows, signs=DAY_BADGES, levels=LEVELS, lines=lines, reach_km=REACH_KM, neighbours=neighbours)
    return Page(template="sections.html", view=view, data={"sections": [_data(row) for row in rows]})


def show_section(desk: Desk, visit: Visit) -> Answer:
    """Show one section: more of its days, and how its level and definition came to be."""
    name = visit.params["section"]
    with desk.node.ledger.reading() as book:
        row = next((row for row in _rows(desk, visit, book, LONG_DAYS) if row.section == name), None)
        if row is None:
            raise NotFound(say("This node has no section {came}.", came=name[:40] or "—"), say("`hamsaya section list` names them."))
        levels = [LevelRow(held=each, badge=LEVEL_BADGES[each.level]) for each in reversed(book.section_levels(name))]
        definitions = list(reversed(book.section_definitions(name)))
    view = SectionView(row=row, signs=DAY_BADGES, level_names=LEVELS, levels=levels, definitions=definitions)
    data = {"levels": [builtins(each.held) for each in levels], "definitions": [builtins(each) for each in definitions]}
    return Page(template="section.html", view=view, data=_data(row) | data)


def define(desk: Desk, visit: Visit) -> Answer:
    """Name a section, or change what is known of it."""
    form = visit.form
    reach = form.number("reach_km")
    made = define_section(
        desk.node, visit.officer, form.text("section").strip(), form.text("name"), points=form.text("points"), line=form.text("line"),
        km=form.text("km"), reach_km=REACH_KM if reach is None else reach, neighbours=form.texts.get("neighbours", []),
    )  # fmt: skip
    return _done(desk, made.held.section, builtins(made))


def end(desk: Desk, visit: Visit) -> Answer:
    """End a section."""
    made = end_section(desk.node, visit.officer, visit.params["section"])
    return _done(desk, made.held.section, builtins(made))


def day(desk: Desk, visit: Visit) -> Answer:
    """Say how a day of a section was."""
    said, name = visit.form.text("said"), visit.params["section"]
    if said not in ("nothing", "reports"):
        raise InputError(say("Say that there is nothing to report, or that there are reports."))
    told = say_day(desk.node, visit.officer, name, read_day(visit.form.text("day"), "day"), reports=said == "reports")
    return _done(desk, name, {"section": name, "said": [builtins(each) for each in told]})


def level(desk: Desk, visit: Visit) -> Answer:
    """Set how tense a section is."""
    made = set_level(desk.node, visit.officer, visit.params["section"], visit.form.text("level"), visit.form.text("reason"))
    return Go(to=path_to("sections", made.held.section), data=builtins(made))


def _done(desk: Desk, section: str, data: dict[str, object]) -> Go:
    with desk.node.ledger.reading() as book:
        told = [party.card.party for party in book.parties() if not party.own]
    for party in told:
        desk.on_logged(party)
    return Go(to=f"/sections#{section}", data=data)


def _rows(desk: Desk, visit: Visit, book: Book, shown: int) -> list[SectionRow]:
    node = desk.node
    today = today_in(visit.now, node.zone)
    own = {each.held.section: each for each in sections_of(book)}
    told = days_told(book, today - timedelta(days=shown - 1), None, visit.now)
    names = party_names(book, visit.language)
    codes = [*own, *sorted({each.section for each in told} - set(own))]
    return [_row(desk, book, code, own.get(code), _voices(told, code, node.party, names), today) for code in codes]


def _voices(told: list[SectionDays], section: str, party: str, names: dict[str, str]) -> list[Voice]:
    """Return each side's own days: of ours those that are noted for the house."""
    return [
        Voice(party=names.get(each.by, each.by), own=each.by == party, days=each.days, silent=sum(day.state == "silent" for day in each.days))
        for each in sorted(told, key=lambda each: each.by != party)
        if each.section == section and (each.by == each.party or each.by != party)
    ]


def _row(desk: Desk, book: Book, code: str, own: Section | None, voices: list[Voice], today: date) -> SectionRow:
    said = {each.day: each.state for voice in voices if voice.own for each in voice.days}
    last = [today - timedelta(days=number) for number in (*range(1, LATEST_DAYS + 1), 0)]
    going_on = own is not None and own.ended is None
    began = today_in(own.began, desk.node.zone) if own else today
    to_say = [each for each in last if going_on and each >= began and said.get(each) in ("silent", "open", "nothing")]
    to_say.sort(key=lambda each: (said[each] == "nothing", each))
    blocked = blocking(desk.node, book, own, to_say[0]) if own and to_say else []
    return SectionRow(
        section=code, own=own, badge=LEVEL_BADGES[own.level.level] if own and own.level else None, voices=voices, to_say=to_say, blocking=blocked,
        href=path_to("sections", code),
    )  # fmt: skip


def _data(row: SectionRow) -> dict[str, object]:
    voices = [
        {
            "party": voice.party,
            "own": voice.own,
            "silent": voice.silent,
            "days": [{**builtins(each), "late_days": each.late_days} for each in voice.days],
        }
        for voice in row.voices
    ]  # fmt: skip
    return {
        "section": row.section, "own": builtins(row.own) if row.own else None, "voices": voices, "to_say": [each.isoformat() for each in row.to_say],
        "blocking": [each.record.id for each in row.blocking],
    }  # fmt: skip


ROUTES = [
    Route("GET", "/sections", "read", list_sections),
    Route("POST", "/sections", "assess", define),
    Route("GET", "/sections/{section:str}", "read", show_section),
    Route("POST", "/sections/{section:str}/day", "propose", day),
    Route("POST", "/sections/{section:str}/level", "assess", level),
    Route("POST", "/sections/{section:str}/end", "assess", end),
]

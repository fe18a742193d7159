# SPDX-License-Identifier: Apache-2.0
"""Sections of the border: what acts leave behind, and how they are read. Of what was said of a day both sides keep the same rows."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, or_, select, update

from hamsaya.desk.acts_sections import SectionDaySaid, SectionDefined, SectionEnded, SectionLevelSet
from hamsaya.desk.sections_held import DaySaidHeld, LevelHeld, SectionHeld
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.sections import SectionDay
from hamsaya.facts.values import Corner
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, project, stamp
from hamsaya.ledger.rows import Rows, time_of
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


@project.register
def _(event: SectionDefined, db: Connection, act: Act) -> None:
    add(db, t.SECTION, act, section=event.section, number=act.seq, name=event.name, path=encode(event.path), line=event.line,
        reach_km=event.reach_km, neighbours=encode(event.neighbours), ended=False, office=act.office, at=stamp(act.at))  # fmt: skip


@project.register
def _(event: SectionEnded, db: Connection, act: Act) -> None:
    add(db, t.SECTION, act, section=event.section, number=act.seq, name="", path="[]", line="", reach_km=0, neighbours="[]", ended=True,
        office=act.office, at=stamp(act.at))  # fmt: skip


@project.register
def _(event: SectionLevelSet, db: Connection, act: Act) -> None:
    add(db, t.SECTION_LEVEL, act, section=event.section, number=act.seq, level=event.level, reason=event.reason, office=act.office, at=stamp(act.at))


@project.register
def _(event: SectionDaySaid, db: Connection, act: Act) -> None:
    own = db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own.is_(True))).scalar_one()
    _keep_for_the_house(db, act, own, event.said)
    for told in event.told:
        _keep(db, act, own, told.party, event.said, told.log, told.seq)


def take_day(db: Connection, act: Act, header: Header, content: bytes) -> str:
    """Keep what a neighbour said of a day; return of which section."""
    said = read(content, SectionDay)
    _keep(db, act, header.by, header.by, said, header.log, header.seq)
    return said.section


def day_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Keep our own word that came back after this node was set back."""
    said, name = read(content, SectionDay), parse_log(header.log)
    _keep_for_the_house(db, act, header.by, said)
    _keep(db, act, header.by, name.receiver if name else "", said, header.log, header.seq)


def _keep_for_the_house(db: Connection, act: Act, own: str, said: SectionDay) -> None:
    """Keep our own word, but `ends` where the section goes on: that was said to a neighbour that is no longer told of it."""
    last = select(t.SECTION.c.ended).where(t.SECTION.c.section == said.section).order_by(t.SECTION.c.number.desc()).limit(1)
    if said.said != "ends" or db.execute(last).scalar() is not False:
        _keep(db, act, own, own, said)


def _keep(db: Connection, act: Act, by: str, party: str, said: SectionDay, log: str = "", seq: int = -1) -> None:
    """Keep a word, once: of two that say the same of one day the one that was signed first counts, in whatever order they came."""
    key = {"by": by, "party": party, "section": said.section, "day": said.day, "said": said.said}
    where = [t.SECTION_DAY.c[name] == value for name, value in key.items()]
    row = {"office": said.office, "at": stamp(said.at.astimezone(act.at.tzinfo)), "log": log, "seq": seq}
    known = db.execute(select(t.SECTION_DAY.c.at, t.SECTION_DAY.c.office).where(*where)).first()
    if known is None:
        add(db, t.SECTION_DAY, act, **key, **row)
    elif (said.at, said.office) < (datetime.fromisoformat(known.at), known.office):
        db.execute(update(t.SECTION_DAY).where(*where).values(**row, entry=act.seq))


class SqlSectionBook(Rows):
    """Reading sections. Part of `SqlBook`."""

    def section_definitions(self, section: str = "") -> list[SectionHeld]:
        """Return every definition and end of sections, of one if asked, oldest first."""
        query = select(t.SECTION).order_by(t.SECTION.c.number)
        return [
            SectionHeld(
                section=row["section"], number=row["number"], name=row["name"], path=msgspec.json.decode(row["path"], type=list[Corner]),
                line=row["line"], reach_km=row["reach_km"], neighbours=msgspec.json.decode(row["neighbours"], type=list[str]),
                ended=bool(row["ended"]), office=row["office"], at=time_of(row["at"]),
            )
            for row in self._rows(query.where(t.SECTION.c.section == section) if section else query)
        ]  # fmt: skip

    def section_days(self, *, section: str = "", since: str = "") -> list[DaySaidHeld]:
        """Return what was said of days, by every side, in order of days."""
        days = t.SECTION_DAY.c
        query = select(t.SECTION_DAY).order_by(days.day, days.at, days.by, days.party, days.section, days.said)
        query = query.where(days.section == section) if section else query
        query = query.where(or_(days.day >= since, days.said.in_(("begins", "ends")))) if since else query
        return [
            DaySaidHeld(
                by=row["by"], party=row["party"], section=row["section"], day=row["day"], said=row["said"], office=row["office"],
                at=time_of(row["at"]), log=row["log"], seq=row["seq"],
            )
            for row in self._rows(query)
        ]  # fmt: skip

    def section_levels(self, section: str = "") -> list[LevelHeld]:
        """Return the levels of sections, of one if asked, oldest first."""
        query = select(t.SECTION_LEVEL).order_by(t.SECTION_LEVEL.c.number)
        return [
            LevelHeld(
                section=row["section"], number=row["number"], level=row["level"], reason=row["reason"], office=row["office"], at=time_of(row["at"]),
            )
            for row in self._rows(query.where(t.SECTION_LEVEL.c.section == section) if section else query)
        ]  # fmt: skip

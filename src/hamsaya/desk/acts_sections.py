# SPDX-License-Identifier: Apache-2.0
"""Acts of the journal on sections of the border: what they are, what is said of each day, and how tense each is."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.event import Event
from hamsaya.exchange.sections import SectionDay
from hamsaya.facts.values import Corner


class SectionDefined(Event, frozen=True, kw_only=True):
    """A commander named a stretch of the border, or changed what is known of it; each definition stays to be seen."""

    section: str
    name: str
    path: list[Corner] = msgspec.field(default_factory=list)
    """Its points in microdegrees, longitude first; empty where no line was given."""
    line: str = ""
    """By which line, and from where to where along it; empty where the points were given."""
    reach_km: int = 0
    """How far from its line something counts as in it."""
    neighbours: list[str] = msgspec.field(default_factory=list)
    """Who is told daily; empty for every neighbour."""


class SectionEnded(Event, frozen=True, kw_only=True):
    """A commander ended a section: from that day on nothing is said of it. What was said stays."""

    section: str


class DayTold(msgspec.Struct, frozen=True):
    """The entry that tells a neighbour of a day."""

    party: str
    log: str
    seq: int


class SectionDaySaid(Event, frozen=True, kw_only=True):
    """An officer said how a day of a section was, here and to neighbours."""

    said: SectionDay
    told: list[DayTold] = msgspec.field(default_factory=list)


class SectionLevelSet(Event, frozen=True, kw_only=True):
    """A commander set the impact level of a section, with the reason. It never leaves by itself."""

    section: str
    level: str
    reason: str


EVENTS: Final[dict[str, type[Event]]] = {
    "section.defined": SectionDefined,
    "section.ended": SectionEnded,
    "section.day.said": SectionDaySaid,
    "section.level.set": SectionLevelSet,
}
"""Their lines of `desk.events.EVENTS`."""

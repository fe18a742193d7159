# SPDX-License-Identifier: Apache-2.0
"""The days of sections, of every side: what was said, what silence is, and which accounts of our own lie in a section on a day.

Both nodes tell the same of the words between them, since days are counted by the clocks of whoever speaks, whose zone stands on its card.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hamsaya.boundary.measure import Rule
from hamsaya.desk.filters import Box, Filter
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.sections_held import DaySaidHeld, SectionHeld
from hamsaya.desk.sheets import MOST
from hamsaya.facts.records import Record
from hamsaya.facts.values import Moment, Place
from hamsaya.settlement.daily import Day, Word, days

_UDEG: Final = 1_000_000
_KM_A_DEGREE: Final = 111
_TO_A_DAY: Final = frozenset({"minute", "hour", "part-of-day", "day"})


class SectionDays(msgspec.Struct, frozen=True, kw_only=True):
    """The days of one section as party `by` tells them to `party`; of this node's own for the house, both are this node."""

    by: str
    party: str
    section: str
    days: list[Day]


def today_in(now: datetime, zone: str) -> date:
    """Return which day it is in a zone; in UTC where this machine does not know the zone."""
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return now.astimezone(UTC).date()


def words_of(said: Sequence[DaySaidHeld], by: str, party: str, zone: str) -> list[Word]:
    """Return what `by` said to `party`, with the day on which each word was signed."""
    return [
        Word(day=date.fromisoformat(each.day), said=each.said, on=today_in(each.at, zone), at=each.at, office=each.office)
        for each in said
        if (each.by, each.party) == (by, party)
    ]


def days_told(book: Book, first: date, last: date | None, now: datetime, before: datetime | None = None) -> list[SectionDays]:
    """Return the days from `first` to `last` of every section of every side of which one counts, by section and side.

    Without `last`, up to the day that it is now where each side counts its days: in the east the next one has begun already.
    With `before`, by the words alone that were signed before that time.
    """
    zones = {each.card.party: each.card.zone for each in book.parties()}
    by_key: dict[tuple[str, str, str], list[DaySaidHeld]] = {}
    for each in book.section_days(since=first.isoformat()):
        if (last is None or each.day <= last.isoformat()) and (before is None or each.at < before):
            by_key.setdefault((each.section, each.by, each.party), []).append(each)
    found = []
    for (section, by, party), said in sorted(by_key.items()):
        zone = zones.get(by, "UTC")
        today = today_in(now, zone)
        told = days(words_of(said, by, party, zone), first, today if last is None else last, today)
        if any(day.state != "uncounted" for day in told):
            found.append(SectionDays(by=by, party=party, section=section, days=told))
    return found


def reports_on(node: Node, book: Book, section: SectionHeld, day: date) -> list[RecordHeld]:
    """Return the standing accounts of our own that tell of an incident in the section on that day; none where the section has no line."""
    if len(section.path) < 2:
        return []
    zone = ZoneInfo(node.zone)
    since = datetime.combine(day, time(), zone).astimezone(UTC)
    until = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    asked = Filter(kind="incident_account", party=node.party, since=since, until=until, box=_box(section))
    rule = Rule([[(lon / _UDEG, lat / _UDEG) for lon, lat in section.path]])
    sheet = book.records_page(asked, limit=MOST)
    return [
        held for held in sheet.rows
        if not held.received_from and held.record.basis == "own" and _is_of_a_day(held.record)
        and _lies_in(held.record, rule, section.reach_km * 1000)
    ]  # fmt: skip


def _is_of_a_day(record: Record) -> bool:
    """Say whether it knows its time at least to the day: what is only known to a month makes no day of it loud."""
    return any(claim.predicate == "occurred" and isinstance(claim.value, Moment) and claim.value.precision in _TO_A_DAY for claim in record.claims)


def _lies_in(record: Record, rule: Rule, reach_m: int) -> bool:
    """Say whether a place that it tells may lie in the section: within its reach, as exactly as the place is known."""
    for claim in record.claims:
        place = claim.value
        if claim.predicate == "place" and isinstance(place, Place) and place.lon_udeg is not None and place.lat_udeg is not None:
            nearest = rule.nearest((place.lon_udeg / _UDEG, place.lat_udeg / _UDEG))
            if nearest is not None and nearest.distance_m <= reach_m + min(place.radius_m or 0, reach_m):
                return True
    return False


def _box(section: SectionHeld) -> Box:
    """Return an area that holds the section with its reach; a wide one in longitude, which shrinks towards the poles."""
    lons, lats = [lon for lon, _ in section.path], [lat for _, lat in section.path]
    margin = 2 * section.reach_km * _UDEG // _KM_A_DEGREE + 1
    wide = 4 * margin
    if max(lons) - min(lons) + 2 * wide >= 180 * _UDEG or max(map(abs, lats)) + margin > 70 * _UDEG:
        return Box(-180 * _UDEG, -90 * _UDEG, 180 * _UDEG, 90 * _UDEG)
    return Box(max(min(lons) - wide, -180 * _UDEG), min(lats) - margin, min(max(lons) + wide, 180 * _UDEG), max(lats) + margin)

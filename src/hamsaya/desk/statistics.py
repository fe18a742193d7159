# SPDX-License-Identifier: Apache-2.0
"""Figures of a period between this node and a neighbour, which both nodes print byte for byte alike (F31).

1. Counted is what a signed entry that both nodes hold tells, at its signed time: matters and their steps, releases, recalls, refusals,
   quarantines, calls, daily words. When something arrived is left out: after a lost answer the two hold different receipts over one entry.
2. Everything stands as at the end of the period, which must be over; days are those of UTC. So the hour of asking changes nothing.
3. Each pair of parties is counted by itself, and each party under its own name: no "ours", no sum of two sides (law 6).
4. What persons suffered is counted as each side's released accounts tell it, as ranges: "several" stays one in every sum (law 7).
5. A record of an exercise counts on a node of that exercise only (law 15).
What was erased is counted as a release of kind `erased` on both nodes, and what it told no longer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

import msgspec

from hamsaya.desk.matters import matters_held
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.section_days import days_told
from hamsaya.desk.stages import reports_before
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.distress import SEEN
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.records import Record
from hamsaya.facts.values import Count, add_counts
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read_again
from hamsaya.seal.entries import Header
from hamsaya.settlement.measuring import Span, Spread, spans, spread, tally

TABLES: Final = ("opened", "matters", "clocks", "releases", "reports", "calls", "days", "told")
MOST_DAYS: Final = 3 * 366
SUFFERED: Final = ("killed", "wounded", "held", "missing")
_PAGE: Final = 500
_CALLS: Final = 1_000_000


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the figures. Which fields say something depends on the table (docs/reference/statistics.md)."""

    table: str
    between: str
    """The two parties, in the order of their names."""
    by: str
    """The party that opened, owed, released, called or spoke."""
    kind: str = ""
    what: str = ""
    count: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    running: int = 0
    low: int = 0
    high: int | None = 0
    """None where there is no upper bound."""
    took: Spread = Spread()


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a period, `last` included, days of UTC."""

    first: date
    last: date
    exercise: bool
    rows: list[Row]


class Period(NamedTuple):
    """From a moment on, and before another."""

    first: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Say whether a time lies in it."""
        return self.first <= at < self.end


def period_of(first: date, last: date, now: datetime) -> Period:
    """Return the period of these days of UTC, both included. Raises `InputError` for one that is not over, or is none."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InputError(say("A period has from 1 to {n} days; this came: {first} to {last}.", n=MOST_DAYS, first=first, last=last))
    begin = datetime.combine(first, time(), UTC)
    end = datetime.combine(last + timedelta(days=1), time(), UTC)
    if end > now:
        raise InputError(
            say("Figures are of days that are over, by UTC: {last} is not.", last=last),
            say("Then both nodes print the same, whenever they are asked. The last day that is over is {day}.", day=now.date() - timedelta(days=1)),
        )
    return Period(begin, end)


def statistics(node: Node, book: Book, first: date, last: date, party: str = "") -> Statistics:
    """Return the figures of a period with every neighbour, or with one. Raises `InputError` and `NotFound`."""
    period = period_of(first, last, node.now())
    neighbours = sorted(each.card.party for each in book.parties() if not each.own)
    if party and party not in neighbours:
        raise NotFound(say("{party} is no neighbour of this node.", party=party[:40]))
    rows = [row for table in (_matters, _releases, _reports, _calls_between, _days) for row in table(node, book, period)]
    kept = [row for row in rows if not party or party in row.between.split("–")]
    kept.sort(key=lambda row: (row.between, TABLES.index(row.table), row.by, row.kind, row.what))
    return Statistics(first=first, last=last, exercise=node.exercise, rows=kept)


def between(one: str, other: str) -> str:
    """Return how a pair of parties is named on both nodes."""
    return "–".join(sorted((one, other)))


def _matters(node: Node, book: Book, period: Period) -> Iterator[Row]:
    opened: Counter[tuple[str, str, str]] = Counter()
    states: Counter[tuple[str, str, str, str]] = Counter()
    owed: dict[tuple[str, str, str, str], list[Span]] = defaultdict(list)
    for matter in matters_held(node, book, until=period.end):
        if matter.record.exercise != node.exercise:
            continue
        pair = between(node.party, matter.party)
        kind: str = matter.record.kind
        sides = {"opener": node.party, "other": matter.party} if matter.ours else {"opener": matter.party, "other": node.party}
        standing = matter.standing
        states[pair, sides["opener"], kind, standing.state] += 1
        opened[pair, sides["opener"], kind] += any(told.step.move == "open" and period.holds(told.step.at) for told in standing.steps)
        for span in spans(matter.course, standing, matter.terms, matter.named):
            owed[pair, sides[span.owed_by], kind, span.clock].append(span)
    yield from (Row(table="opened", between=pair, by=by, kind=kind, count=n) for (pair, by, kind), n in opened.items() if n)
    yield from (Row(table="matters", between=pair, by=by, kind=kind, what=state, count=n) for (pair, by, kind, state), n in states.items())
    for (pair, by, kind, clock), found in owed.items():
        told = tally(found, period.first, period.end)
        if told.in_time or told.late or told.overdue or told.running:
            yield Row(
                table="clocks", between=pair, by=by, kind=kind, what=clock, count=told.took.count, in_time=told.in_time, late=told.late,
                overdue=told.overdue, running=told.running, took=told.took,
            )  # fmt: skip


class _Sent(NamedTuple):
    """A release that both nodes hold."""

    log: str
    seq: int
    header: Header
    record: Record | None
    """None where its content was erased, or could not be taken: it may be of a kind that this program does not know."""
    exercise: bool | None
    """The mark that its content bears, also where it could not be taken; None where it was erased, or bears none."""


class _Mark(msgspec.Struct):
    exercise: bool = False


class _Marked(msgspec.Struct):
    """Of a release's content the mark alone."""

    record: _Mark


def _releases(node: Node, book: Book, period: Period) -> Iterator[Row]:
    gone = {(each.log, each.seq) for each in book.erasures()}
    bad = {(each.log, each.seq): each.at for each in book.notices()}
    opened: dict[str, Mapping[int, datetime]] = {}
    back = {(each.log, each.seq): each.at for each in book.recalls() if each.at < period.end}
    counts: Counter[tuple[str, str, str, str]] = Counter()
    waits: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    latest: dict[tuple[str, str, str], Record] = {}
    for sent in _sent(node, book, period.end, gone, bad):
        name = parse_log(sent.log)
        if name is None or sent.exercise not in (None, node.exercise):
            continue
        pair, by, place = between(name.sender, name.receiver), name.sender, (sent.log, sent.seq)
        kind: str = sent.record.kind if sent.record is not None else "unread" if place in bad else "erased"
        within = period.holds(sent.header.at)
        counts[pair, by, kind, "released"] += within
        counts[pair, by, kind, "quarantined"] += place in bad and period.holds(bad[place])
        counts[pair, by, kind, "recalled"] += place in back and period.holds(back[place])
        if sent.log not in opened:
            opened[sent.log] = book.acknowledged_in(sent.log)
        at = opened[sent.log].get(sent.seq)
        if at is not None and period.holds(at):
            counts[pair, by, kind, "acknowledged"] += 1
            waits[pair, by, kind].append(int((at - sent.header.at).total_seconds()))
        if sent.record is not None and place not in bad and place not in back:
            key = (pair, by, sent.record.id)
            if key not in latest or latest[key].version < sent.record.version:
                latest[key] = sent.record
    for (pair, by, kind, what), n in counts.items():
        if n:
            took = spread(waits[pair, by, kind]) if what == "acknowledged" else Spread()
            yield Row(table="releases", between=pair, by=by, kind=kind, what=what, count=n, took=took)
    yield from _refusals(node, book, period)
    yield from _told(latest, period)


def _refusals(node: Node, book: Book, period: Period) -> Iterator[Row]:
    refused: Counter[tuple[str, str]] = Counter()
    for each in book.refusals():
        refused[each.party, node.party if each.here else each.party] += period.holds(each.at)
    yield from (
        Row(table="releases", between=between(node.party, party), by=by, kind="request", what="refused on a ground", count=n)
        for (party, by), n in refused.items() if n
    )  # fmt: skip


def _told(latest: dict[tuple[str, str, str], Record], period: Period) -> Iterator[Row]:
    """Yield what each side's own accounts of the period tell that persons suffered: sums of ranges, of the last version of each that left."""
    sums: dict[tuple[str, str, str], list[Count]] = defaultdict(list)
    for (pair, by, _), record in latest.items():
        if record.kind == "incident_account" and record.basis == "own" and period.holds(record.filed_at):
            for claim in record.claims:
                if claim.predicate in SUFFERED and isinstance(claim.value, Count):
                    sums[pair, by, claim.predicate].append(claim.value)
    for (pair, by, what), counts in sums.items():
        whole = add_counts(counts)
        yield Row(table="told", between=pair, by=by, kind="incident_account", what=what, count=len(counts), low=whole.low, high=whole.high)


def _sent(node: Node, book: Book, end: datetime, gone: Collection[tuple[str, int]], bad: Collection[tuple[str, int]]) -> Iterator[_Sent]:
    """Yield the releases before a time, of all logs between this node and a neighbour; of one that stands in two logs, the first."""
    seen: set[str] = set()
    for log, size in sorted(book.logs().items()):
        name = parse_log(log)
        if name is None or name.kind != "release" or node.party not in (name.sender, name.receiver):
            continue
        closed = book.closed_at(log)
        counts = size if closed is None else min(size, closed)
        for first in range(0, counts, _PAGE):
            for entry in book.entries(log, first, min(_PAGE, counts - first)):
                header = entry.header()
                release = header.about.get("release", "")
                if header.kind != "release" or header.at >= end or release in seen:
                    continue
                seen.add(release)
                content = entry.content if (log, header.seq) not in gone else None
                told = read_again(content, ReleasedRecord).record if content is not None and (log, header.seq) not in bad else None
                yield _Sent(log, header.seq, header, told, _mark_of(content))


def _mark_of(content: bytes | None) -> bool | None:
    try:
        return msgspec.json.decode(content, type=_Marked).record.exercise if content is not None else None
    except msgspec.DecodeError:
        return None


def _reports(node: Node, book: Book, period: Period) -> Iterator[Row]:
    found: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for clock in reports_before(book, period.end):
        by = node.party if clock.ours else clock.party
        for report in clock.reports:
            span = Span(clock=report.stage, owed_by="", started=clock.first_at, met=report.came_at, due=report.due)
            found[between(node.party, clock.party), by, report.stage].append(span)
    for (pair, by, stage), several in found.items():
        told = tally(several, period.first, period.end)
        if told.in_time or told.late or told.overdue or told.running:
            yield Row(table="reports", between=pair, by=by, kind="incident_account", what=stage, count=told.took.count, in_time=told.in_time,
                      late=told.late, overdue=told.overdue, running=told.running, took=told.took)  # fmt: skip


def _calls_between(node: Node, book: Book, period: Period) -> Iterator[Row]:
    made: Counter[tuple[str, str, str]] = Counter()
    answered: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for call in book.calls(limit=_CALLS):
        if not period.holds(call.at):
            continue
        by = node.party if call.own else call.neighbour
        key = (between(node.party, call.neighbour), by, call.kind)
        made[key] += 1
        times = [step.at for step in call.steps if step.kind == "answered" and step.code != SEEN and step.at < period.end]
        if times:
            answered[key].append(int((min(times) - call.at).total_seconds()))
    yield from (
        Row(table="calls", between=pair, by=by, kind=kind, count=n, took=spread(answered[pair, by, kind])) for (pair, by, kind), n in made.items()
    )


def _days(node: Node, book: Book, period: Period) -> Iterator[Row]:
    first, last = period.first.date(), (period.end - timedelta(days=1)).date()
    for told in days_told(book, first, last, period.end, period.end):
        if told.by == node.party == told.party:
            continue
        pair = between(node.party, told.party if told.by == node.party else told.by)
        for state, n in Counter(day.state for day in told.days if day.state in ("nothing", "reports", "silent")).items():
            late = sum(1 for day in told.days if day.state == state and day.late_days)
            yield Row(table="days", between=pair, by=told.by, kind=told.section, what=state, count=n, late=late)


def of_table(rows: Iterable[Row], table: str) -> list[Row]:
    """Return the rows of one table."""
    return [row for row in rows if row.table == table]


class Receipted(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what this node let go to a neighbour that one's receipts cover, as this node holds them now."""

    party: str
    released: int
    receipted: int


def receipts_here(node: Node, book: Book) -> list[Receipted]:
    """Return what neighbours have receipted of our releases: this node's own view, which the other can be ahead of by one exchange."""
    sizes = book.logs()
    found = []
    for party in sorted(each.card.party for each in book.parties() if not each.own):
        receipts = book.last_receipts(party)
        ours = [(log, size) for log, size in sizes.items() if (name := parse_log(log)) is not None
                and (name.kind, name.sender, name.receiver) == ("release", node.party, party)]  # fmt: skip
        covered = sum(min(size, receipts[log].size) for log, size in ours if log in receipts)
        found.append(Receipted(party=party, released=sum(size for _, size in ours), receipted=covered))
    return found

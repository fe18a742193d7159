# SPDX-License-Identifier: Apache-2.0
"""What a new account may be of, among many that are stored: found by keys, beside a full scan of the same store in the same run.

`HAMSAYA_BENCH_ACCOUNTS` accounts (100,000 if it is not set) over nine years near thirty posts, made as a node makes them. Those that ask are told
again: another hour or the day before, a rounded place; every tenth has no place, every tenth no time, every tenth a month only.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec

from bench.measure import Row, quantile
from bench.million import CHUNK, record
from conftest import Desk, make_desk
from hamsaya.accounts.suggest import Suggestion, suggest
from hamsaya.assemble.serving import settle
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.names import named_after
from hamsaya.desk.suggesting import likely_incidents
from hamsaya.facts.records import Record
from hamsaya.facts.values import Moment, Place
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

ACCOUNTS = int(os.environ.get("HAMSAYA_BENCH_ACCOUNTS", "100000"))
ASKED = 1_000
SCANS = 5


def rows() -> Iterator[Row]:
    """Measure, and return one row a kind of question."""
    with tempfile.TemporaryDirectory() as folder:
        desk = _filled(Path(folder))
        settle()  # as a served node does: the garbage collector does not look through what filling it left behind again and again
        dice = random.Random(7)  # noqa: S311  (dice for made-up accounts)
        asked = [_again(dice, number) for number in dice.sample(range(ACCOUNTS), ASKED)]
        took, worked = zip(*(_seconds(desk, each) for each in asked), strict=True)
        found = sum(any(each.incident == _incident(number) for each in suggestions) for number, suggestions in _answers(desk, asked))
        scans = [_scan(desk, each) for _, each in asked[:SCANS]]
        desk.store.close()
    whole, whole_worked = (quantile([scan[part] for scan in scans], 0.5) * 1000 for part in (0, 1))
    more = {"accounts": ACCOUNTS, "asked": ASKED, "found": found, "most_ms": max(took) * 1000, "most_worked_ms": max(worked) * 1000}
    for share in (0.5, 0.99):
        yield Row(what=f"suggestions for a new account among {ACCOUNTS:,}, p{share * 100:.0f}", value=quantile(took, share) * 1000, unit="ms",
                  baseline=whole, against="a full scan, median", repeats=ASKED, more=more)  # fmt: skip
        yield Row(what=f"the same in processor time, p{share * 100:.0f}", value=quantile(worked, share) * 1000, unit="ms",
                  baseline=whole_worked, against="a full scan, median", repeats=ASKED, more=more)  # fmt: skip
    print(f"  {found} of {ASKED} found the event that they tell again; the slowest took {max(took) * 1000:.1f} ms", file=sys.stderr)


def _filled(folder: Path) -> Desk:
    desk = make_desk(folder, "west", "IR", exercise=True)
    started = time.perf_counter()
    for first in range(0, ACCOUNTS, CHUNK):
        made = [_account(number) for number in range(first, min(first + CHUNK, ACCOUNTS))]
        with desk.store.writing() as pen:
            pen.journal_filed(
                [RecordFiled(record=each.id, version=1, envelope=seal("record", canonical(each), desk.node.key).decode()) for each in made], OPERATOR
            )
    print(f"  {ACCOUNTS:,} accounts filed in {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return desk


def _incident(number: int) -> str:
    return named_after("west", "I", number.to_bytes(8, "big")[::-1] * 4)


def _account(number: int) -> Record:
    return msgspec.structs.replace(record(number), kind="incident_account", incident=_incident(number))


def _again(dice: random.Random, number: int) -> tuple[int, Record]:
    """Return one of them as a second reporter would tell it."""
    told, way = _account(number), dice.randrange(10)
    claims = []
    for claim in told.claims:
        value = claim.value
        if isinstance(value, Moment) and value.start:
            if way == 1:
                continue
            start = value.start.replace(hour=0, minute=0) - timedelta(days=dice.randrange(4) == 0)
            value = Moment(start=start.replace(day=1), end=start.replace(day=28), precision="month") if way == 2 else Moment(
                start=start, end=start + timedelta(days=1), precision="day")  # fmt: skip
        elif isinstance(value, Place) and value.lon_udeg is not None and value.lat_udeg is not None:
            if way == 0:
                continue
            value = Place(
                words="near a post", precision="settlement", lon_udeg=round(value.lon_udeg, -5), lat_udeg=round(value.lat_udeg, -5), radius_m=8_000
            )
        claims.append(msgspec.structs.replace(claim, value=value))
    return number, msgspec.structs.replace(told, id="", incident="", claims=claims)


def _seconds(desk: Desk, asked: tuple[int, Record]) -> tuple[float, float]:
    """Return the seconds that one question takes: by the clock, and of the processor, which a busy machine makes no longer."""
    started, worked = time.perf_counter(), time.process_time()
    with desk.store.reading() as book:
        likely_incidents(book, asked[1])
    return time.perf_counter() - started, time.process_time() - worked


def _answers(desk: Desk, asked: list[tuple[int, Record]]) -> list[tuple[int, list[Suggestion]]]:
    with desk.store.reading() as book:
        return [(number, likely_incidents(book, each)) for number, each in asked]


def _scan(desk: Desk, asked: Record) -> tuple[float, float]:
    started, worked = time.perf_counter(), time.process_time()
    with desk.store.reading() as book:
        suggest([asked], [(held.record.incident, held.record) for held in book.records()])
    return time.perf_counter() - started, time.process_time() - worked

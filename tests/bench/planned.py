# SPDX-License-Identifier: Apache-2.0
"""How long it takes to name what a plan meets among 10,000 stored ones, beside reading them alone in the same run.

`HAMSAYA_BENCH_PLANS` exercises (10,000 if it is not set) of a year in a sea of 10° × 10°, of 4 to 40 corners each; every eighth is asked for again, moved a little.
"""

from __future__ import annotations

import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.measure import Row, quantile
from bench.million import CHUNK
from conftest import Desk, make_desk
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.names import named_after
from hamsaya.desk.planned import check_record
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.records import Record
from hamsaya.facts.shapes import shaped
from hamsaya.facts.values import Moment, Words
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

PLANS = int(os.environ.get("HAMSAYA_BENCH_PLANS", "10000"))
ASKED = 20


def rows() -> Iterator[Row]:
    """Measure, and return one row."""
    with tempfile.TemporaryDirectory() as folder:
        desk = _filled(Path(folder))
        dice = random.Random(11)  # noqa: S311  (dice for made-up plans)
        took, met, reads = [], 0, []
        for number in dice.sample(range(PLANS), ASKED):
            started = time.perf_counter()
            with desk.store.reading() as book:
                met += len(check_record(desk.node, book, _name(number)))
            took.append(time.perf_counter() - started)
            started = time.perf_counter()
            with desk.store.reading() as book:
                assert len(book.records_of_kinds(["exercise"])) == PLANS
            reads.append(time.perf_counter() - started)
        desk.store.close()
    yield Row(what=f"naming what a plan meets among {PLANS:,}, p99", value=quantile(took, 0.99) * 1000, unit="ms", baseline=quantile(reads, 0.5) * 1000,
              against="reading them all, median", repeats=ASKED, more={"plans": PLANS, "met": met, "most_ms": max(took) * 1000})  # fmt: skip
    print(f"  {ASKED} plans meet {met} others; the slowest took {max(took):.2f} s", file=sys.stderr)


def _filled(folder: Path) -> Desk:
    desk = make_desk(folder, "west", "IR", exercise=True)
    dice = random.Random(5)  # noqa: S311  (as above)
    for first in range(0, PLANS, CHUNK):
        made = [_plan(desk, dice, number) for number in range(first, min(first + CHUNK, PLANS))]
        with desk.store.writing() as pen:
            pen.journal_filed(
                [RecordFiled(record=each.id, version=1, envelope=seal("record", canonical(each), desk.node.key).decode()) for each in made], OPERATOR
            )
    return desk


def _name(number: int) -> str:
    return named_after("west", "R", number.to_bytes(8, "big")[::-1] * 4)


def _plan(desk: Desk, dice: random.Random, number: int) -> Record:
    lon, lat, size, corners = dice.uniform(56, 66), dice.uniform(18, 26), dice.uniform(0.05, 0.6), dice.randrange(4, 41)
    angles = [2 * math.pi * at / corners for at in range(corners)]
    points = tuple((round((lon + size * math.cos(each)) * 1e6), round((lat + size * math.sin(each)) * 1e6)) for each in angles)
    start = desk.node.now() + timedelta(hours=dice.randrange(24, 24 * 365))
    own = Speaker(kind="own", side="IR")
    claims = [
        Claim(id="c1", predicate="concerns", value=Words(text=f"Exercise {number}"), speaker=own, grade="A1"),
        Claim(id="c2", predicate="place", value=shaped("", points, closed=True), speaker=own, grade="A1"),
        Claim(id="c3", predicate="window", value=Moment(start=start, end=start + timedelta(hours=dice.randrange(6, 240)), precision="minute"), speaker=own, grade="A1"),
        Claim(id="c4", predicate="contact", value=Words(text="Operations desk, channel 16"), speaker=own, grade="A1"),
    ]  # fmt: skip
    return Record(
        id=_name(number), version=1, kind="exercise", party="west", office="operations", side="IR", basis="own", handling="amber", incident="", claims=claims,
        filed_at=desk.node.now(), exercise=True,
    )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""A node with 10,000 open matters (`HAMSAYA_BENCH_MATTERS`) of five kinds, half of them opened by the neighbour: what its pages and commands take.

One of each kind is opened by its form; the others are that record under another name, filed and released as an office does, hundreds in one
transaction, and go to the other node in the ordinary exchange. A month later nearly all are overdue. Each page is asked for again after an act that may change how a matter stands (`anew`), and as it is
served again meanwhile; processor time is told beside the clock's.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from tests.conftest import START, Clock, Desk, Pair, make_desk
from tests.web.conftest import open_web

from bench.measure import Row
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question
from hamsaya.assemble.serving import settle
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.events import RecordFiled, ReleaseProposed
from hamsaya.desk.health import check_book
from hamsaya.desk.inbox import acknowledge_several
from hamsaya.desk.names import named_after
from hamsaya.desk.opening import Sheet, open_matter
from hamsaya.desk.parties import trust_neighbour
from hamsaya.desk.ports import Node
from hamsaya.desk.release import log_release, release_of
from hamsaya.desk.reports import file_report
from hamsaya.desk.roles import may
from hamsaya.desk.situation import accounts_of
from hamsaya.desk.statistics import statistics as figures
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.records import Record
from hamsaya.intake import read_document
from hamsaya.intake.typed import TypedFields
from hamsaya.ledger.store import Store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.seal.keys import SigningKey
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.form import Form

MATTERS = int(os.environ.get("HAMSAYA_BENCH_MATTERS", "10000"))
KINDS = ("complaint", "request", "hotline_call", "commitment", "meeting")
FOLDER = Path(os.environ.get("HAMSAYA_BENCH_FOLDER", tempfile.gettempdir())) / f"hamsaya-bench-open-{MATTERS}"
RUNS = 5
_AT_ONCE = 200
_WHY = "Both must settle it."


def rows() -> Iterator[Row]:
    """Measure, and return one row a page or command."""
    if not (FOLDER / "kept.json").exists():
        _fill(FOLDER)
    with tempfile.TemporaryDirectory() as folder:
        west = _opened(Path(shutil.copytree(FOLDER, folder, dirs_exist_ok=True)))
        settle()
        baseline = _median(lambda: _read_alone(west))[0]
        office = open_web(west).login("officer")
        for what, act in _asked(west, office):
            for again in (False, True):
                wall, cpu = _median(act, None if again else lambda: _stir(west))
                yield Row(what=f"{what}{', again' if again else ', anew'}", value=wall * 1000, unit="ms", baseline=baseline * 1000,
                          against=f"reading {MATTERS:,} records alone", repeats=RUNS, more={"processor_ms": round(cpu * 1000)})  # fmt: skip
                print(f"  {what}{', again' if again else ', anew'}: {wall:.2f} s, processor {cpu:.2f} s", file=sys.stderr, flush=True)
        west.store.close()


def _asked(west: Desk, office: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    for page in ("/matters", "/matters?kind=complaint", "/command", "/inbox", "/meetings", "/meetings/agenda/east", "/commitments", "/requests"):
        yield page, lambda page=page: _page(office, page)
    first, last = START.date(), START.date() + timedelta(days=20)
    yield "/statistics", lambda: _page(office, f"/statistics?from={first}&to={last}")
    yield "statistics, the figures", lambda: _reading(west, lambda book: figures(west.node, book, first, last))
    yield "doctor, what the ledger tells", lambda: _reading(west, lambda book: check_book(west.node, book))
    yield "situation report, its accounts", lambda: _reading(west, lambda book: accounts_of(west.node, book, START, START + timedelta(days=40)))


def _page(office: Any, page: str) -> None:
    answer = office.get(page)
    assert answer.status_code == 200, answer.text[:400]


def _reading(west: Desk, act: Callable[[Any], object]) -> None:
    with west.store.reading() as book:
        act(book)


def _read_alone(west: Desk) -> None:
    with west.store.reading() as book:
        assert len(book.records_of_kinds(KINDS)) >= MATTERS


def _median(act: Callable[[], object], before: Callable[[], object] | None = None) -> tuple[float, float]:
    """Return the median seconds of the clock and of the processor."""
    took = []
    for _ in range(RUNS):
        if before is not None:
            before()
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        took.append((time.perf_counter() - wall, time.process_time() - cpu))
    walls, cpus = zip(*took, strict=True)
    return statistics.median(walls), statistics.median(cpus)


def _stir(west: Desk) -> None:
    """Acknowledge one more matter, so that what was gathered of them is gathered anew."""
    with west.store.reading() as book:
        item = next(each for each in book.inbox() if each.state == "new" and each.kind == "release")
    acknowledge_several(west.node, west.officers["duty"], [(item.log, item.seq)])


def _opened(folder: Path) -> Desk:
    """Open the filled node, a month after the last matter was opened."""
    seed, store_key, at = json.loads((folder / "kept.json").read_bytes())
    clock, key = Clock(datetime.fromisoformat(at) + timedelta(days=30)), SigningKey(bytes.fromhex(seed))
    store = Store(folder / "west.db", bytes.fromhex(store_key), party="west", key=key, now=clock, random=os.urandom)
    node = Node(party="west", country="IR", zone="UTC", exercise=False, key=key, ledger=store, read=read_document, dictation=TypedFields(), now=clock,
                random=os.urandom)  # fmt: skip
    desk = Desk(node, store, clock, bytes.fromhex(seed), bytes.fromhex(store_key))
    with store.reading() as book:
        desk.officers.update({each.login: each for each in book.officers()})
    return desk


def _fill(folder: Path) -> None:
    """Make the node, once; the next run finds it."""
    started = time.perf_counter()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    west = make_desk(folder, "west", "IR")
    pair = Pair(west, make_desk(folder, "east", "PK", clock=west.clock))
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            card = book.card_of(other.node.party)
        trust_neighbour(one.node, card, other.node.key.public.fingerprint())
    pair.agree()
    samples = {desk.node.party: _samples(desk) for desk in (pair.west, pair.east)}
    for first in range(0, MATTERS // 2, _AT_ONCE):
        for desk in (pair.west, pair.east):
            _let_leave(desk, samples[desk.node.party], range(first, min(first + _AT_ONCE, MATTERS // 2)))
        pair.sync()
        for desk in (pair.west, pair.east):
            with desk.store.reading() as book:
                waiting = [(each.log, each.seq) for each in book.inbox_page().rows if each.state == "new" and each.kind == "release"]
            acknowledge_several(desk.node, desk.officers["duty"], waiting)
    pair.sync()
    print(f"  {MATTERS:,} matters after {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    for desk in (pair.west, pair.east):
        desk.store.close()
    (folder / "kept.json").write_text(json.dumps([west.seed.hex(), west.store_key.hex(), west.clock.at.isoformat()]))


def _samples(desk: Desk) -> list[Record]:
    """Open one matter of each kind by its form, about an incident; the others say the same under names and times of their own."""
    about, found = desk.file().record.incident, []
    for kind in KINDS:
        form, opens = COURSES[kind].form, next(each for each in desk.officers.values() if may(each.role, COURSES[kind].verb))
        if form is None:
            filed = file_report(desk.node, desk.officers["duty"], TypedReport(remarks="Who was there?", grade="A1"), kind=kind)
        else:
            filed = open_matter(desk.node, opens, kind, Sheet(typed=_typed(form, about)))
        found.append(filed.held.record)
    return found


def _let_leave(desk: Desk, samples: list[Record], numbers: range) -> None:
    """File matters like these and let them leave, all in one commit."""
    node, first, second, own = desk.node, desk.officers["duty"], desk.officers["approver"], desk.node.party
    receiver = "east" if own == "west" else "west"
    made = [msgspec.structs.replace(samples[each % len(samples)], id=named_after(own, "R", each.to_bytes(8, "little") * 4), filed_at=node.now())
            for each in numbers]  # fmt: skip
    with desk.store.writing() as pen:
        (held,) = pen.agreements()
        pen.journal_filed(
            [RecordFiled(record=each.id, version=1, envelope=seal("record", canonical(each), node.key).decode()) for each in made], first
        )
        for number, each in zip(numbers, made, strict=True):
            name, at = named_after(own, "S", number.to_bytes(8, "little") * 4), node.now()
            standing = standing_of(held, at)
            decision = decide(each, _WHY, question(each, receiver, "settlement", _WHY, at, held.agreement), held.agreement, standing)
            assert decision.allowed, decision
            copy = prepare(each, held.agreement)
            pen.journal(
                ReleaseProposed(release=name, record=each.id, version=1, receiver=receiver, agreement=held.agreement.table.id, purpose="settlement",
                                necessity=_WHY, content=canonical(ReleasedRecord(name, copy.record)).decode(), quote_salt="", withheld=copy.withheld),
                first,
            )  # fmt: skip
            log_release(node, pen, second, release_of(pen, name), decision, standing.state)


def _typed(form: Form, about: str) -> dict[str, str]:
    """Return the form filled in with its examples; names are of an incident."""
    return {field.name: about if field.reads == "names" else field.example for field in form.fields}

# SPDX-License-Identifier: Apache-2.0
"""Many entries from one node to another, whose gate is a process of its own: does memory stay flat, and does an entry cost the same at the end?

`HAMSAYA_BENCH_ENTRIES` releases are made as a node makes them (each asked of the agreement, signed, journaled, bound), a tenth at a time
without a commit for each; then all that waits is exchanged over TLS with full fsync on both nodes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec

from bench.apart import Used
from bench.measure import Row
from bench.million import record
from bench.throughput import two_nodes
from conftest import Desk
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.events import RecordFiled, ReleaseProposed
from hamsaya.desk.names import named_after
from hamsaya.desk.release import log_release, release_of
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.records import Record
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

ENTRIES = int(os.environ.get("HAMSAYA_BENCH_ENTRIES", "100000"))
PARTS = 10
CHUNK = 500
_NECESSITY = "Both commands must see this account."


class Part(msgspec.Struct, frozen=True):
    """What one tenth took."""

    sent: int
    wall_s: float
    cpu_s: float
    resident_mb: list[float]


def rows() -> Iterator[Row]:
    """Measure, and return the rows: memory of both processes at a tenth, a half and the end, and what an entry took in the first and last tenth."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        used: list[Used] = []
        west, sync = stack.enter_context(two_nodes(folder, gate_apart=lambda pid: used.append(Used(pid))))
        parts = [_part(west, sync, used[0], number) for number in range(PARTS)]
    first, last = parts[0], parts[-1]
    for place, who in enumerate(("sender", "receiver")):
        for part in (parts[PARTS // 2 - 1], last):
            yield Row(what=f"memory of the {who} after {part.sent:,} entries", value=part.resident_mb[place], unit="MB",
                      baseline=first.resident_mb[place], against=f"after {first.sent:,}", repeats=1)  # fmt: skip
    each = ENTRIES // PARTS
    yield Row(what=f"entries a second, the last {each:,} of {ENTRIES:,}", value=each / last.wall_s, unit="/s", baseline=each / first.wall_s,
              against=f"the first {each:,}", repeats=1)  # fmt: skip
    yield Row(what=f"processor time an entry, both nodes, the last {each:,}", value=last.cpu_s * 1000 / each, unit="ms",
              baseline=first.cpu_s * 1000 / each, against=f"the first {each:,}", repeats=1)  # fmt: skip


def _part(west: Desk, sync: Callable[[], object], used: Used, number: int) -> Part:
    each = ENTRIES // PARTS
    for first in range(number * each, (number + 1) * each, CHUNK):
        let_leave(west, range(first, min(first + CHUNK, (number + 1) * each)))
    wall, cpu = time.perf_counter(), used.cpu_s()
    sync()
    done = Part((number + 1) * each, time.perf_counter() - wall, used.cpu_s() - cpu, used.resident_mb())
    print(f"  {done.sent:,}: {each / done.wall_s:,.0f}/s, {done.cpu_s * 1000 / each:.2f} ms of processor time an entry, "
          f"{done.resident_mb[0]:.0f} and {done.resident_mb[1]:.0f} MB, load {os.getloadavg()[0]:.0f}", file=sys.stderr)  # fmt: skip
    return done


def let_leave(west: Desk, numbers: range) -> None:
    """File these records of the made-up border and let them leave, all in one commit."""
    node, first, second = west.node, west.officers["duty"], west.officers["approver"]
    with west.store.writing() as pen:
        (held,) = pen.agreements()
        records = [_own(number) for number in numbers]
        pen.journal_filed(
            [RecordFiled(record=each.id, version=1, envelope=seal("record", canonical(each), node.key).decode()) for each in records], first
        )
        for number, each in zip(numbers, records, strict=True):
            name, at = named_after("west", "S", number.to_bytes(8, "little") * 4), node.now()
            standing = standing_of(held, at)
            decision = decide(each, _NECESSITY, question(each, "east", "settlement", _NECESSITY, at, held.agreement), held.agreement, standing)
            assert decision.allowed, decision
            copy = prepare(each, held.agreement)
            pen.journal(
                ReleaseProposed(release=name, record=each.id, version=1, receiver="east", agreement=held.agreement.table.id, purpose="settlement",
                                necessity=_NECESSITY, content=canonical(ReleasedRecord(name, copy.record)).decode(), quote_salt="",
                                withheld=copy.withheld),
                first,
            )  # fmt: skip
            log_release(node, pen, second, release_of(pen, name), decision, standing.state)


def _own(number: int) -> Record:
    made = record(number)
    return msgspec.structs.replace(made, kind="incident_account", exercise=False, incident=named_after("west", "I", number.to_bytes(8, "little") * 4))

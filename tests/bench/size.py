# SPDX-License-Identifier: Apache-2.0
"""How many bytes a spot report and its receipt take over a satellite phone: the two bundles, and TLS apart."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.exchange import neighbours
from bench.measure import Row
from conftest import release
from hamsaya.assemble.keyring import make_keyring
from hamsaya.courier.pinned import PinnedCourier, admit, gate_context
from hamsaya.desk.converse import answer
from hamsaya.desk.offering import write_for
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.exchange.packing import unpack

REPORT = """Report.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. One civilian was wounded. A vehicle was damaged.
"""
TARGET = 3000


def rows() -> Iterator[Row]:
    """Measure, and return the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pair = neighbours(folder)
        typed = TypedReport(
            size="4", activity="shots fired", location="Mirjaveh", time="-30h", equipment="one vehicle", remarks="They went back.", grade="B2"
        )
        reports = {
            "typed": lambda: file_report(pair.west.node, pair.west.officers["duty"], typed, kind="incident_account").held,
            "with quoted sentences": lambda: pair.west.file(REPORT),
        }
        for what, file in reports.items():
            release(pair.west, file().record.id)
            with pair.west.store.reading() as book:
                bundle = write_for(pair.west.node, book, "east")
            receipt = answer(pair.east.node, bundle)
            unpacked = len(unpack(bundle, MAX_BYTES)) + len(unpack(receipt, MAX_BYTES))
            yield _row(f"spot report, {what}: bundle", len(bundle), len(unpack(bundle, MAX_BYTES)), "not packed")
            yield _row(f"spot report, {what}: receipt", len(receipt), len(unpack(receipt, MAX_BYTES)), "not packed")
            yield _row(f"spot report, {what}: both (target {TARGET})", len(bundle) + len(receipt), unpacked, "not packed")
            pair.sync()
        yield _row("TLS 1.3, both certificates, the handshake of one exchange", _handshake(folder), TARGET, "the target")
        pair.west.store.close()
        pair.east.store.close()


def _row(what: str, size: int, baseline: int, against: str) -> Row:
    return Row(what=what, value=size, unit="bytes", baseline=baseline, against=against, repeats=1)


def _handshake(folder: Path) -> int:
    """Return the bytes of a handshake as our courier and our gate make it, through memory."""
    from conftest import START

    west, east = (make_keyring(folder / f"{name}-keys", name, START) for name in ("west", "east"))
    gate = gate_context(east.tls_cert, east.tls_key)
    admit(gate, west.tls_cert.read_text())
    caller = PinnedCourier(west.tls_cert, west.tls_key)._context(east.tls_cert.read_text())
    to_gate, to_caller = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [caller.wrap_bio(to_caller, to_gate), gate.wrap_bio(to_gate, to_caller, server_side=True)]
    size, waiting = 0, [True, True]
    while any(waiting):
        for number, end in enumerate(ends):
            out = (to_gate, to_caller)[number]
            before = out.pending
            try:
                end.do_handshake()
                waiting[number] = False
            except ssl.SSLWantReadError:
                waiting[number] = True
            size += out.pending - before
    return size

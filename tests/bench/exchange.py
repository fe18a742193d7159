# SPDX-License-Identifier: Apache-2.0
"""Reading, filing, releasing, sending, verifying: against one Ed25519 signature made and verified."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row, median, seconds
from conftest import Pair, make_desk, release
from hamsaya.desk.agreements import agreement_of, standing_of
from hamsaya.desk.parties import trust_neighbour
from hamsaya.intake import read_document
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.keys import SigningKey

BATCH = 40
ROUNDS = 3


def rows() -> Iterator[Row]:
    """Measure, and return the rows."""
    key = SigningKey(os.urandom(32))

    def sign_and_verify() -> None:
        key.public.verify(key.sign(b"x" * 500), b"x" * 500)

    baseline = median(sign_and_verify, 500)

    def row(what: str, each_s: float, repeats: int = ROUNDS) -> Row:
        return Row(what=what, value=each_s * 1e6, unit="µs", baseline=baseline * 1e6, against="signature made and verified", repeats=repeats)

    with tempfile.TemporaryDirectory() as name:
        yield from _two_nodes(Path(name), row)
        yield _durable(Path(name))
    empty = median(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 1)
    command = median(lambda: subprocess.run([sys.executable, "-m", "hamsaya", "--version"], check=True, capture_output=True), 1)
    yield Row(what="`hamsaya --version`", value=command * 1e3, unit="ms", baseline=empty * 1e3, against="empty Python process", repeats=5)


def _two_nodes(folder: Path, row) -> Iterator[Row]:
    pair = neighbours(folder)
    west, numbers = pair.west, iter(range(10_000))
    took: dict[str, list[float]] = {"filed": [], "released": [], "sent": []}
    for _ in range(ROUNDS):
        records: list[str] = []

        def file(records: list[str] = records) -> None:
            text = f"Report {next(numbers)}.\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n"
            records.append(west.file(text).record.id)

        took["filed"].append(seconds(file, BATCH))
        took["released"].append(seconds(lambda records=records: release(west, records.pop()), BATCH))
        took["sent"].append(seconds(pair.sync) / BATCH)
    yield row("a report read, accepted, filed, committed", sorted(took["filed"])[1])
    yield row("a record released by two officers, committed", sorted(took["released"])[1])
    yield row(f"an entry sent, verified, applied, receipted ({BATCH} at once)", sorted(took["sent"])[1])
    entries = sum(verify_store(west.store).logs.values())
    yield row("an entry checked by `verify`", median(lambda: verify_store(west.store), 1, ROUNDS) / entries)
    with west.store.reading() as book:
        held = agreement_of(book, book.agreements()[0].agreement.table.id)
    yield row("an agreement's standing with both signatures", median(lambda: standing_of(held, west.clock()), 50, ROUNDS))
    text = ("On 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n\n" * 100).encode()
    yield row("a kilobyte of text read into drafts", median(lambda: read_document(text, name="bench.txt"), 1, ROUNDS) / (len(text) / 1000))
    west.store.close()
    pair.east.store.close()


def _durable(folder: Path) -> Row:
    """A record filed and on the disk, beside the plainest commit that is: one row, SQLite, WAL, synchronous=FULL."""
    desk = make_desk(folder, "alone", "IR")
    plain = sqlite3.connect(folder / "plain.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = FULL")
    plain.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT)")
    numbers = iter(range(10_000))
    from bench.filing import jsonl
    from hamsaya.desk.importing import import_records, read_json_lines

    def file() -> None:
        line = jsonl(next(numbers))
        import_records(desk.node, desk.officers["duty"], lambda: read_json_lines([line]))

    each = median(file, 40)
    baseline = median(lambda: plain.execute("INSERT INTO record (body) VALUES (?)", ("x" * 1500,)), 40)
    plain.close()
    desk.store.close()
    return Row(what="a record filed durably, one at a time", value=each * 1e3, unit="ms", baseline=baseline * 1e3,
               against="one fsync'd SQLite commit", repeats=5)  # fmt: skip


def neighbours(folder: Path) -> Pair:
    pair = Pair(make_desk(folder, "west", "IR"), make_desk(folder, "east", "PK"))
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    pair.agree()
    return pair

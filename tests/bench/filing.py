# SPDX-License-Identifier: Apache-2.0
"""Importing many records, and the demonstration end to end."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.measure import Row, seconds
from bench.million import record
from conftest import make_desk
from hamsaya.desk.importing import Line, import_records, read_json_lines

LINES = int(os.environ.get("HAMSAYA_BENCH_LINES", "100000"))


def jsonl(number: int) -> bytes:
    """Return one line of a file to import."""
    each = record(number)
    return msgspec.json.encode(Line(kind=each.kind, side=each.side, basis=each.basis, claims=each.claims)) + b"\n"


def rows() -> Iterator[Row]:
    """Measure, and return the rows."""
    with tempfile.TemporaryDirectory() as name:
        yield _import(Path(name))
    yield _demo()


def _import(folder: Path) -> Row:
    file = folder / "records.jsonl"
    with file.open("wb") as data:
        data.writelines(map(jsonl, range(LINES)))
    desk = make_desk(folder, "west", "IR", exercise=True)

    def lines():
        with file.open("rb") as data:
            yield from read_json_lines(data)

    took = seconds(lambda: import_records(desk.node, desk.officers["duty"], lines))
    desk.store.close()
    plain = sqlite3.connect(folder / "plain.db")
    plain.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT)")

    def insert() -> None:
        with file.open("rb") as data:
            plain.executemany("INSERT INTO record (body) VALUES (?)", ((line.decode(),) for line in data))
        plain.commit()

    baseline = seconds(insert)
    plain.close()
    return Row(what=f"{LINES:,} records imported: checked, signed, journaled, indexed, committed", value=took, unit="s", baseline=baseline,
               against="the same lines as rows of one plain SQLite table", repeats=1, more={"records_a_second": round(LINES / took)})  # fmt: skip


def _demo() -> Row:
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "hamsaya", "demo", "--check", "--json", "--folder", f"{name}/demo"]
        took = sorted(seconds(lambda: subprocess.run(["rm", "-rf", f"{name}/demo"], check=True) and subprocess.run(command, check=True, capture_output=True))
                      for _ in range(3))[1]  # fmt: skip
    empty = sorted(
        seconds(lambda: subprocess.run([sys.executable, "-m", "hamsaya", "--version"], check=True, capture_output=True)) for _ in range(3)
    )[1]
    return Row(
        what="the demonstration, end to end, two nodes as processes", value=took, unit="s", baseline=empty, against="`hamsaya --version`", repeats=3
    )

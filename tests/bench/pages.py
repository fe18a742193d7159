# SPDX-License-Identifier: Apache-2.0
"""A page of 100 records among many, over HTTP on loopback, beside Datasette over a plain copy of the same rows.

Both servers have the same one core and are asked in turns, the client has the others. Pages are at random places of the list, by keyset on both
sides; Datasette counts no rows and suggests no facets, which spares it work. Besides the clock, the processor time that
the server took is told: it does not change when the machine is busy with something else.
"""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.measure import Row, quantile
from bench.million import FOLDER, RECORDS, open_many, plain_copy

ROUNDS = int(os.environ.get("HAMSAYA_BENCH_ROUNDS", "20"))
EACH = 20
_CORES = sorted(os.sched_getaffinity(0))
REQUESTS = ROUNDS * EACH
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Timed:
    """What the requests to one server took."""

    def __init__(self) -> None:
        self.each_s: list[float] = []
        self.cpu_s = 0.0

    p50 = property(lambda self: quantile(self.each_s, 0.5) * 1e3)
    p99 = property(lambda self: quantile(self.each_s, 0.99) * 1e3)
    cpu = property(lambda self: self.cpu_s / len(self.each_s) * 1e3)

    def told(self) -> dict[str, float]:
        return {"p50_ms": round(self.p50, 2), "p99_ms": round(self.p99, 2), "cpu_ms": round(self.cpu, 2)}


def rows() -> Iterator[Row]:
    """Measure, and return the rows."""
    desk, _ = open_many()
    copy = FOLDER / "plain.db"
    if not copy.exists():
        plain_copy(desk, copy)
    desk.store.close()
    ours = {what: Timed() for what in _OURS}
    others = {what: Timed() for what in _THEIRS}
    port = _free_port()
    settings = ["--setting", "suggest_facets", "off", "--setting", "num_sql_threads", "1"]
    command = [sys.executable, "-m", "datasette", "serve", str(copy), "--host", "127.0.0.1", "--port", str(port), *settings]
    with (
        _served([sys.executable, "-m", "bench.served"]) as (here, our_pid), httpx.Client(base_url=here, timeout=60) as mine,
        _served(command, f"http://127.0.0.1:{port}") as (there, their_pid), httpx.Client(base_url=there, timeout=60) as theirs,
    ):  # fmt: skip
        mine.post("/login", data={"login": "reader", "password": "for measuring only"}, headers={"accept": "application/json"}).raise_for_status()
        for number in range(ROUNDS + 1):  # in turns, so that what else the machine does falls on both alike; the first round warms up
            for what, (path, headers) in _OURS.items():
                _time(ours[what], mine, our_pid, path, headers, number)
                if what in _THEIRS:
                    _time(others[what], theirs, their_pid, _THEIRS[what], {}, number)
    for what in ("HTML", "JSON"):
        mine, theirs = ours[what], others[what]
        for name, value, baseline in (("p50", mine.p50, theirs.p50), ("p99", mine.p99, theirs.p99), ("processor time", mine.cpu, theirs.cpu)):
            yield Row(what=f"page of 100 records of {RECORDS:,}, {what}, {name}", value=value, unit="ms", baseline=baseline, against="Datasette",
                      repeats=REQUESTS, more={"hamsaya": mine.told(), "datasette": theirs.told()})  # fmt: skip
    for what in _OURS:
        if what not in others:
            mine = ours[what]
            yield Row(what=f"{what} of {RECORDS:,}, p50", value=mine.p50, unit="ms", baseline=others["HTML"].p50, against="Datasette's plain page",
                      repeats=REQUESTS, more={"hamsaya": mine.told()})  # fmt: skip


_HTML, _JSON = {"accept": "text/html"}, {"accept": "application/json"}
_OURS: dict[str, tuple[Callable[[int], str], dict[str, str]]] = {
    "HTML": (lambda place: f"/records?after={place}", _HTML),
    "JSON": (lambda place: f"/records?after={place}", _JSON),
    "page of one kind and side": (lambda place: f"/records?kind=warning&side=IR&after={place}", _HTML),
    "page of an area of 1° × 1°": (lambda place: f"/records?bbox={61 + place % 2}.0,{26 + place % 2}.0,{62 + place % 2}.0,{27 + place % 2}.0", _HTML),
    "page of an area and a month": (
        lambda place: f"/records?bbox=61.0,26.0,63.0,29.0&since=20{18 + place % 7}-05-01&until=20{18 + place % 7}-05-31",
        _HTML,
    ),
    "page of 25 hits of a search": (lambda place: f"/search?q=ridge+{100 + 8 * (place % 4)}&after={place}", _HTML),
    "page of 100 incidents": (lambda place: f"/incidents?after={place}", _HTML),
}


_THEIRS: dict[str, Callable[[int], str]] = {
    "HTML": lambda place: f"/plain/record?_size=100&_nocount=1&_next={place}",
    "JSON": lambda place: f"/plain/record.json?_size=100&_nocount=1&_next={place}",
}


def _time(told: Timed, client: httpx.Client, pid: int, path: Callable[[int], str], headers: dict[str, str], number: int) -> None:
    """Ask for the pages of one round; of the first, nothing is kept."""
    dice = random.Random(number)  # noqa: S311  (dice for places in a list)
    before = _cpu_s(pid)
    for _ in range(EACH):
        here = path(dice.randrange(200, RECORDS))
        started = time.perf_counter()
        answer = client.get(here, headers=headers)
        took = time.perf_counter() - started
        if answer.status_code != 200 or len(answer.content) < 10_000:
            raise SystemExit(f"{here}: {answer.status_code} {answer.text[:300]}")
        if number:
            told.each_s.append(took)
    if number:
        told.cpu_s += _cpu_s(pid) - before


@contextmanager
def _served(command: list[str], address: str = "") -> Iterator[tuple[str, int]]:
    """Run a server on the last core, this process on the others; give its address and process id."""
    if len(_CORES) > 1:
        os.sched_setaffinity(0, set(_CORES[:-1]))
    told = subprocess.DEVNULL if address else subprocess.PIPE  # a pipe that nobody reads fills up, and stops who writes
    process = subprocess.Popen(command, stdout=told, stderr=subprocess.DEVNULL, text=True,
                               preexec_fn=lambda: os.sched_setaffinity(0, {_CORES[-1]}))  # fmt: skip  # noqa: PLW1509
    try:
        if not address:
            found = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
            address = found[0] if found else ""
        for _ in range(600):
            try:
                httpx.get(address, timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()
        os.sched_setaffinity(0, set(_CORES))


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port

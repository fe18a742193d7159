# SPDX-License-Identifier: Apache-2.0
"""How long a flash report takes to its receipt over a link that stalls 30 % of what it carries and drops every 20 s.

The link is a proxy in this process, which needs no right to make networks: a chunk that is lost waits as TCP would wait for it to be
sent again (0.2 s, doubled each time it is lost again), and every 20 s each connection is cut in the middle of whatever it carries.
"""

from __future__ import annotations

import random
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bench.measure import Row, quantile
from bench.throughput import free_port, two_nodes
from hamsaya.desk.distress import send_distress
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.values import Place

CALLS = 20
TARGET_S = 120
LOSS = 0.3
DROP_EVERY_S = 20
AGAIN_S = 2


def rows() -> Iterator[Row]:
    """Measure, and return the rows."""
    took: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        near, far = free_port(), []

        def address(port: int) -> str:
            far.append(port)
            stack.enter_context(_bad_link(near, port, bad := threading.Event()))
            stack.callback(bad.set)
            links.append(bad)
            return f"127.0.0.1:{near}"

        links: list[threading.Event] = []
        west, sync = stack.enter_context(two_nodes(folder, address))
        links[0].set()  # trust and agreement were made over a good link
        for number in range(CALLS):
            time.sleep(number % 4)  # so that calls fall on every part of the 20 s
            started = time.perf_counter()
            (held,) = send_distress(west.node, west.officers["duty"], Call(what=["medical"], place=Place(words="Mirjaveh", precision="settlement")))
            while not _is_receipted(west, held.case):
                with suppress(HamsayaError):
                    sync()
                    continue
                time.sleep(AGAIN_S)
            took.append(time.perf_counter() - started)
    for name, value in (("p50", quantile(took, 0.5)), ("p90", quantile(took, 0.9)), ("the slowest", max(took))):
        yield Row(what=f"flash report to its receipt over the bad link, {name}", value=value, unit="s", baseline=TARGET_S, against="the target",
                  repeats=CALLS)  # fmt: skip


def _is_receipted(west, case: str) -> bool:
    with west.store.reading() as book:
        return next(held.receipted_at for held in book.calls() if held.case == case) is not None


@contextmanager
def _bad_link(near: int, far: int, bad: threading.Event) -> Iterator[None]:
    """Carry what is sent to port `near` on to port `far`; badly, once `bad` is set."""
    listening, over, open_now = socket.create_server(("127.0.0.1", near)), threading.Event(), set()

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1400):
                wait = 0.2
                while bad.is_set() and random.random() < LOSS:  # noqa: S311  (a bad link, no secret)
                    time.sleep(wait)
                    wait *= 2
                sink.sendall(data)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                came, _ = listening.accept()
                on = socket.create_connection(("127.0.0.1", far))
                open_now.update((came, on))
                for source, sink in ((came, on), (on, came)):
                    threading.Thread(target=carry, args=(source, sink), daemon=True).start()

    def cut() -> None:
        while not over.wait(DROP_EVERY_S):
            for each in [*open_now] if bad.is_set() else []:
                open_now.discard(each)
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()

    for job in (accept, cut):
        threading.Thread(target=job, daemon=True).start()
    try:
        yield
    finally:
        over.set()
        listening.close()

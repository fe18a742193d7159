# SPDX-License-Identifier: Apache-2.0
"""A node's gate as a process of its own, and what two processes have used: `python -m bench.apart FOLDER` serves until its input ends."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hamsaya.assemble.node import Opened, open_node
from hamsaya.assemble.serving import _gate_context, _server, _Shown, listen_on, settle
from hamsaya.courier.pinned import IDLE_S
from hamsaya.gate import create_gate

_TICKS = os.sysconf("SC_CLK_TCK")
_MB = 1e6


class Used:
    """What this process and another one have used since it was made."""

    def __init__(self, other: int) -> None:
        self.processes = (os.getpid(), other)
        self._before = self._cpu_s()

    def cpu_s(self) -> float:
        """Return the seconds of processor time, user and system, of both together."""
        return self._cpu_s() - self._before

    def resident_mb(self) -> list[float]:
        """Return the megabytes that each of them holds in memory."""
        return [_resident(pid) / _MB for pid in self.processes]

    def _cpu_s(self) -> float:
        return sum(map(_cpu, self.processes))


def _cpu(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(told[11]) + int(told[12])) / _TICKS


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


@contextmanager
def served(opened: Opened) -> Iterator[None]:
    """Serve the node's gate from a thread of this process."""
    context = _gate_context(opened)
    server = _server(create_gate(opened.node), ssl_context_factory=lambda *_: context, http=_Shown, timeout_keep_alive=IDLE_S + 5)
    listening = listen_on("127.0.0.1", opened.settings.gate.port)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield
    server.should_exit = True
    thread.join(timeout=10)


@contextmanager
def served_apart(folder: Path, port: int) -> Iterator[int]:
    """Serve the gate of the node in `folder` from a process of its own; gives its number."""
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "bench.apart", str(folder)], stdin=subprocess.PIPE)
    try:
        wait_for(port)
        yield process.pid
    finally:
        process.communicate(timeout=30)


def wait_for(port: int) -> None:
    """Return once something listens on the port of this machine. Raises `TimeoutError`."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens on {port}")


if __name__ == "__main__":
    with open_node(Path(sys.argv[1])) as _opened, served(_opened):
        settle()  # as a served node does
        sys.stdin.read()

# SPDX-License-Identifier: Apache-2.0
"""Several processes of one node behind one desk and one gate, on PostgreSQL. This one listens, starts them and watches them.

- The children take callers from the same two sockets; they share logins, leases and what was said to neighbours in the store.
- A child that ends by itself is replaced, after a wait that grows while it keeps ending.
- SIGTERM and Ctrl-C stop all. A child also stops when this process is gone, however it went: it holds the far end of a pipe.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from socket import socket
from types import FrameType
from typing import Final

from hamsaya.facts.words import Text, say

STOP_S: Final = 8
_WATCH_S: Final = 0.3
_LONGEST_WAIT_S: Final = 60
_STEADY_S: Final = 10
"""A child that lived as long is not failing at its start."""


class _Child:
    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start, self._failures, self._not_before = start, 0, 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self._since = 0.0

    def keep_alive(self, tell: Callable[[Text], None]) -> None:
        now = time.monotonic()
        if self.process is not None and (code := self.process.poll()) is not None:
            self.process = None
            self._failures = 1 if now - self._since > _STEADY_S else self._failures + 1
            self._not_before = now + (0 if self._failures == 1 else min(2**self._failures, _LONGEST_WAIT_S))
            tell(say("A process of this node ended by itself ({code}); another takes its place.", code=code))
        if self.process is None and now >= self._not_before:
            self.process, self._since = self._start(), now


def serve_as_several(folder: Path, count: int, desk: socket, gate: socket, tell: Callable[[Text], None]) -> None:
    """Serve with `count` processes until SIGINT or SIGTERM; return when none of them is left."""
    alive, ours = os.pipe()
    files = (desk.fileno(), gate.fileno(), alive)
    command = [sys.executable, "-m", "hamsaya", "serve", "--node", str(folder.absolute()), "--worker", ",".join(map(str, files))]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, pass_fds=files, stdin=subprocess.DEVNULL)  # noqa: S603  (our own command)

    stop = threading.Event()

    def stopping(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, stopping) for number in (signal.SIGINT, signal.SIGTERM)}
    children = [_Child(start) for _ in range(count)]
    try:
        while not stop.is_set():
            for child in children:
                child.keep_alive(tell)
            stop.wait(_WATCH_S)
    finally:
        os.close(ours)
        _end([child.process for child in children if child.process is not None])
        os.close(alive)
        for number, handler in before.items():
            signal.signal(number, handler)


def stop_with_parent(file: int, stop: Callable[[], None]) -> None:
    """Call `stop`, from a thread, when the process that started this one is gone. `file` is our end of its pipe."""

    def watch() -> None:
        os.read(file, 1)  # nothing is ever written: this returns when the other end is closed
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + STOP_S
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

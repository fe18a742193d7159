# SPDX-License-Identifier: Apache-2.0
"""The writers of one process take turns, in the order in which they came.

SQLite lets whoever asks at the right moment write, and who waits asks again only now and then: a thread that writes one act after the
other kept all others waiting, for as long as it went on. Between processes it is still so. A turn is no lock that anything
hangs on: who waited too long for its turn asks the database all the same, which says that it is busy.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Who writes now, and who waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, most_s: float) -> Iterator[None]:
        """Wait for the writers that came before, but for no more than `most_s` seconds, and let the next one go on afterwards."""
        mine = threading.Event()
        with self._lock:
            self._waiting.append(mine)
            self._waiting[0].set()
        try:
            mine.wait(most_s)
            yield
        finally:
            with self._lock:
                self._waiting.remove(mine)
                if self._waiting:
                    self._waiting[0].set()

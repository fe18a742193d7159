# SPDX-License-Identifier: Apache-2.0
"""Leases: a job is one process's at a time, whichever machine it runs on, and another's after it fell silent.

A lease stands in the store with its holder's name and an end. While the holder lives it is prolonged every few seconds; a
holder that was killed, or that lost the database, loses the lease `LASTS` later. What is done under a lease does no harm
when it is done twice: the lease saves work, it is no lock that the truth hangs on.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from hamsaya.desk.ports import Ledger
from hamsaya.facts.errors import HamsayaError

LASTS: Final = timedelta(seconds=60)
PROLONG_S: Final = 15
_LOG: Final = logging.getLogger("hamsaya.leases")


class Leases:
    """The leases of this process."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self.holder = secrets.token_hex(8)
        self._ledger, self._now = ledger, now
        self._held: set[str] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._prolong, name="leases", daemon=True)

    def start(self) -> None:
        """Begin to prolong what is held."""
        self._thread.start()

    def stop(self) -> None:
        """Prolong no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Hold the lease while the block runs. Gives False, and holds nothing, where another process holds it."""
        if not self._take(name):
            yield False
            return
        with self._lock:
            self._held.add(name)
        try:
            yield True
        finally:
            with self._lock:
                self._held.discard(name)
            try:
                with self._ledger.working() as work:
                    work.drop_lease(name, self.holder)
            except HamsayaError as error:
                _LOG.warning("a lease could not be given back, and ends by itself: %s", error)

    def _take(self, name: str) -> bool:
        now = self._now()
        with self._ledger.working() as work:
            return work.take_lease(name, self.holder, now, now + LASTS)

    def _prolong(self) -> None:
        while not self._stop.wait(PROLONG_S):
            with self._lock:
                names = sorted(self._held)
            for name in names:
                try:
                    self._take(name)
                except HamsayaError as error:
                    _LOG.warning("a lease could not be prolonged: %s", error)

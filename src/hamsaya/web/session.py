# SPDX-License-Identifier: Apache-2.0
"""Who is logged in, for how long, and how soon one may try again. In memory: a restart logs everyone out.

- A session ends 30 minutes after its last request, and 12 hours after login at the latest.
- The id is 256 random bits and new at every login; its CSRF token is another 256.
- After five failures, for one login or from one address, each further try waits twice as long as the one before. An
  address of this machine itself is not counted: everybody at this machine, or behind its proxy, has the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

import msgspec

from hamsaya.desk.holdings import Officer

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
FREE_FAILURES: Final = 5
FIRST_WAIT_S: Final = 2
LONGEST_WAIT_S: Final = 300
FORGET: Final = timedelta(minutes=30)
_ID_BYTES: Final = 32
_MOST_KEYS: Final = 20_000


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One login. `id` is the cookie's value; `csrf` must come back in every form."""

    id: str
    csrf: str
    officer: Officer
    began: datetime


class Sessions:
    """The open sessions."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._open: dict[str, tuple[Session, datetime]] = {}
        self._lock = Lock()

    def open(self, officer: Officer, now: datetime) -> Session:
        """Begin a session, and forget those that have ended."""
        session = Session(id=self._random(_ID_BYTES).hex(), csrf=self._random(_ID_BYTES).hex(), officer=officer, began=now)
        with self._lock:
            self._open = {key: value for key, value in self._open.items() if _lives(*value, now)}
            self._open[session.id] = (session, now)
        return session

    def find(self, session: str, now: datetime) -> Session | None:
        """Return the session of that id if it has not ended, and count this as its last request."""
        with self._lock:
            found = self._open.get(session)
            if found is None or not _lives(*found, now):
                self._open.pop(session, None)
                return None
            self._open[session] = (found[0], now)
            return found[0]

    def close(self, session: str) -> None:
        """End the session. One that is not open stays so."""
        with self._lock:
            self._open.pop(session, None)


class Attempts:
    """Failed logins by key: a login, or an address."""

    def __init__(self) -> None:
        self._failed: dict[str, tuple[int, datetime]] = {}
        self._lock = Lock()

    def wait_s(self, keys: list[str], now: datetime) -> int:
        """Return how many whole seconds to wait before the next try, 0 for none."""
        with self._lock:
            return max((self._wait(_digest(key), now) for key in keys), default=0)

    def failed(self, keys: list[str], now: datetime) -> None:
        """Count a failure for each key."""
        with self._lock:
            if len(self._failed) > _MOST_KEYS:
                self._failed = {key: value for key, value in self._failed.items() if now - value[1] < FORGET}
            for key in map(_digest, keys):
                count, last = self._failed.get(key, (0, now))
                self._failed[key] = (1 if now - last >= FORGET else count + 1, now)

    def succeeded(self, keys: list[str]) -> None:
        """Forget the failures of these keys."""
        with self._lock:
            for key in map(_digest, keys):
                self._failed.pop(key, None)

    def _wait(self, key: str, now: datetime) -> int:
        count, last = self._failed.get(key, (0, now))
        if count < FREE_FAILURES or now - last >= FORGET:
            return 0
        wait = min(FIRST_WAIT_S * 2 ** min(count - FREE_FAILURES, 16), LONGEST_WAIT_S)
        left = last + timedelta(seconds=wait) - now
        return max(0, -(-left // timedelta(seconds=1)))


def _lives(session: Session, seen: datetime, now: datetime) -> bool:
    return now - seen < IDLE and now - session.began < ABSOLUTE


def _digest(key: str) -> str:
    """Return a short key of fixed length: what was typed as a login may be long, or a password typed by mistake."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

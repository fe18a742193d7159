# SPDX-License-Identifier: Apache-2.0
"""Who is logged in, for how long, and how soon one may try again. Kept in the store: a restart logs nobody out.

- A session ends 30 minutes after its last request (known to the minute, so at most one minute sooner), and 12 hours after
  login at the latest; and when its account is changed.
- A session that is locked, because nobody touched the page for a while, reads and does nothing until the password is given again. No
  request counts as its last one meanwhile, so that it ends in its time.
- The id is 256 random bits and new at every login; the store keeps its hash only. Its CSRF token is another 256.
- After five failures, for one login or from one address, each further try waits twice as long as the one before. An
  address of this machine itself is not counted: everybody at this machine, or behind its proxy, has the same one.
- All processes of a node share this, so that a login at one of them counts at every other.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hamsaya.desk.holdings import Officer
from hamsaya.desk.ports import Ledger
from hamsaya.desk.working import Failures
from hamsaya.facts.errors import HamsayaError

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
SLACK: Final = timedelta(minutes=5)
"""How far this machine's clock may step back without a session ending."""
FREE_FAILURES: Final = 5
FIRST_WAIT_S: Final = 2
LONGEST_WAIT_S: Final = 300
FORGET: Final = timedelta(minutes=30)
_ID_BYTES: Final = 32
_SEEN_EVERY: Final = timedelta(minutes=1)
"""A page costs no write, but for the first in a minute."""
_LOG: Final = logging.getLogger("hamsaya.web")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One login. `id` is the cookie's value; `csrf` must come back in every form."""

    id: str
    csrf: str
    officer: Officer
    began: datetime
    locked: bool = False


class Sessions:
    """The open sessions."""

    def __init__(self, ledger: Ledger, random: Callable[[int], bytes]) -> None:
        self._ledger, self._random = ledger, random

    def open(self, officer: Officer, now: datetime) -> Session:
        """Begin a session, and forget those that have ended."""
        session = Session(id=self._random(_ID_BYTES).hex(), csrf=self._random(_ID_BYTES).hex(), officer=officer, began=now)
        with self._ledger.working() as work:
            work.close_sessions(seen_until=now - IDLE, began_until=now - ABSOLUTE)
            work.open_session(_hash(session.id), session.csrf, officer.login, now)
        return session

    def find(self, session: str, now: datetime) -> Session | None:
        """Return the session of that id if it has not ended, and count this as its last request."""
        if not session:
            return None
        digest = _hash(session)
        with self._ledger.reading() as book:
            found = book.session(digest)
        if found is None or now - found.seen >= IDLE or now - found.began >= ABSOLUTE or found.seen - now > SLACK:
            return None  # a clock that was set back must not make it live longer
        if now - found.seen >= _SEEN_EVERY and not found.locked:
            self._see(digest, now)
        return Session(id=session, csrf=found.csrf, officer=found.officer, began=found.began, locked=found.locked)

    def lock(self, session: str) -> None:
        """Lock the session: it stays open, and nothing may be read or done in it."""
        with self._ledger.working() as work:
            work.lock_session(_hash(session), locked=True)

    def unlock(self, session: str, now: datetime) -> None:
        """Go on with a locked session. Its last request is this one."""
        with self._ledger.working() as work:
            work.lock_session(_hash(session), locked=False)
            work.see_session(_hash(session), now)

    def close(self, session: str) -> None:
        """End the session. One that is not open stays so."""
        with self._ledger.working() as work:
            work.close_session(_hash(session))

    def _see(self, digest: str, now: datetime) -> None:
        try:
            with self._ledger.working() as work:
                work.see_session(digest, now)
        except HamsayaError as error:
            _LOG.warning("the last request of a session could not be noted: %s", error)  # the next one tries again


class Attempts:
    """Failed logins by key: a login, or an address."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def wait_s(self, keys: list[str], now: datetime) -> int:
        """Return how many whole seconds to wait before the next try, 0 for none."""
        with self._ledger.reading() as book:
            return max((_wait(each, now) for each in book.failures([_digest(key) for key in keys]).values()), default=0)

    def failed(self, keys: list[str], now: datetime) -> None:
        """Count a failure for each key."""
        with self._ledger.working() as work:
            work.count_failure([_digest(key) for key in keys], now, forget_until=now - FORGET)

    def succeeded(self, keys: list[str]) -> None:
        """Forget the failures of these keys."""
        digests = [_digest(key) for key in keys]
        with self._ledger.reading() as book:
            counted = book.failures(digests)
        if counted:
            with self._ledger.working() as work:
                work.forget_failures(digests)


def _wait(failures: Failures, now: datetime) -> int:
    if failures.count < FREE_FAILURES or now - failures.last >= FORGET or failures.last - now > SLACK:
        return 0  # the clock was set back: one more try, and the next failure counts from the time that it is now
    wait = min(FIRST_WAIT_S * 2 ** min(failures.count - FREE_FAILURES, 16), LONGEST_WAIT_S)
    left = failures.last + timedelta(seconds=wait) - now
    return max(0, -(-left // timedelta(seconds=1)))


def _hash(session: str) -> str:
    """Return what the store keeps of a session's id. It is 256 random bits: a plain hash cannot be guessed back."""
    return hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()


def _digest(key: str) -> str:
    """Return a short key of fixed length: what was typed as a login may be long, or a password typed by mistake."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

# SPDX-License-Identifier: Apache-2.0
"""The courier's rounds: every `sync_every_s` seconds, and at once when something was logged; after a failure less and less often.

With each round names at meetings that have ended are deleted (`desk/attendance.py`).

A call of distress or a STOP that is not receipted is tried again every few seconds, whoever logged it (law 2); so is a release of a kind
whose table says so (`Course.hurried`): a call of the hotline (F26), a notice of pursuit.

A node may run as several processes, on several machines even. Each makes rounds; a neighbour is visited by one of them at a
time (a lease), and not again before its time unless something waits. What is known of each link stands in the store
(`desk/contacts.py`), so that every desk shows the same and a restart forgets nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from hamsaya.assemble.leases import Leases
from hamsaya.assemble.node import Opened
from hamsaya.courier.pinned import PinnedCourier
from hamsaya.desk.attendance import forget_ended_names
from hamsaya.desk.contacts import is_due, note_failed
from hamsaya.desk.converse import synchronise
from hamsaya.desk.holdings import Party
from hamsaya.desk.working import Contact
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Text, say
from hamsaya.settlement.courses import HURRIED

_URGENT_S: Final = 2
"""How soon what is urgent and not receipted is tried again; each failure doubles it, up to `_URGENT_MOST_S`."""
_URGENT_MOST_S: Final = 15
_URGENT_DOUBLINGS: Final = 8
_SOON_S: Final = 1
"""How soon to try again where another process is with the neighbour while something waits."""
_STAY_S: Final = 1
"""How long a neighbour for which more and more is let go is visited under one lease, while no other neighbour waits."""
Exchange = Callable[[Party, bytes], bytes]


class Rounds:
    """The rounds of this process."""

    def __init__(self, opened: Opened, leases: Leases, tell: Callable[[Text], None], exchange: Exchange | None = None) -> None:
        """Take the node whose neighbours are visited, its leases, whom to tell what went wrong, and what carries a bundle."""
        self._opened, self._leases, self._tell = opened, leases, tell
        self._exchange = exchange or PinnedCourier(opened.keys.tls_cert, opened.keys.tls_key).exchange
        self._go, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._hurried: set[str] = set()

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def stop(self) -> None:
        """End the rounds; one that is under way is cut off without harm."""
        self._stop.set()
        self._go.set()
        self._thread.join(timeout=2)

    def hurry(self, party: str) -> None:
        """Visit this neighbour now: something waits for it."""
        self._hurried.add(party)
        self._go.set()

    def visit_all(self) -> None:
        """Visit each neighbour that is due or that something waits for."""
        hurried, self._hurried = self._hurried, set()
        try:
            forget_ended_names(self._opened.node)
            with self._opened.store.reading() as book:
                names = [party.card.party for party in book.parties() if not party.own]
                before = {each.neighbour: each for each in book.contacts()}
                urgent = {*book.unreceipted_distress(), *book.awaited_by(HURRIED)}
            for name in sorted(names, key=lambda each: each not in urgent):
                hurry = name in hurried or (name in urgent and self._again(before.get(name)))
                self._visit(name, before.get(name), hurried=hurry)
        except HamsayaError as error:
            self._hurried |= hurried
            self._tell(error.what)

    def _run(self) -> None:
        every = self._opened.node.pace.every_s
        while not self._stop.is_set():
            self._go.wait(timeout=_SOON_S if self._hurried else min(every, _URGENT_S) if every else _URGENT_S)
            self._go.clear()
            if not self._stop.is_set():
                self.visit_all()

    def _again(self, before: Contact | None) -> bool:
        """Say whether what is urgent and not receipted is tried now: at first at once, then less and less often."""
        failures = before.failures if before else 0
        wait = timedelta(seconds=min(_URGENT_S * 2 ** min(failures, _URGENT_DOUBLINGS), _URGENT_MOST_S))
        now = self._opened.node.now()
        return before is None or before.tried is None or now - before.tried >= wait or now < before.tried

    def _visit(self, name: str, before: Contact | None, *, hurried: bool) -> None:
        if not hurried and not is_due(self._opened.node, before):
            return
        with self._leases.held(f"visit/{name}") as mine:
            if not mine:
                self._hurried |= {name} if hurried else set()
                return
            what, until = self._talk(name), time.monotonic() + _STAY_S
            while what is None and self._hurried == {name} and not self._stop.is_set() and time.monotonic() < until:
                self._hurried.discard(name)  # what was let go meanwhile goes together
                what = self._talk(name)
        standing = (before.failure if before.failures else before.warning) if before else None
        if what is not None and what != standing:
            self._tell(what)

    def _talk(self, name: str) -> Text | None:
        """Visit a neighbour; return what to tell of it. `synchronise` keeps what came of it."""
        try:
            return synchronise(self._opened.node, name, self._exchange).warning()
        except HamsayaError as error:
            return error.what
        except Exception as error:  # noqa: BLE001  (one neighbour must not end the rounds to all others)
            what = say("The courier met an error of its own with {party}: {why}", party=name, why=type(error).__name__)
            note_failed(self._opened.node, name, what)
            return what

# SPDX-License-Identifier: Apache-2.0
"""The courier's rounds: every `sync_every_s` seconds, and at once when something was logged.

A call of distress or a STOP that is not receipted is tried again every few seconds, whoever logged it (law 2).

A node may run as several processes, on several machines even. Each makes rounds; a neighbour is visited by one of them at a
time (a lease), and not again before its time unless something waits. What came of the last visit stands in the store, so
that every desk shows the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from hamsaya.assemble.leases import Leases
from hamsaya.assemble.node import Opened
from hamsaya.courier.pinned import PinnedCourier
from hamsaya.desk.converse import synchronise
from hamsaya.desk.holdings import Party
from hamsaya.desk.working import Contact
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Text, say
from hamsaya.web import LinkState

_URGENT_S: Final = 2
"""How soon a call of distress that is not receipted is tried again; each failure doubles it, up to `_URGENT_MOST_S`."""
_URGENT_MOST_S: Final = 15
_SOON_S: Final = 1
"""How soon to try again where another process is with the neighbour while something waits."""
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
        self._failures: dict[str, int] = {}
        """How often in a row a neighbour was not reached while a call of distress waited for it."""

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

    def state(self) -> list[LinkState]:
        """Return per neighbour when it was last reached, and what to warn of."""
        with self._opened.store.reading() as book:
            return [LinkState(neighbour=each.neighbour, last_contact=each.reached, warning=each.warning) for each in book.contacts()]

    def visit_all(self) -> None:
        """Visit each neighbour that is due or that something waits for."""
        hurried, self._hurried = self._hurried, set()
        try:
            with self._opened.store.reading() as book:
                names = [party.card.party for party in book.parties() if not party.own]
                before = {each.neighbour: each for each in book.contacts()}
                urgent = set(book.unreceipted_distress())
            for name in sorted(names, key=lambda each: each not in urgent):
                hurry = name in hurried or (name in urgent and self._again(name, before.get(name)))
                self._visit(name, before.get(name), hurried=hurry)
        except HamsayaError as error:
            self._hurried |= hurried
            self._tell(error.what)

    def _run(self) -> None:
        every = self._opened.settings.sync_every_s
        while not self._stop.is_set():
            self._go.wait(timeout=_SOON_S if self._hurried else min(every, _URGENT_S) if every else _URGENT_S)
            self._go.clear()
            if not self._stop.is_set():
                self.visit_all()

    def _again(self, name: str, before: Contact | None) -> bool:
        """Say whether a call of distress that is not receipted is tried now: at first at once, then less and less often."""
        wait = min(_URGENT_S * 2 ** min(self._failures.get(name, 0), 8), _URGENT_MOST_S)
        now = self._opened.node.now()
        return before is None or now - before.tried >= timedelta(seconds=wait) or now < before.tried

    def _visit(self, name: str, before: Contact | None, *, hurried: bool) -> None:
        now = self._opened.node.now()
        every = self._opened.settings.sync_every_s
        due = every > 0 and (before is None or now - before.tried >= timedelta(seconds=every) or now < before.tried)
        if not due and not hurried:
            return
        with self._leases.held(f"visit/{name}") as mine:
            if not mine:
                self._hurried |= {name} if hurried else set()
                return
            contact = self._talk(name, before)
            self._failures[name] = 0 if contact.reached is not None and contact.reached >= contact.tried else self._failures.get(name, 0) + 1
            with self._opened.store.working() as work:
                work.note_contact(contact)
        if contact.warning is not None and (before is None or before.warning != contact.warning):
            self._tell(contact.warning)

    def _talk(self, name: str, before: Contact | None) -> Contact:
        tried = self._opened.node.now()
        reached = before.reached if before else None
        what: Text | None
        try:
            done = synchronise(self._opened.node, name, self._exchange)
            reached, what = self._opened.node.now(), done.warning()
        except HamsayaError as error:
            what = error.what
        except Exception as error:  # noqa: BLE001  (one neighbour must not end the rounds to all others)
            what = say("The courier met an error of its own with {party}: {why}", party=name, why=type(error).__name__)
        return Contact(neighbour=name, tried=tried, reached=reached, warning=what)

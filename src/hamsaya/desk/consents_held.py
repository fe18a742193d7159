# SPDX-License-Identifier: Apache-2.0
"""A request for consent with the answers to it, as a node holds it: its own, or one that a neighbour sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from hamsaya.exchange.consents import Consent, ConsentAsked
from hamsaya.facts.records import Derived

ConsentState = Literal["waiting", "granted", "refused", "revoked", "expired"]


class ConsentHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its signed answers, the first first."""

    asker: str
    originator: str
    asked: ConsentAsked
    own_record: str
    """The asker's own record that rests on it; empty at the originator, and where a restored node no longer knows."""
    answers: list[Consent]
    envelopes: list[str]

    @property
    def link(self) -> Derived:
        """Return what is asked about."""
        return Derived(record=self.asked.record, version=self.asked.version, party=self.originator)

    @property
    def last(self) -> Consent | None:
        """Return the answer that holds."""
        return self.answers[-1] if self.answers else None

    def state(self, now: datetime) -> ConsentState:
        """Return what has become of it."""
        if self.last is None:
            return "waiting"
        if self.last.granted:
            return "granted" if self.last.holds(now) else "expired"
        return "revoked" if any(answer.granted for answer in self.answers) else "refused"

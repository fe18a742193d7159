# SPDX-License-Identifier: Apache-2.0
"""Acts of the journal on the life of agreements, and on releases that wait for it."""

from __future__ import annotations

import msgspec

from hamsaya.desk.event import Event
from hamsaya.facts.words import Text


class AgreementActed(Event, frozen=True, kw_only=True):
    """A party suspended, resumed or withdrew an agreement, or declined a text of it; made here or imported from a file."""

    agreement: str
    act: str
    """The signed act."""


class ReleaseDelayed(Event, frozen=True, kw_only=True):
    """A release waits until its agreement is in force (again): approved and not logged, or logged and not receipted."""

    release: str
    reason: Text
    standing: str
    """The standing of its agreement, as it was evaluated then (invariant 8)."""
    rule: str = "in-force"
    """Another rule where the agreement refuses it now and it had been sent, unreceipted: its content goes out no more, and is kept."""


class Leaving(msgspec.Struct, frozen=True):
    """A release, and its entry in the log of releases."""

    release: str
    seq: int


class ReleaseSent(Event, frozen=True, kw_only=True):
    """Entries of releases went into a bundle for the first time: from then on nobody can say that they never left."""

    log: str
    sent: list[Leaving]

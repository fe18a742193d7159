# SPDX-License-Identifier: Apache-2.0
"""What a node holds of matters: the moves on them, its own and those of neighbours, and all that tells how they stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from hamsaya.desk.calls import CallHeld
from hamsaya.desk.holdings import RecordHeld, RefusalHeld
from hamsaya.seal.entries import Entry

_T = TypeVar("_T")


class MoveHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A signed move on the matter that record `matter` opened, by party `by`, and the entry of the log that brought it."""

    matter: str
    by: str
    party: str
    """The neighbour with whom it is."""
    move: str
    ref: str
    seen: str
    on: str
    office: str
    at: datetime
    log: str
    seq: int
    received_at: datetime | None
    """When the other side had it, as its first receipt says; None while none is here."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A release of a record that left for a neighbour, or came from one, with what both sides did about it."""

    record: str
    party: str
    """The neighbour."""
    ours: bool
    entry: Entry
    """Its content is None where it was erased on either side, or is to be."""
    quarantined: bool
    acknowledged: tuple[str, datetime] | None
    """By which office of the receiver, and when."""
    recalled: tuple[str, datetime] | None
    received_at: datetime | None
    """When the receiver had it, as its first receipt says; None while none is here."""


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """All that is here about several records that may open matters. What is asked of one is asked of all at once."""

    versions: Mapping[str, Sequence[RecordHeld]]
    answers: Mapping[str, Sequence[RecordHeld]]
    """By record, the latest standing version of each record that answers it, oldest first."""
    passages: Mapping[str, Sequence[Passage]]
    """By record, of those records and of their answers, how they left or came, in the order of the journal."""
    moves: Mapping[str, Sequence[MoveHeld]]
    calls: Mapping[str, Sequence[CallHeld]]
    refusals: Mapping[str, Sequence[RefusalHeld]]


class MatterBook(Protocol):
    """Reading matters. Part of `desk.ports.Book`."""

    def openings(self, kinds: Collection[str]) -> list[tuple[str, str]]:
        """Return the records of these kinds, newest first: the record, and from whom it came (empty for our own)."""

    def acknowledged_in(self, log: str) -> Mapping[int, datetime]:
        """Return when officers of the receiver acknowledged the entries of a log of releases, as their own notices say, by number."""

    def moves_on(self, matters: Sequence[str]) -> Mapping[str, Sequence[MoveHeld]]:
        """Return the signed moves on each of these matters, in the order in which they came."""

    def gathered(self, what: str, gather: Callable[[], _T]) -> _T:
        """Return what `gather` gathers of all matters, asked `what`; it may be remembered while no act comes that may change how one stands."""

    def papers_of(self, records: Sequence[str], *, struck: bool = False) -> Papers:
        """Return all that is here about these records; with `struck` also the answers of which nothing stands any more.

        The number of statements does not hang on how many records there are.
        """

# SPDX-License-Identifier: Apache-2.0
"""Which version of an account went to which neighbour or came from it, when, and how far the account had come in it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec


class StageSent(msgspec.Struct, frozen=True, kw_only=True):
    """Entry `seq` of release log `log`, which brought version `version` of an account from its author to the other side of the link."""

    record: str
    version: int
    incident: str
    party: str
    """The neighbour: who has it from us, or whose it is."""
    ours: bool
    log: str
    seq: int
    at: datetime
    """The time on the signed entry."""
    stage: str
    stands: bool
    """False where it was taken back."""
    recalled_at: datetime | None = None
    """When it was taken back, as the recall says."""


class StageBook(Protocol):
    """Reading the stages of accounts. Part of `desk.ports.Book`."""

    def stages_sent(self, *, record: str = "", limit: int = 0, done: bool = False, before: datetime | None = None) -> list[StageSent]:
        """Return the releases of one account; or, without `record`, of those whose author may still owe a report.

        The newest `limit` releases of ours, and as many received accounts, are looked at. With `done` also those that have come to
        their end; a final version that was filed and not yet released is no end. With `before` those of all accounts that were released before then,
        as they stood at that time.
        """

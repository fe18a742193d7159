# SPDX-License-Identifier: Apache-2.0
"""Distress calls and STOPs as the desk reads them, and how far each has come.

    logged ──▶ receipted ──▶ seen ──▶ answered ──▶ over ──▶ reviewed

A call's condition is the last of these that this node can prove; what was skipped stays skipped (a call may be over before
anybody saw it).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

import msgspec

from hamsaya.facts.distress import SEEN, Call, CallKind

CallCondition = Literal["logged", "receipted", "seen", "answered", "over", "reviewed"]
CALL_CONDITIONS: Final[tuple[CallCondition, ...]] = ("logged", "receipted", "seen", "answered", "over", "reviewed")
REVIEW_WITHIN: Final = timedelta(hours=24)
"""How soon after a call is over another person says whether it was right."""


class CallStep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done about a call. `kind` is `answered`, `over` or `reviewed`; `code` may be one that only a newer program knows."""

    kind: str
    code: str
    party: str
    office: str
    at: datetime
    known_at: datetime
    minutes: int | None
    note: str
    """What a reviewer of this node wrote; it stays here."""


class CallHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A call, sent or received, and all that was done about it."""

    case: str
    kind: CallKind
    own: bool
    neighbour: str
    log: str
    seq: int
    call: Call
    office: str
    at: datetime
    known_at: datetime
    by: str
    """Login of the officer who sent it, empty for a neighbour's: another person reviews it."""
    receipted_at: datetime | None
    steps: list[CallStep]

    @property
    def condition(self) -> CallCondition:
        """Return the last condition that this node can prove."""
        for kind in ("reviewed", "over"):
            if self.step(kind) is not None:
                return kind
        if any(step.kind == "answered" and step.code != SEEN for step in self.steps):
            return "answered"
        if self.seen is not None:
            return "seen"
        return "receipted" if self.receipted_at is not None else "logged"

    @property
    def condition_at(self) -> datetime:
        """Return since when it is in that condition, as its maker's clock said."""
        condition = self.condition
        if condition in ("over", "reviewed"):
            step = self.step(condition)
            return step.at if step else self.at
        if condition == "answered":
            return next(step.at for step in self.steps if step.kind == "answered" and step.code != SEEN)
        if condition == "seen" and self.seen is not None:
            return self.seen.at
        return self.receipted_at or self.known_at

    @property
    def seen(self) -> CallStep | None:
        """Return the first sign that a person has seen it."""
        return self.step("answered")

    @property
    def over(self) -> CallStep | None:
        """Return by whom and how it was stood down."""
        return self.step("over")

    @property
    def review_due(self) -> datetime | None:
        """Return until when another person reviews it, or None where nobody of this node has to."""
        over = self.over
        return over.at + REVIEW_WITHIN if self.own and over is not None and self.step("reviewed") is None else None

    def step(self, kind: str) -> CallStep | None:
        """Return the first step of that kind."""
        return next((step for step in self.steps if step.kind == kind), None)


class CallBook(Protocol):
    """Reading what the ledger holds of calls."""

    def calls(self, *, cases: Sequence[str] | None = None, limit: int = 200) -> list[CallHeld]:
        """Return the calls, newest first, of these names if asked: at most `limit` from each neighbour, and as many to each."""

    def calls_open(self) -> list[CallHeld]:
        """Return the calls that page after page tells of: a neighbour's that nobody here has seen, and our own that are not over."""

    def calls_about(self, matters: Sequence[str]) -> list[CallHeld]:
        """Return all calls of both sides that name one of these matters, newest first by their signed times."""

    def calls_unseen(self) -> list[str]:
        """Return the names of a neighbour's calls that nobody here has seen. One light query."""

    def calls_waiting(self) -> tuple[int, int]:
        """Return how many calls nobody here has seen, and how much was ever said about calls: together they change when a page must."""

    def calls_sent_as(self, token: str) -> list[str]:
        """Return the calls that a form with this token became."""

    def unreceipted_distress(self) -> list[str]:
        """Return the neighbours who have not receipted all of our distress logs to them."""

    def distress_log_to(self, neighbour: str) -> str | None:
        """Return the distress log to write into, or None where this node was set back and has not begun one anew."""

# SPDX-License-Identifier: Apache-2.0
"""What the processes of one node must know of each other, and what a restart must not forget. None of it is evidence.

Working rows follow from no journal and prove nothing: who is logged in, how often a login failed, who visits which
neighbour just now, when each was last reached, which person holds an office that attends a meeting. `verify` checks the
shape of their tables, not their rows; a backup leaves them out; a store that is carried elsewhere begins without them. No
right follows from them: an officer's role is read from the accounts at every request.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from hamsaya.desk.holdings import Officer
from hamsaya.facts.words import Text


class SessionHeld(msgspec.Struct, frozen=True, kw_only=True):
    """An open session, found by the hash of its id; the id itself is only in the officer's cookie."""

    csrf: str
    officer: Officer
    """The account as it is now."""
    began: datetime
    seen: datetime
    """Its last request, to the minute."""
    locked: bool = False
    """Whether its page covered itself, and waits for the password."""


class Failures(msgspec.Struct, frozen=True, kw_only=True):
    """How often in a row a login failed, and when last."""

    count: int
    last: datetime


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """What a passkey was asked: for a login, or to be registered in the session of that hash under `name`."""

    until: datetime
    session: str = ""
    name: str = ""


Way = Literal["", "called", "answered", "file"]


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the link to a neighbour (`desk/contacts.py`): what it proved last, what failed last, and when it is tried next."""

    neighbour: str
    proven: datetime | None = None
    """When the neighbour last signed what came here, in whichever direction the link was made."""
    way: Way = ""
    """How that came: we `called`, we `answered` its call, or in a `file`."""
    tried: datetime | None = None
    """When this node last called."""
    failed: datetime | None = None
    failure: Text | None = None
    """Why the last call of ours that failed did so; it stays to be seen after the link is back."""
    failures: int = 0
    """How many calls of ours failed since contact was last proven."""
    due: datetime | None = None
    """When this node calls next."""
    warning: Text | None = None
    """What the last contact gave to warn of, such as a wrong clock."""


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """A job that one process has, until another may take it."""

    name: str
    holder: str
    until: datetime


class Attendee(msgspec.Struct, frozen=True, kw_only=True):
    """The name of who holds an office that attends a meeting, until it ends (`desk/attendance.py`)."""

    meeting: str
    office: str
    name: str
    until: datetime


class WorkingBook(Protocol):
    """Reading working rows; part of every book."""

    def session(self, digest: str) -> SessionHeld | None:
        """Return the session of that hash, or None. None also when its account was changed since it began."""

    def failures(self, digests: Sequence[str]) -> dict[str, Failures]:
        """Return the failures that are counted under these hashes."""

    def contacts(self) -> list[Contact]:
        """Return what is known of the link to each neighbour, by neighbour."""

    def leases(self, kind: str, now: datetime) -> list[Lease]:
        """Return the leases whose name begins with `kind` and a slash, and that have not ended."""

    def attendees(self, meeting: str, now: datetime) -> list[Attendee]:
        """Return the names at a meeting that have not ended, by office."""

    def has_ended_names(self, now: datetime) -> bool:
        """Say whether there is a name, at whatever meeting, that has ended and is not deleted yet."""


class Work(Protocol):
    """Changing working rows: all of it is committed together, or none. Takes no lock that a signed act waits for long."""

    def open_session(self, digest: str, csrf: str, login: str, now: datetime) -> None:
        """Begin a session."""

    def see_session(self, digest: str, now: datetime) -> None:
        """Note its last request."""

    def lock_session(self, digest: str, *, locked: bool) -> None:
        """Lock it, or open the lock. One that is not open stays so."""

    def close_session(self, digest: str) -> None:
        """End it. One that is not open stays so."""

    def close_sessions(self, *, seen_until: datetime, began_until: datetime) -> None:
        """End those whose last request or beginning is no later than these."""

    def count_failure(self, digests: Sequence[str], now: datetime, *, forget_until: datetime) -> None:
        """Count one more under each hash; those whose last is no later than `forget_until` are forgotten first."""

    def forget_failures(self, digests: Sequence[str]) -> None:
        """Forget what is counted under these hashes."""

    def give_challenge(self, digest: str, challenge: Challenge, now: datetime, *, most: int) -> None:
        """Keep what a passkey was asked; what is over is forgotten, and the oldest where there would be more than `most`."""

    def take_challenge(self, digest: str, now: datetime) -> Challenge | None:
        """Return what was asked under this hash, unless it is over, and forget it: nobody takes it twice."""

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take the lease, or prolong one's own, and say so; False while another holds it."""

    def drop_lease(self, name: str, holder: str) -> None:
        """Give it back. Another's stays."""

    def note_contact(self, contact: Contact) -> None:
        """Put this in the place of what was known of the link to the neighbour."""

    def note_attendee(self, attendee: Attendee) -> None:
        """Put this name in the place of the one at that office; no byte of that one stays."""

    def forget_attendee(self, meeting: str, office: str) -> bool:
        """Delete the name at that office, and say whether there was one; no byte of it stays."""

    def forget_ended_names(self, now: datetime) -> None:
        """Delete the names that have ended, at every meeting; no byte of them stays."""


class Workplace(Protocol):
    """Where working rows are."""

    def working(self) -> AbstractContextManager[Work]:
        """Give a way to change working rows; committed when the block ends, and nothing of it if the block raises."""

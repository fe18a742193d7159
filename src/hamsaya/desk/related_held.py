# SPDX-License-Identifier: Apache-2.0
"""What a node holds about how events stand to each other, by the word of its own officers; and the way to the accounts that may be of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from hamsaya.accounts.traces import Asked
from hamsaya.desk.holdings import RecordHeld

_T = TypeVar("_T")


class RelationHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word that `incident` led to `other` (`causes`) or answers it (`responds_to`). Names are those under which they go on now."""

    incident: str
    relation: str
    """A code of `accounts.connect.RELATIONS`."""
    other: str
    said_of: tuple[str, str]
    """The two names of which it was said; they differ from the above where an incident was linked since."""
    office: str
    at: datetime


class ApartHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word that a received account is of another event than its author says; it stands here under `incident`."""

    record: str
    received_from: str
    incident: str
    office: str
    at: datetime


class Nearby(NamedTuple):
    """An account that may be of about the same time and place, and the name under which its incident goes on here."""

    incident: str
    held: RecordHeld


class RelatedBook(Protocol):
    """Reading it."""

    def relations_of(self, incident: str) -> list[RelationHeld]:
        """Return what was said of an incident and others, from either end, oldest first."""

    def apart(self, record: str) -> ApartHeld | None:
        """Return that a received account was set apart here, None where it stands where its author puts it."""

    def weighed(self, what: str, names: Sequence[str], weigh: Callable[[str], _T]) -> dict[str, _T]:
        """Return what `weigh` says of each incident, asked `what`; it may be remembered while no account, incident or relation changes."""

    def nearby(self, kind: str, asked: Asked) -> list[Nearby]:
        """Return the latest standing accounts of a kind with these keys, each once; of many in one class the newest."""

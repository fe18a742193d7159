# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal when an officer says how two events stand to each other, and when one takes it back.

It never leaves the node: each side's links are its own.
"""

from __future__ import annotations

from typing import Final

from hamsaya.desk.event import Event


class IncidentRelated(Event, frozen=True, kw_only=True):
    """A person says that `incident` led to `other` (`causes`) or answers it (`responds_to`)."""

    incident: str
    relation: str
    other: str


class IncidentUnrelated(Event, frozen=True, kw_only=True):
    """A person takes that back."""

    incident: str
    relation: str
    other: str


class AccountSetApart(Event, frozen=True, kw_only=True):
    """A person says that an account received from a neighbour is of another event than its author says: it stands here under `incident`."""

    record: str
    received_from: str
    incident: str


class AccountPutBack(Event, frozen=True, kw_only=True):
    """A person takes that back: the account stands where its author puts it."""

    record: str
    received_from: str


EVENTS: Final[dict[str, type[Event]]] = {
    "incident.related": IncidentRelated, "incident.unrelated": IncidentUnrelated, "account.apart": AccountSetApart, "account.back": AccountPutBack,
}  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Acts of the journal on rights flags. They name accounts and hold nothing of what those say."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.event import Event


class Told(msgspec.Struct, frozen=True, omit_defaults=True, order=True):
    """A version of an account that tells of harm to civilians; `received_from` is the neighbour that sent it, empty for one of ours."""

    record: str
    version: int
    received_from: str = ""


class FlagRaised(Event, frozen=True, kw_only=True):
    """Accounts that tell of harm to civilians were filed or came: their incidents stand under a rights flag. No officer raises it."""

    told: list[Told]


class FlagClosed(Event, frozen=True, kw_only=True):
    """The rights officer closed the flag of an incident, as these accounts had raised it."""

    incident: str
    told: list[Told]
    reason: str


EVENTS: Final[dict[str, type[Event]]] = {"flag.raised": FlagRaised, "flag.closed": FlagClosed}
"""Their lines of `desk.events.EVENTS`."""

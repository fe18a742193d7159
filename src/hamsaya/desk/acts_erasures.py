# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about what is erased.

An entry whose content goes keeps its header, its signature and its place. What stands in the place of its content when the
journal is applied again is its *rest*: the same act without anything that was said. The rests stand in the act that erases.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.event import Event
from hamsaya.exchange.erasures import ErasureAsked, ErasureConfirmed


class Gone(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry, of the journal or of another log, whose content is erased, and its rest; none where nothing was applied of it."""

    log: str
    seq: int
    rest: str = ""


class ErasureOrdered(Event, frozen=True, kw_only=True):
    """The first half: an officer orders that a record of ours be erased. `reason` is one of a closed list."""

    record: str
    reason: str


class ErasureDeclined(Event, frozen=True, kw_only=True):
    """The second officer does not erase it."""

    record: str


class RecordErased(Event, frozen=True, kw_only=True):
    """The second half: the content of a record of ours is erased, and whoever holds a copy is asked for the same.

    `blobs` are the bytes that go with it: the documents on which nothing else rests.
    """

    record: str
    reason: str
    gone: list[Gone]
    blobs: list[str] = msgspec.field(default_factory=list)
    asked: list[ErasureAsked] = msgspec.field(default_factory=list)


class CopyErased(Event, frozen=True, kw_only=True):
    """The content of what a neighbour released to us is erased, as it asked. `blobs`: bundles kept as evidence that held it, too.

    Without `confirmed` it was confirmed before this node was set back.
    """

    gone: list[Gone]
    blobs: list[str] = msgspec.field(default_factory=list)
    confirmed: ErasureConfirmed | None = None


EVENTS: Final[dict[str, type[Event]]] = {
    "erasure.ordered": ErasureOrdered,
    "erasure.declined": ErasureDeclined,
    "record.erased": RecordErased,
    "copy.erased": CopyErased,
}
"""Their lines of `desk.events.EVENTS`."""

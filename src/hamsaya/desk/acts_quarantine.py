# SPDX-License-Identifier: Apache-2.0
"""The journal act by which a node notes that it told a neighbour of a quarantine."""

from __future__ import annotations

from hamsaya.desk.event import Event
from hamsaya.exchange.quarantine import EntryQuarantined


class QuarantineTold(Event, frozen=True, kw_only=True):
    """The sender of what stands in quarantine here was told so, in our link log."""

    notice: EntryQuarantined

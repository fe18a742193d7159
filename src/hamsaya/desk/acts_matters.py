# SPDX-License-Identifier: Apache-2.0
"""Act of the journal by which an officer moved a matter on."""

from __future__ import annotations

from hamsaya.desk.event import Event
from hamsaya.exchange.matters import MatterMoved


class MatterMovedHere(Event, frozen=True, kw_only=True):
    """An officer moved a matter with `party`; `log` and `seq` name the entry that tells that neighbour."""

    party: str
    moved: MatterMoved
    log: str
    seq: int

# SPDX-License-Identifier: Apache-2.0
"""Act of the journal on a request of a neighbour that was refused: here, and only here, stands the ground."""

from __future__ import annotations

from hamsaya.desk.event import Event


class RequestRefusedHere(Event, frozen=True, kw_only=True):
    """An officer refused a neighbour's request; `log` and `seq` name the entry that tells the neighbour, without ground or reason."""

    request: str
    party: str
    grounds: list[str]
    reason: str
    log: str
    seq: int

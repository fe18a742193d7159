# SPDX-License-Identifier: Apache-2.0
"""Acts on distress calls and STOPs. What was said stands in the entry of the distress log that each of them names."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.event import Event


class CallAct(Event, frozen=True, kw_only=True):
    """An entry of our own distress log was made."""

    log: str
    seq: int


class CallSent(CallAct, frozen=True, kw_only=True):
    """One officer called a neighbour: distress or STOP. `token` is that of the form, so that the same form sent twice calls once."""

    token: str = ""


class CallAnswered(CallAct, frozen=True, kw_only=True):
    """An officer has seen a neighbour's call, or answered it."""


class CallOver(CallAct, frozen=True, kw_only=True):
    """An officer stood our own call down: it is over, or was cancelled."""


class CallReviewed(CallAct, frozen=True, kw_only=True):
    """Another person judged afterwards whether our call was right. The neighbour learns the verdict; `note` stays here."""

    note: str


class DistressLogOpened(Event, frozen=True, kw_only=True):
    """This node was set back, so what it calls from now on stands in a distress log of a new epoch, where no place can be taken already."""

    neighbour: str
    epoch: str


EVENTS: Final[dict[str, type[Event]]] = {
    "call.sent": CallSent,
    "call.answered": CallAnswered,
    "call.over": CallOver,
    "call.reviewed": CallReviewed,
    "distress.log-opened": DistressLogOpened,
}
"""Their lines of `desk.events.EVENTS`."""

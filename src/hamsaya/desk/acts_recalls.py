# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about what was taken back."""

from __future__ import annotations

from hamsaya.desk.event import Event
from hamsaya.exchange.recalls import RecallAnswered, ReleaseRecalled


class RecallMade(Event, frozen=True, kw_only=True):
    """An officer took a release of ours back."""

    recalled: ReleaseRecalled


class RecallAnswerMade(Event, frozen=True, kw_only=True):
    """An officer answered a neighbour that took a release back."""

    answer: RecallAnswered


class EntryErased(Event, frozen=True, kw_only=True):
    """The content of an entry of one of our own logs was erased before it left; its header and its place in the log stay."""

    log: str
    seq: int

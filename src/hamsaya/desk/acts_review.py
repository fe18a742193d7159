# SPDX-License-Identifier: Apache-2.0
"""Acts of the journal on releases that one officer made under a standing approval: that a review is due, and that it was made."""

from __future__ import annotations

from typing import Literal

from hamsaya.desk.event import Event
from hamsaya.facts.values import Aware

Outcome = Literal["fine", "recall"]


class ReviewDue(Event, frozen=True, kw_only=True):
    """The release left by one officer's word: by clause `clause`, and a second person looks at it until `until`."""

    release: str
    clause: str
    until: Aware


class ReviewMade(Event, frozen=True, kw_only=True):
    """A second person looked at a release that had left: it is fine, or it is to be recalled, and why."""

    release: str
    outcome: Outcome
    reason: str = ""

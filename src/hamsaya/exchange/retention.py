# SPDX-License-Identifier: Apache-2.0
"""A receiver keeps a copy beyond its time for one of a closed list of reasons, and says so to who released it (law 14)."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say

HOLD_REASONS: Final[dict[str, Text]] = {
    "complaint": say("a complaint rests on it that is not settled"),
    "incident": say("the accounts of the incident are not settled"),
    "court": say("a court ordered that it be kept"),
    "rights": say("a person's request about it is not answered"),
}
"""The closed list of reasons to keep a copy beyond its time."""
LONGEST_HOLD_DAYS: Final = 90
"""After this many days at most a hold has ended, and persons decide again."""


class CopyHeld(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `copy.held`: the receiver keeps the content of entry `seq` of release log `log` until then, though its time has run out.

    The last one that it signed about an entry counts; one whose `until` is not after `at` ends the hold.
    """

    log: str
    seq: int
    number: int
    """How many such acts it has signed about this entry, this one counted."""
    reason: str
    """One of `HOLD_REASONS`."""
    until: Aware
    office: str
    at: Aware


def why_held(reason: str) -> Text:
    """Return the reason in words."""
    return HOLD_REASONS.get(reason, say("a reason that this version does not know"))

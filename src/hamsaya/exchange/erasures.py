# SPDX-License-Identifier: Apache-2.0
"""A sender asks that what it released be erased, and its receiver confirms that the content is gone (law 14).

A receiver whose time for keeping a copy has run out erases it without being asked, and its confirmation says by which clause.

Both acts name an entry of a release log and nothing of what it said: the entry keeps its place, its header and its signature,
so that roots, receipts and proofs hold on both sides without the content.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say

REASONS: Final[dict[str, Text]] = {
    "retention": say("the time for which it may be kept has run out"),
    "ordered": say("a court or a rights officer ordered it"),
    "withdrawn": say("the agreement under which it went was withdrawn"),
    "mistake": say("it was released by mistake"),
}
"""The closed list of reasons: a free sentence could tell again what is to be forgotten."""


class ErasureAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `erasure.asked`: the sender has erased what it released as entry `seq` of release log `log`, and asks for the same."""

    log: str
    seq: int
    record: str
    version: int
    reason: str
    """One of `REASONS`."""
    office: str
    at: Aware


class Onward(msgspec.Struct, frozen=True):
    """A third party to whom something had gone that rests on what was erased, and whether it was asked to erase that in turn."""

    party: str
    asked: bool


class RanOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was erased since its time had run out, and by which clause of which text that was."""

    record: str
    version: int
    text: str
    """The hash of the text."""
    clause: str
    until: Aware
    """Until when it might be kept."""


class ErasureConfirmed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Link act `erasure.confirmed`: the receiver holds the content of that entry no more; `onward` are those whom it had told in turn."""

    log: str
    seq: int
    onward: list[Onward]
    office: str
    at: Aware
    ran_out: RanOut | None = None
    """Where nobody had asked, and an agreement's clause ended the time for which it might be kept."""


def why_erased(reason: str) -> Text:
    """Return the reason in words."""
    return REASONS.get(reason, say("a reason that this version does not know"))

# SPDX-License-Identifier: Apache-2.0
"""A release is taken back by its sender, and its receiver answers what became of every copy (F13)."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say

PASSED_ON: Final = say("What this rests on was taken back by its originator.")
"""The reason with which a recall goes on: a neighbour's own words are not screened here, and are not ours to tell others."""


class ReleaseRecalled(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `release.recalled`: the sender takes back what it released as entry `seq` of release log `log`, and says why."""

    log: str
    seq: int
    record: str
    version: int
    reason: str
    office: str
    at: Aware


class PassedOn(msgspec.Struct, frozen=True):
    """A third party to whom something had gone that rests on what was taken back, and whether that was recalled in turn."""

    party: str
    recalled: bool


def why_recalled(reason: str) -> Text | str:
    """Return the reason of a recall as it is shown: the fixed sentence can be translated, an officer's own words stand as they are."""
    return PASSED_ON if reason == PASSED_ON.message else reason


class RecallAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `recall.answered`: the receiver has struck its copy; `passed_on` are those whom it had told in turn."""

    log: str
    seq: int
    passed_on: list[PassedOn]
    office: str
    at: Aware

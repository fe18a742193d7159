# SPDX-License-Identifier: Apache-2.0
"""A release is taken back by its sender, and its receiver answers what became of every copy (F13)."""

from __future__ import annotations

import msgspec

from hamsaya.facts.values import Aware


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


class RecallAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `recall.answered`: the receiver has struck its copy; `passed_on` are those whom it had told in turn."""

    log: str
    seq: int
    passed_on: list[PassedOn]
    office: str
    at: Aware

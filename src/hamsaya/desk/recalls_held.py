# SPDX-License-Identifier: Apache-2.0
"""A release that was taken back, with the answer to it, as both nodes hold it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.exchange.recalls import RecallAnswered


class RecallHeld(msgspec.Struct, frozen=True, kw_only=True):
    """Entry `seq` of release log `log`, from `by` to `to`, was taken back."""

    log: str
    seq: int
    by: str
    to: str
    record: str
    version: int
    reason: str
    office: str
    at: datetime
    answer: RecallAnswered | None = None

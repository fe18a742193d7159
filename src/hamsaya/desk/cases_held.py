# SPDX-License-Identifier: Apache-2.0
"""What a node remembers of a case file that it wrote for a third person."""

from __future__ import annotations

from datetime import datetime

import msgspec


class CaseHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A case file that was written here."""

    incident: str
    to: str
    why: str
    handling: str
    entries: list[str]
    content: bool
    sha256: str
    size: int
    office: str
    at: datetime

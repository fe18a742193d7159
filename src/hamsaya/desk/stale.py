# SPDX-License-Identifier: Apache-2.0
"""What an officer saw is no longer so: somebody else was faster, or a form was sent twice. Nothing was changed.

Each verb that decides compares the state it finds with the one that the officer saw, inside its transaction, and
raises `Stale` where they differ. It says who was first and when, so that two officers can talk to each other.
"""

from __future__ import annotations

from datetime import datetime

from hamsaya.facts.errors import Refused
from hamsaya.facts.words import Text


class Stale(Refused):
    """Decided or changed before, `by` an office `at` a time where those are known."""

    def __init__(self, what: Text, hint: Text | None = None, *, by: str = "", at: datetime | None = None, rule: str = "decided") -> None:
        """Take what happened; `rule` is `decided` or `signed`."""
        super().__init__(what, hint, rule=rule)
        self.by = by
        self.at = at

# SPDX-License-Identifier: Apache-2.0
"""How many of our releases no officer of their receiver has acknowledged, counted by the store and not one by one."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class UnopenedBook(Protocol):
    """Counting what waits at neighbours. Part of `desk.ports.Book`."""

    def unopened(self, agreement: str, before: datetime) -> dict[str, int]:
        """Return by receiver how many releases under an agreement arrived there before a time and were not acknowledged, nor taken back."""

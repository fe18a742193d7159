# SPDX-License-Identifier: Apache-2.0
"""How far this process has added up each log already, so that the root of a long log is not computed from its first entry each time.

A mark is a frontier that was computed from the stored bytes of committed entries. Logs only grow, so it stays true; where the entry
that it ends with is another one than then, another store was put in this one's place, and all is computed again. Marks are kept in memory
only: they follow from the entries, and `verify` does not use them.
"""

from __future__ import annotations

from typing import Final

from hamsaya.seal.merkle import Frontier

KEPT: Final = 4
"""Marks of one log: the neighbour asks for the roots that it was sent last."""


class Marks:
    """The frontiers that were computed last, log by log."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[tuple[Frontier, bytes], ...]] = {}

    def keep(self, log: str, frontier: Frontier, last_leaf: bytes) -> None:
        """Keep a frontier over committed entries, the last of which has this leaf hash."""
        others = [each for each in self._held.get(log, ()) if each[0].size != frontier.size]
        self._held[log] = ((frontier.copy(), last_leaf), *others[: KEPT - 1])

    def longest(self, log: str, size: int) -> tuple[Frontier, bytes] | None:
        """Return the longest frontier that covers no more than `size` entries, with the leaf hash of its last entry."""
        fitting = [each for each in self._held.get(log, ()) if 0 < each[0].size <= size]
        frontier, last_leaf = max(fitting, key=lambda each: each[0].size, default=(None, b""))
        return (frontier.copy(), last_leaf) if frontier is not None else None

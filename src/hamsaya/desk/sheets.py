# SPDX-License-Identifier: Apache-2.0
"""One sheet of a long list, and the cursor that says where the next one begins.

A cursor holds the place of the last row that was seen, in the order of the list, and no count of rows: rows that are
added while an officer turns the sheets neither repeat a row nor hide one. A row that changes in between (a corrected
record) moves to the top of its list, as news does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import msgspec

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

SHEET: Final = 100
"""Rows on one sheet."""
MOST: Final = 500
"""Rows that may be asked for at once."""
T = TypeVar("T")
S = TypeVar("S")
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_BETWEEN: Final = "~"


class Sheet(msgspec.Struct, Generic[T], frozen=True):
    """Rows in the order of their list. `next` is the cursor of the sheet after it, empty on the last one."""

    rows: list[T]
    next: str = ""

    def map(self, turn: Callable[[T], S]) -> Sheet[S]:
        """Return the same sheet with each row turned into something else."""
        return Sheet([turn(row) for row in self.rows], self.next)


def write_cursor(*place: int | str) -> str:
    """Return the cursor of a row's place, such as `4711~WEST-R-7F3KQ2`."""
    return _BETWEEN.join(str(part) for part in place)


def read_cursor(cursor: str, *kinds: type[int | str]) -> list[int | str] | None:
    """Return the place in a cursor whose parts are of `kinds`; None for an empty one: the first sheet.

    Raises `InputError` for a cursor that no list of this kind has given.
    """
    if not cursor:
        return None
    parts = cursor.split(_BETWEEN)
    fits = len(parts) == len(kinds) and all(
        kind is not int or _NUMBER.fullmatch(part.removeprefix("-")) for part, kind in zip(parts, kinds, strict=True)
    )
    if not fits:
        raise InputError(
            say("This list has no place “{came}”.", came=cursor[:40]), say("Open the list from its first page; `after` is taken from its “next”.")
        )
    return [int(part) if kind is int else part for part, kind in zip(parts, kinds, strict=True)]


def sheet_of(rows: list[T], limit: int, place: Callable[[T], tuple[int | str, ...]]) -> Sheet[T]:
    """Return the sheet of the first `limit` of `rows`, of which one more was asked for, to know whether there is more."""
    shown = rows[:limit]
    return Sheet(shown, write_cursor(*place(shown[-1])) if len(rows) > limit else "")


def within(limit: int) -> int:
    """Return `limit` if so many rows may be asked for at once. Raises `InputError`."""
    if not 1 <= limit <= MOST:
        raise InputError(say("A page has 1 to {most} rows; this was asked for: {came}", most=MOST, came=limit))
    return limit

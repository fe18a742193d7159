# SPDX-License-Identifier: Apache-2.0
"""How many: joins the number words of a sentence into ranges (law 7).

- Digits, number words ("twenty-five", «بیست و پنج») and vague words ("several" is 3 or more) become one item.
- "Around 30" is 25 to 35 (a sixth to either side), "at least 30" has no upper end, "20 to 25" is a range.
- It does not say of what; a number without a group is no count (see `mentions`).
"""

from __future__ import annotations

from typing import Final

from hamsaya.intake.lexicon import Item

LARGEST: Final = 1_000_000
_TENS: Final = 10
_HUNDRED: Final = 100
_MOST_DIGITS: Final = 12
_WIDEST_GAP: Final = 4
"""Characters between two words of one number, such as " و "."""


def number_in_digits(text: str) -> float | None:
    """Return the value of folded digits ("1,200", "2.5"), or None above a million or where they are no number."""
    if len(text) > _MOST_DIGITS:
        return None
    whole, point, part = text.replace(",", "").partition(".")
    try:
        value = float(f"{whole}.{part}") if point else float(whole)
    except ValueError:
        return None
    return value if value <= LARGEST else None


def join_numbers(items: list[Item], folded: str) -> list[Item]:
    """Return the items with each run of number words, its qualifier and its range joined into one `N` item."""
    joined = _ranges(_compounds(items, folded), folded)
    out: list[Item] = []
    index = 0
    while index < len(joined):
        item = joined[index]
        follower = joined[index + 1] if index + 1 < len(joined) else None
        if item.code_of("X").startswith("approx.") and follower is not None and follower.kind == "N":
            out.append(_qualified(follower, item.code_of("X"), item.start, follower.end))
            index += 2
            continue
        if item.kind == "N" and follower is not None and follower.code_of("X").startswith("approx_after"):
            out.append(_qualified(item, follower.code_of("X"), item.start, follower.end))
            index += 2
            continue
        out.append(item)
        index += 1
    return out


def _qualified(number: Item, qualifier: str, start: int, end: int) -> Item:
    low, high = number.low, number.high
    top = number.low if high is None else high
    name = qualifier.partition(".")[2]
    if name == "around":
        margin = max(1, round(low / 6))
        low, high = max(1, low - margin), None if high is None else top + margin
    elif name == "at_least":
        high = None
    elif name == "more_than":
        low, high = low + 1, None
    elif name == "up_to":
        low, high = min(1, top), top
    elif name == "less_than":
        low, high = 0, max(0, top - 1)
    return number._replace(low=low, high=high, start=start, end=end, code="qualified")


def _compounds(items: list[Item], folded: str) -> list[Item]:
    out: list[Item] = []
    for item in items:
        if out and item.kind == "N" and item.code == "number":
            before, linked = out[-1], False
            if before.has("&") and len(out) > 1:
                before, linked = out[-2], True
            gap = folded[before.end : item.start]
            joins = before.kind == "N" and before.code == "number" and _joins(before.low, item.low, linked=linked)
            if joins and len(gap) <= _WIDEST_GAP and "," not in gap:
                del out[-2 if linked else -1 :]
                value = before.low * _HUNDRED if item.low == _HUNDRED else before.low + item.low
                out.append(item._replace(start=before.start, low=value, high=value))
                continue
        out.append(item)
    return out


def _joins(left: int, right: int, *, linked: bool) -> bool:
    if left >= _HUNDRED and left % _HUNDRED == 0:
        return right < _HUNDRED
    if left >= 2 * _TENS and left % _TENS == 0:
        return 0 < right < _TENS
    return not linked and right == _HUNDRED and 1 < left < _TENS


def _ranges(items: list[Item], folded: str) -> list[Item]:
    out: list[Item] = []
    for item in items:
        if item.kind == "N" and out:
            worded = out[-1].has("-") and len(out) > 1
            before = out[-2] if worded else out[-1]
            dashed = folded[before.end : item.start] == "-"
            upward = before.high is not None and item.high is not None and before.high < item.low
            if before.kind == "N" and upward and (worded or dashed):
                del out[-2 if worded else -1 :]
                out.append(item._replace(start=before.start, low=before.low, code="range"))
                continue
        out.append(item)
    return out

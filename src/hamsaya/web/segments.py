# SPDX-License-Identifier: Apache-2.0
"""A document's text cut at the ends of its spans, so that each piece is marked with the claims that rest on it.

- Spans may overlap; a piece belongs to every span that covers it.
- A text of more than `SHOWN` characters is cut there; spans beyond are listed without being marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from hamsaya.facts.words import Text

SHOWN: Final = 200_000


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the text. `numbers` are the claims it belongs to, `ends` those whose last piece it is."""

    text: str
    numbers: list[int]
    ends: list[int]
    excluded: Text | None = None


def cut(text: str, spans: Sequence[tuple[int, int, int]], excluded: Sequence[tuple[int, int, Text]]) -> list[Segment]:
    """Return `text` in pieces. `spans` are (start, end, number); offsets outside the text are ignored."""
    shown = text[:SHOWN]
    length = len(shown)
    inside = [(start, end, number) for start, end, number in spans if 0 <= start < end <= length]
    apart = [(max(0, start), min(end, length), why) for start, end, why in excluded if max(0, start) < min(end, length)]
    edges = sorted({0, length, *(at for start, end, _ in inside for at in (start, end)), *(at for start, end, _ in apart for at in (start, end))})
    starts: dict[int, list[tuple[int, int]]] = {}
    for start, end, number in inside:
        starts.setdefault(start, []).append((end, number))
    reasons = {at: why for start, _, why in apart for at in (start,)}
    until = {start: end for start, end, _ in apart}
    open_spans: list[tuple[int, int]] = []
    reason, reason_end = None, 0
    segments = []
    for begin, finish in pairwise(edges):
        open_spans = [each for each in open_spans if each[0] > begin] + starts.get(begin, [])
        if begin in reasons:
            reason, reason_end = reasons[begin], max(reason_end, until[begin])
        segments.append(
            Segment(
                text=shown[begin:finish], numbers=sorted(number for _, number in open_spans),
                ends=sorted(number for end, number in open_spans if end == finish), excluded=reason if begin < reason_end else None,
            )
        )  # fmt: skip
    return segments

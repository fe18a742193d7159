# SPDX-License-Identifier: Apache-2.0
"""Whether two accounts may be of the same event: a suggestion with its reasons; a person confirms (law 16).

1. What excludes it, and the points of each fact that both tell: `likeness.py`.
2. Suggested is what has `ENOUGH` points, from two facts at least, and no more than `WITHIN` fewer than the likeliest.

`ENOUGH` was chosen on one half of real events and measured on the other: docs/reference/same-event.md. Does not link anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from hamsaya.accounts.gist import Gist, gist_of
from hamsaya.accounts.likeness import Likeness, likeness
from hamsaya.facts.records import Record
from hamsaya.facts.words import Text

ENOUGH: Final = 9
"""Points from which on two accounts are suggested as one event."""
WITHIN: Final = 1
"""What has more points fewer than the likeliest is not suggested beside it."""
_TWO: Final = 2


class Suggestion(msgspec.Struct, frozen=True):
    """`record` may be of the same event as `of`. The score is the sum of all points; each reason and doubt is one part of it."""

    record: str
    incident: str
    score: int
    reasons: list[Text]
    """What speaks for it, the heaviest first."""
    doubts: list[Text]
    """What speaks against it, the heaviest first."""
    of: str = ""
    """The account that it was weighed against; empty for one that is not filed yet."""


def same_event(one: Record, other: Record) -> Likeness | None:
    """Return what speaks for and against both being of one event where that is enough; None where it is excluded or too little."""
    return _enough(gist_of(one), gist_of(other))


def suggest(records: Sequence[Record], others: Sequence[tuple[str, Record]]) -> list[Suggestion]:
    """Return the incidents that the accounts in `records`, which are of one event, may be of too; the likeliest first, each once.

    `others` are known accounts, each with the name under which its incident goes on here.
    """
    mine = [(record, gist_of(record)) for record in records]
    apart = {record.incident for record in records if record.incident} | {incident for incident, other in others if _is_among(other, records)}
    best: dict[str, Suggestion] = {}
    for incident, other in others:
        if not incident or incident in apart:
            continue
        theirs = gist_of(other)
        for record, gist in mine:
            found = _enough(gist, theirs)
            known = best.get(incident)
            if found and (known is None or found.score > known.score):
                best[incident] = Suggestion(other.id, incident, found.score, found.reasons, found.doubts, record.id)
    ranked = sorted(best.values(), key=lambda each: (-each.score, each.incident))
    return [each for each in ranked if each.score >= ranked[0].score - WITHIN]


def _is_among(other: Record, records: Sequence[Record]) -> bool:
    return any(other.id == record.id for record in records if record.id)


def _enough(one: Gist, other: Gist) -> Likeness | None:
    found = likeness(one, other)
    return found if found and found.score >= ENOUGH and len(found.reasons) >= _TWO else None

# SPDX-License-Identifier: Apache-2.0
"""The counts of a return case, as they left: so that both desks tell the same difference between what was handed over and what was received."""

from __future__ import annotations

from hamsaya.desk.matters import Matter
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.values import Count
from hamsaya.seal.canonical import read_again
from hamsaya.settlement.returning import RETURN, Differs, difference


def counts_differ(matter: Matter) -> Differs | None:
    """Return how what was received differs from what was handed over; None for other matters, and where they do not differ."""
    if matter.record.kind != RETURN.kind:
        return None
    counts: dict[str, Count] = {}
    for told in matter.standing.steps:
        content = matter.contents.get(told.step.entry)
        if told.counted and content is not None:
            for each in read_again(content, ReleasedRecord).record.claims:
                if each.predicate == "return_count" and isinstance(each.value, Count):
                    counts[told.step.move] = each.value
    return difference(counts)

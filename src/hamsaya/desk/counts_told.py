# SPDX-License-Identifier: Apache-2.0
"""The counts of a return case, as they left: so that both desks tell the same difference between what was handed over and what was received."""

from __future__ import annotations

from hamsaya.desk.matters import Matter, content_of
from hamsaya.desk.ports import Book
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.values import Count
from hamsaya.seal.canonical import read
from hamsaya.settlement.returning import RETURN, Differs, difference


def counts_differ(book: Book, matter: Matter) -> Differs | None:
    """Return how what was received differs from what was handed over; None for other matters, and where they do not differ."""
    if matter.record.kind != RETURN.kind:
        return None
    counts: dict[str, Count] = {}
    for told in matter.standing.steps:
        log, _, number = told.step.entry.rpartition("#")
        if told.counted and told.step.record and log:
            content = content_of(book, book.entries(log, int(number), 1)[0])
            claims = read(content, ReleasedRecord).record.claims if content is not None else []
            for each in claims:
                if each.predicate == "return_count" and isinstance(each.value, Count):
                    counts[told.step.move] = each.value
    return difference(counts)

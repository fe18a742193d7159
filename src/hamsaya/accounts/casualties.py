# SPDX-License-Identifier: Apache-2.0
"""How many people one account says were killed, wounded, held or are missing, by the side whose people they are.

- A sum is an interval: "several" keeps it open (law 7). It is over groups of one account, never over accounts (law 6).
- Where an account says two numbers of one group, they are not added: the group counts from the lowest to the highest of them.
- People of whom no side is told stand apart; nothing is guessed.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.claims import field_of
from hamsaya.facts.records import Record
from hamsaya.facts.values import Count, add_counts

STATUSES: Final = ("killed", "wounded", "held", "missing")


def casualties(record: Record) -> dict[str, dict[str, Count]]:
    """Return the sums by side (ISO 3166-1 alpha-2, empty where none is told) and status; what is not told is left out."""
    groups: dict[tuple[str, str], dict[str, list[Count]]] = {}
    for claim in record.claims:
        if claim.predicate in STATUSES and isinstance(claim.value, Count):
            side = claim.about.country if claim.about else ""
            groups.setdefault((side, claim.predicate), {}).setdefault(field_of(claim), []).append(claim.value)
    found: dict[str, dict[str, Count]] = {}
    for status in STATUSES:
        for (side, told), by_group in groups.items():
            if told == status:
                found.setdefault(side, {})[status] = add_counts([_widest(counts) for counts in by_group.values()])
    return found


def _widest(counts: list[Count]) -> Count:
    highs = [count.high for count in counts if count.high is not None]
    return Count(low=min(count.low for count in counts), high=max(highs) if len(highs) == len(counts) else None)

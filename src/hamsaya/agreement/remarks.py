# SPDX-License-Identifier: Apache-2.0
"""Clauses of one text that do not say the same: the stricter wins, and these remarks say which one that is.

Every clause must have nothing against a record (`permit`), and what leaves is as coarse as any clause asks (`prepare`): so
of two clauses on one matter the stricter always holds. That is no fault; whoever signs should know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from hamsaya.agreement.charter import Table
from hamsaya.agreement.clauses import Deadlines, Exactness, HandlingCeiling, Kinds, Purposes, Quotes, Retention, TearLine
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text, say

_STRICTNESS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (HandlingCeiling, lambda clause: -HANDLING.index(clause.ceiling) if clause.ceiling in HANDLING else 0),
    (Quotes, lambda clause: int(not clause.allowed)),
    (Deadlines, lambda clause: -clause.acknowledge_min),
)
"""How strict a clause of this type is, as a number: of two, the larger wins."""


def remarks(table: Table) -> list[Text]:
    """Return where clauses of the text overlap or contradict each other, and which of them holds."""
    return [*_overruled(table), *_overlapping(table), *_withheld(table), *_kept(table)]


def _overruled(table: Table) -> Iterator[Text]:
    for kind, strict in _STRICTNESS:
        same = [clause for clause in table.clauses if isinstance(clause, kind)]
        for one, other in combinations(same, 2):
            if strict(one) != strict(other):
                winner, loser = (one, other) if strict(one) > strict(other) else (other, one)
                yield say("Clause {winner} is stricter than clause {loser}, and overrides it.", winner=winner.number, loser=loser.number)


def _overlapping(table: Table) -> Iterator[Text]:
    exact = [clause for clause in table.clauses if isinstance(clause, Exactness)]
    for one, other in combinations(exact, 2):
        if (one.place_m, one.time_min, one.number_step) != (other.place_m, other.time_min, other.number_step):
            yield say("Clauses {one} and {other} both say how exact something leaves: the coarser of each holds.", one=one.number, other=other.number)
    agreed = [clause for clause in table.clauses if isinstance(clause, Purposes)]
    for first, second in combinations(agreed, 2):
        numbers = {"one": first.number, "other": second.number}
        if not set(first.purposes) & set(second.purposes):
            yield say("Clauses {one} and {other} have no purpose in common: together they let nothing through.", **numbers)
        elif set(first.purposes) != set(second.purposes):
            yield say("Clauses {one} and {other} both name purposes: only those in both hold.", **numbers)


def _withheld(table: Table) -> Iterator[Text]:
    ways = [(clause.sender, clause.receiver, kind, clause.number) for clause in table.clauses if isinstance(clause, Kinds) for kind in clause.kinds]
    for (*way, one), (*same, other) in combinations(ways, 2):
        if way == same and one != other:
            yield say("Clauses {one} and {other} both let “{kind}” go the same way; releases name the first.", one=one, other=other, kind=way[2])
    torn = [clause for clause in table.clauses if isinstance(clause, TearLine)]
    for first, second in combinations(torn, 2):
        if set(first.fields) & set(second.fields):
            yield say("Clauses {one} and {other} withhold some of the same fields; both hold.", one=first.number, other=second.number)


def _kept(table: Table) -> Iterator[Text]:
    kept = [clause for clause in table.clauses if isinstance(clause, Retention)]
    for one, other in combinations(kept, 2):
        if one.days != other.days and set(one.kinds) & set(other.kinds):
            shorter, longer = (one, other) if one.days < other.days else (other, one)
            yield say("Clauses {shorter} and {longer} both say how long some kinds are kept: the {n} days of clause {shorter} hold.",
                      shorter=shorter.number, longer=longer.number, n=shorter.days)  # fmt: skip
    ended = {kind for clause in kept for kind in clause.kinds}
    endless = dict.fromkeys(kind for clause in table.clauses if isinstance(clause, Kinds) for kind in clause.kinds if kind not in ended)
    if endless:
        names = ", ".join(RECORD_KINDS[kind].message if kind in RECORD_KINDS else kind for kind in endless)
        yield say("No clause ends the keeping of these kinds: whoever receives them may keep them without end: {kinds}", kinds=names)

# SPDX-License-Identifier: Apache-2.0
"""Which refusal grounds an officer can name: those of law 12, which nothing takes away, and those that agreements held here add."""

from __future__ import annotations

from collections.abc import Sequence

from hamsaya.agreement.clauses import RefusalGrounds
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.desk.ports import Book
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say


def check_grounds(book: Book, grounds: Sequence[str]) -> None:
    """Return if each ground is one of law 12, or added by an agreement that is held here. Raises `InputError`."""
    all_known = grounds_known(book)
    for ground in grounds:
        if ground not in all_known:
            raise InputError(say("Unknown refusal ground “{came}”; known: {known}", came=ground[:40], known=", ".join(all_known)))


def grounds_known(book: Book) -> dict[str, Text]:
    """Return the grounds on which nothing is shared: those of law 12, and those that agreements held here add."""
    added = [
        ground
        for held in book.agreements()
        for clause in held.agreement.table.clauses
        if isinstance(clause, RefusalGrounds)
        for ground in clause.also
    ]
    return {**GROUNDS, **{ground.code: Text(ground.called["en"]) for ground in added}}

# SPDX-License-Identifier: Apache-2.0
"""What one text of an agreement changes in another, clause by clause, in the words that both sides sign.

A clause is known by its number. It is unchanged where the machine would enforce the same; its sentences follow from that.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from hamsaya.agreement.charter import Agreement, Table
from hamsaya.facts.words import Language, Text, say

ChangeKind = Literal["unchanged", "changed", "added", "removed"]


class ClauseChange(msgspec.Struct, frozen=True, kw_only=True):
    """One clause number: its sentence in each language before and after, empty where it does not stand."""

    number: str
    kind: ChangeKind
    before: dict[Language, str]
    after: dict[Language, str]


class HeadChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something beside the clauses that differs, such as the validity."""

    what: Text
    before: str
    after: str


def head_changes(before: Agreement, after: Agreement) -> list[HeadChange]:
    """Return what differs beside the clauses: title, place, days, parties and their keys."""
    pairs = zip(_head(before.table), _head(after.table), strict=True)
    return [HeadChange(what=what, before=one, after=other) for (what, one), (_, other) in pairs if one != other]


def _head(table: Table) -> list[tuple[Text, str]]:
    parties = sorted(f"{each.called()} ({each.key[:16]})" for each in table.parties)
    return [
        (say("title"), table.title), (say("place"), table.place), (say("drafted on"), table.drafted_on),
        (say("valid from"), table.valid_from.isoformat()), (say("valid until"), table.valid_until.isoformat()),
        (say("parties and keys"), ", ".join(parties)),
    ]  # fmt: skip


def clause_changes(before: Agreement, after: Agreement) -> list[ClauseChange]:
    """Return every clause of both texts, in the order of `after`; a removed one stands where it stood."""
    old = {clause.number: clause for clause in before.table.clauses}
    new = {clause.number: clause for clause in after.table.clauses}
    order, last = list(new), -1
    for number in old:
        if number in new:
            last = order.index(number)
        else:
            last += 1
            order.insert(last, number)

    def kind(number: str) -> ChangeKind:
        if number not in old:
            return "added"
        if number not in new:
            return "removed"
        return "unchanged" if old[number] == new[number] else "changed"

    return [ClauseChange(number=each, kind=kind(each), before=_sentences(before, each), after=_sentences(after, each)) for each in order]


def _sentences(text: Agreement, number: str) -> dict[Language, str]:
    return {code: sentences[number] for code, sentences in text.text.items() if number in sentences}

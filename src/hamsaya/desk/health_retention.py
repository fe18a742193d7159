# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with what is kept: copies past their time here, held ones that nobody reviewed, and ours that neighbours should have erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from hamsaya.desk.finding import Finding, note, warning
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.retaining import REVIEW_WITHIN, find_held
from hamsaya.desk.retention import due_here, late_there
from hamsaya.facts.words import say


def retention(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    """Tell of copies that may no longer be kept, here and at neighbours."""
    here = due_here(node, book, now)
    if here.due:
        oldest = here.due[0]
        yield warning(
            "copy-due",
            say("Copies of neighbours that may no longer be kept here: {n}. The oldest, of {party}, is {days} days late by clause {clause}.",
                n=len(here.due) + here.more, party=oldest.by, clause=oldest.keep.clause, days=oldest.days_late(now)),
            say("Two officers erase them: page Time to keep, or `hamsaya record due` and `hamsaya record erase-due`."),
        )  # fmt: skip
    if here.soon:
        first = here.soon[0]
        yield note(
            "copy-due-soon",
            say("Copies of neighbours that may not be kept much longer: {n}. The first ends on {day}.", n=len(here.soon), day=_day(first.keep.until)),
            say("`hamsaya record due` lists them with their clauses."),
        )
    late = [each for each in find_held(node, book) if each.hold and not each.hold.outcome and now - each.hold.at > REVIEW_WITHIN]
    if late:
        yield warning(
            "hold-unreviewed",
            say("Copies held beyond their time that no second person looked at within 7 days: {n}.", n=len(late)),
            say("An approver or commander reviews each: page Time to keep, or `hamsaya record review-hold`."),
        )
    there = [each for each in late_there(node, book, now) if each.state(now) == "due" and each.days_late(now) > 0]
    for party in sorted({each.to for each in there}):
        ours = [each for each in there if each.to == party]
        yield warning(
            "copy-due-there",
            say("Copies of our records that {party} may no longer keep and has not said to have erased: {n}, the oldest {days} days late.",
                n=len(ours), party=party, days=ours[0].days_late(now)),
            say("Run `hamsaya sync {party}`, then call its duty desk: two officers there erase them.", party=party),
        )  # fmt: skip


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"

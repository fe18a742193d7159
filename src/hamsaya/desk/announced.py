# SPDX-License-Identifier: Apache-2.0
"""What an agreement asks of an exercise that is announced, and this announcement does not keep (F38, F39).

It is told on both desks from what both hold: the signed time of the invitation, the times in the copy that left, and the text of the
agreement that was in force then. Nothing is refused for it: a late word is better than none.
"""

from __future__ import annotations

from datetime import timedelta

from hamsaya.agreement.duties import Exercises
from hamsaya.desk.inbox import agreed_at
from hamsaya.desk.matters import Matter
from hamsaya.desk.ports import Book
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.values import Moment
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.settlement.course import OPENED


def not_kept(book: Book, matter: Matter) -> list[Text]:
    """Return what the exercises clauses of the agreement ask for and this invitation does not keep; empty for another kind of matter."""
    opened = next(each.step for each in matter.standing.steps if each.step.move == OPENED)
    text = agreed_at(book.agreements(), matter.log, opened.at)
    clauses = [each for each in text.table.clauses if isinstance(each, Exercises)] if text is not None and matter.record.kind == "exercise" else []
    content = book.entries(matter.log, matter.seq, 1)[0].content if clauses else None
    if content is None:
        return []
    windows = [each.value for each in read(content, ReleasedRecord).record.claims if each.predicate == "window"]
    begins = min((each.start for each in windows if isinstance(each, Moment) and each.start is not None), default=None)
    told = []
    for clause in clauses:
        if begins is not None and begins - opened.at < timedelta(days=clause.notice_days):
            told.append(say(
                "Clause {clause} asks that an exercise within {km} km of the line is announced {n} days before; this one was announced {m} days"
                " before.",
                clause=clause.number, km=clause.within_km, n=clause.notice_days, m=max(0, (begins - opened.at).days),
            ))  # fmt: skip
        if not clause.observers and matter.standing.state == "observing":
            told.append(say("Clause {clause} lets no observers come.", clause=clause.number))
    return told

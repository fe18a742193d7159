# SPDX-License-Identifier: Apache-2.0
"""Until when a received copy may be kept, by which clause of which text (law 14).

 1. Counted from the time on the release itself: it is signed, both sides hold the same bytes of it, it is there before anything
    arrived, and it stays when the content goes or a backup comes back. A receipt can come twice, later, or never.
 2. By the text that stood when it was released, and by every text that all have signed since: the shortest time holds. So an
    amendment that shortens applies to what came before it; one that lengthens gives nothing back that was promised to end.
 3. A text stands from its last signature until another text that all signed builds on it. Whether the agreement is suspended,
    withdrawn or expired by now, or one of them took a signature back, changes nothing: what came under it goes on ending.
 4. Of several clauses on one kind in one text the shorter time holds. Where no clause names the kind, none ends it.

The order in which texts and signatures become known changes nothing, so that both nodes find the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import Retention
from hamsaya.agreement.lifecycle import History, ancestors, signed_by_all
from hamsaya.facts.words import Language

ANY_KIND: Final = ""
"""The kind of a copy that could not be read: the shortest of all clauses holds for it."""
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """What one clause of one text says: copies of these kinds that were released before `before` are kept for `days` days."""

    text: str
    """The hash of the text."""
    clause: str
    kinds: list[str]
    days: int
    before: datetime | None
    """When the last party signed a text that builds on it; None while it stands."""

    def binds(self, kind: str, released_at: datetime) -> bool:
        """Say whether it binds for a copy of that kind that was released then."""
        return (kind == ANY_KIND or kind in self.kinds) and (self.before is None or released_at < self.before)

    def ends(self, released_at: datetime) -> datetime:
        """Return until when such a copy may be kept."""
        try:
            return counted_from(released_at) + timedelta(days=self.days)
        except OverflowError:
            return _END


class KeptUntil(msgspec.Struct, frozen=True, kw_only=True):
    """Until when a copy may be kept, and by what."""

    until: datetime
    released_at: datetime
    """From when it is counted."""
    days: int
    agreement: str
    text: str
    """The hash of the text."""
    clause: str
    sentences: dict[Language, str]
    """The clause as it was signed, by language."""


def counted_from(released_at: datetime) -> datetime:
    """Return the signed time of a release in UTC; a neighbour may sign one that only its own zone can tell, at the beginning or end of time."""
    try:
        return released_at.astimezone(UTC)
    except OverflowError:
        return _BEGINNING if released_at.year == 1 else _END


def terms_of(history: History) -> list[Term]:
    """Return what the texts of an agreement that all signed say of keeping, in the order in which they build on each other."""
    stood = signed_by_all(history)
    above = {name: ancestors(history.texts, name) for name in stood}
    return [
        Term(
            text=name, clause=clause.number, kinds=clause.kinds, days=clause.days,
            before=min((at for later, at in stood.items() if name in above[later]), default=None),
        )
        for name in stood for clause in retained(history.texts[name])
    ]  # fmt: skip


def retained(text: Agreement) -> list[Retention]:
    """Return the clauses of a text that say how long something is kept."""
    return [clause for clause in text.table.clauses if isinstance(clause, Retention)]


def keeping_of(text: Agreement, kind: str) -> Retention | None:
    """Return the clause of a text that ends the keeping of that kind, the shortest of several; None where none does."""
    return min((clause for clause in retained(text) if kind in clause.kinds), key=lambda clause: clause.days, default=None)


def kept_until(history: History, kind: str, released_at: datetime) -> KeptUntil | None:
    """Return until when a copy of that kind, released at that time under this agreement, may be kept; None where no clause ends it."""
    binding = [term for term in terms_of(history) if term.binds(kind, released_at)]
    if not binding:
        return None
    term = min(binding, key=lambda each: each.days)
    text = history.texts[term.text]
    return KeptUntil(
        until=term.ends(released_at), released_at=counted_from(released_at), days=term.days, agreement=text.table.id, text=term.text,
        clause=term.clause, sentences={code: said[term.clause] for code, said in text.text.items() if term.clause in said},
    )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""All that a decision looks at, taken from a record once: nothing else of the record moves it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.floor import leaves_from, tells_position
from hamsaya.facts.grades import is_graded
from hamsaya.facts.records import Derived, Record
from hamsaya.facts.soundness import is_plain, what_is_unsound
from hamsaya.facts.words import Text

MIN_NECESSITY_WORDS: Final = 3


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The question: may this record go there, for this purpose, now?"""

    sender: str
    receiver: str
    kind: str
    handling: str
    marking: str
    exercise: bool
    fields: frozenset[str]
    """The predicates of its claims."""
    ungraded: tuple[str, ...]
    """Claims without a whole grade."""
    unsound: Text | None
    """Why the receiver could not keep or show it."""
    purpose: str
    necessity_words: int
    necessity_plain: bool
    at: datetime
    """The moment of the decision; it is recorded with it."""
    leaves_from: datetime | None
    """From when on the position of a group that it tells may leave; None where it tells none (law 11)."""
    grounds: frozenset[str] = frozenset()
    """The grounds of law 12, or of a clause, that an officer says it touches."""
    outside: frozenset[str] = frozenset()
    """The numbers of the area clauses in whose zones it is not proven to lie."""
    unconsented: tuple[str, ...] = ()
    """The originators of what it rests on whose consent to this receiver is missing (F4)."""
    danger: bool = False
    """An officer says that life is in danger: then a position need not be a day old."""


def ask(
    record: Record,
    receiver: str,
    purpose: str,
    necessity: str,
    at: datetime,
    *,
    grounds: Iterable[str] = (),
    danger: bool = False,
    copy: bool = False,
    sound: bool = False,
    outside: frozenset[str] = frozenset(),
    consented: Collection[Derived] = (),
) -> Asked:
    """Return the question about `record`; `copy` says that it is a prepared copy, whose times were widened; `sound`, that who asks found it to be so.

    `outside` are the area clauses in whose zones it is not proven to lie (see `agreement.area`). `consented` are those of
    what it rests on that the originator lets go to this receiver; the originator itself needs no consent of its own.
    """
    return Asked(
        sender=record.party, receiver=receiver, kind=record.kind, handling=record.handling, marking=record.marking, exercise=record.exercise,
        fields=frozenset(claim.predicate for claim in record.claims),
        ungraded=tuple(claim.id for claim in record.claims if not is_graded(claim.grade)), unsound=None if sound else what_is_unsound(record),
        purpose=purpose, necessity_words=len(necessity.split()), necessity_plain=is_plain(necessity), at=at,
        leaves_from=leaves_from(record, copy=copy) if tells_position(record) else None, grounds=frozenset(grounds), danger=danger, outside=outside,
        unconsented=_unconsented(record, receiver, consented) if record.derived else (),
    )  # fmt: skip


def _unconsented(record: Record, receiver: str, consented: Collection[Derived]) -> tuple[str, ...]:
    return tuple(sorted({link.party for link in record.derived if link.party not in (receiver, record.party) and link not in consented}))

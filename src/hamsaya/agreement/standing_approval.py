# SPDX-License-Identifier: Apache-2.0
"""May one officer let this copy leave at once, and a second look afterwards? By which clause (law 13).

1. The agreement allows it as it allows any release: standing approval lets nothing leave that is refused.
2. A standing-approval clause names its kind, and its level is within that clause's ceiling.
3. Where several clauses name the kind, all of them must cover it; the second officer looks within the shortest of their times.
4. Where an officer says that life is in danger, so that law 11's day is not waited for, two officers look first.
"""

from __future__ import annotations

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import StandingApproval
from hamsaya.agreement.decision import Decision
from hamsaya.facts.records import Record


class Alone(msgspec.Struct, frozen=True):
    """One officer is enough: by which clause, and within how many hours a second looks at it."""

    clause: str
    review_h: int


def standing_approval(leaving: Record, decision: Decision, agreement: Agreement, *, danger: bool = False) -> Alone | None:
    """Return by which clause one officer may let `leaving` go, or None where two must look first.

    `leaving` is the prepared copy: its level is the strictest that any clause reads the record's own marking as.
    """
    if not decision.allowed or danger:  # 1, 4
        return None
    naming = [clause for clause in agreement.table.clauses if isinstance(clause, StandingApproval) and leaving.kind in clause.kinds]
    if not naming or not all(clause.covers(leaving, leaving.handling) for clause in naming):  # 2, 3
        return None
    soonest = min(naming, key=lambda clause: clause.review_h)
    return Alone(soonest.number, soonest.review_h)

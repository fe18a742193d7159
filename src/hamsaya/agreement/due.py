# SPDX-License-Identifier: Apache-2.0
"""When what arrived must be acknowledged and answered, as the agreement's deadlines say.

Counted from the receiver's receipt, which both sides hold: so both desks show the same times. Where several deadline clauses
stand in one agreement, the shorter time holds.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import Deadlines


class Due(msgspec.Struct, frozen=True):
    """By when it is acknowledged, and by when answered."""

    acknowledge_by: datetime
    answer_by: datetime


def due(agreement: Agreement, received_at: datetime) -> Due | None:
    """Return the times that follow from the agreement for what was received at `received_at`; None where no clause sets any."""
    clauses = [clause for clause in agreement.table.clauses if isinstance(clause, Deadlines)]
    if not clauses:
        return None
    return Due(
        received_at + timedelta(minutes=min(clause.acknowledge_min for clause in clauses)),
        received_at + timedelta(minutes=min(clause.answer_min for clause in clauses)),
    )

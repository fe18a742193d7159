# SPDX-License-Identifier: Apache-2.0
"""How long there is for what arrived: the times of an agreement's deadlines, where the shorter one of several holds."""

from __future__ import annotations

from typing import Final

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import Deadlines

TERMS: Final = (
    "acknowledge_min", "answer_min", "formal_min", "final_min", "explain_min", "pursuit_min", "after_report_min", "escalate_min", "return_min",
)  # fmt: skip


def terms(agreement: Agreement) -> dict[str, int]:
    """Return the minutes that the agreement gives for each of `TERMS`; what no clause sets is left out."""
    clauses = [clause for clause in agreement.table.clauses if isinstance(clause, Deadlines)]
    found = {term: [minutes for clause in clauses if (minutes := getattr(clause, term))] for term in TERMS}
    return {term: min(minutes) for term, minutes in found.items() if minutes}

# SPDX-License-Identifier: Apache-2.0
"""The closed set of clauses that a machine enforces.

A clause type that is not in `Clause`, or a version of it that this program does not enforce, cannot be read: the
agreement is refused as a whole (deny by default).
"""

from __future__ import annotations

from hamsaya.agreement.area import Area, Buffer, Polygon
from hamsaya.agreement.clause import Names, Sentences
from hamsaya.agreement.duties import Deadlines, Exercises, Level, LiaisonLevels, Retention, StandingApproval
from hamsaya.agreement.limits import Exactness, Ground, HandlingCeiling, Kinds, OriginatorControl, Purposes, Quotes, RefusalGrounds, TearLine

__all__ = [
    "Area", "Buffer", "Clause", "Deadlines", "Exactness", "Exercises", "Ground", "HandlingCeiling", "Kinds", "Level", "LiaisonLevels",
    "Names", "OriginatorControl", "Polygon", "Purposes", "Quotes", "RefusalGrounds", "Retention", "Sentences", "StandingApproval", "TearLine",
]  # fmt: skip

Clause = (
    Kinds | HandlingCeiling | Area | Purposes | Exactness | TearLine | Quotes | RefusalGrounds | OriginatorControl
    | Deadlines | Retention | LiaisonLevels | Exercises | StandingApproval
)  # fmt: skip

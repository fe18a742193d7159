# SPDX-License-Identifier: Apache-2.0
"""The floor of law 11: positions of groups leave no sooner than 24 hours later, and rounded to 10 km.

An agreement can only tighten it. It does not hold for a side's own forces; where life is in danger it still rounds, but
does not wait. Distress and STOP are protocol acts and do not pass here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hamsaya.facts.claims import Claim
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Depth, Moment, Place

FLOOR: Final = timedelta(hours=24)
FLOOR_M: Final = 10_000
FORCES: Final = frozenset({"border_guard", "police", "army", "navy", "coast_guard", "government"})
"""Codes of groups that can be a side's own."""
_NEAR_GROUP: Final = frozenset({"pursuit_notice"})
"""Kinds that tell of own forces which are close to a group."""
_TELLS_GROUP: Final = frozenset({"actor", "strength", "parties", "held"})
"""Predicates that say which group was there. Losses say who was hit, not who is where."""


def tells_position(record: Record) -> bool:
    """Say whether `record` tells where a group was that is not the filing side's own force."""
    located = any(_is_located(claim) for claim in record.claims)
    return located and any(_tells_foreign_group(claim, record.side) for claim in record.claims)


def rounds_position(record: Record) -> bool:
    """Say whether the places in `record` are rounded to the floor: it tells where a group was, or where forces are that are close behind one.

    The own forces of a pursuit may be told at once, and what they pursue is told in no field; but they are near it, so no place of the
    notice leaves finer than the position of a group would.
    """
    return record.kind in _NEAR_GROUP or tells_position(record)


def leaves_from(record: Record, *, copy: bool = False) -> datetime:
    """Return the first moment at which the position that `record` tells may leave.

    24 hours after the end of the latest time it tells, or after it was filed where it tells none. In a prepared `copy`
    times were widened, so that only their beginning is certain to be no later than the true end.
    """
    times = [claim.value for claim in record.claims if isinstance(claim.value, Moment)]
    ends = [at for moment in times if (at := moment.start if copy else moment.end) is not None]
    return (max(ends) if ends else record.filed_at) + FLOOR


def _is_located(claim: Claim) -> bool:
    value = claim.value
    return isinstance(value, Depth) or (isinstance(value, Place) and value.precision not in ("province", "country"))


def _tells_foreign_group(claim: Claim, side: str) -> bool:
    if claim.predicate not in _TELLS_GROUP:
        return False
    group = claim.about if claim.about is not None else claim.value
    own = isinstance(group, Coded) and group.code in FORCES and group.country == side
    return not own

# SPDX-License-Identifier: Apache-2.0
"""What the map shows of an incident: where each account puts it, and where that stands by every line (laws 6, 9, 10).

- Every account that does not give way has its own point; none is moved, joined or left out because another differs.
- A point has the radius within which the truth lies. A place without a point is told in words only.
- Each point is told by each line that the node knows, one standing a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from hamsaya.accounts.compare import Account
from hamsaya.boundary.lines import Ruler, Standing
from hamsaya.facts.values import Place

_UDEG: Final = 1_000_000


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A name on the map, in each language that has one."""

    ref: str
    kind: str
    lon_udeg: int
    lat_udeg: int
    names: dict[str, str]


class Pinpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where one account puts the incident. `signed` says whether that side signed it itself."""

    record: str
    side: str
    signed: bool
    place: Place
    standings: list[Standing]


def pinpoints(accounts: Iterable[Account], rulers: Sequence[Ruler]) -> list[Pinpoint]:
    """Return every point that the accounts tell, in their order, with its standing by each line."""
    found = []
    for account in accounts:
        for claim in account.record.claims:
            place = claim.value
            if not account.gives_way and claim.predicate == "place" and isinstance(place, Place):
                standings = stand(place, rulers)
                if standings is not None:
                    found.append(
                        Pinpoint(record=account.record.id, side=account.record.side, signed=account.signed, place=place, standings=standings)
                    )
    return found


def stand(place: Place, rulers: Sequence[Ruler]) -> list[Standing] | None:
    """Return where a place stands by each line, or None if it has no point."""
    if place.lon_udeg is None or place.lat_udeg is None:
        return None
    return [ruler.stand((place.lon_udeg / _UDEG, place.lat_udeg / _UDEG), place.radius_m or 0) for ruler in rulers]

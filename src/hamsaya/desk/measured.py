# SPDX-License-Identifier: Apache-2.0
"""Where a place stands by each line, and how far inside a territory an account says that it was, beside what each line measures (laws 6, 9, 10).

- A place with a point stands by each line that the node knows, one standing a line; one that is a line or an area with all its points.
- What is told ("3 km inside Pakistan") is never altered: beside it stands per line whether the measured distance can be the same. It
  `agrees` where the told range and the measured one overlap, `differs` where they cannot, and where the line and the place
  are too uncertain to say so much, nobody can tell.
- A told distance is good for a tenth of itself, or half a kilometre where that is more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from hamsaya.boundary.lines import Ruler, Standing
from hamsaya.facts.claims import Claim
from hamsaya.facts.values import Depth, Place

UDEG: Final = 1_000_000
_LEAST_DOUBT_M: Final = 500
_TENTH: Final = 10
Beside = Literal["agrees", "differs", "cannot tell"]


class ToldDepth(msgspec.Struct, frozen=True, kw_only=True):
    """What an account says of how far inside it was, and per line, by its short name, whether the measured distance can be the same."""

    claim: str
    depth: Depth
    by_line: dict[str, Beside]


def stand(place: Place, rulers: Sequence[Ruler]) -> list[Standing] | None:
    """Return where a place stands by each line, or None if it has no point."""
    if place.lon_udeg is None or place.lat_udeg is None:
        return None
    outline = tuple((lon / UDEG, lat / UDEG) for lon, lat in place.along or place.around)
    if outline:
        return [ruler.stand_shape(outline, closed=bool(place.around)) for ruler in rulers]
    return [ruler.stand((place.lon_udeg / UDEG, place.lat_udeg / UDEG), place.radius_m or 0) for ruler in rulers]


def told_beside(claims: Sequence[Claim], standings: Sequence[Standing]) -> list[ToldDepth]:
    """Return what the claims say of how far inside it was, beside what each line measures."""
    told = [(claim.id, claim.value) for claim in claims if claim.predicate == "depth" and isinstance(claim.value, Depth)]
    return [ToldDepth(claim=name, depth=depth, by_line={it.line: beside(depth, it) for it in standings}) for name, depth in told]


def beside(depth: Depth, it: Standing) -> Beside:
    """Say whether a told distance inside a territory can be what one line measures."""
    if it.doubt in ("end", "stretches") or (it.inside_m and depth.territory not in it.inside_m):
        return "cannot tell"
    least, most = _told(depth)
    farthest = it.farthest_m if it.farthest_m is not None else it.distance_m
    if it.doubt:
        return "differs" if least > farthest + it.uncertainty_m else "cannot tell"
    inside = it.inside_m[depth.territory]
    low = 0 if it.both else inside if inside > 0 else -farthest
    high = inside if it.both or inside < 0 else farthest
    return "agrees" if least <= high + it.uncertainty_m and low - it.uncertainty_m <= most else "differs"


def _told(depth: Depth) -> tuple[float, float]:
    """Return the range that a told distance stands for."""
    least = depth.low_m - max(_LEAST_DOUBT_M, depth.low_m // _TENTH)
    most = math.inf if depth.high_m is None else depth.high_m + max(_LEAST_DOUBT_M, depth.high_m // _TENTH)
    return max(least, 0), most

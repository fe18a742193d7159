# SPDX-License-Identifier: Apache-2.0
"""Per field, whether the sides agree, differ, or one is silent. Never picks a winner, never merges numbers (law 6).

- Sides are compared, not parties: a side is a state, and a record says whose account it is.
- Where a side has signed an account of its own, accounts attributed to it by others are shown and no longer compared.
- Two values agree when both can be true at once as they were said: equal codes, times that overlap, counts of which
  one range lies within the other, points no farther apart than their radii.
- Codes are compared as sets: they agree when one side's are all among the other's, since more detail is no contradiction.
- A side that says two times, places or numbers which cannot both be true differs, also from itself.
- A day without a year agrees with a date on that day of any year.
- A value that cannot be compared (a day that is open, a place without a point) counts as said, and differs only in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from hamsaya.facts.claims import PREDICATES, Claim, field_of
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value, Words

State = Literal["agree", "differ", "silent"]
EARTH_RADIUS_M: Final = 6_371_008.8
_DEFAULT_RADIUS_M: Final = 1_000
_DAY: Final = timedelta(days=1)
_NOON: Final = 12
_LONGEST_YEAR: Final = 366


class Account(msgspec.Struct, frozen=True):
    """One record as one side's account. `signed` says whether the side itself signed it."""

    record: Record
    signed: bool
    gives_way: bool = False
    """True for an attributed account whose side has since signed its own."""


class Said(msgspec.Struct, frozen=True):
    """One claim with the account it stands in."""

    account: Account
    claim: Claim


class Field(msgspec.Struct, frozen=True):
    """One row of the two-sided view. `said` lists every claim a side; `silent` lists the sides that said nothing."""

    key: str
    state: State
    said: dict[str, list[Said]]
    silent: list[str]


def accounts_of(records: Iterable[Record], side_of_party: dict[str, str]) -> list[Account]:
    """Return the records as accounts, signed or attributed, marking those that give way.

    `side_of_party` maps each party to its state. An account is signed by its side when a party of that side filed it
    as its own.
    """
    plain = [Account(record, record.basis == "own" and side_of_party.get(record.party) == record.side) for record in records]
    spoken = {account.record.side for account in plain if account.signed}
    return [msgspec.structs.replace(account, gives_way=not account.signed and account.record.side in spoken) for account in plain]


def compare(accounts: Sequence[Account], sides: Sequence[str]) -> list[Field]:
    """Return one `Field` a key, in the order of the predicates' table, over the accounts that do not give way."""
    said: dict[str, dict[str, list[Said]]] = {}
    for account in accounts:
        if account.gives_way:
            continue
        for claim in account.record.claims:
            said.setdefault(field_of(claim), {}).setdefault(account.record.side, []).append(Said(account, claim))
    everyone = list(dict.fromkeys([*sides, *(account.record.side for account in accounts)]))
    order = {name: place for place, name in enumerate(PREDICATES)}
    keys = sorted(said, key=lambda key: (order.get(key.split(":", maxsplit=1)[0], len(order)), key))
    return [_field(key, said[key], everyone) for key in keys]


def _field(key: str, said: dict[str, list[Said]], sides: Sequence[str]) -> Field:
    silent = [side for side in sides if side not in said]
    if _differs([[each.claim.value for each in said[side]] for side in said]):
        return Field(key, "differ", said, silent)
    return Field(key, "silent" if silent or len(said) < 2 else "agree", said, silent)  # nobody agrees with themselves


def _differs(by_side: list[list[Value]]) -> bool:
    if all(isinstance(value, Coded) for values in by_side for value in values):
        codes = [{(value.code, value.country) for value in values if isinstance(value, Coded)} for values in by_side]
        return any(not (one <= other or other <= one) for one in codes for other in codes)
    flat = [value for values in by_side for value in values]
    return any(not agrees(one, other) for i, one in enumerate(flat) for other in flat[i + 1 :])


def agrees(one: Value, other: Value) -> bool:
    """Say whether both values can be true at once, as they were said."""
    match one, other:
        case Moment(), Moment():
            return _moments_agree(one, other)
        case Place(), Place():
            return _places_agree(one, other)
        case Count(), Count():
            return _within(one.low, one.high, other.low, other.high)
        case Depth(), Depth():
            return one.territory == other.territory and _within(one.low_m, one.high_m, other.low_m, other.high_m)
        case Coded(), Coded():
            return (one.code, one.country) == (other.code, other.country)
        case Words(), Words():
            return one.text.split() == other.text.split()
    return False


def _within(low: int, high: int | None, other_low: int, other_high: int | None) -> bool:
    top, other_top = (math.inf if value is None else value for value in (high, other_high))
    return (low >= other_low and top <= other_top) or (other_low >= low and other_top <= top)


def _moments_agree(one: Moment, other: Moment) -> bool:
    if one.start is not None and one.end is not None and other.start is not None and other.end is not None:
        return one.start < other.end and other.start < one.end
    if one.month_day and other.month_day:
        return one.month_day == other.month_day
    for day, dated in ((one.month_day, other), (other.month_day, one)):
        if day and dated.start is not None and dated.end is not None:
            return day in _days_within(dated.start, dated.end)
    return one.words.split() == other.words.split()


def _days_within(start: datetime, end: datetime) -> set[str]:
    """Return the days, as `MM-DD`, that lie in an interval, whatever the zone in which a day was meant.

    Whole days begin and end at the midnight nearest to `start` and `end`; a shorter moment may fall on either day about it.
    """
    whole = end - start >= _DAY
    first = start.toordinal() + (start.hour >= _NOON if whole else -(start.hour < _NOON))
    last = end.toordinal() + ((end.hour >= _NOON) - 1 if whole else end.hour >= _NOON)
    days = range(max(first, 1), min(last, first + _LONGEST_YEAR, date.max.toordinal()) + 1)
    return {f"{date.fromordinal(day):%m-%d}" for day in days}


def _places_agree(one: Place, other: Place) -> bool:
    if one.ref and one.ref == other.ref:
        return True
    distance = distance_m(one, other)
    if distance is None:
        return one.words.split() == other.words.split()
    return distance <= (one.radius_m or _DEFAULT_RADIUS_M) + (other.radius_m or _DEFAULT_RADIUS_M)


def distance_m(one: Place, other: Place) -> float | None:
    """Return the great-circle distance in metres on a sphere (error below 0.6 %), or None if a place has no point.

    For distances to a declared line use the boundary room, which measures on the ellipsoid.
    """
    if one.lon_udeg is None or one.lat_udeg is None or other.lon_udeg is None or other.lat_udeg is None:
        return None
    lon_a, lat_a, lon_b, lat_b = (math.radians(v / 1e6) for v in (one.lon_udeg, one.lat_udeg, other.lon_udeg, other.lat_udeg))
    chord = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(max(0.0, chord))))

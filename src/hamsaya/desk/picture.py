# SPDX-License-Identifier: Apache-2.0
"""What the map shows of an incident: where each account puts it, and where that stands by every line (laws 6, 9, 10).

- Every account that does not give way has its own point; none is moved, joined or left out because another differs.
- A point has the radius within which the truth lies. A place without a point is told in words only.
- Each point is told by each line that the node knows, one standing a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from hamsaya.accounts.compare import Account
from hamsaya.boundary.lines import Ruler, Standing
from hamsaya.desk.doubts import Doubt, Doubter, doubt_data
from hamsaya.desk.measured import ToldDepth, stand, told_beside
from hamsaya.facts.records import Record
from hamsaya.facts.values import Place


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
    told: list[ToldDepth] = []
    """How far inside the account says that it was, beside what each line measures."""
    doubts: list[Doubt] = []


def pinpoints(accounts: Iterable[Account], rulers: Sequence[Ruler], doubter: Doubter | None = None) -> list[Pinpoint]:
    """Return every point that the accounts tell, in their order, with its standing by each line, and with `doubter` what is doubted of it."""
    return [
        each
        for account in accounts if not account.gives_way
        for each in pinpoints_of(account.record, rulers, signed=account.signed, doubter=doubter)
    ]  # fmt: skip


def pinpoints_of(record: Record, rulers: Sequence[Ruler], *, signed: bool, doubter: Doubter | None = None) -> list[Pinpoint]:
    """Return every point that one record tells, with its standing by each line, and with `doubter` what is doubted of it."""
    found = []
    doubts = doubter.doubts(record.claims) if doubter else []
    for claim in record.claims:
        standings = stand(claim.value, rulers) if claim.predicate == "place" and isinstance(claim.value, Place) else None
        if standings is not None and isinstance(claim.value, Place):
            found.append(Pinpoint(
                record=record.id, side=record.side, signed=signed, place=claim.value, standings=standings, told=told_beside(record.claims, standings),
                doubts=[doubt for doubt in doubts if doubt.claim == claim.id],
            ))  # fmt: skip
    return found


def pin_data(pin: Pinpoint) -> dict[str, Any]:
    """Return a point as plain data, its doubts in English, for programs."""
    plain: dict[str, Any] = msgspec.to_builtins(pin)
    return {**plain, "doubts": [doubt_data(doubt) for doubt in pin.doubts]}

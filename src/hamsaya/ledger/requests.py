# SPDX-License-Identifier: Apache-2.0
"""What refused requests leave behind: with ground and reason where this node refused, without where a neighbour did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from hamsaya.desk.acts_request import RequestRefusedHere
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.requests import RequestRefused
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, has, project, stamp
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


@project.register
def _(event: RequestRefusedHere, db: Connection, act: Act) -> None:
    header = act.entry_of(event.log, event.seq).header()
    _hold(db, act, event.request, event.party, header.office, header.at, here=True, grounds=event.grounds, reason=event.reason)


def take_refused(db: Connection, act: Act, header: Header, content: bytes, *, new: bool) -> str:
    """Note that a neighbour refused a request of ours; return which."""
    request = read(content, RequestRefused).request
    if new:
        _hold(db, act, request, header.by, header.office, header.at, here=False)
    return request


def refused_again(db: Connection, act: Act, header: Header, content: bytes) -> None:
    """Note that this node had refused a request before it was set back; on which ground, only the lost journal told."""
    request, party = read(content, RequestRefused).request, getattr(parse_log(header.log), "receiver", "")
    if not has(db, t.REFUSAL.c.request == request, t.REFUSAL.c.party == party):
        _hold(db, act, request, party, header.office, header.at, here=True)


def _hold(
    db: Connection, act: Act, request: str, party: str, office: str, at: datetime, *, here: bool, grounds: list[str] | None = None, reason: str = ""
) -> None:
    add(db, t.REFUSAL, act, request=request, party=party, here=here, office=office, at=stamp(at), grounds=encode(grounds or []), reason=reason)

# SPDX-License-Identifier: Apache-2.0
"""What becomes of a neighbour's word that it refuses a request: it must be one of ours, and asked of that neighbour."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.holdings import Party
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.requests import RequestRefused
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Header
from hamsaya.settlement.courses import COURSES

_REFUSABLE: Final = frozenset(kind for kind, course in COURSES.items() if course.borne_by("refusal", "other"))


def judge_refused(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether it is known here already. Raises `InputError` for a request that was not made of that neighbour.

    Bytes that hold more than the request's name could tell the ground, so they are not taken either.
    """
    del node
    act = read(content, RequestRefused)
    if header.about or canonical(act) != content:
        raise InputError(say("A refusal says which request it answers, and nothing else."))
    asked = any(held.receiver == party.card.party and held.log for held in pen.releases_of(act.request))
    if not asked or pen.record_kinds([act.request]).get(act.request) not in _REFUSABLE:
        raise InputError(say("It speaks of a request that this node never made."))
    return any(refusal.party == party.card.party and not refusal.here for refusal in pen.refusals(request=act.request))

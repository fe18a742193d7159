# SPDX-License-Identifier: Apache-2.0
"""STOP on a matter, such as a pursuit: the call of `desk/distress.py` that names it. One officer; any agreement or none (law 2).

1. The table says which side can call a STOP on it; the other has the STOP of every page, which names no matter.
2. As the matter stands is never asked: a STOP passes, and rings. Whether it counts there, the table tells on both nodes.
3. Where: the place that the notice told, as coarse as it came; else the name of the matter.
"""

from __future__ import annotations

from hamsaya.desk.calls import CallHeld
from hamsaya.desk.distress import send_stop
from hamsaya.desk.holdings import Officer
from hamsaya.desk.matters import Matter, matter_with
from hamsaya.desk.ports import Node
from hamsaya.desk.roles import require
from hamsaya.facts.distress import Call
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.values import Place
from hamsaya.facts.words import say


def stop_matter(node: Node, officer: Officer, record: str, party: str = "", *, token: str = "") -> CallHeld:
    """Call a STOP on a matter, and return the call. The same `token` calls once.

    Raises `NotFound` for what is no matter here, `InputError` where its table knows no STOP, `Refused` where the STOP is the other
    side's or the role lacks the right.
    """
    require(officer.role, "distress")
    with node.ledger.reading() as book:
        matter = matter_with(node, book, record, party)
    moves = [move for move in matter.course.moves.values() if move.borne == "stop"]
    if not moves:
        raise InputError(say("No STOP is called on such a matter."), say("The STOP of every page says what is to stop, and where."))
    if not any(move.by in (matter.side, "either") for move in moves):  # 1
        raise Refused(say("Only {party} can do that.", party=matter.party), rule="side")
    call = Call(what=["pursuit"], whom=["all"], place=_where(matter), about=matter.record.id)
    return send_stop(node, officer, call, to=[matter.party], token=token)[0]


def _where(matter: Matter) -> Place:  # 3
    place = next((claim.value for claim in matter.record.claims if isinstance(claim.value, Place) and claim.value.lon_udeg is not None), None)
    return place or Place(words=matter.record.id, precision="unknown")

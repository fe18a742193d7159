# SPDX-License-Identifier: Apache-2.0
"""Refusing on a ground what a neighbour opened, where its table knows that: the bytes that leave are the same for every ground (law 12).

They hold only what is refused, and are told once of each matter. Ground and reason stand in the journal of the node that refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hamsaya.desk.acts_request import RequestRefusedHere
from hamsaya.desk.grounds import check_grounds
from hamsaya.desk.holdings import Officer
from hamsaya.desk.inbox import acknowledge_within
from hamsaya.desk.matters import Matter, matter_with
from hamsaya.desk.ports import Node
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.requests import RequestRefused
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical

MAX_REASON: Final = 2_000


def refuse_matter(node: Node, officer: Officer, record: str, grounds: Sequence[str], reason: str) -> Matter:
    """Refuse a neighbour's matter on one or more grounds; the neighbour learns that it was refused, and nothing more.

    Acknowledges it too where nobody had. Raises `InputError` without a known ground or a reason, or for a table that knows no refusal;
    `NotFound` for no matter, `Refused` for our own, and `Stale` where it was refused before, or stands so that it cannot be refused.
    """
    require(officer.role, "propose")
    reason = as_plain(reason).strip()
    if not grounds:
        raise InputError(say("Name the ground, or several."))
    if not reason or len(reason) > MAX_REASON:
        raise InputError(say("The reason is a sentence of at most {n} letters; it stays in this node's journal.", n=MAX_REASON))
    with node.ledger.writing() as pen:
        check_grounds(pen, grounds)
        held = matter_with(node, pen, record)
        move = held.course.moves.get(held.course.borne_by("refusal", "other"))
        if move is None:
            raise InputError(say("Such a matter is not refused on a ground."))
        if held.ours:
            raise Refused(say("Only {party} can do that.", party=held.party), rule="side")
        if held.refusal is not None:
            raise Stale(say("It was refused before."), by=held.refusal.office, at=held.refusal.at)
        if held.standing.state not in move.before:
            stands = held.course.states[held.standing.state].label
            raise Stale(say("It stands otherwise now: {state}.", state=stands), by=held.standing.last.office, at=held.standing.last.at)
        acknowledge_within(node, pen, officer, held.log, held.seq)
        log = pen.current_log(link_log(node.party, held.party))
        seq = pen.extend(log, "request.refused", canonical(RequestRefused(record)), officer)
        told = RequestRefusedHere(request=record, party=held.party, grounds=sorted(set(grounds)), reason=reason, log=log, seq=seq)
        pen.journal(told, officer)
        return matter_with(node, pen, record, held.party)

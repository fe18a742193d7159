# SPDX-License-Identifier: Apache-2.0
"""Copies whose time has run out are erased here without being asked, by two persons; what stays longer stays for a reason (law 14).

    listed as due ──one officer orders exactly these──▶ ordered ──another confirms──▶ each erased here, and confirmed to its sender
                                                           │──holds one, with a reason──▶ held until a day ──that day──▶ due again
                                                           └──declines──▶ listed as due

1. A machine lists, two persons erase (laws 13, 16): the same two rights as for a record of our own. Nothing else than what the
   first one saw is erased by the second.
2. Each copy is erased as at its sender's request (`erasing.py`), and the confirmation names clause and time. Its sender needs not ask.
3. To hold one back is told to its sender, ends by itself after 90 days at most, and is looked at by a second person, who lets
   it stand or ends it. The reasons are a closed list: a sentence could tell again what is to be forgotten.
4. Own records that rest on a copy stay ours; they are named. Each is erased by an order of its own.
5. While a link is held nothing can be confirmed on it: what came over it stays listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from hamsaya.desk.acts_erasures import CopyErased
from hamsaya.desk.acts_retention import DueDecided, DueOrdered, HoldMade, HoldReviewed
from hamsaya.desk.erasing import copy_content, onward_of, resting_among
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.retention import MOST, CopyKept, find_due, held_here
from hamsaya.desk.retention_held import CopyHoldHeld, DueOrder
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.erasures import ErasureConfirmed, RanOut
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.retention import HOLD_REASONS, LONGEST_HOLD_DAYS, CopyHeld
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical

HOLD_DAYS: Final = 30
REVIEW_WITHIN: Final = timedelta(days=7)
"""A second person looks at a hold within this time."""
Place = tuple[str, int]


def order_due(node: Node, officer: Officer, items: Sequence[Place]) -> DueOrder:
    """Order that exactly these copies be erased: the first half. Raises `InputError`, `NotFound` for what is not due, `Stale` while one waits."""
    require(officer.role, "order")
    chosen = list(dict.fromkeys(items))
    if not chosen or len(chosen) > MOST:
        raise InputError(say("Name 1 to {n} copies that are past their time; {came} came.", n=MOST, came=len(chosen)))
    with node.ledger.writing() as pen:
        waits = order_waiting(pen)
        if waits is not None:
            raise Stale(say("Another order to erase what ran out waits for its second officer."), by=waits.ordered_office, at=waits.ordered_at)
        due = {(each.log, each.seq) for each in find_due(node, pen, chosen, node.now())}
        for log, seq in chosen:
            if (log, seq) not in due:
                raise NotFound(say("No copy of entry {seq} of log {log} is past its time here.", seq=seq, log=log[:80]), _LISTS)
        return _order(pen, pen.journal(DueOrdered(items=chosen), officer))


def decide_due(node: Node, officer: Officer, number: int, *, erase: bool, hold: Mapping[Place, str] = {}) -> DueOrder:
    """Erase what was ordered, but for what is held, or decline it all: the second half, by another person.

    Raises `NotFound`, `Refused`, `Stale`, and `InputError` for a hold on what was not ordered or for no reason of the list.
    """
    require(officer.role, "erase")
    with node.ledger.writing() as pen:
        order = _order(pen, number)
        if order.state != "ordered":
            raise Stale(say("Order {number} was decided before.", number=number), by=order.decided_office, at=order.decided_at)
        if order.ordered_by == officer.login:
            raise Refused(say("Who ordered it does not confirm it: another officer must."), rule="second-officer")
        if set(hold) - set(order.items) or (hold and not erase):
            raise InputError(say("Only what was ordered is held back, and only where the rest is erased."))
        gone: list[Place] = []
        if erase:
            links = {each.neighbour for each in pen.holds()}
            copies = [each for each in find_due(node, pen, order.items, node.now()) if each.by not in links]
            ours = derived_of(pen)
            for copy in copies:
                if (copy.log, copy.seq) in hold:
                    _hold(node, pen, officer, copy, hold[copy.log, copy.seq], HOLD_DAYS)
                else:
                    _erase(node, pen, officer, copy, ours)
                    gone.append((copy.log, copy.seq))
        pen.journal(DueDecided(order=number, erase=erase, erased=gone), officer)
        return _order(pen, number)


def _erase(node: Node, pen: Pen, officer: Officer, copy: CopyKept, ours: Sequence[list[RecordHeld]]) -> None:
    held, keep = copy.as_erasure(), copy.keep
    ran_out = RanOut(record=copy.record, version=copy.version, text=keep.text, clause=keep.clause, until=keep.until)
    onward = onward_of(pen, resting_among(pen, ours, held), copy.by)
    confirmed = ErasureConfirmed(log=copy.log, seq=copy.seq, onward=onward, office=officer.office, at=node.now(), ran_out=ran_out)
    pen.extend(link_log(node.party, copy.by), "erasure.confirmed", canonical(confirmed), officer)
    gone, blobs = copy_content(pen, held)
    pen.journal(CopyErased(gone=gone, blobs=blobs, confirmed=confirmed), officer)


def hold_copy(node: Node, officer: Officer, log: str, seq: int, reason: str, days: int = HOLD_DAYS) -> CopyHoldHeld:
    """Keep a copy beyond its time, and tell its sender. Raises `NotFound` for what is not due here, `InputError` for another reason or time."""
    require(officer.role, "erase")
    with node.ledger.writing() as pen:
        copies = find_due(node, pen, [(log, seq)], node.now())
        if not copies:
            raise NotFound(say("No copy of entry {seq} of log {log} is past its time here.", seq=seq, log=log[:80]), _LISTS)
        _hold(node, pen, officer, copies[0], reason, days)
        return hold_of(pen, log, seq)


def _hold(node: Node, pen: Pen, officer: Officer, copy: CopyKept, reason: str, days: int) -> None:
    if reason not in HOLD_REASONS:
        raise InputError(say("reason is one of: {list}; this came: {came}", list=", ".join(HOLD_REASONS), came=reason[:40] or "—"))
    if not 1 <= days <= LONGEST_HOLD_DAYS:
        raise InputError(say("A copy is held for 1 to {n} days, and then persons decide again; {came} came.", n=LONGEST_HOLD_DAYS, came=days))
    _tell_hold(node, pen, officer, copy.by, (copy.log, copy.seq), reason, days, copy.hold.number + 1 if copy.hold else 1)


def _tell_hold(node: Node, pen: Pen, officer: Officer, to: str, place: Place, reason: str, days: int, number: int) -> None:
    now = node.now()
    log, seq = place
    held = CopyHeld(log=log, seq=seq, number=number, reason=reason, until=now + timedelta(days=days), office=officer.office, at=now)
    pen.extend(link_log(node.party, to), "copy.held", canonical(held), officer)
    pen.journal(HoldMade(held=held), officer)


def review_hold(node: Node, officer: Officer, log: str, seq: int, *, fine: bool) -> CopyHoldHeld:
    """Let a hold stand or end it, as another person than who made it. Raises `NotFound`, `Refused`, `Stale`."""
    require(officer.role, "review")
    with node.ledger.writing() as pen:
        held = hold_of(pen, log, seq)
        copy = [each for each in find_held(node, pen) if (each.log, each.seq) == (log, seq)]
        if not copy:
            raise NotFound(say("No copy of entry {seq} of log {log} is held beyond its time here.", seq=seq, log=log[:80]), _LISTS)
        if held.outcome:
            raise Stale(say("This hold was reviewed before."), by=held.reviewed_by, at=held.reviewed_at)
        if held.by == officer.login:
            raise Refused(say("Who held it does not review it: another officer must."), rule="second-officer")
        pen.journal(HoldReviewed(log=log, seq=seq, number=held.number, fine=fine), officer)
        if not fine:
            _tell_hold(node, pen, officer, copy[0].by, (log, seq), held.reason, 0, held.number + 1)
        return hold_of(pen, log, seq)


def find_held(node: Node, book: Book) -> list[CopyKept]:
    """Return the copies of neighbours that are held beyond their time here."""
    now = node.now()
    found = [held_here(node, book, each.log, each.seq) for each in book.copy_holds() if each.stands(now)]
    return [each for each in found if each is not None]


def hold_of(book: Book, log: str, seq: int) -> CopyHoldHeld:
    """Return the last hold on a copy. Raises `NotFound`."""
    held = next(iter(book.copy_holds(log=log, seq=seq)), None) if seq >= 0 else None
    if held is None:
        raise NotFound(say("No copy of entry {seq} of log {log} is held beyond its time here.", seq=seq, log=log[:80]), _LISTS)
    return held


def order_waiting(book: Book) -> DueOrder | None:
    """Return the order that waits for its second officer, or None."""
    return next((each for each in book.due_orders() if each.state == "ordered"), None)


def derived_of(book: Book) -> list[list[RecordHeld]]:
    """Return our versions of each record of ours that rests on another party's."""
    return [[one for one in each if not one.received_from] for each in book.versions_of(book.derived_records()).values()]


def _order(book: Book, number: int) -> DueOrder:
    order = next(iter(book.due_orders(number=number)), None) if number >= 0 else None
    if order is None:
        raise NotFound(say("There is no order {number} to erase what ran out.", number=number), _LISTS)
    return order


_LISTS: Final = say("`hamsaya record due` lists what is past its time.")

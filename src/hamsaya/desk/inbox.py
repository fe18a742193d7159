# SPDX-License-Identifier: Apache-2.0
"""What a neighbour sent: acknowledge it, and the neighbour learns that an officer has opened it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hamsaya.agreement.due import terms
from hamsaya.desk.events import Opened
from hamsaya.desk.holdings import AgreementHeld, InboxItem, Officer
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.acts import ReleaseOpened
from hamsaya.exchange.logs import link_log, parse_log
from hamsaya.facts.errors import NotFound, Refused
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical

ANSWERED: Final = frozenset({"consent.asked", "release.recalled", "erasure.asked"})
"""Kinds of act that wait for an answer of their own, by a verb of its own."""


def acknowledge(node: Node, officer: Officer, log: str, seq: int) -> InboxItem:
    """Acknowledge a release that arrived. Raises `NotFound`, and `Refused` when it was acknowledged before."""
    require(officer.role, "acknowledge")
    with node.ledger.writing() as pen:
        item = item_of(pen, log, seq)
        if item.state != "new":
            raise Stale(say("This was dealt with before: {state}.", state=item.state), by=item.opened_by, at=item.opened_at)
        if item.kind in ANSWERED:
            raise Refused(say("This waits for an answer; to acknowledge it is not enough."), say("Open it, and answer it there."), rule="answer")
        return _open(node, pen, officer, item)


def acknowledge_several(node: Node, officer: Officer, entries: Sequence[tuple[str, int]]) -> tuple[list[InboxItem], list[InboxItem]]:
    """Acknowledge what arrived as these entries, all in one transaction; what was dealt with before is left as it is.

    Returns those acknowledged now, and those dealt with before. Raises `NotFound` where one of them did not arrive, and
    acknowledges none then.
    """
    require(officer.role, "acknowledge")
    done, before = [], []
    with node.ledger.writing() as pen:
        for log, seq in dict.fromkeys(entries):
            item = item_of(pen, log, seq)
            if item.state == "new" and item.kind not in ANSWERED:
                done.append(_open(node, pen, officer, item))
            else:
                before.append(item)
    return done, before


def acknowledge_within(node: Node, pen: Pen, officer: Officer, log: str, seq: int) -> None:
    """Acknowledge what arrived, within an act that answers it, where nobody had."""
    item = item_of(pen, log, seq)
    if item.state == "new":
        _open(node, pen, officer, item)


def _open(node: Node, pen: Pen, officer: Officer, item: InboxItem) -> InboxItem:
    pen.journal(Opened(log=item.log, seq=item.seq), officer)
    opened = item_of(pen, item.log, item.seq)
    act = ReleaseOpened(item.log, item.seq, officer.office, opened.opened_at or node.now())  # both nodes tell the same time
    pen.extend(link_log(node.party, item.sender), "release.opened", canonical(act), officer)
    return opened


def item_of(book: Book, log: str, seq: int) -> InboxItem:
    """Return the item. Raises `NotFound`."""
    item = book.inbox_item(log, seq)
    if item is not None:
        return item
    raise NotFound(say("Nothing arrived as entry {seq} of log {log}.", seq=seq, log=log[:80]), say("`hamsaya inbox` lists what arrived."))


def due_at(item: InboxItem, agreements: list[AgreementHeld]) -> datetime | None:
    """Return when the item must be acknowledged under its agreement's deadlines, or None where none binds."""
    time = _time_for(item.log, agreements)
    return None if time is None else item.counts_from + time


def count_waiting(book: Book, now: datetime) -> tuple[int, int]:
    """Return how many items wait to be acknowledged, and for how many of those it is past the time."""
    agreements = book.agreements()
    waiting = book.waiting()
    overdue = 0
    for log in waiting:
        time = _time_for(log, agreements)
        overdue += 0 if time is None else book.waiting(log, now - time).get(log, 0)
    return sum(waiting.values()), overdue


def _time_for(log: str, agreements: list[AgreementHeld]) -> timedelta | None:
    """Return the time that the agreement of a log leaves for acknowledging."""
    name = parse_log(log)
    minutes = [terms(held.agreement).get("acknowledge_min", 0) for held in agreements if name and held.agreement.table.id == name.agreement]
    return timedelta(minutes=minutes[0]) if minutes and minutes[0] else None

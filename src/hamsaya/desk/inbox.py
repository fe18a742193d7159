# SPDX-License-Identifier: Apache-2.0
"""What a neighbour sent: acknowledge it, and the neighbour learns that an officer has opened it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.due import terms
from hamsaya.agreement.report_clocks import eras, in_force_at
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
    """Return when the item must be acknowledged by the deadlines of the text that was in force when its time began; None where none binds."""
    text = agreed_at(agreements, item.log, item.counts_from)
    minutes = _minutes(text) if text else 0
    return item.counts_from + timedelta(minutes=minutes) if minutes else None


def agreed_at(agreements: list[AgreementHeld], log: str, at: datetime) -> Agreement | None:
    """Return the text of the agreement of a log that was in force at a time; a later amendment reaches back to nothing that had begun."""
    name = parse_log(log)
    held = next((each for each in agreements if name is not None and each.agreement.table.id == name.agreement), None)
    return (in_force_at(held.history, at) or held.agreement) if held else None


def count_waiting(book: Book, now: datetime) -> tuple[int, int]:
    """Return how many items wait to be acknowledged, and for how many of those it is past the time."""
    held = {each.agreement.table.id: each for each in book.agreements()}
    waiting = book.waiting()
    overdue = 0
    for log in waiting:
        name = parse_log(log)
        for since, until in overdue_since(held[name.agreement], now) if name is not None and name.agreement in held else ():
            overdue += book.waiting(log, until).get(log, 0) - (book.waiting(log, since).get(log, 0) if since else 0)
    return sum(waiting.values()), overdue


def overdue_since(held: AgreementHeld, now: datetime) -> Iterator[tuple[datetime | None, datetime]]:
    """Yield the stretches of time, from a moment on (None: from the beginning) and before another: what began in one is past its time now."""
    texts = eras(held.history) or [(now, held.agreement)]
    ends = [*(since for since, _ in texts[1:]), now]
    for number, ((since, text), end) in enumerate(zip(texts, ends, strict=True)):
        minutes, begin = _minutes(text), since if number else None
        last = min(end, now - timedelta(minutes=minutes))
        if minutes and (begin is None or begin < last):
            yield begin, last


def _minutes(text: Agreement) -> int:
    """Return the time that an agreement leaves for acknowledging; 0 where it sets none."""
    return terms(text).get("acknowledge_min", 0)

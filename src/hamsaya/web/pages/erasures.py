# SPDX-License-Identifier: Apache-2.0
"""What is to be erased and what was: our own records by two persons, and the copies that neighbours ask us to erase (law 14)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.desk.erasing import confirm_erasure, decide_erasure, documents_that_stay, evidence_with, is_copy_gone, is_erased, order_erasure, resting
from hamsaya.desk.erasures_held import ErasureHeld, OrderHeld
from hamsaya.desk.ports import Book
from hamsaya.exchange.erasures import REASONS, why_erased
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import CONDITIONS, Badge, badge
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_ORDERS = {
    "ordered": Badge(say("ordered"), "warn", say("Waits for a second officer, who confirms it.")),
    "declined": Badge(say("declined"), "plain", say("The second officer did not erase it.")),
    "erased": Badge(say("erased"), "plain", say("The content is gone; that it was here, and every proof, stays.")),
}


_MOST = 200
"""Erasures that were confirmed, of which the page shows the newest."""


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order in words. `stays` are documents that stay, since other records rest on them; `same` the officer who ordered."""

    held: OrderHeld
    why: Text
    badge: Badge
    href: str
    stays: list[tuple[str, list[str]]]
    same: bool


class ErasureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request in words. `ours` says that this node asked; `waits` that an officer here is to confirm."""

    held: ErasureHeld
    why: Text
    by: str
    to: str
    ours: bool
    waits: bool
    badge: Badge
    anchor: str
    record_href: str
    resting: list[str]
    """Our own records that rest on it."""
    evidence: int
    """How many bundles that are kept as evidence against its sender go with it, while it waits."""
    onward: list[tuple[str, bool]]
    """From the confirmation: parties that had been told in turn, and whether they were asked, too."""


class ErasuresView(msgspec.Struct, frozen=True, kw_only=True):
    """What erasures.html receives. `backups` were made before something was erased."""

    orders: list[OrderRow]
    rows: list[ErasureRow]
    backups: list[tuple[str, datetime]]


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What a record's page says of its erasure: the order, and what was asked of each copy."""

    order: OrderRow | None
    rows: list[ErasureRow]
    gone: bool
    """Whether the content is gone here."""
    reasons: dict[str, Text]


def list_erasures(desk: Desk, visit: Visit) -> Answer:
    """List orders and requests, those that wait in front."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        orders = [_order(book, each, visit) for each in book.erasure_orders()[::-1]]
        rows = [_row(desk, book, names, each) for each in _newest(book)]
        backups = _older_backups(book, desk.node.party)
    orders.sort(key=lambda row: row.held.state != "ordered")
    rows.sort(key=lambda row: not row.waits)
    data = {
        "orders": [builtins(row.held) for row in orders], "erasures": [{**builtins(row.held), "evidence": row.evidence} for row in rows],
        "backups": [{"name": name, "at": at.isoformat()} for name, at in backups],
    }  # fmt: skip
    return Page(template="erasures.html", view=ErasuresView(orders=orders, rows=rows, backups=backups), data=data)


def _newest(book: Book) -> list[ErasureHeld]:
    """Return what waits for a confirmation, and the newest of what was erased."""
    told = book.erasures()[::-1]
    return [each for each in told if each.confirmed is None] + [each for each in told if each.confirmed is not None][:_MOST]


def erased_of(desk: Desk, book: Book, visit: Visit, record: str) -> Erased:
    """Return what is to be said of the erasure of a record."""
    names = party_names(book, visit.language)
    rows = [_row(desk, book, names, each) for each in book.erasures(record=record)]
    order = next((_order(book, each, visit) for each in book.erasure_orders(record=record)), None)
    gone = is_erased(book, record) or (any(not row.ours for row in rows) and is_copy_gone(book, record))
    return Erased(order=order, rows=rows, gone=gone, reasons=REASONS)


def _older_backups(book: Book, own: str) -> list[tuple[str, datetime]]:
    last = [each.decided_at for each in book.erasure_orders() if each.state == "erased" and each.decided_at]
    last += [each.confirmed.at for each in book.erasures() if each.confirmed is not None and (each.asked or each.to == own)]
    return [(each.name, each.at) for each in book.keepings() if each.what == "backup" and last and each.at < max(last)]


def _order(book: Book, held: OrderHeld, visit: Visit) -> OrderRow:
    return OrderRow(
        held=held, why=why_erased(held.reason), badge=badge(_ORDERS, held.state), href=path_to("records", held.record),
        stays=documents_that_stay(book, held.record) if held.state == "ordered" else [], same=visit.officer.login == held.ordered_by,
    )  # fmt: skip


def _row(desk: Desk, book: Book, names: dict[str, str], held: ErasureHeld) -> ErasureRow:
    ours = held.by == desk.node.party
    waits = not ours and held.confirmed is None
    told = held.confirmed.onward if held.confirmed else []
    return ErasureRow(
        held=held, why=why_erased(held.reason), by=names.get(held.by, held.by), to=names.get(held.to, held.to), ours=ours,
        waits=waits, badge=badge(CONDITIONS, "erasure confirmed" if held.confirmed else "erasure asked"),
        anchor=anchor_of(held.log, held.seq), record_href=path_to("records", held.record) if book.versions(held.record) else "",
        resting=[] if ours else [each.record.id for each in resting(book, held)],
        evidence=len(evidence_with(book, held)) if waits else 0,
        onward=[(names.get(each.party, each.party), each.asked) for each in told],
    )  # fmt: skip


def anchor_of(log: str, seq: int) -> str:
    """Return the mark of a request on the page that lists them."""
    return f"{log}-{seq}".replace("/", "-")


def order(desk: Desk, visit: Visit) -> Answer:
    """Order that a record be erased."""
    held = order_erasure(desk.node, visit.officer, visit.params["record"], visit.form.text("reason"))
    return Go(to=path_to("records", held.record), data=builtins(held))


def decide(desk: Desk, visit: Visit) -> Answer:
    """Erase it, or do not, as the second officer."""
    outcome = visit.form.text("outcome")
    if outcome not in ("erase", "decline"):
        raise InputError(say("outcome: expected erase or decline; this came: {came}", came=outcome[:20] or "—"))
    held = decide_erasure(desk.node, visit.officer, visit.params["record"], erase=outcome == "erase")
    with desk.node.ledger.reading() as book:
        asked = [each.to for each in book.erasures() if each.record == held.record]
    _tell(desk, asked)
    return Go(to=path_to("records", held.record), data=builtins(held))


def confirm(desk: Desk, visit: Visit) -> Answer:
    """Erase a neighbour's copy, and confirm; our own records that are ticked go with it."""
    form = visit.form
    number = form.number("seq")
    if number is None:
        raise InputError(say("seq: expected the number of an entry; this came: {came}", came="—"))
    also = form.texts.get("erase", [])
    held = confirm_erasure(desk.node, visit.officer, form.text("log"), number, erase=also)
    with desk.node.ledger.reading() as book:
        asked = [each.to for each in book.erasures() if each.record in also]
    _tell(desk, [held.by, *asked])
    return Go(to=f"/erasures#{anchor_of(held.log, held.seq)}", data=builtins(held))


def _tell(desk: Desk, parties: list[str]) -> None:
    for party in dict.fromkeys(parties):
        desk.on_logged(party)


ROUTES = [
    Route("GET", "/erasures", "read", list_erasures),
    Route("POST", "/erasures/confirm", "erase", confirm),
    Route("POST", "/records/{record:str}/erase", "order", order),
    Route("POST", "/records/{record:str}/erase/decide", "erase", decide),
]

# SPDX-License-Identifier: Apache-2.0
"""Until when copies may be kept: what is past its time here and at neighbours, and two persons who erase it (law 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from hamsaya.desk.erasing import resting_among
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.retaining import HOLD_DAYS, decide_due, derived_of, hold_copy, order_due, order_waiting, review_hold
from hamsaya.desk.retention import CopyKept, copy_of, due_here, late_there
from hamsaya.desk.retention_held import DueOrder
from hamsaya.exchange.retention import HOLD_REASONS, why_held
from hamsaya.facts.errors import InputError
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import Badge, badge, label
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_MOST_DIGITS = 9
_LAST_ORDERS = 20
STATES = {
    "kept": Badge(say("may be kept"), "plain"),
    "soon": Badge(say("soon past its time"), "warn"),
    "due": Badge(say("past its time"), "bad"),
    "held": Badge(say("held beyond its time"), "warn"),
}
ORDERS = {
    "ordered": Badge(say("ordered"), "warn", say("Waits for a second officer, who confirms it.")),
    "declined": Badge(say("declined"), "plain", say("The second officer did not erase it.")),
    "erased": Badge(say("erased"), "plain", say("The content is gone; that it was here, and every proof, stays.")),
}


class KeepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A copy in words: until when it may be kept, and by which sentence."""

    copy: CopyKept
    badge: Badge
    late: int
    """How many days it is past its time."""
    sentence: str
    by: str
    to: str
    kind: Text
    place: str
    """The entry as forms name it: LOG#NUMBER."""
    record_href: str
    why_held: Text | None
    """Why it is held, while it is."""
    same: bool
    """True for who held it, who cannot review that."""
    resting: list[str]
    """Our own records that rest on it; they stay ours."""


class RetentionView(msgspec.Struct, frozen=True, kw_only=True):
    """What retention.html receives."""

    order: DueOrder | None
    """The order that waits for its second officer."""
    order_same: bool
    ordered: list[KeepRow]
    due: list[KeepRow]
    held: list[KeepRow]
    soon: list[KeepRow]
    there: list[KeepRow]
    """Our own releases whose copies should be gone at their receivers."""
    more: int
    orders: list[tuple[DueOrder, Badge]]
    reasons: dict[str, Text]
    hold_days: int


def show_retention(desk: Desk, visit: Visit) -> Answer:
    """List what is past its time, here and at neighbours, what is held beyond it, and what soon ends."""
    with desk.node.ledger.reading() as book:
        here, there = due_here(desk.node, book, visit.now), late_there(desk.node, book, visit.now)
        names, ours = party_names(book, visit.language), derived_of(book)
        orders, waits = book.due_orders(), order_waiting(book)

        def rows(copies: Sequence[CopyKept]) -> list[KeepRow]:
            return [_row(book, visit, names, each, ours) for each in copies]

        named = set(waits.items) if waits else set()
        view = RetentionView(
            order=waits, order_same=waits is not None and waits.ordered_by == visit.officer.login,
            ordered=rows([each for each in here.due if (each.log, each.seq) in named]),
            due=rows([each for each in here.due if (each.log, each.seq) not in named]), held=rows(here.held), soon=rows(here.soon),
            there=rows(there), more=here.more,
            orders=[(each, badge(ORDERS, each.state)) for each in orders[:_LAST_ORDERS] if each.state != "ordered"],
            reasons=HOLD_REASONS, hold_days=HOLD_DAYS,
        )  # fmt: skip
    data = {
        "order": builtins(waits) if waits else None, "more": here.more, "orders": [builtins(each) for each in orders[:_LAST_ORDERS]],
        **{name: [_told(each) for each in rows] for name, rows in
           (("due", [*view.ordered, *view.due]), ("held", view.held), ("soon", view.soon), ("there", view.there))},
    }  # fmt: skip
    return Page(template="retention.html", view=view, data=data)


def keep_row(book: Book, visit: Visit, log: str, seq: int) -> KeepRow | None:
    """Return until when the copy of a release may be kept, as the pages of the release and of the record say it; None where nothing ends it."""
    copy = copy_of(book, log, seq)
    return None if copy is None else _row(book, visit, party_names(book, visit.language), copy, [])


def _row(book: Book, visit: Visit, names: Mapping[str, str], copy: CopyKept, ours: Sequence[list[RecordHeld]]) -> KeepRow:
    state = copy.state(visit.now)
    return KeepRow(
        copy=copy, badge=badge(STATES, state), late=copy.days_late(visit.now), sentence=copy.keep.sentences.get(visit.language, ""),
        by=names.get(copy.by, copy.by), to=names.get(copy.to, copy.to), kind=label(RECORD_KINDS, copy.kind or "—"), place=f"{copy.log}#{copy.seq}",
        record_href=path_to("records", copy.record) if book.versions(copy.record) else "",
        why_held=why_held(copy.hold.reason) if copy.hold is not None and state == "held" else None,
        same=copy.hold is not None and copy.hold.by == visit.officer.login,
        resting=[each.record.id for each in resting_among(book, ours, copy.as_erasure())],
    )  # fmt: skip


def _told(row: KeepRow) -> dict[str, object]:
    return {**builtins(row.copy), "days_late": row.late, "resting": row.resting}


def order(desk: Desk, visit: Visit) -> Answer:
    """Order that the copies which were listed be erased."""
    made = order_due(desk.node, visit.officer, [place_in(each) for each in visit.form.texts.get("item", [])])
    return Go(to="/retention", data=builtins(made))


def decide(desk: Desk, visit: Visit) -> Answer:
    """Erase them as the second officer, but for those that are held; or none of them."""
    form = visit.form
    number, outcome = form.number("order"), form.text("outcome")
    if number is None or outcome not in ("erase", "decline"):
        raise InputError(say("outcome: expected erase or decline; this came: {came}", came=outcome[:20] or "—"))
    hold = {}
    for each in form.texts.get("hold", []) if outcome == "erase" else []:
        if each:
            place, _, reason = each.rpartition("=")
            hold[place_in(place)] = reason
    made = decide_due(desk.node, visit.officer, number, erase=outcome == "erase", hold=hold)
    with desk.node.ledger.reading() as book:
        items = [book.inbox_item(log, seq) for log, seq in made.items]
    for party in dict.fromkeys(each.sender for each in items if each is not None):
        desk.on_logged(party)
    return Go(to="/retention", data=builtins(made))


def hold(desk: Desk, visit: Visit) -> Answer:
    """Hold one copy beyond its time."""
    log, seq = place_in(visit.form.text("item"))
    days = visit.form.number("days")
    made = hold_copy(desk.node, visit.officer, log, seq, visit.form.text("reason"), HOLD_DAYS if days is None else days)
    return _held(desk, log, seq, builtins(made))


def review(desk: Desk, visit: Visit) -> Answer:
    """Let a hold stand, or end it, as another person."""
    log, seq = place_in(visit.form.text("item"))
    outcome = visit.form.text("outcome")
    if outcome not in ("fine", "end"):
        raise InputError(say("outcome: expected fine or end; this came: {came}", came=outcome[:20] or "—"))
    return _held(desk, log, seq, builtins(review_hold(desk.node, visit.officer, log, seq, fine=outcome == "fine")))


def _held(desk: Desk, log: str, seq: int, data: dict[str, object]) -> Answer:
    with desk.node.ledger.reading() as book:
        item = book.inbox_item(log, seq)
    if item is not None:
        desk.on_logged(item.sender)
    return Go(to="/retention", data=data)


def place_in(text: str) -> tuple[str, int]:
    """Return the entry that LOG#NUMBER names. Raises `InputError`."""
    log, _, number = text.rpartition("#")
    if not log or not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
        raise InputError(say("Expected LOG#NUMBER as the list names it; this came: {came}", came=text[:80] or "—"))
    return log, int(number)


ROUTES = [
    Route("GET", "/retention", "read", show_retention),
    Route("POST", "/retention/order", "order", order),
    Route("POST", "/retention/decide", "erase", decide),
    Route("POST", "/retention/hold", "erase", hold),
    Route("POST", "/retention/review", "review", review),
]

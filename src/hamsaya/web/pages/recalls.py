# SPDX-License-Identifier: Apache-2.0
"""What was taken back: by us, with who has answered; by neighbours, with what an officer here answers (F13)."""

from __future__ import annotations

import msgspec

from hamsaya.desk.holdings import RecordHeld, ReleaseHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.recalls import answer_recall, onward, recall_record, recall_release
from hamsaya.desk.recalls_held import RecallHeld
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.web.data import builtins
from hamsaya.web.labels import CONDITIONS, Badge, badge
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class Onward(msgspec.Struct, frozen=True, kw_only=True):
    """A release of ours that rests on what was taken back. `out` says that it is still with its receiver."""

    held: ReleaseHeld
    receiver: str
    badge: Badge
    href: str
    out: bool


class RecallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recall in words. `ours` says that this node took it back; `waits` that an officer here is to answer it."""

    held: RecallHeld
    by: str
    to: str
    ours: bool
    waits: bool
    badge: Badge
    anchor: str
    record_href: str
    here: bool
    """Whether the version is, or was, here at all."""
    onward: list[Onward]
    passed_on: list[tuple[str, bool]]
    """From the answer: parties that had been told in turn, and whether it was taken back from them."""


class RecallsView(msgspec.Struct, frozen=True, kw_only=True):
    """What recalls.html receives, those that wait for this node's answer first."""

    rows: list[RecallRow]


def list_recalls(desk: Desk, visit: Visit) -> Answer:
    """List what was taken back."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        rows = recall_rows(desk, book, names, book.recalls()[::-1])
    rows.sort(key=lambda row: not row.waits)
    return Page(template="recalls.html", view=RecallsView(rows=rows), data={"recalls": [builtins(row.held) for row in rows]})


def recall_rows(desk: Desk, book: Book, names: dict[str, str], recalls: list[RecallHeld]) -> list[RecallRow]:
    """Return recalls in words."""
    return [_row(desk, book, names, each) for each in recalls]


def answer(desk: Desk, visit: Visit) -> Answer:
    """Answer a recall; what is ticked is taken back in turn."""
    form = visit.form
    number = form.number("seq")
    if number is None:
        raise InputError(say("seq: expected the number of an entry; this came: {came}", came="—"))
    chosen = form.texts.get("recall", []) if form.text("chosen") else None
    held = answer_recall(desk.node, visit.officer, form.text("log"), number, recall=chosen)
    with desk.node.ledger.reading() as book:
        for each in onward(book, held):
            desk.on_logged(each.receiver)
    desk.on_logged(held.by)
    return Go(to=f"/recalls#{anchor_of(held)}", data=builtins(held))


def take_back_release(desk: Desk, visit: Visit) -> Answer:
    """Take a release back."""
    held = recall_release(desk.node, visit.officer, visit.params["release"], visit.form.text("reason"))
    desk.on_logged(held.receiver)
    return Go(to=path_to("releases", held.release), data=builtins(held))


def take_back_record(desk: Desk, visit: Visit) -> Answer:
    """Strike a record, and take it back from every neighbour that holds it."""
    taken = recall_record(desk.node, visit.officer, visit.params["record"], visit.form.text("reason"))
    for party in dict.fromkeys(each.receiver for each in taken):
        desk.on_logged(party)
    return Go(to=path_to("records", visit.params["record"]), data={"taken_back": [builtins(each) for each in taken]})


def anchor_of(held: RecallHeld) -> str:
    """Return the mark of a recall on the page that lists them."""
    return f"{held.log}-{held.seq}".replace("/", "-")


def _row(desk: Desk, book: Book, names: dict[str, str], held: RecallHeld) -> RecallRow:
    ours = held.by == desk.node.party
    versions: list[RecordHeld] = book.versions(held.record)
    told = held.answer.passed_on if held.answer else []
    return RecallRow(
        held=held, by=names.get(held.by, held.by), to=names.get(held.to, held.to), ours=ours, waits=not ours and held.answer is None,
        badge=badge(CONDITIONS, "recall answered" if held.answer else "recalled"), anchor=anchor_of(held),
        record_href=path_to("records", held.record) if versions else "", here=any(each.record.version == held.version for each in versions),
        onward=[] if ours else [_onward(book, each, names) for each in onward(book, held)],
        passed_on=[(names.get(each.party, each.party), each.recalled) for each in told],
    )  # fmt: skip


def _onward(book: Book, held: ReleaseHeld, names: dict[str, str]) -> Onward:
    out = not any((each.log, each.seq) == (held.log, held.seq) for each in book.recalls())
    return Onward(
        held=held, receiver=names.get(held.receiver, held.receiver), badge=badge(CONDITIONS, held.condition), href=path_to("releases", held.release),
        out=out,
    )  # fmt: skip


ROUTES = [
    Route("GET", "/recalls", "read", list_recalls),
    Route("POST", "/recalls/answer", "acknowledge", answer),
    Route("POST", "/releases/{release:str}/recall", "recall", take_back_release),
    Route("POST", "/records/{record:str}/recall", "recall", take_back_record),
]

# SPDX-License-Identifier: Apache-2.0
"""Exercises and patrols: which lie ahead, what each meets, asking before one is filed; and the card for an encounter that nobody planned."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.announced import not_kept
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.matters import Matter, matters_of
from hamsaya.desk.notices import notice_of
from hamsaya.desk.planned import KINDS, TOLD, Stock, check_record, check_typed, stock_of, window_of
from hamsaya.desk.ports import Book
from hamsaya.desk.roles import may
from hamsaya.facts.errors import HamsayaError, InputError, NotFound
from hamsaya.facts.records import RECORD_KINDS, Record
from hamsaya.facts.values import Words
from hamsaya.facts.words import Text
from hamsaya.formats.writing import write_navarea
from hamsaya.settlement.conflicts import PLAN_KINDS, Conflict
from hamsaya.settlement.exercise import EXERCISE, OVER
from hamsaya.web.encounter import PDF_NAME, card_data, card_of, print_card
from hamsaya.web.labels import Badge, label
from hamsaya.web.matters import href_of
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Download, Page, Route, Visit

_MOST: Final = 50
_LONGEST: Final = 4_000


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that is met, in words."""

    kind: Text
    label: str
    href: str
    party: str
    contact: str
    own_party: str
    """Whose the plan is that was checked, with its contact."""
    own_contact: str
    first: datetime | None
    last: datetime | None


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """How the invitation stands with one neighbour."""

    party: str
    ours: bool
    badge: Badge
    late: bool
    not_kept: list[Text]
    """What the agreement asks of an announcement, and this one does not keep."""


class ExerciseRow(msgspec.Struct, frozen=True, kw_only=True):
    """An exercise or a patrol in words. `text` is its notice, empty where it has none that reads back; `fault` why nothing could be checked."""

    record: Record
    kind: Text
    name: str
    start: datetime | None
    end: datetime | None
    invited: list[Invited]
    meets: list[Meeting]
    fault: Text | None
    text: str
    href: str


class ExercisesView(msgspec.Struct, frozen=True, kw_only=True):
    """What exercises.html receives. `met` is None where nothing was asked."""

    rows: list[ExerciseRow]
    area: str
    window: str
    met: list[Meeting] | None
    fault: HamsayaError | None
    may: bool
    example: dict[str, str]


def list_exercises(desk: Desk, visit: Visit) -> Answer:
    """List the exercises, and the patrols that are not over, newest first, and what each meets; check what the address asks for."""
    area, window = (visit.query.get(name, "").strip()[:_LONGEST] for name in ("area", "window"))
    met, fault = None, None
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        stock = stock_of(desk.node, book)
        held = [each for each in book.records_of_kinds(list(TOLD)) if not _is_past(each.record, stock, visit.now)]
        rows = [_row(desk, book, each, names, visit, stock) for each in held[: -_MOST - 1 : -1]]
        if area or window:
            try:
                met = [_meeting(each, names) for each in check_typed(desk.node, book, {"area": area, "window": window}, stock)]
            except (InputError, NotFound) as error:
                fault = error
    examples = {field.name: field.example for field in EXERCISE.form.fields} if EXERCISE.form else {}
    view = ExercisesView(rows=rows, area=area, window=window, met=met, fault=fault, may=may(visit.officer.role, EXERCISE.verb), example=examples)
    data: dict[str, object] = {"exercises": [_data(row) for row in rows], "met": None if met is None else [_met(each) for each in met]}
    if fault is not None:
        told = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint or ""), "rule": ""}
        return Page(template="exercises.html", view=view, data={**data, **told}, status=400)
    return Page(template="exercises.html", view=view, data=data)


def show_card(desk: Desk, visit: Visit) -> Answer:
    """Show the card for an encounter that nobody planned, in three languages."""
    del visit
    view = card_of(desk.node)
    return Page(template="encounter.html", view=view, data=card_data(view))


def write_card(desk: Desk, visit: Visit) -> Answer:
    """Write the card as PDF."""
    content = print_card(desk.node, visit.language)
    data = {"name": PDF_NAME, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return Download(name=PDF_NAME, media_type="application/pdf", content=content, data=data)


def _is_past(record: Record, stock: Stock, now: datetime) -> bool:
    """Say whether it is a patrol whose time is over: of those there are many, and nothing is asked of them any more."""
    window = window_of(record, stock)
    return record.kind == "patrol" and window is not None and window.end is not None and window.end <= now


def _row(desk: Desk, book: Book, held: RecordHeld, names: dict[str, str], visit: Visit, stock: Stock) -> ExerciseRow:
    record = held.record
    claims = {claim.predicate: claim.value for claim in record.claims}
    name, window = claims.get("concerns"), window_of(record, stock)
    matters = matters_of(desk.node, book, record.id)
    meets, fault, text = [], None, ""
    if not matters or any(each.standing.state not in OVER for each in matters):
        try:
            meets = [_meeting(each, names) for each in check_record(desk.node, book, record.id, stock)]
        except (InputError, NotFound) as error:
            fault = error.what
        if not held.received_from:
            try:
                text = write_navarea(notice_of(desk.node, book, record.id, moved=stock.postponed.get(record.id)))
            except (InputError, NotFound):
                text = ""  # it is over, or its words would be read as a time: the command says which
    return ExerciseRow(
        record=record, kind=label(RECORD_KINDS, record.kind), name=name.text if isinstance(name, Words) else "",
        start=window.start if window else None,
        end=window.end if window else None, invited=[_invited(book, each, names, visit) for each in matters],
        meets=meets, fault=fault, text=text, href=href_of(record.kind, record.id) if record.basis == "own" else path_to("records", record.id),
    )  # fmt: skip


def _invited(book: Book, matter: Matter, names: dict[str, str], visit: Visit) -> Invited:
    state = matter.course.states[matter.standing.state]
    late = any(each.met_at is None and each.late_s(visit.now) > 0 for each in matter.clocks)
    return Invited(
        party=names.get(matter.party, matter.party), ours=matter.ours, badge=Badge(state.label, state.tone, state.meaning), late=late,
        not_kept=not_kept(book, matter),
    )  # fmt: skip


def _meeting(found: Conflict, names: dict[str, str]) -> Meeting:
    other = found.other
    return Meeting(
        kind=PLAN_KINDS[other.kind], label=other.label, href=path_to("records", other.ref) if other.kind in KINDS else "",
        party=names.get(other.party, other.party), contact=other.contact,
        own_party=names.get(found.one.party, found.one.party), own_contact=found.one.contact, first=found.first, last=found.last,
    )  # fmt: skip


def _met(each: Meeting) -> dict[str, object]:
    return {"kind": str(each.kind), "name": each.label, "party": each.party, "contact": each.contact, "own_contact": each.own_contact,
            "first": each.first, "last": each.last}  # fmt: skip


def _data(row: ExerciseRow) -> dict[str, object]:
    return {
        "exercise": row.record.id, "kind": row.record.kind, "name": row.name, "basis": row.record.basis, "start": row.start, "end": row.end,
        "invited": [
            {"party": each.party, "ours": each.ours, "state": str(each.badge.label), "overdue": each.late,
             "not_kept": [str(told) for told in each.not_kept]} for each in row.invited
        ],
        "meets": [_met(each) for each in row.meets], "text": row.text,
    }  # fmt: skip


ROUTES = [
    Route("GET", "/exercises", "read", list_exercises),
    Route("GET", "/encounter", "read", show_card),
    Route("POST", "/encounter/pdf", "read", write_card),
]

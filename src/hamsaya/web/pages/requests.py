# SPDX-License-Identifier: Apache-2.0
"""Requests for information or an explanation: what was asked, by when it is due, the answers, closing it, and refusing on a ground.

Which ground it was, and the officer's reason, are shown on the node that refused, to those who check; a page or JSON for
anybody else never holds them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.suspected import Suspicion, asks_about_persons, suspect
from hamsaya.desk.docket import docketed
from hamsaya.desk.grounds import grounds_known
from hamsaya.desk.matters import move_matter
from hamsaya.desk.requests import RequestHeld, refuse_request, requests_among, requests_of
from hamsaya.desk.roles import may
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.values import Words
from hamsaya.facts.words import Text, say
from hamsaya.settlement import asking
from hamsaya.settlement.course import Running, Step
from hamsaya.web.data import builtins
from hamsaya.web.labels import Badge, label
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_ASKS: Final = 200
_SEES_GROUNDS: Final = "audit"


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request with one neighbour, in words. `acknowledge_s` and `answer_s` are seconds until due, None where no clock runs."""

    held: RequestHeld
    party: str
    asks: str
    """The first words of what is asked, so that an officer need not open each; empty where it holds codes only."""
    kind: Text
    badge: Badge
    acknowledge_s: float | None
    answer_s: float | None
    late: bool
    href: str


class AnswerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A record that answers, in words."""

    record: str
    kind: Text
    at: datetime
    href: str


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """A ground that the words of a request may touch."""

    ground: Text
    word: str


class RequestsView(msgspec.Struct, frozen=True, kw_only=True):
    """What requests.html receives. `late` and `all` count those on every page."""

    rows: list[RequestRow]
    late: int
    all: int
    pager: Pager


class MovedRow(msgspec.Struct, frozen=True):
    """A signed move of whoever asked, in words."""

    label: Text
    step: Step


class Dealing(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it stands with one neighbour. `moves` are those open to this officer, by name."""

    row: RequestRow
    answers: list[AnswerRow]
    moved: list[MovedRow]
    moves: dict[str, Text]
    grounds: list[Text]
    """The grounds on which this node refused, for those who check; empty for anybody else."""
    reason: str


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """What request.html receives. `open` says that this node can still answer or refuse it."""

    record: str
    kind: Text
    statements: list[Statement]
    dealings: list[Dealing]
    open: bool
    grounds: dict[str, Text]
    doubts: list[Doubt]
    persons: list[Text]
    sees_grounds: bool


def list_requests(desk: Desk, visit: Visit) -> Answer:
    """List the requests, what is due first in front, a page at a time."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        held = docketed(desk.node, book, asking.COURSES, after(visit))
        rows = [_row(each, names, visit) for each in requests_among(book, held.matters)]
    view = RequestsView(rows=rows, late=held.late, all=held.all, pager=pager("/requests", visit, held.next))
    data = {"requests": [_data(row.held, visit) for row in rows], "late": view.late, "all": view.all, "next": held.next}
    return Page(template="requests.html", view=view, data=data)


def show_request(desk: Desk, visit: Visit) -> Answer:
    """Show a request: what it says, how it stands with each neighbour, and what may be done."""
    name = visit.params["asked"]
    with desk.node.ledger.reading() as book:
        versions = [held for held in book.versions(name) if held.record.kind in asking.COURSES]
        if not versions:
            raise NotFound(say("There is no request {came}.", came=name[:40] or "—"), say("`hamsaya request list` shows what was asked."))
        record, course = versions[-1].record, asking.COURSES[versions[-1].record.kind]
        names, sentences = party_names(book, visit.language), Sentences(book)
        dealings = [_dealing(held, names, visit) for held in requests_of(desk.node, book, name)]
        grounds = grounds_known(book)
        statements = [sentences.state(claim, number) for number, claim in enumerate(record.claims, 1)]
    open_here = any(not each.row.held.ours and not course.is_over(each.row.held.condition) for each in dealings)
    doubts = suspect(record) if open_here else []
    view = RequestView(
        record=name, kind=course.label, statements=statements, dealings=dealings, open=open_here, grounds=grounds,
        doubts=[_doubt(each, grounds) for each in doubts], persons=asks_about_persons(record) if open_here else [],
        sees_grounds=may(visit.officer.role, _SEES_GROUNDS),
    )  # fmt: skip
    data = {
        "request": name, "dealings": [_data(each.row.held, visit) for each in dealings], "open": open_here,
        "doubts": [builtins(each) for each in doubts], "persons": [str(each) for each in view.persons],
    }  # fmt: skip
    return Page(template="request.html", view=view, data=data)


def refuse(desk: Desk, visit: Visit) -> Answer:
    """Refuse a neighbour's request on a ground."""
    form = visit.form
    held = refuse_request(desk.node, visit.officer, visit.params["asked"], form.texts.get("grounds", []), form.text("reason"))
    desk.on_logged(held.party)
    return Go(to=path_to("requests", held.record.id), data=_data(held, visit))


def move(desk: Desk, visit: Visit) -> Answer:
    """Close a request, ask again, or take it back."""
    matter = move_matter(desk.node, visit.officer, visit.params["asked"], visit.form.text("move"), visit.form.text("party"))
    desk.on_logged(matter.party)
    with desk.node.ledger.reading() as book:
        (held,) = [each for each in requests_of(desk.node, book, matter.record.id) if each.party == matter.party]
    return Go(to=path_to("requests", matter.record.id), data=_data(held, visit))


def _row(held: RequestHeld, names: dict[str, str], visit: Visit) -> RequestRow:
    course = asking.COURSES[held.record.kind]
    state = course.states[held.condition]
    asks = next((claim.value.text for claim in held.record.claims if isinstance(claim.value, Words)), "")
    return RequestRow(
        held=held, party=names.get(held.party, held.party), asks=asks if len(asks) <= _ASKS else f"{asks[:_ASKS]}…",
        badge=Badge(state.label, state.tone, state.meaning), late=any(held.late(visit.now)), kind=course.label,
        acknowledge_s=_left_s(held.acknowledge, visit), answer_s=_left_s(held.answer, visit), href=path_to("requests", held.record.id),
    )  # fmt: skip


def _left_s(clock: Running | None, visit: Visit) -> float | None:
    return -clock.late_s(visit.now) if clock is not None and clock.met_at is None else None


def _dealing(held: RequestHeld, names: dict[str, str], visit: Visit) -> Dealing:
    sees = held.refusal is not None and held.refusal.here and may(visit.officer.role, _SEES_GROUNDS)
    answers = [
        AnswerRow(record=each.record, kind=label(RECORD_KINDS, each.kind), at=each.at, href=path_to("records", each.record)) for each in held.answers
    ]
    course = asking.COURSES[held.record.kind]
    open_to = course.open_to("opener" if held.ours else "other", held.condition)
    return Dealing(
        row=_row(held, names, visit), answers=answers, moved=[MovedRow(course.moves[each.move].label, each) for each in held.moved],
        moves={name: move.label for name, move in open_to.items() if may(visit.officer.role, move.verb)},
        reason=held.refusal.reason if sees and held.refusal else "",
        grounds=[GROUNDS.get(each, Text(each)) for each in held.refusal.grounds] if sees and held.refusal else [],
    )  # fmt: skip


def _doubt(found: Suspicion, grounds: dict[str, Text]) -> Doubt:
    return Doubt(ground=grounds.get(found.ground, Text(found.ground)), word=found.word)


def _data(held: RequestHeld, visit: Visit) -> dict[str, object]:
    """Return the request as data; ground and reason only for those who check."""
    told = {name: value for name, value in builtins(held).items() if name != "record"} | {"request": held.record.id}
    if held.refusal is not None and not may(visit.officer.role, _SEES_GROUNDS):
        told["refusal"] = {"office": held.refusal.office, "at": held.refusal.at.isoformat()}
    unacknowledged, unanswered = held.late(visit.now)
    return told | {"acknowledge_overdue": unacknowledged, "answer_overdue": unanswered}


ROUTES = [
    Route("GET", "/requests", "read", list_requests),
    Route("GET", "/requests/{asked:str}", "read", show_request),
    Route("POST", "/requests/{asked:str}/refuse", "propose", refuse),
    Route("POST", "/requests/{asked:str}/move", "propose", move),
]

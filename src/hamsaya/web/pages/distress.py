# SPDX-License-Identifier: Apache-2.0
"""Distress and STOP: the two forms, the calls of both sides, answering, standing down, reviewing, and whether one waits.

- A form is filed by one officer, at once. What could not be read is told once; sent again as it is, the call leaves.
- `/distress/waiting` is asked by every open page every few seconds. It tells anybody that something waits, and nothing of it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.calls import CallHeld
from hamsaya.desk.contacts import links_now, mark_of_links
from hamsaya.desk.dictation import Suggested
from hamsaya.desk.distress import answer_distress, call_of, review_distress, send_distress, send_stop, stand_down
from hamsaya.desk.reports import new_token
from hamsaya.desk.typed_call import CallRead, TypedCall, can_leave, read_typed_call
from hamsaya.facts.distress import DISTRESS_WHAT, HELP, OVER, STOP_WHAT, STOP_WHOM, VERDICTS, CallKind
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text
from hamsaya.web.calls import CallCard, card_of, mark_of
from hamsaya.web.data import builtins
from hamsaya.web.form import Form
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_LIST: Final = 200
_AGAIN: Final = "yes"


class CallsView(msgspec.Struct, frozen=True, kw_only=True):
    """What distress.html receives. `open` are the calls that are not over, or not reviewed where this side has to."""

    open: list[CallCard]
    past: list[CallCard]
    overdue: int
    """Own calls whose review is past its time."""


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """What call.html receives."""

    card: CallCard
    overs: dict[str, Text]
    verdicts: dict[str, Text]
    reviews: bool
    """Whether this officer may review it now."""


class CallFormView(msgspec.Struct, frozen=True, kw_only=True):
    """What call_form.html receives. `again` says that sending it as it is sends it."""

    kind: CallKind
    token: str
    typed: TypedCall
    contact: str
    neighbours: list[tuple[str, str, bool]]
    whats: dict[str, Text]
    helps: dict[str, Text]
    whoms: dict[str, Text]
    problems: list[tuple[str, Text, Text | None]]
    choices: list[Suggested]
    again: bool


class WaitingView(msgspec.Struct, frozen=True, kw_only=True):
    """What waiting.html receives."""

    waiting: int


def show_calls(desk: Desk, visit: Visit) -> Answer:
    """Show the calls of both sides, what is open first."""
    with desk.node.ledger.reading() as book:
        held, names = book.calls(limit=_LIST), party_names(book, visit.language)
    cards = [card_of(each, names, visit.now) for each in held]
    view = CallsView(
        open=[card for card in cards if _is_open(card.held)], past=[card for card in cards if not _is_open(card.held)],
        overdue=sum(card.review_overdue for card in cards),
    )  # fmt: skip
    return Page(template="distress.html", view=view, data={"calls": [_data(each) for each in held], "overdue": view.overdue})


def _is_open(held: CallHeld) -> bool:
    return held.over is None or held.review_due is not None


def _data(held: CallHeld) -> dict[str, object]:
    return {**builtins(held), "condition": held.condition, "condition_at": held.condition_at.isoformat(),
            "review_due": held.review_due.isoformat() if held.review_due else None}  # fmt: skip


def show_call(desk: Desk, visit: Visit) -> Answer:
    """Show one call with all that was done about it."""
    with desk.node.ledger.reading() as book:
        held = call_of(book, visit.params["case"])
        card = card_of(held, party_names(book, visit.language), visit.now)
    reviews = held.review_due is not None and held.by != visit.officer.login
    return Page(template="call.html", view=CallView(card=card, overs=OVER, verdicts=VERDICTS, reviews=reviews), data=_data(held))


def new_distress(desk: Desk, visit: Visit) -> Answer:
    """Show the form for a distress call."""
    return _form(desk, visit, "distress", TypedCall(), None)


def new_stop(desk: Desk, visit: Visit) -> Answer:
    """Show the form for a STOP."""
    return _form(desk, visit, "stop", TypedCall(), None)


def file_distress(desk: Desk, visit: Visit) -> Answer:
    """Send a distress call, or show the form once with what was not understood."""
    return _file(desk, visit, "distress")


def file_stop(desk: Desk, visit: Visit) -> Answer:
    """Send a STOP, or show the form once with what was not understood."""
    return _file(desk, visit, "stop")


def _file(desk: Desk, visit: Visit, kind: CallKind) -> Answer:
    form, typed = visit.form, _typed(visit.form)
    read = read_typed_call(desk.node, typed, visit.language)
    with desk.node.ledger.reading() as book:
        known = book.calls_sent_as(form.text("token"))
    if read.problems and not known and not (form.text("again") == _AGAIN and can_leave(read)):
        return _form(desk, visit, kind, typed, read)
    send = send_distress if kind == "distress" else send_stop
    try:
        made = send(desk.node, visit.officer, read.call, to=form.texts.get("to", []), token=form.text("token") or new_token(desk.node))
    except InputError as error:  # nothing of what was typed may be lost
        return _form(desk, visit, kind, typed, msgspec.structs.replace(read, problems=[("call", error.what, error.hint)]))
    for held in made:
        desk.on_logged(held.neighbour)
    to = path_to("distress", made[0].case) if len(made) == 1 else "/distress"
    return Go(to=to, data={"calls": [_data(held) for held in made]})


def _typed(form: Form) -> TypedCall:
    return TypedCall(
        what=form.texts.get("what", []), words=form.text("words"), where=form.text("where"), where_ref=form.text("where_ref"),
        lon=form.text("lon"), lat=form.text("lat"), since=form.text("since"), count=form.text("count"), help=form.texts.get("help", []),
        whom=form.texts.get("whom", []), contact=form.text("contact"),
    )  # fmt: skip


def _form(desk: Desk, visit: Visit, kind: CallKind, typed: TypedCall, read: CallRead | None) -> Page:
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        others = [party.card.party for party in book.parties() if not party.own]
    ticked = visit.form.texts.get("to", others) if read else others
    view = CallFormView(
        kind=kind, token=visit.form.text("token") or new_token(desk.node), typed=typed, contact=typed.contact or visit.officer.office,
        neighbours=[(party, names[party], party in ticked) for party in others],
        whats=DISTRESS_WHAT if kind == "distress" else STOP_WHAT, helps=HELP if kind == "distress" else {}, whoms=STOP_WHOM if kind == "stop" else {},
        problems=read.problems if read else [], choices=read.choices if read else [], again=read is not None and can_leave(read),
    )  # fmt: skip
    problems = [{"field": field, "what": str(what)} for field, what, _ in view.problems]
    return Page(template="call_form.html", view=view, data={"token": view.token, "problems": problems}, status=400 if view.problems else 200)


def answer_call(desk: Desk, visit: Visit) -> Answer:
    """Say that a neighbour's call was seen, or what is done about it."""
    minutes = visit.form.number("minutes")
    held = answer_distress(desk.node, visit.officer, visit.params["case"], visit.form.text("answer") or "seen", minutes=minutes)
    desk.on_logged(held.neighbour)
    return Go(to=path_to("distress", held.case), data=_data(held))


def stand_call_down(desk: Desk, visit: Visit) -> Answer:
    """Say that our own call is over, or was sent by mistake."""
    held = stand_down(desk.node, visit.officer, visit.params["case"], visit.form.text("how") or "over")
    desk.on_logged(held.neighbour)
    return Go(to=path_to("distress", held.case), data=_data(held))


def review_call(desk: Desk, visit: Visit) -> Answer:
    """Say as another person whether our own call was right."""
    held = review_distress(desk.node, visit.officer, visit.params["case"], visit.form.text("verdict"), visit.form.text("reason"))
    desk.on_logged(held.neighbour)
    return Go(to=path_to("distress", held.case), data=_data(held))


def show_waiting(desk: Desk, visit: Visit) -> Answer:
    """Say whether a call waits that nobody has seen, and whether links stand otherwise; nothing of what it holds, and no name.

    Every open page asks this every few seconds.
    """
    del visit
    with desk.node.ledger.reading() as book:
        waiting, told = book.calls_waiting()
        links = mark_of_links(links_now(desk.node, book))
    return Page(template="waiting.html", view=WaitingView(waiting=waiting), data={"waiting": waiting, "mark": mark_of(waiting, told), "links": links})


ROUTES = [
    Route("GET", "/distress", "read", show_calls),
    Route("GET", "/distress/new", "distress", new_distress),
    Route("POST", "/distress/new", "distress", file_distress),
    Route("GET", "/distress/stop", "distress", new_stop),
    Route("POST", "/distress/stop", "distress", file_stop),
    Route("GET", "/distress/waiting", None, show_waiting),
    Route("GET", "/distress/{case:str}", "read", show_call),
    Route("POST", "/distress/{case:str}/answer", "distress", answer_call),
    Route("POST", "/distress/{case:str}/over", "distress", stand_call_down),
    Route("POST", "/distress/{case:str}/review", "review", review_call),
]

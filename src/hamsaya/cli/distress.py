# SPDX-License-Identifier: Apache-2.0
"""`hamsaya distress`: calls of distress and STOP, by one officer, whatever the agreements say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, note, plain, result
from hamsaya.desk.calls import CallHeld
from hamsaya.desk.converse import synchronise
from hamsaya.desk.distress import answer_distress, call_of, review_distress, send_distress, send_stop, stand_down
from hamsaya.desk.typed_call import TypedCall, can_leave, read_typed_call
from hamsaya.facts.distress import ANSWERS, DISTRESS_WHAT, HELP, OVER, STOP_WHAT, STOP_WHOM, VERDICTS, CallKind
from hamsaya.facts.errors import HamsayaError, InputError
from hamsaya.facts.words import say

if TYPE_CHECKING:
    from hamsaya.assemble.node import Opened

app = typer.Typer(no_args_is_help=True, help="Distress and STOP: they pass by one officer, with any agreement or none.")
Case = Annotated[str, typer.Argument(help="The call, such as west.east.0.")]
At = Annotated[str, typer.Option("--at", help="Where: a place, “12 km NE of Taftan”, or coordinates, the longitude first.")]
AtRef = Annotated[str, typer.Option("--at-ref", help="Which of several places of that name, such as PK.pishin.")]
Since = Annotated[str, typer.Option(help="now, -15m, 0640, “21 Nov 0640”; now if left out.")]
To = Annotated[list[str] | None, typer.Option(help="The neighbours, if there are several.")]
Contact = Annotated[str, typer.Option(help="The office to call back; your own if left out.")]
Token = Annotated[str, typer.Option(help="Any text of your own: the same token calls once, however often it is sent.")]
NoContact = Annotated[bool, typer.Option("--no-contact", help="Do not call the neighbour now: a node that serves does, or a file is carried.")]


@app.command()
def send(
    what: Annotated[str, typer.Option(help=f"{', '.join(DISTRESS_WHAT)}.")],
    at: At,
    help_asked: Annotated[list[str] | None, typer.Option("--help-asked", help=f"{', '.join(HELP)}.")] = None,
    count: Annotated[str, typer.Option(help="How many: 12, 10-12, “about 20”, several.")] = "",
    words: Annotated[str, typer.Option(help="With `other`: what it is, in at most 200 letters.")] = "",
    since: Since = "", at_ref: AtRef = "", contact: Contact = "", to: To = None, token: Token = "", no_contact: NoContact = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Call a neighbour for help. What cannot be read is told, and the call leaves all the same.

    Example: HAMSAYA_PASSWORD=… hamsaya distress send --what vessel --at "12 km SE of Gwatar" --count 4-6 --help-asked rescue_boat --as duty
    """
    del as_json
    typed = TypedCall(what=[what], words=words, where=at, where_ref=at_ref, since=since, count=count, help=help_asked or [], contact=contact)
    _call(node, login, "distress", typed, to or [], token, contacts=not no_contact)


@app.command()
def stop(
    what: Annotated[list[str], typer.Option(help=f"{', '.join(STOP_WHAT)}.")],
    at: At,
    whom: Annotated[list[str] | None, typer.Option(help=f"{', '.join(STOP_WHOM)}; all if left out.")] = None,
    since: Since = "", at_ref: AtRef = "", contact: Contact = "", to: To = None, token: Token = "", no_contact: NoContact = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell a neighbour to stop something at a place.

    Example: HAMSAYA_PASSWORD=… hamsaya distress stop --what fire --whom foot_patrol --at "E61.59 N28.95" --as duty
    """
    del as_json
    typed = TypedCall(what=what, where=at, where_ref=at_ref, since=since, whom=whom or ["all"], contact=contact)
    _call(node, login, "stop", typed, to or [], token, contacts=not no_contact)


@app.command("list")
def list_calls(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the calls of both sides, newest first, with how far each has come.

    Example: hamsaya distress list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = book.calls()
    rows = [(each.case, each.kind, ", ".join(each.call.what) or "—", each.condition, f"{each.condition_at:%Y-%m-%d %H:%M} UTC",
             f"{each.review_due:%Y-%m-%d %H:%M} UTC" if each.review_due else "—") for each in held]  # fmt: skip
    result([_told(each) for each in held], table=(("call", "kind", "what", "condition", "since", "review until"), rows))


@app.command()
def answer(
    case: Case,
    code: Annotated[str, typer.Argument(help=f"{', '.join(ANSWERS)}.")] = "seen",
    minutes: Annotated[int | None, typer.Option(help="With `coming`: in about how many minutes.")] = None,
    no_contact: NoContact = False, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that a neighbour's call was seen, or what is done about it.

    Example: HAMSAYA_PASSWORD=… hamsaya distress answer west.east.0 coming --minutes 30 --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = answer_distress(opened.node, acting(opened, login), case, code, minutes=minutes)
        _tell(opened, [held], contacts=not no_contact)


@app.command()
def over(
    case: Case,
    how: Annotated[str, typer.Option(help=f"{', '.join(OVER)}.")] = "over",
    no_contact: NoContact = False, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that our own call is over, or was sent by mistake.

    Example: HAMSAYA_PASSWORD=… hamsaya distress over west.east.0 --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = stand_down(opened.node, acting(opened, login), case, how)
        _tell(opened, [held], contacts=not no_contact)


@app.command()
def review(
    case: Case,
    verdict: Annotated[str, typer.Option(help=f"{', '.join(VERDICTS)}.")],
    note: Annotated[str, typer.Option("--note", help="Why, in a sentence; it stays at this node.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say as another person whether our own call was right, once it is over.

    Example: HAMSAYA_PASSWORD=… hamsaya distress review west.east.0 --verdict right --note "The boat was found." --as commander
    """
    del as_json
    with node_in(node) as opened:
        held = review_distress(opened.node, acting(opened, login), case, verdict, note)
    result(_told(held), lines=[_line(held)])


def _call(folder: NodeFolder, login: str, kind: CallKind, typed: TypedCall, to: list[str], token: str, *, contacts: bool) -> None:
    with node_in(folder) as opened:
        officer = acting(opened, login)
        read = read_typed_call(opened.node, typed)
        if not can_leave(read):
            raise InputError(read.problems[0][1] if read.problems else say("A call says where: a place, a point, or words."))
        for _, what, hint in read.problems:
            note(what)
            if hint is not None:
                note(hint)
        for choice in read.choices:
            note(f"--at-ref {choice.ref}: {choice.name} ({choice.area or choice.country})")
        send_it = send_distress if kind == "distress" else send_stop
        _tell(opened, send_it(opened.node, officer, read.call, to=to, token=token), contacts=contacts)


def _tell(opened: Opened, held: list[CallHeld], *, contacts: bool) -> None:
    """Call each neighbour at once, and print how far the calls have come."""
    for each in held if contacts else []:
        call_now(opened, each.neighbour)
    with opened.store.reading() as book:
        now = [call_of(book, each.case) for each in held]
    result([_told(each) for each in now] if len(now) > 1 else _told(now[0]), lines=[_line(each) for each in now])


def call_now(opened: Opened, neighbour: str) -> None:
    """Call a neighbour at once; say so where that fails."""
    from hamsaya.courier.pinned import PinnedCourier

    try:
        synchronise(opened.node, neighbour, PinnedCourier(opened.keys.tls_cert, opened.keys.tls_key).exchange)
    except HamsayaError as error:
        note(error.what)
        note(say("It is kept and tried again by a node that serves. Use every other way too."))


def _told(held: CallHeld) -> dict[str, object]:
    return {**plain(held), "condition": held.condition, "condition_at": f"{held.condition_at.isoformat()}",
            "review_due": held.review_due.isoformat() if held.review_due else None}  # fmt: skip


def _line(held: CallHeld) -> str:
    last = held.steps[-1] if held.steps else None
    said = {**ANSWERS, **OVER, **VERDICTS}.get(last.code) if last else None
    return f"{held.case}: {held.condition}" + (f" ({in_words(said)})" if said else "")

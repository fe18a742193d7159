# SPDX-License-Identifier: Apache-2.0
"""`hamsaya consent`: what another party told goes on only with its signed consent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import plain, result
from hamsaya.desk.consents import answer_consent, ask_consent, revoke_consent
from hamsaya.desk.consents_held import ConsentHeld
from hamsaya.desk.ports import Node
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="Consents: what another party told goes on only with them.")
Asker = Annotated[str, typer.Argument(help="The party that asked.")]
Request = Annotated[str, typer.Argument(help="The request, as `consent list` names it.")]


@app.command("list")
def list_(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the requests for consent, ours and our neighbours', with what became of each.

    Example: hamsaya consent list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = book.consent_requests()
        _print(opened.node, held)


@app.command()
def ask(
    record: Annotated[str, typer.Argument(help="Our record, which rests on what others told.")],
    to: Annotated[str, typer.Option(help="The neighbour to whom it would go.")],
    purpose: Annotated[str, typer.Option(help="prevention, settlement, rescue or return.")],
    necessity: Annotated[str, typer.Option(help="Why it is necessary, in a sentence. The originator reads it.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ask each originator whether what it told may go on to a neighbour.

    Example: hamsaya consent ask EAST-R-7F3KQ2 --to north --purpose settlement --necessity "North is searching there too" --as duty
    """
    del as_json
    with node_in(node) as opened:
        _print(opened.node, ask_consent(opened.node, acting(opened, login), record, receiver=to, purpose=purpose, necessity=necessity))


@app.command()
def grant(
    asker: Asker, request: Request,
    until: Annotated[str, typer.Option(help="When it ends, with its offset, such as 2026-12-31T00:00+00:00; without it: never.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Let what we told go on, as asked and no further.

    Example: HAMSAYA_PASSWORD=… hamsaya consent grant east EAST-C-0ABCDE --until 2026-12-31T00:00+00:00 --as approver
    """
    del as_json
    with node_in(node) as opened:
        _print(opened.node, [answer_consent(opened.node, acting(opened, login), asker, request, granted=True, until=time_of(until))])


@app.command()
def refuse(asker: Asker, request: Request, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Refuse consent. No reason is sent.

    Example: HAMSAYA_PASSWORD=… hamsaya consent refuse east EAST-C-0ABCDE --as approver
    """
    del as_json
    with node_in(node) as opened:
        _print(opened.node, [answer_consent(opened.node, acting(opened, login), asker, request, granted=False)])


@app.command()
def revoke(asker: Asker, request: Request, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Take a consent back. What was released by it meanwhile has left.

    Example: HAMSAYA_PASSWORD=… hamsaya consent revoke east EAST-C-0ABCDE --as duty
    """
    del as_json
    with node_in(node) as opened:
        _print(opened.node, [revoke_consent(opened.node, acting(opened, login), asker, request)])


def time_of(text: str) -> datetime | None:
    """Return the time, or None for an empty text. Raises `InputError` for one without its offset."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError(text)
    except ValueError as error:
        raise InputError(say("A time with its offset is expected, such as {example}; this came: {came}", example="2026-12-31T00:00+00:00",
                             came=text[:40])) from error  # fmt: skip
    return at


def _print(node: Node, held: list[ConsentHeld]) -> None:
    now = node.now()
    result([{**plain(each), "state": each.state(now)} for each in held], table=(
        ("request", "asked by", "of", "record", "version", "to", "purpose", "state"),
        [(each.asked.request, each.asker, each.originator, each.asked.record, each.asked.version, each.asked.receiver, each.asked.purpose,
          each.state(now)) for each in held],
    ))  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya request`: what was asked of a neighbour or by one, refusing it on a ground, closing it, asking again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import plain, result
from hamsaya.desk.matters import move_matter
from hamsaya.desk.requests import RequestHeld, refuse_request, requests_held, requests_of
from hamsaya.settlement.course import Running

app = typer.Typer(no_args_is_help=True, help="Requests for information or explanation: asked, acknowledged, answered, closed, or refused.")


@app.command("list")
def list_requests(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the requests, newest first, each with its condition and its clocks.

    Example: hamsaya request list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held, now = requests_held(opened.node, book), opened.node.now()
    result([_told(each) for each in held], table=(
        ("request", "", "kind", "condition", "acknowledge by", "answer by", "answers"),
        [(each.record.id, f"to {each.party}" if each.ours else f"from {each.party}", each.record.kind, each.condition, *_clocks(each, now),
          ", ".join(answer.record for answer in each.answers) or "—") for each in held],
    ))  # fmt: skip


@app.command()
def refuse(
    request: Annotated[str, typer.Argument(help="The request, as `hamsaya request list` names it.")],
    ground: Annotated[list[str], typer.Option("--ground", help="A ground of law 12 or of the agreement; may be given several times.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence. It stays in this node's journal, with the ground.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Refuse a neighbour's request on a ground. The neighbour learns that it was refused, and nothing more.

    Example: HAMSAYA_PASSWORD=… hamsaya request refuse EAST-R-0ABCDE --ground asylum --reason "They seek protection" --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = refuse_request(opened.node, acting(opened, login), request, ground, reason)
    result(_told(held), lines=[f"{held.record.id}: {held.condition}"])


@app.command()
def move(
    request: Annotated[str, typer.Argument(help="The request, as `hamsaya request list` names it.")],
    move: Annotated[str, typer.Argument(help="close, reopen or withdraw: what whoever asked may do.")],
    to: Annotated[str, typer.Option(help="The neighbour, where several were asked.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Close a request that was answered, ask again, or take it back. The neighbour's node shows the same.

    Example: HAMSAYA_PASSWORD=… hamsaya request move WEST-R-0ABCDE close --as duty
    """
    del as_json
    with node_in(node) as opened:
        matter = move_matter(opened.node, acting(opened, login), request, move, to)
        with opened.store.reading() as book:
            (held,) = [each for each in requests_of(opened.node, book, request) if each.party == matter.party]
    result(_told(held), lines=[f"{request}: {held.condition}"])


def _told(held: RequestHeld) -> dict[str, Any]:
    """Return the request as data. Ground and reason are for those who check: the desk shows them, this does not."""
    told = plain(held)
    if told["refusal"]:
        told["refusal"] = {name: told["refusal"][name] for name in ("office", "at")}
    return dict(told)


def _clocks(held: RequestHeld, now: datetime) -> tuple[str, str]:
    one, other = (_clock(clock, now) for clock in (held.acknowledge, held.answer))
    return one, other


def _clock(clock: Running | None, now: datetime) -> str:
    if clock is None:
        return "—"
    late = " late" if clock.met_at and clock.late_s(now) > 0 else " overdue" if clock.late_s(now) > 0 else ""
    return f"{clock.due_at:%Y-%m-%d %H:%M} UTC{late}"

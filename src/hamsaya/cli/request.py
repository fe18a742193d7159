# SPDX-License-Identifier: Apache-2.0
"""`hamsaya request`: what was asked of a neighbour or by one, and refusing it on a ground."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import plain, result
from hamsaya.desk.requests import RequestHeld, refuse_request, requests_held

app = typer.Typer(no_args_is_help=True, help="Requests for information: asked, acknowledged, answered, or refused on a ground.")


@app.command("list")
def list_requests(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the requests, newest first, each with its condition and its clocks.

    Example: hamsaya request list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held, now = requests_held(opened.node, book), opened.node.now()
    result([_told(each) for each in held], table=(
        ("request", "", "condition", "acknowledge by", "answer by", "answers"),
        [(each.record.id, f"to {each.party}" if each.ours else f"from {each.party}", each.condition, *_clocks(each, *each.late(now)),
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


def _told(held: RequestHeld) -> dict[str, Any]:
    """Return the request as data. Ground and reason are for those who check: the desk shows them, this does not."""
    told = plain(held)
    if told["refusal"]:
        told["refusal"] = {name: told["refusal"][name] for name in ("office", "at")}
    return dict(told)


def _clocks(held: RequestHeld, unacknowledged: bool, unanswered: bool) -> tuple[str, str]:
    if held.due is None:
        return "—", "—"
    pairs = ((held.due.acknowledge_by, unacknowledged), (held.due.answer_by, unanswered))
    one, other = (f"{at:%Y-%m-%d %H:%M} UTC{' overdue' if late else ''}" for at, late in pairs)
    return one, other

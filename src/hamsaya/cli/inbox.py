# SPDX-License-Identifier: Apache-2.0
"""`hamsaya inbox`: what arrived, and acknowledging it."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import plain, result
from hamsaya.desk.inbox import acknowledge
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say


def inbox(
    ack: Annotated[str, typer.Option("--ack", help="Acknowledge this item, named LOG#NUMBER as listed.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """List what arrived, newest first; or acknowledge one item.

    Example: hamsaya inbox; HAMSAYA_PASSWORD=… hamsaya inbox --ack "release/west-east-2026/east/west#0" --as duty
    """
    del as_json
    with node_in(node) as opened:
        if ack:
            log, _, number = ack.rpartition("#")
            if not log or not number.isascii() or not number.isdigit():
                raise InputError(say("--ack: expected LOG#NUMBER as `hamsaya inbox` lists it; this came: {came}", came=ack[:80]))
            item = acknowledge(opened.node, acting(opened, login), log, int(number))
            result(plain(item), lines=[f"{ack}: {item.state}"])
            return
        with opened.store.reading() as book:
            items = book.inbox()
    result(plain(items), table=(
        ("item", "kind", "about", "state", "purpose", "received"),
        [(f"{each.log}#{each.seq}", each.kind, each.subject, each.state, each.purpose or "—", f"{each.received_at:%Y-%m-%d %H:%M} UTC")
         for each in items],
    ))  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(inbox)

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya link`: whether the link to each neighbour is free, and holding or freeing it by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import result
from hamsaya.desk.keeping import free_link, hold_link

app = typer.Typer(no_args_is_help=True, help="The links to the neighbours, and whether they are held.")
Neighbour = Annotated[str, typer.Argument(help="The neighbour.")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence; it stands in the journal.")]


@app.command()
def show(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show the link to each neighbour: free, or held since when and why.

    Example: hamsaya link show
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = {each.neighbour: each for each in book.holds()}
        links = [
            {"neighbour": name, "held": name in held, "since": held[name].since if name in held else None,
             "reason": held[name].reason if name in held else ""}
            for name in (party.card.party for party in book.parties() if not party.own)
        ]  # fmt: skip
    rows = [(each["neighbour"], "held" if each["held"] else "free", each["since"] or "", each["reason"]) for each in links]
    result(links, table=(("neighbour", "link", "since", "reason"), rows))


@app.command()
def hold(neighbour: Neighbour, reason: Reason, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Hold a link after this node was set back without `restore` (a copied folder, a snapshot): the neighbour gives back what it holds.

    Example: hamsaya link hold east --reason "the machine was set back to a snapshot"
    """
    del as_json
    with node_in(node) as opened:
        name = hold_link(opened.node, neighbour, reason)
    result({"neighbour": name, "held": True}, lines=[f"The link to “{name}” is held until it has given back what it holds: `hamsaya sync {name}`"])


@app.command()
def free(neighbour: Neighbour, reason: Reason, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Free a held link on your word that nothing was signed for this neighbour since the backup. If that is wrong, the log is forked for good.

    Example: hamsaya link free east --reason "the old machine was off since the backup"
    """
    del as_json
    with node_in(node) as opened:
        name = free_link(opened.node, neighbour, reason)
    result({"neighbour": name, "held": False}, lines=[f"The link to “{name}” is free."])

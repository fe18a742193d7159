# SPDX-License-Identifier: Apache-2.0
"""`hamsaya serve`: the desk, the gate, and the courier that talks with neighbours, in one process."""

from __future__ import annotations

import sys

import msgspec
import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, json_wanted, note
from hamsaya.facts.words import say


def serve(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Serve the officers' desk and the neighbours' gate until Ctrl-C.

    Example: hamsaya serve --node west
    """
    from hamsaya.assemble.serving import serve_node

    del as_json
    with node_in(node) as opened:

        def announce(desk: str, gate: str) -> None:
            addresses = {"party": opened.settings.party, "desk": desk, "gate": gate}
            if json_wanted():
                sys.stdout.write(msgspec.json.encode(addresses).decode() + "\n")
            else:
                mark = "  EXERCISE" if opened.settings.exercise else ""
                sys.stdout.write(in_words(say("{party}: desk {desk}   gate {gate}", **addresses)) + f"{mark}\n")
            sys.stdout.flush()

        serve_node(opened, announce, note)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya serve`: the desk, the gate, and the courier that talks with neighbours, in one process or several."""

from __future__ import annotations

import sys
from typing import Annotated

import msgspec
import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, json_wanted, note
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say


def serve(
    node: NodeFolder = HERE, as_json: AsJson = False,
    worker: Annotated[str, typer.Option(hidden=True, help="Set by `serve` itself where [desk] processes is above 1.")] = "",
) -> None:  # fmt: skip
    """Serve the officers' desk and the neighbours' gate until Ctrl-C.

    Example: hamsaya serve --node west
    """
    from hamsaya.assemble.serving import serve_as_worker, serve_node

    del as_json
    with node_in(node) as opened:
        if worker:
            serve_as_worker(opened, _files(worker), note)
            return

        def announce(desk: str, gate: str) -> None:
            addresses = {"party": opened.settings.party, "desk": desk, "gate": gate, "exercise": opened.settings.exercise}
            if json_wanted():
                sys.stdout.write(msgspec.json.encode(addresses).decode() + "\n")
            else:
                mark = "  EXERCISE" if opened.settings.exercise else ""
                sys.stdout.write(in_words(say("{party}: desk {desk}   gate {gate}", party=opened.settings.party, desk=desk, gate=gate)) + f"{mark}\n")
            sys.stdout.flush()

        serve_node(opened, announce, note)


def _files(worker: str) -> list[int]:
    files = [int(part) for part in worker.split(",") if part.isdecimal()]
    if len(files) != 3:
        raise InputError(say("--worker is for `hamsaya serve` itself."))
    return files


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya restore`: a node again from its backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.backup import KeyFile, unlock_of
from hamsaya.cli.desk_door import AsJson
from hamsaya.cli.say_out import in_words, plain, result
from hamsaya.facts.words import say


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `hamsaya backup` wrote.")],
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must be new or empty.")],
    key: KeyFile = None,
    nothing_sent_since: Annotated[
        bool, typer.Option("--nothing-sent-since", help="You know that the node signed nothing for a neighbour after this backup.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a node again from its backup: all of it or nothing, after every byte was verified.

    What was filed after the backup is lost. What was signed for a neighbour after it is not: the neighbour holds it and gives
    it back. Until then the link is held, and nothing is signed for that neighbour. Never run the old node again beside it.

    Example: hamsaya restore west.age west --key backup.key
    """
    from hamsaya.assemble.restoring import restore_node

    del as_json
    found = restore_node(file, unlock_of(key), folder, nothing_sent_since=nothing_sent_since)
    told = found.contents
    mark = "  EXERCISE" if told.exercise else ""
    left = (
        say("The links are free, since nothing was sent since.")
        if nothing_sent_since
        else say("The links are held until each neighbour has given back what it holds: `hamsaya sync`, then `hamsaya link show`.")
    )
    result(
        {**plain(told), "folder": str(folder), "fingerprint": found.fingerprint, "verified": True, "held": not nothing_sent_since},
        lines=[
            f"Node “{told.party}” restored in {folder}, as of {told.made_at:%Y-%m-%d %H:%M} UTC{mark}",
            f"fingerprint  {found.fingerprint}",
            in_words(left),
        ],
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(restore)

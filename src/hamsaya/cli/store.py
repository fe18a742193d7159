# SPDX-License-Identifier: Apache-2.0
"""`hamsaya store`: carrying the node to another store, and making its tables again."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder
from hamsaya.cli.say_out import note, plain, result
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="Where the node's ledger is kept.")


@app.command()
def move(
    to: Annotated[str, typer.Option("--to", help="An empty PostgreSQL database (postgresql://…), or the name of a new file.")],
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Carry the node to another store, every signed byte as it is. The node must not be served meanwhile.

    The copy is verified before hamsaya.toml is changed; the old store is kept, and nothing can be written to it any more.
    Whatever breaks off leaves the node where it was. Officers have to log in again.

    Example: hamsaya store move --to postgresql:///hamsaya; hamsaya store move --to ledger-2.db
    """
    from hamsaya.assemble.moving import move_node

    del as_json
    done = move_node(node, to)
    if not done.old_closed:
        note(say("Warning: the node was carried, but {where} could not be marked. Remove it, so that nobody goes on there.", where=done.from_store))
    entries = sum(done.carried.logs.values())
    result(
        plain(done),
        lines=[f"{done.from_store} → {done.to_store}", f"{entries} entries, {done.carried.rows} rows, verified", f"evidence  {done.carried.sha256}"],
    )


@app.command()
def rebuild(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Make every table again from what is signed: after a newer version was installed, or where `verify` named an altered row.

    Entries, checkpoints and documents are not touched. All of it is verified before it is committed; the node must not be served.

    Example: hamsaya store rebuild
    """
    from hamsaya.assemble.moving import rebuild_node

    del as_json
    done = rebuild_node(node)
    entries = sum(done.logs.values())
    result({"logs": done.logs, "rows": done.rows}, lines=[f"{done.rows} rows made from {entries} entries, verified"])

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya sync`: talk with a neighbour over the network, or by a file carried by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, note, plain, result
from hamsaya.desk.carried import MORE_WAITS, holds_more, take_carried
from hamsaya.desk.converse import clock_warning, settle, synchronise
from hamsaya.desk.offering import write_for
from hamsaya.desk.parties import neighbour


def sync(
    party: Annotated[str, typer.Argument(help="The neighbour, if there are several.")] = "",
    to_file: Annotated[Path | None, typer.Option(help="Write what waits for the neighbour to this file, encrypted to it.")] = None,
    from_file: Annotated[Path | None, typer.Option(help="Take what the neighbour's file brings.")] = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Talk with a neighbour until neither has anything new for the other.

    With both options the file that is written answers the one that is taken: a neighbour that was set back needs that.

    Example: hamsaya sync east; hamsaya sync east --to-file stick.age; hamsaya sync --from-file stick.age
    """
    from hamsaya.courier.pinned import PinnedCourier
    from hamsaya.courier.stick import read_stick, write_stick

    del as_json
    with node_in(node) as opened:
        if from_file is not None:
            carried = take_carried(opened.node, read_stick(from_file, opened.keys.age))
            got = carried.received
            warning = clock_warning(got.sender, got.clock_offset_s)
            back = f", {got.refilled} of our own came back" if got.refilled else ""
            lines = [
                f"from {got.sender}: {got.applied} entries, {got.quarantined} in quarantine, {got.receipts} receipts{back}",
                *map(in_words, carried.words),
            ]
            if to_file is not None:  # the answer to it, for the way back
                with opened.store.reading() as book:
                    other = neighbour(book, got.sender)
                    write_stick(to_file, write_for(opened.node, book, got.sender, got.have, got.lost), other.card.age)
                lines.append(f"for {got.sender}: {to_file}")
            told = {"written": carried.written, "words": [str(each) for each in carried.words], "logs": plain(carried.logs)}
            result({**plain(got), **told}, lines=lines)
        elif to_file is not None:
            settle(opened.node)
            with opened.store.reading() as book:
                other = neighbour(book, party)
                bundle = write_for(opened.node, book, other.card.party)
            write_stick(to_file, bundle, other.card.age)
            warning = MORE_WAITS if holds_more(bundle) else None
            result({"file": str(to_file), "to": other.card.party, "bytes": to_file.stat().st_size}, lines=[f"for {other.card.party}: {to_file}"])
        else:
            done = synchronise(opened.node, party, PinnedCourier(opened.keys.tls_cert, opened.keys.tls_key).exchange)
            warning = done.warning()
            line = (
                f"with {done.neighbour}: {done.applied} entries in, {done.quarantined} in quarantine, {done.receipts} receipts, {done.rounds} rounds"
                + (f", {done.refilled} of our own came back" if done.refilled else "")
            )
            result(plain(done), lines=[line])
        if warning is not None:
            note(warning)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sync)

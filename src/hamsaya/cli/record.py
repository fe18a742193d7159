# SPDX-License-Identifier: Apache-2.0
"""`hamsaya record`: what was filed here and what was received."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, plain, result
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.ports import Book
from hamsaya.facts.claims import field_of
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="Records: filed here, or received.")
Id = Annotated[str, typer.Argument(help="The record.")]


@app.command("list")
def list_(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the latest version of every record.

    Example: hamsaya record list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = book.records()
    _print(held)


@app.command()
def show(record: Id, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show the latest version of a record, claim by claim.

    Example: hamsaya record show WEST-R-7F3KQ2
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = _versions(book, record)[-1]
    result(plain(held), table=(
        ("claim", "field", "value", "speaker", "grade"),
        [(claim.id, field_of(claim), getattr(claim.value, "words", "") or getattr(claim.value, "code", ""),
          claim.speaker.office or claim.speaker.kind, claim.grade or "—") for claim in held.record.claims],
    ))  # fmt: skip


@app.command()
def history(record: Id, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show every version of a record, first to last.

    Example: hamsaya record history WEST-R-7F3KQ2
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = _versions(book, record)
    _print(held)


def _versions(book: Book, record: str) -> list[RecordHeld]:
    held = book.versions(record)
    if not held:
        raise NotFound(say("There is no record {came}.", came=record[:40] or "—"), say("`hamsaya record list` shows what is here."))
    return held


def _print(held: list[RecordHeld]) -> None:
    result(plain(held), table=(
        ("record", "version", "kind", "side", "basis", "incident", "from", "filed"),
        [(each.record.id, each.record.version, in_words(RECORD_KINDS[each.record.kind]), each.record.side, each.record.basis,
          each.record.incident or "—", each.received_from or "here", f"{each.record.filed_at:%Y-%m-%d %H:%M} UTC") for each in held],
    ))  # fmt: skip

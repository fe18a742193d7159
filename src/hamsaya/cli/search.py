# SPDX-License-Identifier: Apache-2.0
"""`hamsaya search`: words in records and documents, newest first."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, AsJson, NodeFolder, node_in
from hamsaya.cli.say_out import in_words, note, plain, result
from hamsaya.desk.filters import read_filter
from hamsaya.desk.holdings import DocumentHeld
from hamsaya.desk.search import HITS, KINDS, Hit, search


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search")(search_)


def search_(
    words: Annotated[list[str], typer.Argument(help="Words that must all be there; the last may be the beginning of one.")],
    kind: Annotated[str, typer.Option(help="Only this kind, such as incident_account or document.")] = "",
    since: Annotated[str, typer.Option(help="From this day on, Gregorian or Jalali.")] = "",
    until: Annotated[str, typer.Option(help="To this day, Gregorian or Jalali.")] = "",
    bbox: Annotated[str, typer.Option(help="West, south, east, north in degrees.")] = "",
    after: Annotated[str, typer.Option(help="The `next` of the page before.")] = "",
    limit: Annotated[int, typer.Option(help="Hits at once.")] = HITS,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Search records and documents. Names and numbers of persons are not searched for.

    Example: hamsaya search smugglers mirjaveh --kind document
    """
    del as_json
    fields = {"q": " ".join(words), "kind": kind, "since": since, "until": until, "bbox": bbox}
    with node_in(node) as opened, opened.store.reading() as book:
        found = search(book, read_filter(fields, opened.node.zone, KINDS), after, limit)
    if found.note:
        note(found.note)
    rows = found.sheet.rows
    value = {"hits": [_plain(hit) for hit in rows], "note": str(found.note or ""), "next": found.sheet.next}
    result(value, table=(("what", "kind", "text"), [_line(hit) for hit in rows]))


def _plain(hit: Hit) -> dict[str, object]:
    held = hit.held
    kind = "document" if isinstance(held, DocumentHeld) else held.record.kind
    return {"kind": kind, "held": plain(held), "text": "".join(piece.text for piece in hit.pieces), "pieces": plain(hit.pieces)}


def _line(hit: Hit) -> tuple[str, str, str]:
    held = hit.held
    text = "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in hit.pieces)
    if isinstance(held, DocumentHeld):
        return held.document[:12], in_words(KINDS["document"]), text
    return held.record.id, in_words(KINDS[held.record.kind]), text

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya document`: a text comes in and is read into drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import break_off, in_words, plain, result
from hamsaya.desk.documents import add_document
from hamsaya.desk.holdings import DocumentHeld, DraftHeld
from hamsaya.facts.claims import field_of
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.records import RECORD_KINDS

app = typer.Typer(no_args_is_help=True, help="Documents, and the drafts that are read from them.")
MAX_DOCUMENT = 10 * 1024 * 1024
HEADINGS = ("draft", "kind", "side", "claims", "from")


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Plain text files, UTF-8.")],
    origin: Annotated[str, typer.Option(help="The side whose document it is, ISO 3166-1, such as PK.")] = "",
    own: Annotated[bool, typer.Option("--own", help="It is this office's own dictated report.")] = False,
    language: Annotated[str, typer.Option(help="en, fa or ur; found out where left out.")] = "",
    published: Annotated[str, typer.Option(help="Day of publication, YYYY-MM-DD; found in the text where left out.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Keep documents as received and read them into drafts, which wait for a person.

    Each file is kept by itself: an error stops at its file, and names those that were kept before it.

    Example: HAMSAYA_PASSWORD=… hamsaya document add article.txt --origin PK --published 2014-10-23 --as duty
    """
    from hamsaya.courier.stick import read_file

    del as_json
    shown: list[dict[str, Any]] = []
    rows: list[tuple[object, ...]] = []
    with node_in(node) as opened:
        officer = acting(opened, login)
        try:
            for file in files:
                data = read_file(file, MAX_DOCUMENT)
                held, drafts = add_document(opened.node, officer, data, name=file.name, origin=origin, basis="own" if own else "attributed",
                                            language=language, published=published)  # fmt: skip
                shown.append(_plain(held, drafts))
                rows += [(each.draft, in_words(RECORD_KINDS[each.body.kind]), each.body.side, len(each.body.claims), file.name) for each in drafts]
        except HamsayaError as error:
            break_off(error, shown, [each["name"] for each in shown], lines=_lines(shown), table=(HEADINGS, rows))
            raise
    result(shown, lines=_lines(shown), table=(HEADINGS, rows))


def _plain(held: DocumentHeld, drafts: list[DraftHeld]) -> dict[str, Any]:
    return {
        "document": held.document, "name": held.name, "language": held.language, "published": held.published,
        "drafts": [{"draft": each.draft, "kind": each.body.kind, "side": each.body.side, "basis": each.body.basis,
                    "fields": [field_of(claim) for claim in each.body.claims],
                    "open_questions": [str(question) for question in each.body.open_questions]} for each in drafts],
    }  # fmt: skip


def _lines(shown: list[dict[str, Any]]) -> list[str]:
    return [f"{each['name']}: {each['document'][:12]} ({each['language']})" for each in shown]


@app.command("list")
def list_(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the documents.

    Example: hamsaya document list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = book.documents()
    result(plain(held), table=(
        ("document", "name", "language", "published", "origin", "bytes"),
        [(each.document[:12], each.name, each.language, each.published or "—", each.origin or "—", each.size) for each in held],
    ))  # fmt: skip

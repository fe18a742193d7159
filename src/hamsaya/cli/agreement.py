# SPDX-License-Identifier: Apache-2.0
"""`hamsaya agreement`: draft, show, sign, export, import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, result
from hamsaya.desk.agreements import agreement_of, draft_agreement, export_agreement, import_agreement, sample_terms, sign_agreement, standing_of
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Node
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="The agreement that decides what leaves.")
MAX_AGREEMENT = 4 * 1024 * 1024
Id = Annotated[str, typer.Argument(help="The agreement's id.")]


@app.command()
def draft(
    terms: Annotated[Path | None, typer.Argument(help="TOML file of terms; without it, or with --sample, one is printed to start from.")] = None,
    partner: Annotated[str, typer.Option("--with", help="The neighbour, if there are several.")] = "",
    sample: Annotated[bool, typer.Option("--sample", help="Print a commented file of terms to start from.")] = False,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Draft an agreement with a neighbour; it is offered on the link and in force only when all have signed.

    Example: hamsaya agreement draft --sample > terms.toml; hamsaya agreement draft terms.toml
    """
    from hamsaya.courier.stick import read_file

    del as_json
    with node_in(node) as opened:
        if sample or terms is None:
            with opened.store.reading() as book:
                other = neighbour(book, partner).card.party
            sys.stdout.write(sample_terms(opened.node.party, other, opened.node.now()))
            return
        try:
            text = read_file(terms, MAX_AGREEMENT).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(say("{file} is not UTF-8 text.", file=terms.name)) from error
        held = draft_agreement(opened.node, text, partner)
        _show(opened.node, [held])


@app.command()
def show(
    agreement: Annotated[str, typer.Argument(help="The agreement's id; all if left out.")] = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Show agreements: who signed, whether in force and why, and each clause as a sentence.

    Example: hamsaya agreement show
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        _show(opened.node, [agreement_of(book, agreement)] if agreement else book.agreements())


@app.command()
def sign(agreement: Id, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Sign an agreement for this party.

    Example: HAMSAYA_PASSWORD=… hamsaya agreement sign west-east-2026 --as commander
    """
    del as_json
    with node_in(node) as opened:
        _show(opened.node, [sign_agreement(opened.node, acting(opened, login), agreement)])


@app.command()
def export(agreement: Id, file: Annotated[Path, typer.Argument(help="The file to write.")], node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Write an agreement with its signatures to a file, to be carried by hand.

    Example: hamsaya agreement export west-east-2026 agreement.json
    """
    from hamsaya.courier.stick import write_whole

    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        data = export_agreement(book, agreement)
    write_whole(file, data)
    result({"agreement": agreement, "file": str(file), "bytes": len(data)}, lines=[f"written to {file} ({len(data)} bytes)"])


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that `agreement export` wrote.")], node: NodeFolder = HERE, as_json: AsJson = False
) -> None:
    """Take an agreement that was carried by hand, with its signatures.

    Example: hamsaya agreement import agreement.json
    """
    from hamsaya.courier.stick import read_file

    del as_json
    data = read_file(file, MAX_AGREEMENT)
    with node_in(node) as opened:
        _show(opened.node, [import_agreement(opened.node, data)])


def _show(node: Node, agreements: list[AgreementHeld]) -> None:
    shown, lines = [], []
    for held in agreements:
        now = standing_of(held, node.now())
        table = held.agreement.table
        shown.append({
            "id": table.id, "hash": held.hash, "title": table.title, "state": now.state, "in_force": now.in_force, "reason": str(now.reason),
            "signed_by": now.signed_by, "exercise": table.exercise, "text": held.agreement.text,
        })  # fmt: skip
        mark = "   EXERCISE" if table.exercise else ""
        lines += [
            f"{table.id}: {now.state}{mark}",
            f"  {in_words(now.reason)}",
            f"  hash {held.hash}",
            f"  signed by: {', '.join(now.signed_by) or '—'}",
        ]
        lines += [f"  {number}. {sentence}" for number, sentence in held.agreement.text["en"].items()]
    result(shown[0] if len(shown) == 1 else shown, lines=lines or ["no agreement yet"])

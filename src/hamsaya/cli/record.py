# SPDX-License-Identifier: Apache-2.0
"""`hamsaya record`: what was filed here and what was received."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hamsaya.cli.claim_lines import HEADINGS, claim_rows
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, note, plain, result
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.erasing import content_is_gone
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.importing import Lines, import_records, read_csv, read_json_lines
from hamsaya.desk.linked import link_received
from hamsaya.desk.ports import Book
from hamsaya.desk.recalls import recall_record
from hamsaya.facts.claims import Claim
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read

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
        zone, gone = opened.node.zone, content_is_gone(book, held.record.id)
    if gone:
        told = say("{record}: the content was erased; `hamsaya record erasures` says by whom and why.", record=held.record.id)
        result(plain(held), lines=[in_words(told)])
    else:
        result(plain(held), table=(HEADINGS, claim_rows(held.record.claims, zone)))


@app.command()
def history(record: Id, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show every version of a record, first to last.

    Example: hamsaya record history WEST-R-7F3KQ2
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = _versions(book, record)
    _print(held)


@app.command()
def link(record: Id, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """File what a neighbour sent as an attributed record of one's own, linked to it; `consent ask` is the next step.

    Example: HAMSAYA_PASSWORD=… hamsaya record link EAST-R-7F3KQ2 --as duty
    """
    del as_json
    with node_in(node) as opened:
        held, before = link_received(opened.node, acting(opened, login), record)
    if before:
        note(say("It was filed before; nothing was filed twice."))
    result({**plain(held), "repeated": before}, lines=[held.record.id])


@app.command()
def correct(
    record: Id,
    claims: Annotated[Path | None, typer.Option(help="A JSON file with the claims of the next version, as `record show --json` prints them.")] = None,
    stage: Annotated[str, typer.Option(help="Its stage: initial, formal, final, or did-not-happen, which only its author can say.")] = "",
    handling: Annotated[str, typer.Option(help="Its TLP level: clear, green, amber, amber+strict, red.")] = "",
    reason: Annotated[str, typer.Option(help="Why. Owed where kind or outcome change, the level is lower, or a stage is taken back.")] = "",
    seen: Annotated[int, typer.Option(help="The version that you saw; it is refused if there is a later one.")] = 0,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File the next version of one of our records. Claims that are left out of the file are gone from it; without a file all stay as they are.

    Example: HAMSAYA_PASSWORD=… hamsaya record correct WEST-R-7F3KQ2 --stage did-not-happen --reason "It was thunder." --as duty
    """
    del as_json
    try:
        told = read(claims.read_bytes(), list[Claim]) if claims else None
    except OSError as error:
        raise InputError(say("The file {name} cannot be read: {why}", name=claims.name if claims else "", why=error.strerror or "?")) from error
    with node_in(node) as opened:
        officer = acting(opened, login)
        held = correct_record(opened.node, officer, record, told, seen=seen or None, stage=stage or None, handling=handling or None, reason=reason)
    result(plain(held), lines=[f"{held.record.id} {held.record.version}"])


@app.command()
def recall(
    record: Id, reason: Annotated[str, typer.Option(help="Why, in a sentence. Every holder reads it.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Strike one of our records and take it back from every neighbour that holds it; `release recalls` shows who has answered.

    Example: HAMSAYA_PASSWORD=… hamsaya record recall WEST-R-7F3KQ2 --reason "It did not happen" --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = recall_record(opened.node, acting(opened, login), record, reason)
    value = [{**plain(each), "content": each.content.decode()} for each in held]
    result(value, table=(("release", "to", "condition"), [(each.release, each.receiver, each.condition) for each in held]))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file of JSON lines (.jsonl) or CSV (.csv), one record a line.")],
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help="File the other lines where some are refused.")] = False,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File many records at once, in batches that are filed whole or not at all; the same line is never filed twice.

    Example: HAMSAYA_PASSWORD=… hamsaya record import accounts.csv --as duty
    """
    del as_json
    if file.suffix not in (".jsonl", ".csv") or not file.is_file():
        raise InputError(say("A file named .jsonl or .csv is expected; this came: {came}", came=str(file)[-80:]))
    with node_in(node) as opened:
        done = import_records(opened.node, acting(opened, login), lambda: _lines(file, opened.node.zone), skip_refused=skip_refused)
    for each in done.told:
        note(say("line {line}: {why}", line=each.line, why=each.why))
    for each in done.doubts:
        note(say("line {line}, filed, in doubt: {why}", line=each.line, why=each.why))
    value = {"filed": done.filed, "repeated": done.repeated, "refused": done.refused,
             "lines": [{"line": each.line, "why": str(each.why)} for each in done.told],
             "doubtful": done.doubtful, "doubts": [{"line": each.line, "why": str(each.why)} for each in done.doubts]}  # fmt: skip
    result(value, lines=[in_words(say("filed: {filed}, here before: {repeated}, refused: {refused}",
                                      filed=done.filed, repeated=done.repeated, refused=done.refused))])  # fmt: skip
    if done.refused and not skip_refused:
        note(say("Nothing was filed. Correct these lines, or leave them out with --skip-refused."))
        raise typer.Exit(InputError.exit_code)


def _lines(file: Path, zone: str) -> Lines:
    try:
        if file.suffix == ".jsonl":
            with file.open("rb") as data:
                yield from read_json_lines(data)
        else:
            with file.open(encoding="utf-8-sig", newline="") as text:
                yield from read_csv(text, zone)
    except UnicodeDecodeError as error:
        raise InputError(say("The file {name} is not UTF-8 at byte {at}.", name=file.name, at=error.start)) from error
    except OSError as error:
        raise InputError(say("The file {name} cannot be read: {why}", name=file.name, why=error.strerror or "?")) from error


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

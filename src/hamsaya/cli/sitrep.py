# SPDX-License-Identifier: Apache-2.0
"""`hamsaya sitrep`: a situation report, drafted from records, and filed as a person approved it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, note, plain, reader_language, result
from hamsaya.desk.situation import accounts_of, approve_situation, period_before
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import LANGUAGES, Language, say
from hamsaya.settlement.situation import Sentence, cited
from hamsaya.tongues.situations import Account, draft_situation

app = typer.Typer(no_args_is_help=True, help="Situation reports: drafted from records with every sentence linked, approved by a person.")
_MOST_BYTES = 1_000_000


class _File(msgspec.Struct, forbid_unknown_fields=True):
    language: Language
    sentences: list[Sentence]
    exercise: bool = False
    since: str = ""
    until: str = ""


@app.command()
def draft(
    hours: Annotated[int, typer.Option(help="24 or 168.")] = 24,
    language: Annotated[str, typer.Option(help="en, fa or ur; that of HAMSAYA_LANGUAGE if none is given.")] = "",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Draft a report of the last day or week: a sentence an account, each with the record that it rests on. Nothing is kept.

    Example: hamsaya sitrep draft --hours 24 --json > report.json
    """
    del as_json
    spoken = next((each for each in LANGUAGES if each == language), reader_language())
    with node_in(node) as opened, opened.store.reading() as book:
        since, until = period_before(opened.node.now(), hours)
        told = accounts_of(opened.node, book, since, until)
        sentences = draft_situation([Account(each.held.record, each.voice) for each in told], spoken, zone=opened.node.zone)
    result({"language": spoken, "since": since.isoformat(), "until": until.isoformat(), "sentences": [plain(each) for each in sentences]},
           lines=[cited(each) for each in sentences] or [in_words(say("No account tells of this time."))])  # fmt: skip


@app.command()
def approve(
    report: Annotated[Path, typer.Argument(help="The report: JSON as `hamsaya sitrep draft --json` prints it, edited.")],
    kind: Annotated[str, typer.Option(help="intelligence_report or notice.")] = "intelligence_report",
    handling: Annotated[str, typer.Option(help="clear, green, amber, amber+strict or red.")] = "amber",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File a report as you approve it. It is a record like any other: it leaves by a release only.

    Example: HAMSAYA_PASSWORD=… hamsaya sitrep approve report.json --as duty
    """
    del as_json
    try:
        data = report.read_bytes()
        told = msgspec.json.decode(data[:_MOST_BYTES], type=_File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(say("This is no report as `hamsaya sitrep draft --json` prints it: {why}", why=str(error)[:200])) from error
    with node_in(node) as opened:
        filed = approve_situation(opened.node, acting(opened, login), told.sentences, language=told.language, kind=kind, handling=handling)
    for each in filed.warnings:
        note(each)
    result(plain(filed.held.record), lines=[filed.held.record.id])

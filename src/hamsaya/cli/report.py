# SPDX-License-Identifier: Apache-2.0
"""`hamsaya report`: an officer files what was seen or heard, without a document."""

from __future__ import annotations

from typing import Annotated

import typer

from hamsaya.cli.claim_lines import HEADINGS, claim_rows
from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import note, plain, result
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import FIELDS, TypedReport
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="Reports: what an officer files without a document.")


@app.callback()
def _group() -> None:
    """Keep `file` a command of its own while it is the only one."""


@app.command("file")
def file(
    size: Annotated[str, typer.Option(help="How many: 12, 10-12, “about 20”, several.")] = "",
    activity: Annotated[str, typer.Option(help="What they did, in your own words.")] = "",
    place: Annotated[str, typer.Option(help="A place, “12 km NE of Taftan”, or coordinates, the longitude first.")] = "",
    place_ref: Annotated[str, typer.Option("--place-ref", help="Which of several places of that name, such as PK.pishin; - for none.")] = "",
    unit: Annotated[str, typer.Option(help="Who they were, as a group.")] = "",
    time: Annotated[str, typer.Option(help="now, -15m, 0640, “21 Nov 0640”, “1405-08-30 06:40”, in the node's zone.")] = "",
    equipment: Annotated[str, typer.Option(help="What they had, separated by commas.")] = "",
    killed: Annotated[str, typer.Option(help="Who was killed, counted by group: “2 Pakistani civilians, 1 border guard”.")] = "",
    wounded: Annotated[str, typer.Option(help="Who was wounded, counted by group.")] = "",
    held: Annotated[str, typer.Option(help="Who is held, counted by group.")] = "",
    missing: Annotated[str, typer.Option(help="Who is missing, counted by group.")] = "",
    outcome: Annotated[str, typer.Option(help="attempted, carried out or prevented.")] = "",
    direction: Annotated[str, typer.Option(help="Which way: into Pakistan, out of, along the line, north-east.")] = "",
    site: Annotated[str, typer.Option(help="What stood there: a house, a village, a border post.")] = "",
    property_: Annotated[str, typer.Option("--property", help="Things and what became of them, separated by commas: “damaged vehicle”.")] = "",
    lasted: Annotated[str, typer.Option(help="How long: 20 min, six hours.")] = "",
    ending: Annotated[str, typer.Option(help="How it ended: withdrew, driven off, arrested.")] = "",
    remarks: Annotated[str, typer.Option(help="Anything else, without names of persons.")] = "",
    grade: Annotated[str, typer.Option(help="Grade of all claims, such as B2.")] = "",
    grade_of: Annotated[list[str] | None, typer.Option("--grade-of", help="Another grade for one field, such as size=C3.")] = None,
    source: Annotated[str, typer.Option(help="Handle of a local source; it never leaves the node. Without it: own observation.")] = "",
    kind: Annotated[str, typer.Option(help="incident_account, intelligence_report, warning, notice or request.")] = "incident_account",
    handling: Annotated[str, typer.Option(help="TLP level: clear, green, amber, amber+strict, red.")] = "amber",
    stage: Annotated[str, typer.Option(help="How far an account of ours has come: initial, formal or final.")] = "initial",
    incident: Annotated[str, typer.Option(help="Join this incident; an account without it opens a new one.")] = "",
    based_on: Annotated[list[str] | None, typer.Option("--based-on", help="A record on which it rests, such as one that a neighbour sent.")] = None,
    answers: Annotated[str, typer.Option(help="The neighbour's request that it answers, as `hamsaya request list` names it.")] = "",
    token: Annotated[str, typer.Option(help="Any text of your own: the same token files one report, however often it is sent.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File a spot report in SALUTE order: size, activity, location, unit, time, equipment.

    Example: HAMSAYA_PASSWORD=… hamsaya report file --size 10-12 --activity crossing --place "12 km NE of Taftan" --time 0640 --grade B2 --as duty
    """
    del as_json
    typed = TypedReport(
        size=size, activity=activity, location=place, place_ref=place_ref, unit=unit, time=time, equipment=equipment, killed=killed,
        wounded=wounded, held=held, missing=missing, outcome=outcome, direction=direction, site=site, property=property_,
        lasted=lasted, ending=ending,
        remarks=remarks,
        grade=grade, grades=_grades(grade_of or []), source=source,
    )  # fmt: skip
    with node_in(node) as opened:
        officer = acting(opened, login)
        filed = file_report(
            opened.node,
            officer,
            typed,
            kind=kind,
            handling=handling,
            incident=incident,
            answers=answers,
            token=token,
            based_on=based_on or [],
            stage=stage,
        )
        zone = opened.node.zone
    for warning in filed.warnings:
        note(warning)
    if filed.repeated:
        note(say("This report was filed before; nothing was filed twice."))
    record = filed.held.record
    result(
        {**plain(filed.held), "repeated": filed.repeated, "warnings": [str(warning) for warning in filed.warnings]},
        lines=[record.id, *([f"{record.incident}"] if record.incident else [])],
        table=(HEADINGS, claim_rows(record.claims, zone)),
    )


def _grades(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, equals, grade = each.partition("=")
        if name not in FIELDS or not equals:
            raise InputError(say("A grade of one field is written FIELD=GRADE, such as size=C3; this came: {came}", came=each[:40]),
                             say("The fields are: {known}", known=", ".join(FIELDS)))  # fmt: skip
        found[name] = grade
    return found

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya meeting`: the meetings with neighbours, and the agenda of the next. `hamsaya matter open meeting` invites to one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.finding import read_paragraphs
from hamsaya.cli.say_out import in_words, note, plain, reader_language, result
from hamsaya.desk.attendance import DAYS, attendance_of, forget_ended_names, note_name
from hamsaya.desk.docket import time_of
from hamsaya.desk.findings import propose_minutes
from hamsaya.desk.matters import matters_held
from hamsaya.desk.meetings import agenda_for
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import LANGUAGES, Language, say
from hamsaya.settlement.meeting import MEETING
from hamsaya.tongues.agendas import draft_agenda

app = typer.Typer(no_args_is_help=True, help="Meetings with neighbours: invitations, and the agenda of the next.")
Partner = Annotated[str, typer.Option("--with", help="The neighbour.")]


@app.command("list")
def list_meetings(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the meetings, newest first, each with how it stands and for when.

    Example: hamsaya meeting list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = [(each, time_of(each)) for each in matters_held(opened.node, book, [MEETING.kind])]
    told = [{"meeting": each.record.id, "party": each.party, "ours": each.ours, "state": each.standing.state, "time": plain(at)} for each, at in held]
    result(told, table=(
        ("meeting", "with", "state", "time"),
        [(each.record.id, each.party, in_words(each.course.states[each.standing.state].label), f"{at:%Y-%m-%d %H:%M} UTC" if at else "—")
         for each, at in held],
    ))  # fmt: skip


@app.command()
def agenda(
    party: Partner, language: Annotated[str, typer.Option(help="The language of the text: en, fa or ur; by default the reader's.")] = "",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Gather the agenda of the next meeting: what is overdue, what is open, and the incidents since the last meeting.

    Example: hamsaya meeting agenda --with east --language fa
    """
    del as_json
    chosen = _language(language)
    with node_in(node) as opened, opened.store.reading() as book:
        found = agenda_for(opened.node, book, party)
        names = {each.card.party: each.card.name.get(chosen) or each.card.party for each in book.parties()}
        zone = opened.node.zone
    text = draft_agenda(found, chosen, names, zone=zone)
    result({**msgspec.to_builtins(found), "text": text}, lines=text.splitlines())


@app.command()
def pack(
    party: Partner, out: Annotated[Path, typer.Option(help="The PDF to write.")], login: As = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:  # fmt: skip
    """Write the agenda as a PDF of at most two pages in three languages, offline.

    Example: hamsaya meeting pack --with east --out agenda.pdf --as duty
    """
    del as_json
    from hamsaya.courier.stick import write_whole
    from hamsaya.desk.roles import require
    from hamsaya.web.meeting_pack import draw_pack, pack_data, print_pack

    with node_in(node) as opened:
        officer = acting(opened, login)
        require(officer.role, "read")
        with opened.store.reading() as book:
            found = agenda_for(opened.node, book, party)
            html = draw_pack(opened.node, book, officer, found)
        data = print_pack(found, html, pack_data(opened.node, found), reader_language())
        write_whole(out, data)
    result({"file": str(out), "bytes": len(data)}, lines=[in_words(say("Written to {file}.", file=str(out)))])


@app.command()
def minutes(
    file: Annotated[Path, typer.Argument(help="The text: a TOML file with [[paragraphs]], each with kind and text.")],
    about: Annotated[str, typer.Option(help="The meeting, as `hamsaya meeting list` names it.")] = "",
    kind: Annotated[str, typer.Option(help="minutes, or press_line for a text to the press.")] = "minutes",
    handling: Annotated[str, typer.Option(help="Handling level (TLP 2.0).")] = "amber",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File the first text of minutes, or of a press line; `hamsaya finding` puts another forward, signs and exports it.

    Example: HAMSAYA_PASSWORD=… hamsaya meeting minutes minutes.toml --about WEST-R-7F3KQ2 --as liaison
    """
    del as_json
    with node_in(node) as opened:
        held = propose_minutes(opened.node, acting(opened, login), kind, read_paragraphs(file), about=about, handling=handling)
    record = held.record.id
    result({"finding": record, "record": record}, lines=[in_words(say("Filed as {record}; release it, and it is put forward.", record=record))])


@app.command()
def attendance(
    meeting: Annotated[str, typer.Argument(help="The meeting, as `hamsaya meeting list` names it.")],
    office: Annotated[str, typer.Option(help="Note who holds this office: the name is read from the terminal; an empty one takes it away.")] = "",
    days: Annotated[int, typer.Option(help="How many days after the meeting the name ends.")] = DAYS,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show which offices attend a meeting; or note, for a time, who holds one. No neighbour is told a name, and no backup holds it.

    Example: HAMSAYA_PASSWORD=… hamsaya meeting attendance WEST-R-7F3KQ2 --office "Sector Commander" --as liaison
    """
    del as_json
    with node_in(node) as opened:
        officer = acting(opened, login)
        forget_ended_names(opened.node)
        if office:
            note_name(opened.node, officer, meeting, office, _name_typed(office), days=days)
        with opened.store.reading() as book:
            found = attendance_of(opened.node, book, officer, meeting)
    result(plain(found), table=(
        ("office", "name", "until"),
        [(each.office, each.name or "—", f"{each.until:%Y-%m-%d %H:%M} UTC" if each.until else "—") for each in found.offices],
    ))  # fmt: skip


def _name_typed(office: str) -> str:
    """Return the name as typed: not an option of the command, which the shell would keep in its history."""
    if sys.stdin.isatty():
        note(say("Name of who holds the office {office}; empty takes it away:", office=office))
    return sys.stdin.readline().strip()


def _language(name: str) -> Language:
    if name and name not in LANGUAGES:
        raise InputError(say("A language is one of {known}. This came: {came}", known=", ".join(LANGUAGES), came=name[:20]))
    return next((each for each in LANGUAGES if each == name), reader_language())

# SPDX-License-Identifier: Apache-2.0
"""`hamsaya section`: stretches of the border, the daily word on each, and how tense each is."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, minute, plain, result
from hamsaya.desk.filters import read_day
from hamsaya.desk.section_days import days_told, today_in
from hamsaya.desk.sections import LEVELS, REACH_KM, Section, define_section, end_section, say_day, sections_of, set_level
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

app = typer.Typer(no_args_is_help=True, help="Sections of the border: the daily word on each, silence, and how tense each is.")
Name = Annotated[str, typer.Argument(help="The section's short name, as `hamsaya section list` names it.")]
_SIGNS = {"nothing": "ok", "reports": "!", "silent": "silent", "open": "…", "uncounted": "–"}
_MOST_DAYS = 366


@app.command("list")
def list_sections(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List this node's sections with their levels.

    Example: hamsaya section list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        found = sections_of(book)
    result([plain(each) for each in found], table=(("section", "name", "line", "level", "since", "why"), [_row(each) for each in found]))


@app.command()
def define(
    section: Annotated[str, typer.Argument(help="Short name: 2 to 24 small letters, digits and dashes. The neighbour sees it.")],
    name: Annotated[str, typer.Option(help="What it is called. It stays at this node.")],
    points: Annotated[str, typer.Option(help='Its points, longitude first: "61.4,29.0 61.5,29.3".')] = "",
    line: Annotated[str, typer.Option(help="Or the id of a line that this node knows.")] = "",
    km: Annotated[str, typer.Option(help="From where to where along that line, in kilometres: 10-60.")] = "",
    reach: Annotated[int, typer.Option(help="How many kilometres from its line something counts as in it.")] = REACH_KM,
    neighbour: Annotated[list[str] | None, typer.Option(help="Who is told daily; may be given several times. All neighbours if none is.")] = None,
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Name a stretch of the border, or change what is known of it. From today on each of its days is spoken of, or silent.

    Example: HAMSAYA_PASSWORD=… hamsaya section define mirjaveh --name "Mirjaveh gate" --points "61.4,29.0 61.5,29.3" --as commander
    """
    del as_json
    with node_in(node) as opened:
        made = define_section(opened.node, acting(opened, login), section, name, points=points, line=line, km=km, reach_km=reach,
                              neighbours=neighbour or [])  # fmt: skip
    result(plain(made), lines=[f"{made.held.section}: {made.held.name}"])


@app.command()
def end(section: Name, login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """End a section: from today on nothing is said of it. What was said stays.

    Example: HAMSAYA_PASSWORD=… hamsaya section end mirjaveh --as commander
    """
    del as_json
    with node_in(node) as opened:
        made = end_section(opened.node, acting(opened, login), section)
    result(plain(made), lines=[f"{section}: {in_words(say('ended'))}"])


@app.command()
def day(
    section: Name,
    reports: Annotated[bool, typer.Option("--reports", help="There are reports, instead of nothing to report.")] = False,
    on: Annotated[str, typer.Option("--day", help="Which day, of either calendar; today if none is given, seven days back at most.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Sign that there is nothing to report of a day of a section, or that there are reports; the neighbours are told, without any words.

    Example: HAMSAYA_PASSWORD=… hamsaya section day mirjaveh --as duty
    """
    del as_json
    with node_in(node) as opened:
        told = say_day(opened.node, acting(opened, login), section, read_day(on, "--day") if on else None, reports=reports)
    result([plain(each) for each in told], lines=[f"{each.day} {each.said} → {each.party}" for each in told])


@app.command()
def days(
    since: Annotated[str, typer.Option("--from", help="The first day, of either calendar; two weeks back if none is given.")] = "",
    until: Annotated[str, typer.Option("--to", help="The last day; today if none is given.")] = "",
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show how each day of each section was by every side's own word. A day that is over and of which nothing was said is silent.

    Example: hamsaya section days --from 2026-11-01
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        now = opened.node.now()
        last = read_day(until, "--to") if until else today_in(now, opened.node.zone)
        first = read_day(since, "--from") if since else last - timedelta(days=13)
        if not 0 <= (last - first).days < _MOST_DAYS:
            raise InputError(say("A time of 1 to {n} days is shown.", n=_MOST_DAYS))
        found = days_told(book, first, last if until else None, now)
    rows = [(each.section, each.by, each.party, " ".join(_SIGNS[one.state] for one in each.days)) for each in found]
    result([plain(each) for each in found], table=(("section", "by", "to", f"{first} – {last}"), rows))


@app.command()
def level(
    section: Name,
    level: Annotated[str, typer.Argument(help="low, medium, high or critical.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence. It stays to be seen.")],
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Set how tense a section is. The level and its reason stay at this node; to tell a neighbour, file a notice and release it.

    Example: HAMSAYA_PASSWORD=… hamsaya section level mirjaveh high --reason "Shots were fired at a patrol." --as commander
    """
    del as_json
    with node_in(node) as opened:
        made = set_level(opened.node, acting(opened, login), section, level, reason)
    result(plain(made), lines=[f"{section}: {in_words(LEVELS[level])}"])


def _row(each: Section) -> tuple[object, ...]:
    level = each.level
    name = f"{each.held.name} ({in_words(say('ended'))})" if each.ended else each.held.name
    line = each.held.line or (f"{len(each.held.path)} points" if each.held.path else "—")
    return (each.held.section, name, line, *((in_words(LEVELS[level.level]), minute(level.at), level.reason) if level else ("—", "—", "—")))

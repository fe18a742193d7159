# SPDX-License-Identifier: Apache-2.0
"""`hamsaya exercise`: exercises, patrols and notices with their areas and times, what a plan meets, and texts of navigational warnings in and out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.say_out import in_words, reader_language, result
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.matters import Matter, matters_held
from hamsaya.desk.notices import notice_of, read_lanes, take_notice
from hamsaya.desk.planned import TOLD, Stock, check_record, check_typed, stock_of, window_of
from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Words
from hamsaya.facts.words import say
from hamsaya.formats.reading import read_reference
from hamsaya.formats.writing import DECIMALS, write_navarea, write_navtex
from hamsaya.settlement.conflicts import PLAN_KINDS, Conflict

app = typer.Typer(no_args_is_help=True, help="Exercises and patrols: which there are, what they meet, and notices as NAVAREA or NAVTEX text.")
RecordName = Annotated[str, typer.Argument(help="The record of the exercise, as `hamsaya exercise list` names it.")]
Lanes = Annotated[Path | None, typer.Option("--lanes", help="Sea lanes as GeoJSON: lines or polygons, each with a name.")]


@app.command("list")
def list_exercises(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """List the exercises and the patrols that are planned, newest first: with whom, when, and how the invitation stands.

    Example: hamsaya exercise list
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        filed = book.records_of_kinds(list(TOLD))
        held = {(each.record.id, each.party): each for each in matters_held(opened.node, book, TOLD)}
        now, stock = opened.node.now(), stock_of(opened.node, book)
    of = {each.record.id: [matter for (name, _), matter in held.items() if name == each.record.id] for each in filed}
    rows = [row for each in reversed(filed) for row in _rows(each, of[each.record.id], now, stock)]
    result(rows, table=(
        ("exercise", "kind", "name", "", "from", "to", "state", "overdue"),
        [(row["exercise"], row["kind"], row["name"], f"{'to' if row['ours'] else 'from'} {row['with']}" if row["with"] else "—", _at(row["start"]),
          _at(row["end"]),
          row["state"], ", ".join(row["overdue"]) or "—") for row in rows],
    ))  # fmt: skip


def _rows(held: RecordHeld, matters: list[Matter], now: datetime, stock: Stock) -> list[dict[str, Any]]:
    claims = {claim.predicate: claim.value for claim in held.record.claims}
    name, window = claims.get("concerns"), window_of(held.record, stock)
    about = {
        "exercise": held.record.id, "kind": held.record.kind, "name": name.text if isinstance(name, Words) else "", "basis": held.record.basis,
        "ours": not held.received_from,
        "start": window.start if window else None, "end": window.end if window else None,
    }  # fmt: skip
    if not matters:
        return [{**about, "with": "", "state": "filed", "overdue": []}]
    return [
        {**about, "with": each.party, "state": each.standing.state,
         "overdue": [clock.name for clock in each.clocks if clock.met_at is None and clock.late_s(now) > 0]}
        for each in matters
    ]  # fmt: skip


@app.command()
def check(
    record: Annotated[str, typer.Argument(help="The exercise, patrol or notice that is checked; left out, what --area and --window say.")] = "",
    area: Annotated[str, typer.Option(help="Corners, parted by semicolons, the first one again at the end.")] = "",
    window: Annotated[str, typer.Option(help="A time, from – to, as in the form of an exercise.")] = "",
    lanes: Lanes = None, node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Name what a plan meets in area and time: exercises, patrols, notices, buffers of agreements, lanes; with both contacts. Nothing is written.

    Example: hamsaya exercise check WEST-R-0ABCDE
    """
    del as_json
    if bool(record) == bool(area or window):
        raise InputError(say("Name an exercise, or give an area and a time."))
    given = read_lanes(lanes.read_bytes(), lanes.name) if lanes else []
    with node_in(node) as opened, opened.store.reading() as book:
        stock = stock_of(opened.node, book, given)
        typed = {"area": area, "window": window}
        found = check_record(opened.node, book, record, stock) if record else check_typed(opened.node, book, typed, stock)
    result([told(each) for each in found], lines=[_line(each) for each in found] or ["It meets nothing that this node knows to be planned."])


@app.command("text")
def write_text(
    record: RecordName,
    number: Annotated[str, typer.Option(help="Series, number and year, such as `NAVAREA IX 123/26`, once it has them.")] = "",
    region: Annotated[list[str], typer.Option(help="A line that names the sea or the coast; may be given several times.")] = [],  # noqa: B006
    remark: Annotated[list[str], typer.Option(help="A sentence more; may be given several times.")] = [],  # noqa: B006
    navtex: Annotated[str, typer.Option(help="Write a NAVTEX message: letter of the station and number, such as K12.")] = "",
    decimals: Annotated[int, typer.Option(help="Decimals of a minute, 0 to 3.")] = DECIMALS,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write the notice of an exercise as the text of a navigational warning; it was read back as the same before it is shown.

    Example: hamsaya exercise text WEST-R-0ABCDE --number "NAVAREA IX 123/26" --region "ARABIAN SEA" --navtex K12
    """
    del as_json
    of = read_reference(number) if number else None
    if number and of is None:
        raise InputError(say("This names no notice: {came}", came=number[:40]), say("Write it like this: {example}", example="NAVAREA IX 123/26"))
    if navtex and not (len(navtex) in (2, 3) and navtex[1:].isdecimal()):
        raise InputError(say("This names no NAVTEX message: {came}", came=navtex[:40]), say("Write it like this: {example}", example="K12"))
    with node_in(node) as opened, opened.store.reading() as book:
        moved = stock_of(opened.node, book).postponed.get(record)
        notice = notice_of(opened.node, book, record, of=of, regions=region, remarks=remark, moved=moved)
    text = (write_navtex(notice, station=navtex[0].upper(), number=int(navtex[1:]), decimals=decimals) if navtex
            else write_navarea(notice, decimals=decimals))  # fmt: skip
    result({"text": text, "decimals": decimals}, lines=text.splitlines())


@app.command()
def take(
    file: Annotated[Path, typer.Argument(help="The text of a warning, as it was received.", exists=True, dir_okay=False)],
    issued: Annotated[str, typer.Option(help="When it was issued, where the text does not say: 131615Z APR 2023.")] = "",
    number: Annotated[str, typer.Option(help="Its number, where the text does not say: `NAVAREA IX 166/23`.")] = "",
    login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take in the text of a navigational warning as a notice, which checks then know. Refused with the reason where it cannot be read whole.

    Example: hamsaya exercise take warning.txt --issued "131615Z APR 2023" --number "NAVAREA IX 166/23" --as duty
    """
    del as_json
    with node_in(node) as opened:
        filed, notice = take_notice(opened.node, acting(opened, login), file.read_bytes(), issued=issued, number=number)
    result(
        {
            "record": filed,
            "of": str(notice.of or ""),
            "shapes": len(notice.shapes),
            "times": len(notice.spans),
            "taken": [str(each) for each in notice.taken],
        },
        lines=[
            f"{filed}: {notice.subject}; areas {len(notice.shapes)}, times {len(notice.spans)}",
            *(f"  {in_words(each)}" for each in notice.taken),
        ],
    )


@app.command()
def card(
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF here (the extra `pdf`).")] = None,
    node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show the card for an encounter that nobody planned, in three languages; or write it as PDF. It needs no network.

    Example: hamsaya exercise card --pdf card.pdf
    """
    del as_json
    from hamsaya.courier.stick import write_whole
    from hamsaya.web.encounter import card_data, card_of, print_card

    with node_in(node) as opened:
        view = card_of(opened.node)
        content = print_card(opened.node, reader_language()) if pdf else b""
    if pdf:
        write_whole(pdf, content)
        result({"file": str(pdf), "bytes": len(content)}, lines=[f"written to {pdf} ({len(content)} bytes)"])
        return
    lines = [line for side in view.sides for heading, rules in side.rules for line in (heading, *(f"  {rule}" for rule in rules))]
    said = [
        " · ".join(words + (f" ({each.sounds[code]})" if each.sounds[code] else "") for code, words in each.words.items()) for each in view.phrases
    ]
    result(card_data(view), lines=[*lines, *said])


def told(found: Conflict) -> dict[str, Any]:
    """Return a conflict as data."""
    return {
        "with": found.other.ref, "kind": found.other.kind, "name": found.other.label, "party": found.other.party, "contact": found.other.contact,
        "own_contact": found.one.contact, "part": found.one.label, "first": found.first, "last": found.last,
    }  # fmt: skip


def _line(found: Conflict) -> str:
    when = f"{_at(found.first)} – {_at(found.last)}" if found.first or found.last else "always"
    other = found.other
    return (f"{in_words(PLAN_KINDS[other.kind])} {other.ref} ({other.label}) · {when} · call {other.contact or '—'}"
            + (f" of {other.party}" if other.party else "") + f" and {found.one.contact or '—'} of {found.one.party}")  # fmt: skip


def _at(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "—"

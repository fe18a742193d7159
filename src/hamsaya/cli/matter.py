# SPDX-License-Identifier: Apache-2.0
"""`hamsaya matter`: all that is open with a neighbour; opening a matter by a form, and moving it on. A kind adds no command."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from hamsaya.cli.desk_door import HERE, As, AsJson, NodeFolder, acting, node_in
from hamsaya.cli.distress import call_now
from hamsaya.cli.say_out import in_words, plain, reader_language, result
from hamsaya.desk.counts_told import counts_differ
from hamsaya.desk.distress import call_of
from hamsaya.desk.matters import Matter, matters_held, matters_of, move_matter
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.reports import Filed
from hamsaya.desk.stopping import stop_matter
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.words import say
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.form import READS, Form
from hamsaya.settlement.returning import Differs

app = typer.Typer(no_args_is_help=True, help="Matters with neighbours: complaints and whatever else has parties, states, clocks and signatures.")
MatterName = Annotated[str, typer.Argument(help="The matter, as `hamsaya matter list` names it.")]
With = Annotated[str, typer.Option("--with", help="The neighbour, where it is open with several.")]
Fields = Annotated[list[str], typer.Option("--set", help="A field as NAME=VALUE; may be given several times. `hamsaya matter kinds` names them.")]
Grade = Annotated[str, typer.Option(help="Grade of what it states, such as B2; F6 where it cannot be judged.")]
Level = Annotated[str, typer.Option(help="Handling level (TLP 2.0); that of the form if left out.")]


@app.command("kinds")
def list_kinds(as_json: AsJson = False) -> None:
    """List the kinds of matters that a form opens, with the fields of every form.

    Example: hamsaya matter kinds
    """
    del as_json
    told: list[dict[str, Any]] = []
    lines: list[str] = []
    for course in COURSES.values():
        forms = {"": course.form, **{name: move.form for name, move in course.moves.items()}}
        for step, form in forms.items():
            if form is not None:
                told.append({"kind": course.kind, "step": step, "fields": [plain(field) for field in form.fields]})
                lines += [f"{course.kind} {step}".strip() + f": {in_words(course.moves[step].label if step else course.label)}", *_fields(form)]
    result(told, lines=lines)


def _fields(form: Form) -> list[str]:
    return [
        f"    {field.name}{'' if field.required else ' (optional)'}: {in_words(field.label)} – "
        + (", ".join(field.codes) if field.codes else in_words(READS[field.reads]))
        for field in form.fields
    ]  # fmt: skip


@app.command("list")
def list_matters(
    kind: Annotated[str, typer.Option(help="Only of this kind.")] = "", node: NodeFolder = HERE, as_json: AsJson = False
) -> None:  # fmt: skip
    """List the matters, newest first, each with how it stands and its clocks.

    Example: hamsaya matter list --kind complaint
    """
    del as_json
    if kind and kind not in COURSES:
        raise InputError(say("Kinds of matters are: {known}. This came: {came}", known=", ".join(COURSES), came=kind[:40]))
    with node_in(node) as opened, opened.store.reading() as book:
        held, now = list(matters_held(opened.node, book, [kind] if kind else tuple(COURSES))), opened.node.now()
        own = opened.node.party
    result([_told(each, now) for each in held], table=(
        ("matter", "kind", "", "state", "level", "clocks"),
        [(each.record.id, each.record.kind, f"to {each.party}" if each.ours else f"from {each.party}", each.standing.state,
          _level(each, now) or "—",
          "; ".join(f"{clock.name} of {own if clock.owed_by == each.side else each.party} by {clock.due_at:%Y-%m-%d %H:%M} UTC"
                    f"{_late(clock.late_s(now), met=clock.met_at is not None)}" for clock in each.clocks) or "—") for each in held],
    ))  # fmt: skip


def _level(matter: Matter, now: datetime) -> str:
    level = matter.level(now)
    return in_words(level.rung.name) if level else ""


def _late(late_s: float, *, met: bool) -> str:
    return "" if late_s <= 0 else " (came late)" if met else " (overdue)"


@app.command()
def show(matter: MatterName, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Show a matter: how it stands with each neighbour, each step, and what may be done next.

    Example: hamsaya matter show WEST-R-0ABCDE
    """
    del as_json
    with node_in(node) as opened, opened.store.reading() as book:
        held = matters_of(opened.node, book, matter)
        filed = bool(book.versions(matter))
        differ = [counts_differ(each) for each in held]
    if not held:
        hint = say("It was filed, and has not left yet: release it.") if filed else say("`hamsaya matter list` shows them.")
        raise NotFound(say("There is no open matter {came}.", came=matter[:40] or "—"), hint)
    now = opened.node.now()
    told = [{**_told(each, now), **({"differs": plain(counts)} if counts else {})} for each, counts in zip(held, differ, strict=True)]
    result(told, lines=[line for each, counts in zip(held, differ, strict=True) for line in [*_lines(each, now), *_differing(counts)]])


def _differing(counts: Differs | None) -> list[str]:
    if counts is None:
        return []
    handed, received = (str(each.low) if each.high == each.low else f"{each.low}–{each.high or ''}" for each in (counts.handed, counts.received))
    return ["  " + in_words(say("The counts differ: {handed} handed over, {received} received. Both stand.", handed=handed, received=received))]


def _lines(matter: Matter, now: datetime) -> list[str]:
    state = matter.course.states[matter.standing.state]
    lines = [f"{matter.record.id} {in_words(matter.course.label)} {'to' if matter.ours else 'from'} {matter.party}: {in_words(state.label)}"]
    lines.append(f"  {in_words(state.meaning)}")
    level = matter.level(now)
    if level:
        offices = ", ".join(f"{party}: {office}" for party, office in sorted(level.rung.offices.items()))
        lines.append("  " + in_words(say("Overdue, and gone to the level: {level}", level=level.rung.name)) + (f" ({offices})" if offices else ""))
    for told in matter.standing.steps:
        step, counted = told.step, "" if told.counted else " (did not count)"
        lines.append(f"  {step.at:%Y-%m-%d %H:%M} UTC {step.move} · {step.office}{f' · {step.record}' if step.record else ''}{counted}")
    moves = {**matter.course.open_to(matter.side, matter.standing.state), **matter.course.filed_by(matter.side, matter.standing.state)}
    if moves:
        lines.append("  → " + ", ".join(f"{name} ({in_words(move.label)})" for name, move in moves.items()))
    return lines


@app.command("open")
def open_one(
    kind: Annotated[str, typer.Argument(help="The kind, as `hamsaya matter kinds` names it.")],
    fields: Fields = [], incident: Annotated[str, typer.Option(help="The incident that it belongs to.")] = "",  # noqa: B006
    grade: Grade = "", handling: Level = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File what opens a matter; release the record, and it is open.

    Example: hamsaya matter open complaint --set subjects=WEST-I-7F3KQ2 --set degree=complaint --set demand=apology --set says="Shots." --as duty
    """
    del as_json
    sheet = Sheet(typed=_typed(fields), incident=incident, grade=grade, handling=handling, language=reader_language())
    with node_in(node) as opened:
        filed = open_matter(opened.node, acting(opened, login), kind, sheet)
    _say(filed)


@app.command()
def answer(
    matter: MatterName, step: Annotated[str, typer.Argument(help="The step, as `hamsaya matter show` names it.")],
    fields: Fields = [], party: With = "",  # noqa: B006
    grade: Grade = "", handling: Level = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """File a record that moves a matter on; release it, and the matter has moved.

    Example: hamsaya matter answer EAST-R-0ABCDE reply --set reply=regret --set says="The post has its orders." --as duty
    """
    del as_json
    sheet = Sheet(typed=_typed(fields), grade=grade, handling=handling, language=reader_language())
    with node_in(node) as opened:
        filed = answer_matter(opened.node, acting(opened, login), matter, step, sheet, party)
    _say(filed)


@app.command()
def move(
    matter: MatterName, step: Annotated[str, typer.Argument(help="The step, as `hamsaya matter show` names it.")],
    party: With = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Move a matter on by a signed act without words. The neighbour's node shows the same.

    Example: hamsaya matter move WEST-R-0ABCDE close --as duty
    """
    del as_json
    with node_in(node) as opened:
        moved = move_matter(opened.node, acting(opened, login), matter, step, party)
    result(_told(moved, opened.node.now()), lines=_lines(moved, opened.node.now()))


@app.command()
def stop(matter: MatterName, party: With = "", login: As = "", node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    """Call a STOP on a pursuit: at once, by one officer, with any agreement or none. It rings on the pursuer's desk.

    Example: hamsaya matter stop WEST-R-0ABCDE --as duty
    """
    del as_json
    with node_in(node) as opened:
        held = stop_matter(opened.node, acting(opened, login), matter, party)
        call_now(opened, held.neighbour)
        with opened.store.reading() as book:
            held = call_of(book, held.case)
    result({"case": held.case, "condition": held.condition, "matter": matter}, lines=[f"{held.case}: {held.condition}"])


def _typed(fields: list[str]) -> dict[str, str]:
    """Return the fields by name. Raises `InputError` for what has no name, or comes twice."""
    typed: dict[str, str] = {}
    for each in fields:
        name, mark, value = each.partition("=")
        if not mark or not name.strip() or name.strip() in typed:
            raise InputError(say("A field is given once, as NAME=VALUE; this came: {came}", came=each[:60]))
        typed[name.strip()] = value
    return typed


def _say(filed: Filed) -> None:
    record = filed.held.record.id
    lines = [in_words(say("Filed as {record}; it reaches the neighbour when it is released.", record=record)), *map(in_words, filed.warnings)]
    result({"record": record, "matter": filed.held.record.answers or record, "warnings": [str(each) for each in filed.warnings]}, lines=lines)


def _told(matter: Matter, now: datetime) -> dict[str, Any]:
    level = matter.level(now)
    return {
        "matter": matter.record.id, "kind": matter.record.kind, "party": matter.party, "ours": matter.ours, "state": matter.standing.state,
        "steps": [plain(each) for each in matter.standing.steps], "clocks": [plain(each) for each in matter.clocks],
        "level": {**plain(level), "of": len(matter.ladder.rungs)} if level else None,
    }  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Opening a matter, and moving one on by a record: a form is filled in and filed; two officers release it as any record (law 1).

1. The officer's role holds the right that the table names.
2. A form that was filed before, by its token, is that record.
3. A record that moves a matter on is filed only where the table lets this side do that as the matter stands here. Whether it counts is
   told by the steps that both hold: the neighbour may have moved meanwhile.
4. What of a neighbour's it names, it rests on: that goes on to a third party only with the neighbour's consent (F4).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hamsaya.desk.correcting import handling_named
from hamsaya.desk.derived import links_to
from hamsaya.desk.events import RecordFiled, ReportFiled
from hamsaya.desk.filling import Filled, read_form
from hamsaya.desk.holdings import Officer
from hamsaya.desk.matters import Matter, matter_with
from hamsaya.desk.names import new_name
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.reports import Filed, token_of
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.records import Record, RecordKind
from hamsaya.facts.soundness import what_is_unsound
from hamsaya.facts.words import Language, say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.settlement.course import Course, Move
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.form import Form


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A filled-in form as it came: the fields by name, and what stands beside them."""

    typed: Mapping[str, str]
    incident: str = ""
    """The incident that it belongs to; empty for none, or for the first one that its fields name."""
    handling: str = ""
    """Empty for the level of the form."""
    grade: str = ""
    """Of the whole form; empty for what cannot be judged."""
    token: str = ""
    """Filed twice under one token, it is filed once."""
    language: Language = "en"


def course_of(kind: str) -> Course:
    """Return the table of a kind that is opened by a form. Raises `InputError`."""
    course = COURSES.get(kind)
    if course is None or course.form is None:
        known = ", ".join(name for name, each in COURSES.items() if each.form)
        raise InputError(say("These are opened by a form: {known}. This came: {came}", known=known, came=kind[:40] or "—"))
    return course


def open_matter(node: Node, officer: Officer, kind: str, sheet: Sheet) -> Filed:
    """File what opens a matter; it is open once the record is released. Raises as `_file`, and `InputError` for a kind without a form."""
    course = course_of(kind)
    require(officer.role, course.verb)  # 1
    return _file(node, officer, course.form, sheet, course.kind, None, "")


def answer_matter(node: Node, officer: Officer, record: str, step: str, sheet: Sheet, party: str = "") -> Filed:
    """File a record that moves a matter on; it has moved once the record is released. Raises as `_file`.

    Also `NotFound` for what is no open matter, `InputError` for a step without a form, `Refused` where it is the other side's, and
    `Stale` where the matter stands so that it cannot be moved like that.
    """
    with node.ledger.reading() as book:
        matter = matter_with(node, book, record, party)
    move = move_of(matter, step)
    require(officer.role, move.verb)  # 1
    return _file(node, officer, move.form, sheet, move.filed_as, matter, step)


def move_of(matter: Matter, step: str) -> Move:
    """Return a move that is made by a form. Raises `InputError` where there is none, `Refused` where it is the other side's."""
    move = matter.course.moves.get(step)
    if move is None or move.form is None:
        known = ", ".join(name for name, each in matter.course.moves.items() if each.form)
        raise InputError(say("A form is filled in for these: {known}. This came: {came}", known=known or "—", came=step[:40] or "—"))
    if move.by not in (matter.side, "either"):
        raise Refused(say("Only {party} can do that.", party=matter.party), rule="side")
    return move


def _file(node: Node, officer: Officer, form: Form | None, sheet: Sheet, kind: RecordKind, matter: Matter | None, step: str) -> Filed:
    """File it. Raises `InputError` or `NotFound` for the first thing that is not understood, `Refused` for a role; nothing is filed then."""
    token = token_of(node, sheet.token)
    with node.ledger.writing() as pen:
        known = pen.record_filed_as(token)  # 2
        if known:
            return Filed(held=pen.versions(known)[-1], repeated=True, warnings=[])
        if matter is not None:  # 3
            now = matter_with(node, pen, matter.record.id, matter.party)
            if now.standing.state not in matter.course.moves[step].before:
                stands = matter.course.states[now.standing.state].label
                raise Stale(say("It stands otherwise now: {state}.", state=stands), by=now.standing.last.office, at=now.standing.last.at)
        filled = read_form(node, pen, form or Form(()), sheet.typed, grade=sheet.grade, language=sheet.language)
        if filled.problems:
            raise next(iter(filled.problems.values()))
        sheet = sheet if sheet.handling else msgspec.structs.replace(sheet, handling=form.handling if form else "amber")
        record = _record(node, pen, officer, kind, sheet, filled, matter)
        record = msgspec.structs.replace(record, step=step if matter else "")
        unsound = what_is_unsound(record)
        if unsound is not None:
            raise InputError(unsound)
        pen.journal(RecordFiled(record=record.id, version=1, envelope=seal("record", canonical(record), node.key).decode()), officer)
        pen.journal(ReportFiled(token=token, record=record.id), officer)
        return Filed(held=pen.versions(record.id)[-1], repeated=False, warnings=filled.persons)


def _record(node: Node, pen: Pen, officer: Officer, kind: RecordKind, sheet: Sheet, filled: Filled, matter: Matter | None) -> Record:
    records = [name for name in filled.names if pen.versions(name)]
    incidents = [name for name in filled.names if name not in records]
    incident = _incident(pen, sheet.incident) if sheet.incident.strip() else matter.record.incident if matter else next(iter(incidents), "")
    return Record(
        id=new_name(node, "R"), version=1, kind=kind, party=node.party, office=officer.office, side=node.country, basis="own",
        handling=handling_named(sheet.handling), incident=incident, claims=filled.claims, filed_at=node.now(), exercise=node.exercise,
        derived=links_to(pen, node.party, records), answers=matter.record.id if matter else "",
    )  # 4  # fmt: skip


def _incident(pen: Pen, name: str) -> str:
    found = pen.incident_name(name.strip())
    if not pen.has_incident(found):
        raise InputError(say("There is no incident {came}.", came=name.strip()[:40]), say("`hamsaya incident list` shows what is here."))
    return found

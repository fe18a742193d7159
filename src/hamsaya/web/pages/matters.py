# SPDX-License-Identifier: Apache-2.0
"""Matters with neighbours: all of them in one list; one as it stands, with its steps and clocks; opening one, and moving it on.

A kind adds nothing here: its table says what is shown, which form is filled in, and which buttons an officer has
(`settlement`). Requests and findings have pages of their own besides. A form in which something is wrong, or that seems to hold data
on persons, comes back whole; such data are filed only once the officer has seen the warning.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec

from hamsaya.agreement.suspected import suspect
from hamsaya.desk.counts_told import counts_differ
from hamsaya.desk.docket import docketed
from hamsaya.desk.filling import LONGEST, Filled, read_form
from hamsaya.desk.filters import Filter
from hamsaya.desk.grounds import grounds_known
from hamsaya.desk.matters import Matter, kinds_of_matters, matter_with, matters_of, move_matter
from hamsaya.desk.opening import Sheet, answer_matter, course_of, move_of, open_matter
from hamsaya.desk.ports import Book
from hamsaya.desk.refusing import refuse_matter
from hamsaya.desk.reports import Filed, new_token
from hamsaya.desk.roles import may, require
from hamsaya.desk.stopping import stop_matter
from hamsaya.desk.subjects import subjects_of
from hamsaya.facts.claims import CODES
from hamsaya.facts.errors import HamsayaError, InputError, NotFound
from hamsaya.facts.grades import CREDIBILITY, HANDLING, RELIABILITY
from hamsaya.facts.values import Coded
from hamsaya.facts.words import Text, say
from hamsaya.settlement.course import Told
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.form import Field, Form
from hamsaya.settlement.meeting import MEETING
from hamsaya.settlement.returning import Differs
from hamsaya.web.agendas import proposed_fields
from hamsaya.web.calls import CallCard, card_of
from hamsaya.web.data import builtins
from hamsaya.web.labels import HANDLING_LEVELS
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.matters import MatterRow, href_of, is_late, matter_row
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_LONGEST: Final = 200
_FIELD: Final = "field_"
_WRITTEN_ALIKE: Final = ("past", "future", "count", "names")


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A step in words, with what its record says."""

    label: Text
    by: str
    told: Told
    record_href: str
    statements: list[Statement]


class Dealing(msgspec.Struct, frozen=True, kw_only=True):
    """A matter as it stands with one neighbour. `moves` and `forms` are those open to this officer, by name."""

    row: MatterRow
    steps: list[StepRow]
    moves: dict[str, Text]
    forms: dict[str, Text]
    stops: bool
    """Whether this officer may call a STOP on it as it stands: that button is the first of the page."""
    calls: list[CallCard]
    """The STOPs that name it, newest first."""
    differs: Differs | None
    """How the counts of a return case differ."""
    refuses: dict[str, Text]
    """The grounds on which this officer can refuse it now."""
    doubts: list[Text]
    """Which of them its words may touch: a question to the officer."""


class MattersView(msgspec.Struct, frozen=True, kw_only=True):
    """What matters.html receives. `late` counts all that are overdue, `opens` are the kinds that this officer can open by a form."""

    rows: list[MatterRow]
    late: int
    all: int
    """How many there are, on this page and the others."""
    kinds: dict[str, Text]
    kind: str
    opens: dict[str, Text]
    pager: Pager


class MatterView(msgspec.Struct, frozen=True, kw_only=True):
    """What matter.html receives."""

    record: str
    kind: Text
    incident: str
    statements: list[Statement]
    subjects: list[tuple[str, str]]
    """What it is about: each name, and where it is shown; empty for what is not here."""
    dealings: list[Dealing]
    token: str
    """Of a STOP: pressed twice, it calls once."""
    waiting: list[str]
    """Records of this node that would open it or move it on, and have not left yet."""
    meeting: bool
    minutes: bool
    """Whether this officer can draft the minutes of it."""
    attributed: bool
    """True for what somebody is only reported to have said: that opens nothing between two nodes."""


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a form as it came."""

    field: Field
    name: str
    value: str
    codes: dict[str, Text]
    hint: str
    """Stands in the empty field: how names, times and numbers are written, alike in every language; words have none."""
    problem: Text | None
    advice: Text | None


class FormView(msgspec.Struct, frozen=True, kw_only=True):
    """What matter_form.html receives."""

    title: Text
    matter: str
    """The matter that is moved on, empty where one is opened."""
    action: str
    fields: list[FieldView]
    incident: str
    handling: str
    levels: dict[str, Text]
    reliability: str
    credibility: str
    reliabilities: dict[str, Text]
    credibilities: dict[str, Text]
    party: str
    token: str
    seen: str
    persons: list[Text]
    fault: HamsayaError | None
    """What is wrong with the form as a whole."""
    may: bool
    """Whether this officer's role can file it; others may look at it."""
    grade_problem: Text | None


def list_matters(desk: Desk, visit: Visit) -> Answer:
    """List the matters, what is due first in front, a page at a time; of one kind if asked."""
    kind = visit.query.get("kind", "")
    kind = kind if kind in COURSES else ""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        held = docketed(desk.node, book, [kind] if kind else (), after(visit))
        rows = [matter_row(each, names, visit) for each in held.matters]
    view = MattersView(
        rows=rows, late=held.late, all=held.all, kinds=kinds_of_matters(), kind=kind,
        opens={name: course.label for name, course in COURSES.items() if course.form and may(visit.officer.role, course.verb)},
        pager=pager("/matters", visit, held.next, Filter(asked={"kind": kind} if kind else {})),
    )  # fmt: skip
    data = {"matters": [matter_data(row.matter, visit) for row in rows], "late": view.late, "all": view.all, "next": held.next}
    return Page(template="matters.html", view=view, data=data)


def show_matter(desk: Desk, visit: Visit) -> Answer:
    """Show a matter that a form opened: what it says, how it stands with each neighbour, and what may be done."""
    name = visit.params["matter"]
    with desk.node.ledger.reading() as book:
        versions = [held for held in book.versions(name) if held.record.kind in COURSES and COURSES[held.record.kind].form]
        if not versions:
            raise NotFound(say("There is no matter {came}.", came=name[:40] or "—"), say("`hamsaya matter list` shows them."))
        record, names, sentences = versions[-1].record, party_names(book, visit.language), Sentences(book)
        matters = matters_of(desk.node, book, name)
        view = MatterView(
            record=name, kind=COURSES[record.kind].label, incident=book.incident_name(record.incident) if record.incident else "",
            statements=[sentences.state(claim, number) for number, claim in enumerate(record.claims, 1)],
            subjects=[(each, _shown_at(book, each)) for each in subjects_of(record)],
            dealings=[_dealing(book, each, names, visit) for each in matters], waiting=_waiting(book, name),
            attributed=record.basis == "attributed",
            meeting=record.kind == MEETING.kind, minutes=record.kind == MEETING.kind and bool(matters) and may(visit.officer.role, "negotiate"),
            token=new_token(desk.node),
        )  # fmt: skip
    data = {"matter": name, "kind": record.kind, "dealings": [matter_data(each, visit) for each in matters], "waiting": view.waiting}
    return Page(template="matter.html", view=view, data=data)


def new_matter(desk: Desk, visit: Visit) -> Answer:
    """Show the empty form of a kind; what the address says is filled in."""
    asked = _opening(visit)
    typed = {field.name: visit.query[field.name][: LONGEST.get(field.reads, _LONGEST)] for field in asked.form.fields if field.name in visit.query}
    if asked.kind == MEETING.kind and visit.query.get("with"):
        typed |= proposed_fields(desk.node, visit.query["with"], visit.language)
    return _shown(desk, visit, asked, typed)


def file_matter(desk: Desk, visit: Visit) -> Answer:
    """File what opens a matter, or show the form again with what is wrong."""
    return _file(desk, visit, _opening(visit))


def new_answer(desk: Desk, visit: Visit) -> Answer:
    """Show the empty form of a move that a record bears."""
    return _shown(desk, visit, _answering(desk, visit), {})


def file_answer(desk: Desk, visit: Visit) -> Answer:
    """File a record that moves a matter on, or show the form again with what is wrong."""
    return _file(desk, visit, _answering(desk, visit))


def move(desk: Desk, visit: Visit) -> Answer:
    """Move a matter on by a signed act without words."""
    matter = move_matter(desk.node, visit.officer, visit.params["matter"], visit.form.text("move"), visit.form.text("party"))
    desk.on_logged(matter.party)
    return Go(to=href_of(matter.record.kind, matter.record.id), data=matter_data(matter, visit))


def stop(desk: Desk, visit: Visit) -> Answer:
    """Call a STOP on a matter: at once, by one officer; whatever the agreement, and however it stands."""
    held = stop_matter(desk.node, visit.officer, visit.params["matter"], visit.form.text("party"), token=visit.form.text("token"))
    desk.on_logged(held.neighbour)
    return Go(to=path_to("distress", held.case), data={"case": held.case, "condition": held.condition, "neighbour": held.neighbour})


def refuse(desk: Desk, visit: Visit) -> Answer:
    """Refuse a neighbour's matter on a ground."""
    matter = refuse_matter(desk.node, visit.officer, visit.params["matter"], visit.form.texts.get("grounds", []), visit.form.text("reason"))
    desk.on_logged(matter.party)
    return Go(to=href_of(matter.record.kind, matter.record.id), data=matter_data(matter, visit))


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which form is filled in, and what for. `matter` and `step` are empty where a matter is opened."""

    title: Text
    form: Form
    action: str
    kind: str
    verb: str
    matter: str = ""
    step: str = ""
    party: str = ""


def _opening(visit: Visit) -> _Asked:
    course = course_of(visit.params["kind"])
    return _Asked(title=course.label, form=course.form or Form(()), action=path_to("matters", "new", course.kind), kind=course.kind,
                  verb=course.verb)  # fmt: skip


def _answering(desk: Desk, visit: Visit) -> _Asked:
    with desk.node.ledger.reading() as book:
        matter = matter_with(desk.node, book, visit.params["matter"], visit.form.text("party") or visit.query.get("party", ""))
    step = visit.params["step"]
    move = move_of(matter, step)
    return _Asked(
        title=move.label, form=move.form or Form(()), action=path_to("matters", matter.record.id, "answer", step), kind=matter.record.kind,
        verb=move.verb, matter=matter.record.id, step=step, party=matter.party,
    )  # fmt: skip


def _file(desk: Desk, visit: Visit, asked: _Asked) -> Answer:
    """File a form, or show it again: with what is wrong, or with the data on persons that it seems to hold, until they were seen."""
    require(visit.officer.role, asked.verb)
    typed, sheet = _typed(visit, asked.form), _sheet(visit, asked.form)
    with desk.node.ledger.reading() as book:
        known = bool(sheet.token) and bool(book.record_filed_as(sheet.token))
        filled = read_form(desk.node, book, asked.form, typed, grade=sheet.grade, language=visit.language)
    if not known and (filled.problems or (filled.persons and visit.form.text("seen") != _seen(typed))):
        return _shown(desk, visit, asked, typed, filled)
    try:
        if asked.matter:
            filed = answer_matter(desk.node, visit.officer, asked.matter, asked.step, sheet, asked.party)
        else:
            filed = open_matter(desk.node, visit.officer, asked.kind, sheet)
    except (InputError, NotFound) as error:  # an incident that is none, a crafted level: what was typed must not be lost for it
        return _shown(desk, visit, asked, typed, filled, error)
    return _filed(filed, asked)


def _filed(filed: Filed, asked: _Asked) -> Go:
    record = filed.held.record.id
    to = path_to("records", record) if filed.repeated else path_to("records", record, "release")
    return Go(
        to=to,
        data={"record": record, "matter": asked.matter or record, "repeated": filed.repeated, "warnings": [str(each) for each in filed.warnings]},
    )


def _typed(visit: Visit, form: Form) -> dict[str, str]:
    """Return the fields as sent. Of a list from which several were chosen, they are separated by commas."""
    return {field.name: ", ".join(visit.form.texts.get(_FIELD + field.name, [])) for field in form.fields}


def _sheet(visit: Visit, form: Form) -> Sheet:
    sent = visit.form
    return Sheet(
        typed=_typed(visit, form), incident=sent.text("incident"), handling=sent.text("handling"),
        grade=(sent.text("reliability") + sent.text("credibility"))[:8], token=sent.text("token"), language=visit.language,
    )  # fmt: skip


def _seen(typed: dict[str, str]) -> str:
    return hashlib.sha256(msgspec.json.encode(sorted(typed.items()))).hexdigest()[:16]


def _shown(desk: Desk, visit: Visit, asked: _Asked, typed: dict[str, str], filled: Filled | None = None, fault: HamsayaError | None = None) -> Page:
    sent, problems = visit.form, filled.problems if filled else {}
    persons = filled.persons if filled and not problems else []
    view = FormView(
        title=asked.title, matter=asked.matter, action=asked.action,
        fields=[
            FieldView(field=field, name=_FIELD + field.name, value=typed.get(field.name, ""), codes={code: CODES[code] for code in field.codes},
                      hint=field.example if field.reads in _WRITTEN_ALIKE else "",
                      problem=problems[field.name].what if field.name in problems else None,
                      advice=problems[field.name].hint if field.name in problems else None)
            for field in asked.form.fields
        ],
        incident=sent.text("incident") or visit.query.get("incident", "")[:_LONGEST], handling=sent.text("handling") or asked.form.handling,
        levels={str(level): HANDLING_LEVELS[level] for level in HANDLING}, reliability=sent.text("reliability"), credibility=sent.text("credibility"),
        reliabilities=RELIABILITY, credibilities=CREDIBILITY, party=asked.party, token=sent.text("token") or new_token(desk.node),
        seen=_seen(typed) if persons else "", persons=persons, fault=fault, may=may(visit.officer.role, asked.verb),
        grade_problem=problems["grade"].what if "grade" in problems else None,
    )  # fmt: skip
    data: dict[str, object] = {"fields": [field.name for field in asked.form.fields], "token": view.token}
    wrong = fault or next(iter(problems.values()), None)
    if wrong is None and not persons:
        return Page(template="matter_form.html", view=view, data=data)
    told = {
        "error": wrong.code if wrong else "persons", "what": str(wrong.what if wrong else persons[0]), "rule": "",
        "hint": str(wrong.hint or "") if wrong else "", "problems": {name: str(each.what) for name, each in problems.items()}, "seen": view.seen,
    }  # fmt: skip
    status = 409 if wrong is None else 404 if isinstance(fault, NotFound) else 400
    return Page(template="matter_form.html", view=view, data={**data, **told}, status=status)


def _dealing(book: Book, matter: Matter, names: dict[str, str], visit: Visit) -> Dealing:
    state, role = matter.standing.state, visit.officer.role
    forms = matter.course.filed_by(matter.side, state)
    word = next((each.value.code for each in matter.record.claims if each.predicate == "status" and isinstance(each.value, Coded)), "")
    return Dealing(
        row=matter_row(matter, names, visit), steps=[_step(book, matter, each, names) for each in matter.standing.steps],
        moves={name: each.label for name, each in matter.course.open_to(matter.side, state).items()
               if may(role, each.verb) and not each.halfway and each.fits in ("", word)},
        forms={name: each.label for name, each in forms.items() if may(role, each.verb) and each.fits in ("", word)},
        stops=any(each.borne == "stop" and each.by in (matter.side, "either") and state in each.before and may(role, each.verb)
                  for each in matter.course.moves.values()),
        differs=counts_differ(matter), **_refusing(book, matter, role),
        calls=[card_of(held, names, visit.now) for held in book.calls_about([matter.record.id]) if held.neighbour == matter.party],
    )  # fmt: skip


def _refusing(book: Book, matter: Matter, role: str) -> dict[str, Any]:
    """Return on which grounds this officer can refuse a matter as it stands, and which its words may touch (`suspected.py`)."""
    move = matter.course.moves.get(matter.course.borne_by("refusal", "other"))
    if move is None or matter.ours or matter.standing.state not in move.before or not may(role, move.verb):
        return {"refuses": {}, "doubts": []}
    grounds = grounds_known(book)
    doubts = [say("{ground}: “{word}”", ground=grounds.get(each.ground, Text(each.ground)), word=each.word) for each in suspect(matter.record)]
    return {"refuses": grounds, "doubts": doubts}


def _step(book: Book, matter: Matter, told: Told, names: dict[str, str]) -> StepRow:
    move = matter.course.moves.get(told.step.move)
    own = book.parties()[0].card.party
    party = own if told.step.by == matter.side else matter.party
    versions = book.versions(told.step.record) if told.step.record and told.step.record != matter.record.id else []
    sentences = Sentences(book)
    return StepRow(
        label=move.label if move else _OPENED, by=names.get(party, party), told=told,
        record_href=path_to("records", told.step.record) if versions else "",
        statements=[sentences.state(claim, number) for number, claim in enumerate(versions[0].record.claims, 1)] if versions else [],
    )  # fmt: skip


def _shown_at(book: Book, name: str) -> str:
    incident = book.incident_name(name)
    if book.versions(name):
        return path_to("records", name)
    return path_to("incidents", incident) if book.has_incident(incident) else ""


def _waiting(book: Book, matter: str) -> list[str]:
    """Return the records of this side that open it or move it on, and have not left for anybody."""
    own = [each.record.id for each in [*book.versions(matter)[:1], *book.answers_to(matter)] if not each.received_from]
    return [name for name in own if not any(each.log for each in book.releases_of(name))]


def matter_data(matter: Matter, visit: Visit) -> dict[str, object]:
    """Return a matter as data for programs."""
    level = matter.level(visit.now)
    return {
        "matter": matter.record.id, "kind": matter.record.kind, "party": matter.party, "ours": matter.ours, "state": matter.standing.state,
        "steps": [builtins(each) for each in matter.standing.steps],
        "clocks": [{**builtins(each), "overdue": is_late(each, visit.now)} for each in matter.clocks],
        "level": {**builtins(level), "of": len(matter.ladder.rungs)} if level else None,
    }  # fmt: skip


_OPENED: Final = say("Opened")

ROUTES = [
    Route("GET", "/matters", "read", list_matters),
    Route("GET", "/matters/new/{kind:str}", "read", new_matter),
    Route("POST", "/matters/new/{kind:str}", "read", file_matter),
    Route("GET", "/matters/{matter:str}", "read", show_matter),
    Route("POST", "/matters/{matter:str}/move", "read", move),
    Route("POST", "/matters/{matter:str}/refuse", "propose", refuse),
    Route("POST", "/matters/{matter:str}/stop", "distress", stop),
    Route("GET", "/matters/{matter:str}/answer/{step:str}", "read", new_answer),
    Route("POST", "/matters/{matter:str}/answer/{step:str}", "read", file_answer),
]

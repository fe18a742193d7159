# SPDX-License-Identifier: Apache-2.0
"""Joint findings: drafted from the comparison, put forward paragraph by paragraph, signed by both sides."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.findings import FindingHeld, TextHeld, findings_held, findings_of, propose_finding, put_forward, sign_finding
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.matters import move_matter
from hamsaya.desk.ports import Book
from hamsaya.desk.roles import may
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.words import Text, say
from hamsaya.settlement.finding import FINDING, PARAGRAPHS, Paragraph
from hamsaya.tongues.findings import draft_finding
from hamsaya.web.data import builtins
from hamsaya.web.form import Form
from hamsaya.web.labels import HANDLING_LEVELS, Badge
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_BLANK: Final = 4
"""So many empty paragraphs end a form: without script none can be added."""
_HOW: Final = {
    "kept": None,
    "added": Badge(say("new"), "good", say("It was not in the text before.")),
    "removed": Badge(say("gone"), "bad", say("It was in the text before and is not in this one.")),
}


class ParagraphRow(msgspec.Struct, frozen=True):
    """A paragraph in words, and what became of it since the text before."""

    label: Text
    text: str
    side: str
    badge: Badge | None


class TextRow(msgspec.Struct, frozen=True, kw_only=True):
    """One text that was put forward."""

    held: TextHeld
    by: str
    record_href: str
    paragraphs: list[ParagraphRow]


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A signed step, in words."""

    label: Text
    by: str
    office: str
    at: object
    counted: bool


class Dealing(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it stands with one neighbour. `moves` are those open to this officer."""

    party: str
    party_name: str
    badge: Badge
    text: str
    signed_by: list[str]
    texts: list[TextRow]
    """Newest first: the first one stands."""
    steps: list[StepRow]
    moves: dict[str, Text]
    rows: list[Paragraph]
    """The form for another text; empty where this officer cannot put one forward."""


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """What finding.html receives. `waiting` are texts that were filed here and have not left yet."""

    finding: str
    incident: str
    dealings: list[Dealing]
    waiting: list[str]
    kinds: dict[str, Text]


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A finding in a list."""

    finding: str
    incident: str
    party: str
    ours: bool
    badge: Badge
    at: object
    texts: int


class FindingsView(msgspec.Struct, frozen=True, kw_only=True):
    """What findings.html receives."""

    rows: list[FindingRow]


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """What finding_new.html receives: the proposed text, and `fault` where the one that was sent cannot be."""

    incident: str
    rows: list[Paragraph]
    kinds: dict[str, Text]
    levels: dict[str, Text]
    handling: str
    fault: InputError | None = None


def list_findings(desk: Desk, visit: Visit) -> Answer:
    """List the findings, newest first."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        held = findings_held(desk.node, book)
    rows = [
        FindingRow(
            finding=each.matter.record.id, incident=each.incident, party=names.get(each.matter.party, each.matter.party), ours=each.matter.ours,
            badge=_badge(each), at=each.matter.standing.last.at, texts=len(each.texts),
        )
        for each in held
    ]  # fmt: skip
    return Page(template="findings.html", view=FindingsView(rows=rows), data={"findings": [_data(each) for each in held]})


def draft(desk: Desk, visit: Visit) -> Answer:
    """Show what the comparison proposes as a first text."""
    with desk.node.ledger.reading() as book:
        view = view_incident(book, visit.params["incident"])
        zone = book.parties()[0].card.zone
    rows = draft_finding(view.fields, visit.language, zone=zone)
    return _form(view.incident, rows, "amber")


def propose(desk: Desk, visit: Visit) -> Answer:
    """File the first text."""
    form, incident = visit.form, visit.params["incident"]
    text = _text(form)
    try:
        held = propose_finding(desk.node, visit.officer, incident, text, handling=form.text("handling", "amber"))
    except InputError as error:
        return _form(incident, text, form.text("handling", "amber"), error)
    return _filed(held, held.record.id)


def show_finding(desk: Desk, visit: Visit) -> Answer:
    """Show a finding: its texts, who signed, and what may be done."""
    name = visit.params["finding"]
    with desk.node.ledger.reading() as book:
        held = findings_of(desk.node, book, name)
        versions = [each for each in book.versions(name) if each.record.kind == FINDING.kind]
        if not versions or (not held and versions[-1].record.answers):
            raise NotFound(say("There is no finding {came}.", came=name[:40] or "—"), say("`hamsaya finding list` shows them."))
        incident = book.incident_name(versions[-1].record.incident)
        view = FindingView(
            finding=name, incident=incident, dealings=[_dealing(book, each, visit) for each in held], waiting=_waiting(book, name), kinds=PARAGRAPHS,
        )  # fmt: skip
    data = {"finding": name, "incident": incident, "dealings": [_data(each) for each in held], "waiting": view.waiting}
    return Page(template="finding.html", view=view, data=data)


def put(desk: Desk, visit: Visit) -> Answer:
    """File another text."""
    form = visit.form
    held = put_forward(desk.node, visit.officer, visit.params["finding"], _text(form), form.text("party"))
    return _filed(held, visit.params["finding"])


def move(desk: Desk, visit: Visit) -> Answer:
    """Sign the text that was read, decline it, or take the finding back."""
    form, name = visit.form, visit.params["finding"]
    if form.text("move") == "sign":
        party = sign_finding(desk.node, visit.officer, name, form.text("on"), form.text("party")).matter.party
    else:
        party = move_matter(desk.node, visit.officer, name, form.text("move"), form.text("party")).party
    desk.on_logged(party)
    with desk.node.ledger.reading() as book:
        (held,) = [each for each in findings_of(desk.node, book, name) if each.matter.party == party]
    return Go(to=path_to("findings", name), data=_data(held))


def _form(incident: str, rows: list[Paragraph], handling: str, fault: InputError | None = None) -> Page:
    levels = {str(level): HANDLING_LEVELS[level] for level in HANDLING}
    view = DraftView(incident=incident, rows=_with_blanks(rows), kinds=PARAGRAPHS, levels=levels, handling=handling, fault=fault)
    data: dict[str, object] = {"incident": incident, "text": [builtins(each) for each in rows]}
    if fault is None:
        return Page(template="finding_new.html", view=view, data=data)
    told = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint) if fault.hint else "", "rule": ""}
    return Page(template="finding_new.html", view=view, data={**data, **told}, status=400)


def _with_blanks(rows: list[Paragraph]) -> list[Paragraph]:
    return [*rows, *[Paragraph("remark", "")] * _BLANK]


def _text(form: Form) -> list[Paragraph]:
    """Return the paragraphs of a form. Raises `InputError` where its columns do not fit together."""
    kinds, texts, sides = (form.texts.get(name, []) for name in ("kind", "text", "side"))
    if not len(kinds) == len(texts) == len(sides):
        raise InputError(say("Each paragraph needs a kind, a side (may be empty) and a text; these came: {a}, {b}, {c}",
                             a=len(kinds), b=len(sides), c=len(texts)))  # fmt: skip
    return [Paragraph(*each) for each in zip(kinds, texts, sides, strict=True)]


def _filed(held: RecordHeld, finding: str) -> Go:
    record = held.record.id
    return Go(to=path_to("records", record, "release"), data={"record": record, "finding": finding})


def _waiting(book: Book, finding: str) -> list[str]:
    """Return the texts of this side that were filed and have not left."""
    own = [each.record.id for each in [*book.versions(finding)[:1], *book.answers_to(finding)] if not each.received_from]
    return [name for name in own if not any(each.log for each in book.releases_of(name))]


def _dealing(book: Book, held: FindingHeld, visit: Visit) -> Dealing:
    names = party_names(book, visit.language)
    standing, course = held.matter.standing, held.matter.course
    parties = {"opener" if held.matter.ours else "other": _own(book), "other" if held.matter.ours else "opener": held.matter.party}
    moves = {name: each.label for name, each in course.open_to(held.matter.side, standing.state).items() if may(visit.officer.role, each.verb)}
    if held.matter.side in standing.signers:
        moves.pop("sign", None)
    may_put = may(visit.officer.role, course.moves["text"].verb) and standing.state in course.moves["text"].before
    stands = [each.paragraph for each in held.texts[-1].paragraphs if each.how != "removed"] if held.texts else []
    return Dealing(
        party=held.matter.party, party_name=names.get(held.matter.party, held.matter.party), badge=_badge(held), text=standing.text,
        signed_by=[names.get(each, each) for each in held.signed_by],
        texts=[_text_row(each, names) for each in reversed(held.texts)],
        steps=[
            StepRow(
                label=course.moves[told.step.move].label, by=names.get(parties[told.step.by], parties[told.step.by]), office=told.step.office,
                at=told.step.at, counted=told.counted,
            )
            for told in standing.steps if told.step.move in course.moves
        ],
        moves=moves, rows=_with_blanks(stands) if may_put else [],
    )  # fmt: skip


def _own(book: Book) -> str:
    return book.parties()[0].card.party


def _text_row(held: TextHeld, names: dict[str, str]) -> TextRow:
    return TextRow(
        held=held, by=names.get(held.by, held.by), record_href=path_to("records", held.step.record),
        paragraphs=[
            ParagraphRow(PARAGRAPHS[each.paragraph.kind], each.paragraph.text, each.paragraph.side, _HOW[each.how]) for each in held.paragraphs
        ],
    )  # fmt: skip


def _badge(held: FindingHeld) -> Badge:
    state = held.matter.course.states[held.matter.standing.state]
    return Badge(state.label, state.tone, state.meaning)


def _data(held: FindingHeld) -> dict[str, object]:
    """Return a finding as data for programs."""
    standing = held.matter.standing
    return {
        "finding": held.matter.record.id, "incident": held.incident, "party": held.matter.party, "ours": held.matter.ours, "state": standing.state,
        "text": standing.text, "signed_by": held.signed_by, "texts": [builtins(each) for each in held.texts],
        "steps": [builtins(each) for each in standing.steps],
    }  # fmt: skip


ROUTES = [
    Route("GET", "/findings", "read", list_findings),
    Route("GET", "/incidents/{incident:str}/finding", "negotiate", draft),
    Route("POST", "/incidents/{incident:str}/finding", "negotiate", propose),
    Route("GET", "/findings/{finding:str}", "read", show_finding),
    Route("POST", "/findings/{finding:str}/text", "negotiate", put),
    Route("POST", "/findings/{finding:str}/move", "read", move),
]

# SPDX-License-Identifier: Apache-2.0
"""Joint findings: drafted from the comparison, put forward paragraph by paragraph, signed by both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from hamsaya.desk.finding_export import may_be_handed_on
from hamsaya.desk.findings import FindingHeld, TextHeld, findings_held, findings_of, propose_finding, propose_minutes, put_forward, sign_finding
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.matters import move_matter
from hamsaya.desk.ports import Book
from hamsaya.desk.roles import may
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.values import Words
from hamsaya.facts.words import Text, say
from hamsaya.settlement.finding import FINDING, Paragraph
from hamsaya.settlement.minutes import KINDS, SIGNED_TEXTS, label_of
from hamsaya.tongues.findings import draft_finding
from hamsaya.web.data import builtins
from hamsaya.web.form import Form
from hamsaya.web.labels import HANDLING_LEVELS, Badge
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_MOST: Final = 200
_LONGEST_NAME: Final = 64
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
    hand_on: bool
    """Whether this officer may write it as a file for a third person."""
    decisions: list[str]
    """What was decided, once both have signed: each can be opened as a commitment."""


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """What finding.html receives. `waiting` are texts that were filed here and have not left yet."""

    finding: str
    kind: Text
    incident: str
    about: list[str]
    """The meeting, or another record, that the text is about."""
    dealings: list[Dealing]
    waiting: list[str]
    kinds: Mapping[str, Text]


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A finding in a list."""

    finding: str
    kind: Text
    incident: str
    party: str
    ours: bool
    badge: Badge
    at: object
    texts: int


class FindingsView(msgspec.Struct, frozen=True, kw_only=True):
    """What findings.html receives. `opens` are the kinds of text, beside a finding, that this officer can put forward."""

    opens: dict[str, Text]
    rows: list[FindingRow]


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """What finding_new.html receives: the proposed text, and `fault` where the one that was sent cannot be."""

    title: Text
    action: str
    incident: str
    about: str
    """The meeting of which these are minutes; empty for a finding."""
    rows: list[Paragraph]
    kinds: Mapping[str, Text]
    levels: dict[str, Text]
    handling: str
    fault: InputError | NotFound | None = None


def list_findings(desk: Desk, visit: Visit) -> Answer:
    """List the findings, newest first."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        held = findings_held(desk.node, book, _MOST, SIGNED_TEXTS)
    rows = [
        FindingRow(
            finding=each.matter.record.id, kind=each.matter.course.label, incident=each.incident,
            party=names.get(each.matter.party, each.matter.party), ours=each.matter.ours,
            badge=_badge(each), at=each.matter.standing.last.at, texts=len(each.texts),
        )
        for each in held
    ]  # fmt: skip
    return Page(template="findings.html", view=FindingsView(rows=rows, opens=_opens(visit)), data={"findings": [finding_data(each) for each in held]})


def draft(desk: Desk, visit: Visit) -> Answer:
    """Show what the comparison proposes as a first text."""
    with desk.node.ledger.reading() as book:
        view = view_incident(book, visit.params["incident"])
        zone = book.parties()[0].card.zone
    rows = draft_finding(view.fields, visit.language, zone=zone)
    return _form(_Asked.finding(view.incident), rows, "amber")


def propose(desk: Desk, visit: Visit) -> Answer:
    """File the first text."""
    form, incident = visit.form, visit.params["incident"]
    text = _text(form)
    try:
        held = propose_finding(desk.node, visit.officer, incident, text, handling=form.text("handling", "amber"))
    except InputError as error:
        return _form(_Asked.finding(incident), text, form.text("handling", "amber"), error)
    return _filed(visit, held, held.record.id)


def draft_text(desk: Desk, visit: Visit) -> Answer:
    """Show the empty form of minutes or of a press line; of minutes, what the invitation had on its agenda is proposed."""
    asked = _asked_text(visit)
    with desk.node.ledger.reading() as book:
        versions = book.versions(asked.about) if asked.about else []
    words = [each.value.text for held in versions[-1:] for each in held.record.claims if each.predicate == "agenda" and isinstance(each.value, Words)]
    lines = [line.lstrip("–- ").strip() for text in words for line in text.splitlines()]
    return _form(asked, [Paragraph("agreed_text", line) for line in lines if line], "amber")


def propose_text(desk: Desk, visit: Visit) -> Answer:
    """File the first text of minutes or of a press line."""
    asked, form = _asked_text(visit), visit.form
    text = _text(form)
    try:
        held = propose_minutes(desk.node, visit.officer, asked.kind, text, about=form.text("about"), handling=form.text("handling", "amber"))
    except (InputError, NotFound) as error:
        return _form(msgspec.structs.replace(asked, about=form.text("about")), text, form.text("handling", "amber"), error)
    return _filed(visit, held, held.record.id)


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which text is typed, and of what."""

    kind: str
    action: str
    incident: str = ""
    about: str = ""

    @staticmethod
    def finding(incident: str) -> _Asked:
        """Return that a finding about this incident is."""
        return _Asked(kind=FINDING.kind, action=path_to("incidents", incident, "finding"), incident=incident)


def _asked_text(visit: Visit) -> _Asked:
    kind = visit.params["text"]
    if kind not in SIGNED_TEXTS or kind == FINDING.kind:
        raise NotFound(say("There is no such text: {came}.", came=kind[:40]), say("Minutes and press lines are put forward here."))
    return _Asked(kind=kind, action=path_to("findings", "new", kind), about=visit.query.get("about", "")[:_LONGEST_NAME])


def _opens(visit: Visit) -> dict[str, Text]:
    if not may(visit.officer.role, "negotiate"):
        return {}
    return {name: course.label for name, course in SIGNED_TEXTS.items() if name != FINDING.kind}


def show_finding(desk: Desk, visit: Visit) -> Answer:
    """Show a finding: its texts, who signed, and what may be done."""
    name = visit.params["finding"]
    with desk.node.ledger.reading() as book:
        held = findings_of(desk.node, book, name)
        versions = [each for each in book.versions(name) if each.record.kind in SIGNED_TEXTS]
        if not versions or (not held and versions[-1].record.answers):
            raise NotFound(say("There is no finding {came}.", came=name[:40] or "—"), say("`hamsaya finding list` shows them."))
        record = versions[-1].record
        incident = book.incident_name(record.incident) if record.incident else ""
        view = FindingView(
            finding=name, kind=SIGNED_TEXTS[record.kind].label, incident=incident,
            about=[each.value.text for each in record.claims if each.predicate == "subject" and isinstance(each.value, Words)],
            dealings=[_dealing(book, each, visit) for each in held], waiting=_waiting(book, name), kinds=KINDS[record.kind],
        )  # fmt: skip
    data = {"finding": name, "incident": incident, "dealings": [finding_data(each) for each in held], "waiting": view.waiting}
    return Page(template="finding.html", view=view, data=data)


def put(desk: Desk, visit: Visit) -> Answer:
    """File another text."""
    form = visit.form
    held = put_forward(desk.node, visit.officer, visit.params["finding"], _text(form), form.text("party"))
    return _filed(visit, held, visit.params["finding"])


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
    return Go(to=path_to("findings", name), data=finding_data(held))


def _form(asked: _Asked, rows: list[Paragraph], handling: str, fault: InputError | NotFound | None = None) -> Page:
    levels = {str(level): HANDLING_LEVELS[level] for level in HANDLING}
    view = DraftView(
        title=SIGNED_TEXTS[asked.kind].label, action=asked.action, incident=asked.incident, about=asked.about, rows=_with_blanks(rows, asked.kind),
        kinds=KINDS[asked.kind], levels=levels, handling=handling, fault=fault,
    )  # fmt: skip
    data: dict[str, object] = {"incident": asked.incident, "about": asked.about, "text": [builtins(each) for each in rows]}
    if fault is None:
        return Page(template="finding_new.html", view=view, data=data)
    told = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint) if fault.hint else "", "rule": ""}
    return Page(template="finding_new.html", view=view, data={**data, **told}, status=404 if isinstance(fault, NotFound) else 400)


def _with_blanks(rows: list[Paragraph], kind: str) -> list[Paragraph]:
    """Return the paragraphs with some to fill in: remarks in a finding, else what both say."""
    blank = "remark" if kind == FINDING.kind else next(iter(KINDS[kind]))
    return [*rows, *[Paragraph(blank, "")] * _BLANK]


def _text(form: Form) -> list[Paragraph]:
    """Return the paragraphs of a form. Raises `InputError` where its columns do not fit together."""
    kinds, texts, sides = (form.texts.get(name, []) for name in ("kind", "text", "side"))
    if not len(kinds) == len(texts) == len(sides):
        raise InputError(say("Each paragraph needs a kind, a side (may be empty) and a text; these came: {a}, {b}, {c}",
                             a=len(kinds), b=len(sides), c=len(texts)))  # fmt: skip
    return [Paragraph(*each) for each in zip(kinds, texts, sides, strict=True)]


def _filed(visit: Visit, held: RecordHeld, finding: str) -> Go:
    """Lead on to its release who may propose that; a commander, who may not, to where it says that it has not left yet."""
    record = held.record.id
    to = path_to("records", record, "release") if may(visit.officer.role, "propose") else path_to("findings", finding)
    return Go(to=to, data={"record": record, "finding": finding})


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
        texts=[_text_row(each, names, held.matter.record.kind) for each in reversed(held.texts)],
        steps=[
            StepRow(
                label=course.moves[told.step.move].label, by=names.get(parties[told.step.by], parties[told.step.by]), office=told.step.office,
                at=told.step.at, counted=told.counted,
            )
            for told in standing.steps if told.step.move in course.moves
        ],
        moves=moves, rows=_with_blanks(stands, held.matter.record.kind) if may_put else [],
        hand_on=may(visit.officer.role, "export") and may_be_handed_on(held),
        decisions=[each.text for each in stands if each.kind == "decided" and standing.state == "signed" and may(visit.officer.role, "propose")],
    )  # fmt: skip


def _own(book: Book) -> str:
    return book.parties()[0].card.party


def _text_row(held: TextHeld, names: dict[str, str], kind: str) -> TextRow:
    return TextRow(
        held=held, by=names.get(held.by, held.by), record_href=path_to("records", held.step.record),
        paragraphs=[
            ParagraphRow(label_of(kind, each.paragraph.kind), each.paragraph.text, each.paragraph.side, _HOW[each.how]) for each in held.paragraphs
        ],
    )  # fmt: skip


def _badge(held: FindingHeld) -> Badge:
    state = held.matter.course.states[held.matter.standing.state]
    return Badge(state.label, state.tone, state.meaning)


def finding_data(held: FindingHeld) -> dict[str, object]:
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
    Route("GET", "/findings/new/{text:str}", "negotiate", draft_text),
    Route("POST", "/findings/new/{text:str}", "negotiate", propose_text),
    Route("GET", "/findings/{finding:str}", "read", show_finding),
    Route("POST", "/findings/{finding:str}/text", "negotiate", put),
    Route("POST", "/findings/{finding:str}/move", "read", move),
]

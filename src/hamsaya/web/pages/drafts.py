# SPDX-License-Identifier: Apache-2.0
"""Drafts that wait, and a person's decision on each: accept with a grade, or reject with a reason (law 16)."""

from __future__ import annotations

import msgspec

from hamsaya.desk.doubts import Doubter, doubt_data
from hamsaya.desk.drafts import accept_draft, draft_of, reject_draft, suggestions
from hamsaya.desk.holdings import DraftHeld
from hamsaya.desk.review import undo_draft
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text
from hamsaya.web.data import builtins
from hamsaya.web.form import Form
from hamsaya.web.labels import label
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

NEW_INCIDENT = "new"
"""What the form sends when a new incident is to be opened; the verb takes an empty name for it."""
_GRADE = "grade."


class DraftRow(msgspec.Struct, frozen=True, kw_only=True):
    """A draft in the list; it is decided beside its document."""

    held: DraftHeld
    kind: Text
    document: str
    href: str


class DraftsView(msgspec.Struct, frozen=True, kw_only=True):
    """What drafts.html receives."""

    drafts: list[DraftRow]
    pager: Pager


def list_drafts(desk: Desk, visit: Visit) -> Answer:
    """List the drafts that wait for a decision, those of the newest document first."""
    with desk.node.ledger.reading() as book:
        sheet = book.drafts_page("open", after(visit))
        drafts = sheet.rows
        names = book.document_names([held.document for held in drafts])
    rows = [
        DraftRow(held=held, kind=label(RECORD_KINDS, held.body.kind), document=names.get(held.document, held.document[:12]),
                 href=f"{path_to('documents', held.document)}#{held.draft}")
        for held in drafts
    ]  # fmt: skip
    return Page(template="drafts.html", view=DraftsView(drafts=rows, pager=pager("/drafts", visit, sheet.next)),
                data={"drafts": [builtins(held) for held in drafts], "next": sheet.next})  # fmt: skip


def accept(desk: Desk, visit: Visit) -> Answer:
    """File the draft as a record. The grade comes whole, or as its letter and its digit."""
    form = visit.form
    incident = form.text("incident")
    held = accept_draft(
        desk.node, visit.officer, visit.params["draft"],
        grade=form.text("grade") or form.text("reliability") + form.text("credibility"),
        incident="" if incident == NEW_INCIDENT else incident, handling=form.text("handling"),
        grades=_grades(form), claims=form.texts.get("claims", [] if form.text("choose") else None), revises=form.text("revises"),
        reason=form.text("reason"), seen=form.number("seen"),
    )  # fmt: skip
    return Go(to=path_to("records", held.record.id), data=builtins(held))


def reject(desk: Desk, visit: Visit) -> Answer:
    """Reject the draft with a reason."""
    held = reject_draft(desk.node, visit.officer, visit.params["draft"], visit.form.text("reason"), seen=visit.form.number("seen"))
    return Go(to=f"{path_to('documents', held.document)}#{held.draft}", data=builtins(held))


def undo(desk: Desk, visit: Visit) -> Answer:
    """Take back the decision on the draft, or its last edit."""
    form = visit.form
    held = undo_draft(desk.node, visit.officer, visit.params["draft"], reason=form.text("reason"), seen=form.number("seen"))
    return Go(to=f"{path_to('documents', held.document)}#{held.draft}", data=builtins(held))


def _grades(form: Form) -> dict[str, str]:
    """Return the grades of single claims: fields named `grade.c1`. Those of claims that are not kept say nothing."""
    kept = form.texts.get("claims")
    sent = {name.removeprefix(_GRADE): texts[0].strip() for name, texts in form.texts.items() if name.startswith(_GRADE)}
    return {claim: grade for claim, grade in sent.items() if grade and (kept is None or claim in kept)}


def show_draft(desk: Desk, visit: Visit) -> Answer:
    """Lead to the draft beside its document."""
    with desk.node.ledger.reading() as book:
        held = draft_of(book, visit.params["draft"])
        likely = suggestions(book, held, desk.node.party)
        doubts = Doubter(desk.node.lines(), desk.node.dictation, book.points_in).doubts(held.body.claims)
    data = {**builtins(held), "suggestions": [builtins(each) for each in likely], "doubts": [doubt_data(each) for each in doubts]}
    return Go(to=f"{path_to('documents', held.document)}#{held.draft}", data=data)


ROUTES = [
    Route("GET", "/drafts", "read", list_drafts),
    Route("GET", "/drafts/{draft:str}", "read", show_draft),
    Route("POST", "/drafts/{draft:str}/accept", "file", accept),
    Route("POST", "/drafts/{draft:str}/reject", "file", reject),
    Route("POST", "/drafts/{draft:str}/undo", "file", undo),
]

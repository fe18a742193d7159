# SPDX-License-Identifier: Apache-2.0
"""Drafts that wait, and a person's decision on each: accept with a grade, or reject with a reason (law 16)."""

from __future__ import annotations

import msgspec

from hamsaya.desk.drafts import accept_draft, draft_of, reject_draft, suggestions
from hamsaya.desk.holdings import DraftHeld
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text
from hamsaya.web.data import builtins
from hamsaya.web.labels import label
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

NEW_INCIDENT = "new"
"""What the form sends when a new incident is to be opened; the verb takes an empty name for it."""


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
        claims=form.texts.get("claims", [] if form.text("choose") else None), revises=form.text("revises"),
    )  # fmt: skip
    return Go(to=path_to("records", held.record.id), data=builtins(held))


def reject(desk: Desk, visit: Visit) -> Answer:
    """Reject the draft with a reason."""
    held = reject_draft(desk.node, visit.officer, visit.params["draft"], visit.form.text("reason"))
    return Go(to=path_to("documents", held.document), data=builtins(held))


def show_draft(desk: Desk, visit: Visit) -> Answer:
    """Lead to the draft beside its document."""
    with desk.node.ledger.reading() as book:
        held = draft_of(book, visit.params["draft"])
        likely = suggestions(book, held, desk.node.party)
    data = {**builtins(held), "suggestions": [builtins(each) for each in likely]}
    return Go(to=f"{path_to('documents', held.document)}#{held.draft}", data=data)


ROUTES = [
    Route("GET", "/drafts", "read", list_drafts),
    Route("GET", "/drafts/{draft:str}", "read", show_draft),
    Route("POST", "/drafts/{draft:str}/accept", "file", accept),
    Route("POST", "/drafts/{draft:str}/reject", "file", reject),
]

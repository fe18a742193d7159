# SPDX-License-Identifier: Apache-2.0
"""Documents: the text as received with every span marked, and beside it the drafts that wait for a person.

A document's text is hostile: it is shown as text only, in its own direction, cut after 200,000 characters.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.accounts.suggest import Suggestion
from hamsaya.desk.documents import add_document, document_of, text_of
from hamsaya.desk.doubts import Doubt, Doubter
from hamsaya.desk.drafts import suggestions
from hamsaya.desk.filters import EVERYTHING, Filter
from hamsaya.desk.holdings import DocumentHeld, DraftHeld
from hamsaya.desk.ports import Book
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.grades import CREDIBILITY, HANDLING, RELIABILITY
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import LANGUAGES, Text
from hamsaya.web.data import builtins
from hamsaya.web.form import UPLOAD_BYTES
from hamsaya.web.labels import DRAFT_STATES, HANDLING_LEVELS, Badge, badge, label
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.paths import path_to
from hamsaya.web.segments import SHOWN, Segment, cut
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

OFFERED: Final = 200
"""How many of the newest incidents and records a form offers, beside the incidents that are suggested."""


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A document in the list, with how many of its drafts wait."""

    held: DocumentHeld
    href: str
    drafts: int
    waiting: int


class DocumentsView(msgspec.Struct, frozen=True, kw_only=True):
    """What documents.html receives."""

    documents: list[DocumentRow]
    pager: Pager
    languages: tuple[str, ...]
    countries: list[str]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the form of a draft offers."""

    reliability: dict[str, Text]
    credibility: dict[str, Text]
    handling: list[tuple[str, Text]]
    incidents: list[str]
    records: list[str]
    predicates: dict[str, Text]


class DraftBox(msgspec.Struct, frozen=True, kw_only=True):
    """A draft beside its document."""

    held: DraftHeld
    kind: Text
    badge: Badge
    statements: list[Statement]
    suggestions: list[Suggestion]
    doubts: list[Doubt]
    """What the desk doubts of its places."""
    href: str


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """What document.html receives. `cut` is how many characters are not shown."""

    held: DocumentHeld
    segments: list[Segment]
    cut: int
    drafts: list[DraftBox]
    choices: Choices


def list_documents(desk: Desk, visit: Visit) -> Answer:
    """List the documents, newest first, and offer to take one in."""
    with desk.node.ledger.reading() as book:
        sheet = book.documents_page(after(visit))
        drafts = book.draft_counts([held.document for held in sheet.rows])
        countries = list(dict.fromkeys(party.card.country for party in book.parties()))
        rows = [
            DocumentRow(
                held=held, href=path_to("documents", held.document), drafts=sum(drafts.get(held.document, {}).values()),
                waiting=drafts.get(held.document, {}).get("open", 0),
            )
            for held in sheet.rows
        ]  # fmt: skip
    view = DocumentsView(documents=rows, pager=pager("/documents", visit, sheet.next), languages=LANGUAGES, countries=countries)
    return Page(
        template="documents.html",
        view=view,
        data={"documents": [{**builtins(row.held), "drafts": row.drafts, "waiting": row.waiting} for row in rows], "next": sheet.next},
    )


def show_document(desk: Desk, visit: Visit) -> Answer:
    """Show one document with its drafts."""
    with desk.node.ledger.reading() as book:
        held = document_of(book, visit.params["document"])
        text = text_of(book, held.document)
        drafts = book.drafts(document=held.document)
        doubter = Doubter(desk.node.lines(), desk.node.dictation, book.points_in)
        boxes = _boxes(book, drafts, desk.node.party, doubter)
        view = DocumentView(
            held=held,
            segments=cut(text, _spans(boxes), held.excluded),
            cut=max(0, len(text) - SHOWN),
            drafts=boxes,
            choices=choices(book, desk.node.party),
        )
    return Page(template="document.html", view=view, data={**builtins(held), "text": text, "drafts": [builtins(draft) for draft in drafts]})


def take_in(desk: Desk, visit: Visit) -> Answer:
    """Take a document in: it is kept as received and read into drafts."""
    file, form = visit.form.file("file"), visit.form
    held, drafts = add_document(
        desk.node, visit.officer, file.data, name=file.name[:200], origin=form.text("origin"), basis=form.text("basis") or "attributed",
        language=form.text("language"), published=form.text("published"),
    )  # fmt: skip
    return Go(to=path_to("documents", held.document), data={"document": builtins(held), "drafts": [builtins(draft) for draft in drafts]})


def choices(book: Book, party: str) -> Choices:
    """Return what the form of a draft offers."""
    return Choices(
        reliability=RELIABILITY, credibility=CREDIBILITY, handling=[(level, label(HANDLING_LEVELS, level)) for level in HANDLING],
        incidents=book.incidents_page(EVERYTHING, limit=OFFERED).rows,
        records=[held.record.id for held in book.records_page(Filter(party=party), limit=OFFERED).rows if not held.received_from],
        predicates={name: each.label for name, each in PREDICATES.items()},
    )  # fmt: skip


def _boxes(book: Book, drafts: list[DraftHeld], party: str, doubter: Doubter) -> list[DraftBox]:
    sentences = Sentences(book)
    boxes, number = [], 0
    for held in drafts:
        statements = []
        for claim in held.body.claims:
            number += 1
            statements.append(sentences.state(claim, number))
        boxes.append(
            DraftBox(
                held=held, kind=label(RECORD_KINDS, held.body.kind), badge=badge(DRAFT_STATES, held.state), statements=statements,
                suggestions=suggestions(book, held, party) if held.state == "open" else [],
                doubts=doubter.doubts(held.body.claims) if held.state == "open" else [], href=path_to("drafts", held.draft),
            )
        )  # fmt: skip
    return boxes


def _spans(boxes: list[DraftBox]) -> list[tuple[int, int, int]]:
    return [(each.claim.span.start, each.claim.span.end, each.number) for box in boxes for each in box.statements if each.claim.span]


ROUTES = [
    Route("GET", "/documents", "read", list_documents),
    Route("GET", "/documents/{document:str}", "read", show_document),
    Route("POST", "/documents", "file", take_in, max_bytes=UPLOAD_BYTES),
]

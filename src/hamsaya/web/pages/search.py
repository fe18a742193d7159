# SPDX-License-Identifier: Apache-2.0
"""Search over records and documents, newest first, with the words marked. Persons cannot be searched for (law 11)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.desk.filters import DOCUMENT
from hamsaya.desk.holdings import DocumentHeld
from hamsaya.desk.search import KINDS, Hit, search
from hamsaya.desk.wording import Piece
from hamsaya.facts.words import Text
from hamsaya.web.data import builtins
from hamsaya.web.labels import label
from hamsaya.web.listing import FilterForm, Pager, after, asked_filter, filter_form, pager
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit


class HitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One hit. `named` says whether its title is a name that somebody gave, and not one of ours."""

    title: str
    named: bool
    kind: Text
    side: str
    at: datetime
    received: bool
    href: str
    incident: str
    incident_href: str
    pieces: list[Piece]


class SearchView(msgspec.Struct, frozen=True, kw_only=True):
    """What search.html receives."""

    hits: list[HitRow]
    note: Text | None
    searched: bool
    pager: Pager
    filter: FilterForm


def show_search(desk: Desk, visit: Visit) -> Answer:
    """Show what holds the words that were asked for."""
    asked = asked_filter(desk, visit, KINDS)
    with desk.node.ledger.reading() as book:
        found = search(book, asked, after(visit))
        form = filter_form("/search", book, visit, asked, KINDS)
    view = SearchView(
        hits=[_row(hit) for hit in found.sheet.rows], note=found.note, searched=bool(asked.text) and not found.note,
        pager=pager("/search", visit, found.sheet.next, asked), filter=form,
    )  # fmt: skip
    data = {"hits": [builtins(hit) for hit in found.sheet.rows], "note": str(found.note or ""), "next": found.sheet.next}
    return Page(template="search.html", view=view, data=data)


def _row(hit: Hit) -> HitRow:
    held = hit.held
    if isinstance(held, DocumentHeld):
        return HitRow(
            title=held.name or held.document[:12], named=True, kind=KINDS[DOCUMENT], side=held.origin, at=held.received_at, received=False,
            href=path_to("documents", held.document), incident="", incident_href="", pieces=hit.pieces,
        )  # fmt: skip
    record = held.record
    return HitRow(
        title=record.id, named=False, kind=label(KINDS, record.kind), side=record.side, at=held.at, received=bool(held.received_from),
        href=path_to("records", record.id), incident=record.incident, incident_href=path_to("incidents", record.incident) if record.incident else "",
        pieces=hit.pieces,
    )  # fmt: skip


ROUTES = [Route("GET", "/search", "read", show_search)]

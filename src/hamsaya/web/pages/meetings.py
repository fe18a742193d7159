# SPDX-License-Identifier: Apache-2.0
"""Meetings with neighbours, and the agenda of the next: gathered in one click, in three languages, with the way to the invitation and the PDF."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from hamsaya.desk.docket import docketed, time_of
from hamsaya.desk.meetings import agenda_for
from hamsaya.desk.roles import may
from hamsaya.facts.words import Language, Text
from hamsaya.settlement.agenda import Agenda, Item
from hamsaya.settlement.meeting import MEETING
from hamsaya.tongues.agendas import line_of, parts_of
from hamsaya.web.agendas import texts_of
from hamsaya.web.data import builtins
from hamsaya.web.labels import LANGUAGE_NAMES
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.matters import MatterRow, href_of, matter_row
from hamsaya.web.meeting_pack import draw_pack, pack_data, print_pack
from hamsaya.web.names import party_names
from hamsaya.web.pages.matters import matter_data
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Download, Page, Route, Visit


class MeetingRow(msgspec.Struct, frozen=True):
    """A meeting, and for when it stands."""

    row: MatterRow
    time: datetime | None


class MeetingsView(msgspec.Struct, frozen=True, kw_only=True):
    """What meetings.html receives. `all` counts those on every page, `partners` are the neighbours by short name."""

    rows: list[MeetingRow]
    all: int
    pager: Pager
    partners: dict[str, str]


class ItemRow(msgspec.Struct, frozen=True):
    """One item with its link."""

    item: Item
    line: str
    href: str


class AgendaView(msgspec.Struct, frozen=True, kw_only=True):
    """What agenda.html receives. `texts` are the agenda as text, one a language."""

    party: str
    party_name: str
    agenda: Agenda
    parts: list[tuple[Text, list[ItemRow]]]
    texts: dict[Language, str]
    languages: dict[str, str]
    may_invite: bool


def list_meetings(desk: Desk, visit: Visit) -> Answer:
    """List the meetings, what is due first in front, a page at a time."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        held = docketed(desk.node, book, [MEETING.kind], after(visit))
        rows = [MeetingRow(matter_row(each, names, visit), time_of(each)) for each in held.matters]
        partners = {each.card.party: names[each.card.party] for each in book.parties() if not each.own}
    listed = [{**matter_data(each.row.matter, visit), "time": each.time.isoformat() if each.time else None} for each in rows]
    data = {"meetings": listed, "all": held.all, "next": held.next}
    view = MeetingsView(rows=rows, all=held.all, partners=partners, pager=pager("/meetings", visit, held.next))
    return Page(template="meetings.html", view=view, data=data)


def show_agenda(desk: Desk, visit: Visit) -> Answer:
    """Gather the agenda of a meeting with a neighbour."""
    with desk.node.ledger.reading() as book:
        agenda = agenda_for(desk.node, book, visit.params["party"])
        names, texts = party_names(book, visit.language), texts_of(book, agenda, desk.node.zone)
    rows = [
        (
            label,
            [
                ItemRow(each, line_of(msgspec.structs.replace(each, about=""), visit.language, names, zone=desk.node.zone), _href(each))
                for each in items
            ],
        )
        for label, items in parts_of(agenda)
    ]
    view = AgendaView(
        party=agenda.party, party_name=names.get(agenda.party, agenda.party), agenda=agenda, parts=rows, texts=texts, languages=LANGUAGE_NAMES,
        may_invite=may(visit.officer.role, MEETING.verb),
    )  # fmt: skip
    return Page(template="agenda.html", view=view, data={**_data(agenda), "texts": texts})


def write_pack(desk: Desk, visit: Visit) -> Answer:
    """Write the agenda in three languages as PDF, with its items attached as data."""
    with desk.node.ledger.reading() as book:
        agenda = agenda_for(desk.node, book, visit.params["party"])
        html = draw_pack(desk.node, book, visit.officer, agenda)
        attached = pack_data(desk.node, agenda)
    content = print_pack(agenda, html, attached, visit.language)
    name = f"agenda-{agenda.party}.pdf"
    data = {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return Download(name=name, media_type="application/pdf", content=content, data=data)


def _href(item: Item) -> str:
    return href_of(item.kind, item.name) if item.kind else path_to("incidents", item.name)


def _data(agenda: Agenda) -> dict[str, object]:
    return {"party": agenda.party, "since": agenda.since.isoformat() if agenda.since else None, "items": [builtins(each) for each in agenda.items],
            "more": agenda.more}  # fmt: skip


ROUTES = [
    Route("GET", "/meetings", "read", list_meetings),
    Route("GET", "/meetings/agenda/{party:str}", "read", show_agenda),
    Route("POST", "/meetings/agenda/{party:str}/pdf", "read", write_pack),
]

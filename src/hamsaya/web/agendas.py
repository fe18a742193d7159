# SPDX-License-Identifier: Apache-2.0
"""The agenda of a meeting as text, for a page and for the form of an invitation."""

from __future__ import annotations

from hamsaya.desk.meetings import agenda_for
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.words import LANGUAGES, Language
from hamsaya.settlement.agenda import Agenda
from hamsaya.tongues.agendas import draft_agenda
from hamsaya.web.names import party_names


def texts_of(book: Book, agenda: Agenda, zone: str) -> dict[Language, str]:
    """Return the agenda as text in each language."""
    return {language: draft_agenda(agenda, language, party_names(book, language), zone=zone) for language in LANGUAGES}


def proposed_fields(node: Node, party: str, language: Language) -> dict[str, str]:
    """Return the fields of an invitation that the agenda fills: its items, and its text in that language. Raises `NotFound`."""
    with node.ledger.reading() as book:
        agenda = agenda_for(node, book, party)
        text = draft_agenda(agenda, language, party_names(book, language), zone=node.zone)
    return {"items": ", ".join(each.name for each in agenda.items), "agenda": text}

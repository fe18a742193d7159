# SPDX-License-Identifier: Apache-2.0
"""The agenda of a meeting on paper: two pages at most, in every language of the desk, laid out offline by `paper.py`, its items attached as data.

What does not fit is counted, not squeezed: the most urgent items stand first in the agenda.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Final

import msgspec
from markupsafe import Markup

from hamsaya.desk.holdings import Officer
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.words import LANGUAGES, RIGHT_TO_LEFT, Language, Text, say
from hamsaya.settlement.agenda import Agenda
from hamsaya.tongues import translate
from hamsaya.tongues.agendas import line_of, parts_of
from hamsaya.tongues.numbers import show_number
from hamsaya.web.names import party_names
from hamsaya.web.paper import print_pdf
from hamsaya.web.paper_worker import font_rules
from hamsaya.web.render import Renderer
from hamsaya.web.tongue import Tongue

ON_PAPER: Final = 14
"""So many items in each language fit on two pages in three languages, with room for lines that run on."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """The agenda in one language."""

    language: Language
    direction: str
    title: str
    between: str
    parts: list[tuple[str, list[str]]]
    more: str


class PackView(msgspec.Struct, frozen=True, kw_only=True):
    """What meeting_pack.html receives."""

    columns: list[Column]
    fonts: Markup
    exercise: bool
    office: str
    at: datetime


def draw_pack(node: Node, book: Book, officer: Officer, agenda: Agenda) -> str:
    """Return the page, for `print_pack`."""
    shown = msgspec.structs.replace(agenda, items=agenda.items[:ON_PAPER], more=agenda.more + max(0, len(agenda.items) - ON_PAPER))
    view = PackView(
        columns=[_column(node, shown, language, party_names(book, language)) for language in LANGUAGES],
        fonts=Markup(font_rules()), exercise=node.exercise, office=officer.office, at=node.now(),  # noqa: S704  (our own file names)
    )  # fmt: skip
    return _renderer().sheet("meeting_pack.html", view, Tongue("en", node.zone))


def pack_data(node: Node, agenda: Agenda) -> bytes:
    """Return what is attached: the items as data, and when they stood so."""
    return msgspec.json.encode({"written_by": node.party, "at": node.now(), "exercise": node.exercise, "agenda": agenda})


def print_pack(agenda: Agenda, html: str, attached: bytes, language: Language) -> bytes:
    """Return the PDF. Raises `OperatorError` where this installation cannot write one."""
    described = translate(say("The items of the agenda as data."), language)
    return print_pdf(html, name=f"agenda-{agenda.party}.json", attached=attached, described=described)


def _column(node: Node, agenda: Agenda, language: Language, names: dict[str, str]) -> Column:
    def told(text: Text) -> str:
        return translate(text, language)

    own, other = names.get(node.party, node.party), names.get(agenda.party, agenda.party)
    more = told(say("and {n} more", n=show_number(agenda.more, language))) if agenda.more else ""
    empty = "" if agenda.items else told(say("Nothing is open, and no incident is on record since the last meeting."))
    return Column(
        language=language, direction="rtl" if language in RIGHT_TO_LEFT else "ltr", title=told(say("Agenda")),
        between=told(say("{party} and {other}", party=own, other=other)),
        parts=[(told(label), [line_of(each, language, names, zone=node.zone) for each in items]) for label, items in parts_of(agenda)],
        more=more or empty,
    )  # fmt: skip


@cache
def _renderer() -> Renderer:
    return Renderer()

# SPDX-License-Identifier: Apache-2.0
"""The comparison of accounts on paper, in one language: drawn here, laid out by `paper.py`, with the signed comparison attached as a file.

The text of a PDF cannot be taken out of it again in Urdu, nor safely in Persian: it is for the eye. What can be checked is the attachment.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Final

import msgspec
from markupsafe import Markup

from hamsaya.desk.comparing import Comparison
from hamsaya.desk.comparison_signed import strictest
from hamsaya.desk.holdings import Officer
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.words import Language, say
from hamsaya.tongues import translate
from hamsaya.web.comparison_view import ComparingView, comparing_view
from hamsaya.web.names import party_names
from hamsaya.web.paper import numbering, print_pdf
from hamsaya.web.paper_worker import font_rules
from hamsaya.web.render import Renderer
from hamsaya.web.tongue import Tongue

MOST_ABREAST: Final = 4


class PaperView(msgspec.Struct, frozen=True, kw_only=True):
    """What comparison_paper.html receives."""

    found: ComparingView
    fonts: Markup
    handling: str
    exercise: bool
    party: str
    office: str
    at: datetime
    attached: str
    numbering: Markup
    """What stands at the foot of each page, as a style sheet says it."""
    abreast: bool
    """Whether the accounts stand side by side, or one below the other since there are many."""


def draw_comparison(node: Node, book: Book, officer: Officer, found: Comparison, language: Language) -> str:
    """Return the page, for `print_comparison`."""
    view = comparing_view(node, book, found, language)
    paper = PaperView(
        found=view, fonts=Markup(font_rules()), handling=strictest(found), exercise=node.exercise,  # noqa: S704  (our own file names)
        party=party_names(book, language).get(node.party, node.party), office=officer.office, at=node.now(), attached=attached_name(found),
        numbering=numbering(language),
        abreast=len(view.columns) <= MOST_ABREAST,
    )  # fmt: skip
    return _renderer().sheet("comparison_paper.html", paper, Tongue(language, node.zone))


def print_comparison(found: Comparison, html: str, signed: bytes, language: Language) -> bytes:
    """Return the PDF. Raises `OperatorError` where this installation cannot write one."""
    described = translate(say("The comparison and each account as signed; check it with `hamsaya verify`."), language)
    return print_pdf(html, name=attached_name(found), attached=signed, described=described)


def attached_name(found: Comparison) -> str:
    """Return the name of the attached file."""
    return f"{found.view.incident}-comparison.json"


@cache
def _renderer() -> Renderer:
    return Renderer()

# SPDX-License-Identifier: Apache-2.0
"""A text that both sides sign (minutes, press line, finding) on paper, in one language; the words of the text stay as they were signed.

1. Where the sides differ their texts stand side by side: each side's own remarks; and while it is not signed, what one put in the place of what
   the other had put forward.
2. Text that not both have signed says so on every page, in every language.
3. The signed file is in it where it is handed on to a third person, and that stands in the journal (`desk/finding_export.py`).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Final

import msgspec
from markupsafe import Markup

from hamsaya.desk.findings import FindingHeld
from hamsaya.desk.holdings import Officer
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.signatures import SignatureHeld, signatures_under
from hamsaya.facts.values import Words
from hamsaya.facts.words import LANGUAGES, RIGHT_TO_LEFT, Language, Text, say
from hamsaya.settlement.course import State
from hamsaya.settlement.finding import Changed
from hamsaya.settlement.minutes import label_of
from hamsaya.tongues import translate
from hamsaya.web.names import party_names
from hamsaya.web.paper import numbering, print_pdf
from hamsaya.web.paper_worker import font_rules
from hamsaya.web.render import Renderer
from hamsaya.web.tongue import Tongue

UNSIGNED: Final = say("NOT SIGNED BY BOTH SIDES")
_HOW: Final = {"added": say("new"), "removed": say("gone")}


class Said(msgspec.Struct, frozen=True):
    """A paragraph: what it is, and what became of it since the other side's text (empty for nothing)."""

    label: Text
    how: Text | None
    text: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What both say, or the texts of the two sides beside each other."""

    both: list[Said] = []
    columns: list[list[Said]] = []


class Signer(msgspec.Struct, frozen=True):
    """A party, and its signature; None where it has not signed the text that stands."""

    name: str
    held: SignatureHeld | None


class SignedPaper(msgspec.Struct, frozen=True, kw_only=True):
    """What signed_paper.html receives."""

    finding: str
    kind: Text
    state: State
    signed: bool
    text: str
    about: list[str]
    incident: str
    put_by: str
    put_at: datetime | None
    columns: list[str]
    rows: list[Row]
    signers: list[Signer]
    handling: str
    exercise: bool
    party: str
    office: str
    at: datetime
    attached: str
    """The file that is in it; empty for none."""
    unsigned: list[tuple[str, str, str]]
    """That not both have signed, in every language: code, direction, words."""
    fonts: Markup
    numbering: Markup


def draw_signed(node: Node, book: Book, officer: Officer, held: FindingHeld, language: Language, *, attached: str = "") -> str:
    """Return the page, for `print_signed`."""
    matter, names = held.matter, party_names(book, language)
    last = held.texts[-1] if held.texts else None
    under = {each.party: each for each in signatures_under(node, book, held)}
    parties = [node.party, matter.party] if matter.ours else [matter.party, node.party]
    record = matter.record
    view = SignedPaper(
        finding=record.id, kind=matter.course.label, state=matter.course.states[matter.standing.state], signed=matter.standing.state == "signed",
        text=matter.standing.text, about=[each.value.text for each in record.claims if each.predicate == "subject" and isinstance(each.value, Words)],
        incident=held.incident, put_by=names.get(last.by, last.by) if last else "", put_at=last.step.at if last else None,
        columns=[names.get(each, each) for each in parties], rows=_rows(book, held, parties),
        signers=[Signer(names.get(each, each), under.get(each)) for each in parties], handling=record.handling, exercise=node.exercise,
        party=names.get(node.party, node.party), office=officer.office, at=node.now(), attached=attached,
        unsigned=[(code, "rtl" if code in RIGHT_TO_LEFT else "ltr", translate(UNSIGNED, code)) for code in LANGUAGES],
        fonts=Markup(font_rules()), numbering=numbering(language),  # noqa: S704  (our own file names)
    )  # fmt: skip
    return _renderer().sheet("signed_paper.html", view, Tongue(language, node.zone))


def print_signed(html: str, language: Language, *, name: str = "", attached: bytes = b"") -> bytes:
    """Return the PDF. Raises `OperatorError` where this installation cannot write one."""
    described = translate(say("The text as both have signed it, and what proves that; check it with `hamsaya verify --bundle`."), language)
    return print_pdf(html, name=name, attached=attached, described=described)


def _rows(book: Book, held: FindingHeld, parties: list[str]) -> list[Row]:
    """Return the text in rows; what one side alone says stands in that side's column, with what the other says at the same place."""
    countries = {each.card.party: each.card.country for each in book.parties()}
    column = {countries[party]: number for number, party in enumerate(parties)}
    other_before = len(held.texts) > 1 and held.texts[-2].by != held.texts[-1].by
    differs = other_before and held.matter.standing.state != "signed"
    last = held.texts[-1] if held.texts else None
    placed: list[tuple[int, Said]] = []
    for each in last.paragraphs if last else []:
        if each.how == "removed" and not differs:
            continue
        changed = differs and each.how != "kept"
        placed.append((_column(each, column, parties, last.by if last and changed else ""), _said(held, each, changed=changed)))
    rows: list[Row] = []
    for both, several in groupby(placed, key=lambda each: each[0] < 0):
        run = list(several)
        if both:
            rows += [Row(both=[said]) for _, said in run]
        else:
            rows.append(Row(columns=[[said for number, said in run if number == each] for each in range(len(parties))]))
    return rows


def _column(each: Changed, column: dict[str, int], parties: list[str], put_by: str) -> int:
    """Return in whose column a paragraph stands; -1 for what both say. Two agencies of one state have no sides to tell apart."""
    side = each.paragraph.side
    if side and len(column) == len(parties):
        return column.get(side, -1)
    if not put_by or side:
        return -1
    return parties.index(put_by) if each.how == "added" else 1 - parties.index(put_by)


def _said(held: FindingHeld, each: Changed, *, changed: bool) -> Said:
    return Said(label_of(held.matter.record.kind, each.paragraph.kind), _HOW.get(each.how) if changed else None, each.paragraph.text)


@cache
def _renderer() -> Renderer:
    return Renderer()

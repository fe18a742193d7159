# SPDX-License-Identifier: Apache-2.0
"""What a text of an agreement would have done with the records filed here, and what of it another text would have done otherwise."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.decision import RULES
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.simulate import Supposed, Weighed, weigh
from hamsaya.facts.errors import InputError
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Language, Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import label
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit

_SHEET: Final = 100
_PURPOSE: Final = "settlement"


class TallyRow(msgspec.Struct, frozen=True, kw_only=True):
    """How many records one clause or rule decides about."""

    clause: str
    rule: Text | None
    sentence: str
    allowed: bool
    records: int


class SupposedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of one record."""

    it: Supposed
    kind: Text
    receiver: str
    sentence: str
    """The deciding clause in the reader's language."""
    href: str
    before: Text | None = None
    """What the text that it is compared with says, where that is otherwise."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What _effect.html receives: what a text would do, in numbers and by record."""

    weighed: Weighed
    tallies: list[TallyRow]
    changes: list[SupposedRow]
    compared: bool


class SimulateView(msgspec.Struct, frozen=True, kw_only=True):
    """What simulate.html receives."""

    agreement: str
    title: str
    text: str
    against: str
    purposes: dict[str, Text]
    effect: Effect
    rows: list[SupposedRow]
    start: int
    newer: str
    older: str


def show_simulation(desk: Desk, visit: Visit) -> Answer:
    """Show what the text would do with the newest records; `text` and `against` name texts of the agreement by the start of their hash."""
    with desk.node.ledger.reading() as book:
        held = agreement_of(book, visit.params["agreement"])
        names = party_names(book, visit.language)
    text = _text(held, visit.query.get("text", ""), held.hash)
    against = _text(held, visit.query.get("against", ""), text.table.revises) if visit.query.get("against") or text.table.revises else None
    purpose, start = purpose_of(visit.query.get("purpose", "")), _start(visit.query.get("from", ""))
    weighed = weigh(desk.node, text, against, purpose=purpose)
    here = path_to("agreements", text.table.id, "simulate")
    link = f"{here}?purpose={purpose}&text={text.hash()}" + (f"&against={against.hash()}" if against else "")
    view = SimulateView(
        agreement=text.table.id, title=text.table.title, text=text.hash(), against=against.hash() if against else "", purposes=PURPOSES,
        effect=effect_of(weighed, text, names, visit.language, compared=against is not None),
        rows=[_row(each, text, names, visit.language) for each in weighed.rows[start : start + _SHEET]], start=start,
        newer=f"{link}&from={max(0, start - _SHEET)}" if start else "",
        older=f"{link}&from={start + _SHEET}" if start + _SHEET < len(weighed.rows) else "",
    )  # fmt: skip
    data = {
        **builtins(weighed), "rows": [builtins(row.it) for row in view.rows], "agreement": text.table.id, "text": text.hash(),
        "against": view.against, "allowed": weighed.allowed, "more": weighed.more, "fewer": weighed.fewer,
    }  # fmt: skip
    return Page(template="simulate.html", view=view, data=data)


def effect_of(weighed: Weighed, text: Agreement, names: dict[str, str], language: Language, *, compared: bool) -> Effect:
    """Return the effect of a text for a page in that language."""
    said = text.text[language]
    return Effect(
        weighed=weighed, compared=compared,
        tallies=[
            TallyRow(clause=each.clause, rule=RULES.get(each.rule), sentence=said.get(each.clause, ""), allowed=each.allowed, records=each.records)
            for each in weighed.tallies
        ],
        changes=[
            msgspec.structs.replace(_row(each.now, text, names, language), before=each.before.reason) for each in weighed.changes[:_SHEET]
        ],
    )  # fmt: skip


def purpose_of(asked: str) -> str:
    """Return the purpose that is asked about; settlement where none is. Raises `InputError` for one that is on no list."""
    if asked and asked not in PURPOSES:
        raise InputError(say("“{purpose}” is no purpose of the closed list: {known}.", purpose=asked[:40], known=", ".join(PURPOSES)))
    return asked or _PURPOSE


def _text(held: AgreementHeld, start: str, otherwise: str) -> Agreement:
    found = [text for name, text in held.history.texts.items() if name.startswith(start or otherwise)]
    if len(found) != 1:
        raise InputError(say("No text of this agreement, or several, begin with {came}.", came=(start or otherwise)[:64]))
    return found[0]


def _start(asked: str) -> int:
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 7):
        raise InputError(say("{field}: expected a whole number; this came: {came}", field="from", came=asked[:20]))
    return int(asked or "0")


def _row(each: Supposed, text: Agreement, names: dict[str, str], language: Language) -> SupposedRow:
    return SupposedRow(
        it=each, kind=label(RECORD_KINDS, each.kind), receiver=names.get(each.receiver, each.receiver),
        sentence=text.text[language].get(each.decision.clause, ""), href=path_to("records", each.record),
    )  # fmt: skip


ROUTES = [Route("GET", "/agreements/{agreement:str}/simulate", "read", show_simulation)]

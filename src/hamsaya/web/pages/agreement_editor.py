# SPDX-License-Identifier: Apache-2.0
"""Writing the text of an agreement: each clause as a form, with its sentences, its faults, and what the text would let leave.

Every button sends the whole form, and the page comes back with it: so it works without JavaScript, which only asks for the
same page while one types. Nothing is kept here before it is proposed.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.agreement.area import Area, misshapen
from hamsaya.agreement.charter import Agreement, lint, write_text
from hamsaya.agreement.clause import Names
from hamsaya.desk.agreements import agreement_of, cards_with
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.ports import Book
from hamsaya.desk.simulate import weigh
from hamsaya.desk.terms import in_microdegrees, read_clause, read_terms, read_with_faults, sample_terms, table_of
from hamsaya.desk.terms_form import (
    CLAUSE_FORMS,
    ClauseForm,
    Told,
    add_clause,
    drop_clause,
    move_clause,
    read_form,
    rows_in,
    told_of,
    write_form,
    write_terms,
)
from hamsaya.exchange.acts import Card
from hamsaya.facts.errors import HamsayaError, InputError, Refused
from hamsaya.facts.words import LANGUAGES, Language, Text, say
from hamsaya.web.form import Form
from hamsaya.web.names import party_names
from hamsaya.web.pages.lines import LineRow, rows_of
from hamsaya.web.pages.simulating import Effect, effect_of, purpose_of
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

MOST_FIELDS: Final = 4_000
"""Of the editor's form. A clause has up to thirteen fields and six for each of its zones: this is a text of sixty clauses with five
hundred zones between them. What is done with a form takes time in step with its fields, so the bound is a bound on that, too."""
_MOST_ASKED: Final = 300
"""Records that are asked about while one types; the page of the simulation asks more."""


class ClauseCard(msgspec.Struct, frozen=True, kw_only=True):
    """One clause: its form, its sentences in the order of `languages`, and what is wrong with it."""

    at: int
    kind: str
    form: ClauseForm | None
    number: str
    sentences: list[str]
    faults: list[Text]
    crooked: list[int]
    """Which of its zones, from 0, have a shape that is none."""


class EditorView(msgspec.Struct, frozen=True, kw_only=True):
    """What agreement_editor.html receives. `fields` holds what every field says."""

    fields: dict[str, list[str]]
    clauses: list[ClauseCard]
    forms: dict[str, ClauseForm]
    languages: list[Language]
    names: dict[str, str]
    """The parties of the text, own first."""
    neighbours: dict[str, str]
    """Whom this node trusts, by name."""
    partners: list[str]
    revises: str
    rows: dict[str, int]
    """For a field that is a list, by its name: how many rows of it are shown before the empty one."""
    faults: list[Text]
    """What is wrong with the text as a whole."""
    effect: Effect | None
    lines: list[LineRow]
    """What the map shows beside the zones."""
    terms: str
    """The text as a file of terms."""
    fresh: bool
    """True where nothing was typed yet."""
    alert: Text | None = None


def show_new(desk: Desk, visit: Visit) -> Answer:
    """Show a text to start from."""
    with desk.node.ledger.reading() as book:
        partners = [each.card.party for each in book.parties() if not each.own][:1]
    if not partners:
        raise Refused(say("This node trusts no neighbour yet."), rule="party")
    terms = told_of(read_terms(sample_terms(desk.node.party, partners[0], visit.now)))
    return _page(desk, visit, write_form(terms), partners, fresh=True)


def show_edit(desk: Desk, visit: Visit) -> Answer:
    """Show the text of an agreement, to start another one from it."""
    with desk.node.ledger.reading() as book:
        held = agreement_of(book, visit.params["agreement"])
    partners = [each.party for each in held.agreement.table.parties if each.party != desk.node.party]
    return _page(desk, visit, write_form(told_of(held.agreement.table)), partners, revises=held.hash, fresh=True)


def preview(desk: Desk, visit: Visit) -> Answer:
    """Show what was typed with its sentences, faults and effect; or first add, move or remove a clause. Changes nothing."""
    form = visit.form
    return _page(desk, visit, _after(form), _partners(form), revises=form.text("revises"))


def propose(desk: Desk, visit: Visit) -> Answer:
    """Propose the text to the parties. What is wrong with it comes back with the form."""
    form = visit.form
    typed = read_form(form.texts)
    try:
        for wrong in typed.faults.values():
            if wrong:
                raise InputError(wrong[0])
        terms = read_terms(write_terms(typed.told))
        text = propose_text(desk.node, visit.officer, terms, _partners(form), revises=form.text("revises"))
    except HamsayaError as error:
        return _page(desk, visit, dict(form.texts), _partners(form), revises=form.text("revises"), alert=error.what, status=400)
    for party in text.agreement.table.parties:
        if party.party != desk.node.party:
            desk.on_logged(party.party)
    return Go(to=path_to("agreements", terms.id), data={"agreement": terms.id, "text": text.hash})


def _partners(form: Form) -> list[str]:
    return list(dict.fromkeys(form.texts.get("partners", [])))


def _after(form: Form) -> dict[str, list[str]]:
    """Return the fields of the form after what its button asks for."""
    act, _, where = form.text("do").partition(".")
    at = int(where) if where.isascii() and where.isdigit() and len(where) < 4 else -1
    if act == "load":
        told, _ = read_with_faults(form.text("terms"))
        return write_form(told_of(told)) if told is not None else dict(form.texts)
    if act not in ("add", "up", "down", "drop"):
        return dict(form.texts)
    told_now: Told = read_form(form.texts).told
    if act == "add" and form.text("kind") in CLAUSE_FORMS:
        told_now = add_clause(told_now, form.text("kind"))
    elif act == "drop":
        told_now = drop_clause(told_now, at)
    elif act in ("up", "down"):
        told_now = move_clause(told_now, at, -1 if act == "up" else 1)
    return write_form(told_now)


def _page(
    desk: Desk, visit: Visit, fields: dict[str, list[str]], partners: list[str], *, revises: str = "", fresh: bool = False,
    alert: Text | None = None, status: int = 200,
) -> Page:  # fmt: skip
    typed = read_form(fields)
    fields = _in_order(fields, typed.told)
    with desk.node.ledger.reading() as book:
        named = party_names(book, visit.language)
        neighbours = [each.card.party for each in book.parties() if not each.own]
        cards, wrong = _cards(book, partners)
        before = _before(book, typed.told["id"], revises)
    languages: list[Language] = [visit.language, *(code for code in LANGUAGES if code != visit.language)]
    cards_of = [_clause(at, each, typed.faults.get(at, []), cards, languages) for at, each in enumerate(typed.told["clauses"])]
    text, faults = _text(typed.told, cards, exercise=desk.node.exercise)
    ready = not faults and not wrong and not any(each.faults for each in cards_of)
    effect = None
    if ready and text is not None:
        weighed = weigh(desk.node, text, before, purpose=purpose_of(visit.form.text("purpose")), most=_MOST_ASKED)
        effect = effect_of(weighed, text, named, visit.language, compared=before is not None)
    view = EditorView(
        fields=fields, clauses=cards_of, forms=CLAUSE_FORMS, languages=languages,
        names={card.party: named.get(card.party, card.party) for card in cards},
        neighbours={party: named.get(party, party) for party in neighbours},
        partners=partners, revises=revises, rows=_rows(fields, cards_of), faults=[*wrong, *faults], effect=effect,
        lines=rows_of(list(desk.node.lines())), terms=write_terms(typed.told), fresh=fresh, alert=alert,
    )  # fmt: skip
    told = {
        "faults": [str(each) for each in view.faults], "terms": view.terms,
        "clauses": [
            {"number": each.number, "type": each.kind, "sentences": dict(zip(languages, each.sentences, strict=False)),
             "faults": [str(fault) for fault in each.faults]} for each in cards_of
        ],
        "effect": {"allowed": effect.weighed.allowed, "asked": effect.weighed.records, "more": effect.weighed.more, "fewer": effect.weighed.fewer}
        if effect else None,
    }  # fmt: skip
    if alert is not None:
        told |= {"error": InputError.code, "what": str(alert), "hint": "", "rule": ""}
    return Page(template="agreement_editor.html", view=view, data=told, status=status)


def _in_order(fields: dict[str, list[str]], told: Told) -> dict[str, list[str]]:
    """Return the fields with the clauses named from 0 on, as they stand in the terms; what could not be read stays as typed."""
    found = sorted({int(name[1:].partition(".")[0]) for name in fields if name[:1] == "c" and name[1:].partition(".")[0].isdecimal()})
    known = [number for number in found if f"c{number}.type" in fields][: len(told["clauses"])]
    renamed = {name: values for name, values in fields.items() if name[:1] != "c" or not name[1:].partition(".")[0].isdecimal()}
    for at, number in enumerate(known):
        renamed |= {f"c{at}.{name.partition('.')[2]}": values for name, values in fields.items() if name.startswith(f"c{number}.")}
    return renamed | {name: [str(told[name])] for name in ("valid_from", "valid_until")}


def _rows(fields: dict[str, list[str]], cards: list[ClauseCard]) -> dict[str, int]:
    """Return how many rows of each list of a clause the page shows before the empty one."""
    rows: dict[str, int] = {}
    for card in cards:
        for field in card.form.fields if card.form else []:
            if field.kind == "rows":
                rows[f"c{card.at}.{field.name}"] = max(rows_in(fields, f"c{card.at}.{field.name}", field), default=-1) + 1
    return rows


def _cards(book: Book, partners: list[str]) -> tuple[list[Card], list[Text]]:
    try:
        return cards_with(book, partners), []
    except HamsayaError as error:
        return [each.card for each in book.parties() if each.own], [error.what]


def _before(book: Book, agreement: str, revises: str) -> Agreement | None:
    """Return the text that this one builds on."""
    texts = next((held.history.texts for held in book.agreements() if held.agreement.table.id == agreement), {})
    return texts.get(revises)


def _clause(at: int, told: Told, faults: list[Text], cards: list[Card], languages: list[Language]) -> ClauseCard:
    number, kind = str(told.get("number", "")), str(told.get("type", ""))
    clause, fault = read_clause(in_microdegrees({"clauses": [msgspec.json.decode(msgspec.json.encode(told))]})["clauses"][0], at + 1)
    sentences: list[str] = []
    wrong = [*faults, *([fault] if fault else [])]
    crooked = [at for at, zone in enumerate(clause.zones) if misshapen(zone)] if isinstance(clause, Area) else []
    if clause is not None:
        wrong += clause.faults([card.party for card in cards])
        if not wrong:
            names: Names = {code: {card.party: card.name.get(code) or card.name.get("en") or card.party for card in cards} for code in LANGUAGES}
            said = clause.sentences(names)
            sentences = [said[code] for code in languages]
    return ClauseCard(at=at, kind=kind, form=CLAUSE_FORMS.get(kind), number=number, sentences=sentences, faults=wrong, crooked=crooked)


def _text(told: Told, cards: list[Card], *, exercise: bool) -> tuple[Agreement | None, list[Text]]:
    """Return the text, or what is wrong with it beside its clauses."""
    terms, faults = read_with_faults(write_terms({**told, "clauses": []}))
    if terms is None or faults:
        return None, faults
    whole, wrong = read_with_faults(write_terms(told))
    if whole is None or wrong:
        return None, [] if whole is not None else wrong
    table = table_of(whole, cards, exercise=exercise)
    inside = {str(say("Clause {number}: {fault}", number=each.number, fault=fault))
              for each in table.clauses for fault in each.faults([card.party for card in cards])}  # fmt: skip
    found = [each for each in lint(table) if str(each) not in inside]
    return (None, found) if found or inside else (write_text(table), [])


ROUTES = [
    Route("GET", "/agreements/new", "read", show_new),
    Route("POST", "/agreements/new", "read", preview, harmless=True, max_fields=MOST_FIELDS),
    Route("GET", "/agreements/{agreement:str}/edit", "read", show_edit),
    Route("POST", "/agreements", "negotiate", propose, max_fields=MOST_FIELDS),
]

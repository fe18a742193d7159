# SPDX-License-Identifier: Apache-2.0
"""An officer adds a claim to a draft in two steps: the words of the text and what kind of fact they tell, then its value. No script is needed.

What the words themselves tell (a number, a code, a time, a place) is proposed in the form; the officer keeps it or writes another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from hamsaya.desk.adding import add_claim, places_of, sentence_around, span_in
from hamsaya.desk.documents import document_of, text_of
from hamsaya.desk.drafts import draft_of
from hamsaya.desk.holdings import DraftHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.stale import Stale
from hamsaya.facts.claims import CHOICES, CODES, GROUP_CODES, PREDICATES, PROPERTY_CODES, Claim, Predicate, Speaker
from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value, Words
from hamsaya.facts.words import Text, say
from hamsaya.web.claim_form import FIELDS, claim_from, fields_of
from hamsaya.web.data import builtins
from hamsaya.web.labels import label
from hamsaya.web.pages.claims import Entry, entry_of, read_time
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentence
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_ASKED: Final = ("words", "which", "predicate")
_MUST: Final = frozenset({"low", "high", "code"})
"""Fields that stand empty until the words or an officer fill them: no number and no code is taken for granted."""


class AddView(msgspec.Struct, frozen=True, kw_only=True):
    """What add.html receives. Without `entries` the words are asked for, else the value."""

    held: DraftHeld
    words: str
    which: str
    places: int
    """How often the words stand in the text."""
    predicate: str
    predicates: dict[str, Text]
    label: Text
    sentence: Sentence | None
    entries: list[Entry]
    back: str
    action: str
    fault: InputError | None


def show_adding(desk: Desk, visit: Visit) -> Answer:
    """Ask for the words, or, once they are known, for the value that they tell."""
    asked = {name: visit.query.get(name, "") for name in _ASKED}
    with desk.node.ledger.reading() as book:
        held = draft_of(book, visit.params["draft"])
        if held.state != "open":
            return Go(to=_back(held), data=builtins(held))
        return _page(desk, book, held, asked, {}, None)


def add(desk: Desk, visit: Visit) -> Answer:
    """Add the claim. What cannot be kept is shown again with what was typed."""
    form = visit.form
    asked = {name: form.text(name) for name in _ASKED}
    typed = {name: form.text(f"v.{name}") for name in FIELDS if f"v.{name}" in form.texts}
    sent = {**dict.fromkeys(_MUST, ""), **typed}
    try:
        blank = _blank(asked["predicate"], _first_speaker(desk, visit))
        claim = claim_from(blank, sent, desk.node.zone, read_time(desk))
        if claim.about is not None and not claim.about.code:
            claim = msgspec.structs.replace(claim, about=None)
        held = add_claim(desk.node, visit.officer, visit.params["draft"], claim, asked["words"], _which(asked["which"]), seen=form.number("seen"))
    except Stale:
        raise
    except InputError as error:
        with desk.node.ledger.reading() as book:
            return _page(desk, book, draft_of(book, visit.params["draft"]), asked, typed, error)
    return Go(to=f"{_back(held)}-{held.body.claims[-1].id}", data=builtins(held))


def _page(desk: Desk, book: Book, held: DraftHeld, asked: Mapping[str, str], sent: Mapping[str, str], fault: InputError | None) -> Page:
    document = document_of(book, held.document)
    text, words = text_of(book, held.document), asked["words"].strip()
    places, sentence, entries = places_of(text, words), None, []
    predicate = PREDICATES.get(asked["predicate"])
    if words and predicate is not None:
        try:
            excluded = [(start, end) for start, end, _ in document.excluded]
            span = span_in(text, held.document, excluded, words, _which(asked["which"]))
            sentence = Sentence(
                origin="document", before=text[span.sentence_start : span.start], marked=text[span.start : span.end],
                after=text[span.end : span.sentence_end], document=held.document,
            )  # fmt: skip
            entries = _entries(desk, held, asked["predicate"], predicate, text[span.start : span.end], sent)
        except InputError as error:
            fault = fault or error
    view = AddView(
        held=held, words=words, which=asked["which"], places=len(places), predicate=asked["predicate"],
        predicates={name: each.label for name, each in PREDICATES.items()}, label=predicate.label if predicate else Text(""), sentence=sentence,
        entries=entries, back=_back(held), action=path_to("drafts", held.draft, "add"), fault=fault,
    )  # fmt: skip
    data: dict[str, object] = {
        "draft": held.draft, "words": words, "places": [sentence_around(text, *each) for each in places], "predicate": asked["predicate"],
        "fields": {each.name: each.value for each in entries}, "seen": held.entry,
    }  # fmt: skip
    if fault is None:
        return Page(template="add.html", view=view, data=data)
    told = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint) if fault.hint else "", "rule": ""}
    return Page(template="add.html", view=view, data={**data, **told}, status=400)


def _entries(desk: Desk, held: DraftHeld, name: str, predicate: Predicate, words: str, sent: Mapping[str, str]) -> list[Entry]:
    """Return the form of the value, with what was typed, or else what the words themselves tell."""
    blank = _blank(name, _speaker(held))
    proposed = _proposed(desk, name, predicate, words)
    shown = fields_of(blank, desk.node.zone) | dict.fromkeys(_MUST & fields_of(blank, desk.node.zone).keys(), "")
    if proposed is not None:
        shown |= {
            field: value
            for field, value in fields_of(msgspec.structs.replace(blank, value=proposed), desk.node.zone).items()
            if field not in ("about", "about_country")
        }
    shown |= {field: value for field, value in sent.items() if field in shown}
    return [_narrowed(entry_of(field, shown[field]), name, predicate) for field in FIELDS if field in shown]


def _narrowed(entry: Entry, name: str, predicate: Predicate) -> Entry:
    """Return the field with the codes that this kind of fact takes; where one must be chosen, with none chosen for the officer."""
    codes = CHOICES.get(name, ()) if entry.name == "code" else (PROPERTY_CODES if name == "damage" else GROUP_CODES) if entry.name == "about" else ()
    if not codes or not (entry.name == "code" or predicate.per_group):
        return entry
    listed = [("", say("— choose —")), *((code, label(CODES, code)) for code in codes)]
    if entry.value and entry.value not in codes:
        listed.append((entry.value, label(CODES, entry.value)))
    return msgspec.structs.replace(entry, choices=listed)


def _proposed(desk: Desk, name: str, predicate: Predicate, words: str) -> Value | None:
    """Return what the words tell, as a field of a report would read them; None where they tell nothing that is understood."""
    node = desk.node
    try:
        if predicate.value is Count:
            return msgspec.structs.replace(node.dictation.count(words).count, words=words)
        if predicate.value is Moment:
            return msgspec.structs.replace(node.dictation.moment(words, zone=node.zone, now=node.now()), words=words)
        if predicate.value is Coded and name in CHOICES:
            found = node.dictation.coded(words, CHOICES[name])
            return found if found.code not in ("other", "unknown_group") else None
        if predicate.value is Place:
            return node.dictation.place(words, ref="", language=node.dictation.language(words)).place
    except InputError:
        return None
    return None


def _blank(name: str, speaker: Speaker) -> Claim:
    predicate = PREDICATES.get(name)
    if predicate is None:
        raise InputError(say("There is no kind of fact “{came}”.", came=name[:40] or "—"))
    values: dict[type[Value], Value] = {
        Count: Count(low=0, high=0), Coded: Coded(code=""), Depth: Depth(low_m=0, high_m=0, territory=""), Words: Words(text=""),
        Moment: Moment(start=None, end=None, precision="open"), Place: Place(words="", precision="unknown"),
    }  # fmt: skip
    return Claim(id="h", predicate=name, value=values[predicate.value], speaker=speaker, about=Coded(code="") if predicate.per_group else None)


def _first_speaker(desk: Desk, visit: Visit) -> Speaker:
    with desk.node.ledger.reading() as book:
        return _speaker(draft_of(book, visit.params["draft"]))


def _speaker(held: DraftHeld) -> Speaker:
    """Return who speaks in the draft until the officer says otherwise: the office itself, or the text."""
    return Speaker(kind="own" if held.body.basis == "own" else "press")


def _which(text: str) -> int:
    if not text.strip():
        return 0
    if not (text.strip().isdecimal() and len(text.strip()) <= 4):
        raise InputError(say("Which of the places is meant is a number; this came: {came}", came=text[:20]))
    return int(text)


def _back(held: DraftHeld) -> str:
    return f"{path_to('documents', held.document)}#{held.draft}"


ROUTES = [
    Route("GET", "/drafts/{draft:str}/add", "file", show_adding),
    Route("POST", "/drafts/{draft:str}/add", "file", add),
]

# SPDX-License-Identifier: Apache-2.0
"""One claim of a draft, corrected by an officer beside the sentence it rests on. What the machine proposed stays in the journal."""

from __future__ import annotations

import msgspec

from hamsaya.desk.drafts import open_draft
from hamsaya.desk.holdings import DraftHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.review import claim_of, edit_claim
from hamsaya.desk.stale import Stale
from hamsaya.facts.claims import CODES, HEDGES, NATURES
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say
from hamsaya.tongues.values import PRECISIONS
from hamsaya.web.claim_form import FIELDS, ReadTime, claim_from, fields_of
from hamsaya.web.data import builtins
from hamsaya.web.paths import path_to
from hamsaya.web.statements import SPEAKERS, Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_RELATIONS: dict[str, Text] = {"": say("no relation"), "near": say("near"), "in": say("in"), "inside": say("inside")}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the form. `choices` where it takes one of a list; `tick` where it is a box."""

    name: str
    label: Text
    value: str
    choices: list[tuple[str, Text]] = []
    tick: bool = False
    ltr: bool = False
    """True for numbers, codes and times, which read from left to right in every language."""


class ClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """What claim.html receives. `fault` says why what was sent could not be kept; what was typed stands in `entries`."""

    held: DraftHeld
    statement: Statement
    entries: list[Entry]
    back: str
    action: str
    fault: InputError | None = None


def show_claim(desk: Desk, visit: Visit) -> Answer:
    """Show the form of one claim."""
    with desk.node.ledger.reading() as book:
        return _page(desk, book, visit, None)


def edit(desk: Desk, visit: Visit) -> Answer:
    """Correct the claim. What cannot be kept is shown again with what was typed."""
    name, form = visit.params["draft"], visit.form
    with desk.node.ledger.reading() as book:
        before = claim_of(open_draft(book, name), visit.params["claim"])
    try:
        made = claim_from(before, {field: form.text(field) for field in FIELDS if field in form.texts}, desk.node.zone, read_time(desk))
        held = edit_claim(desk.node, visit.officer, name, made, seen=form.number("seen"))
    except Stale:
        raise
    except InputError as error:
        with desk.node.ledger.reading() as book:
            return _page(desk, book, visit, error)
    return Go(to=_back(held, before.id), data=builtins(held))


def read_time(desk: Desk) -> ReadTime:
    """Return the reader of times as an officer types them now, the one that reads reports."""
    return lambda text: desk.node.dictation.moment(text, zone=desk.node.zone, now=desk.node.now())


def _page(desk: Desk, book: Book, visit: Visit, fault: InputError | None) -> Page:
    held = open_draft(book, visit.params["draft"])
    claim = claim_of(held, visit.params["claim"])
    shown = fields_of(claim, desk.node.zone)
    typed = {name: visit.form.text(name, "" if name == "more" else shown[name]) for name in shown} if fault else shown
    view = ClaimView(
        held=held, statement=Sentences(book).state(claim), entries=[entry_of(name, typed[name]) for name in FIELDS if name in shown],
        back=_back(held, claim.id), action=path_to("drafts", held.draft, "claims", claim.id), fault=fault,
    )  # fmt: skip
    data: dict[str, object] = {"draft": held.draft, "claim": builtins(claim), "fields": typed, "seen": held.entry}
    if fault is None:
        return Page(template="claim.html", view=view, data=data)
    told = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint) if fault.hint else "", "rule": ""}
    return Page(template="claim.html", view=view, data={**data, **told}, status=400)


def _back(held: DraftHeld, claim: str) -> str:
    return f"{path_to('documents', held.document)}#{held.draft}-{claim}"


def entry_of(name: str, value: str) -> Entry:
    """Return one field of the form of a claim."""
    choices = {
        "precision": PRECISIONS, "relation": _RELATIONS, "code": CODES, "about": CODES, "hedge": HEDGES, "speaker": SPEAKERS, "nature": NATURES,
    }.get(name, {})  # fmt: skip
    listed = list(choices.items())
    if listed and value not in choices:
        listed.append((value, Text(value)))
    return Entry(
        name=name, label=FIELDS[name], value=value, choices=listed, tick=name == "more",
        ltr=name in ("low", "high", "territory", "country", "about_country", "side", "lon", "lat", "radius", "from", "to"),
    )  # fmt: skip


ROUTES = [
    Route("GET", "/drafts/{draft:str}/claims/{claim:str}", "file", show_claim),
    Route("POST", "/drafts/{draft:str}/claims/{claim:str}", "file", edit),
]

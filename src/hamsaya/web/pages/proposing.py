# SPDX-License-Identifier: Apache-2.0
"""Proposing a release: before anything is sent, exactly the bytes that would leave, what stays here, and what the agreement says.

The form carries a token: under it the bytes that were shown are the bytes that are proposed, and sent twice it makes one
release. What was typed comes back whenever it is not sent on: without purpose or necessity, and when other bytes would
leave than were shown.
"""

from __future__ import annotations

import msgspec

from hamsaya.agreement.asked import MIN_NECESSITY_WORDS
from hamsaya.agreement.decision import RULES
from hamsaya.agreement.omitted import PARTS, omitted
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.agreement.standing_approval import Alone
from hamsaya.desk.grounds import grounds_known
from hamsaya.desk.release import Preview, preview_release, propose_release
from hamsaya.desk.reports import new_token
from hamsaya.desk.stale import Stale
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.errors import Refused
from hamsaya.facts.records import RECORD_KINDS, Record
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.settlement.courses import COURSES
from hamsaya.web.data import builtins
from hamsaya.web.form import Form
from hamsaya.web.labels import label
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A field that stays here or leaves coarser, for the own officers."""

    statement: Statement
    part: Text


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """The copy that would leave: as the receiver would read it, and as the very bytes."""

    content: str
    size: int
    hash: str
    statements: list[Statement]
    missing: list[Missing]
    withheld: int


class ProposeView(msgspec.Struct, frozen=True, kw_only=True):
    """What propose.html receives. `alert` says why what was sent was not sent on."""

    record: str
    kind: Text
    version: int
    neighbours: list[tuple[str, str]]
    purposes: dict[str, Text]
    grounds: dict[str, Text]
    min_words: int
    typed: Typed
    token: str
    leaving: Leaving
    allowed: bool
    complete: bool
    """True once purpose and necessity are given."""
    reason: Text
    rule: Text | None
    rule_code: str
    clause: str
    sentence: str
    """The clause in the reader's language, as it was signed."""
    alone: Alone | None
    """By which standing approval one officer is enough: then it leaves as soon as it is sent."""
    alone_sentence: str
    agreement: str
    standing: Text
    alert: Text | None = None


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer typed."""

    receiver: str = ""
    purpose: str = ""
    necessity: str = ""
    grounds: list[str] = []
    danger: bool = False


def show_form(desk: Desk, visit: Visit) -> Answer:
    """Show the form with the bytes that would leave."""
    record = visit.params["record"]
    typed = Typed(receiver=_receiver(desk, visit.query.get("to", "")), purpose=_purpose(desk, record))
    return _page(desk, visit, record, typed, new_token(desk.node))


def _purpose(desk: Desk, record: str) -> str:
    """Return the purpose with which the form begins: the likeliest of what opens or answers such a matter; empty for others."""
    with desk.node.ledger.reading() as book:
        held = book.versions(record)
        opening = book.versions(held[-1].record.answers) if held and held[-1].record.answers else held
    course = COURSES.get(opening[-1].record.kind) if opening else None
    return next(iter(course.purposes), "") if course else ""


def _receiver(desk: Desk, party: str) -> str:
    """Return the party if it is a neighbour; else the first one of the form's list, which is what the form shows as chosen."""
    with desk.node.ledger.reading() as book:
        neighbours = [each.card.party for each in book.parties() if not each.own]
    return party if party in neighbours else next(iter(neighbours), "")


def preview(desk: Desk, visit: Visit) -> Answer:
    """Show the form again with what the agreement says to what was typed. Sends nothing, keeps nothing."""
    return _page(desk, visit, visit.params["record"], _typed(visit.form), visit.form.text("token"))


def propose(desk: Desk, visit: Visit) -> Answer:
    """Propose a release. A refusal by clause or rule is an answer, not an error: the release is kept, refused.

    A form that shows the bytes carries a token and their hash; a program may propose without either. Only who asks for it with
    `alone` releases under a standing approval: no button that says something else does.
    """
    form, typed = visit.form, _typed(visit.form)
    record, token = form.text("record"), form.text("token")
    if token and not _complete(typed):
        alert = say("Nothing was sent: purpose and necessity must be given first.")
        return _page(desk, visit, record, typed, token, alert=alert, status=400)
    try:
        held = propose_release(
            desk.node, visit.officer, record, receiver=typed.receiver, purpose=typed.purpose, necessity=typed.necessity, grounds=typed.grounds,
            danger=typed.danger, ask_second=not form.text("alone"), token=token, content_hash=form.text("bytes"),
        )  # fmt: skip
    except Stale as stale:
        return _page(desk, visit, record, typed, new_token(desk.node), alert=stale.what, status=409)
    if held.condition == "logged":
        desk.on_logged(held.receiver)
    return Go(to=path_to("releases", held.release), data=builtins(held))


def leaving_of(record: Record | None, content: bytes, withheld: int, hashed: str) -> Leaving:
    """Return the copy in `content` for a page; `record` is the own version, by which is told what stays here."""
    copy = read(content, ReleasedRecord).record if content else None
    sentences = Sentences(None)
    statements = [sentences.state(claim, number) for number, claim in enumerate(copy.claims, 1)] if copy else []
    missing = omitted(record, copy) if record and copy else []
    return Leaving(
        content=content.decode("utf-8", "replace"), size=len(content), hash=hashed if content else "", statements=statements, withheld=withheld,
        missing=[Missing(statement=sentences.state(each.claim), part=PARTS[each.part]) for each in missing],
    )  # fmt: skip


def _typed(form: Form) -> Typed:
    return Typed(
        receiver=form.text("receiver"), purpose=form.text("purpose"), necessity=form.text("necessity"), grounds=form.texts.get("grounds", []),
        danger=bool(form.text("danger")),
    )  # fmt: skip


def _complete(typed: Typed) -> bool:
    return bool(typed.purpose) and len(typed.necessity.split()) >= MIN_NECESSITY_WORDS


def _page(desk: Desk, visit: Visit, record: str, typed: Typed, token: str, *, alert: Text | None = None, status: int = 200) -> Page:
    shown = preview_release(
        desk.node, visit.officer, record, receiver=typed.receiver, purpose=typed.purpose, necessity=typed.necessity, grounds=typed.grounds,
        danger=typed.danger, token=token,
    )  # fmt: skip
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        neighbours = [(party.card.party, names[party.card.party]) for party in book.parties() if not party.own]
        grounds = grounds_known(book)
    decision = shown.decision
    view = ProposeView(
        record=record, kind=label(RECORD_KINDS, shown.version.kind), version=shown.version.version, neighbours=neighbours, purposes=PURPOSES,
        grounds=grounds, min_words=MIN_NECESSITY_WORDS, typed=msgspec.structs.replace(typed, receiver=shown.receiver), token=token,
        leaving=leaving_of(shown.version, shown.content.encode(), shown.withheld, shown.hash), allowed=decision.allowed, complete=_complete(typed),
        reason=decision.reason, rule=RULES.get(decision.rule), rule_code=decision.rule, clause=decision.clause, sentence=_sentence(shown, visit),
        alone=shown.alone, alone_sentence=_sentence(shown, visit, shown.alone.clause) if shown.alone else "",
        agreement=shown.agreement.agreement.table.id if shown.agreement else "", standing=shown.standing.reason, alert=alert,
    )  # fmt: skip
    data: dict[str, object] = {
        "record": record, "version": view.version, "receiver": shown.receiver, "token": token, "bytes": shown.hash, "content": shown.content,
        "withheld": shown.withheld, "decision": builtins(decision), "agreement": view.agreement,
        "alone": builtins(shown.alone) if shown.alone else None,
    }  # fmt: skip
    if alert is not None:
        data |= {"error": Refused.code, "what": str(alert), "hint": "", "rule": "bytes" if status == 409 else decision.rule}
    return Page(template="propose.html", view=view, data=data, status=status)


def _sentence(shown: Preview, visit: Visit, clause: str = "") -> str:
    return "" if shown.agreement is None else shown.agreement.agreement.text.get(visit.language, {}).get(clause or shown.decision.clause, "")


ROUTES = [
    Route("GET", "/records/{record:str}/release", "propose", show_form),
    Route("POST", "/records/{record:str}/release", "propose", preview),
    Route("POST", "/releases", "propose", propose),
]

# SPDX-License-Identifier: Apache-2.0
"""Consents of originators: those that neighbours ask of us, those that we ask, and the form to ask (F4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from hamsaya.agreement.asked import MIN_NECESSITY_WORDS
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.consents import answer_consent, ask_consent, revoke_consent
from hamsaya.desk.consents_held import ConsentHeld
from hamsaya.desk.filters import read_day
from hamsaya.desk.linked import link_received
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import CONSENTS, Badge, badge, label
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class ConsentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request in words. `ours` says that this node asked; `open` that it can be answered, `revocable` that it holds."""

    held: ConsentHeld
    asker: str
    originator: str
    receiver: str
    purpose: Text
    fields: list[Text]
    badge: Badge
    ours: bool
    open: bool
    revocable: bool
    until: datetime | None
    record_href: str
    own_href: str


class ConsentsView(msgspec.Struct, frozen=True, kw_only=True):
    """What consents.html receives, those that wait for this node's answer first."""

    rows: list[ConsentRow]


class AskView(msgspec.Struct, frozen=True, kw_only=True):
    """What ask.html receives. `alert` says why what was sent was not sent on."""

    record: str
    links: list[tuple[str, str, int, str]]
    """What it rests on: name of the originator, record, version, and where that is shown."""
    neighbours: list[tuple[str, str]]
    purposes: dict[str, Text]
    min_words: int
    receiver: str
    purpose: str
    necessity: str
    alert: Text | None = None
    advice: Text | None = None


def list_consents(desk: Desk, visit: Visit) -> Answer:
    """List the requests for consent, ours and our neighbours'."""
    with desk.node.ledger.reading() as book:
        names, held = party_names(book, visit.language), book.consent_requests()
    rows = [_row(desk, each, names, visit.now) for each in reversed(held)]
    rows.sort(key=lambda row: row.ours or not row.open or row.held.last is not None)
    data = {"consents": [{**builtins(row.held), "state": row.held.state(visit.now)} for row in rows]}
    return Page(template="consents.html", view=ConsentsView(rows=rows), data=data)


def answer(desk: Desk, visit: Visit) -> Answer:
    """Grant or refuse what a neighbour asked for; it learns of it at the next exchange."""
    form = visit.form
    said = form.text("answer")
    if said not in ("grant", "refuse"):
        raise InputError(say("answer: expected {known}; this came: {came}", known="grant, refuse", came=said[:20] or "—"))
    until = _end_of(desk, form.text("until")) if said == "grant" else None
    held = answer_consent(desk.node, visit.officer, form.text("asker"), form.text("request"), granted=said == "grant", until=until)
    return _answered(desk, visit, held)


def revoke(desk: Desk, visit: Visit) -> Answer:
    """Take a consent back."""
    return _answered(desk, visit, revoke_consent(desk.node, visit.officer, visit.form.text("asker"), visit.form.text("request")))


def _answered(desk: Desk, visit: Visit, held: ConsentHeld) -> Go:
    desk.on_logged(held.asker)
    return Go(to=f"/consents#{held.asked.request}", data={**builtins(held), "state": held.state(visit.now)})


def _end_of(desk: Desk, day: str) -> datetime | None:
    """Return the end of a day in this node's zone, or None for an empty text."""
    if not day.strip():
        return None
    return datetime.combine(read_day(day, "until") + timedelta(days=1), datetime.min.time(), ZoneInfo(desk.node.zone))


def show_form(desk: Desk, visit: Visit) -> Answer:
    """Show the form to ask for consent."""
    return _page(desk, visit)


def ask(desk: Desk, visit: Visit) -> Answer:
    """Ask each originator whose consent is missing. What cannot be asked is shown again with what was typed."""
    form = visit.form
    try:
        asked = ask_consent(
            desk.node, visit.officer, visit.params["record"], receiver=form.text("receiver"), purpose=form.text("purpose"),
            necessity=form.text("necessity"),
        )  # fmt: skip
    except NotFound:
        raise
    except (InputError, Refused) as error:
        if isinstance(error, Refused) and error.rule == "role":
            raise
        return _page(desk, visit, error)
    for party in dict.fromkeys(each.originator for each in asked):
        desk.on_logged(party)
    return Go(to=f"/consents#{asked[0].asked.request}", data={"asked": [builtins(each) for each in asked]})


def link(desk: Desk, visit: Visit) -> Answer:
    """File what a neighbour sent as a record of our own, linked to it."""
    held, before = link_received(desk.node, visit.officer, visit.params["record"])
    to = f"{path_to('records', held.record.id)}?filed={'before' if before else 'now'}"
    return Go(to=to, data={**builtins(held), "repeated": before})


def _page(desk: Desk, visit: Visit, fault: InputError | Refused | None = None) -> Page:
    name, form = visit.params["record"], visit.form
    with desk.node.ledger.reading() as book:
        versions, names = book.versions(name), party_names(book, visit.language)
        if not versions:
            raise NotFound(say("There is no record {came}.", came=name[:40] or "—"), say("`hamsaya record list` shows what is filed."))
        own = [each.record for each in versions if not each.received_from and not each.withdrawn_by]
        neighbours = [(party.card.party, names[party.card.party]) for party in book.parties() if not party.own]
    if not own:
        raise Refused(
            say("Record {record} is no standing record of this node.", record=name),
            say("What a neighbour sent is filed as a record of one's own first, linked to it."),
            rule="originator",
        )
    links = [(names.get(each.party, each.party), each.record, each.version, path_to("records", each.record)) for each in own[-1].derived]
    told = {each.party for each in own[-1].derived}
    view = AskView(
        record=name, links=links, neighbours=[each for each in neighbours if each[0] not in told] or neighbours, purposes=PURPOSES,
        min_words=MIN_NECESSITY_WORDS, receiver=form.text("receiver") or visit.query.get("to", ""), purpose=form.text("purpose"),
        necessity=form.text("necessity"), alert=fault.what if fault else None, advice=fault.hint if fault else None,
    )  # fmt: skip
    data: dict[str, object] = {"record": name, "derived": [builtins(each) for each in own[-1].derived]}
    if fault is None:
        return Page(template="ask.html", view=view, data=data)
    told_why = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint or ""), "rule": getattr(fault, "rule", "")}
    return Page(template="ask.html", view=view, data={**data, **told_why}, status=400 if isinstance(fault, InputError) else 403)


def _row(desk: Desk, held: ConsentHeld, names: dict[str, str], now: datetime) -> ConsentRow:
    asked, state = held.asked, held.state(now)
    ours = held.asker == desk.node.party
    return ConsentRow(
        held=held, asker=names.get(held.asker, held.asker), originator=names.get(held.originator, held.originator),
        receiver=names.get(asked.receiver, asked.receiver), purpose=label(PURPOSES, asked.purpose),
        fields=[PREDICATES[field].label if field in PREDICATES else Text(field) for field in asked.fields], badge=badge(CONSENTS, state), ours=ours,
        open=not ours and not (held.last and held.last.granted), revocable=not ours and state == "granted",
        until=held.last.until if held.last and held.last.granted else None, record_href=path_to("records", asked.record),
        own_href=path_to("records", held.own_record) if held.own_record else "",
    )  # fmt: skip


ROUTES = [
    Route("GET", "/consents", "read", list_consents),
    Route("POST", "/consents/answer", "approve", answer),
    Route("POST", "/consents/revoke", "recall", revoke),
    Route("GET", "/records/{record:str}/consent", "propose", show_form),
    Route("POST", "/records/{record:str}/consent", "propose", ask),
    Route("POST", "/records/{record:str}/link", "file", link),
]

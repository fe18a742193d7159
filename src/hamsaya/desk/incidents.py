# SPDX-License-Identifier: Apache-2.0
"""One incident as this node knows it: every account, and per field who agrees, differs, or is silent."""

from __future__ import annotations

import msgspec

from hamsaya.accounts.compare import Account, Field, accounts_of, compare
from hamsaya.accounts.happened import Happened, happened
from hamsaya.desk.events import IncidentLinked, IncidentUnlinked
from hamsaya.desk.filters import Filter
from hamsaya.desk.holdings import LinkHeld, Officer, Party, RecordHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
from hamsaya.desk.sheets import SHEET, Sheet
from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.words import say


class IncidentView(msgspec.Struct, frozen=True, kw_only=True):
    """The two-sided view. `sides` are states, this node's own first."""

    incident: str
    sides: list[str]
    accounts: list[Account]
    held: dict[str, RecordHeld]
    """By record id: where each account came from."""
    fields: list[Field]
    struck: list[RecordHeld] = []
    """Versions that were withdrawn: shown as struck, compared with nothing."""
    links: list[LinkHeld] = []
    """The links under which other incidents go on as this one."""

    @property
    def happened(self) -> Happened | None:
        """Return which accounts say that it did not happen, and which say that it did; None where none was closed."""
        return happened(self.accounts)

    def keys(self, state: str) -> list[str]:
        """Return the fields in that state."""
        return [field.key for field in self.fields if field.state == state]


def view_incident(book: Book, incident: str) -> IncidentView:
    """Return the incident as this node knows it now. Raises `NotFound`."""
    name = book.incident_name(incident)
    held = book.records(incident=name) if name else []  # no name must not stand for every record
    struck = book.struck(incident=name) if name else []
    if not held and not struck:
        raise NotFound(say("There is no incident {came}.", came=incident[:40] or "—"), say("`hamsaya incident show` lists them."))
    return msgspec.structs.replace(view_of(name, held, book.parties()), struck=struck, links=book.links_of(name))


def view_incidents(book: Book, asked: Filter, after: str = "", limit: int = SHEET) -> Sheet[tuple[str, list[RecordHeld]]]:
    """Return a sheet of incidents of which an account fits the filter, newest first: each name, and all that is held of it.

    `view_of` makes the two-sided view of one, which can fail for what a neighbour sent without hiding the others.
    """
    names = book.incidents_page(asked, after, limit)
    held: dict[str, list[RecordHeld]] = {name: [] for name in names.rows}
    roots: dict[str, str] = {}
    for each in book.records_of(names.rows):
        told = each.record.incident
        root = roots.setdefault(told, told if told in held else book.incident_name(told))
        held[root].append(each)
    return names.map(lambda name: (name, held[name]))


def view_of(incident: str, held: list[RecordHeld], parties: list[Party]) -> IncidentView:
    """Return the two-sided view of an incident from all that is held of it."""
    sides = list(dict.fromkeys(party.card.country for party in parties))
    accounts = accounts_of([each.record for each in held], {party.card.party: party.card.country for party in parties})
    held_by = {each.record.id: each for each in held}
    return IncidentView(incident=incident, sides=sides, accounts=accounts, held=held_by, fields=compare(accounts, sides))


def link_incident(node: Node, officer: Officer, incident: str, into: str, *, as_seen: bool = False) -> str:
    """Say that two incidents are the same event; the first goes on under the name of the second. Returns that name.

    With `as_seen` both must still stand under the names that the officer saw. Raises `Stale` where one was linked since.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        if as_seen:
            check_names(pen, incident, into)
        one, other = pen.incident_name(incident), pen.incident_name(into)
        missing = [name for name in (one, other) if not pen.has_incident(name)]
        if missing:
            raise NotFound(say("There is no incident {came}.", came=missing[0][:40]))
        if one == other:
            raise InputError(say("Both are the same incident already."))
        if any({each.incident, each.other} == {one, other} for each in pen.relations_of(one)):
            raise InputError(
                say("An officer said that one of these led to the other or answers it: then they are two."), say("Take that back first.")
            )
        pen.journal(IncidentLinked(incident=one, into=other), officer)
        return other


def unlink_incident(node: Node, officer: Officer, incident: str, into: str) -> str:
    """Take back the link by which `incident` goes on under `into`; it stands under its own name again. Returns that name.

    What was filed under the other name since then stays there. Raises `NotFound` where there is no such link, and
    `Stale` where it was taken back before.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        links = {(link.incident, link.into) for link in pen.links_of(incident)}
        if (incident, into) not in links:
            what = say("{incident} does not go on under {into}.", incident=incident[:40] or "—", into=into[:40] or "—")
            known = pen.has_incident(incident) and pen.has_incident(into)
            raise Stale(what, say("The link may have been taken back before.")) if known else NotFound(what)
        pen.journal(IncidentUnlinked(incident=incident, into=into), officer)
        return incident


def find_incident(book: Book, incident: str) -> str:
    """Return the name under which an incident goes on. Raises `NotFound` for one of which nothing stands here."""
    name = book.incident_name(incident)
    if not book.has_incident(name):
        raise NotFound(say("There is no incident {came}.", came=incident[:40] or "—"), say("`hamsaya incident show` lists them."))
    return name


def check_names(book: Book, *names: str) -> None:
    """Return if each still stands under its own name. Raises `Stale` where it was linked to another since."""
    for name in names:
        link = next((link for link in book.links_of(name) if link.incident == name), None)
        if link is not None:
            raise Stale(
                say("{incident} goes on under {into} since then.", incident=name, into=link.into),
                say("Open it under that name, then decide."),
                by=link.office, at=link.at,
            )  # fmt: skip

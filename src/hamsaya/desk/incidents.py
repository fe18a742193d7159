# SPDX-License-Identifier: Apache-2.0
"""One incident as this node knows it: every account, and per field who agrees, differs, or is silent."""

from __future__ import annotations

import msgspec

from hamsaya.accounts.compare import Account, Field, accounts_of, compare
from hamsaya.desk.events import IncidentLinked
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
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

    def keys(self, state: str) -> list[str]:
        """Return the fields in that state."""
        return [field.key for field in self.fields if field.state == state]


def view_incident(book: Book, incident: str) -> IncidentView:
    """Return the incident as this node knows it now. Raises `NotFound`."""
    name = book.incident_name(incident)
    held = book.records(incident=name) if name else []  # no name must not stand for every record
    if not held:
        raise NotFound(say("There is no incident {came}.", came=incident[:40] or "—"), say("`hamsaya incident show` lists them."))
    parties = book.parties()
    sides = list(dict.fromkeys(party.card.country for party in parties))
    accounts = accounts_of([each.record for each in held], {party.card.party: party.card.country for party in parties})
    return IncidentView(incident=name, sides=sides, accounts=accounts, held={each.record.id: each for each in held}, fields=compare(accounts, sides))


def link_incident(node: Node, officer: Officer, incident: str, into: str) -> str:
    """Say that two incidents are the same event; the first goes on under the name of the second. Returns that name."""
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        known = pen.incidents()
        one, other = pen.incident_name(incident), pen.incident_name(into)
        missing = [name for name in (one, other) if name not in known]
        if missing:
            raise NotFound(say("There is no incident {came}.", came=missing[0][:40]))
        if one == other:
            raise InputError(say("Both are the same incident already."))
        pen.journal(IncidentLinked(incident=one, into=other), officer)
        return other

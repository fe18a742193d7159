# SPDX-License-Identifier: Apache-2.0
"""The neighbours of this node, for its administrator: whose cards are trusted, ours to give, and trusting another.

A card that was sent is never shown before it is trusted: the fingerprint is typed as the neighbour reads it aloud, not
copied from the card that may have been exchanged on its way.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.desk.keys_held import KeyHeld, state_of
from hamsaya.desk.parties import own_party, trust_neighbour
from hamsaya.exchange.acts import Card
from hamsaya.exchange.letters import WHYS
from hamsaya.facts.words import Text, say
from hamsaya.web.names import party_names
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A key that a party has or had: since when it is known here, until when it signed, and what stands with it."""

    fingerprint: str
    since: datetime
    until: datetime | None
    why: Text
    state: Text
    good: bool


class NeighbourRow(msgspec.Struct, frozen=True, kw_only=True):
    """A party as its card says: `groups` is the fingerprint of its key as it is read aloud."""

    party: str
    name: str
    country: str
    address: str
    exercise: bool
    groups: list[str]
    keys: list[KeyRow]
    """Its keys, where it has changed any: the newest first."""


class NeighboursView(msgspec.Struct, frozen=True, kw_only=True):
    """What neighbours.html receives."""

    own: NeighbourRow
    card: str
    """Our own signed card as text, to be given to a neighbour."""
    neighbours: list[NeighbourRow]


def list_neighbours(desk: Desk, visit: Visit) -> Answer:
    """Show our own card and those that are trusted."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        own = own_party(book).card
        card = book.card_of(own.party).decode()
        rows = [_row(party.card, names, book.keys_of(party.card.party)) for party in book.parties() if not party.own]
        mine = _row(own, names, book.keys_of(own.party))
    view = NeighboursView(own=mine, card=card, neighbours=rows)
    return Page(template="neighbours.html", view=view, data={"own": _data(view.own), "card": card, "neighbours": [_data(row) for row in rows]})


def trust(desk: Desk, visit: Visit) -> Answer:
    """Trust the card in the form's file, if the fingerprint that was typed is the one of its key."""
    party = trust_neighbour(desk.node, visit.form.file("card").data, visit.form.text("fingerprint"), visit.officer)
    return Go(to="/neighbours", data={"party": party.card.party, "country": party.card.country, "trusted": True})


def _row(card: Card, names: dict[str, str], keys: list[KeyHeld]) -> NeighbourRow:
    return NeighbourRow(
        party=card.party, name=names.get(card.party, card.party), country=card.country, address=card.address, exercise=card.exercise,
        groups=card.public.fingerprint().split("-"), keys=[_key(held) for held in reversed(keys)] if len(keys) > 1 else [],
    )  # fmt: skip


def _key(held: KeyHeld) -> KeyRow:
    return KeyRow(
        fingerprint=held.fingerprint, since=held.since, until=held.until, why=WHYS.get(held.why, say("trusted by its card")), state=state_of(held),
        good=held.until is None and held.compared and held.here,
    )  # fmt: skip


def _data(row: NeighbourRow) -> dict[str, object]:
    shown = {name: getattr(row, name) for name in ("party", "name", "country", "address")}
    keys = [{**msgspec.to_builtins(key), "why": str(key.why), "state": str(key.state)} for key in row.keys]
    return {**shown, "fingerprint": "-".join(row.groups), "exercise": row.exercise, "keys": keys}


ROUTES = [
    Route("GET", "/neighbours", "configure", list_neighbours),
    Route("POST", "/neighbours", "configure", trust),
]

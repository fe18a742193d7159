# SPDX-License-Identifier: Apache-2.0
"""Which incidents an account, a draft or another incident may be of too, and which may have led to it: proposed with reasons (law 16).

Nothing is linked here; `desk/incidents.py` and `desk/relating.py` do that, by a person's word. What is withdrawn is not weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from hamsaya.accounts.connect import AROUND_M, SOON, Connection, connection
from hamsaya.accounts.gist import Gist, gist_of
from hamsaya.accounts.likeness import NEAR, NEAR_M
from hamsaya.accounts.suggest import Suggestion, suggest
from hamsaya.accounts.traces import asked_of
from hamsaya.desk.incidents import find_incident
from hamsaya.desk.ports import Book
from hamsaya.desk.related_held import Nearby
from hamsaya.facts.records import Record
from hamsaya.facts.words import Text

MOST_ACCOUNTS: Final = 20
"""How many accounts of one incident are weighed, the newest first."""
_MOST_CONNECTED: Final = 5


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """`incident` may stand in `relation` to `other`: it led to it (`causes`), or answers it (`responds_to`)."""

    incident: str
    relation: str
    other: str
    score: int
    reasons: list[Text]


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed about an incident: others that may be the same event, and others that may have led to it or answered it."""

    incident: str
    same: list[Suggestion]
    connected: list[Connected]


def likely_incidents(book: Book, likeness: Record) -> list[Suggestion]:
    """Return the incidents of which an account like this may be another one, with the reasons, the likeliest first."""
    return _same(book, [likeness])


def same_as(book: Book, incident: str) -> list[Suggestion]:
    """Return which others an incident may be the same as, the likeliest first. Raises `NotFound`."""
    name = find_incident(book, incident)
    return _same(book, _accounts(book, name))


def same_as_each(book: Book, incidents: Sequence[str]) -> dict[str, list[Suggestion]]:
    """Return the same for several incidents: a page that is drawn again and again weighs them once, until an account changes. Raises `NotFound`."""
    return book.weighed("same", incidents, lambda incident: same_as(book, incident))


def suggest_for(book: Book, incident: str) -> Suggested:
    """Return what an incident may be the same as, or connected with. Raises `NotFound`."""
    name = find_incident(book, incident)
    records = _accounts(book, name)
    same = _same(book, records)
    return Suggested(incident=name, same=same, connected=_connected(book, name, records, {each.incident for each in same}))


def _accounts(book: Book, name: str) -> list[Record]:
    """Return the accounts of an incident, each under the name under which it goes on here."""
    return [msgspec.structs.replace(held.record, incident=name) for held in book.records_of([name])][-MOST_ACCOUNTS:]


def _same(book: Book, records: Sequence[Record]) -> list[Suggestion]:
    related = {name for record in records if record.incident for name in _related(book, record.incident)}
    found: dict[tuple[str, str], Nearby] = {}
    for record in records:
        for near in book.nearby(record.kind, asked_of(gist_of(record), NEAR, NEAR_M)):
            found[near.held.record.id, near.held.received_from] = near
    return suggest(records, [(near.incident, near.held.record) for near in found.values() if near.incident not in related])


def _related(book: Book, incident: str) -> set[str]:
    """Return the incidents of which a person said how they stand to this one: they are not the same."""
    return {name for each in book.relations_of(incident) for name in (each.incident, each.other)} - {incident}


def _connected(book: Book, name: str, records: Sequence[Record], same: set[str]) -> list[Connected]:
    known = _related(book, name) | same | {name}
    best: dict[str, Connected] = {}
    for record in records:
        gist = gist_of(record)
        if record.kind == "incident_account" and gist.spans:
            for near in book.nearby(record.kind, asked_of(gist, SOON, AROUND_M)):
                if near.incident not in known:
                    _keep_better(best, near.incident, _either_way(name, gist, near.incident, gist_of(near.held.record)))
    return sorted(best.values(), key=lambda each: (-each.score, each.incident, each.other))[:_MOST_CONNECTED]


def _either_way(name: str, gist: Gist, other: str, theirs: Gist) -> Connected | None:
    there, back = connection(gist, theirs), connection(theirs, gist)
    if back is None or (there is not None and there.score >= back.score):
        return _told(name, other, there) if there else None
    return _told(other, name, back)


def _told(earlier: str, later: str, found: Connection) -> Connected:
    first, second = (earlier, later) if found.relation == "causes" else (later, earlier)
    return Connected(incident=first, relation=found.relation, other=second, score=found.score, reasons=found.reasons)


def _keep_better(best: dict[str, Connected], other: str, found: Connected | None) -> None:
    if found and (other not in best or found.score > best[other].score):
        best[other] = found

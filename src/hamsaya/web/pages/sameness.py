# SPDX-License-Identifier: Apache-2.0
"""How events stand to each other: what is proposed with its reasons, what officers said, and what each account's author says (laws 6, 16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from hamsaya.accounts.connect import sentence
from hamsaya.accounts.suggest import Suggestion
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.related_held import ApartHeld, RelationHeld
from hamsaya.desk.relating import put_back, relate_incidents, set_apart, unrelate_incidents
from hamsaya.desk.suggesting import Connected, same_as, suggest_for
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.form import Form
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Route, Visit

MOST_SHOWN: Final = 5
_SAYINGS: Final[dict[str, Text]] = {
    "causes": say("This incident led to the other one"), "caused": say("The other one led to this incident"),
    "responds_to": say("This incident answers the other one"), "answered": say("The other one answers this incident"),
}  # fmt: skip
_TURNED: Final = {"caused": "causes", "answered": "responds_to"}
"""What is said of the other incident, by what it says of it."""


class RelationRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer said of this incident and another one, as a sentence."""

    held: RelationHeld
    words: Text
    another: str


class ConnectedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed of the same."""

    proposed: Connected
    words: Text
    another: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Under which names the author of received accounts files them: more than one where it tells of two events what stands here as one."""

    party: str
    name: str
    incidents: list[str]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an incident stands to others, as its page shows it."""

    same: list[Suggestion]
    connected: list[ConnectedRow]
    relations: list[RelationRow]
    told: list[Told]
    apart: dict[str, ApartHeld]
    """Accounts that an officer set apart from the incident that their author names, by record."""
    kinds: list[tuple[str, Text]]
    """What an officer may say of two incidents."""


def standing_of(book: Book, incident: str, held: Sequence[RecordHeld], names: dict[str, str]) -> Standing:
    """Return how an incident of which accounts stand here stands to others; `names` are those of the parties."""
    suggested = suggest_for(book, incident) if held else None
    connected = suggested.connected if suggested else []
    return Standing(
        same=suggested.same[:MOST_SHOWN] if suggested else [],
        connected=[ConnectedRow(proposed=each, words=_words(each), another=_another(incident, each)) for each in connected],
        relations=[RelationRow(held=each, words=_words(each), another=_another(incident, each)) for each in book.relations_of(incident)],
        told=_told(incident, held, names), apart={each.record.id: own for each in held if each.received_from and (own := book.apart(each.record.id))},
        kinds=list(_SAYINGS.items()),
    )  # fmt: skip


def _words(each: RelationHeld | Connected) -> Text:
    return sentence(each.incident, each.relation, each.other)


def _another(incident: str, each: RelationHeld | Connected) -> str:
    return each.other if each.incident == incident else each.incident


def proposed_for(book: Book, versions: Sequence[RecordHeld]) -> tuple[str, list[Suggestion]]:
    """Return the incident of a record under the name that it goes on under, and which others that record may be of too."""
    last = next((held for held in reversed(versions) if not held.withdrawn_by and held.record.incident), None)
    name = book.incident_name(last.record.incident) if last else ""
    return name, same_as(book, name)[:MOST_SHOWN] if name and book.has_incident(name) else []


def as_data(standing: Standing) -> dict[str, object]:
    """Return the same as data."""
    return {
        "same": [builtins(each) for each in standing.same], "connected": [builtins(each.proposed) for each in standing.connected],
        "relations": [builtins(each.held) for each in standing.relations],
        "apart": [builtins(each) for each in standing.apart.values()],
        "told": [{"party": each.party, "incidents": each.incidents} for each in standing.told],
    }  # fmt: skip


def _told(incident: str, held: Sequence[RecordHeld], names: dict[str, str]) -> list[Told]:
    by_party: dict[str, list[str]] = {}
    for each in held:
        if each.received_from and each.record.incident:
            by_party.setdefault(each.record.party, []).append(each.record.incident)
    found = [Told(party=party, name=names.get(party, party), incidents=list(dict.fromkeys(told))) for party, told in by_party.items()]
    return [each for each in found if each.incidents != [incident]]


def relate(desk: Desk, visit: Visit) -> Answer:
    """Say how this incident and another one stand to each other."""
    name, form = visit.params["incident"], visit.form
    one, relation, two = _asked(name, form)
    said = relate_incidents(desk.node, visit.officer, one, relation, two, as_seen=bool(form.text("seen")))
    return Go(to=path_to("incidents", name), data=builtins(said))


def unrelate(desk: Desk, visit: Visit) -> Answer:
    """Take it back."""
    name = visit.params["incident"]
    unrelate_incidents(desk.node, visit.officer, *_asked(name, visit.form))
    return Go(to=path_to("incidents", name), data={"incident": name})


def apart(desk: Desk, visit: Visit) -> Answer:
    """Say that a received account is of another event than its author says."""
    held = set_apart(desk.node, visit.officer, visit.params["record"])
    return Go(to=path_to("incidents", held.incident), data=builtins(held))


def back(desk: Desk, visit: Visit) -> Answer:
    """Put it back where its author puts it."""
    incident = put_back(desk.node, visit.officer, visit.params["record"])
    return Go(to=path_to("incidents", incident), data={"incident": incident})


def _asked(name: str, form: Form) -> tuple[str, str, str]:
    relation, other = form.text("relation"), form.text("other").strip()
    return (other, _TURNED[relation], name) if relation in _TURNED else (name, relation, other)


ROUTES = [
    Route("POST", "/incidents/{incident:str}/relate", "file", relate),
    Route("POST", "/incidents/{incident:str}/unrelate", "file", unrelate),
    Route("POST", "/records/{record:str}/apart", "file", apart),
    Route("POST", "/records/{record:str}/back", "file", back),
]

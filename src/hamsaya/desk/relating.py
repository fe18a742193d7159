# SPDX-License-Identifier: Apache-2.0
"""An officer says that one event led to another or answers it, or that a neighbour's account is of another event than it says; and takes it back.

It is this node's own word, and never leaves it: the neighbour may see it otherwise, and its account keeps the name that it gave.

1. The officer's role holds `file`.
2. Both incidents are known here, and are not one: an event that was linked as the same neither causes nor answers itself.
3. Of the same two, the reverse is not said in the same breath: what led to another was not led to by it.
"""

from __future__ import annotations

from hamsaya.accounts.connect import RELATIONS
from hamsaya.desk.acts_related import AccountPutBack, AccountSetApart, IncidentRelated, IncidentUnrelated
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.incidents import check_names, find_incident
from hamsaya.desk.names import new_name
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.related_held import ApartHeld, RelationHeld
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.words import say

_TWO = 2


def relate_incidents(node: Node, officer: Officer, incident: str, relation: str, other: str, *, as_seen: bool = False) -> RelationHeld:
    """Say that `incident` led to `other` (`causes`) or answers it (`responds_to`). Returns what is held now.

    With `as_seen` both must still stand under the names that the officer saw. Raises `NotFound`, `InputError`, `Refused` for a role that may
    not, `Stale` where it was said or linked since.
    """
    require(officer.role, "file")  # 1
    if relation not in RELATIONS:
        raise InputError(
            say("An incident stands to another as one of these: {known}. This came: {came}", known=", ".join(RELATIONS), came=relation[:20] or "—")
        )
    with node.ledger.writing() as pen:
        if as_seen:
            check_names(pen, incident, other)
        one, two = find_incident(pen, incident), find_incident(pen, other)  # 2
        if one == two:
            raise InputError(
                say("Both are the same incident."), say("An event neither causes nor answers itself; take the link back where they are two.")
            )
        said = pen.relations_of(one)
        for each in said:
            if (each.incident, each.relation, each.other) == (one, relation, two):
                raise Stale(say("This was said before."), by=each.office, at=each.at)
            if (each.incident, each.relation, each.other) == (two, relation, one):  # 3
                raise InputError(say("The reverse was said before: {incident} and {other}.", incident=two, other=one), say("Take that back first."))
        pen.journal(IncidentRelated(incident=one, relation=relation, other=two), officer)
        return next(each for each in pen.relations_of(one) if (each.incident, each.relation, each.other) == (one, relation, two))


def unrelate_incidents(node: Node, officer: Officer, incident: str, relation: str, other: str) -> None:
    """Take back that `incident` stands so to `other`. Raises `Stale` where nobody says so any more, `NotFound` where one of them is unknown."""
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        one, two = pen.incident_name(incident), pen.incident_name(other)
        said = next((each for each in pen.relations_of(one) if (each.incident, each.relation, each.other) == (one, relation, two)), None)
        if said is None:
            what = say("Nobody says so of {incident} and {other}.", incident=incident[:40] or "—", other=other[:40] or "—")
            known = pen.has_incident(one) and pen.has_incident(two)
            raise Stale(what, say("It may have been taken back before.")) if known else NotFound(what)
        first, second = said.said_of
        pen.journal(IncidentUnrelated(incident=first, relation=relation, other=second), officer)


def set_apart(node: Node, officer: Officer, record: str) -> ApartHeld:
    """Say that a received account is of another event than its author says: it stands here under a new name of ours.

    Raises `NotFound` where no such account of a neighbour stands, `InputError` where it has no incident or is the only one there is,
    `Stale` where it was set apart before.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        held = _received(pen, record)
        before = pen.apart(record)
        if before is not None:
            raise Stale(say("This account was set apart before."), by=before.office, at=before.at)
        name = pen.incident_name(held.record.incident) if held.record.incident else ""
        if not name or len(pen.records_of([name])) < _TWO:
            raise InputError(say("There is no other account in its incident."))
        pen.journal(AccountSetApart(record=record, received_from=held.received_from, incident=new_name(node, "I")), officer)
        found = pen.apart(record)
        assert found is not None  # noqa: S101  (it was written a line above)
        return found


def put_back(node: Node, officer: Officer, record: str) -> str:
    """Take that back: the account stands where its author puts it. Returns the incident. Raises `NotFound`, `Stale`."""
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        held = _received(pen, record)
        if pen.apart(record) is None:
            raise Stale(say("This account stands where its author puts it."))
        pen.journal(AccountPutBack(record=record, received_from=held.received_from), officer)
        return pen.incident_name(held.record.incident)


def _received(pen: Pen, record: str) -> RecordHeld:
    standing = [each for each in pen.versions(record) if each.received_from and not each.withdrawn_by]
    if not standing:
        raise NotFound(say("No account {came} of a neighbour stands here.", came=record[:40] or "—"))
    return standing[-1]

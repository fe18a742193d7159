# SPDX-License-Identifier: Apache-2.0
"""How two events stand to each other, by an officer's word: what the act leaves behind, and how it is read."""

from __future__ import annotations

from sqlalchemy import Connection, delete, or_, select

from hamsaya.desk.acts_related import AccountPutBack, AccountSetApart, IncidentRelated, IncidentUnrelated
from hamsaya.desk.related_held import ApartHeld, RelationHeld
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, project, stamp
from hamsaya.ledger.holding import incident_name, stand_anew
from hamsaya.ledger.rows import Rows, time_of


@project.register
def _(event: IncidentRelated, db: Connection, act: Act) -> None:
    add(db, t.RELATION, act, incident=event.incident, relation=event.relation, other=event.other, office=act.office, at=stamp(act.at))


@project.register
def _(event: IncidentUnrelated, db: Connection, act: Act) -> None:
    del act  # that it was said, and who took it back, stands in the journal
    db.execute(
        delete(t.RELATION).where(t.RELATION.c.incident == event.incident, t.RELATION.c.relation == event.relation, t.RELATION.c.other == event.other)
    )


@project.register
def _(event: AccountSetApart, db: Connection, act: Act) -> None:
    add(db, t.APART, act, record=event.record, received_from=event.received_from, incident=event.incident, office=act.office, at=stamp(act.at))
    stand_anew(db, event.record, event.received_from, act.seq)


@project.register
def _(event: AccountPutBack, db: Connection, act: Act) -> None:
    db.execute(delete(t.APART).where(t.APART.c.record == event.record, t.APART.c.received_from == event.received_from))
    stand_anew(db, event.record, event.received_from, act.seq)


class SqlRelatedBook(Rows):
    """Reading it."""

    def apart(self, record: str) -> ApartHeld | None:
        """Return that a received account was set apart here."""
        for row in self._rows(select(t.APART).where(t.APART.c.record == record)):
            return ApartHeld(
                record=row["record"], received_from=row["received_from"], incident=row["incident"], office=row["office"], at=time_of(row["at"])
            )
        return None

    def relations_of(self, incident: str) -> list[RelationHeld]:
        """Return what was said of an incident, and of those that go on under its name, from either end, oldest first."""
        names = self._with_linked(incident_name(self._db, incident))
        query = select(t.RELATION).where(or_(t.RELATION.c.incident.in_(names), t.RELATION.c.other.in_(names))).order_by(t.RELATION.c.entry)
        return [
            RelationHeld(
                incident=incident_name(self._db, row["incident"]), relation=row["relation"], other=incident_name(self._db, row["other"]),
                said_of=(row["incident"], row["other"]), office=row["office"], at=time_of(row["at"]),
            )
            for row in self._rows(query)
        ]  # fmt: skip

    def _with_linked(self, name: str) -> list[str]:
        found, last = [name], [name]
        while last:
            linked = self._db.execute(select(t.INCIDENT_LINK.c.incident).where(t.INCIDENT_LINK.c.into.in_(last))).scalars()
            last = [each for each in linked if each not in found]
            found += last
        return found

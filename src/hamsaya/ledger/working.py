# SPDX-License-Identifier: Apache-2.0
"""The working rows in the store: sessions, failed logins, challenges, leases, contacts, names at a meeting (`desk/working.py` says what they are)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, or_, select, update

from hamsaya.desk.working import Attendee, Challenge, Contact, Failures, Lease
from hamsaya.facts.words import Text
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import encode, stamp


class SqlWork:
    """Changing working rows within one transaction, one writer of them at a time. Implements `desk.working.Work`."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.erased = False
        """Whether something was deleted of which no byte may stay in the store's files."""

    def open_session(self, digest: str, csrf: str, login: str, now: datetime) -> None:
        """Begin a session of the account as it is now."""
        mark = self._db.execute(select(t.OFFICER.c.entry).where(t.OFFICER.c.login == login)).scalar_one()
        self._put(t.SESSION, {"digest": digest}, csrf=csrf, login=login, mark=mark, began=stamp(now), seen=stamp(now), locked=0)

    def see_session(self, digest: str, now: datetime) -> None:
        """Note its last request."""
        self._db.execute(update(t.SESSION).where(t.SESSION.c.digest == digest).values(seen=stamp(now)))

    def lock_session(self, digest: str, *, locked: bool) -> None:
        """Lock it, or open the lock."""
        self._db.execute(update(t.SESSION).where(t.SESSION.c.digest == digest).values(locked=int(locked)))

    def close_session(self, digest: str) -> None:
        """End it."""
        self._db.execute(delete(t.SESSION).where(t.SESSION.c.digest == digest))

    def close_sessions(self, *, seen_until: datetime, began_until: datetime) -> None:
        """End those that are over."""
        self._db.execute(delete(t.SESSION).where(or_(t.SESSION.c.seen <= stamp(seen_until), t.SESSION.c.began <= stamp(began_until))))

    def count_failure(self, digests: Sequence[str], now: datetime, *, forget_until: datetime) -> None:
        """Count one more under each hash."""
        self._db.execute(delete(t.FAILURE).where(t.FAILURE.c.last <= stamp(forget_until)))
        for digest in digests:
            count = self._db.execute(select(t.FAILURE.c.count).where(t.FAILURE.c.digest == digest)).scalar() or 0
            self._put(t.FAILURE, {"digest": digest}, count=count + 1, last=stamp(now))

    def forget_failures(self, digests: Sequence[str]) -> None:
        """Forget what is counted."""
        self._db.execute(delete(t.FAILURE).where(t.FAILURE.c.digest.in_(digests)))

    def give_challenge(self, digest: str, challenge: Challenge, now: datetime, *, most: int) -> None:
        """Keep what a passkey was asked."""
        table = t.CHALLENGE
        self._db.execute(delete(table).where(table.c.until <= stamp(now)))
        kept = select(table.c.digest).order_by(table.c.until.desc(), table.c.digest).limit(most - 1)
        self._db.execute(delete(table).where(table.c.digest.not_in(kept)))
        self._put(table, {"digest": digest}, until=stamp(challenge.until), session=challenge.session, name=challenge.name)

    def take_challenge(self, digest: str, now: datetime) -> Challenge | None:
        """Return what was asked, once."""
        table = t.CHALLENGE
        row = self._db.execute(select(table).where(table.c.digest == digest)).mappings().first()
        if row is None or self._db.execute(delete(table).where(table.c.digest == digest)).rowcount == 0:
            return None
        found = Challenge(until=datetime.fromisoformat(row["until"]), session=row["session"], name=row["name"])
        return found if found.until > now else None

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take the lease unless another holds it still."""
        held = self._db.execute(select(t.LEASE.c.holder, t.LEASE.c.until).where(t.LEASE.c.name == name)).first()
        if held is not None and held.holder != holder and datetime.fromisoformat(held.until) > now:
            return False
        self._put(t.LEASE, {"name": name}, holder=holder, until=stamp(until))
        return True

    def drop_lease(self, name: str, holder: str) -> None:
        """Give it back."""
        self._db.execute(delete(t.LEASE).where(t.LEASE.c.name == name, t.LEASE.c.holder == holder))

    def note_contact(self, contact: Contact) -> None:
        """Put this in the place of what was known of the link."""
        if not self.note_contact_again(contact):
            self._db.execute(insert(t.CONTACT).values(neighbour=contact.neighbour, **_contact_row(contact)))

    def note_contact_again(self, contact: Contact) -> bool:
        """Put this in the place of what was known of the link; say whether anything was."""
        new = {f"new_{name}": value for name, value in _contact_row(contact).items()}
        return self._db.execute(_CONTACT_AGAIN, {"of": contact.neighbour, **new}).rowcount > 0

    def note_attendee(self, attendee: Attendee) -> None:
        """Put this name in the place of the one at that office."""
        key = {"meeting": attendee.meeting, "office": attendee.office}
        self.erased |= bool(self._db.execute(select(t.ATTENDEE).filter_by(**key)).first())
        self._put(t.ATTENDEE, key, name=attendee.name, until=stamp(attendee.until))

    def forget_attendee(self, meeting: str, office: str) -> bool:
        """Delete the name at that office."""
        return self._forget(t.ATTENDEE.c.meeting == meeting, t.ATTENDEE.c.office == office)

    def forget_ended_names(self, now: datetime) -> None:
        """Delete the names that have ended."""
        self._forget(t.ATTENDEE.c.until <= stamp(now))

    def _forget(self, *which: ColumnElement[bool]) -> bool:
        gone = self._db.execute(delete(t.ATTENDEE).where(*which)).rowcount > 0
        self.erased |= gone
        return gone

    def _put(self, table: Table, key: dict[str, str], **values: object) -> None:
        where = [table.c[name] == value for name, value in key.items()]
        if self._db.execute(update(table).where(*where).values(**values)).rowcount == 0:
            self._db.execute(insert(table).values(**key, **values))


_CONTACT_AGAIN: Final = (
    update(t.CONTACT)
    .where(t.CONTACT.c.neighbour == bindparam("of"))
    .values({column: bindparam(f"new_{column.name}") for column in t.CONTACT.c if column.name != "neighbour"})
)


def _contact_row(contact: Contact) -> dict[str, object]:
    times = {name: stamp(at) if (at := getattr(contact, name)) else "" for name in ("proven", "tried", "failed", "due")}
    return {**times, "way": contact.way, "failure": encode(contact.failure), "failures": contact.failures, "warning": encode(contact.warning)}


_CONTACTS: Final = select(t.CONTACT).order_by(t.CONTACT.c.neighbour)


class SqlWorkingBook:
    """Reading working rows. Part of `SqlBook`; implements `desk.working.WorkingBook` but for `session`, which needs the accounts."""

    _db: Connection

    def failures(self, digests: Sequence[str]) -> dict[str, Failures]:
        """Return the failures that are counted."""
        rows = self._db.execute(select(t.FAILURE).where(t.FAILURE.c.digest.in_(digests))).mappings()
        return {row["digest"]: Failures(count=row["count"], last=datetime.fromisoformat(row["last"])) for row in rows}

    def contacts(self) -> list[Contact]:
        """Return what is known of the link to each neighbour."""
        return [
            Contact(
                neighbour=row["neighbour"], way=row["way"], failures=row["failures"],
                proven=_time(row["proven"]), tried=_time(row["tried"]), failed=_time(row["failed"]), due=_time(row["due"]),
                failure=msgspec.json.decode(row["failure"], type=Text | None), warning=msgspec.json.decode(row["warning"], type=Text | None),
            )
            for row in self._db.execute(_CONTACTS).mappings()
        ]  # fmt: skip

    def leases(self, kind: str, now: datetime) -> list[Lease]:
        """Return the leases of that kind that have not ended."""
        rows = self._db.execute(select(t.LEASE).where(t.LEASE.c.until > stamp(now)).order_by(t.LEASE.c.name)).mappings()
        return [
            Lease(name=row["name"], holder=row["holder"], until=datetime.fromisoformat(row["until"]))
            for row in rows
            if row["name"].startswith(f"{kind}/")
        ]

    def attendees(self, meeting: str, now: datetime) -> list[Attendee]:
        """Return the names at a meeting that have not ended."""
        table = t.ATTENDEE
        rows = self._db.execute(select(table).where(table.c.meeting == meeting, table.c.until > stamp(now)).order_by(table.c.office)).mappings()
        return [Attendee(meeting=row["meeting"], office=row["office"], name=row["name"], until=datetime.fromisoformat(row["until"])) for row in rows]

    def has_ended_names(self, now: datetime) -> bool:
        """Say whether a name has ended and is not deleted yet."""
        return self._db.execute(select(t.ATTENDEE.c.office).where(t.ATTENDEE.c.until <= stamp(now)).limit(1)).first() is not None


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

# SPDX-License-Identifier: Apache-2.0
"""What acts on accounts and passkeys leave behind, and reading it. Every one of them also stands in `access_act`, for those who check."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from hamsaya.desk import acts_access as ev
from hamsaya.desk import holdings as h
from hamsaya.desk.working import SessionHeld
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, note_access, project, stamp
from hamsaya.ledger.rows import Rows, time_of

_OFFICERS: Final = select(t.OFFICER).order_by(t.OFFICER.c.login)
_SESSION: Final = (
    select(t.SESSION)
    .join(t.OFFICER, (t.OFFICER.c.login == t.SESSION.c.login) & (t.OFFICER.c.entry == t.SESSION.c.mark))
    .where(t.SESSION.c.digest == bindparam("digest"))
)
"""Asked with every page: making a statement takes longer than asking it."""


class SqlAccessBook(Rows):
    """Who may come in, at one moment, over one connection."""

    def officers(self) -> list[h.Officer]:
        """Return the login accounts."""
        return [
            h.Officer(
                login=row["login"], office=row["office"], role=row["role"], password=row["password"], language=row["language"],
                stopped=row["stopped"], once=row["once"], mark=row["entry"],
            )
            for row in self._rows(_OFFICERS)
        ]  # fmt: skip

    def passkeys(self, *, login: str = "", credential: str = "") -> list[h.PasskeyHeld]:
        """Return passkeys, of one account or with one credential id if asked, in the order of their registration."""
        query = select(t.PASSKEY).order_by(t.PASSKEY.c.added_at, t.PASSKEY.c.credential)
        if login:
            query = query.where(t.PASSKEY.c.login == login)
        if credential:
            query = query.where(t.PASSKEY.c.credential == credential)
        return [
            h.PasskeyHeld(
                credential=row["credential"], login=row["login"], public_key=row["public_key"], name=row["name"], host=row["host"],
                count=row["count"], added_at=time_of(row["added_at"]),
            )
            for row in self._rows(query)
        ]  # fmt: skip

    def access_acts(self, *, before: int = 0, count: int = 200) -> list[h.AccessAct]:
        """Return up to `count` acts on who may come in, newest first, of entries before `before` if that is not 0."""
        query = select(t.ACCESS_ACT).order_by(t.ACCESS_ACT.c.seq.desc()).limit(count)
        if before:
            query = query.where(t.ACCESS_ACT.c.seq < before)
        return [
            h.AccessAct(
                seq=row["seq"], at=time_of(row["at"]), kind=row["kind"], about=row["about"], detail=row["detail"], office=row["office"],
                login=row["login"],
            )
            for row in self._rows(query)
        ]  # fmt: skip

    def session(self, digest: str) -> SessionHeld | None:
        """Return the session of that hash; None when its account was changed since it began."""
        row = self._db.execute(_SESSION, {"digest": digest}).mappings().first()
        officer = next((each for each in self.officers() if each.login == row["login"]), None) if row else None
        if row is None or officer is None:
            return None
        return SessionHeld(csrf=row["csrf"], officer=officer, began=time_of(row["began"]), seen=time_of(row["seen"]), locked=bool(row["locked"]))


def _change(db: Connection, act: Act, login: str, **row: object) -> None:
    db.execute(update(t.OFFICER).where(t.OFFICER.c.login == login).values(entry=act.seq, **row))


@project.register
def _(event: ev.OfficerAdded, db: Connection, act: Act) -> None:
    db.execute(
        insert(t.OFFICER).values(
            entry=act.seq, login=event.login, office=event.office, role=event.role, password=event.password, language=event.language,
            stopped=False, once=event.once,
        )
    )  # fmt: skip
    note_access(db, act, event, event.login, event.role)


@project.register
def _(event: ev.OfficerMoved, db: Connection, act: Act) -> None:
    _change(db, act, event.login, office=event.office, role=event.role, language=event.language)
    note_access(db, act, event, event.login, event.role)


@project.register
def _(event: ev.OfficerStopped, db: Connection, act: Act) -> None:
    _change(db, act, event.login, stopped=event.stopped)
    note_access(db, act, event, event.login, "stopped" if event.stopped else "allowed")


@project.register
def _(event: ev.PasswordSet, db: Connection, act: Act) -> None:
    _change(db, act, event.login, password=event.password, once=event.once)
    if event.once:
        db.execute(delete(t.PASSKEY).where(t.PASSKEY.c.login == event.login))
    note_access(db, act, event, event.login, "once" if event.once else "")


@project.register
def _(event: ev.SessionsEnded, db: Connection, act: Act) -> None:
    _change(db, act, event.login)
    note_access(db, act, event, event.login)


@project.register
def _(event: ev.PasskeyAdded, db: Connection, act: Act) -> None:
    db.execute(
        insert(t.PASSKEY).values(
            entry=act.seq, credential=event.credential, login=event.login, public_key=event.public_key, name=event.name, host=event.host,
            count=event.count, added_at=stamp(act.at),
        )
    )  # fmt: skip
    note_access(db, act, event, event.login, event.name)


@project.register
def _(event: ev.PasskeyUsed, db: Connection, act: Act) -> None:
    db.execute(update(t.PASSKEY).where(t.PASSKEY.c.credential == event.credential).values(count=event.count, entry=act.seq))


@project.register
def _(event: ev.PasskeyRemoved, db: Connection, act: Act) -> None:
    db.execute(delete(t.PASSKEY).where(t.PASSKEY.c.credential == event.credential))
    note_access(db, act, event, event.login)

# SPDX-License-Identifier: Apache-2.0
"""What acts on accounts and passkeys leave behind. Every one of them also stands in `access_act`, for those who check."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, update

from hamsaya.desk import events as ev
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, note_access, project, stamp


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

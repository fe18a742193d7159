# SPDX-License-Identifier: Apache-2.0
"""Distress calls and STOPs in the store: what their entries leave behind, and reading it.

`call` has a row a call, `call_step` a row for what was done about one; the steps of a call may be known before the call is,
where a node was set back. Both follow from the entries of the distress logs alone. `distress_epoch` says under which epoch
this node writes to a neighbour: none yet where it was set back and has not called since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select

from hamsaya.desk import acts_distress as ev
from hamsaya.desk.calls import CallHeld, CallStep
from hamsaya.exchange.distress import MAX_OFFICE, case_name, read_call, read_word, short
from hamsaya.exchange.logs import CALLS, distress_log, parse_log
from hamsaya.facts.distress import Call
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, encode, project, stamp
from hamsaya.ledger.rows import Rows, time_of
from hamsaya.seal.entries import Header

NOT_OPENED: Final = ""
CAME_BACK: Final = "came-back"
"""In the place of a form's token: the entry came back from a neighbour, so that nobody here knows who made it."""
_MOST: Final = 200
_AT_ONCE: Final = 400
_PREFIX: Final = ("distress/", "distress0")
"""Every name of a distress log lies between these two."""


def hold_call_entry(db: Connection, act: Act, header: Header, content: bytes, *, own: bool, token: str = "", note: str = "") -> str:
    """Keep what one entry of a distress log says; return the name of the call that it is about."""
    name = parse_log(header.log)
    neighbour = "" if name is None else name.receiver if own else name.sender
    by = act.login if own and token != CAME_BACK else ""
    office = short(header.office, MAX_OFFICE)
    if header.kind in CALLS:
        case, call = case_name(header.log, header.seq), read_call(content)
        add(db, t.CALL, act, case=case, kind=header.kind.split(".", maxsplit=1)[0], own=own, neighbour=neighbour, log=header.log, seq=header.seq,
            body=encode(call), office=office, at=stamp(header.at), known_at=stamp(act.at), by=by,
            token="" if token == CAME_BACK else token, about=call.about)  # fmt: skip
        return case
    word = read_word(content)
    about = parse_log(word.log) if word is not None else None
    if word is None or about is None or about.kind != "distress" or word.seq < 0:
        return ""
    case = case_name(word.log, word.seq)
    add(db, t.CALL_STEP, act, log=header.log, seq=header.seq, case=case, kind=header.kind.removeprefix("distress."), code=word.code,
        party=header.by, office=office, at=stamp(header.at), known_at=stamp(act.at), minutes=-1 if word.minutes is None else word.minutes,
        own=own, note=note)  # fmt: skip
    return case


def renew_epoch(db: Connection, act: Act, neighbour: str) -> None:
    """Keep that the distress log to this neighbour may stand further with it than here: the next entry begins another."""
    db.execute(delete(t.DISTRESS_EPOCH).where(t.DISTRESS_EPOCH.c.neighbour == neighbour))
    add(db, t.DISTRESS_EPOCH, act, neighbour=neighbour, epoch=NOT_OPENED)


@project.register
def _(event: ev.CallSent, db: Connection, act: Act) -> None:
    _own(db, act, event, token=event.token)


@project.register
def _(event: ev.CallAnswered, db: Connection, act: Act) -> None:
    _own(db, act, event)


@project.register
def _(event: ev.CallOver, db: Connection, act: Act) -> None:
    _own(db, act, event)


@project.register
def _(event: ev.CallReviewed, db: Connection, act: Act) -> None:
    _own(db, act, event, note=event.note)


def _own(db: Connection, act: Act, event: ev.CallAct, *, token: str = "", note: str = "") -> None:
    entry = act.entry_of(event.log, event.seq)
    hold_call_entry(db, act, entry.header(), entry.content or b"", own=True, token=token, note=note)


@project.register
def _(event: ev.DistressLogOpened, db: Connection, act: Act) -> None:
    db.execute(delete(t.DISTRESS_EPOCH).where(t.DISTRESS_EPOCH.c.neighbour == event.neighbour))
    add(db, t.DISTRESS_EPOCH, act, neighbour=event.neighbour, epoch=event.epoch)


class SqlCallBook(Rows):
    """Reading calls. Implements `desk.calls.CallBook`."""

    def calls(self, *, cases: Sequence[str] | None = None, limit: int = _MOST) -> list[CallHeld]:
        """Return the calls, newest first, of these names if asked: at most `limit` from each neighbour, and as many to each."""
        if cases is not None and not cases:
            return []
        return self._told(_newest(limit, *([] if cases is None else [t.CALL.c.case.in_(cases)])))

    def _told(self, query: Select[Any]) -> list[CallHeld]:
        rows = self._rows(query.add_columns(_RECEIPTED_AT))
        steps: dict[str, list[CallStep]] = {}
        names = [row["case"] for row in rows]
        for first in range(0, len(names), _AT_ONCE):
            these = t.CALL_STEP.c.case.in_(names[first : first + _AT_ONCE])
            told = select(t.CALL_STEP).where(these).order_by(t.CALL_STEP.c.known_at, t.CALL_STEP.c.log, t.CALL_STEP.c.seq)
            for row in self._rows(told):
                steps.setdefault(row["case"], []).append(_step(row))
        return [_call(row, time_of(row["receipted_at"]) if row["receipted_at"] else None, steps.get(row["case"], [])) for row in rows]

    def calls_open(self) -> list[CallHeld]:
        """Return a neighbour's calls that nobody here has seen, and our own that are not over."""
        return self._told(_OPEN)

    def calls_about(self, matters: Sequence[str]) -> list[CallHeld]:
        """Return all calls of both sides that name one of these matters, newest first by their signed times: how it stands follows from every one."""
        return self._told(select(t.CALL).where(t.CALL.c.about.in_(matters)).order_by(t.CALL.c.at.desc(), t.CALL.c.case.desc()))

    def calls_unseen(self) -> list[str]:
        """Return the names of a neighbour's calls that nobody here has seen."""
        return list(self._db.execute(_UNSEEN).scalars())

    def calls_waiting(self) -> tuple[int, int]:
        """Return how many calls nobody here has seen, and how much was ever said about calls."""
        return len(self.calls_unseen()), self._db.execute(_STEPS).scalar_one()

    def calls_sent_as(self, token: str) -> list[str]:
        """Return the calls that a form with this token became."""
        if not token:
            return []
        return list(self._db.execute(select(t.CALL.c.case).where(t.CALL.c.token == token, t.CALL.c.own).order_by(t.CALL.c.case)).scalars())

    def unreceipted_distress(self) -> list[str]:
        """Return the neighbours who have not receipted all of our distress logs to them."""
        own = self._own_party()
        sizes = self._db.execute(
            select(t.ENTRY.c.log, func.max(t.ENTRY.c.seq)).where(t.ENTRY.c.log > _PREFIX[0], t.ENTRY.c.log < _PREFIX[1]).group_by(t.ENTRY.c.log)
        ).all()
        found = []
        for log, last in sizes:
            name = parse_log(log)
            if name is not None and name.sender == own and self._receipted(log, last) is None:
                found.append(name.receiver)
        return sorted(set(found))

    def distress_log_to(self, neighbour: str) -> str | None:
        """Return the distress log to write into, or None where one is to be begun anew."""
        epoch = self._db.execute(select(t.DISTRESS_EPOCH.c.epoch).where(t.DISTRESS_EPOCH.c.neighbour == neighbour)).scalar()
        if epoch == NOT_OPENED:
            return None
        return distress_log(self._own_party(), neighbour, epoch or "")

    def _receipted(self, log: str, seq: int) -> datetime | None:
        at = self._db.execute(select(func.min(t.RECEIPT.c.at)).where(t.RECEIPT.c.log == log, t.RECEIPT.c.size > seq)).scalar()
        return time_of(at) if at else None

    def _own_party(self) -> str:
        return str(self._db.execute(select(t.PARTY.c.id).where(t.PARTY.c.own)).scalar_one())


def _newest(limit: int, *where: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for these calls. The limit is each neighbour's own: however many one sends, those of another are among them."""
    newest = (t.CALL.c.known_at.desc(), t.CALL.c.case.desc())
    place = func.row_number().over(partition_by=(t.CALL.c.own, t.CALL.c.neighbour), order_by=newest).label("place")
    placed = select(t.CALL.c.case, place).where(*where).subquery()
    return select(t.CALL).join(placed, placed.c.case == t.CALL.c.case).where(placed.c.place <= limit).order_by(*newest)


_ANSWERED: Final = select(t.CALL_STEP.c.case).where(t.CALL_STEP.c.own, t.CALL_STEP.c.kind == "answered")
_OVER: Final = select(t.CALL_STEP.c.case).where(t.CALL_STEP.c.kind == "over")
_IS_UNSEEN: Final = and_(t.CALL.c.own.is_(False), t.CALL.c.case.not_in(_ANSWERED))
_UNSEEN: Final = select(t.CALL.c.case).where(_IS_UNSEEN).order_by(t.CALL.c.case)
_OPEN: Final = _newest(_MOST, or_(and_(t.CALL.c.own, t.CALL.c.case.not_in(_OVER)), _IS_UNSEEN))
_STEPS: Final = select(func.count()).select_from(t.CALL_STEP)


_RECEIPTED_AT: Final = (
    select(func.min(t.RECEIPT.c.at)).where(t.RECEIPT.c.log == t.CALL.c.log, t.RECEIPT.c.size > t.CALL.c.seq).scalar_subquery().label("receipted_at")
)


def _step(row: Any) -> CallStep:
    return CallStep(
        kind=row["kind"], code=row["code"], party=row["party"], office=row["office"], at=time_of(row["at"]),
        known_at=time_of(row["known_at"]), minutes=None if row["minutes"] < 0 else row["minutes"], note=row["note"],
    )  # fmt: skip


def _call(row: Any, receipted: datetime | None, steps: list[CallStep]) -> CallHeld:
    return CallHeld(
        case=row["case"], kind=row["kind"], own=bool(row["own"]), neighbour=row["neighbour"], log=row["log"], seq=row["seq"],
        call=msgspec.json.decode(row["body"], type=Call), office=row["office"], at=time_of(row["at"]),
        known_at=time_of(row["known_at"]), by=row["by"], receipted_at=receipted, steps=steps,
    )  # fmt: skip

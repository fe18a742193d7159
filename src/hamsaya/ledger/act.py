# SPDX-License-Identifier: Apache-2.0
"""A journal entry being applied to the tables, and what its projections share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import singledispatch
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, insert, literal, select

from hamsaya.desk import events as ev
from hamsaya.desk.event import Event
from hamsaya.ledger import tables as t
from hamsaya.ledger.filling import fill
from hamsaya.seal.entries import Entry

_DIGITS_A_NUMBER: Final = 9
STANDING: Final = {"withdrawn_by": "", "withdrawn_at": "", "withdrawn_why": ""}
"""What a row of `record` says while the version stands."""


class Act(msgspec.Struct, frozen=True):
    """A journal entry being applied: its number, time, office, and a way to the entries of the other logs."""

    seq: int
    at: datetime
    office: str
    login: str
    entry_of: Callable[[str, int], Entry]
    blob_of: Callable[[str], bytes | None] | None = None
    """Gives a document's bytes where the connection that is written to has none."""
    entries_of: Callable[[str, int, int], list[Entry]] | None = None
    """Gives several entries of a log at once, from a first one on; where it stands for nothing, each is asked for by itself."""

    def stretch_of(self, log: str, seqs: Sequence[int]) -> list[Entry]:
        """Return these entries of a log."""
        if self.entries_of is not None and len(seqs) > 1 and list(seqs) == list(range(seqs[0], seqs[0] + len(seqs))):
            found = self.entries_of(log, seqs[0], len(seqs))
            if len(found) == len(seqs):
                return found
        return [self.entry_of(log, seq) for seq in seqs]


def encode(value: object) -> str:
    """Return `value` as the JSON text of a column; keys are sorted, so that the same value gives the same text."""
    return msgspec.json.encode(value, order="sorted").decode()


def stamp(at: datetime) -> str:
    """Return the time as the text of a column."""
    return at.isoformat()


@singledispatch
def project(event: Event, _db: Connection, _act: Act) -> None:
    """Apply `event` to the tables."""
    raise AssertionError(type(event))


def add(db: Connection, table: Table, act: Act, **row: object) -> None:
    """Add a row, with the journal entry that it follows from."""
    db.execute(insert(table), {"entry": act.seq, **row})


def has(db: Connection, *where: ColumnElement[bool]) -> bool:
    """Say whether such a row stands."""
    return db.execute(select(literal(1)).where(*where)).first() is not None


def note_access(db: Connection, act: Act, event: Event, about: str, detail: str = "") -> None:
    """Keep that somebody changed who may come in."""
    add(db, t.ACCESS_ACT, act, seq=act.seq, at=stamp(act.at), kind=ev.kind_of(event), about=about, detail=detail, office=act.office, login=act.login)


def note_release(db: Connection, act: Act, release: str, what: str, log: str = "", seq: int = -1) -> None:
    """Keep where the signed entry stands that tells this of a release: entry `seq` of `log`, or this entry of the journal."""
    add(db, t.RELEASE_ACT, act, release=release, what=what, log=log, seq=seq if log else act.seq)


def note_releases(db: Connection, act: Act, what: str, log: str, named: Sequence[tuple[str, int]]) -> None:
    """Keep that entries of `log` tell this of these releases, each with the number of its entry."""
    if named:
        rows = [{"entry": act.seq, "release": release, "what": what, "log": log, "seq": seq} for release, seq in named]
        fill(db, t.RELEASE_ACT, rows)


def known(query: Any, table: Table, before: int | None) -> Any:
    """Return the query over those rows alone that stood before an entry of the journal; over all where that is None."""
    return query if before is None else query.where(table.c.entry < before)


def number_in(text: str) -> int:
    """Return the number that a neighbour wrote into a header, or 0 where it wrote none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_A_NUMBER else 0

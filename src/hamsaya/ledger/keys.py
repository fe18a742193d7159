# SPDX-License-Identifier: Apache-2.0
"""The keys of this node and its neighbours: what acts leave behind, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, RowMapping, func, select, update

from hamsaya.desk import acts_keys as ev
from hamsaya.desk.keys_held import KeyHeld
from hamsaya.exchange.acts import read_card
from hamsaya.exchange.letters import KeyLetter, Mark, claimed_letter
from hamsaya.exchange.logs import journal_of
from hamsaya.facts.errors import NotFound
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, has, note_access, project, stamp
from hamsaya.ledger.remembered import Remembering
from hamsaya.seal.canonical import MAX_SAFE
from hamsaya.seal.keyline import KeyLine, Span
from hamsaya.seal.keys import PublicKey

LEARNT: Final = "learnt"
"""Why a key of our own is known that this node does not hold: its own letter came back."""


def note_first(db: Connection, act: Act, party: str, key: str) -> None:
    """Keep the key on a card. Another than the one before it, without a letter, stands in for it from the first entry on."""
    if has(db, t.PARTY_KEY.c.party == party, t.PARTY_KEY.c.key == key):
        return
    number = _count(db, party)
    why = "replaced" if number else "first"
    add(db, t.PARTY_KEY, act, party=party, key=key, number=number, why=why, since=stamp(act.at), compared=stamp(act.at))


@project.register
def _(event: ev.KeyChanged, db: Connection, act: Act) -> None:
    statement = claimed_letter(event.statement)
    card = read_card(event.card.encode())
    _take_card(db, act, statement.party, event.card)
    _keep_key(db, act, statement, card.key, event.why, compared=True)
    for neighbour, letter in event.letters.items():
        _keep_letter(db, act, claimed_letter(letter), card.key, neighbour, letter)
    note_access(db, act, event, statement.party, card.public.fingerprint())


@project.register
def _(event: ev.NeighbourKeyChanged, db: Connection, act: Act) -> None:
    letter = claimed_letter(event.letter)
    card = read_card(letter.card.encode())
    _take_card(db, act, letter.party, letter.card)
    _keep_key(db, act, letter, card.key, letter.why, compared=bool(event.second))
    _keep_letter(db, act, letter, card.key, letter.to, event.letter)
    note_access(db, act, event, letter.party, event.fingerprint)


@project.register
def _(event: ev.KeyCompared, db: Connection, act: Act) -> None:
    newest = select(func.max(t.PARTY_KEY.c.number)).where(t.PARTY_KEY.c.party == event.party).scalar_subquery()
    db.execute(
        update(t.PARTY_KEY).where(t.PARTY_KEY.c.party == event.party, t.PARTY_KEY.c.number == newest).values(compared=stamp(act.at), entry=act.seq)
    )
    note_access(db, act, event, event.party, event.fingerprint)


@project.register
def _(event: ev.OwnKeyLearnt, db: Connection, act: Act) -> None:
    letter = claimed_letter(event.letter)
    key = read_card(letter.card.encode()).key
    if not has(db, t.PARTY_KEY.c.party == letter.party, t.PARTY_KEY.c.key == key):
        _keep_key(db, act, letter, key, LEARNT, compared=True)
        _keep_marks(db, act, event.marks, letter.party, key)
    _keep_letter(db, act, letter, key, letter.to, event.letter)


def _take_card(db: Connection, act: Act, party: str, card: str) -> None:
    db.execute(update(t.PARTY).where(t.PARTY.c.id == party).values(card=card, entry=act.seq))


def _keep_key(db: Connection, act: Act, letter: KeyLetter, key: str, why: str, *, compared: bool) -> None:
    row = {"why": why, "since": stamp(act.at), "compared": stamp(act.at) if compared else "", "entry": act.seq}
    known = (t.PARTY_KEY.c.party == letter.party, t.PARTY_KEY.c.key == key)
    if db.execute(update(t.PARTY_KEY).where(*known).values(**row)).rowcount == 0:
        add(db, t.PARTY_KEY, act, party=letter.party, key=key, number=_count(db, letter.party), why=why, since=row["since"], compared=row["compared"])
    _keep_marks(db, act, letter.marks, letter.party, key)


def _keep_letter(db: Connection, act: Act, letter: KeyLetter, key: str, neighbour: str, text: str) -> None:
    if not has(db, t.KEY_LETTER.c.party == letter.party, t.KEY_LETTER.c.key == key, t.KEY_LETTER.c.neighbour == neighbour):
        add(db, t.KEY_LETTER, act, party=letter.party, key=key, neighbour=neighbour, letter=text)
    _keep_marks(db, act, letter.marks, letter.party, key)


def _keep_marks(db: Connection, act: Act, marks: Sequence[Mark], party: str, key: str) -> None:
    for mark in marks:
        row = {"size": mark.size, "root": mark.root, "entry": act.seq}
        known = (t.KEY_MARK.c.party == party, t.KEY_MARK.c.key == key, t.KEY_MARK.c.log == mark.log)
        if db.execute(update(t.KEY_MARK).where(*known).values(**row)).rowcount == 0:
            add(db, t.KEY_MARK, act, party=party, key=key, log=mark.log, size=mark.size, root=mark.root)


def _count(db: Connection, party: str) -> int:
    return int(db.execute(select(func.count()).select_from(t.PARTY_KEY).where(t.PARTY_KEY.c.party == party)).scalar_one())


class SqlKeyBook(Remembering):
    """Reading keys. Implements `desk.keys_held.KeyBook`."""

    def keys_of(self, party: str) -> list[KeyHeld]:
        """Return the keys of a party, the first one first."""
        rows = list(self._db.execute(select(t.PARTY_KEY).where(t.PARTY_KEY.c.party == party).order_by(t.PARTY_KEY.c.number)).mappings())
        marks: dict[str, list[Mark]] = {}
        for row in self._db.execute(select(t.KEY_MARK).where(t.KEY_MARK.c.party == party).order_by(t.KEY_MARK.c.log)).mappings():
            marks.setdefault(row["key"], []).append(Mark(row["log"], row["size"], row["root"]))
        return [_held(row, rows[place + 1 :], marks.get(row["key"], [])) for place, row in enumerate(rows)]

    def key_line(self, party: str) -> KeyLine:
        """Return which key of a party signs what."""
        return self.once(("key line", party), lambda: self._read_key_line(party))

    def _read_key_line(self, party: str) -> KeyLine:
        spans = []
        for held in self.keys_of(party):
            starts = {mark.log: mark.size for mark in held.marks}
            if not held.here:  # it was never used in this journal
                starts[journal_of(party)] = MAX_SAFE
            spans.append(Span(PublicKey(held.key), starts, held.revoked))
        if not spans:
            raise NotFound(say("This node knows no key of “{party}”.", party=party[:40] or "—"))
        return KeyLine(tuple(spans))

    def letters(self, party: str, neighbour: str) -> list[str]:
        """Return the letters in which `party` told `neighbour` of its keys, the first one first."""
        return list(self.once(("letters", party, neighbour), lambda: self._read_letters(party, neighbour)))

    def _read_letters(self, party: str, neighbour: str) -> list[str]:
        query = (
            select(t.KEY_LETTER.c.letter)
            .join(t.PARTY_KEY, (t.PARTY_KEY.c.party == t.KEY_LETTER.c.party) & (t.PARTY_KEY.c.key == t.KEY_LETTER.c.key))
            .where(t.KEY_LETTER.c.party == party, t.KEY_LETTER.c.neighbour == neighbour)
            .order_by(t.PARTY_KEY.c.number)
        )
        return list(self._db.execute(query).scalars())


def journal_key(db: Connection, party: str) -> str:
    """Return the key that signs this node's journal now, empty where none is noted."""
    query = select(t.PARTY_KEY.c.key).where(t.PARTY_KEY.c.party == party, t.PARTY_KEY.c.why != LEARNT).order_by(t.PARTY_KEY.c.number.desc()).limit(1)
    return db.execute(query).scalar() or ""


def _held(row: RowMapping, later: list[RowMapping], marks: list[Mark]) -> KeyHeld:
    why: Any = row["why"]
    return KeyHeld(
        party=row["party"], number=row["number"] + 1, key=row["key"], why="planned" if why == LEARNT else why, since=_time(row["since"]),
        until=_time(later[0]["since"]) if later else None, revoked=any(each["why"] in ("compromised", "lost", "replaced") for each in later),
        compared=bool(row["compared"]), here=why != LEARNT, marks=marks,
    )  # fmt: skip


def _time(text: str) -> datetime:
    return msgspec.convert(text, datetime)

# SPDX-License-Identifier: Apache-2.0
"""Erasure in the simulated world: officers order, confirm and decline it, here and at the neighbour; and what must be gone afterwards.

Every report says a word of its own, its mark. Of what a node has erased, the mark stands in no cell of its store, whatever comes
afterwards: a bundle again, a stick from before, its own entries from the neighbour's mirror, a log that is begun anew.
"""

from __future__ import annotations

import base64
import functools
import re
from contextlib import suppress
from dataclasses import dataclass, field

from hamsaya.desk.erasing import confirm_erasure, decide_erasure, order_erasure
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import HamsayaError
from hamsaya.seal.entries import Entry, commit

REASONS = ("retention", "ordered", "mistake")


def mark_of(rng):
    """Return a word that stands nowhere else."""
    return f"z{rng.getrandbits(40):010x}"


@dataclass
class Forgotten:
    """What one node says it has erased, and what was asked between it and its neighbours."""

    own: set = field(default_factory=set)
    asked: dict = field(default_factory=dict)
    """By place, whether it was confirmed."""
    records: dict = field(default_factory=dict)
    left: list = field(default_factory=list)
    """Places of which the node says that they are erased, and which hold something."""

    def asked_of(self, by, to):
        """By place, whether what `by` asked of `to` was confirmed."""
        return {place: told for place, told in self.asked.items() if ((name := parse_log(place[0])).sender, name.receiver) == (by, to)}

    def gone_at(self, party):
        """The records that this node has erased, of its own or of others."""
        return self.own | {self.records[place] for place, told in self.asked.items() if told and parse_log(place[0]).receiver == party}

    def tells_of(self, party):
        """The records that another node has erased, as far as this one knows."""
        ours = {self.records[place] for place in self.asked if parse_log(place[0]).sender == party}
        return ours | {self.records[place] for place, told in self.asked.items() if told and parse_log(place[0]).receiver == party}


def read_forgotten(db):
    """Read what the tables of a node say."""
    found = Forgotten()
    found.own = {row[0] for row in db.exec_driver_sql("SELECT record FROM erasure_order WHERE state = 'erased'")}
    for log, seq, record, told in db.exec_driver_sql(
        "SELECT e.log, e.seq, e.record, a.log FROM erasure e LEFT JOIN erasure_answer a USING (log, seq)"
    ):
        found.asked[log, seq], found.records[log, seq] = told is not None, record
    if found.own or found.asked:
        left = "SELECT r.log, r.seq FROM remains r JOIN entry e USING (log, seq) WHERE e.content IS NOT NULL OR length(e.salt) > 0"
        found.left = [tuple(row) for row in db.exec_driver_sql(left)]
    return found


# What officers do


def erases(world, party):
    """The commander orders that a record be erased, and another officer says yes, or no; or what was ordered before is decided."""
    each, rng = world.machines[party], world.rng
    ordered = _orders(each)
    if not ordered:
        record = _record(world, each)
        if record is None:
            return
        reason = rng.choice(REASONS)
        world.officer(party, lambda each: order_erasure(each.node, each.officers["commander"], record, reason))
        ordered = _orders(each)
        if not ordered or rng.random() < 0.2:  # it did not come to be, or waits
            return
    record, erase = rng.choice(ordered), rng.random() < 0.85
    world.trace.append(f"{'yes' if erase else 'no'}, {record}")
    world.officer(party, lambda each: decide_erasure(each.node, each.officers["approver"], record, erase=erase))


def confirms_an_erasure(world, party):
    """An officer erases what a neighbour asks to be erased."""
    waiting = _waiting(world.machines[party])
    if waiting:
        log, seq = world.rng.choice(waiting)
        world.officer(party, lambda each: confirm_erasure(each.node, each.officers["approver"], log, seq))


def confirm_all(world, party):
    """Let an officer confirm all that is asked, as far as the links let it be said."""
    each = world.machines[party]
    if any(not told for told in world.held[party].forgotten.asked.values()):
        for log, seq in _waiting(each):
            with suppress(HamsayaError):
                confirm_erasure(each.node, each.officers["approver"], log, seq)


def _orders(each):
    with each.store.reading() as book:
        return [order.record for order in book.erasure_orders() if order.state == "ordered"]


def _record(world, each):
    with each.store.reading() as book:
        erased = {order.record for order in book.erasure_orders() if order.state == "erased"}
        own = {held.record.id: held for held in book.records() if not held.received_from and held.record.id not in erased}
    if not own:
        return None
    record = world.rng.choice(sorted(own))
    said = re.search(r"z[0-9a-f]{10}", repr(own[record].record))
    if said:
        world.marks[record] = said[0]
    return record


def _waiting(each):
    with each.store.reading() as book:
        return [(held.log, held.seq) for held in book.erasures() if held.to == each.party and held.confirmed is None]


# What must be gone


def note(world, party):
    """Remember what this node has erased now."""
    gone = world.held[party].forgotten.gone_at(party)
    if gone:
        world.erased.setdefault(party, {}).update({record: world.marks[record] for record in gone if record in world.marks})


def trim(world):
    """Let each node know again only of what its own tables tell, or those of a neighbour, which gives it back: the rest went with a disk."""
    for party, words in world.erased.items():
        known = world.held[party].forgotten.gone_at(party)
        for other in world.neighbours(party):
            known |= world.held[other].forgotten.tells_of(party)
        world.erased[party] = {record: mark for record, mark in words.items() if record in known}


def standing(each, words):
    """Return the tables of a node in which one of these words stands: as it is, or in the base64 of an envelope."""
    said, found = _pattern(tuple(sorted(words))), set()
    with each.store.engine.connect() as db, db.begin():
        for table in _tables(db):
            for row in db.exec_driver_sql(f'SELECT * FROM "{table}"'):  # noqa: S608  (a table's own name)
                if any(isinstance(value, bytes | str) and said.search(value.encode() if isinstance(value, str) else value) for value in row):
                    found.add(table)
    return found


def _tables(db):
    return [row[0] for row in db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]


@functools.lru_cache(maxsize=1000)
def _pattern(words):
    """Match each word, or what stands for its middle in base64, at any of the three places where it may begin."""
    ways = [re.escape(each.encode()) for each in words]
    for each in words:
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + each.encode()).rstrip(b"=")
            ways.append(re.escape(encoded[-(-before * 4 // 3) : len(encoded) - 2]))
    return re.compile(b"|".join(ways))


@functools.lru_cache(maxsize=100_000)
def opens(envelope, salt, content):
    """Say whether a content opens the commitment of its entry; of an erased one there is no salt."""
    if content is None:
        return salt == b""
    return commit(salt, content) == Entry(envelope, salt, content).header().commitment

# SPDX-License-Identifier: Apache-2.0
"""What a neighbour sent is filed as a record of our own, linked to it: the only form in which it may go on to a third party (F4).

The record is an attributed account (law 6): it is filed by this party, told of that one's side, and each claim that the
neighbour stated itself is said by that side. Sentences and spans stay behind, since the document is not here. It is named
after the version that it copies, so that the same button pressed twice files one record.
"""

from __future__ import annotations

import hashlib

import msgspec

from hamsaya.desk.derived import links_to
from hamsaya.desk.erasing import refuse_erased
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.names import named_after
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.errors import NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal


def link_received(node: Node, officer: Officer, record: str) -> tuple[RecordHeld, bool]:
    """File the latest standing version of a received record as one of our own; say whether it was filed before.

    Raises `NotFound` for a record that no neighbour sent, `Refused` for one that was taken back.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        refuse_erased(pen, record)
        told = _received(pen, record)
        name = linked_name(node.party, told)
        filed = [each for each in pen.versions(name) if not each.received_from]
        if filed:
            return filed[-1], True
        made = _copy(node, pen, officer, told, name)
        pen.journal(RecordFiled(record=name, version=1, envelope=seal("record", canonical(made), node.key).decode()), officer)
        return next(each for each in pen.versions(name) if not each.received_from), False


def linked_name(own: str, told: Record) -> str:
    """Return the name under which party `own` files this version of another's record."""
    seed = b"\x00".join((b"hamsaya-linked-v1", own.encode(), told.party.encode(), told.id.encode(), str(told.version).encode()))
    return named_after(own, "R", hashlib.sha256(seed).digest())


def _received(book: Book, record: str) -> Record:
    versions = [each for each in book.versions(record) if each.received_from]
    if not versions:
        raise NotFound(say("No neighbour sent a record {came}.", came=record[:40] or "—"), say("`hamsaya record list` shows what is here."))
    standing = [each.record for each in versions if not each.withdrawn_by]
    if not standing:
        raise Refused(say("Record {record} was withdrawn; nothing new can rest on it.", record=record), rule="withdrawn")
    return standing[-1]


def _copy(node: Node, book: Book, officer: Officer, told: Record, name: str) -> Record:
    return Record(
        id=name, version=1, kind=told.kind, party=node.party, office=officer.office, side=told.side, basis="attributed", handling=told.handling,
        incident=book.incident_name(told.incident) if told.incident else "", claims=[_said_by(told, claim) for claim in told.claims],
        filed_at=node.now(), exercise=node.exercise, derived=links_to(book, node.party, [told.id]),
    )  # fmt: skip


def _said_by(told: Record, claim: Claim) -> Claim:
    speaker = claim.speaker
    if speaker.kind == "own":
        speaker = Speaker(kind="side", office=told.office, side=told.side)
    return msgspec.structs.replace(claim, speaker=speaker, span=None, quote="", quote_commitment="", reason="")

# SPDX-License-Identifier: Apache-2.0
"""What followed a release, for the account of it: in the order in which it was done, each step that was signed verified.

- Of one that left: the neighbour's notices, our recall and the answer to it, and to whom the neighbour had passed it on.
- Of one that came: the neighbour's recall, our answer, and what of ours rests on it and had gone on to others.
- Of both: later versions of the record, and the answers to it or the refusal of it, where it is a request.
- Of one that a single officer made under a standing approval: what a second person said of it afterwards.

Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.account import Checking, Told
from hamsaya.desk.holdings import InboxItem, ReleaseHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.recalls import onward, recall_of
from hamsaya.desk.recalls_held import RecallHeld
from hamsaya.desk.requests import requests_of
from hamsaya.exchange.acts import ReleaseOpened
from hamsaya.exchange.bundle import take_entry
from hamsaya.exchange.erasures import ErasureAsked, ErasureConfirmed, why_erased
from hamsaya.exchange.recalls import RecallAnswered, ReleaseRecalled
from hamsaya.exchange.retention import CopyHeld, why_held
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Entry, Header
from hamsaya.settlement.asking import COURSES


def after_leaving(node: Node, book: Book, held: ReleaseHeld, checking: Checking) -> list[Told]:
    """Return what followed a release of ours, oldest first."""
    told = [*_reviews(book, held.release)]
    if held.log:
        recall = recall_of(book, held.log, held.seq)
        if recall is not None:
            told.append(Told(what=say("taken back: {reason}", reason=recall.reason), office=recall.office, login="", at=recall.at, entry=""))
        told += _arrived(book, f"{held.log}#{held.seq}", checking)
        told += _requested(node, book, held.record, held.receiver)
    for each in book.versions(held.record):
        if not each.received_from and each.record.version > held.version:
            what = say("corrected here: version {n} of the record was filed", n=each.record.version)
            told.append(Told(what=what, office="", login="", at=each.at, entry=""))
    for later in book.releases_of(held.record):
        if later.log and later.receiver == held.receiver and later.version > held.version:
            what = say("version {n} went to the same receiver as release {release}", n=later.version, release=later.release)
            told.append(Told(what=what, office="", login="", at=_signed_at(book, later), entry=f"{later.log}#{later.seq}"))
    return sorted(told, key=lambda each: each.at)


def after_arriving(node: Node, book: Book, item: InboxItem, record: str, version: int, checking: Checking) -> list[Told]:
    """Return what followed a release that a neighbour sent, oldest first."""
    told = [*_arrived(book, f"{item.log}#{item.seq}", checking), *_requested(node, book, record, item.sender)]
    recall = recall_of(book, item.log, item.seq)
    if recall is not None:
        told += _answered_here(book, recall)
    for each in book.versions(record):
        if each.received_from == item.sender and each.record.version > version:
            what = say("corrected by the neighbour: version {n} of the record arrived", n=each.record.version)
            told.append(Told(what=what, office="", login="", at=each.at, entry=each.released_in))
    return sorted(told, key=lambda each: each.at)


def _arrived(book: Book, subject: str, checking: Checking) -> Iterator[Told]:
    """Tell what the neighbour signed about a release since, each verified."""
    for item in book.arrived_about(subject):
        if item.state == "quarantined":
            continue
        entry = entry_at(book, item.log, item.seq)
        what = say("The neighbour's notice is signed by {party}.", party=item.sender)
        header = checking.entry(what, entry, book.key_line(item.sender), item.log, item.seq)
        if header is not None and entry is not None:
            yield from _notice(item, header, entry)


def _notice(item: InboxItem, header: Header, entry: Entry) -> Iterator[Told]:
    name = f"{item.log}#{item.seq}"
    if entry.content is None:
        yield Told(what=say("answered by the neighbour: {kind}", kind=item.kind), office=header.office, login="", at=header.at, entry=name)
    elif item.kind == "release.opened":
        opened = read(entry.content, ReleaseOpened)
        yield Told(what=say("opened by the neighbour"), office=opened.office, login="", at=opened.at, entry=name)
    elif item.kind == "release.recalled":
        recalled = read(entry.content, ReleaseRecalled)
        what = say("taken back by the neighbour, and struck here: {reason}", reason=recalled.reason)
        yield Told(what=what, office=recalled.office, login="", at=recalled.at, entry=name)
    elif item.kind == "recall.answered":
        answered = read(entry.content, RecallAnswered)
        yield Told(what=say("the neighbour answered: its copy is struck"), office=answered.office, login="", at=answered.at, entry=name)
        for each in answered.passed_on:
            what = say("the neighbour had told {party}, and took it back there, too", party=each.party)
            if not each.recalled:
                what = say("the neighbour had told {party}, and did not take it back there", party=each.party)
            yield Told(what=what, office=answered.office, login="", at=answered.at, entry=name)
    elif item.kind in _ERASING:
        yield from _erasing(item.kind, entry.content, name)
    else:
        yield Told(what=say("answered by the neighbour: {kind}", kind=item.kind), office=header.office, login="", at=header.at, entry=name)


_ERASING: Final = ("erasure.asked", "erasure.confirmed", "copy.held")


def _erasing(kind: str, content: bytes, name: str) -> Iterator[Told]:
    """Tell what the neighbour signed of how long a copy is kept, and that it was erased."""
    if kind == "erasure.asked":
        asked = read(content, ErasureAsked)
        what = say("the neighbour erased it, and asked for the same: {reason}", reason=why_erased(asked.reason))
        yield Told(what=what, office=asked.office, login="", at=asked.at, entry=name)
    elif kind == "erasure.confirmed":
        gone = read(content, ErasureConfirmed)
        what = say("the neighbour confirmed: its copy is erased")
        if gone.ran_out is not None:
            what = say("the neighbour erased its copy by itself: clause {clause} ended its time", clause=gone.ran_out.clause)
        yield Told(what=what, office=gone.office, login="", at=gone.at, entry=name)
        for third in gone.onward:
            what = say("the neighbour had told {party}, and asked it to erase that in turn", party=third.party)
            if not third.asked:
                what = say("the neighbour had told {party}, and did not ask it to erase that", party=third.party)
            yield Told(what=what, office=gone.office, login="", at=gone.at, entry=name)
    elif kind == "copy.held":
        kept = read(content, CopyHeld)
        until = f"{kept.until:%Y-%m-%d %H:%M} UTC"
        what = say("the neighbour keeps its copy beyond its time, until {until}: {reason}", until=until, reason=why_held(kept.reason))
        if kept.until <= kept.at:
            what = say("the neighbour no longer keeps its copy beyond its time")
        yield Told(what=what, office=kept.office, login="", at=kept.at, entry=name)


def _answered_here(book: Book, recall: RecallHeld) -> Iterator[Told]:
    """Tell what this node answered, and what rests on what was taken back and had gone on to others."""
    if recall.answer is not None:
        what = say("the recall was answered here: our copy is struck")
        yield Told(what=what, office=recall.answer.office, login="", at=recall.answer.at, entry="")
    for each in onward(book, recall):
        what = say("release {release} to {party} rests on it: {condition}", release=each.release, party=each.receiver, condition=each.condition)
        yield Told(what=what, office="", login="", at=each.condition_at, entry=f"{each.log}#{each.seq}")


def _requested(node: Node, book: Book, record: str, party: str) -> Iterator[Told]:
    """Tell what became of a request with one neighbour; nothing of a record that is none."""
    for held in requests_of(node, book, record):
        if held.party != party:
            continue
        for each in held.answers:
            yield Told(what=say("answered by record {record}", record=each.record), office="", login="", at=each.at, entry="")
        if held.refusal is not None:
            yield Told(what=say("refused on a ground of refusal"), office=held.refusal.office, login="", at=held.refusal.at, entry="")
        for step in held.moved:
            yield Told(what=COURSES[held.record.kind].moves[step.move].label, office=step.office, login="", at=step.at, entry="")


def _reviews(book: Book, release: str) -> Iterator[Told]:
    """Tell what a second person said afterwards of a release that one officer made under a standing approval."""
    for each in book.reviews(release=release):
        if each.at is None:
            what = say("one officer let it leave by clause {number}; a second person has not looked at it yet", number=each.clause)
            yield Told(what=what, office="", login="", at=each.until, entry="")
        else:
            what = say(
                "reviewed afterwards, as clause {number} asks: {outcome} {reason}", number=each.clause, outcome=each.outcome, reason=each.reason
            )
            yield Told(what=what, office=each.office, login=each.by, at=each.at, entry="")


def _signed_at(book: Book, held: ReleaseHeld) -> datetime:
    entry = entry_of(book, held)
    return entry.header().at if entry else held.condition_at


def entry_of(book: Book, held: ReleaseHeld) -> Entry | None:
    """Return the log entry that a release of ours made, also one that was lost and came back of a log that was closed (`desk/epochs.py`)."""
    entry = entry_at(book, held.log, held.seq)
    if entry is not None and entry.header().about.get("release", "") == held.release:
        return entry
    lost = (each.entry for each in book.lost_entries() if (each.log, each.seq) == (held.log, held.seq))
    found = next(map(take_entry, lost), entry)
    return msgspec.structs.replace(found, content=None) if found is not None and not found.salt else found  # what was erased left its rest


def entry_at(book: Book, log: str, seq: int) -> Entry | None:
    """Return an entry of a log, or None."""
    found = book.entries(log, seq, 1) if seq >= 0 else []
    return found[0] if found else None

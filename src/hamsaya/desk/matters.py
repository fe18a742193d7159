# SPDX-License-Identifier: Apache-2.0
"""Matters: what one party opened with another, how it stands on both nodes alike, and moving it on (the tables: `settlement`).

Every time that both desks show is one that both hold: of a signed entry, of a receipt, of a notice. A matter stands with each
neighbour by itself. What steps there are is gathered here from what the node holds; how it stands, the table alone says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from hamsaya.agreement.due import terms
from hamsaya.desk.acts_matters import MatterMovedHere
from hamsaya.desk.holdings import InboxItem, Officer, RecordHeld, RefusalHeld
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.recalls import recall_of
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.logs import link_log, parse_log
from hamsaya.exchange.matters import MATTER_MOVED, MatterMoved, ref_of
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.entries import Entry
from hamsaya.settlement.course import OPENED, Course, Running, Side, Standing, Step, clocks, stand
from hamsaya.settlement.courses import COURSES


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """A matter between this node and one neighbour, as far as both hold it."""

    record: Record
    """The latest version of the record that opened it."""
    party: str
    """The neighbour."""
    ours: bool
    """True where this node opened it."""
    log: str
    seq: int
    """The entry that let the opening leave."""
    refusal: RefusalHeld | None
    standing: Standing
    clocks: list[Running]

    @property
    def side(self) -> Side:
        """Return which side of it this node is."""
        return "opener" if self.ours else "other"

    @property
    def course(self) -> Course:
        """Return its table."""
        return COURSES[self.record.kind]

    def clock(self, name: str) -> Running | None:
        """Return one of its clocks, or None where that does not run by the agreement, or was not started."""
        return next((each for each in self.clocks if each.name == name), None)


def matters_of(node: Node, book: Book, record: str) -> list[Matter]:
    """Return a matter as it stands with each neighbour; empty for a record that opens none, or that has not left yet."""
    versions = book.versions(record)
    course = COURSES.get(versions[0].record.kind) if versions else None
    if course is None or (course.negotiated and versions[0].record.answers):
        return []
    if versions[0].received_from:
        log, _, number = versions[0].released_in.rpartition("#")
        return [_matter(node, book, versions[-1].record, versions[0].received_from, log, int(number), book.inbox_item(log, int(number)))]
    first: dict[str, tuple[str, int]] = {}
    for release in reversed(book.releases_of(record)):
        if release.log:
            first.setdefault(release.receiver, (release.log, release.seq))
    return [_matter(node, book, versions[-1].record, party, log, seq, None) for party, (log, seq) in first.items()]


def matter_with(node: Node, book: Book, record: str, party: str) -> Matter:
    """Return a matter as it stands with `party`; the only neighbour that it is with may go unnamed. Raises `NotFound`."""
    found = [each for each in matters_of(node, book, record) if party in ("", each.party)]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(say("It is open with several neighbours: {list}. Name one.", list=", ".join(each.party for each in found)))
    raise NotFound(say("There is no open matter {came}.", came=record[:40] or "—"), say("It opens none, or has not left for that neighbour yet."))


def move_matter(node: Node, officer: Officer, record: str, move: str, party: str = "", *, on: str = "") -> Matter:
    """Move a matter on with a signed act, and return it as it stands then; `move_within` says what it raises."""
    with node.ledger.writing() as pen:
        return move_within(node, pen, officer, matter_with(node, pen, record, party), move, on=on)


def move_within(node: Node, pen: Pen, officer: Officer, matter: Matter, move: str, *, on: str = "") -> Matter:
    """Move a matter on within an act. `on` names the text that is signed, for a move that both must make over one text.

    Raises `InputError` for a move that its table has not, `Refused` where it is the other side's or the officer's role lacks the
    right, and `Stale` where it stands so that it cannot be moved like that, or another text stands than was read.
    """
    found, standing = matter.course.moves.get(move), matter.standing
    if found is None or found.borne != "move":
        known = ", ".join(name for name, each in matter.course.moves.items() if each.borne == "move")
        raise InputError(say("Such a matter can be moved so: {known}. This came: {came}", known=known, came=move[:40] or "—"))
    require(officer.role, found.verb)
    if found.by not in (matter.side, "either"):
        raise Refused(say("Only {party} can do that.", party=matter.party), rule="side")
    last = standing.last
    if standing.state not in found.before:
        raise Stale(say("It stands otherwise now: {state}.", state=matter.course.states[standing.state].label), by=last.office, at=last.at)
    if found.halfway and (on != standing.text or not on):
        raise Stale(say("The text that you read is not the one that stands now."), by=last.office, at=last.at)
    if found.halfway and matter.side in standing.signers:
        raise Stale(say("This side has signed this text before."), by=last.office, at=last.at)
    moved = MatterMoved(
        matter=matter.record.id, move=move, seen=last.ref, on=on if found.halfway else "", office=officer.office, at=node.now(),
    )  # fmt: skip
    log = pen.current_log(link_log(node.party, matter.party))
    seq = pen.extend(log, MATTER_MOVED, canonical(moved), officer)
    pen.journal(MatterMovedHere(party=matter.party, moved=moved, log=log, seq=seq), officer)
    return matter_with(node, pen, matter.record.id, matter.party)


def _matter(node: Node, book: Book, record: Record, party: str, log: str, seq: int, item: InboxItem | None) -> Matter:
    ours, course = item is None, COURSES[record.kind]
    refusal = next((each for each in book.refusals(request=record.id) if each.party == party and each.here != ours), None)
    steps = [*_steps(node, book, course, record.id, party, log, seq, item)]
    if refusal is not None:
        steps.append(Step(move="refuse", by="other", ref="refused", office=refusal.office, at=refusal.at))
    standing = stand(course, steps)
    return Matter(
        record=record, party=party, ours=ours, log=log, seq=seq, refusal=refusal, standing=standing,
        clocks=clocks(course, standing, _terms(book, log)),
    )  # fmt: skip


def _steps(node: Node, book: Book, course: Course, record: str, party: str, log: str, seq: int, item: InboxItem | None) -> Iterator[Step]:
    ours = item is None
    opener, other = (node.party, party) if ours else (party, node.party)
    entry = book.entries(log, seq, 1)[0]
    header, had = entry.header(), received_at(book, log, seq, other)
    yield Step(
        move=OPENED, by="opener", ref=OPENED, office=header.office, at=header.at, received_at=had, record=record, text=_text_in(entry),
        entry=f"{log}#{seq}",
    )  # fmt: skip
    opening = book.opening(log, seq)
    at, office = (item.opened_at, item.opened_by) if item else (opening.at, opening.office) if opening else (None, "")
    if at is not None:
        yield Step(move="acknowledge", by="other", ref="acknowledged", office=office, at=at)
    for held in book.answers_to(record):
        left = _left(book, held, party)
        if left is not None:
            entry = book.entries(left[0], left[1], 1)[0]
            told, by = entry.header(), side_of(held.received_from or node.party, opener)
            had = received_at(book, left[0], left[1], party if by == side_of(node.party, opener) else node.party)
            yield Step(move=course.borne_by("release", by), by=by, ref=held.record.id, office=told.office, at=told.at, received_at=had,
                       record=held.record.id, text=_text_in(entry), entry=f"{left[0]}#{left[1]}")  # fmt: skip
    recall = recall_of(book, log, seq)
    if recall is not None:
        yield Step(move="recall", by="opener", ref="recalled", office=recall.office, at=recall.at)
    for each in book.moves_on(record):
        if each.party == party:
            had = received_at(book, each.log, each.seq, party if each.by == node.party else node.party)
            by = side_of(each.by, opener)
            yield Step(move=each.move, by=by, ref=each.ref, office=each.office, at=each.at, received_at=had, seen=each.seen, on=each.on,
                       entry=f"{each.log}#{each.seq}")  # fmt: skip


def side_of(party: str, opener: str) -> Side:
    """Return which side of a matter a party is that `opener` opened."""
    return "opener" if party == opener else "other"


def _text_in(entry: Entry) -> str:
    """Return the name of the bytes that a release put forward: the same on both nodes. Empty where they are gone."""
    return ref_of(entry.content) if entry.content is not None else ""


def _left(book: Book, held: RecordHeld, party: str) -> tuple[str, int] | None:
    """Return the entry by which a record first came from that neighbour, or left for it: that is when both tell what it does."""
    record = held.record
    if held.received_from:
        first = next((each for each in book.versions(record.id) if each.received_from == party), None)
        if first is None:
            return None
        log, _, number = first.released_in.rpartition("#")
        return log, int(number)
    left = [release for release in book.releases_of(record.id) if release.log and release.receiver == party]
    return (left[-1].log, left[-1].seq) if left else None


def received_at(book: Book, log: str, seq: int, by: str) -> datetime | None:
    """Return when a party had an entry, as its first receipt over it says; None while none is here."""
    receipt = book.receipt_over(log, seq, by)
    return receipt.at if receipt is not None else None


def _terms(book: Book, log: str) -> dict[str, int]:
    name = parse_log(log)
    held = [each.agreement for each in book.agreements() if name is not None and each.agreement.table.id == name.agreement]
    return terms(held[0]) if held else {}

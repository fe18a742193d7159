# SPDX-License-Identifier: Apache-2.0
"""Matters: what one party opened with another, how it stands on both nodes alike, and moving it on (the tables: `settlement`).

Every time that both desks show is one that both hold: of a signed entry, of a receipt, of a notice. A matter stands with each
neighbour by itself. What steps there are is gathered here from what the node holds; how it stands, the table alone says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import LiaisonLevels
from hamsaya.agreement.due import terms
from hamsaya.desk.acts_matters import MatterMovedHere
from hamsaya.desk.holdings import InboxItem, Officer, RecordHeld, RefusalHeld
from hamsaya.desk.inbox import acknowledge_within, agreed_at
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.recalls import recall_of
from hamsaya.desk.roles import may, require
from hamsaya.desk.stale import Stale
from hamsaya.desk.stops_held import side_of, stops_on
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.matters import MATTER_MOVED, MatterMoved, ref_of
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Moment
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Entry
from hamsaya.settlement.course import GONE, OPENED, Course, Move, Running, Side, Standing, Step, clocks, stand
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.escalation import RUNGS, Ladder, Level, Rung

_SEVERAL: Final = 2


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
    ladder: Ladder

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

    def level(self, now: datetime) -> Level | None:
        """Return how high what is overdue in it has gone; None where nothing is, or its agreement has no ladder."""
        return self.ladder.highest(self.clocks, now)


def matters_of(node: Node, book: Book, record: str) -> list[Matter]:
    """Return a matter as it stands with each neighbour; empty for a record that opens none, or that has not left yet."""
    versions = book.versions(record)
    course = COURSES.get(versions[0].record.kind) if versions else None
    if course is None or (course.negotiated and versions[0].record.answers) or versions[0].record.basis == "attributed":
        return []  # what somebody is reported to have said stands as that side's word, and opens nothing between two nodes
    sender = versions[0].received_from
    parties = [sender] if sender else list(dict.fromkeys(each.receiver for each in reversed(book.releases_of(record)) if each.log))
    first = {party: places[0] for party in parties if (places := _places(book, record, party, received=bool(sender)))}
    return [
        _matter(node, book, versions[-1].record, party, log, seq, book.inbox_item(log, seq) if sender else None)
        for party, (log, seq) in first.items()
    ]


def matters_held(node: Node, book: Book, kinds: Collection[str] = tuple(COURSES)) -> Iterator[Matter]:
    """Return the matters of these kinds as they stand with each neighbour, newest first, one after the other as they are asked for."""
    for record, _ in dict.fromkeys(book.openings(kinds)):
        yield from matters_of(node, book, record)


def kinds_of_matters() -> dict[str, Text]:
    """Return the kinds of matters by name."""
    return {name: course.label for name, course in COURSES.items()}


def matter_with(node: Node, book: Book, record: str, party: str = "") -> Matter:
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
    if _acknowledges(matter, found, officer):
        acknowledge_within(node, pen, officer, matter.log, matter.seq)
        last = matter_with(node, pen, matter.record.id, matter.party).standing.last
    moved = MatterMoved(
        matter=matter.record.id, move=move, seen=last.ref, on=on if found.halfway else "", office=officer.office, at=node.now(),
    )  # fmt: skip
    log = pen.current_log(link_log(node.party, matter.party))
    seq = pen.extend(log, MATTER_MOVED, canonical(moved), officer)
    pen.journal(MatterMovedHere(party=matter.party, moved=moved, log=log, seq=seq), officer)
    return matter_with(node, pen, matter.record.id, matter.party)


def _acknowledges(matter: Matter, move: Move, officer: Officer) -> bool:
    """Say whether a move acknowledges the opening as well, so that what was decided does not wait in the inbox and go up the ladder."""
    opening = next((each for each in matter.course.moves.values() if each.borne == "opening"), None)
    unread = opening is not None and not matter.ours and matter.standing.state in opening.before and opening.after in move.before
    return unread and opening is not None and may(officer.role, opening.verb)


def _matter(node: Node, book: Book, record: Record, party: str, log: str, seq: int, item: InboxItem | None) -> Matter:
    ours, course = item is None, COURSES[record.kind]
    entry = book.entries(log, seq, 1)[0]
    refusable = any(move.borne == "refusal" for move in course.moves.values())
    refusals = book.refusals(request=record.id) if refusable else []
    refusal = next((each for each in refusals if each.party == party and each.here != ours), None)
    steps = [*_steps(node, book, course, record.id, party, entry, item)]
    if refusal is not None:
        steps.append(Step(move="refuse", by="other", ref="refused", office=refusal.office, at=refusal.at))
    standing = stand(course, steps)
    opened = next(told.step.at for told in standing.steps if told.step.move == OPENED)
    text = agreed_at(book.agreements(), log, opened)
    return Matter(
        record=record, party=party, ours=ours, log=log, seq=seq, refusal=refusal, standing=standing,
        clocks=clocks(course, standing, terms(text) if text else {}, named_in(course, content_of(book, entry))), ladder=_ladder(text),
    )  # fmt: skip


def _steps(node: Node, book: Book, course: Course, record: str, party: str, entry: Entry, item: InboxItem | None) -> Iterator[Step]:
    ours = item is None
    opener, other = (node.party, party) if ours else (party, node.party)
    header = entry.header()
    log, seq, content = header.log, header.seq, content_of(book, entry)
    had = received_at(book, log, seq, other)
    yield Step(
        move=OPENED, by="opener", ref=OPENED, office=header.office, at=header.at, received_at=had, record=record, text=_text_in(content),
        entry=f"{log}#{seq}", starts=_starts(course, content),
    )  # fmt: skip
    opening = None if item else book.opening(log, seq)
    at, office = (item.opened_at, item.opened_by) if item else (opening.at, opening.office) if opening else (None, "")
    if at is not None:
        yield Step(move="acknowledge", by="other", ref="acknowledged", office=office, at=at)
    for held in book.answers_to(record):
        left = _left(book, held, party) if not course.negotiated or held.record.kind == course.kind else None
        if left is not None:
            entry = book.entries(left[0], left[1], 1)[0]
            content = content_of(book, entry)
            told, by = entry.header(), side_of(held.received_from or node.party, opener)
            had = received_at(book, left[0], left[1], party if by == side_of(node.party, opener) else node.party)
            yield Step(move=course.borne_by("release", by, held.record.step), by=by, ref=held.record.id, office=told.office, at=told.at,
                       received_at=had, record=held.record.id, text=_text_in(content), entry=f"{left[0]}#{left[1]}",
                       times=named_in(course, content))  # fmt: skip
    yield from stops_on(book, course, record, node.party, party, opener)
    recall = recall_of(book, log, seq)
    if recall is not None:
        yield Step(move="recall", by="opener", ref="recalled", office=recall.office, at=recall.at)
    for each in book.moves_on(record):
        if each.party == party:
            had = received_at(book, each.log, each.seq, party if each.by == node.party else node.party)
            by = side_of(each.by, opener)
            yield Step(move=each.move, by=by, ref=each.ref, office=each.office, at=each.at, received_at=had, seen=each.seen, on=each.on,
                       entry=f"{each.log}#{each.seq}")  # fmt: skip


def content_of(book: Book, entry: Entry) -> bytes | None:
    """Return the bytes that a release let leave, as long as both hold them: None once either erased its copy, or asked the other to."""
    header = entry.header()
    return entry.content if entry.content is not None and book.erasure_of(header.log, header.seq) is None else None


def _text_in(content: bytes | None) -> str:
    """Return the name of the bytes that a release put forward: the same on both nodes."""
    return ref_of(content) if content is not None else GONE


def _starts(course: Course, content: bytes | None) -> str:
    """Return how the record that opened a matter says it stands, as it left; empty where the table asks for no such word."""
    if not course.starts or content is None:
        return ""
    claims = read(content, ReleasedRecord).record.claims
    return next((each.value.code for each in claims if each.predicate == "status" and isinstance(each.value, Coded)), "")


def named_in(course: Course, content: bytes | None) -> dict[str, datetime]:
    """Return the times that the record which opened the matter names, as it left: the end of each, since both sides hold that copy."""
    wanted = {clock.named for clock in course.clocks.values() if clock.named}
    if not wanted or content is None:
        return {}
    claims = read(content, ReleasedRecord).record.claims
    return {each.predicate: each.value.end for each in claims if each.predicate in wanted and isinstance(each.value, Moment) and each.value.end}


def _left(book: Book, held: RecordHeld, party: str) -> tuple[str, int] | None:
    """Return the entry by which a record first came from that neighbour, or left for it, and was not taken back: both tell by that what it does."""
    places = _places(book, held.record.id, party, received=bool(held.received_from))
    return next((place for place in places if recall_of(book, *place) is None), None)


def _places(book: Book, record: str, party: str, *, received: bool) -> list[tuple[str, int]]:
    """Return the entries by which a record came from that neighbour, or left for it, by their signed times; what it put into quarantine not."""
    if received:
        arrived = book.arrived_about(record)
        places = [(each.log, each.seq) for each in arrived if (each.kind, each.sender) == ("release", party) and each.state != "quarantined"]
    else:
        left = [each for each in book.releases_of(record) if each.log and each.receiver == party and each.condition != "quarantined"]
        places = [(each.log, each.seq) for each in left]
    if len(places) < _SEVERAL:
        return places
    return sorted(places, key=lambda place: (book.entries(place[0], place[1], 1)[0].header().at, *place))


def received_at(book: Book, log: str, seq: int, by: str) -> datetime | None:
    """Return when a party had an entry, as its first receipt over it says; None while none is here."""
    receipt = book.receipt_over(log, seq, by)
    return receipt.at if receipt is not None else None


def _ladder(text: Agreement | None) -> Ladder:
    if text is None:
        return Ladder()
    every = terms(text).get("escalate_min", 0)
    levels = next((clause.levels for clause in text.table.clauses if isinstance(clause, LiaisonLevels)), [])
    rungs = tuple(Rung(name=Text("{name}", {"name": each.called.get("en", "")}), called=each.called, offices=each.offices) for each in levels)
    return Ladder(every_min=every, rungs=rungs or RUNGS)

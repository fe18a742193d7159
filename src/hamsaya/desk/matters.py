# SPDX-License-Identifier: Apache-2.0
"""Matters: what one party opened with another, how it stands on both nodes alike, and moving it on (the tables: `settlement`).

Every time that both desks show is one that both hold: of a signed entry, of a receipt, of a notice. A matter stands with each
neighbour by itself. What steps there are is gathered here from what the node holds; how it stands, the table alone says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import LiaisonLevels
from hamsaya.agreement.due import terms
from hamsaya.desk.acts_matters import MatterMovedHere
from hamsaya.desk.holdings import AgreementHeld, Officer, RefusalHeld
from hamsaya.desk.inbox import acknowledge_within, agreed_at
from hamsaya.desk.matters_held import Papers, Passage
from hamsaya.desk.ports import Book, Node, Pen
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
from hamsaya.seal.canonical import canonical, read_again
from hamsaya.settlement.course import GONE, OPENED, Course, Move, Running, Side, Standing, Step, clocks, stand
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.escalation import RUNGS, Ladder, Level, Rung

AT_ONCE: Final = 500
"""So many records are asked about in one statement."""


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
    terms: Mapping[str, int]
    """The minutes that the agreement gave when it was opened, by the field of its clause."""
    named: Mapping[str, datetime]
    """The times that its opening names, by predicate."""
    contents: Mapping[str, bytes]
    """What its steps let leave, by their entries, as long as both sides hold it."""

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
    return matters_in(node, book, [record])


def matters_in(node: Node, book: Book, records: Sequence[str], *, until: datetime | None = None) -> list[Matter]:
    """Return those of these records that opened a matter, in their order, as each stands with every neighbour; or as it stood before a time.

    It costs the store the same number of statements for one and for hundreds.
    """
    papers, texts = book.papers_of(records, struck=until is not None), _Texts(book.agreements())
    return [matter for record in dict.fromkeys(records) for matter in _matters(node, papers, texts, record, until)]


def matters_held(
    node: Node, book: Book, kinds: Collection[str] = tuple(COURSES), *, until: datetime | None = None
) -> Iterator[Matter]:  # fmt: skip
    """Return all matters of these kinds as they stand with each neighbour, newest first; or as they stood before a time."""
    names = list(dict.fromkeys(record for record, _ in book.openings(kinds)))
    for first in range(0, len(names), AT_ONCE):
        yield from matters_in(node, book, names[first : first + AT_ONCE], until=until)


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


class _Texts:
    """What the texts of the agreements say about matters: each text is asked once."""

    def __init__(self, agreements: list[AgreementHeld]) -> None:
        self._agreements = agreements
        self._said: dict[int, tuple[Mapping[str, int], Ladder]] = {}

    def said(self, log: str, at: datetime) -> tuple[Mapping[str, int], Ladder]:
        """Return the minutes and the ladder for a matter whose opening stands in this log: of the text that was in force then."""
        text = agreed_at(self._agreements, log, at)
        if text is None:
            return {}, Ladder()
        if id(text) not in self._said:
            self._said[id(text)] = terms(text), _ladder(text)
        return self._said[id(text)]


def _matters(node: Node, papers: Papers, texts: _Texts, record: str, until: datetime | None) -> Iterator[Matter]:
    versions = papers.versions.get(record, [])
    course = COURSES.get(versions[0].record.kind) if versions else None
    if course is None or (course.negotiated and versions[0].record.answers) or versions[0].record.basis == "attributed":
        return  # what somebody is reported to have said stands as that side's word, and opens nothing between two nodes
    sender = versions[0].received_from
    parties = [sender] if sender else dict.fromkeys(each.party for each in papers.passages.get(record, []) if each.ours)
    for party in parties:
        came = _came(papers, record, party, ours=not sender)
        if came and (until is None or came[0].entry.header().at < until):
            yield _matter(node, papers, texts, versions[-1].record, came[0], until)


def _matter(node: Node, papers: Papers, texts: _Texts, record: Record, opening: Passage, until: datetime | None) -> Matter:
    course, party, header = COURSES[record.kind], opening.party, opening.entry.header()
    contents: dict[str, bytes] = {}
    steps = [*_steps(node, papers, course, record.id, opening, until, contents)]
    refusal = next((each for each in papers.refusals.get(record.id, []) if each.party == party and each.here != opening.ours), None)
    if refusal is not None and any(move.borne == "refusal" for move in course.moves.values()):
        steps.append(Step(move="refuse", by="other", ref="refused", office=refusal.office, at=refusal.at))
    else:
        refusal = None
    standing = stand(course, [each for each in steps if until is None or each.at < until])
    minutes, ladder = texts.said(header.log, header.at)
    named = named_in(course, opening.entry.content)
    return Matter(
        record=record, party=party, ours=opening.ours, log=header.log, seq=header.seq, refusal=refusal, standing=standing,
        clocks=clocks(course, standing, minutes, named), ladder=ladder, terms=minutes, named=named, contents=contents,
    )  # fmt: skip


def _steps(
    node: Node, papers: Papers, course: Course, record: str, opening: Passage, until: datetime | None, contents: dict[str, bytes]
) -> Iterator[Step]:  # fmt: skip
    party = opening.party
    opener = node.party if opening.ours else party
    yield _step(opening, OPENED, "opener", record, contents, starts=_starts(course, opening.entry.content))
    if opening.acknowledged is not None:
        yield Step(move="acknowledge", by="other", ref="acknowledged", office=opening.acknowledged[0], at=opening.acknowledged[1])
    for held in papers.answers.get(record, []):
        if course.negotiated and held.record.kind != course.kind:
            continue
        came = _came(papers, held.record.id, party, ours=not held.received_from)
        left = next((each for each in came if not _is_recalled(each, until)), None)
        if left is not None:
            by = side_of(held.received_from or node.party, opener)
            move = course.borne_by("release", by, held.record.step)
            yield _step(left, move, by, held.record.id, contents, times=named_in(course, left.entry.content))
    yield from stops_on(papers.calls.get(record, []), course, node.party, party, opener)
    if opening.recalled is not None:
        yield Step(move="recall", by="opener", ref="recalled", office=opening.recalled[0], at=opening.recalled[1])
    for each in papers.moves.get(record, []):
        if each.party == party:
            yield Step(move=each.move, by=side_of(each.by, opener), ref=each.ref, office=each.office, at=each.at, received_at=each.received_at,
                       seen=each.seen, on=each.on, entry=f"{each.log}#{each.seq}")  # fmt: skip


def _step(
    passage: Passage, move: str, by: Side, record: str, contents: dict[str, bytes], *, starts: str = "", times: Mapping[str, datetime] | None = None
) -> Step:  # fmt: skip
    """Return the step that a release is: both tell by its entry what it does."""
    header, content = passage.entry.header(), passage.entry.content
    entry = f"{header.log}#{header.seq}"
    if content is not None:
        contents[entry] = content
    return Step(
        move=move, by=by, ref=OPENED if move == OPENED else record, office=header.office, at=header.at, received_at=passage.received_at,
        record=record, text=ref_of(content) if content is not None else GONE, entry=entry, starts=starts, times=times or {},
    )  # fmt: skip


def _is_recalled(passage: Passage, until: datetime | None) -> bool:
    return passage.recalled is not None and (until is None or passage.recalled[1] < until)


def _starts(course: Course, content: bytes | None) -> str:
    """Return how the record that opened a matter says it stands, as it left; empty where the table asks for no such word."""
    if not course.starts or content is None:
        return ""
    claims = read_again(content, ReleasedRecord).record.claims
    return next((each.value.code for each in claims if each.predicate == "status" and isinstance(each.value, Coded)), "")


def named_in(course: Course, content: bytes | None) -> dict[str, datetime]:
    """Return the times that the record which opened the matter names, as it left: the end of each, since both sides hold that copy."""
    wanted = {clock.named for clock in course.clocks.values() if clock.named}
    if not wanted or content is None:
        return {}
    claims = read_again(content, ReleasedRecord).record.claims
    return {each.predicate: each.value.end for each in claims if each.predicate in wanted and isinstance(each.value, Moment) and each.value.end}


def _came(papers: Papers, record: str, party: str, *, ours: bool) -> list[Passage]:
    """Return the releases by which a record left for that neighbour, or came from it, by their signed times; what was put into quarantine not."""
    found = [each for each in papers.passages.get(record, []) if (each.ours, each.party) == (ours, party) and not each.quarantined]
    return sorted(found, key=_signed) if len(found) > 1 else found


def _signed(passage: Passage) -> tuple[datetime, str, int]:
    header = passage.entry.header()
    return header.at, header.log, header.seq


def _ladder(text: Agreement) -> Ladder:
    every = terms(text).get("escalate_min", 0)
    levels = next((clause.levels for clause in text.table.clauses if isinstance(clause, LiaisonLevels)), [])
    rungs = tuple(Rung(name=Text("{name}", {"name": each.called.get("en", "")}), called=each.called, offices=each.offices) for each in levels)
    return Ladder(every_min=every, rungs=rungs or RUNGS)

# SPDX-License-Identifier: Apache-2.0
"""Situation reports (F11): which records one is drafted from, and filing it once a person has edited and approved it.

1. The machine proposes one sentence a record, in the order in which things happened, and sums as ranges; each names the records that it rests on.
2. Accounts of the time are those that tell of an incident in it; what is only known to a month is none of a day. Own, signed by a neighbour, and
   attributed are told apart, and never added up together (laws 6 and 7).
3. A person changes the words, drops what is of no use, and approves (law 16): then it is a record of this office, resting on what others told (F4),
   and leaves by an ordinary release or not at all. A sentence without a record that is here is not filed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hamsaya.agreement.screen import find_persons
from hamsaya.desk.correcting import handling_named
from hamsaya.desk.derived import links_to
from hamsaya.desk.events import RecordFiled, ReportFiled
from hamsaya.desk.filters import Filter
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.names import new_name
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.reports import Filed, token_of
from hamsaya.desk.roles import require
from hamsaya.desk.sheets import MOST
from hamsaya.facts.errors import InputError
from hamsaya.facts.grades import parse_grade
from hamsaya.facts.records import Record, RecordKind
from hamsaya.facts.soundness import as_plain, is_plain
from hamsaya.facts.values import Moment
from hamsaya.facts.words import LANGUAGES, Text, say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.settlement.situation import MAX_SENTENCES, Sentence, Voice, cited, claims_of

HOURS: Final = {24: say("the last 24 hours"), 168: say("the last week")}
KINDS: Final[tuple[RecordKind, ...]] = ("intelligence_report", "notice")
MAX_TEXT: Final = 3_000
_EXACT: Final = frozenset({"minute", "hour", "part-of-day", "day"})


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An account of the time, and whose word it is."""

    held: RecordHeld
    voice: Voice
    at: datetime


def accounts_of(node: Node, book: Book, since: datetime, until: datetime) -> list[Told]:
    """Return the standing accounts that tell of something between two moments, in order of time."""
    found = []
    for held in book.records_page(Filter(kind="incident_account", since=since, until=until), limit=MOST).rows:
        at = _when(held.record)
        if at is not None and held.record.exercise == node.exercise:
            found.append(Told(held=held, voice=_voice(held), at=at))
    return sorted(found, key=lambda each: (each.at, each.held.record.id))


def _voice(held: RecordHeld) -> Voice:
    if held.record.basis == "attributed":
        return "attributed"
    return "signed" if held.received_from else "own"


def _when(record: Record) -> datetime | None:
    moments = [claim.value for claim in record.claims if claim.predicate == "occurred" and isinstance(claim.value, Moment)]
    return next((each.start for each in moments if each.start is not None and each.precision in _EXACT), None)


def period_before(now: datetime, hours: int) -> tuple[datetime, datetime]:
    """Return the time that a report of so many hours is about. Raises `InputError` for any but a day or a week."""
    if hours not in HOURS:
        raise InputError(say("A situation report is about 24 hours or 168; this came: {came}", came=hours))
    return now - timedelta(hours=hours), now


def approve_situation(
    node: Node, officer: Officer, sentences: Sequence[Sentence], *, language: str, kind: str = "intelligence_report", handling: str = "amber",
    token: str = "",
) -> Filed:  # fmt: skip
    """File the sentences, as a person approved them, as one record. A form that was filed before, by its token, is that record.

    Raises `InputError` for no sentence, one without a record or one too long, `NotFound` for a record that is not here, `Refused` for one taken back.
    """
    require(officer.role, "file")
    token = token_of(node, token)
    spoken = next((each for each in LANGUAGES if each == language), None)
    of_kind = next((each for each in KINDS if each == kind), None)
    if spoken is None or of_kind is None:
        known = ", ".join((*LANGUAGES, *KINDS))
        raise InputError(say("Known are {known}; this came: {came}", known=known, came=f"{language[:20]}, {kind[:40]}"))
    said = [_checked(each) for each in sentences]
    if not 1 <= len(said) <= MAX_SENTENCES:
        raise InputError(say("A situation report has from 1 to {n} sentences; this one has {came}.", n=MAX_SENTENCES, came=len(said)))
    with node.ledger.writing() as pen:
        known_as = pen.record_filed_as(token)
        if known_as:
            return Filed(held=pen.versions(known_as)[-1], repeated=True, warnings=[])
        names = list(dict.fromkeys(name for each in said for name in each.records))
        record = Record(
            id=new_name(node, "R"), version=1, kind=of_kind, party=node.party, office=officer.office, side=node.country, basis="own",
            handling=handling_named(handling), incident="", claims=claims_of([_of_its_records(pen, each) for each in said], spoken),
            filed_at=node.now(), exercise=node.exercise, derived=links_to(pen, node.party, names),
        )  # fmt: skip
        pen.journal(RecordFiled(record=record.id, version=1, envelope=seal("record", canonical(record), node.key).decode()), officer)
        pen.journal(ReportFiled(token=token, record=record.id), officer)
        return Filed(held=pen.versions(record.id)[-1], repeated=False, warnings=_persons(said))


def _checked(sentence: Sentence) -> Sentence:
    text = as_plain(sentence.text).strip()
    if not text or not is_plain(text, MAX_TEXT):
        raise InputError(say("A sentence has from 1 to {n} letters; this came: {came}", n=MAX_TEXT, came=text[:60] or "—"))
    if not sentence.records:
        raise InputError(say("Each sentence names the records that it rests on; this one names none: {text}", text=text[:80]))
    grade = parse_grade(sentence.grade or "F6")
    return msgspec.structs.replace(sentence, text=text, records=list(dict.fromkeys(sentence.records)), grade=grade)


def _of_its_records(book: Book, sentence: Sentence) -> Sentence:
    """Return the sentence as the word of whoever its records are of: a person's edit changes the words, not whose they are."""
    several = book.versions_of(sentence.records)
    latest = [versions[-1] for versions in several.values() if versions]
    voices = {_voice(each) for each in latest}
    sides = {each.record.side for each in latest}
    if len(voices) == 1 and len(sides) == 1 and "own" not in voices:
        return msgspec.structs.replace(sentence, voice=voices.pop(), side=sides.pop())
    return msgspec.structs.replace(sentence, voice="own", side="")


def _persons(said: Sequence[Sentence]) -> list[Text]:
    found = find_persons(*(cited(each) for each in said))
    return [
        say("It seems to hold data on persons: {what}. It would not be released; describe persons by office or number.", what=each) for each in found
    ]

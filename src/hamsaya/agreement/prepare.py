# SPDX-License-Identifier: Apache-2.0
"""The copy of a record that leaves (laws 7, 11): the tear-line, the screen, and everything as coarse as agreed.

`prepare` withholds the fields that a clause names, source handles, and sentences unless a clause lets them go; names
documents by a salted hash; and coarsens places, depths, times and numbers to the exactness clause and the floor of law 11.
What would tell a withheld or coarsened value, its words and the sentence it stands in, stays at home with it; so does what is told of
its changes, and the reason of any change that would tell it.
"""

from __future__ import annotations

import hashlib

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import Exactness, HandlingCeiling, Quotes, TearLine
from hamsaya.agreement.coarsen import coarsen, coarsen_place
from hamsaya.agreement.floor import FLOOR_M, rounds_position
from hamsaya.agreement.screen import find_persons
from hamsaya.agreement.tearline import Torn, sentence_at
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.grades import HANDLING, Handling
from hamsaya.facts.records import Record
from hamsaya.facts.stages import Change
from hamsaya.facts.values import Place, Value, Words
from hamsaya.facts.words import Text


class Prepared(msgspec.Struct, frozen=True):
    """The copy that would leave: exactly the record the receiver gets, and how many fields were withheld."""

    record: Record
    withheld: int


def prepare(record: Record, agreement: Agreement, quotes: dict[str, str] | None = None, salt: bytes = b"") -> Prepared:
    """Return the copy of `record` that would leave under `agreement`.

    `quotes` holds the sentence of each claim by claim id; a sentence leaves only under a `quotes` clause and when the
    screen finds nothing in it, and otherwise only its commitment, salted with `salt`, does.
    """
    exact, torn, tells = exactness_of(agreement), _torn(record, agreement), rounds_position(record)
    about_quotes = [clause.allowed for clause in agreement.table.clauses if isinstance(clause, Quotes)]
    may_quote = bool(about_quotes) and all(about_quotes)
    values = {claim.id: _coarse(claim.value, exact, tells=tells) for claim in record.claims}
    hidden = {claim.id for claim in record.claims if _tells_less(values[claim.id], claim.value)}
    told_by = {sentence_at(claim) for claim in record.claims if claim.id in hidden | torn.ids}
    withheld, claims = len(torn.ids), []
    for claim in record.claims:
        if claim.id in torn.ids:
            continue
        sentence = (quotes or {}).get(claim.id, "")
        sends_quote = may_quote and bool(sentence) and not find_persons(sentence) and sentence_at(claim) not in told_by and not torn.told_in(sentence)
        withheld += int(bool(sentence) and not sends_quote) + int(bool(claim.speaker.handle)) + int(claim.id in hidden)
        quote, commitment = (sentence if sends_quote else ""), (_commit(sentence, salt) if sentence else "")
        claims.append(_prepare_claim(torn.silence(claim), torn.silence_value(values[claim.id], claim), quote, commitment, salt))
    sources = [msgspec.structs.replace(source, document=_blind(source.document, salt)) for source in record.sources]
    changes, kept = _changes(record, torn, hidden)
    withheld += kept
    leaving = msgspec.structs.replace(
        record, claims=claims, sources=sources, withheld=withheld, handling=_level(record, agreement), marking="", changes=changes
    )
    return Prepared(leaving, withheld)


def _changes(record: Record, torn: Torn, hidden: set[str]) -> tuple[list[Change], int]:
    """Return what may be told of the changes, and how many parts stay: those of a torn field, a reason that tells what is withheld or a person."""
    if not record.changes:
        return [], 0
    coarser = [claim for claim in record.claims if claim.id in hidden]
    coarse = Torn(coarser, {claim.predicate for claim in coarser})
    told, kept = [], 0
    for change in record.changes:
        if not torn.lets(change.predicate):
            kept += 1
            continue
        stays = bool(change.reason) and (torn.told_in(change.reason) or coarse.told_in(change.reason) or bool(find_persons(change.reason)))
        told.append(msgspec.structs.replace(change, reason="") if stays else change)
        kept += int(stays)
    return told, kept


def _level(record: Record, agreement: Agreement) -> Handling:
    """Return the strictest TLP level that any clause reads the record's marking as; never below what the record says."""
    levels = [
        clause.level_of(record.party, record.handling, record.marking) for clause in agreement.table.clauses if isinstance(clause, HandlingCeiling)
    ]
    return max((level for level in HANDLING if level in (record.handling, *levels)), key=HANDLING.index)


def _torn(record: Record, agreement: Agreement) -> Torn:
    return Torn(record.claims, {field for clause in agreement.table.clauses if isinstance(clause, TearLine) for field in clause.fields})


def _tells_less(value: Value, before: Value) -> bool:
    """Say whether coarsening hid something; moving a point that was vague already does not."""
    if isinstance(value, Place) and isinstance(before, Place):
        return _told_by(value) != _told_by(before)
    return value != before


def _told_by(place: Place) -> tuple[object, ...]:
    return place.words, place.name, place.district, place.along, place.around


def exactness_of(agreement: Agreement) -> Exactness:
    """Return the coarsest metres, minutes and steps that any clause asks for; 0 where none does."""
    clauses = [clause for clause in agreement.table.clauses if isinstance(clause, Exactness)]
    return Exactness(
        number="", place_m=max((clause.place_m for clause in clauses), default=0), time_min=max((clause.time_min for clause in clauses), default=0),
        number_step=max((clause.number_step for clause in clauses), default=0),
    )  # fmt: skip


def _coarse(value: Value, exact: Exactness, *, tells: bool) -> Value:
    """Return the value as coarse as agreed; a place of a record that tells a group's position no finer than the floor of law 11.

    It is rounded once, to the coarser of the two: on one grid after the other it would move again each time. How far inside a
    territory it was is told as the clauses have it: without the place it is no position.
    """
    if tells and isinstance(value, Place):
        return coarsen_place(value, max(FLOOR_M, exact.place_m))
    return coarsen(value, exact)


def _prepare_claim(claim: Claim, value: Value, quote: str, commitment: str, salt: bytes) -> Claim:
    speaker = Speaker(kind=claim.speaker.kind, office=claim.speaker.office, side=claim.speaker.side)
    span = claim.span and msgspec.structs.replace(claim.span, document=_blind(claim.span.document, salt))
    return msgspec.structs.replace(claim, value=value, speaker=speaker, span=span, quote=quote, quote_commitment=commitment)


def _blind(document: str, salt: bytes) -> str:
    """Return the salted hash under which a document is named outside: its plain hash could be guessed (law 11)."""
    return hashlib.sha256(b"hamsaya-document-v1\x00" + salt + document.encode()).hexdigest()


def _commit(sentence: str, salt: bytes) -> str:
    return hashlib.sha256(b"hamsaya-quote-v1\x00" + salt + sentence.encode()).hexdigest()


def screen(record: Record, necessity: str) -> list[Text]:
    """Return what the screen finds in a prepared copy and in the reason that goes with it; empty where nothing (law 11)."""
    return find_persons(necessity, *_free_text(record))


def _free_text(record: Record) -> list[str]:
    texts = [record.office]
    for change in record.changes:
        texts += [change.office, change.reason]
    for claim in record.claims:
        texts += [claim.hedge_words, claim.quote, claim.speaker.office]
        texts += [value.text if isinstance(value, Words) else value.words for value in (claim.value, claim.about) if value is not None]
        texts += [claim.value.district] if isinstance(claim.value, Place) else []
    return texts

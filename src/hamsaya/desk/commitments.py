# SPDX-License-Identifier: Apache-2.0
"""How far commitments have come by the word of one side alone: what documents attribute to it (F34, law 6).

A side's word stands beside the other's; none is raised by it, and no step between two nodes follows from it. Which rung it is follows from
the claim; when it was said, from the claim that dates it, else from the day on which the document came out. Nothing is asked of a text
that is not in a record: a person accepted each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from hamsaya.desk.ports import Book
from hamsaya.facts.claims import CODES, Claim
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Moment, Words
from hamsaya.facts.words import Text
from hamsaya.settlement.commitment import COMMITMENT, LADDER

_ANSWERS: Final = frozenset({"accepted", "rejected", "agreed", "signed"})
_ASKS: Final = frozenset({"proposed", "invited"})


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One word on how far something has come."""

    record: str
    status: str
    """A code: one of the ladder, or another that the text gives."""
    side: str
    """The state whose word it is; empty where the text alone says so."""
    said: Moment | None
    """When it was said; None where only the day of the document is known."""
    published: str
    """The ISO day on which the document came out; empty where that is not known."""
    claim: Claim

    @property
    def at(self) -> str:
        """Return the day by which the words are ordered: when it was said, else when the document came out."""
        if self.said is None or self.said.start is None:
            return self.published
        return f"{self.said.start.astimezone(ZoneInfo(self.said.zone or 'UTC')):%Y-%m-%d}"


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one commitment: its rungs from the oldest to the newest. `about` are the claims that say what it is."""

    record: str
    incident: str
    about: list[Claim]
    rungs: list[Rung]
    answered: bool
    """False where a side proposes or invites, and no record here gives the other's answer."""


def status_label(code: str) -> Text:
    """Return how a status is told: as the ladder tells it, else by its code."""
    return COMMITMENT.states[code].label if code in COMMITMENT.states else CODES.get(code, Text(code))


def words_of_one_side(book: Book) -> list[Word]:
    """Return the commitments of which only attributed words are here, newest word first; those of one incident are one."""
    grouped: dict[str, list[Record]] = {}
    for name, _ in dict.fromkeys(book.openings([COMMITMENT.kind])):
        held = [each for each in book.versions(name) if not each.withdrawn_by]
        if held and held[-1].record.basis == "attributed":
            record = held[-1].record
            grouped.setdefault(record.incident or record.id, []).append(record)
    words = [_word(book, records) for records in grouped.values()]
    return sorted((each for each in words if each.rungs), key=lambda each: each.rungs[-1].at, reverse=True)


def _word(book: Book, records: list[Record]) -> Word:
    rungs = sorted((rung for record in records for rung in _rungs(record)), key=lambda rung: (rung.at, _height(rung.status)))
    about = [claim for claim in records[-1].claims if claim.predicate in ("action", "concerns", "occurred", "parties")]
    asked = any(rung.status in _ASKS for rung in rungs)
    return Word(
        record=records[-1].id, incident=book.incident_name(records[-1].incident) if records[-1].incident else "", about=about, rungs=rungs,
        answered=not asked or any(rung.status in _ANSWERS for rung in rungs),
    )  # fmt: skip


def _rungs(record: Record) -> list[Rung]:
    said = next((claim.value for claim in record.claims if claim.predicate == "reported" and isinstance(claim.value, Moment)), None)
    published = next((each.published for each in record.sources if each.published), "")
    return [
        Rung(record=record.id, status=claim.value.code, side=claim.speaker.side, said=said, published=published, claim=claim)
        for claim in record.claims if claim.predicate == "status" and isinstance(claim.value, Coded)
    ]  # fmt: skip


def _height(status: str) -> int:
    return LADDER.index(status) if status in LADDER else -1


def what_of(record: Record) -> str:
    """Return what a commitment is about in the words of whoever filed it; empty where no words say it."""
    return next((claim.value.text for claim in record.claims if claim.predicate == "concerns" and isinstance(claim.value, Words)), "")


def is_overdue(due_at: datetime, met_at: datetime | None, now: datetime) -> bool:
    """Say whether something is due and was not done by now."""
    return met_at is None and due_at < now

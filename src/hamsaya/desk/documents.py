# SPDX-License-Identifier: Apache-2.0
"""A document comes in: kept as received, hashed, read into drafts. The drafts wait for a person (law 16)."""

from __future__ import annotations

import re
from typing import Final

from hamsaya.desk.events import DocumentAdded
from hamsaya.desk.holdings import DocumentHeld, DraftHeld, Officer
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
from hamsaya.facts.claims import Span
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.words import say

_HEAD_BYTES: Final = 4096
_MARKED: Final = re.compile(r"[\W_]*(?:EXERCISE|تمرین|مشق)(?:\s*$|\s*[^\w\s'’]|(?:\s+(?:EXERCISE|تمرین|مشق))+\b)")
"""The mark alone, before a sign, or said again: “EXERCISE - …”, “تمرین — …”, “EXERCISE EXERCISE”. Not “EXERCISE caution”."""


def add_document(
    node: Node, officer: Officer, data: bytes, *, name: str, origin: str = "", basis: str = "attributed", language: str = "", published: str = ""
) -> tuple[DocumentHeld, list[DraftHeld]]:
    """Keep the document and its drafts. Raises `InputError` for what cannot be read, or is here already.

    `origin` is the ISO country of the side whose document it is; an `own` document is of this node's side. Its local
    days and hours are meant in that side's time zone where a party of it is known, else in this node's.
    """
    require(officer.role, "file")
    if basis not in ("own", "attributed"):
        raise InputError(say("basis is `own` or `attributed`; this came: {came}", came=basis[:20]))
    if not node.exercise and is_exercise(data):
        raise Refused(
            say("This document is marked as exercise, and this node is a real one."),
            say("Nothing was kept. Take it in on the exercise node: the two never mix."),
            rule="exercise",
        )
    origin = node.country if basis == "own" else origin.upper()
    with node.ledger.reading() as book:
        zones = {party.card.country: party.card.zone for party in reversed(book.parties())}
    zone = zones.get(origin, node.zone)
    reading = node.read(data, name=name, origin=origin, basis=basis, language=language, published=published, zone=zone)
    for draft in reading.drafts:
        for claim in draft.claims:
            _check_span(claim.span, reading.text)
    with node.ledger.writing() as pen:
        if pen.documents_named(reading.sha256):
            raise InputError(say("This document is here already: {name}", name=reading.sha256[:12]), say("`hamsaya document list` shows it."))
        pen.keep(data)
        drafts = {f"D-{reading.sha256[:8]}-{number:02}": draft for number, draft in enumerate(reading.drafts, 1)}
        pen.journal(
            DocumentAdded(document=reading.sha256, name=name, language=reading.language, published=reading.published, origin=origin, basis=basis,
                          size=len(data), excluded=[(each.start, each.end, each.reason) for each in reading.excluded], drafts=drafts),
            officer,
        )  # fmt: skip
        return document_of(pen, reading.sha256), pen.drafts(document=reading.sha256)


def is_exercise(data: bytes) -> bool:
    """Say whether a document is marked as exercise: its first line begins with the mark, and the mark stands apart."""
    first = next((line for line in data[:_HEAD_BYTES].decode("utf-8", "ignore").splitlines() if line.strip("\ufeff \t")), "")
    return _MARKED.match(first) is not None


def document_of(book: Book, document: str) -> DocumentHeld:
    """Return the document whose hash begins with `document`. Raises `NotFound`, and `InputError` if several do."""
    found = book.documents_named(document)
    if len(found) > 1:
        raise InputError(say("Several documents begin with {came}.", came=document[:64]), say("Give more of the hash."))
    if not found:
        raise NotFound(say("There is no document {came}.", came=document[:64] or "—"), say("`hamsaya document list` shows what is here."))
    return found[0]


def text_of(book: Book, document: str) -> str:
    """Return the text of a document: spans are offsets into it. Empty for a document that this node does not hold."""
    data = book.document_bytes(document)
    return "" if data is None else data.decode("utf-8")


def sentence_of(text: str, span: Span | None) -> str:
    """Return the sentence that a claim rests on."""
    return "" if span is None else text[span.sentence_start : span.sentence_end]


def sentences_of(book: Book, record: Record) -> dict[str, str]:
    """Return by claim the sentence that each of them rests on, of the documents that this node holds."""
    texts = {source.document: text_of(book, source.document) for source in record.sources}
    return {claim.id: as_plain(sentence_of(texts.get(claim.span.document, ""), claim.span)) for claim in record.claims if claim.span}


def _check_span(span: Span | None, text: str) -> None:
    if span is None or not 0 <= span.sentence_start <= span.start < span.end <= span.sentence_end <= len(text):
        raise InputError(say("The reader proposed a claim that rests on no words of the document; nothing was kept."))

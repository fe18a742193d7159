# SPDX-License-Identifier: Apache-2.0
"""A reader that proposes what a test wants, so that records of any shape can be filed without a document about it."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, replace

import msgspec
from tests.facts.made import claim, code, day, point

from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft
from hamsaya.facts.claims import Span
from hamsaya.facts.records import Draft, Source

_NUMBER = itertools.count()
WORDS = "Armed smugglers fired at a patrol."


@dataclass
class Proposed:
    """What the reader makes of a document. Implements `desk.ports.Reading`."""

    text: str
    sha256: str
    drafts: list
    language: str = "en"
    published: str = ""
    excluded: tuple = ()


def reader_of(*shapes):
    """Return a reader that proposes one draft a shape: the claims and how they are meant."""

    def read(data, *, origin, basis, **_):
        sha256 = hashlib.sha256(data).hexdigest()
        span = Span(document=sha256, start=0, end=5, sentence_start=0, sentence_end=len(WORDS))
        drafts = [
            Draft(
                kind=shape.get("kind", "incident_account"), side=shape.get("side", origin), basis=shape.get("basis", basis),
                claims=[msgspec.structs.replace(each, id=f"c{number}", span=span) for number, each in enumerate(shape["claims"], 1)],
                source=Source(document=sha256, language="en", origin=origin),
            )
            for shape in shapes
        ]  # fmt: skip
        return Proposed(data.decode(), sha256, drafts)

    return read


def drafts_of(desk, *shapes, login="duty", basis="own", origin=""):
    """Take in a document from which these drafts are proposed."""
    node = replace(desk.node, read=reader_of(*(shape or {"claims": [claim("action", code("armed_attack"), grade=None)]} for shape in shapes)))
    data = f"{WORDS} No. {next(_NUMBER)}".encode()
    return add_document(node, desk.officers[login], data, name="note.txt", basis=basis, origin=origin)[1]


def file(desk, *claims, grade="B2", basis="own", origin="", shape=None, **options):
    """File a record of these claims."""
    whole = list(claims) or [claim("action", code("armed_attack"), grade=None), claim("occurred", day("2026-11-12"), grade=None)]
    (draft,) = drafts_of(desk, {"claims": whole, **(shape or {})}, basis=basis, origin=origin)
    return accept_draft(desk.node, desk.officers["duty"], draft.draft, grade=grade, **options)


def event(desk, when="2026-11-12", what="killing", place=None, more=(), **options):
    """File an account of an event: a day, a place (Mand if none is given), a kind, and whatever more is claimed."""
    at = place or point(62.03, 26.12, 6000, words="Mand")
    claims = [claim("occurred", day(when), grade=None), claim("place", at, grade=None), claim("action", code(what), grade=None), *more]
    return file(desk, *claims, **options).record


def journal_size(desk):
    with desk.store.reading() as book:
        return book.logs()[f"journal/{desk.node.party}"]

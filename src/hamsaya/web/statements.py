# SPDX-License-Identifier: Apache-2.0
"""How one claim stands on a page: its value, who said it, how surely, and the sentence it rests on.

The sentence is looked for in this order: the document, when this node holds it; the quote, when the originator sent
it; else it was withheld, and only its hash is here. Offsets that come from a neighbour may be wrong: then the
document counts as not here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from hamsaya.desk.documents import text_of
from hamsaya.desk.ports import Book
from hamsaya.facts.claims import HEDGES, NATURES, PREDICATES, Claim, Span
from hamsaya.facts.grades import CREDIBILITY, RELIABILITY, europol
from hamsaya.facts.values import DERIVATIONS, Coded, Moment
from hamsaya.facts.words import Text, say
from hamsaya.web.labels import label

SPEAKERS: dict[str, Text] = {
    "own": say("the filing office"),
    "office": say("an office"),
    "side": say("the side itself"),
    "press": say("the text itself"),
    "source": say("a source that is not named"),
}


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """The sentence of a claim, the very words marked. `origin` says where it was found; `withheld` has no words."""

    origin: Literal["document", "quote", "withheld"]
    before: str = ""
    marked: str = ""
    after: str = ""
    document: str = ""
    hash: str = ""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One claim as a page shows it. Templates show `claim.value` in the reader's language."""

    number: int
    claim: Claim
    label: Text
    group: Coded | None
    speaker: Text
    speaker_office: str
    speaker_side: str
    hedge: Text | None
    nature: Text | None
    """How it is known, where that is said."""
    europol: str
    """The nearest code of the 4×4 system, for a reader who knows that one."""
    reliability: Text | None
    credibility: Text | None
    derivation: Text | None
    anchor: str
    sentence: Sentence | None


class Sentences:
    """Finds sentences, and reads each document once."""

    def __init__(self, book: Book | None) -> None:
        """Take the ledger to look documents up in, or None to show only what a copy itself holds."""
        self._text = lru_cache(maxsize=None)(lambda document: text_of(book, document) if book else "")

    def of(self, claim: Claim) -> Sentence | None:
        """Return the sentence of a claim, or None for a claim that rests on no document."""
        span = claim.span
        text = self._text(span.document) if span else ""
        if span and text and is_within_text(span, len(text)):
            return Sentence(
                origin="document", document=span.document, before=text[span.sentence_start : span.start],
                marked=text[span.start : span.end], after=text[span.end : span.sentence_end],
            )  # fmt: skip
        if claim.quote:
            start, end = quoted_words(claim)
            return Sentence(
                origin="quote", document=span.document if span else "",
                before=claim.quote[:start], marked=claim.quote[start:end], after=claim.quote[end:],
            )  # fmt: skip
        if span or claim.quote_commitment:
            return Sentence(origin="withheld", hash=claim.quote_commitment, document=span.document if span else "")
        return None

    def state(self, claim: Claim, number: int = 0) -> Statement:
        """Return the claim as a page shows it."""
        predicate = PREDICATES.get(claim.predicate)
        moment = claim.value if isinstance(claim.value, Moment) else None
        graded = claim.grade if claim.grade and len(claim.grade) == 2 else ""
        return Statement(
            number=number, claim=claim, label=predicate.label if predicate else Text(claim.predicate), group=claim.about,
            speaker=SPEAKERS[claim.speaker.kind], speaker_office=claim.speaker.office, speaker_side=claim.speaker.side,
            hedge=HEDGES[claim.hedge] if claim.hedge else None, nature=label(NATURES, claim.nature) if claim.nature else None,
            europol=europol(claim.grade), reliability=RELIABILITY.get(graded[:1]), credibility=CREDIBILITY.get(graded[1:]),
            derivation=label(DERIVATIONS, moment.derivation) if moment and moment.derivation else None,
            anchor=moment.anchor if moment else "", sentence=self.of(claim),
        )  # fmt: skip


def quoted_words(claim: Claim) -> tuple[int, int]:
    """Return where the very words stand in the quoted sentence; nowhere if the span does not fit the quote."""
    span = claim.span
    if span is None or len(claim.quote) != span.sentence_end - span.sentence_start or not is_within_text(span, span.sentence_end):
        return len(claim.quote), len(claim.quote)
    return span.start - span.sentence_start, span.end - span.sentence_start


def is_within_text(span: Span, length: int) -> bool:
    """Say whether the span's offsets are in order and within a text of `length` characters."""
    return 0 <= span.sentence_start <= span.start < span.end <= span.sentence_end <= length

# SPDX-License-Identifier: Apache-2.0
"""An officer adds a claim to a draft: what the machine did not find in the text, resting on words of the text that the officer names (law 7).

- The words are looked for in the document as they are, white space apart; where they stand more than once, the officer says which.
- A claim without words of the document is none of this draft: it is filed as a report. None rests on a passage that is left out.
- It says by its rule `by-hand` that an officer added it, is graded, dropped and corrected like any other, and is taken back like a correction.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from hamsaya.desk.acts_drafts import DraftClaimAdded
from hamsaya.desk.documents import document_of, text_of
from hamsaya.desk.drafts import check_seen, draft_of, open_draft
from hamsaya.desk.holdings import DraftHeld, Officer
from hamsaya.desk.ports import Node
from hamsaya.desk.roles import require
from hamsaya.facts.claims import PREDICATES, Claim, Span
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import MAX_CLAIMS, what_is_unsound_in
from hamsaya.facts.words import say

BY_HAND: Final = "by-hand"
"""The rule of a claim that an officer added."""
MAX_WORDS: Final = 1_000
LONGEST_SENTENCE: Final = 2_000
_STOP: Final = re.compile(r"[.!?؟۔…]+[\"'”’»)\]]*(?=\s|\Z)|\n\s*\n")


def places_of(text: str, words: str) -> list[tuple[int, int]]:
    """Return where these words stand in the text, in code points, from first to last; runs of white space count as one."""
    parts = words.split()
    if not parts or len(words) > MAX_WORDS:
        return []
    wanted = re.compile("(?=(" + r"\s+".join(map(re.escape, parts)) + "))")
    return [found.span(1) for found in wanted.finditer(text)]


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch from the stop before `start` to the stop at or after `end`, without white space at its ends."""
    first = max(0, start - LONGEST_SENTENCE)
    begin = max((found.end() for found in _STOP.finditer(text, first, start)), default=first)
    stop = _STOP.search(text, max(end - 1, start), min(len(text), end + LONGEST_SENTENCE))
    finish = stop.end() if stop else min(len(text), end + LONGEST_SENTENCE)
    while begin < start and text[begin].isspace():
        begin += 1
    while finish > end and text[finish - 1].isspace():
        finish -= 1
    return begin, max(finish, end)


def span_in(text: str, document: str, excluded: list[tuple[int, int]], words: str, which: int = 0) -> Span:
    """Return the span of these words. `which` says at which of their places they are meant, from 1 on; 0 where there is one.

    Raises `InputError` where they stand nowhere, at several places and it is not said at which, or in a passage that is left out.
    """
    found = places_of(text, words)
    if not found:
        raise InputError(
            say("These words do not stand in the document: “{words}”", words=words[:80] or "—"),
            say("Copy them from the text as received. What the text does not say is filed as a report."),
        )
    if not 0 <= which <= len(found) or (which == 0 and len(found) > 1):
        raise InputError(say("These words stand {n} times in the document: say which of them is meant, from 1 to {n}.", n=len(found)))
    start, end = found[max(which, 1) - 1]
    if any(start < until and end > since for since, until in excluded):
        raise InputError(say("These words stand in a passage on which no claim may rest."))
    since, until = sentence_around(text, start, end)
    return Span(document=document, start=start, end=end, sentence_start=since, sentence_end=until)


def add_claim(node: Node, officer: Officer, draft: str, claim: Claim, words: str, which: int = 0, *, seen: int | None = None) -> DraftHeld:
    """Add the claim to the draft, resting on these words of its document; it gets an id of its own. Returns the draft.

    Raises `InputError` as `span_in`, or for a claim that could not be kept; `Stale` for a draft that was decided or changed since.
    """
    require(officer.role, "file")
    if claim.predicate not in PREDICATES:
        raise InputError(say("There is no kind of fact “{came}”.", came=claim.predicate[:40] or "—"))
    with node.ledger.writing() as pen:
        held = open_draft(pen, draft)
        check_seen(held, seen)
        document = document_of(pen, held.document)
        span = span_in(text_of(pen, held.document), held.document, [(start, end) for start, end, _ in document.excluded], words, which)
        number = 1 + sum(step.act == "added" for step in held.steps)
        made = msgspec.structs.replace(claim, id=f"h{number}", span=span, reason=BY_HAND, grade=None)
        unsound = what_is_unsound_in(made)
        if unsound is not None:
            raise InputError(unsound)
        if len(held.body.claims) >= MAX_CLAIMS:
            raise InputError(say("A record holds at most {limit} claims; this one has {n}.", limit=MAX_CLAIMS, n=len(held.body.claims)))
        pen.journal(DraftClaimAdded(draft=draft, claim=made), officer)
        return draft_of(pen, draft)

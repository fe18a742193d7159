# SPDX-License-Identifier: Apache-2.0
"""Which parts of a document no claim may rest on: headers, headline, dateline, site furniture, readers' comments.

1. Lines of the head: everything before the first line that ends a sentence or is long, as far as it is a known header
   ("Date: …"), the exercise mark, or a short line that stands alone (the headline, a site's name).
2. Furniture lines anywhere ("Share on …", "Published …").
3. From the first line that opens the readers' comments to the end.
4. The dateline: capitals or a place name before a colon or a dash, at the start of a paragraph.

The words are data of the lexicon. Header values (date of publication, kind of report) are handed on, not claimed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

import msgspec

from hamsaya.facts.errors import InputError
from hamsaya.facts.folding import fold, fold_phrase, words_of
from hamsaya.facts.words import Text, say
from hamsaya.intake.lexicon import lexicon_for
from hamsaya.intake.places import find_place

MOST_LINES: Final = 200_000
_LINE: Final = re.compile(r"\S[^\r\n\x0b\x0c\x85\u2028\u2029]*+")
_BREAK: Final = re.compile(r"\r\n?|[\n\x85\u2028\u2029]")
_ENDED: Final = re.compile(r"[.!?؟۔…:;،,][\"'”’»)\]]{0,3}\s{0,9}\Z")
_HEADER: Final = re.compile(r"([^:\n]{2,40}?)\s{0,3}:\s")
_DATELINE: Final = re.compile(r"[^:\n—–.!?؟۔]{2,60}?(?::|\s[-—–])\s")
_LONGEST_HEADLINE: Final = 240
_LONGEST_MARK: Final = 60
_DATELINE_WORDS: Final = 6
_LONGEST_DATED: Final = 9
"""Words of a line such as "Last updated Friday 7 May 2021 at 10"."""


class Excluded(msgspec.Struct, frozen=True):
    """A region of the text, in code points, on which no claim rests, and why."""

    start: int
    end: int
    reason: Text


class Laid(NamedTuple):
    """The document laid out: paragraphs to read, regions left out, and the values of known headers."""

    paragraphs: list[tuple[int, int]]
    excluded: list[Excluded]
    headers: dict[str, tuple[int, int]]
    """Header name (`published`, `kind`) to the span of its value."""


class _Line(NamedTuple):
    start: int
    end: int
    opens: bool
    """A blank line, or the start of the text, stands before it."""


def lay_out(text: str, language: str, name: str) -> Laid:
    """Return the paragraphs of `text` and what is left out. Raises `InputError` for more than `MOST_LINES` lines."""
    lines = _lines(text, name)
    excluded: list[Excluded] = []
    headers: dict[str, tuple[int, int]] = {}
    head, body = _head(text, lines, language, headers)
    excluded += head
    paragraphs: list[tuple[int, int]] = []
    joined = False
    for index in range(body, len(lines)):
        line = lines[index]
        if _opens_comments(text[line.start : line.end], language) and (paragraphs or index > 0):
            excluded.append(Excluded(line.start, len(text), say("readers' comments")))
            break
        reason = _furniture(text, line, language, headers)
        if reason is not None:
            excluded.append(Excluded(line.start, line.end, reason))
            joined = False
            continue
        start = line.start
        if line.opens or not joined:
            start = _after_dateline(text, line, language)
            if start > line.start:
                excluded.append(Excluded(line.start, start, say("dateline: where it was written, not where it was")))
        if joined and not line.opens:
            paragraphs[-1] = (paragraphs[-1][0], line.end)
        else:
            paragraphs.append((start, line.end))
        joined = True
    return Laid(paragraphs, excluded, headers)


def _lines(text: str, name: str) -> list[_Line]:
    lines: list[_Line] = []
    last = 0
    for found in _LINE.finditer(text):
        if len(lines) >= MOST_LINES:
            raise InputError(
                say("“{name}” has more than {most} lines.", name=name, most=MOST_LINES),
                say("File the document in parts."),
            )
        start = found.start() + (1 if found.group()[0] == "\ufeff" else 0)
        breaks = 2 if not lines else sum(1 for _, _ in zip(_BREAK.finditer(text, last, start), "12", strict=False))
        if start < found.end():
            lines.append(_Line(start, found.end(), breaks > 1))
        last = found.end()
    return lines


def _head(text: str, lines: list[_Line], language: str, headers: dict[str, tuple[int, int]]
          ) -> tuple[list[Excluded], int]:  # fmt: skip
    """Return what is left out of the head, and the index of the first line of the body."""
    excluded: list[Excluded] = []
    for index, line in enumerate(lines):
        words = text[line.start : line.end]
        follower = lines[index + 1] if index + 1 < len(lines) else None
        if (reason := _header(text, line, language, headers)) is not None:
            excluded.append(Excluded(line.start, line.end, reason))
        elif index == 0 and _is_exercise_mark(words, language):
            excluded.append(Excluded(line.start, line.end, say("exercise mark")))
        elif follower is None or len(words) > _LONGEST_HEADLINE or _ENDED.search(words):
            return excluded, index
        elif line.opens and (follower.opens or _header(text, follower, language, {}) is not None):
            excluded.append(Excluded(line.start, line.end, say("headline or name of the site")))
        else:
            return excluded, index
    return excluded, len(lines)


def _header(text: str, line: _Line, language: str, headers: dict[str, tuple[int, int]]) -> Text | None:
    """Return the reason when the line is a known header; note the spans of its value."""
    words = text[line.start : line.end]
    if len(words) > _LONGEST_HEADLINE:
        return None
    known = _header_names(language)
    found = _HEADER.match(words + " ")
    name = known.get(fold_phrase(found.group(1))) if found else None
    if name is None:
        folded = fold_phrase(words)
        if len(folded) > _LONGEST_DATED or not any(word.isdigit() for word in folded):
            return None
        name = next((known[folded[:size]] for size in (3, 2, 1) if folded[:size] in known), None)
        if name not in {"published", "updated"}:
            return None
    if name in {"published", "kind"}:
        headers.setdefault(name, (line.start + (min(found.end(), len(words)) if found else 0), line.end))
    return say("header line")


def _furniture(text: str, line: _Line, language: str, headers: dict[str, tuple[int, int]]) -> Text | None:
    words = text[line.start : line.end]
    if len(words) > _LONGEST_HEADLINE:
        return None
    folded = fold_phrase(words[:80])
    if any(folded[: len(phrase)] == phrase for phrase in _phrases(language, "lines")):
        return say("site furniture")
    if not _ENDED.search(words) and (reason := _header(text, line, language, headers)) is not None:
        return reason
    return None


def _opens_comments(words: str, language: str) -> bool:
    """Tell “Discussion1 Comment”, "3 comments", "Leave A Reply": nothing on the line but such words and digits."""
    if len(words) > _LONGEST_MARK or _ENDED.search(words):
        return False
    folded = " ".join(word for word in fold_phrase(words) if not word.isdigit())
    rest = folded
    for phrase in sorted(_phrases(language, "comments"), key=len, reverse=True):
        rest = rest.replace(" ".join(phrase), "")
    return bool(folded) and not rest.strip()


def _after_dateline(text: str, line: _Line, language: str) -> int:
    """Return where the paragraph's own words begin."""
    found = _DATELINE.match(text, line.start, min(line.end, line.start + 64))
    if found is None:
        return line.start
    before = found.group().rstrip().rstrip(":-—–").strip()
    capitals = before.isupper() and before.isascii() and len(before.split()) <= _DATELINE_WORDS
    words = words_of(fold(before).text)
    place = find_place(words, 0, language) if words else None
    if capitals or (place is not None and place.length >= len(words) - 2):
        return found.end()
    return line.start


def _is_exercise_mark(words: str, language: str) -> bool:
    return any(word in {name for phrase in _phrases(language, "exercise") for name in phrase} for word in fold_phrase(words)[:4])


@cache
def _header_names(language: str) -> dict[tuple[str, ...], str]:
    table = lexicon_for(language).table("header")
    return {fold_phrase(phrase): name for name, phrases in table.items() for phrase in phrases}


@cache
def _phrases(language: str, name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(fold_phrase(phrase) for phrase in lexicon_for(language).table("furniture")[name])

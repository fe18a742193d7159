# SPDX-License-Identifier: Apache-2.0
"""Reads one document: bytes in, drafts out, each claim with the span that it rests on.

1. The bytes become text as received, or are refused (`opening`).
2. Headers, headline, dateline, furniture and readers' comments are left out, with reasons (`exclusion`).
3. What remains is cut into sentences and read item by item, by rules and data files alone (`scanning`).
4. Facts are gathered into drafts, one for each event and side (`events`).

No network, no model, no clock: the same bytes give the same reading. Nothing here files, grades or sends a record
(law 16). Every step is linear in the length of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

import msgspec

from hamsaya.facts.errors import InputError
from hamsaya.facts.folding import fold, fold_phrase
from hamsaya.facts.records import Basis, Draft, RecordKind, Source
from hamsaya.facts.words import LANGUAGES, say
from hamsaya.intake.dates import FIRST_YEAR, LAST_YEAR, Setting, resolve
from hamsaya.intake.datewords import find_dates
from hamsaya.intake.events import Assignment, Gatherer
from hamsaya.intake.exclusion import Excluded, Laid, lay_out
from hamsaya.intake.lexicon import lexicon_for
from hamsaya.intake.opening import language_of, open_text
from hamsaya.intake.scanning import scan
from hamsaya.intake.sentences import Abbreviations, split_sentences

MOST_SENTENCES: Final = 200_000
_CLAUSE: Final = re.compile(r"[;؛]")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDY: Final = re.compile(r"[^\W\d_]{2}")


class Reading(msgspec.Struct, frozen=True):
    """A document as read: its text as received, and what is proposed from it."""

    text: str
    """`data.decode("utf-8")`, unchanged: every offset counts its code points."""
    sha256: str
    """Of the bytes as received."""
    language: str
    published: str
    """ISO date, empty where unknown."""
    drafts: list[Draft]
    excluded: list[Excluded]
    """Regions on which no claim rests, in order."""


def read_document(
    data: bytes,
    *,
    name: str,
    origin: str = "",
    basis: str = "attributed",
    language: str = "",
    published: str = "",
    zone: str = "UTC",
) -> Reading:
    """Return what `data` says as drafts for a person to accept, each claim with its span.

    `name` is the document's name in messages. `origin` is the ISO 3166-1 alpha-2 code of the side whose document it
    is. `basis` is `own` for a report of the filing office itself, else `attributed`. `language` is "en", "fa" or "ur",
    told by the letters when empty. `published` is an ISO date, looked for in the document when empty. `zone` is the
    IANA zone in which local days and hours are meant.

    Raises `InputError` for bytes that are not plain UTF-8 text, are empty or larger than 10 MiB, for a language that
    cannot be told or is not known, and for a date, zone, country or basis that is none. Nothing is kept.
    """
    where = _zone(zone)
    if basis not in get_args(Basis):
        raise InputError(
            say("The basis “{basis}” is not known.", basis=basis[:20]),
            say("Use own or attributed."),
        )
    if origin and not _COUNTRY.fullmatch(origin):
        raise InputError(
            say("The origin “{origin}” is no country code.", origin=origin[:20]),
            say("Use two capital letters, such as PK."),
        )
    if language and language not in LANGUAGES:
        raise InputError(
            say("The language “{language}” is not read.", language=language[:20]),
            say("Name one of {languages}.", languages=", ".join(LANGUAGES)),
        )
    day = _published(published)
    text, sha256 = open_text(data, name)
    language = language or language_of(text, name)
    laid = lay_out(text, language, name)
    day = day or _published_in(text, laid, language, where)
    iso = day.isoformat() if day else ""
    source = Source(document=sha256, language=language, published=iso, origin=origin)
    gatherer = Gatherer(Assignment(source, cast("Basis", basis), where, day, _kind_in(text, laid, language)))
    for start, end, sentence in _segments(text, laid, language, name):
        gatherer.take(scan(text, start, end, sentence, language))
    return Reading(text, sha256, language, iso, gatherer.drafts(), laid.excluded)


def _segments(text: str, laid: Laid, language: str, name: str) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Yield the parts of sentences that can hold a fact, with the sentence around each."""
    abbreviations, count = _abbreviations(language), 0
    for first, last in laid.paragraphs:
        for start, end in split_sentences(text, first, last, abbreviations):
            count += 1
            if count > MOST_SENTENCES:
                raise InputError(
                    say("“{name}” has more than {most} sentences.", name=name, most=MOST_SENTENCES),
                    say("File the document in parts."),
                )
            begin = start
            for stop in _CLAUSE.finditer(text, start, end):
                if _WORDY.search(text, begin, stop.start()):
                    yield begin, stop.start(), (start, end)
                begin = stop.end()
            if _WORDY.search(text, begin, end):
                yield begin, end, (start, end)


@cache
def _abbreviations(language: str) -> Abbreviations:
    table = lexicon_for(language).table("abbreviation")
    return Abbreviations(frozenset(table["any"]), frozenset(table["before_number"]))


def _zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError, UnicodeError) as error:
        raise InputError(
            say("The time zone “{zone}” is not known.", zone=zone[:40]),
            say("Use an IANA name, such as Asia/Karachi."),
        ) from error


def _published(published: str) -> date | None:
    if not published:
        return None
    try:
        day = date.fromisoformat(published) if _ISO_DAY.fullmatch(published) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputError(
            say("“{published}” is no date of publication.", published=published[:20]),
            say("Write it as year-month-day, such as 2014-10-22."),
        )
    return day


def _published_in(text: str, laid: Laid, language: str, zone: ZoneInfo) -> date | None:
    """Return the day of publication that a header names with its year."""
    span = laid.headers.get("published")
    if span is None:
        return None
    for hit in find_dates(fold(text[span[0] : span[1]]).text, language):
        dated = resolve(hit, None, "", Setting(None, zone))
        if hit.kind == "absolute" and dated.day is not None and dated.day.year is not None:
            return dated.day.as_date()
    return None


def _kind_in(text: str, laid: Laid, language: str) -> RecordKind | None:
    """Return the kind of report that a header names."""
    span = laid.headers.get("kind")
    words = fold_phrase(text[span[0] : span[1]]) if span else ()
    for kind, phrases in lexicon_for(language).table("kind").items():
        if words in {fold_phrase(phrase) for phrase in phrases}:
            return cast("RecordKind", kind)
    return None

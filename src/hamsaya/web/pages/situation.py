# SPDX-License-Identifier: Apache-2.0
"""A situation report: drafted from the records of a day or a week, edited and approved by a person, filed as a record."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.reports import new_token
from hamsaya.desk.situation import HOURS, KINDS, Told, accounts_of, approve_situation, period_before
from hamsaya.facts.errors import InputError
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import LANGUAGES, Language, Text, say
from hamsaya.settlement.situation import Sentence, Voice
from hamsaya.tongues.situations import Account, draft_situation
from hamsaya.web.data import builtins
from hamsaya.web.labels import HANDLING_LEVELS, LANGUAGE_NAMES, Badge
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

VOICES: Final[dict[Voice, Badge]] = {
    "own": Badge(say("our own account"), "good"),
    "signed": Badge(say("signed by the other side"), "info"),
    "attributed": Badge(say("attributed, unsigned"), "warn"),
}
_BLANKS: Final = 1
_MAX_FIELDS: Final = 1_000
_MAX_BYTES: Final = 1_000_000


class SentenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence, and links to what it rests on; an empty one to be filled in."""

    sentence: Sentence
    badge: Badge | None
    links: dict[str, str]


class SituationView(msgspec.Struct, frozen=True, kw_only=True):
    """What situation.html receives."""

    rows: list[SentenceRow]
    hours: int
    periods: dict[int, Text]
    since: datetime
    until: datetime
    language: Language
    languages: dict[str, str]
    kinds: dict[str, Text]
    levels: dict[str, Text]
    token: str
    accounts: int


def show_draft(desk: Desk, visit: Visit) -> Answer:
    """Draft one, and show it to be edited."""
    query = visit.query
    hours = query.get("hours", "24")
    since, until = period_before(visit.now, int(hours) if hours.isascii() and hours.isdigit() and len(hours) <= len("168") else 0)
    language = next((each for each in LANGUAGES if each == query.get("language", visit.language)), visit.language)
    with desk.node.ledger.reading() as book:
        told = accounts_of(desk.node, book, since, until)
    sentences = draft(told, language, desk.node.zone)
    rows = [_row(each) for each in sentences] + [SentenceRow(sentence=Sentence(text="", records=[]), badge=None, links={})] * _BLANKS
    view = SituationView(
        rows=rows, hours=int(hours), periods=HOURS, since=since, until=until, language=language,
        languages={each: LANGUAGE_NAMES[each] for each in LANGUAGES},
        kinds={kind: RECORD_KINDS[kind] for kind in KINDS}, levels={str(level): HANDLING_LEVELS[level] for level in HANDLING},
        token=new_token(desk.node), accounts=len(told),
    )  # fmt: skip
    data = {"since": since, "until": until, "language": language, "sentences": [builtins(each) for each in sentences]}
    return Page(template="situation.html", view=view, data=data)


def draft(told: list[Told], language: Language, zone: str) -> list[Sentence]:
    """Return the sentences that are proposed of these accounts."""
    return draft_situation([Account(each.held.record, each.voice) for each in told], language, zone=zone)


def approve(desk: Desk, visit: Visit) -> Answer:
    """File it as the officer approved it."""
    form = visit.form
    texts, records, grades = (form.texts.get(name, []) for name in ("text", "records", "grade"))
    if not len(texts) == len(records) == len(grades):
        raise InputError(say("Each sentence needs its words, its records and its grade; these came: {a}, {b}, {c}",
                             a=len(texts), b=len(records), c=len(grades)))  # fmt: skip
    sentences = [
        Sentence(text=text, records=named.replace(",", " ").split(), grade=grade) for text, named, grade in zip(texts, records, grades, strict=True)
        if text.strip()
    ]  # fmt: skip
    filed = approve_situation(
        desk.node, visit.officer, sentences, language=form.text("language"), kind=form.text("kind"), handling=form.text("handling"),
        token=form.text("token"),
    )  # fmt: skip
    data = {"record": filed.held.record.id, "repeated": filed.repeated, "warnings": [str(each) for each in filed.warnings]}
    return Go(to=path_to("records", filed.held.record.id), data=data)


def _row(sentence: Sentence) -> SentenceRow:
    return SentenceRow(sentence=sentence, badge=VOICES[sentence.voice], links={name: path_to("records", name) for name in sentence.records})


ROUTES = [
    Route("GET", "/situation", "file", show_draft),
    Route("POST", "/situation", "file", approve, max_bytes=_MAX_BYTES, max_fields=_MAX_FIELDS),
]

# SPDX-License-Identifier: Apache-2.0
"""Records: what this node filed and received, every version, and from here the proposal to release one."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.accounts.suggest import Suggestion
from hamsaya.desk.doubts import Doubter
from hamsaya.desk.filters import Filter
from hamsaya.desk.holdings import Party, RecordHeld, ReleaseHeld
from hamsaya.desk.picture import Pinpoint, pin_data, pinpoints_of
from hamsaya.desk.ports import Book
from hamsaya.desk.reclassifying import changes_shown
from hamsaya.desk.stages import clocks_of
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import RECORD_KINDS, Record, has_stages, stage_of
from hamsaya.facts.stages import STAGES
from hamsaya.facts.values import Value
from hamsaya.facts.words import Text, say
from hamsaya.settlement.courses import COURSES
from hamsaya.web.data import builtins
from hamsaya.web.labels import BASES, CONDITIONS, HANDLING_LEVELS, Badge, badge, label
from hamsaya.web.listing import FilterForm, Pager, address, after, asked_filter, filter_form, pager
from hamsaya.web.names import party_names
from hamsaya.web.pages.erasures import Erased, erased_of
from hamsaya.web.pages.lines import LineRow, rows_of
from hamsaya.web.pages.overdue import clock_data
from hamsaya.web.pages.retention import KeepRow, keep_row
from hamsaya.web.pages.sameness import proposed_for
from hamsaya.web.pages.ties import Ties, ties_of
from hamsaya.web.paths import path_to
from hamsaya.web.stages import ChangeRow, ClockRow, change_rows, clock_row, stage_badge
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit

MOST_STRUCK: Final = 200
TELLING: Final = ("action", "decision", "demand", "statement", "place", "occurred")
"""The predicates that tell one record from another, in the order in which a list shows them."""
MOST_TOLD: Final = 3


class RecordRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a record in words."""

    held: RecordHeld
    kind: Text
    basis: Text
    party: str
    handling: Text
    href: str
    incident_href: str
    gist: list[Value]
    """What a reader knows it by: what happened, where and when, or what is asked or decided; as the record says it."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version with its claims."""

    row: RecordRow
    statements: list[Statement]
    stage: Badge | None


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A release of this record."""

    held: ReleaseHeld
    receiver: str
    badge: Badge
    href: str


class RecordsView(msgspec.Struct, frozen=True, kw_only=True):
    """What records.html receives."""

    records: list[RecordRow]
    pager: Pager
    filter: FilterForm
    filtered: bool
    struck: list[RecordRow]
    """Struck versions that fit the kind, side and party asked for, newest first; only where `shows_struck`."""
    shows_struck: bool
    struck_href: str
    """The same list with struck records, or without where they are shown."""


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """What record.html receives. `own` says whether a version of this node stands, so that it can propose a release."""

    record: str
    versions: list[Version]
    releases: list[Sent]
    own: bool
    filed_here: bool
    """Whether a version of this node is here at all, standing or struck."""
    ties: Ties
    neighbours: list[tuple[str, str]]
    erased: Erased
    pinpoints: list[Pinpoint]
    """Where its latest version puts it, with its standing by each of the `lines`, and what the desk doubts of that."""
    lines: list[LineRow]
    kept: list[KeepRow]
    """Until when each version that a neighbour released may be kept here, where a clause ends it; the latest first."""
    matter_href: str
    """Where the matter is shown that it opens, or moves on by a form; empty for none."""
    incident: str
    """The incident that it belongs to, under the name under which it goes on; empty for none."""
    likely: list[Suggestion]
    """Other incidents that it may be of too, with reasons for and against."""
    stage: Badge | None
    """Of the version that stands, None for what has none."""
    stages: dict[str, Text]
    """The stages that its author may file next; empty for what has none, or is not ours."""
    changes: list[ChangeRow]
    clocks: list[ClockRow]
    filed: str
    """`now` or `before` where an officer comes from filing it, else empty."""


def list_records(desk: Desk, visit: Visit) -> Answer:
    """List the latest version of each record that fits the filter, newest first, a page at a time."""
    asked = asked_filter(desk, visit)
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        sheet = book.records_page(asked, after(visit))
        form = filter_form("/records", book, visit, asked)
        shows = visit.query.get("struck", "") == "yes"
        struck = _struck(book.struck(), asked) if shows else []
    rows = [_row(held, names) for held in sheet.rows]
    view = RecordsView(
        records=rows, pager=pager("/records", visit, sheet.next, asked), filter=form, filtered=bool(asked),
        struck=[_row(held, names) for held in struck], shows_struck=shows,
        struck_href=address("/records", asked) if shows else address("/records", asked, struck="yes"),
    )  # fmt: skip
    more = {"struck": [builtins(held) for held in struck]} if shows else {}
    return Page(template="records.html", view=view, data=lambda: {"records": [builtins(held) for held in sheet.rows], "next": sheet.next, **more})


def _struck(held: list[RecordHeld], asked: Filter) -> list[RecordHeld]:
    """Return the struck versions that are of the kind, the side and the party asked for, newest first; few are ever struck."""
    fits = [
        each for each in held
        if asked.kind in ("", each.record.kind) and asked.side in ("", each.record.side) and asked.party in ("", each.record.party)
    ]  # fmt: skip
    return fits[::-1][:MOST_STRUCK]


def show_record(desk: Desk, visit: Visit) -> Answer:
    """Show every version of a record, the latest first, and what became of its releases."""
    name = visit.params["record"]
    with desk.node.ledger.reading() as book:
        versions = book.versions(name)
        if not versions:
            raise NotFound(say("There is no record {came}.", came=name[:40] or "—"), say("`hamsaya record list` shows what is filed."))
        parties = book.parties()
        names = party_names(book, visit.language)
        sentences = Sentences(book)
        standing = [held.record for held in versions if not held.withdrawn_by]
        changes = changes_shown(standing or [held.record for held in versions])
        clocks = clocks_of(desk.node, book, name)
        author = bool(standing) and has_stages(standing[-1]) and standing[-1].party == desk.node.party
        incident, likely = proposed_for(book, versions)
        view = RecordView(
            record=name,
            versions=[
                Version(row=_row(held, names), stage=stage_badge(held.record),
                        statements=[sentences.state(claim, number) for number, claim in enumerate(held.record.claims, 1)])
                for held in reversed(versions)
            ],
            releases=[
                _sent(held, names) for held in book.releases_of(name)
            ],
            filed_here=any(not held.received_from for held in versions),
            own=any(not held.received_from and not held.withdrawn_by for held in versions),
            ties=ties_of(desk, book, visit, name, versions),
            neighbours=[(party.card.party, names[party.card.party]) for party in parties if not party.own],
            stage=stage_badge(standing[-1]) if standing else None, changes=change_rows(changes),
            stages={name: words for name, words in STAGES.items() if author and name != stage_of(standing[-1])},
            clocks=[clock_row(clock, names.get(clock.party, clock.party), visit.now) for clock in clocks],
            matter_href=_matter_href(book, versions[-1].record), erased=erased_of(desk, book, visit, name),
            pinpoints=_pinpoints(desk, book, versions[-1], parties), lines=rows_of(desk.node.lines()),
            kept=_kept(book, visit, versions), incident=incident, likely=likely,
            filed=filed if (filed := visit.query.get("filed", "")) in ("now", "before") else "",
        )  # fmt: skip
    data = {
        "record": name, "versions": [builtins(held) for held in versions], "changes": [builtins(change) for change in changes],
        "clocks": [clock_data(row) for row in view.clocks], "places": [pin_data(each) for each in view.pinpoints],
        "kept": [builtins(row.copy) for row in view.kept], "suggestions": [builtins(each) for each in likely],
    }  # fmt: skip
    return Page(template="record.html", view=view, data=data)


def _matter_href(book: Book, record: Record) -> str:
    matter = record.answers or record.id
    course = COURSES.get(book.record_kinds([matter]).get(matter, ""))
    return path_to("matters", matter) if course is not None and course.form is not None else ""


def _pinpoints(desk: Desk, book: Book, held: RecordHeld, parties: list[Party]) -> list[Pinpoint]:
    """Return where the version puts it; signed where a party of that very side filed it as its own."""
    record, rulers = held.record, list(desk.node.lines())
    signed = record.basis == "own" and any(each.card.party == record.party and each.card.country == record.side for each in parties)
    return pinpoints_of(record, rulers, signed=signed, doubter=Doubter(rulers, desk.node.dictation, book.points_in))


def _kept(book: Book, visit: Visit, versions: list[RecordHeld]) -> list[KeepRow]:
    came = [each.released_in.rpartition("#") for each in reversed(versions) if each.received_from]
    rows = [keep_row(book, visit, log, int(number)) for log, _, number in came if log]
    return [row for row in rows if row is not None]


def _sent(held: ReleaseHeld, names: dict[str, str]) -> Sent:
    receiver = names.get(held.receiver, held.receiver)
    return Sent(held=held, receiver=receiver, badge=badge(CONDITIONS, held.condition), href=path_to("releases", held.release))


def _row(held: RecordHeld, names: dict[str, str]) -> RecordRow:
    record = held.record
    return RecordRow(
        held=held, kind=label(RECORD_KINDS, record.kind), basis=label(BASES, record.basis), party=names.get(record.party, record.party),
        handling=label(HANDLING_LEVELS, record.handling), href=path_to("records", record.id),
        incident_href=path_to("incidents", record.incident) if record.incident else "", gist=_gist(record),
    )  # fmt: skip


def _gist(record: Record) -> list[Value]:
    """Return the first claim of each kind that tells one record from another; as much of it as fits a line."""
    first: dict[str, Value] = {}
    for claim in record.claims:
        if claim.predicate in TELLING:
            first.setdefault(claim.predicate, claim.value)
    return [first[predicate] for predicate in TELLING if predicate in first][:MOST_TOLD]


ROUTES = [
    Route("GET", "/records", "read", list_records),
    Route("GET", "/records/{record:str}", "read", show_record),
]

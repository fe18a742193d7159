# SPDX-License-Identifier: Apache-2.0
"""Incidents: the accounts side by side, field by field, each value with the sentence it rests on. Picks no winner (law 6)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final, Literal, TypeVar

import msgspec

from hamsaya.accounts.compare import Account, Field, Said
from hamsaya.accounts.rules import RULES
from hamsaya.boundary.lines import Ruler
from hamsaya.desk.cases_held import CaseHeld
from hamsaya.desk.doubts import Doubter
from hamsaya.desk.filters import EVERYTHING
from hamsaya.desk.flags import Flag, flag_data, flag_of, flags_of
from hamsaya.desk.holdings import LinkHeld, Party, RecordHeld
from hamsaya.desk.incidents import IncidentView, link_incident, unlink_incident, view_incident, view_incidents, view_of
from hamsaya.desk.picture import Pinpoint, pin_data, pinpoints
from hamsaya.desk.ports import Book
from hamsaya.desk.reclassifying import changes_shown
from hamsaya.desk.roles import may
from hamsaya.desk.stages import clocks_of
from hamsaya.desk.subjects import matters_about
from hamsaya.facts.claims import CODES, PREDICATES
from hamsaya.facts.errors import HamsayaError, OperatorError
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.stages import Change
from hamsaya.facts.values import Coded, Moment, Place
from hamsaya.facts.words import Text, say
from hamsaya.settlement.courses import COURSES
from hamsaya.web.data import builtins
from hamsaya.web.flagged import CLOSED, OPEN, FlagRow
from hamsaya.web.labels import FIELD_STATES, Badge, badge, label
from hamsaya.web.listing import FilterForm, Pager, after, asked_filter, filter_form, pager
from hamsaya.web.matters import MatterRow, matter_row
from hamsaya.web.names import party_names
from hamsaya.web.pages import sameness
from hamsaya.web.pages.flags import flag_row_of
from hamsaya.web.pages.lines import LineRow, Picture, picture_of, rows_of
from hamsaya.web.pages.overdue import clock_data
from hamsaya.web.paths import path_to
from hamsaya.web.stages import ChangeRow, ClockRow, HappenedRow, change_rows, clock_row, happened_row, stage_badge
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.tongue import Tongue
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_V = TypeVar("_V")
_CLOCKS: Final = 20
"""Of so many accounts the clocks are shown with the incident; those of the others stand with the record."""
_OPENS: Final = {"complaint": say("Complain about it"), "hotline_call": say("Write down a call about it")}
_LOG: Final = logging.getLogger("hamsaya.web")


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """An incident in a line. Where the sides tell two times or places, each stands here: none is chosen.

    `fault` says why it cannot be shown; then everything but its name is empty.
    """

    incident: str
    href: str
    actions: list[Text]
    times: list[Moment]
    places: list[Place]
    accounts: int
    signed: list[str]
    attributed: list[str]
    agree: int
    differ: int
    silent: int
    pinpoints: list[Pinpoint] = []
    """Where each account puts it, with its standing by each line."""
    flag: Badge | None = None
    """Whether it stands under a rights flag, or did."""
    fault: Text | None = None


class IncidentsView(msgspec.Struct, frozen=True, kw_only=True):
    """What incidents.html receives."""

    incidents: list[Headline]
    pager: Pager
    filter: FilterForm
    filtered: bool
    picture: Picture


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """One account: by whom it is signed, or who attributes it to which side."""

    account: Account
    held: RecordHeld
    kind: Text
    party: str
    basis: Literal["signed", "attributed"]
    href: str
    stage: Badge | None
    """None for an account that is not signed by its own side."""
    changes: list[ChangeRow]


class FieldRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table: per side, in the order of `sides`, what it says."""

    key: str
    label: Text
    group: Coded | None
    state: str
    badge: Badge
    cells: list[list[Statement]]
    silent: list[str]
    rules: list[Text]
    """What decided between the accounts."""


class TwoSidedView(msgspec.Struct, frozen=True, kw_only=True):
    """What incident.html receives."""

    incident: str
    headline: Headline
    sides: list[str]
    accounts: list[AccountRow]
    rows: list[FieldRow]
    happened: HappenedRow | None
    clocks: list[ClockRow]
    pinpoints: list[Pinpoint]
    """Where each account puts it, with its standing by each of the `lines`."""
    lines: list[LineRow]
    links: list[LinkHeld]
    """What goes on as this incident, by whose word."""
    struck: list[RecordHeld]
    """Versions that were withdrawn: they count for nothing."""
    flag: FlagRow | None
    """The rights flag, where an account tells of harm to civilians."""
    cases: list[CaseHeld]
    """Case files that were written about it here."""
    standing: sameness.Standing
    """Which others it may be, which it is connected with, and what the authors of its accounts call it."""
    matters: list[MatterRow]
    """What is open with a neighbour about it, or was."""
    unlodged: list[str]
    """Records that would open such a matter, and have not left yet."""
    opens: dict[str, Text]
    """What this officer may open about it, by kind, in words."""
    others: list[str]
    """The newest incidents that this one may be linked to; any other can be typed."""


def list_incidents(desk: Desk, visit: Visit) -> Answer:
    """List the incidents of which an account fits the filter, newest first. One that cannot be shown does not hide the others."""
    asked = asked_filter(desk, visit)
    tongue = Tongue(visit.language, desk.node.zone)
    rulers = list(desk.node.lines())
    with desk.node.ledger.reading() as book:
        sheet = view_incidents(book, asked, after(visit))
        parties = book.parties()
        flags = flags_of(book, [name for name, _ in sheet.rows])
        found = [_flagged(_headline_or_fault(name, held, parties, tongue, rulers), flags.get(name)) for name, held in sheet.rows]
        form = filter_form("/incidents", book, visit, asked)
    view = IncidentsView(
        incidents=found, pager=pager("/incidents", visit, sheet.next, asked), filter=form, filtered=bool(asked),
        picture=picture_of("/incidents", rulers, visit, asked),
    )  # fmt: skip
    return Page(template="incidents.html", view=view, data={"incidents": [_line(each) for each in found], "next": sheet.next})


def show_incident(desk: Desk, visit: Visit) -> Answer:
    """Show one incident, two-sided."""
    with desk.node.ledger.reading() as book:
        found = view_incident(book, visit.params["incident"])
        flag = flag_of(book, found.incident)
        view = _two_sided(desk, book, found, visit)
    states = {state: found.keys(state) for state in FIELD_STATES}
    more = {"happened": builtins(found.happened) if found.happened else None, "clocks": [clock_data(row) for row in view.clocks]}
    more["matters"] = [
        {
            "matter": row.matter.record.id,
            "kind": row.matter.record.kind,
            "party": row.matter.party,
            "state": row.matter.standing.state,
            "late": row.late,
        }
        for row in view.matters
    ]
    places = [pin_data(each) for each in view.pinpoints]
    data = {
        **builtins(found), **states, **more, **sameness.as_data(view.standing), "pinpoints": places,
        "rights_flag": flag_data(flag) if flag else None,
    }  # fmt: skip
    return Page(template="incident.html", view=view, data=data)


def link(desk: Desk, visit: Visit) -> Answer:
    """Say that two incidents are the same event."""
    form = visit.form
    name = link_incident(desk.node, visit.officer, visit.params["incident"], form.text("into").strip(), as_seen=bool(form.text("seen")))
    return Go(to=path_to("incidents", name), data={"incident": name})


def unlink(desk: Desk, visit: Visit) -> Answer:
    """Take back that another incident is the same event as this one."""
    into = visit.params["incident"]
    name = unlink_incident(desk.node, visit.officer, visit.form.text("incident"), into)
    return Go(to=path_to("incidents", into), data={"incident": name})


def _headline_or_fault(name: str, held: list[RecordHeld], parties: list[Party], tongue: Tongue, rulers: list[Ruler]) -> Headline:
    """Return the incident's line, once its values could be shown, or a line that says that it cannot. Raises `OperatorError`."""
    try:
        view = view_of(name, held, parties)
        headline = msgspec.structs.replace(_headline(view), pinpoints=pinpoints(view.accounts, rulers))
        for place in headline.places:
            tongue.value(place)
        for time in headline.times:
            tongue.value(time)
    except OperatorError:
        raise
    except HamsayaError as error:
        return _faulty(name, error.what)
    except Exception:  # noqa: BLE001  (one faulty record hides no other; the log has the cause)
        _LOG.exception("incident %s cannot be shown", name)
        return _faulty(name, say("This incident cannot be shown; the log has the cause."))
    return headline


def _flagged(headline: Headline, flag: Flag | None) -> Headline:
    return msgspec.structs.replace(headline, flag=OPEN if flag.is_open else CLOSED) if flag else headline


def _faulty(name: str, fault: Text) -> Headline:
    return Headline(
        incident=name, href=path_to("incidents", name), actions=[], times=[], places=[], accounts=0, signed=[], attributed=[], agree=0, differ=0,
        silent=0, fault=fault,
    )  # fmt: skip


def _headline(view: IncidentView) -> Headline:
    claims = [claim for account in view.accounts if not account.gives_way for claim in account.record.claims]
    values = {name: [claim.value for claim in claims if claim.predicate == name] for name in ("action", "occurred", "place")}
    codes = dict.fromkeys(value.code for value in values["action"] if isinstance(value, Coded))
    signed = [account.record.side for account in view.accounts if account.signed]
    attributed = [account.record.side for account in view.accounts if not account.signed and not account.gives_way]
    return Headline(
        incident=view.incident, href=path_to("incidents", view.incident), actions=[label(CODES, code) for code in codes],
        times=_different([value for value in values["occurred"] if isinstance(value, Moment)]),
        places=_different([value for value in values["place"] if isinstance(value, Place)]),
        accounts=len(view.accounts), signed=list(dict.fromkeys(signed)), attributed=list(dict.fromkeys(attributed)),
        agree=len(view.keys("agree")), differ=len(view.keys("differ")), silent=len(view.keys("silent")),
    )  # fmt: skip


def _different(values: list[_V]) -> list[_V]:
    """Return the values that differ in more than the words that were used."""
    found: dict[object, _V] = {}
    for value in values:
        found.setdefault(msgspec.structs.replace(value, words="", derivation="", anchor="", zone="") if isinstance(value, Moment) else value, value)
    return list(found.values())


def _line(headline: Headline) -> dict[str, object]:
    flag = "" if headline.flag is None else "open" if headline.flag is OPEN else "closed"
    actions, fault = [str(action) for action in headline.actions], str(headline.fault) if headline.fault else ""
    return {**builtins(headline), "flag": flag, "actions": actions, "fault": fault}


def _two_sided(desk: Desk, book: Book, found: IncidentView, visit: Visit) -> TwoSidedView:
    rulers = list(desk.node.lines())
    doubter = Doubter(rulers, desk.node.dictation, book.points_in)
    names = party_names(book, visit.language)
    sides = list(dict.fromkeys([*found.sides, *(account.record.side for account in found.accounts)]))
    sentences = Sentences(book)
    told = changes_told(book, found)
    accounts = [account_row(account, found.held[account.record.id], names, told.get(account.record.id)) for account in found.accounts]
    clocks = [clock for account in accounts[:_CLOCKS] for clock in clocks_of(desk.node, book, account.account.record.id)]
    about = matters_about(desk.node, book, found.incident)
    return TwoSidedView(
        incident=found.incident, headline=_headline(found), sides=sides, accounts=accounts,
        rows=[field_row(each, sides, sentences) for each in found.fields], happened=happened_row(found.happened),
        clocks=[clock_row(clock, names.get(clock.party, clock.party), visit.now) for clock in clocks], struck=found.struck, links=found.links,
        pinpoints=pinpoints(found.accounts, rulers, doubter), lines=rows_of(rulers),
        cases=book.case_files(found.incident), flag=flag_row_of(book, found.incident, visit),
        standing=sameness.standing_of(book, found.incident, list(found.held.values()), names),
        matters=[matter_row(each, names, visit) for _, matters in about for each in matters],
        unlodged=[record.id for record, matters in about if not matters],
        opens={kind: words for kind, words in _OPENS.items() if may(visit.officer.role, COURSES[kind].verb)},
        others=[name for name in book.incidents_page(EVERYTHING).rows if name != found.incident],
    )  # fmt: skip


def changes_told(book: Book, found: IncidentView) -> dict[str, list[Change]]:
    """Return by account what its versions changed, as far as they stand here, told or not."""
    versions = book.versions_of([account.record.id for account in found.accounts])
    return {name: changes_shown([held.record for held in several if not held.withdrawn_by]) for name, several in versions.items()}


def account_row(account: Account, held: RecordHeld, names: Mapping[str, str], changes: list[Change] | None = None) -> AccountRow:
    """Return an account as a page shows it; `names` are those of the parties, `changes` what its versions changed."""
    return AccountRow(
        account=account, held=held, kind=label(RECORD_KINDS, account.record.kind), party=names.get(account.record.party, account.record.party),
        basis="signed" if account.signed else "attributed", href=path_to("records", account.record.id),
        stage=stage_badge(account.record) if account.signed else None, changes=change_rows(account.record.changes if changes is None else changes),
    )  # fmt: skip


def field_row(each: Field, sides: list[str], sentences: Sentences) -> FieldRow:
    """Return a field as a row: per side, in the order of `sides`, what it says."""
    predicate = PREDICATES.get(each.key.split(":", maxsplit=1)[0])
    cells = [[sentences.state(said.claim) for said in each.said.get(side, [])] for side in sides]
    return FieldRow(
        key=each.key, label=predicate.label if predicate else Text(each.key), group=_group(each), state=each.state,
        badge=badge(FIELD_STATES, each.state), cells=cells, silent=each.silent, rules=[RULES[rule].words for rule in each.rules],
    )  # fmt: skip


def _group(each: Field) -> Coded | None:
    """Return whom the row counts: a field that is split by group has a group in each claim."""
    first: Said = next(iter(each.said.values()))[0]
    predicate = PREDICATES.get(first.claim.predicate)
    about = first.claim.about
    return msgspec.structs.replace(about, words="") if about is not None and predicate is not None and predicate.per_group else None


ROUTES = [
    Route("GET", "/incidents", "read", list_incidents),
    Route("GET", "/incidents/{incident:str}", "read", show_incident),
    Route("POST", "/incidents/{incident:str}/link", "file", link),
    Route("POST", "/incidents/{incident:str}/unlink", "file", unlink),
    *sameness.ROUTES,
]

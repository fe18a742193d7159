# SPDX-License-Identifier: Apache-2.0
"""The comparison of accounts as a page and a sheet of paper show it: a column an account, and per field the verdicts with the rule that decided."""

from __future__ import annotations

import msgspec

from hamsaya.accounts.casualties import STATUSES
from hamsaya.accounts.rules import RULES
from hamsaya.desk.comparing import Comparison, Row
from hamsaya.desk.doubts import Doubter
from hamsaya.desk.flags import flag_of
from hamsaya.desk.picture import Pinpoint, pinpoints
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.values import Coded, Count
from hamsaya.facts.words import Language, Text, say
from hamsaya.web.flagged import FlagRow, countries_of, flag_row
from hamsaya.web.labels import FIELD_STATES, Badge, badge
from hamsaya.web.names import party_names
from hamsaya.web.pages.incidents import AccountRow, account_row, changes_told
from hamsaya.web.pages.lines import LineRow, rows_of
from hamsaya.web.paths import path_to
from hamsaya.web.stages import HappenedRow, happened_row
from hamsaya.web.statements import SPEAKERS, Sentences, Statement

_SPEAKERS = 3
_SIDE_BY_SIDE = 4
"""So many accounts stand side by side; more stand one below the other, also on a wide screen."""


_ITSELF = Badge(say("one side, which contradicts itself"), "bad")


class Speaker(msgspec.Struct, frozen=True):
    """Who speaks in an account: in what way, and the office where one is quoted."""

    label: Text
    office: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One field: per compared account, in their order, what it says. `between` is the verdict of the accounts, `sides` that of the sides."""

    key: str
    label: Text
    group: Coded | None
    state: str
    sides: Badge
    between: Badge
    rules: list[Text]
    words_differ: bool
    cells: list[list[Statement]]


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """How many people of one side each account tells of, in the order of the accounts; None where it tells none."""

    side: str
    status: Text
    counts: list[Count | None]


class ComparingView(msgspec.Struct, frozen=True, kw_only=True):
    """What comparison.html receives, and comparison_paper.html with more around it.

    `columns` are the accounts that are compared, `yielding` those that gave way to a signed one.
    """

    incident: str
    back: str
    columns: list[AccountRow]
    speakers: list[list[Speaker]]
    """Who speaks in each column, by office where it is told."""
    yielding: list[AccountRow]
    wide: bool
    lines: list[Line]
    happened: HappenedRow | None
    sums: list[Sums]
    pinpoints: list[Pinpoint]
    """Where each compared account puts it, with its standing by each of the `boundaries`."""
    boundaries: list[LineRow]
    flag: FlagRow | None
    agree: int
    differ: int
    silent: int


def comparing_view(node: Node, book: Book, found: Comparison, language: Language) -> ComparingView:
    """Return the comparison as a page and a sheet of paper show it."""
    names, sentences = party_names(book, language), Sentences(book)
    told = changes_told(book, found.view)
    rows = [account_row(account, found.view.held[account.record.id], names, told.get(account.record.id)) for account in found.view.accounts]
    columns = [row for row in rows if not row.account.gives_way]
    flag, rulers = flag_of(book, found.view.incident), list(node.lines())
    points = pinpoints(found.view.accounts, rulers, Doubter(rulers, node.dictation, book.points_in))
    return ComparingView(
        incident=found.view.incident, back=path_to("incidents", found.view.incident), columns=columns,
        speakers=[_speakers(column) for column in columns], yielding=[row for row in rows if row.account.gives_way],
        wide=len(columns) > _SIDE_BY_SIDE, lines=[_line(row, columns, sentences) for row in found.rows], sums=_sums(found, columns),
        happened=happened_row(found.view.happened), pinpoints=points, boundaries=rows_of(rulers),
        flag=flag_row(flag, names, countries_of(book), sentences) if flag else None,
        agree=len(found.view.keys("agree")), differ=len(found.view.keys("differ")), silent=len(found.view.keys("silent")),
    )  # fmt: skip


def _speakers(column: AccountRow) -> list[Speaker]:
    told = dict.fromkeys((claim.speaker.kind, claim.speaker.office) for claim in column.account.record.claims)
    return [Speaker(SPEAKERS[kind], office) for kind, office in list(told)[:_SPEAKERS]]


def _line(row: Row, columns: list[AccountRow], sentences: Sentences) -> Line:
    field = row.field
    return Line(
        key=field.key, label=row.label, group=row.group, state=field.among,
        sides=_ITSELF if field.state == "differ" and len(field.said) == 1 else badge(FIELD_STATES, field.state),
        between=badge(FIELD_STATES, field.among), rules=[RULES[rule].words for rule in field.rules], words_differ=field.words_differ,
        cells=[[sentences.state(claim) for claim in row.said.get(column.account.record.id, [])] for column in columns],
    )  # fmt: skip


def _sums(found: Comparison, columns: list[AccountRow]) -> list[Sums]:
    told = {(side, status) for sums in found.casualties.values() for side, by_status in sums.items() for status in by_status}
    ordered = sorted(told, key=lambda each: (each[0] == "", each[0], STATUSES.index(each[1])))
    return [
        Sums(side=side, status=PREDICATES[status].label,
             counts=[found.casualties.get(column.account.record.id, {}).get(side, {}).get(status) for column in columns])
        for side, status in ordered
    ]  # fmt: skip

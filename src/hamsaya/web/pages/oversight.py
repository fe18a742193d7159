# SPDX-License-Identifier: Apache-2.0
"""Who was let in, by whom and when: every act on accounts, passkeys and neighbours, for those who check the house.

Ahead of them stands what one officer released under a standing approval and no second person reviewed in time (law 13), and what of
neighbours is past its time or held beyond it (law 14).

The administrator can make an account that reads. This page is what makes that seen: it is read from the signed
journal's own table, and nobody can take a line away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.holdings import OPERATOR, AccessAct, ReviewHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.retaining import find_held
from hamsaya.desk.retention import CopyKept, count_due
from hamsaya.desk.roles import ROLE_NAMES
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import label
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Page, Route, Visit

A_PAGE: Final = 100
KINDS: Final[dict[str, Text]] = {
    "party.trusted": say("neighbour trusted"),
    "key.changed": say("this node's key changed"),
    "neighbour.key.changed": say("neighbour's key changed"),
    "key.compared": say("fingerprint compared aloud"),
    "officer.added": say("account added"),
    "officer.moved": say("office or role changed"),
    "officer.stopped": say("account disabled or enabled"),
    "password.set": say("password set"),
    "sessions.ended": say("logged out everywhere"),
    "passkey.added": say("passkey registered"),
    "passkey.removed": say("passkey removed"),
}
DETAILS: Final[dict[str, Text]] = {
    **ROLE_NAMES,
    "stopped": say("disabled"),
    "allowed": say("enabled"),
    "once": say("by an administrator, for once"),
}


class ActRow(msgspec.Struct, frozen=True, kw_only=True):
    """One act in words. `own` marks what somebody did to their own account, `operator` what was done at the machine's command line."""

    act: AccessAct
    kind: Text
    detail: Text | None
    own: bool
    operator: bool


class OverdueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A release that one officer made under a standing approval, and that nobody has reviewed in time."""

    held: ReviewHeld
    href: str
    office: str
    """Who released it."""


class OversightView(msgspec.Struct, frozen=True, kw_only=True):
    """What oversight.html receives. `older` leads to the page before, where there is one; `overdue` stands on the first page."""

    overdue: list[OverdueRow]
    held: list[CopyKept]
    """Copies of neighbours that are held beyond their time."""
    past: int
    """How many copies are past their time and are not held."""
    rows: list[ActRow]
    older: str


def show_oversight(desk: Desk, visit: Visit) -> Answer:
    """Show the acts, newest first; `before` names the entry from which to go back."""
    before = visit.query.get("before", "0")
    if not before.isascii() or not before.isdigit() or len(before) > 18:
        raise InputError(say("before: expected the number of an entry; this came: {came}", came=before[:20] or "—"))
    with desk.node.ledger.reading() as book:
        acts = book.access_acts(before=int(before), count=A_PAGE + 1)
        overdue = [] if int(before) else _overdue(book, desk.node.now())
        held = [] if int(before) else find_held(desk.node, book)
        past = 0 if int(before) else count_due(desk.node, book, desk.node.now())
    rows = [
        ActRow(
            act=act, kind=label(KINDS, act.kind), detail=DETAILS.get(act.detail), own=act.login == act.about and not _at_machine(act),
            operator=_at_machine(act),
        )
        for act in acts[:A_PAGE]
    ]  # fmt: skip
    older = f"/oversight?before={rows[-1].act.seq}" if len(acts) > A_PAGE else ""
    data = {"acts": [builtins(row.act) for row in rows], "older": older, "overdue": [builtins(row.held) for row in overdue],
            "held_copies": [builtins(each) for each in held], "past_its_time": past}  # fmt: skip
    return Page(template="oversight.html", view=OversightView(overdue=overdue, held=held, past=past, rows=rows, older=older), data=data)


def _overdue(book: Book, now: datetime) -> list[OverdueRow]:
    rows = []
    for each in book.reviews(waiting=True):
        if each.overdue(now):
            made = book.release(each.release)
            rows.append(OverdueRow(held=each, href=path_to("releases", each.release), office=made.proposed_office if made else ""))
    return rows


def _at_machine(act: AccessAct) -> bool:
    return (act.login, act.office) == (OPERATOR.login, OPERATOR.office)


ROUTES = [Route("GET", "/oversight", "audit", show_oversight)]

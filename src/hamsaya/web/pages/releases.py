# SPDX-License-Identifier: Apache-2.0
"""Releases: proposed by one officer, decided by another, who sees exactly the bytes that would leave (law 13)."""

from __future__ import annotations

import msgspec

from hamsaya.agreement.decision import RULES
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.holdings import ReleaseHeld
from hamsaya.desk.release import approve_release, propose_release, refuse_release, release_of
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.words import Text
from hamsaya.seal.canonical import read
from hamsaya.web.data import builtins
from hamsaya.web.labels import CONDITIONS, Badge, badge, label
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class ReleaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A release in words."""

    held: ReleaseHeld
    receiver: str
    badge: Badge
    purpose: Text
    rule: Text | None
    href: str
    record_href: str
    agreement_href: str


class ReleasesView(msgspec.Struct, frozen=True, kw_only=True):
    """What releases.html receives."""

    releases: list[ReleaseRow]
    pager: Pager


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """What release.html receives. `content` is the text of the very bytes that leave."""

    row: ReleaseRow
    content: str
    statements: list[Statement]
    """The claims in those bytes, as the receiver would read them."""
    size: int
    decidable: bool
    """True while it waits for the second officer."""
    same_officer: bool
    """True for the officer who proposed it, who cannot be the second."""


def list_releases(desk: Desk, visit: Visit) -> Answer:
    """List the releases, those that wait first, then the newest first."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        sheet = book.releases_page(after(visit))
    rows = [_row(held, names) for held in sheet.rows]
    view = ReleasesView(releases=rows, pager=pager("/releases", visit, sheet.next))
    return Page(template="releases.html", view=view, data={"releases": [builtins(row.held) for row in rows], "next": sheet.next})


def show_release(desk: Desk, visit: Visit) -> Answer:
    """Show one release."""
    with desk.node.ledger.reading() as book:
        held = release_of(book, visit.params["release"])
        names = party_names(book, visit.language)
        statements = _statements(held)
    view = ReleaseView(
        row=_row(held, names), content=held.content.decode("utf-8", "replace"), statements=statements, size=len(held.content),
        decidable=held.condition == "proposed", same_officer=visit.officer.login == held.proposed_by,
    )  # fmt: skip
    return Page(template="release.html", view=view, data=builtins(held))


def propose(desk: Desk, visit: Visit) -> Answer:
    """Propose a release. A refusal by clause or rule is an answer, not an error: the release is kept, refused."""
    form = visit.form
    held = propose_release(
        desk.node, visit.officer, form.text("record"), receiver=form.text("receiver"), purpose=form.text("purpose"), necessity=form.text("necessity")
    )
    return _decided(held)


def approve(desk: Desk, visit: Visit) -> Answer:
    """Let it leave, as the second officer."""
    held = approve_release(desk.node, visit.officer, visit.params["release"])
    if held.condition == "logged":
        desk.on_logged(held.receiver)
    return _decided(held)


def refuse(desk: Desk, visit: Visit) -> Answer:
    """Refuse it, as the second officer."""
    return _decided(refuse_release(desk.node, visit.officer, visit.params["release"], visit.form.text("reason")))


def _decided(held: ReleaseHeld) -> Go:
    return Go(to=path_to("releases", held.release), data=builtins(held))


def _statements(held: ReleaseHeld) -> list[Statement]:
    """Return the claims of the copy that leaves, read from its bytes and from nothing else."""
    if not held.content:
        return []
    sentences = Sentences(None)
    return [sentences.state(claim, number) for number, claim in enumerate(read(held.content, ReleasedRecord).record.claims, 1)]


def _row(held: ReleaseHeld, names: dict[str, str]) -> ReleaseRow:
    return ReleaseRow(
        held=held, receiver=names.get(held.receiver, held.receiver), badge=badge(CONDITIONS, held.condition), purpose=label(PURPOSES, held.purpose),
        rule=label(RULES, held.rule) if held.rule else None, href=path_to("releases", held.release), record_href=path_to("records", held.record),
        agreement_href=path_to("agreements", held.agreement) if held.agreement else "",
    )  # fmt: skip


ROUTES = [
    Route("GET", "/releases", "read", list_releases),
    Route("GET", "/releases/{release:str}", "read", show_release),
    Route("POST", "/releases", "propose", propose),
    Route("POST", "/releases/{release:str}/approve", "approve", approve),
    Route("POST", "/releases/{release:str}/refuse", "approve", refuse),
]

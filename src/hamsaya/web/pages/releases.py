# SPDX-License-Identifier: Apache-2.0
"""Releases: proposed by one officer, decided by another, who sees exactly the bytes that would leave (law 13).

What one officer released under a standing approval is reviewed here by another person, and stands above the list until it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.decision import RULES
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.account import Delivery
from hamsaya.desk.erasing import is_erased
from hamsaya.desk.holdings import ReceiptHeld, ReleaseHeld, ReviewHeld
from hamsaya.desk.ports import Book
from hamsaya.desk.release import approve_release, hash_of, refuse_release, release_of
from hamsaya.desk.reviewing import count_reviews, is_same_person, review_release
from hamsaya.desk.steps import delivery_of
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import CONDITIONS, REVIEWS, STEPS, Badge, badge, label
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.names import party_names
from hamsaya.web.pages.proposing import Leaving, leaving_of
from hamsaya.web.pages.recalls import RecallRow, recall_rows
from hamsaya.web.pages.retention import KeepRow, keep_row
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_MOST_REVIEWS: Final = 50


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


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A review that is due or was made, in words."""

    held: ReviewHeld
    badge: Badge
    overdue: bool
    left_s: float
    """Seconds until it is due; less than 0 where it is overdue."""
    href: str
    record: str = ""
    sentence: str = ""
    """The standing-approval clause in the reader's language, as it was signed."""


class ReleasesView(msgspec.Struct, frozen=True, kw_only=True):
    """What releases.html receives. `reviews` are those that wait for a second person, the one due first in front."""

    releases: list[ReleaseRow]
    pager: Pager
    reviews: list[Review]
    to_review: int
    overdue: int


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """What release.html receives."""

    row: ReleaseRow
    delivery: Delivery
    """Every step that is proven; the last one is its condition."""
    badge: Badge
    """The condition in words."""
    steps: dict[str, Badge]
    """The words for each step."""
    erased: bool
    """Whether its content was erased here: then there are no bytes to show."""
    leaving: Leaving
    """The very bytes, and what the own version says beyond them."""
    sentence: str
    """The clause in the reader's language, as it was signed."""
    grounds: list[Text]
    """Grounds that the first officer says it touches."""
    keep: KeepRow | None
    """Until when its receiver may keep the copy, where it left and a clause ends that."""
    recalls: list[RecallRow]
    """What became of it after it was taken back; empty where it was not."""
    receipt: ReceiptHeld | None
    """The receiver's receipt that first covered it."""
    decidable: bool
    """True while it waits for the second officer."""
    same_officer: bool
    """True for the officer who proposed it, who cannot be the second, nor review it."""
    review: Review | None
    """Of a release that one officer made under a standing approval."""


def list_releases(desk: Desk, visit: Visit) -> Answer:
    """List the releases, those that wait first, then the newest first."""
    with desk.node.ledger.reading() as book:
        names = party_names(book, visit.language)
        sheet = book.releases_page(after(visit))
        waiting = book.reviews(waiting=True)
        to_review, overdue = count_reviews(waiting, visit.now)
        records = {each.release: release_of(book, each.release).record for each in waiting[:_MOST_REVIEWS]}
    rows = [_row(held, names) for held in sheet.rows]
    reviews = [] if after(visit) else [_review(each, visit.now, record=records[each.release]) for each in waiting[:_MOST_REVIEWS]]
    view = ReleasesView(releases=rows, pager=pager("/releases", visit, sheet.next), reviews=reviews, to_review=to_review, overdue=overdue)
    data = {
        "releases": [builtins(row.held) for row in rows], "next": sheet.next, "to_review": to_review, "overdue": overdue,
        "reviews": [{**builtins(each.held), "overdue": each.overdue} for each in reviews],
    }  # fmt: skip
    return Page(template="releases.html", view=view, data=data)


def show_release(desk: Desk, visit: Visit) -> Answer:
    """Show one release."""
    with desk.node.ledger.reading() as book:
        held = release_of(book, visit.params["release"])
        names = party_names(book, visit.language)
        version = next((each.record for each in book.versions(held.record) if not each.received_from and each.record.version == held.version), None)
        sentence = _sentence(book, held, visit)
        receipt, delivery = _receipt(book, held), delivery_of(desk.node, book, held)
        erased = is_erased(book, held.record)
        keep = keep_row(book, visit, held.log, held.seq) if held.log and held.condition not in ("refused", "held") else None
        recalls = recall_rows(desk, book, names, [each for each in book.recalls() if held.log and (each.log, each.seq) == (held.log, held.seq)])
        reviews = [_review(each, visit.now, sentence=_sentence(book, held, visit, each.clause)) for each in book.reviews(release=held.release)]
    view = ReleaseView(
        row=_row(held, names), delivery=delivery, badge=badge(CONDITIONS, delivery.condition), steps=STEPS,
        erased=erased, leaving=leaving_of(version, held.content, held.withheld, hash_of(held.content)),
        sentence=sentence, receipt=receipt, recalls=recalls, keep=keep,
        grounds=[GROUNDS.get(ground, Text(ground)) for ground in held.grounds],
        decidable=held.condition == "proposed", same_officer=is_same_person(visit.officer, held), review=reviews[0] if reviews else None,
    )  # fmt: skip
    review = {**builtins(reviews[0].held), "overdue": reviews[0].overdue} if reviews else None
    return Page(
        template="release.html",
        view=view,
        data={
            **builtins(held),
            "bytes": "" if erased else hash_of(held.content),
            "erased": erased,
            "review": review,
            "delivery": builtins(delivery),
            "keep": builtins(keep.copy.keep) if keep else None,
        },
    )


def approve(desk: Desk, visit: Visit) -> Answer:
    """Let it leave, as the second officer."""
    held = approve_release(desk.node, visit.officer, visit.params["release"], content_hash=visit.form.text("bytes"))
    if held.condition == "logged":
        desk.on_logged(held.receiver)
    return _decided(held)


def refuse(desk: Desk, visit: Visit) -> Answer:
    """Refuse it, as the second officer."""
    return _decided(refuse_release(desk.node, visit.officer, visit.params["release"], visit.form.text("reason")))


def review(desk: Desk, visit: Visit) -> Answer:
    """Say as the second person whether what has left is fine."""
    outcome = visit.form.text("outcome")
    if outcome not in ("fine", "recall"):
        raise InputError(say("outcome: expected fine or recall; this came: {came}", came=outcome[:20] or "—"))
    made = review_release(desk.node, visit.officer, visit.params["release"], fine=outcome == "fine", reason=visit.form.text("reason"))
    return Go(to=path_to("releases", made.release), data=builtins(made))


def _decided(held: ReleaseHeld) -> Go:
    return Go(to=path_to("releases", held.release), data=builtins(held))


def _review(held: ReviewHeld, now: datetime, *, record: str = "", sentence: str = "") -> Review:
    overdue = held.overdue(now)
    return Review(
        held=held, badge=badge(REVIEWS, "overdue" if overdue else held.outcome), overdue=overdue, left_s=(held.until - now).total_seconds(),
        href=path_to("releases", held.release), record=record, sentence=sentence,
    )  # fmt: skip


def _sentence(book: Book, held: ReleaseHeld, visit: Visit, clause: str = "") -> str:
    known = [each.agreement for each in book.agreements() if each.agreement.table.id == held.agreement]
    return known[0].text.get(visit.language, {}).get(clause or held.clause, "") if known else ""


def _receipt(book: Book, held: ReleaseHeld) -> ReceiptHeld | None:
    """Return the first receipt of the receiver that covers the release, or None."""
    return book.receipt_over(held.log, held.seq, held.receiver) if held.log else None


def _row(held: ReleaseHeld, names: dict[str, str]) -> ReleaseRow:
    return ReleaseRow(
        held=held, receiver=names.get(held.receiver, held.receiver), badge=badge(CONDITIONS, held.condition), purpose=label(PURPOSES, held.purpose),
        rule=label(RULES, held.rule) if held.rule else None, href=path_to("releases", held.release), record_href=path_to("records", held.record),
        agreement_href=path_to("agreements", held.agreement) if held.agreement else "",
    )  # fmt: skip


ROUTES = [
    Route("GET", "/releases", "read", list_releases),
    Route("GET", "/releases/{release:str}", "read", show_release),
    Route("POST", "/releases/{release:str}/approve", "approve", approve),
    Route("POST", "/releases/{release:str}/refuse", "approve", refuse),
    Route("POST", "/releases/{release:str}/review", "approve", review),
]

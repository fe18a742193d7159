# SPDX-License-Identifier: Apache-2.0
"""A second person looks at what one officer released under a standing approval (law 13).

    logged by one officer ──a second person looks──▶ fine
                                              └────▶ to be recalled

It has left, so nothing here takes it back: what is found wanting is recalled, and both nodes show that. A review that
nobody makes in time is shown as overdue until somebody makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hamsaya.desk.acts_review import ReviewMade
from hamsaya.desk.holdings import Officer, ReleaseHeld, ReviewHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.release import release_of
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.words import say


def review_release(node: Node, officer: Officer, release: str, *, fine: bool, reason: str = "") -> ReviewHeld:
    """Say as the second person whether a release that left is fine, or is to be recalled and why.

    Raises `Refused` for the person who released it, `InputError` where no reason says why it is to be recalled, `Stale` where
    somebody reviewed it before, and `NotFound` where no review of it is due.
    """
    require(officer.role, "approve")
    reason = as_plain(reason).strip()
    if not fine and not reason:
        raise InputError(say("Say why it is to be recalled."))
    with node.ledger.writing() as pen:
        held, review = release_of(pen, release), review_of(pen, release)
        if is_same_person(officer, held):
            raise Refused(say("You released this yourself: another person must review it."), rule="two-officers")
        if review.outcome:
            raise Stale(say("Release {release} was reviewed before.", release=release), by=review.office, at=review.at)
        pen.journal(ReviewMade(release=release, outcome="fine" if fine else "recall", reason=reason), officer)
        return review_of(pen, release)


def review_of(book: Book, release: str) -> ReviewHeld:
    """Return the review of a release. Raises `NotFound` for one that two officers made."""
    for review in book.reviews(release=release):
        return review
    raise NotFound(say("No review of release {release} is due: two officers made it.", release=release[:40] or "—"))


def is_same_person(officer: Officer, held: ReleaseHeld) -> bool:
    """Say whether `officer` made the release. Of one that came back after a restore only the office is known."""
    return officer.login == held.proposed_by if held.proposed_by else officer.office in (held.proposed_office, held.decided_office)


def count_reviews(reviews: Sequence[ReviewHeld], now: datetime) -> tuple[int, int]:
    """Return how many of these releases nobody has reviewed yet, and for how many of those it is past the time."""
    return sum(1 for each in reviews if not each.outcome), sum(1 for each in reviews if each.overdue(now))

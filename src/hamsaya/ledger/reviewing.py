# SPDX-License-Identifier: Apache-2.0
"""What reviews of releases under a standing approval leave behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from hamsaya.agreement.duties import LONGEST_REVIEW_H
from hamsaya.desk.acts_review import ReviewDue, ReviewMade
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, add, has, number_in, project, stamp
from hamsaya.seal.entries import Header


@project.register
def _(event: ReviewDue, db: Connection, act: Act) -> None:
    _hold_due(db, act, event.release, event.clause, event.until)


@project.register
def _(event: ReviewMade, db: Connection, act: Act) -> None:
    db.execute(
        update(t.REVIEW).where(t.REVIEW.c.release == event.release)
        .values(outcome=event.outcome, reason=event.reason, by=act.login, office=act.office, at=stamp(act.at), entry=act.seq)
    )  # fmt: skip


def review_again(db: Connection, act: Act, header: Header) -> None:
    """Note that a release that came back from the neighbour is to be reviewed: whether it was, nobody can tell any more."""
    release, clause = header.about.get("release", ""), header.about.get("standing", "")
    if clause and not has(db, t.REVIEW.c.release == release):
        hours = min(number_in(header.about.get("review_h", "")) or LONGEST_REVIEW_H, LONGEST_REVIEW_H)
        _hold_due(db, act, release, clause, header.at + timedelta(hours=hours))


def _hold_due(db: Connection, act: Act, release: str, clause: str, until: datetime) -> None:
    add(db, t.REVIEW, act, release=release, clause=clause, until=stamp(until), outcome="", reason="", by="", office="", at="")

# SPDX-License-Identifier: Apache-2.0
"""What adding a claim to a draft leaves behind, and taking it back."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, select, update

from hamsaya.desk.acts_drafts import DraftClaimAdded, DraftClaimRemoved
from hamsaya.desk.holdings import Step
from hamsaya.facts.claims import Claim
from hamsaya.facts.records import Draft
from hamsaya.ledger import tables as t
from hamsaya.ledger.act import Act, encode, project


@project.register
def _(event: DraftClaimAdded, db: Connection, act: Act) -> None:
    added = [event.claim] if event.claim is not None else []
    _change(db, act, event.draft, [*_claims(db, event.draft), *added], Step(act="added", office=act.office, at=act.at, claim=event.claim))


@project.register
def _(event: DraftClaimRemoved, db: Connection, act: Act) -> None:
    before = _claims(db, event.draft)
    gone = next((claim for claim in before if claim.id == event.claim), None)  # none where the content of the draft was erased
    left = [claim for claim in before if claim.id != event.claim]
    _change(db, act, event.draft, left, Step(act="removed", office=act.office, at=act.at, claim=gone))


def _claims(db: Connection, draft: str) -> list[Claim]:
    return msgspec.json.decode(db.execute(select(t.DRAFT.c.body).where(t.DRAFT.c.id == draft)).scalar_one(), type=Draft).claims


def _change(db: Connection, act: Act, draft: str, claims: list[Claim], step: Step) -> None:
    row = db.execute(select(t.DRAFT.c.body, t.DRAFT.c.steps).where(t.DRAFT.c.id == draft)).one()
    body = msgspec.structs.replace(msgspec.json.decode(row.body, type=Draft), claims=claims)
    steps = [*msgspec.json.decode(row.steps, type=list[Step]), step]
    db.execute(update(t.DRAFT).where(t.DRAFT.c.id == draft).values(body=encode(body), steps=encode(steps), entry=act.seq))

# SPDX-License-Identifier: Apache-2.0
"""The only way for a record to leave: what is asked, the decision, and the copy, in one go (law 1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from hamsaya.agreement.area import Area, outside
from hamsaya.agreement.asked import Asked, ask
from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.decision import Decision, refuse
from hamsaya.agreement.permit import Step, permit, read_terms, trace
from hamsaya.agreement.prepare import prepare, screen
from hamsaya.facts.records import Derived, Record
from hamsaya.facts.words import say


def question(
    record: Record,
    receiver: str,
    purpose: str,
    necessity: str,
    at: datetime,
    agreement: Agreement | None,
    *,
    grounds: Iterable[str] = (),
    danger: bool = False,
    copy: bool = False,
    sound: bool = False,
    consented: Collection[Derived] = (),
) -> Asked:
    """Return the question about `record` as this agreement needs it asked: also whether it lies in the agreed areas. The rest as for `ask`."""
    areas = [clause for clause in agreement.table.clauses if isinstance(clause, Area)] if agreement else []
    return ask(
        record, receiver, purpose, necessity, at, grounds=grounds, danger=danger, copy=copy, sound=sound,
        outside=outside(record, areas, copy=copy), consented=consented,
    )  # fmt: skip


def decide(record: Record, necessity: str, asked: Asked, agreement: Agreement | None, now: Standing) -> Decision:
    """Return whether `record` may leave as `asked` says, once the copy that would leave was made and screened."""
    return weigh(record, necessity, asked, agreement, now)[0]


def weigh(record: Record, necessity: str, asked: Asked, agreement: Agreement | None, now: Standing) -> tuple[Decision, Record]:
    """Return what `decide` does, and the copy that was made for it, without sentences; the record itself where none was."""
    decision = permit(asked, read_terms(agreement) if agreement else None, now)
    if agreement is None or not decision.allowed:
        return decision, record
    leaving = prepare(record, agreement).record
    if not leaving.claims:
        return refuse("empty", say("Nothing of this record stands below the tear-line.")), leaving
    found = screen(leaving, necessity)
    if found:
        return refuse("screen", say("What would leave seems to hold data on persons: {what}", what=", ".join(map(str, found)))), leaving
    return decision, leaving


def account(record: Record, necessity: str, asked: Asked, agreement: Agreement | None, now: Standing) -> tuple[Decision, list[Step]]:
    """Return the decision, and every rule and clause that was asked for it in order, up to the one that decides."""
    decision = decide(record, necessity, asked, agreement, now)
    steps = trace(asked, read_terms(agreement) if agreement else None, now)
    if steps[-1].refusal is None and decision.rule != "empty":
        steps.append(Step(rule="screen", refusal=None if decision.allowed else decision))
    elif steps[-1].refusal is None:
        steps.append(Step(rule="empty", refusal=decision))
    return decision, steps

# SPDX-License-Identifier: Apache-2.0
"""A person decides on a draft: accept it as a record, or reject it with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from hamsaya.accounts.suggest import Suggestion
from hamsaya.desk.derived import inherited
from hamsaya.desk.erasing import refuse_erased
from hamsaya.desk.events import DraftDecided, RecordFiled
from hamsaya.desk.holdings import DraftHeld, Officer, RecordHeld
from hamsaya.desk.names import new_name
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.reclassifying import with_changes
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.desk.suggesting import likely_incidents
from hamsaya.facts.claims import Claim
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.grades import HANDLING, Handling, parse_grade
from hamsaya.facts.records import Record
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)


def accept_draft(
    node: Node,
    officer: Officer,
    draft: str,
    *,
    grade: str = "",
    incident: str = "",
    handling: str = "",
    grades: Mapping[str, str] | None = None,
    claims: list[str] | None = None,
    revises: str = "",
    reason: str = "",
    seen: int | None = None,
) -> RecordHeld:
    """File the draft as a record signed by this node.

    `grades` are those of single claims by their id; `grade` is given to each other claim that is ungraded; without one a
    claim stays ungraded and cannot be released. `claims` keeps only those; `incident` joins one that exists, and an
    incident account without it opens a new one; `revises` makes it the next version of that record, whose kind, side and
    basis it must share, with a `reason` where one is owed (`reclassifying`). `handling` is by default that of the version before,
    or amber. `seen` is the state of the draft that the officer saw (`DraftHeld.entry`). Raises `InputError`, `Refused` or
    `NotFound`, and `Stale` where it was changed since.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        held = open_draft(pen, draft)
        check_seen(held, seen)
        graded = _graded(_kept(held, claims), grade, grades or {})
        record = _record(node, pen, officer, held, graded, incident, handling, revises, reason)
        envelope = seal("record", canonical(record), node.key).decode()
        kept = [claim.id for claim in record.claims]
        pen.journal(DraftDecided(draft=draft, accepted=True, record=record.id, version=record.version, claims=kept), officer)
        pen.journal(RecordFiled(record=record.id, version=record.version, envelope=envelope), officer)
        return pen.versions(record.id)[-1]


def reject_draft(node: Node, officer: Officer, draft: str, reason: str, *, seen: int | None = None) -> DraftHeld:
    """Reject the draft; it stays to be seen, with the reason. Raises `InputError` without one, `Stale` as `accept_draft`."""
    require(officer.role, "file")
    if not reason.strip():
        raise InputError(say("A reason must be given for rejecting a draft."))
    with node.ledger.writing() as pen:
        check_seen(open_draft(pen, draft), seen)
        pen.journal(DraftDecided(draft=draft, accepted=False, reason=reason.strip()), officer)
        return draft_of(pen, draft)


def draft_of(book: Book, draft: str) -> DraftHeld:
    """Return the draft. Raises `NotFound`."""
    held = book.draft(draft)
    if held is None:
        raise NotFound(say("There is no draft {came}.", came=draft[:40] or "—"), say("`hamsaya draft list` shows what waits."))
    return held


def open_draft(book: Book, draft: str) -> DraftHeld:
    """Return the draft if it still waits for a decision. Raises `Stale` otherwise."""
    held = draft_of(book, draft)
    if held.state != "open":
        raise Stale(say("Draft {draft} was decided before: {state}.", draft=draft, state=held.state), by=held.decided_by, at=held.decided_at)
    return held


def check_seen(held: DraftHeld, seen: int | None) -> None:
    """Return if the draft is still as the officer saw it. Raises `Stale`; `seen` None asks nothing."""
    if seen is not None and seen != held.entry:
        last = held.steps[-1] if held.steps else None
        raise Stale(
            say("Draft {draft} was changed after you had opened it.", draft=held.draft),
            say("Look at it again, then decide."),
            by=last.office if last else "", at=last.at if last else None,
        )  # fmt: skip


def suggestions(book: Book, held: DraftHeld, party: str) -> list[Suggestion]:
    """Return which known incidents the draft may belong to, with reasons (law 16)."""
    likeness = Record(
        id="", version=0, kind=held.body.kind, party=party, office="", side=held.body.side, basis=held.body.basis,
        handling="red", incident="", claims=held.body.claims, filed_at=_NEVER,
    )  # fmt: skip
    return likely_incidents(book, likeness)


def _kept(held: DraftHeld, claims: list[str] | None) -> list[Claim]:
    known = [claim.id for claim in held.body.claims]
    unknown = [claim for claim in claims or [] if claim not in known]
    if unknown:
        raise InputError(
            say("Draft {draft} has no claim {unknown}; it has: {known}", draft=held.draft, unknown=", ".join(unknown), known=", ".join(known))
        )
    kept = [claim for claim in held.body.claims if claims is None or claim.id in claims]
    if not kept:
        raise InputError(say("A record needs at least one claim."), say("Reject the draft if nothing in it is right."))
    return kept


def _graded(claims: list[Claim], grade: str, grades: Mapping[str, str]) -> list[Claim]:
    unknown = [claim for claim in grades if claim not in {each.id for each in claims}]
    if unknown:
        raise InputError(say("A grade was given to a claim that is not kept: {claims}", claims=", ".join(unknown)[:200]))
    given = parse_grade(grade) if grade else None
    return [msgspec.structs.replace(claim, grade=parse_grade(grades[claim.id]) if claim.id in grades else claim.grade or given) for claim in claims]


def _handling(level: str) -> Handling:
    for known in HANDLING:
        if known == (level.lower() or "amber"):
            return known
    raise InputError(say("Unknown handling level “{level}”; known: {known}", level=level[:20], known=", ".join(HANDLING)))


def _record(
    node: Node, pen: Pen, officer: Officer, held: DraftHeld, claims: list[Claim], incident: str, handling: str, revises: str, reason: str
) -> Record:
    before = _version_before(pen, revises)
    body = held.body
    if before and (before.kind, before.side, before.basis) != (body.kind, body.side, body.basis):
        raise InputError(
            say(
                "Draft {draft} is no correction of {record}: another kind, another side, or not the side's own word.",
                draft=held.draft,
                record=before.id,
            ),
            say("File it as a record of its own; it may join the same incident."),
        )
    name = before.incident if before and not incident else incident
    if name and not pen.has_incident(pen.incident_name(name)):
        raise NotFound(say("There is no incident {came}.", came=name[:40]), say("Leave it out to open a new one."))
    if not name and held.body.kind == "incident_account":
        name = new_name(node, "I")
    made = Record(
        id=before.id if before else new_name(node, "R"), version=_next_number(pen, before) if before else 1,
        kind=held.body.kind, party=node.party, office=officer.office, side=held.body.side, basis=held.body.basis,
        handling=_handling(handling) if handling or not before else before.handling, incident=name, claims=claims,
        filed_at=node.now(), sources=[held.body.source],
        previous=_hash_before(pen, before), exercise=node.exercise, derived=inherited(pen, node.party, before.id) if before else [],
        stage=before.stage if before else "",
    )  # fmt: skip
    return with_changes(before, made, reason) if before else made


def _version_before(pen: Pen, revises: str) -> Record | None:
    if not revises:
        return None
    refuse_erased(pen, revises)
    own = [each.record for each in pen.versions(revises) if not each.received_from and not each.withdrawn_by]
    if not own:
        raise NotFound(say("This node filed no record {came}.", came=revises[:40]), say("Only one's own records can be corrected."))
    return own[-1]


def _next_number(pen: Pen, before: Record) -> int:
    """Return the number after the last one: a version that was withdrawn keeps its own."""
    return max(each.record.version for each in pen.versions(before.id)) + 1


def _hash_before(pen: Pen, before: Record | None) -> str:
    signed = pen.signed_version(before.id, before.version) if before else None
    return hashlib.sha256(signed).hexdigest() if signed else ""

# SPDX-License-Identifier: Apache-2.0
"""A record is corrected by its next version (law 5): the one before stays, and the new one names the hash of its signed bytes.

- A claim keeps its id. One that was changed says by its rule `person` that an officer wrote it; one that was not stays as it
  was, to the byte. A claim that is left out is gone from the new version only.
- What the record rests on of others stays, whatever is changed (F4).
- The stage of an account, its handling, and the kind of event it tells of are changed with a reason where one is owed (`reclassifying`).
- A neighbour that holds an older version holds it until the new one is released to it, by two officers like any release:
  the node says who that is, and never sends by itself. There the older version is shown as corrected by the newer one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from hamsaya.desk.derived import inherited
from hamsaya.desk.erasing import refuse_erased
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.reclassifying import stage_named, with_changes
from hamsaya.desk.review import BY_PERSON
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.facts.claims import Claim
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.grades import HANDLING, Handling, parse_grade
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import what_is_unsound
from hamsaya.facts.stages import Stage
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.settlement.courses import COURSES


def correct_record(
    node: Node, officer: Officer, record: str, claims: Sequence[Claim] | None = None, *, seen: int | None = None, stage: str | None = None,
    handling: str | None = None, reason: str = "",
) -> RecordHeld:  # fmt: skip
    """File the next version of an own record, with these claims, each under the id of the one that it corrects; without any, with all as they are.

    `stage` and `handling` are those of the next version; None leaves them. `seen` is the version that the officer saw. Raises
    `InputError` where nothing was changed, where a reason is owed and none given, for a claim that was not in the version before, or
    for one that could not be kept; `Refused` for a record of a neighbour, for a text under negotiation, and for a stage of what has
    none; `Stale` for a version that was corrected since. Nothing is filed then.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        refuse_erased(pen, record)
        before = latest_own(pen, record).record
        course = COURSES.get(before.kind)
        if course is not None and course.negotiated:
            raise Refused(say("What was put forward is not corrected: another text is put forward instead."), rule="correct")
        if seen is not None and seen != before.version:
            raise Stale(say("Record {record} was changed after you had opened it.", record=record), say("Look at it again, then decide."))
        claims = before.claims if claims is None else claims
        known = {claim.id: claim for claim in before.claims}
        strange = [claim.id for claim in claims if claim.id not in known]
        if strange or len({claim.id for claim in claims}) != len(claims):
            raise InputError(say("Claim {claim} is not one of version {n}.", claim=", ".join(strange)[:80] or "—", n=before.version),
                             say("What is new is filed as a report; it may join the same incident."))  # fmt: skip
        if not claims:
            raise InputError(say("A record needs at least one claim."), say("Take the record back if nothing in it is right."))
        made = [_corrected(known[claim.id], claim) for claim in claims]
        wanted = stage_named(stage) if stage is not None else before.stage
        level = handling_named(handling) if handling else before.handling
        if (made, wanted, level) == (before.claims, stage_named(before.stage), before.handling):
            raise InputError(say("Nothing was changed."))
        after = with_changes(before, _next(node, pen, officer, before, made, wanted, level), reason)
        unsound = what_is_unsound(after)
        if unsound is not None:
            raise InputError(unsound)
        pen.journal(RecordFiled(record=record, version=after.version, envelope=seal("record", canonical(after), node.key).decode()), officer)
        return latest_own(pen, record)


def handling_named(level: str) -> Handling:
    """Return the handling level. Raises `InputError` for one that is not known."""
    found = next((known for known in HANDLING if known == level.strip().lower()), None)
    if found is None:
        raise InputError(say("Unknown handling level “{level}”; known: {known}", level=level[:20], known=", ".join(HANDLING)))
    return found


def _next(node: Node, pen: Pen, officer: Officer, before: Record, claims: list[Claim], stage: Stage, handling: Handling) -> Record:
    signed = pen.signed_version(before.id, before.version)
    return msgspec.structs.replace(
        before, version=max(each.record.version for each in pen.versions(before.id)) + 1, office=officer.office, claims=claims, filed_at=node.now(),
        previous=hashlib.sha256(signed).hexdigest() if signed else "", derived=inherited(pen, node.party, before.id), stage=stage, handling=handling,
    )  # fmt: skip


def latest_own(book: Book, record: str) -> RecordHeld:
    """Return the latest standing version of an own record. Raises `NotFound`, and `Refused` for one that is not ours to correct."""
    versions = book.versions(record)
    if not versions:
        raise NotFound(say("There is no record {came}.", came=record[:40] or "—"), say("`hamsaya record list` shows what is here."))
    own = [each for each in versions if not each.received_from and not each.withdrawn_by]
    if not own:
        raise Refused(say("Record {record} is no standing record of this node.", record=record), say("Only one's own records can be corrected."),
                      rule="correct")  # fmt: skip
    return own[-1]


def holders(book: Book, record: str) -> dict[str, int]:
    """Return by neighbour the latest version of an own record that left for it and was neither taken back nor, as it confirmed, erased."""
    gone = {(each.log, each.seq) for each in book.recalls()} | {(each.log, each.seq) for each in book.erasures() if each.confirmed is not None}
    held: dict[str, int] = {}
    for each in book.releases_of(record):
        if each.log and (each.log, each.seq) not in gone:
            held[each.receiver] = max(held.get(each.receiver, 0), each.version)
    return dict(sorted(held.items()))


def _corrected(before: Claim, claim: Claim) -> Claim:
    made = msgspec.structs.replace(claim, span=before.span, quote="", quote_commitment="", reason=before.reason)
    if claim.predicate != before.predicate:
        raise InputError(say("Claim {claim} is of another kind.", claim=claim.id), say("Drop it, and file what is missing as a report."))
    if made.grade is not None:
        made = msgspec.structs.replace(made, grade=parse_grade(made.grade))
    return made if made == before else msgspec.structs.replace(made, reason=BY_PERSON)

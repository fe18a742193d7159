# SPDX-License-Identifier: Apache-2.0
"""A person corrects a claim of a draft, and takes back what was done to a draft (law 16).

- A corrected claim keeps its id and its span, and says by its rule `person` that an officer wrote it. What the machine
  proposed stays in the journal, and in the draft's steps.
- Taking back an edit puts the claim before it in its place; a claim that was added (`adding.py`) goes. Taking back a rejection opens the draft again.
- Taking back an acceptance opens the draft again and strikes the version that was filed: it stays to be seen, with who,
  when and why, is compared with nothing, and cannot be released. Nothing is rewritten: the struck version keeps its number.
- What was proposed for release cannot be struck: the second officer refuses it first. What has left is corrected by
  filing a next version, since a neighbour holds it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.desk.acts_drafts import DraftClaimRemoved
from hamsaya.desk.drafts import check_seen, draft_of, open_draft
from hamsaya.desk.events import DraftEdited, DraftReopened, RecordWithdrawn
from hamsaya.desk.holdings import DraftHeld, Officer
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.roles import require
from hamsaya.facts.claims import Claim
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import MAX_TEXT, is_plain, what_is_unsound_in
from hamsaya.facts.words import say

BY_PERSON: Final = "person"
"""The rule of a claim that an officer wrote."""


def claim_of(held: DraftHeld, claim: str) -> Claim:
    """Return the claim of the draft as it stands now. Raises `NotFound`."""
    for each in held.body.claims:
        if each.id == claim:
            return each
    raise NotFound(say("Draft {draft} has no claim {claim}.", draft=held.draft, claim=claim[:20] or "—"))


def edit_claim(node: Node, officer: Officer, draft: str, claim: Claim, *, seen: int | None = None) -> DraftHeld:
    """Put the corrected claim in the place of the one of that id, on the same span.

    `seen` is the state of the draft that the officer saw (`DraftHeld.entry`). Raises `InputError` for a claim that
    could not be kept, `Stale` for a draft that was decided or changed since.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        held = open_draft(pen, draft)
        check_seen(held, seen)
        before = claim_of(held, claim.id)
        made = msgspec.structs.replace(claim, span=before.span, reason=BY_PERSON)
        if msgspec.structs.replace(made, reason=before.reason) == before:
            raise InputError(say("Nothing was changed in claim {claim}.", claim=claim.id))
        if made.predicate != before.predicate:
            raise InputError(say("Claim {claim} is of another kind.", claim=claim.id), say("Drop it, and file what is missing as a report."))
        unsound = what_is_unsound_in(made)
        if unsound is not None:
            raise InputError(unsound)
        pen.journal(DraftEdited(draft=draft, claim=made), officer)
        return draft_of(pen, draft)


def undo_draft(node: Node, officer: Officer, draft: str, *, reason: str = "", seen: int | None = None) -> DraftHeld:
    """Take back the decision on the draft, or its last edit while it is open. Returns the draft, open.

    Raises `InputError` where a record would be struck without a reason, or where nothing was done; `Refused` for a
    record that was proposed for release or corrected since; `Stale` where the draft was changed since it was seen.
    """
    require(officer.role, "file")
    with node.ledger.writing() as pen:
        held = draft_of(pen, draft)
        check_seen(held, seen)
        if held.state == "open":
            _revert(pen, officer, held)
            return draft_of(pen, draft)
        if held.state == "accepted":
            _withdraw(pen, officer, held, reason)
        pen.journal(DraftReopened(draft=draft, reason=reason.strip()), officer)
        return draft_of(pen, draft)


def _revert(pen: Pen, officer: Officer, held: DraftHeld) -> None:
    step = held.undoable()
    if step is None or step.claim is None:
        raise InputError(say("Nothing was done to draft {draft} that could be taken back.", draft=held.draft))
    undone = DraftClaimRemoved(draft=held.draft, claim=step.claim.id) if step.act == "added" else None
    pen.journal(undone or DraftEdited(draft=held.draft, claim=step.claim, reverts=True), officer)


def _withdraw(pen: Pen, officer: Officer, held: DraftHeld, reason: str) -> None:
    if not reason.strip():
        raise InputError(say("Say why record {record} is struck: it stays to be seen, with the reason.", record=held.record))
    if not is_plain(reason, MAX_TEXT):
        raise InputError(say("The reason must be plain text of at most {n} letters.", n=MAX_TEXT))
    version = held.version or 1
    leaving = [each for each in pen.releases() if (each.record, each.version) == (held.record, version) and each.condition != "refused"]
    if leaving:
        waits = leaving[0].condition == "proposed"
        raise Refused(
            say("Version {n} of record {record} was proposed for release ({release}).", n=version, record=held.record, release=leaving[0].release),
            say("Let the second officer refuse that release first.") if waits
            else say("A neighbour holds it: file a next version that corrects it, and release that."),
            rule="released",
        )  # fmt: skip
    later = [each for each in pen.versions(held.record) if not each.received_from and each.record.version > version and not each.withdrawn_by]
    if later:
        raise Refused(
            say("Version {n} of record {record} was corrected by version {later}.", n=version, record=held.record, later=later[0].record.version),
            say("Take back the later version first."),
            rule="corrected",
        )
    pen.journal(RecordWithdrawn(record=held.record, version=version, reason=reason.strip()), officer)

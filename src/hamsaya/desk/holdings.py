# SPDX-License-Identifier: Apache-2.0
"""What a node holds, as the desk reads it: one struct a thing. Stored forms are the ledger's business."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.lifecycle import History, text_shown
from hamsaya.exchange.acts import Card
from hamsaya.facts.claims import Claim
from hamsaya.facts.records import Draft, Record
from hamsaya.facts.words import Text

Condition = Literal[
    "proposed", "refused", "held", "logged", "receipted", "opened", "recalled", "recall answered", "erasure asked", "erasure confirmed", "quarantined"
]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A party that this node knows: itself, or a trusted neighbour."""

    card: Card
    own: bool
    since: datetime


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """A login account. Neighbours see the office only."""

    login: str
    office: str
    role: str
    password: str
    language: str
    stopped: bool = False
    once: bool = False
    """True while the password is one that somebody else knows."""
    mark: int = 0
    """The journal entry that last changed the account: a session that began under another mark has ended."""


class PasskeyHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of an officer. `count` is the last signature counter that it showed; 0 where it keeps none."""

    credential: str
    login: str
    public_key: str
    name: str
    host: str
    count: int
    added_at: datetime


class AccessAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act on who may come in: on an account, a passkey, or a neighbour. `detail` is the new role, or the like."""

    seq: int
    at: datetime
    kind: str
    about: str
    detail: str
    office: str
    login: str


OPERATOR = Officer(login="operator", office="operator", role="administrator", password="", language="en")
"""Who acts when the node's owner runs a command that needs no office, such as `init` or `sync`."""


class DocumentHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A document as received."""

    document: str
    name: str
    language: str
    published: str
    origin: str
    basis: str
    size: int
    received_at: datetime
    excluded: list[tuple[int, int, Text]]


class Step(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing that a person did to a draft. `claim` is the one before an edit, or that was added; `note` the reason that was given."""

    act: Literal["edited", "reverted", "added", "removed", "accepted", "rejected", "reopened"]
    office: str
    at: datetime
    claim: Claim | None = None
    note: str = ""


class DraftHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A draft and what became of it. `body` is as it stands now, `steps` what persons did to it."""

    draft: str
    document: str
    body: Draft
    state: Literal["open", "accepted", "rejected"]
    record: str
    version: int
    reason: str
    decided_by: str
    decided_at: datetime | None
    steps: list[Step]
    entry: int
    """The journal entry that last changed it: who decides says which state was seen."""

    def undoable(self) -> Step | None:
        """Return the edit or the added claim that would be taken back next, or None."""
        done: list[Step] = []
        for step in self.steps:
            if step.act in ("edited", "added"):
                done.append(step)
            elif step.act in ("reverted", "removed"):
                done.pop()
        return done[-1] if done else None


class RecordHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a record that this node filed or received. `released_in` is the log entry that brought it, if any.

    One that was withdrawn says by whom, when and why; it stays to be seen, and counts for nothing.
    """

    record: Record
    received_from: str
    released_in: str
    at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""


class LinkHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word that `incident` is the same event as `into`, under whose name it goes on."""

    incident: str
    into: str
    office: str
    at: datetime


class AgreementHeld(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement: the text of it that governs, else the latest that is proposed, with its signatures; and all that is known of it."""

    agreement: Agreement
    hash: str
    signatures: dict[str, bytes]
    history: History


def held_of(history: History) -> AgreementHeld:
    """Return the agreement of which all this is known."""
    shown = text_shown(history)
    return AgreementHeld(agreement=history.texts[shown], hash=shown, signatures=history.signatures.get(shown, {}), history=history)


class ReleaseHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A release with the last condition that this node can prove, since when and why."""

    release: str
    record: str
    version: int
    receiver: str
    agreement: str
    purpose: str
    necessity: str
    content: bytes
    withheld: int
    proposed_by: str
    """Login of the first officer: the second must be another person (law 13)."""
    proposed_office: str
    decided_office: str
    condition: Condition
    condition_at: datetime
    clause: str
    rule: str
    reason: Text
    log: str
    seq: int
    grounds: list[str]
    danger: bool


class RefusalHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was refused on a ground. `here`: this node refused `party`; else `party` refused us, and told no ground."""

    request: str
    party: str
    here: bool
    office: str
    at: datetime
    grounds: list[str]
    reason: str


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """That an officer of the neighbour acknowledged an entry of ours, when and from which office."""

    office: str
    at: datetime


class ReviewHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A release that one officer made under a standing approval, and what a second person said of it afterwards."""

    release: str
    clause: str
    """The number of the standing-approval clause."""
    until: datetime
    outcome: Literal["", "fine", "recall"]
    """Empty while nobody has looked."""
    reason: str
    by: str
    office: str
    at: datetime | None

    def overdue(self, now: datetime) -> bool:
        """Say whether it should have been reviewed before `now`, and was not."""
        return not self.outcome and now > self.until


class ReleaseAct(msgspec.Struct, frozen=True, kw_only=True):
    """Where a signed entry stands that tells of a release: entry `seq` of `log`. It was noted by entry `entry` of the journal."""

    what: Literal["proposed", "decided", "delayed", "sent", "arrived", "returned"]
    log: str
    """Empty for the journal itself."""
    seq: int
    entry: int


class InboxItem(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that a neighbour sent, and what became of it."""

    log: str
    seq: int
    kind: str
    sender: str
    received_at: datetime
    counts_from: datetime
    """When the time to acknowledge it begins: when it arrived; of what opens a matter, when that was signed."""
    state: Literal["new", "acknowledged", "noted", "quarantined"]
    reason: Text | None
    subject: str
    """The record or agreement it is about."""
    incident: str
    purpose: str
    necessity: str
    clause: str
    withheld: int
    opened_by: str
    opened_at: datetime | None
    record_kind: str = ""
    """The kind of the record that was released; empty for all else, and for what could not be read."""


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that broke the rules, kept as evidence."""

    bundle: str
    sender: str
    reason: Text
    at: datetime


class ReceiptHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt: `by` durably stored `log` up to `size`."""

    log: str
    size: int
    by: str
    at: datetime
    envelope: bytes


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was made of this node, or the backup that it was restored from (`at` is then when that was made)."""

    what: Literal["backup", "restore"]
    at: datetime
    name: str
    size: int
    journal: int
    sure: bool
    """For a restore: an operator said that nothing was sent since."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A link that is held: nothing is signed for this neighbour until our own entries are back from its mirror."""

    neighbour: str
    since: datetime
    reason: str

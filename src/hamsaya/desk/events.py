# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal: one struct a kind of act, the content of a signed entry.

The journal is the node's truth: every table that pages read is what these events leave behind when they are applied
in order, and `verify` applies them again and compares. Structs of one family stand in a module of their own (`acts_*.py`); a line in
`EVENTS` makes an act one that can be written, and a module of `ledger/` says what it leaves behind.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.agreement.decision import Decision
from hamsaya.desk import (
    acts_access,
    acts_distress,
    acts_drafts,
    acts_epochs,
    acts_erasures,
    acts_flags,
    acts_keys,
    acts_related,
    acts_retention,
    acts_sections,
)
from hamsaya.desk.acts_agreement import AgreementActed, ReleaseDelayed, ReleaseSent
from hamsaya.desk.acts_cases import CaseExported
from hamsaya.desk.acts_consents import ConsentAnswered, ConsentRequested
from hamsaya.desk.acts_matters import MatterMovedHere
from hamsaya.desk.acts_quarantine import QuarantineTold
from hamsaya.desk.acts_recalls import EntryErased, RecallAnswerMade, RecallMade
from hamsaya.desk.acts_request import RequestRefusedHere
from hamsaya.desk.acts_review import ReviewDue, ReviewMade
from hamsaya.desk.event import Event
from hamsaya.facts.claims import Claim
from hamsaya.facts.errors import Tampered
from hamsaya.facts.records import Draft
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read


class PartyCreated(Event, frozen=True, kw_only=True):
    """This node's own party. `card` is its signed card."""

    card: str
    exercise: bool


class PartyTrusted(Event, frozen=True, kw_only=True):
    """A neighbour's card, after its fingerprint was compared aloud."""

    card: str
    fingerprint: str


class DocumentAdded(Event, frozen=True, kw_only=True):
    """A document as received; its bytes are kept under their hash. `text_start` is the length of a byte order mark."""

    document: str
    name: str
    language: str
    published: str
    origin: str
    basis: str
    size: int
    excluded: list[tuple[int, int, Text]]
    drafts: dict[str, Draft]


class DraftDecided(Event, frozen=True, kw_only=True):
    """A person accepted a draft as version `version` of a record, or rejected it. `claims` are those kept."""

    draft: str
    accepted: bool
    record: str = ""
    version: int = 0
    claims: list[str] = msgspec.field(default_factory=list)
    reason: str = ""


class DraftEdited(Event, frozen=True, kw_only=True):
    """A person put `claim` in the place of the claim of that id; what the machine proposed stays in `document.added`.

    `reverts` says that it takes the last such change back: `claim` is then the one before it.
    """

    draft: str
    claim: Claim
    reverts: bool = False


class DraftReopened(Event, frozen=True, kw_only=True):
    """A person took the decision on a draft back; it waits again."""

    draft: str
    reason: str = ""


class RecordWithdrawn(Event, frozen=True, kw_only=True):
    """A version that was never released is struck: it stays to be seen, and counts for nothing any more."""

    record: str
    version: int
    reason: str


class RecordFiled(Event, frozen=True, kw_only=True):
    """A version of a record, as signed by this node."""

    record: str
    version: int
    envelope: str


class ReportFiled(Event, frozen=True, kw_only=True):
    """An officer typed the record in; `token` is that of the form, so that the same form sent twice files one record."""

    token: str
    record: str


class AgreementDrafted(Event, frozen=True, kw_only=True):
    """The text of an agreement, drafted here or imported from a file."""

    agreement: str
    body: str


class AgreementSigned(Event, frozen=True, kw_only=True):
    """A signature on an agreement, made here or imported from a file."""

    agreement: str
    party: str
    signature: str


class ReleaseProposed(Event, frozen=True, kw_only=True):
    """The first officer's half of a release: why it should leave, and the very bytes that would."""

    release: str
    record: str
    version: int
    receiver: str
    agreement: str
    purpose: str
    necessity: str
    content: str
    quote_salt: str
    withheld: int
    grounds: list[str] = msgspec.field(default_factory=list)
    """Grounds of law 12, or of a clause, that the first officer says it touches."""
    danger: bool = False
    """The first officer says that life is in danger."""


class ReleaseDecided(Event, frozen=True, kw_only=True):
    """The decision on a release, with the agreement's standing as it was evaluated then (invariant 8)."""

    release: str
    decision: Decision
    standing: str
    log: str = ""
    seq: int = -1


class LogExtended(Event, frozen=True, kw_only=True):
    """An entry was appended to one of our own logs; its leaf binds it into the journal."""

    log: str
    seq: int
    leaf: str


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a received entry: applied, known here already, or in quarantine and why."""

    seq: int
    outcome: Literal["applied", "repeated", "quarantined"]
    reason: Text | None = None
    code: str = ""
    """Of one in quarantine: what its sender is told (`exchange/quarantine.py`)."""
    clause: str = ""
    until: Aware | None = None


class MirrorExtended(Event, frozen=True, kw_only=True):
    """Entries of a neighbour's log were stored here, with the verdict on each."""

    log: str
    first: int
    root: str
    verdicts: list[Verdict]
    checkpoint: str = ""
    """SHA-256 of the neighbour's checkpoint that came with them, if one did."""


class ReceiptMade(Event, frozen=True, kw_only=True):
    """The receipt that this node signed for a neighbour's log."""

    receipt: str


class ReceiptArrived(Event, frozen=True, kw_only=True):
    """A neighbour's receipt for one of our logs."""

    receipt: str


class BundleQuarantined(Event, frozen=True, kw_only=True):
    """A bundle that breaks the rules; its bytes are kept as evidence under their hash."""

    bundle: str
    sender: str
    reason: Text


class Opened(Event, frozen=True, kw_only=True):
    """An officer acknowledged what arrived."""

    log: str
    seq: int


class IncidentLinked(Event, frozen=True, kw_only=True):
    """A person says that two incidents are the same event: `incident` goes on under `into`."""

    incident: str
    into: str


class IncidentUnlinked(Event, frozen=True, kw_only=True):
    """A person takes a link back: `incident` stands under its own name again, and no longer under `into`."""

    incident: str
    into: str


class BackupMade(Event, frozen=True, kw_only=True):
    """A backup was written: everything that the node held up to `journal` entries left the ledger, encrypted."""

    name: str
    sha256: str
    size: int
    journal: int
    to: str
    """The public key that it is encrypted to; empty for a passphrase."""


class NodeRestored(Event, frozen=True, kw_only=True):
    """The node was made again from a backup. Its neighbours may hold what it signed since, so the links to them are held."""

    made_at: Aware
    journal: int
    nothing_sent_since: bool
    """The operator's word that the node signed nothing for a neighbour after the backup; then no link is held."""


class LinkHeld(Event, frozen=True, kw_only=True):
    """Nothing is signed for `neighbour` until it has given back what it holds of our logs, or a person frees the link."""

    neighbour: str
    reason: str


class LinkFreed(Event, frozen=True, kw_only=True):
    """The link is free again: all of our own entries are back, or a person says that none were lost."""

    neighbour: str
    refilled: bool
    reason: str = ""


class LogRefilled(Event, frozen=True, kw_only=True):
    """An entry of one of our own logs came back from `giver`, who had mirrored it; its leaf binds it into the journal."""

    log: str
    seq: int
    leaf: str
    giver: str


class OpenedBefore(Event, frozen=True, kw_only=True):
    """Our own entry, which came back, says that `office` had acknowledged this before the node was set back."""

    log: str
    seq: int
    office: str
    at: Aware


EVENTS: Final[dict[str, type[Event]]] = {
    "party.created": PartyCreated,
    "party.trusted": PartyTrusted,
    **acts_access.EVENTS,
    "document.added": DocumentAdded,
    "draft.decided": DraftDecided,
    "draft.edited": DraftEdited,
    "draft.reopened": DraftReopened,
    "record.filed": RecordFiled,
    "record.withdrawn": RecordWithdrawn,
    "report.filed": ReportFiled,
    "agreement.drafted": AgreementDrafted,
    "agreement.signed": AgreementSigned,
    "agreement.acted": AgreementActed,
    "release.proposed": ReleaseProposed,
    "release.decided": ReleaseDecided,
    "request.refused": RequestRefusedHere,
    "release.delayed": ReleaseDelayed,
    "release.sent": ReleaseSent,
    "review.due": ReviewDue,
    "review.made": ReviewMade,
    "log.extended": LogExtended,
    "mirror.extended": MirrorExtended,
    "receipt.made": ReceiptMade,
    "receipt.arrived": ReceiptArrived,
    "bundle.quarantined": BundleQuarantined,
    "opened": Opened,
    "incident.linked": IncidentLinked,
    "incident.unlinked": IncidentUnlinked,
    "backup.made": BackupMade,
    "node.restored": NodeRestored,
    "link.held": LinkHeld,
    "link.freed": LinkFreed,
    "log.refilled": LogRefilled,
    "opened.before": OpenedBefore,
    "consent.requested": ConsentRequested,
    "consent.answered": ConsentAnswered,
    **acts_distress.EVENTS,
    **acts_keys.EVENTS,
    **acts_epochs.EVENTS,
    "recall.made": RecallMade,
    "recall.answer.made": RecallAnswerMade,
    "entry.erased": EntryErased,
    "quarantine.told": QuarantineTold,
    "case.exported": CaseExported,
    **acts_related.EVENTS,
    **acts_erasures.EVENTS,
    "matter.moved": MatterMovedHere,
    **acts_retention.EVENTS,
    **acts_flags.EVENTS,
    **acts_drafts.EVENTS,
    **acts_sections.EVENTS,
}
_KIND_OF: Final = {event: kind for kind, event in EVENTS.items()}


def kind_of(event: Event) -> str:
    """Return the journal's name for this event."""
    return _KIND_OF[type(event)]


def write_event(event: Event) -> bytes:
    """Return the content of the journal entry for `event`."""
    return canonical(event)


def read_event(kind: str, content: bytes) -> Event:
    """Return the event. Raises `Tampered` for a kind that no version of this house writes."""
    if kind not in EVENTS:
        raise Tampered(say("The journal holds an act of unknown kind: {kind}", kind=kind[:40]))
    return read(content, EVENTS[kind])

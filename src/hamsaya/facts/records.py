# SPDX-License-Identifier: Apache-2.0
"""A record: anything a party states and keeps in versions. A draft: what a machine proposes it to be.

A version is never changed: a correction is the next version, which names the hash of the one before it.
`basis` says whether the filing party states it itself (`own`) or writes down what another side or a source is
publicly reported to have said (`attributed`); an attributed account is never shown as signed by that side (law 6).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.facts.claims import Claim
from hamsaya.facts.grades import Handling
from hamsaya.facts.stages import INITIAL, Change, Stage
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say

RecordKind = Literal[
    "incident_account",
    "intelligence_report",
    "request",
    "explanation_request",
    "complaint",
    "hotline_call",
    "warning",
    "pursuit_notice",
    "return_case",
    "meeting",
    "commitment",
    "exercise",
    "patrol",
    "notice",
    "press_line",
    "finding",
    "minutes",
]
RECORD_KINDS: Final[dict[str, Text]] = {
    "incident_account": say("Incident account"),
    "intelligence_report": say("Intelligence report"),
    "request": say("Request for information"),
    "explanation_request": say("Request for explanation"),
    "complaint": say("Complaint"),
    "hotline_call": say("Hotline call"),
    "warning": say("Warning"),
    "pursuit_notice": say("Pursuit notice"),
    "return_case": say("Return case"),
    "meeting": say("Meeting"),
    "commitment": say("Commitment"),
    "exercise": say("Exercise"),
    "patrol": say("Planned patrol"),
    "notice": say("Notice"),
    "press_line": say("Press line"),
    "finding": say("Joint finding"),
    "minutes": say("Minutes of a meeting"),
}
NO_ACCOUNTS: Final = frozenset({"finding", "minutes", "press_line"})
"""Kinds that speak about the accounts of an incident and are none themselves."""
_POINTS: Final = frozenset({"subject", "evidence"})
"""Predicates by which a record says what it is about, or rests on."""
Basis = Literal["own", "attributed"]


class Source(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The document a record rests on, without its text."""

    document: str
    language: str
    published: str = ""
    """ISO date of publication, empty where unknown."""
    origin: str = ""
    """ISO 3166-1 alpha-2 of the side whose document it is."""


class Derived(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What another party told us, on which a record rests: it goes on to a third party only with that party's signed consent (F4)."""

    record: str
    version: int
    party: str
    """The originator, whose record it is."""


class Draft(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What intake proposes from one document about one event: never leaves the node (law 16)."""

    kind: RecordKind
    side: str
    """ISO 3166-1 alpha-2 of the side whose account this is."""
    basis: Basis
    claims: list[Claim]
    source: Source
    open_questions: list[Text] = []
    """What the machine could not decide and asks the officer, such as an open year."""


class Record(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One version of a record, as its party signs it."""

    id: str
    version: int
    kind: RecordKind
    party: str
    """The party that files it."""
    office: str
    """The post of the officer who files it."""
    side: str
    basis: Basis
    handling: Handling
    """TLP 2.0."""
    incident: str
    """The incident this belongs to, empty where it belongs to none."""
    claims: list[Claim]
    filed_at: Aware
    sources: list[Source] = []
    previous: str = ""
    """SHA-256 of the signed bytes of the version before, empty for the first."""
    exercise: bool = False
    marking: str = ""
    """The party's own marking beside TLP, empty where it uses none; the agreement says what it means."""
    withheld: int = 0
    """In released copies: how many fields the originator withheld (tear-line, F12)."""
    derived: list[Derived] = []
    """What other parties told us that it rests on, also through other records. A later version keeps every one of them."""
    answers: str = ""
    """The matter that this is about and moves on, such as a request that it answers; empty for none."""
    step: str = ""
    """Which move it makes there, off that table's list; empty for the one that is meant where nothing else is said."""
    stage: Stage = ""
    """Of an incident account of one's own, how far it has come; empty for an initial one, and for whatever has no stage."""
    changes: list[Change] = []
    """What its versions said otherwise than those before them, and why. A later version keeps every one of them."""


def is_account(record: Record) -> bool:
    """Say whether a record tells of its incident, and is compared; what moves a matter on, or points at incidents, speaks about accounts."""
    return record.kind not in NO_ACCOUNTS and not record.step and not any(claim.predicate in _POINTS for claim in record.claims)


def has_stages(record: Record) -> bool:
    """Say whether this is an account that its author takes from stage to stage: an incident account of its own."""
    return record.kind == "incident_account" and record.basis == "own"


def stage_of(record: Record) -> str:
    """Return the stage of an account; empty for what has none."""
    return (record.stage or INITIAL) if has_stages(record) else ""

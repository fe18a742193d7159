# SPDX-License-Identifier: Apache-2.0
"""What an account of a release holds, and the collecting of what was verified for it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from hamsaya.agreement.charter import Standing
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.permit import Step
from hamsaya.agreement.retention import KeptUntil
from hamsaya.agreement.withheld import Withheld
from hamsaya.desk.holdings import ReceiptHeld
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Language, Text, say
from hamsaya.seal.entries import Entry, Header, check_entry
from hamsaya.seal.keys import Keys

StepName = Literal[
    "proposed",
    "refused",
    "held",
    "decided",
    "logged",
    "receipted",
    "quarantined",
    "opened",
    "answered",
    "recalled",
    "recall answered",
    "erasure asked",
    "erasure confirmed",
]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done, by which office, when, and the signed entry that proves it."""

    what: Text
    office: str
    login: str
    at: datetime
    entry: str


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was verified now; `fault` says what is wrong, None where nothing is."""

    what: Text
    fault: Text | None


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """A step that is proven: by which party's signature, in which entry, when, and why."""

    step: StepName
    at: datetime
    why: Text
    by: str
    office: str = ""
    entry: str = ""
    """The signed entry; of a receipt, the log and size that it covers."""
    here: bool = False
    """Whether it stands in this node's own journal alone."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of a release in their order; the last one is its condition."""

    condition: StepName
    since: datetime
    why: Text
    steps: list[Proven]

    @property
    def shared(self) -> list[Proven]:
        """Return the steps that both nodes tell."""
        return [each for each in self.steps if not each.here]


class TextOf(msgspec.Struct, frozen=True, kw_only=True):
    """The text of an agreement as it governed: which it is, and its sentence of each clause by language."""

    agreement: str
    title: str = ""
    hash: str = ""
    sentences: dict[Language, dict[str, str]] = {}


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account of one release, from the side of this node."""

    release: str
    sent: bool
    """False for one that a neighbour sent here."""
    condition: str
    record: str
    version: int
    kind: str
    sender: str
    receiver: str
    purpose: str
    necessity: str
    grounds: list[str]
    danger: bool
    under: TextOf
    asked_at: datetime
    """The moment as of which the question was put again."""
    standing: Standing
    """The agreement's standing as of that moment."""
    decision: Decision | None
    """What was recorded; None while it waits for the second officer."""
    again: Decision
    steps: list[Step]
    """What was asked, in its order, up to what decides."""
    acts: list[Told]
    withheld: int
    parts: list[Withheld]
    """What stayed at home and why; empty for what a neighbour withheld."""
    size: int
    sha256: str
    log: str
    seq: int
    receipt: ReceiptHeld | None
    delivery: Delivery
    """Every step that is proven of it, and its one condition."""
    keep: KeptUntil | None
    """Until when its receiver may keep the copy; the same at both ends. None where no clause ends it, or it is to be erased or was."""
    checks: list[Check]

    @property
    def faults(self) -> list[Check]:
        """Return what did not come out as it was recorded."""
        return [each for each in self.checks if each.fault is not None]


class Checking:
    """Collects what was verified."""

    def __init__(self) -> None:
        self.done: list[Check] = []

    def note(self, what: Text, fault: Text | None = None) -> None:
        """Note that something holds, or what is wrong with it."""
        self.done.append(Check(what=what, fault=fault))

    def same(self, what: Text, recorded: object, found: object) -> None:
        """Note that `found` is what was recorded, or that it is not."""
        self.note(
            what, None if recorded == found else say("recorded: {recorded}; found now: {found}", recorded=_in_text(recorded), found=_in_text(found))
        )

    def entry(self, what: Text, entry: Entry | None, key: Keys, log: str, seq: int) -> Header | None:
        """Verify an entry, and return its header even where it does not verify."""
        if entry is None:
            self.note(what, say("It is not in the store."))
            return None
        try:
            header = check_entry(entry, key, log=log, seq=seq)
        except HamsayaError as error:
            self.note(what, error.what)
            return entry.header()
        self.note(what)
        return header


def _in_text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value if each != "")
    return str(value)

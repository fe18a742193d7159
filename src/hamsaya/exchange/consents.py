# SPDX-License-Identifier: Apache-2.0
"""Consent of an originator: what another party told goes on to a third only with this, under the originator's own signature (F4).

A consent is a standalone sealed envelope: whoever gets the record can check it with the originator's key alone. It covers
one version of one record, one holder, one receiver, one purpose, and the fields that were asked about; nothing beyond. A
later answer to the same request, by its number, takes the place of the one before: so a consent is taken back.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.facts.records import Derived
from hamsaya.facts.values import Aware
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey

_KIND: Final = "consent"


class ConsentAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `consent.asked`: may this version of your record go on to `receiver`, as part of a record of ours?"""

    request: str
    record: str
    version: int
    receiver: str
    purpose: str
    necessity: str
    fields: list[str]
    """The predicates of the copy that would leave."""
    copy: str
    """SHA-256 of the claims of that copy, for whoever compares later."""
    office: str
    at: Aware


class Consent(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The originator's answer. A refusal gives no reason: whatever it rests on, it leaves alike (law 12)."""

    request: str
    number: int
    """Counts the answers to one request from 1; the last one holds."""
    originator: str
    holder: str
    """Who asked, and would release."""
    receiver: str
    record: str
    version: int
    purpose: str
    fields: list[str]
    granted: bool
    office: str
    at: Aware
    until: Aware | None = None

    def link(self) -> Derived:
        """Return what it is about."""
        return Derived(record=self.record, version=self.version, party=self.originator)

    def holds(self, at: datetime) -> bool:
        """Say whether it lets anything go at that moment."""
        return self.granted and (self.until is None or at < self.until)

    def covers(self, link: Derived, *, holder: str, receiver: str, purpose: str, fields: Collection[str], at: datetime) -> bool:
        """Say whether by this consent `holder` may send to `receiver` what rests on `link` and has these fields."""
        same = (self.link(), self.holder, self.receiver, self.purpose) == (link, holder, receiver, purpose)
        return same and self.holds(at) and set(fields) <= set(self.fields)


class ConsentGiven(msgspec.Struct, frozen=True):
    """Link act `consent.given`: the signed answer, granted or not."""

    consent: str


def write_consent(consent: Consent, key: SigningKey) -> str:
    """Return the signed envelope."""
    return seal(_KIND, canonical(consent), key).decode()


def check_consent(envelope: str, key: PublicKey) -> Consent:
    """Return the consent if `key` signed it. Raises `InputError` or `Tampered`."""
    return read(unseal(envelope.encode(), _KIND, key), Consent)


def claimed_consent(envelope: str) -> Consent:
    """Return what an envelope says, unverified. Raises `InputError`."""
    return read(open_envelope(envelope.encode()).payload, Consent)

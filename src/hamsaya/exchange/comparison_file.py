# SPDX-License-Identifier: Apache-2.0
"""A comparison of accounts as a signed file, which is attached to the comparison on paper: that paper is never the record, this is.

It holds the comparison as the node saw it, and for each account the very bytes that its party signed: our own record, or the entry of a
log with which a copy came. The whole is signed by the node that wrote it. It stays in the house, as the page does: nothing of it is a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hamsaya.exchange.acts import Card, read_card
from hamsaya.exchange.proof import Checked, ProofFault, ProvenEntry, check_sent, check_spoken, key_lines
from hamsaya.facts.errors import HamsayaError, InputError, Tampered
from hamsaya.facts.records import Record
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keyline import KeyLine
from hamsaya.seal.keys import SigningKey

FORMAT: Final = "hamsaya-comparison-1"
COMPARISON: Final = "comparison"


class AccountShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One account of the comparison, as its party signed it: `signed` at this node, or else `entry`, number `seq` of `log`."""

    record: str
    version: int
    party: str
    signed: str = ""
    log: str = ""
    seq: int = -1
    entry: ProvenEntry | None = None


class ComparisonFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    format: str
    written_by: str
    office: str
    at: Aware
    exercise: bool
    handling: str
    """The strictest TLP level of the accounts."""
    comparison: dict[str, Any]
    accounts: list[AccountShown]
    cards: list[str]
    letters: list[str]


def write_comparison(file: ComparisonFile, key: SigningKey) -> bytes:
    """Return the signed bytes of the file."""
    return seal(COMPARISON, canonical(file), key)


def read_comparison(data: bytes) -> ComparisonFile:
    """Return what the file says, unverified. Raises `InputError` for a file that is none."""
    envelope = open_envelope(data)
    if envelope.kind != COMPARISON:
        raise InputError(say("Expected a signed {expected}; a {came} came.", expected=COMPARISON, came=envelope.kind[:40]))
    file = read(envelope.payload, ComparisonFile)
    if file.format != FORMAT:
        raise InputError(
            say("Expected the format {expected}; this file is {came}.", expected=FORMAT, came=file.format[:40]),
            say("Check it with the version of this program that its writer uses."),
        )
    return file


def check_comparison(data: bytes, spoken: Mapping[str, frozenset[str]] | None = None) -> Checked:
    """Return what the file shows; `spoken` are the fingerprints read aloud, by party. Raises `InputError` for a file that is none.

    1. Each card is signed by its own key, which was read aloud where fingerprints are given.
    2. Each account is signed by its party, and is the version that the file names.
    3. The file is signed by the key on the card of the party that wrote it.
    """
    file = read_comparison(data)
    faults: list[ProofFault] = []
    cards: dict[str, Card] = {}
    for number, text in enumerate(file.cards):  # 1
        try:
            card = read_card(text.encode())
        except InputError as error:
            faults.append(ProofFault(f"card-{number}", error.what, "card"))
            continue
        cards[card.party] = card
        faults += check_spoken(f"card-{number}", card.party, card.public, spoken)
    lines = key_lines(file.letters, cards, faults)
    proven: list[Text] = []
    for each in file.accounts:  # 2
        found = _account_faults(each, lines)
        faults += found
        if not found:
            proven.append(say("{record}, version {n}: signed by {party}", record=each.record, n=each.version, party=each.party))
    try:  # 3
        author = cards.get(file.written_by)
        if author is None:
            raise Tampered(say("The file holds no card of the party that wrote it."))
        unseal(data, COMPARISON, author.public)
    except HamsayaError as error:
        faults.append(ProofFault("file", error.what, "file"))
    fingerprints = {party: card.public.fingerprint() for party, card in cards.items()}
    return Checked(
        written_by=file.written_by, fingerprints=fingerprints, shown=[], receipts=0, faults=faults, exercise=file.exercise, proven=proven,
        compared=[party for party, fingerprint in fingerprints.items() if fingerprint in (spoken or {}).get(party, ())],
    )  # fmt: skip


def _account_faults(shown: AccountShown, lines: Mapping[str, KeyLine]) -> list[ProofFault]:
    line = lines.get(shown.party)
    where = f"{shown.record}@{shown.version}"
    if line is None:
        return [ProofFault(where, say("It is signed by no key of {party} that is known from the cards.", party=shown.party[:40]), "key")]
    if shown.entry is not None:
        return check_sent(where, shown.entry, line, shown.log, shown.seq)
    try:
        signed = shown.signed.encode()
        span = line.named(open_envelope(signed).keyid)
        record = read(unseal(signed, "record", span.key if span else line.current), Record)
    except HamsayaError as error:
        return [ProofFault(where, error.what, "signature")]
    if (record.id, record.version, record.party) != (shown.record, shown.version, shown.party):
        return [ProofFault(where, say("Another record was put in its place: {record}, version {n}.", record=record.id, n=record.version), "order")]
    return []

# SPDX-License-Identifier: Apache-2.0
"""What a party signed twice in one place about an agreement, as a file that a third person checks with the parties' fingerprints alone.

Two acts of one party under one number, or two signatures of it over one text: both stand in the file as they were signed. It holds no
clause of the agreement; a signature names the text by its hash, an act says its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from hamsaya.agreement.charter import SIGNATURE, Signature
from hamsaya.agreement.lifecycle import ACT, AgreementAct
from hamsaya.exchange.acts import Card, read_card
from hamsaya.exchange.proof import Checked, ProofFault, check_spoken, key_lines
from hamsaya.facts.errors import HamsayaError, InputError, Tampered
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keyline import KeyLine
from hamsaya.seal.keys import SigningKey

DOUBTS: Final = "agreement-doubts"
FORMAT: Final = "hamsaya-doubts-1"


class DoubtFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    format: str
    written_by: str
    at: Aware
    exercise: bool
    agreement: str
    cards: list[str]
    letters: list[str]
    """The letters by which keys followed one another (`exchange/letters.py`), each party's in their order."""
    doubts: list[list[str]]
    """Each of them two or more things that one party signed in one place."""


def write_doubt_file(file: DoubtFile, key: SigningKey) -> bytes:
    """Return the signed file."""
    return seal(DOUBTS, canonical(file), key)


def check_doubt_file(data: bytes, spoken: Mapping[str, frozenset[str]] | None = None) -> Checked:
    """Return what the file proves; `spoken` are the fingerprints read aloud, by party. Raises `InputError` for one that is none.

    1. Each card is signed by its own key, which is one that was read aloud for its party where any was.
    2. Of each doubt every part is signed by a key of one and the same party, differs from the others, and stands in the same place.
    3. The file is signed by the key on the card of the party that wrote it.
    """
    file = read(open_envelope(data).payload, DoubtFile)
    if file.format != FORMAT:
        raise InputError(
            say("Expected the format {expected}; this file is {came}.", expected=FORMAT, came=file.format[:40]),
            say("Check it with the version of this program that its writer uses."),
        )
    faults: list[ProofFault] = []
    cards: dict[str, Card] = {}
    for number, text in enumerate(file.cards):
        try:  # 1
            card = read_card(text.encode())
        except InputError as error:
            faults.append(ProofFault(f"card-{number}", error.what, "card"))
            continue
        cards[card.party] = card
        faults += check_spoken(f"card-{number}", card.party, card.public, spoken)
    lines = key_lines(file.letters, cards, faults)
    proven: list[Text] = []
    for number, parts in enumerate(file.doubts):  # 2
        try:
            proven.append(_prove(parts, lines, file.agreement))
        except HamsayaError as error:
            faults.append(ProofFault(f"doubt-{number}", error.what, "signature"))
    try:  # 3
        author = cards.get(file.written_by)
        if author is None:
            raise Tampered(say("The file holds no card of the party that wrote it."))
        unseal(data, DOUBTS, author.public)
    except HamsayaError as error:
        faults.append(ProofFault("file", error.what, "file"))
    fingerprints = {party: card.public.fingerprint() for party, card in cards.items()}
    return Checked(
        written_by=file.written_by, fingerprints=fingerprints, shown=[], receipts=0, faults=faults, exercise=file.exercise, proven=proven,
        compared=[party for party, fingerprint in fingerprints.items() if fingerprint in (spoken or {}).get(party, ())],
    )  # fmt: skip


def _prove(parts: list[str], lines: Mapping[str, KeyLine], agreement: str) -> Text:
    """Return what is proven. Raises `HamsayaError` where nothing is."""
    places = {_place(part.encode(), lines) for part in parts}
    if len(places) != 1 or len(set(parts)) < 2:
        raise InputError(say("These were not signed in one place by one party, or are one and the same."))
    ((party, told, number, text),) = places
    if number and told == agreement:
        return say("{party} signed {n} different acts under number {number} on agreement {id}.", party=party, n=len(set(parts)), number=number,
                   id=agreement)  # fmt: skip
    if text:
        return say("{party} signed the text {hash} {n} times, each time otherwise.", party=party, hash=text[:12], n=len(set(parts)))
    raise InputError(say("These were not signed in one place by one party, or are one and the same."))


def _place(data: bytes, lines: Mapping[str, KeyLine]) -> tuple[str, str, int, str]:
    """Return who signed it, on which agreement, under which number; of a signature, over which text. Raises `HamsayaError`."""
    envelope = open_envelope(data)
    kind = SIGNATURE if envelope.kind == SIGNATURE else ACT
    claimed: Signature | AgreementAct = read(envelope.payload, Signature) if kind == SIGNATURE else read(envelope.payload, AgreementAct)
    line = lines.get(claimed.party)
    span = line.named(envelope.keyid) if line is not None else None
    if span is None:
        raise Tampered(say("It is signed by no key of {party} that is known from the cards.", party=claimed.party[:40]))
    unseal(data, kind, span.key)
    if isinstance(claimed, AgreementAct):
        return claimed.party, claimed.agreement, claimed.number, ""
    return claimed.party, "", 0, claimed.agreement

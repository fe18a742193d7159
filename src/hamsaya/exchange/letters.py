# SPDX-License-Identifier: Apache-2.0
"""The letter by which a party changes its signing key (issue of keys: docs/decisions/0018).

    planned:      the old key signs the letter, the new one countersigns it         a neighbour's node applies it by itself
    compromised,  the new key alone signs: what the old one says is worth nothing   a neighbour applies it after its fingerprint was
    lost                                                                            read aloud, by the word of two persons

A letter names the new card, and how far the old key's word goes: size and root of each log that runs between the two parties, in
both directions. It needs nothing else to be checked, so that it may come by wire, by stick, or from a neighbour's mirror.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.exchange.acts import Card, check_card, read_card
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.soundness import MAX_NUMBER, YEARS
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey, parse_public_key

Why = Literal["planned", "compromised", "lost"]
WHYS: Final[dict[str, Text]] = {"planned": say("as planned"), "compromised": say("since others may have it"), "lost": say("since it is lost")}
MAX_LETTER: Final = 1024 * 1024
_INNER: Final = "key-handover"
_OUTER: Final = "key-letter"
_SHA: Final = 64


class Mark(msgspec.Struct, frozen=True):
    """How far the old key's word goes in a log: so many entries, which add up to this root (hexadecimal)."""

    log: str
    size: int
    root: str


class KeyLetter(msgspec.Struct, frozen=True, kw_only=True):
    """`party` tells `to` (itself, where that is empty: for its own journal) which key follows `old`."""

    party: str
    to: str
    why: Why
    old: str
    card: str
    """The new card, signed by the new key."""
    marks: list[Mark]
    at: Aware

    def starts(self) -> dict[str, int]:
        """Return from which size of each log on the new key holds."""
        return {mark.log: mark.size for mark in self.marks}


class KeyChangeTold(msgspec.Struct, frozen=True):
    """Link act `key.changed`: the first entry under the new key carries the letter that makes it the key."""

    letter: str


class _Countersigned(msgspec.Struct, frozen=True):
    letter: str


def write_letter(letter: KeyLetter, old: SigningKey | None, new: SigningKey) -> str:
    """Return the letter, signed by `old` where the change is planned, and countersigned by `new`."""
    inner = seal(_INNER, canonical(letter), old if letter.why == "planned" and old is not None else new)
    return seal(_OUTER, canonical(_Countersigned(inner.decode())), new).decode()


def claimed_letter(text: str) -> KeyLetter:
    """Return what a letter says, unverified. Raises `InputError`."""
    outer = read(open_envelope(text.encode()).payload, _Countersigned)
    return read(open_envelope(outer.letter.encode()).payload, KeyLetter)


def is_letter(data: bytes) -> bool:
    """Say whether these bytes claim to be a letter, and not a card."""
    try:
        return open_envelope(data).kind == _OUTER
    except InputError:
        return False


def read_letter(text: str) -> tuple[KeyLetter, Card]:
    """Return the letter and the new card, if both keys that must have signed it did. Raises `InputError`.

    This proves that the holder of the new key wrote it and, where it is planned, the holder of the old one; whose keys they are, the
    line of keys that is trusted tells, or the fingerprint.
    """
    try:
        if len(text) > MAX_LETTER:
            raise InputError(say("It is too long."))
        claimed = claimed_letter(text)
        card = read_card(claimed.card.encode())
        check_card(card)
        inner = read(unseal(text.encode(), _OUTER, card.public), _Countersigned).letter
        signer: PublicKey = parse_public_key(claimed.old) if claimed.why == "planned" else card.public
        letter = read(unseal(inner.encode(), _INNER, signer), KeyLetter)
        _check_form(letter, card)
    except (InputError, Tampered) as error:
        raise InputError(
            say("This is no letter of a change of key, or it was altered: {why}", why=error.what),
            say("Ask the neighbour for the file that `hamsaya key letter` writes."),
        ) from error
    return letter, card


def _check_form(letter: KeyLetter, card: Card) -> None:
    logs = [mark.log for mark in letter.marks]
    sound = all(_between(mark.log, letter) and 0 <= mark.size <= MAX_NUMBER and len(mark.root) == _SHA for mark in letter.marks)
    if card.party != letter.party or letter.old == card.key or not sound or len(set(logs)) != len(logs) or letter.at.year not in YEARS:
        raise InputError(say("It is not in form."))


def _between(log: str, letter: KeyLetter) -> bool:
    name = parse_log(log)
    if name is None:
        return False
    if name.kind == "journal":
        return not letter.to and name.sender == letter.party
    return bool(letter.to) and {name.sender, name.receiver} == {letter.party, letter.to}

# SPDX-License-Identifier: Apache-2.0
"""The one message of the exchange: push, pull, and the file on a memory stick are the same bytes.

A bundle carries, per log of its sender, the entries that the receiver is not known to have, the sender's checkpoint
over the whole log, the sender's receipts for the receiver's logs, how far the sender has mirrored them (`have`), and
which receipts of the receiver it holds (`held`). Doing it twice does no harm.

A sender that was set back to an old backup says how much it has of its own logs (`lost`) and signs nothing more; the
receiver answers with what it holds of them beyond that (`returns`; null where nobody asked).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from hamsaya.exchange.packing import unpack
from hamsaya.facts.errors import InputError, NeighbourError, Tampered
from hamsaya.facts.values import Aware
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Entry
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_ENTRIES: Final = 1000
"""Entries per log in one bundle; the rest goes in the next."""
_ORDINARY: Final = 2 * 1024 * 1024


class SentEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry on its way: the envelope and content as text (both are UTF-8 JSON), the salt in hexadecimal."""

    envelope: str
    salt: str
    content: str | None = None


class Offer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the sender offers of one of its logs: entries from `first` on, and its checkpoint over the log up to the last of them."""

    log: str
    first: int
    checkpoint: str
    entries: list[SentEntry] = []
    more: bool = False
    """Whether the sender has more of this log than goes into this bundle. It gives out no root over what it did not send."""


class Bundle(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, rename={"sender": "from", "receiver": "to"}):
    """One bundle."""

    sender: str
    receiver: str
    at: Aware
    exercise: bool = False
    """Whether the sender is an exercise node. Stands in the bundle too, so that one that was misdirected is known before it is read."""
    offers: list[Offer] = []
    receipts: list[str] = []
    have: dict[str, int] = {}
    held: dict[str, int] = {}
    lost: dict[str, int] | None = None
    letters: list[str] = []
    """Letters of a key change (`exchange/letters.py`) that the receiver is not known to have: what makes the rest readable comes with it."""
    returns: list[Offer] | None = None


def send_entry(entry: Entry) -> SentEntry:
    """Return the entry as it travels. The salt goes with the content: with it alone, short contents could be guessed."""
    if entry.content is None:
        return SentEntry(entry.envelope.decode(), "", None)
    return SentEntry(entry.envelope.decode(), entry.salt.hex(), entry.content.decode())


def take_entry(sent: SentEntry) -> Entry:
    """Return the entry as it is stored. Raises `InputError` for a salt that is no hexadecimal."""
    try:
        salt = bytes.fromhex(sent.salt)
    except ValueError as error:
        raise InputError(say("An entry's salt is not hexadecimal.")) from error
    return Entry(sent.envelope.encode(), salt, None if sent.content is None else sent.content.encode())


def write_bundle(bundle: Bundle, key: SigningKey) -> bytes:
    """Return the signed bytes of the bundle."""
    return seal("bundle", canonical(bundle), key)


def who_sent(data: bytes) -> str:
    """Return the party a bundle claims to be from, unverified: only to look up the key that verifies it."""
    return claimed_bundle(data)[0].sender


def claimed_bundle(data: bytes) -> tuple[Bundle, str]:
    """Return a bundle unverified, and the name of the key that signed it: only to find that key. Raises `InputError`."""
    _check_size(data)
    envelope = open_envelope(unpack(data, MAX_BYTES))
    if envelope.kind != "bundle":
        raise InputError(say("Expected a bundle; a signed {came} came.", came=envelope.kind[:40]))
    return _bundle_in(envelope.payload), envelope.keyid


def _bundle_in(payload: bytes) -> Bundle:
    return _last_read(payload) if len(payload) <= _ORDINARY else read(payload, Bundle)


@lru_cache(maxsize=1)
def _last_read(payload: bytes) -> Bundle:
    """Return the bundle; each is read to find the key that signed it, and again when that key has been found to fit."""
    return read(payload, Bundle)


def read_bundle(data: bytes, key: PublicKey, *, sender: str, receiver: str) -> Bundle:
    """Return the bundle if `key` of `sender` signed it and it is for `receiver`.

    Raises `NeighbourError`; nothing of the bundle may be used then.
    """
    _check_size(data)
    try:
        bundle = _bundle_in(unseal(unpack(data, MAX_BYTES), "bundle", key))
    except (InputError, Tampered) as error:
        raise NeighbourError(
            say("The bundle from {sender} was altered on the way or not signed by its key: {why}", sender=sender, why=error.what),
            say("Nothing of it was applied. Ask for it to be sent again; if it repeats, compare fingerprints aloud."),
        ) from error
    if bundle.sender != sender or bundle.receiver != receiver:
        raise NeighbourError(
            say("Expected a bundle from {sender} to {receiver}; one from {came} to {other} came.",
                sender=sender, receiver=receiver, came=bundle.sender, other=bundle.receiver)
        )  # fmt: skip
    return bundle


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise InputError(say("A bundle may have {limit} bytes; {came} came.", limit=MAX_BYTES, came=len(data)))

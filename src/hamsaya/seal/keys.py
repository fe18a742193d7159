# SPDX-License-Identifier: Apache-2.0
"""A party's signing key and the fingerprint that officers read aloud.

Ed25519 (RFC 8032). The algorithm's name stands beside every key and signature, so that another can be added.
The fingerprint is the SHA-256 of the raw public key in Crockford base 32: 13 groups of four letters, without
I, L, O and U, so that it survives a telephone.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.words import say

ALGORITHM: Final = "ed25519"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS: Final = 52
_MISHEARD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


class Keys(Protocol):
    """Which key signs what of a party: one key, or the line of keys that followed one another (`seal/keyline.py`)."""

    def of_entry(self, log: str, seq: int) -> PublicKey:
        """Return the key that signs entry `seq` of `log`."""

    def over(self, log: str, size: int, keyid: str) -> PublicKey:
        """Return the key that signs a checkpoint or receipt over `size` entries of `log`; of those that may, the one with this name."""


class PublicKey(msgspec.Struct, frozen=True):
    """A public key as raw bytes in hexadecimal."""

    hex: str
    algorithm: str = ALGORITHM

    def fingerprint(self) -> str:
        """Return the 13 groups that are read aloud before trusting this key."""
        return fingerprint_of(self.keyid)

    @property
    def keyid(self) -> str:
        """Return the key's name in an envelope: the SHA-256 of the raw key, hexadecimal."""
        return _keyid(self.hex)

    def of_entry(self, log: str, seq: int) -> PublicKey:
        """Return itself: a single key signs all."""
        del log, seq
        return self

    def over(self, log: str, size: int, keyid: str) -> PublicKey:
        """Return itself, as above."""
        del log, size, keyid
        return self

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return if `signature` over `message` is this key's; raise `Tampered` otherwise."""
        try:
            _loaded(self.hex).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Tampered(say("The signature does not fit the bytes or the key.")) from error


def fingerprint_of(keyid: str) -> str:
    """Return the fingerprint of the key that has this name in an envelope: both are its SHA-256."""
    digest = int(keyid, 16) << 4
    letters = "".join(_CROCKFORD[(digest >> shift) & 31] for shift in range(255, -1, -5))
    return "-".join(letters[i : i + 4] for i in range(0, _LETTERS, 4))


@lru_cache(maxsize=256)
def _keyid(key: str) -> str:
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()


@lru_cache(maxsize=256)
def _loaded(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


class SigningKey:
    """A private key. Its bytes come from whoever makes it: this room has no randomness."""

    def __init__(self, seed: bytes) -> None:
        """Take the 32-byte seed of an Ed25519 key."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(self._key.public_key().public_bytes_raw().hex())

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over `message`."""
        return self._key.sign(message)


def parse_public_key(text: str) -> PublicKey:
    """Return the key, or raise `InputError` if `text` is not 32 bytes in hexadecimal."""
    try:
        raw = bytes.fromhex(text)
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise InputError(say("Expected a public key of 64 hexadecimal digits; {n} characters came.", n=len(text))) from error
    return PublicKey(raw.hex())


def as_fingerprint(spoken: str) -> str:
    """Return what was read aloud in the form of a fingerprint; empty where it is none. Case, spaces and misheard letters do not matter."""
    plain = "".join(letter for letter in spoken.upper() if letter.isalnum()).translate(_MISHEARD)
    if len(plain) != _LETTERS or not set(plain) <= set(_CROCKFORD):
        return ""
    return "-".join(plain[i : i + 4] for i in range(0, _LETTERS, 4))


def same_fingerprint(spoken: str, fingerprint: str) -> bool:
    """Say whether what was read aloud is the fingerprint: case, spaces, hyphens and misheard letters do not matter."""
    plain = "".join(letter for letter in spoken.upper() if letter.isalnum()).translate(_MISHEARD)
    return plain == fingerprint.replace("-", "")

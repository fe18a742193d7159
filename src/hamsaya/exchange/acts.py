# SPDX-License-Identifier: Apache-2.0
"""What entries of the link and release logs hold, and the card by which a party is known.

The card is signed by the key in it, and binds the party's TLS certificate, its age recipient and its address to that
key. Reading the fingerprint of that key aloud is what makes a neighbour trusted.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from cryptography import x509

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Language, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey, parse_public_key

_PARTY: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")
_ZONE: Final = re.compile(r"[A-Za-z0-9_+/-]{1,60}")
_AGE: Final = re.compile(r"age1[a-z0-9]{58}")
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A party as it presents itself."""

    party: str
    name: dict[Language, str]
    country: str
    """ISO 3166-1 alpha-2."""
    languages: list[Language]
    zone: str
    """IANA time zone."""
    key: str
    """Raw Ed25519 public key, hexadecimal."""
    tls: str
    """The gate's certificate, PEM."""
    age: str
    """The age recipient to which files for this party are encrypted."""
    address: str
    """`host:port` of the gate."""
    exercise: bool

    @property
    def public(self) -> PublicKey:
        """Return the signing key."""
        return PublicKey(self.key)


class AgreementText(msgspec.Struct, frozen=True):
    """Link act `agreement.text`: the body of an agreement that is proposed."""

    agreement: str
    body: str


class AgreementSignature(msgspec.Struct, frozen=True):
    """Link act `agreement.signature`."""

    agreement: str
    signature: str


class ReleaseOpened(msgspec.Struct, frozen=True):
    """Link act `release.opened`: an officer of the receiver has acknowledged entry `seq` of release log `log`."""

    log: str
    seq: int
    office: str
    at: Aware


class ReleasedRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """The content of a release: the copy of the record that the receiver gets."""

    release: str
    record: Record
    consents: list[str] = []
    """The signed consents of the originators of what it rests on (`exchange/consents.py`)."""


def check_card(card: Card) -> None:
    """Return if everything on the card can be used: name, state, zone, certificate, recipient, address. Raises `InputError`."""
    host, _, port = card.address.rpartition(":")
    try:
        certificates = len(x509.load_pem_x509_certificates(card.tls.encode()))
    except ValueError:
        certificates = 0
    for what, holds in (
        ("party", bool(_PARTY.fullmatch(card.party))),
        ("name", bool(card.name) and all(name.strip() and is_plain(name, 120) and "\n" not in name for name in card.name.values())),
        ("country", len(card.country) == 2 and card.country.isascii() and card.country.isupper()),
        ("zone", bool(_ZONE.fullmatch(card.zone))),
        ("tls", certificates == 1),
        ("age", bool(_AGE.fullmatch(card.age))),
        ("address", bool(_HOST.fullmatch(host)) and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536),
    ):
        if not holds:
            raise InputError(say("The card cannot be used: its {what} is not in form.", what=what), say("Ask the neighbour for a fresh card."))


def write_card(card: Card, key: SigningKey) -> bytes:
    """Return the signed card."""
    return seal("card", canonical(card), key)


def read_card(data: bytes) -> Card:
    """Return the card in `data` if the key in it signed it. Raises `InputError`.

    This proves only that the card was not altered after that key signed it; whose key it is, the fingerprint tells.
    """
    try:
        claimed = read(open_envelope(data).payload, Card)
        return read(unseal(data, "card", parse_public_key(claimed.key)), Card)
    except (InputError, Tampered) as error:
        raise InputError(
            say("This is no party's card, or it was altered: {why}", why=error.what),
            say("Ask the neighbour for the file that `hamsaya party show --out FILE` writes."),
        ) from error

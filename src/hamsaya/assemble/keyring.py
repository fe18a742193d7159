# SPDX-License-Identifier: Apache-2.0
"""A node's private keys on disk: signing, TLS, age, and the key of the ledger. Made once, readable by their owner only.

There is no default key anywhere: a missing key is an error, never made up silently.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyrage import x25519

from hamsaya.facts.errors import OperatorError
from hamsaya.facts.words import say
from hamsaya.seal.keys import SigningKey

SIGN: Final = "sign.key"
STORE: Final = "store.key"
AGE: Final = "age.key"
TLS_KEY: Final = "tls.key"
TLS_CERT: Final = "tls.crt"
KEY_FILES: Final = (SIGN, STORE, AGE, TLS_KEY, TLS_CERT)
TLS_DAYS: Final = 5 * 365


@dataclass(frozen=True)
class Keyring:
    """The keys of one node. `tls_key` and `tls_cert` are paths, because the TLS library reads files."""

    sign: SigningKey
    store: bytes
    age: str
    tls_key: Path
    tls_cert: Path

    @property
    def age_recipient(self) -> str:
        """Return the public half of the age key."""
        return str(x25519.Identity.from_str(self.age).to_public())


def make_keyring(folder: Path, party: str, now: datetime) -> Keyring:
    """Make every key in `folder`, which must not hold any yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_key(folder / SIGN, os.urandom(32).hex())
    write_key(folder / STORE, os.urandom(32).hex())
    write_key(folder / AGE, str(x25519.Identity.generate()))
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_key(folder / TLS_KEY, pem.decode())
    write_key(folder / TLS_CERT, _certificate(key, party, now).decode())
    return read_keyring(folder)


def read_keyring(folder: Path) -> Keyring:
    """Return the keys in `folder`. Raises `OperatorError` naming the one that is missing or broken."""
    try:
        return Keyring(
            sign=SigningKey(bytes.fromhex(_read(folder / SIGN))),
            store=bytes.fromhex(_read(folder / STORE)),
            age=_read(folder / AGE),
            tls_key=_present(folder / TLS_KEY),
            tls_cert=_present(folder / TLS_CERT),
        )
    except ValueError as error:
        raise OperatorError(say("A key in {folder} is broken: {why}", folder=folder, why=error), say("Restore the keys from your backup.")) from error


def _certificate(key: ec.EllipticCurvePrivateKey, party: str, now: datetime) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, party)])
    start = now.astimezone(UTC) - timedelta(days=2)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=TLS_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(party)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def write_key(path: Path, text: str) -> None:
    """Write a new file that only its owner can read, durably."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> str:
    try:
        return _present(path).read_text("ascii").strip()
    except OSError as error:
        raise OperatorError(say("The key {name} cannot be read: {why}", name=path.name, why=error.strerror or error)) from error


def _present(path: Path) -> Path:
    if not path.is_file():
        raise OperatorError(
            say("The key {name} is missing from {folder}.", name=path.name, folder=path.parent), say("Restore the keys from your backup.")
        )
    return path

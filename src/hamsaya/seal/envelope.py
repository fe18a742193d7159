# SPDX-License-Identifier: Apache-2.0
"""The signed envelope: DSSE over the stored bytes.

Source: Dead Simple Signing Envelope v1.0.2. The payload is carried as the very bytes that were signed and is
never re-canonicalised to verify. The payload's type is part of what is signed, so that a receipt can never be
taken for an agreement.
"""

from __future__ import annotations

import base64
import binascii

import msgspec

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.keys import PublicKey, SigningKey

PREFIX = "application/vnd.hamsaya."


class _Signature(msgspec.Struct, frozen=True):
    keyid: str
    sig: str


class _Wire(msgspec.Struct, frozen=True, rename={"payload_type": "payloadType"}):
    payload_type: str
    payload: str
    signatures: list[_Signature]


class Envelope(msgspec.Struct, frozen=True):
    """A parsed envelope: its type, the very bytes that were signed, and one signature."""

    kind: str
    """The payload type without its common prefix, such as `entry`."""
    payload: bytes
    keyid: str
    signature: bytes


def pre_authentication(kind: str, payload: bytes) -> bytes:
    """Return the bytes a signature covers (DSSE §PAE)."""
    kind_bytes = (PREFIX + kind).encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind_bytes), kind_bytes, len(payload), payload)


def seal(kind: str, payload: bytes, key: SigningKey) -> bytes:
    """Return the envelope's bytes: `payload` of type `kind`, signed by `key`."""
    signature = key.sign(pre_authentication(kind, payload))
    return canonical(
        {
            "payloadType": PREFIX + kind,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [{"keyid": key.public.keyid, "sig": base64.b64encode(signature).decode()}],
        }
    )


def open_envelope(data: bytes) -> Envelope:
    """Return the envelope in `data`, unverified. Raises `InputError` unless it has exactly one signature."""
    wire = read(data, _Wire)
    if not wire.payload_type.startswith(PREFIX) or len(wire.signatures) != 1:
        raise InputError(say("Expected one signature and a Hamsaya payload type; this came: {came}", came=wire.payload_type[:60]))
    signature = wire.signatures[0]
    return Envelope(wire.payload_type.removeprefix(PREFIX), _from_base64(wire.payload), signature.keyid, _from_base64(signature.sig))


def unseal(data: bytes, kind: str, key: PublicKey) -> bytes:
    """Return the payload of the envelope in `data` if it is of type `kind` and signed by `key`.

    Raises `InputError` for what is no such envelope and `Tampered` for a wrong key or signature.
    """
    envelope = open_envelope(data)
    if envelope.kind != kind:
        raise InputError(say("Expected a signed {expected}; a {came} came.", expected=kind, came=envelope.kind[:40]))
    if envelope.keyid != key.keyid:
        raise Tampered(say("This was signed by another key than the one that is trusted."))
    key.verify(envelope.signature, pre_authentication(kind, envelope.payload))
    return envelope.payload


def _from_base64(text: str) -> bytes:
    """Return the bytes; the text must be the one way to write them, or an altered envelope could still verify (RFC 4648 §3.5)."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(say("The envelope's base 64 cannot be read.")) from error
    if base64.b64encode(data).decode() != text:
        raise InputError(say("The envelope's base 64 cannot be read."))
    return data

# SPDX-License-Identifier: Apache-2.0
"""The signed envelope: DSSE over the stored bytes.

Source: Dead Simple Signing Envelope v1.0.2. The payload is carried as the very bytes that were signed and is
never re-canonicalised to verify. The payload's type is part of what is signed, so that a receipt can never be
taken for an agreement.

Nearly all that comes is written as `seal` writes it: that is read with one pattern. Whatever is not goes the long way, which says what is wrong.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from typing import Final

import msgspec

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.keys import PublicKey, SigningKey

PREFIX: Final = "application/vnd.hamsaya."
_AS_SEALED: Final = re.compile(
    rb'\{"payload":"([A-Za-z0-9+/=]*)","payloadType":"application/vnd\.hamsaya\.([a-z-]*)",'
    rb'"signatures":\[\{"keyid":"([0-9a-f]*)","sig":"([A-Za-z0-9+/=]*)"\}\]\}'
)
"""An envelope in the one form of signed JSON, in which no letter stands for another."""


_REMEMBERED: Final = 4096
"""An envelope of no more bytes is kept for when it is opened again: to be unpacked, verified, and read."""
_BUNDLE: Final = 2 * 1024 * 1024
"""Of those of no more bytes, the last one: a bundle is opened to find its sender's key, and again to be verified with it."""


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
    return write_envelope(kind, payload, key.public.keyid, to_base64(signature))


def write_envelope(kind: str, payload: bytes, keyid: str, signature: str) -> bytes:
    """Return the bytes of an envelope whose signature, in base 64, was made before. Raises `InputError` for what cannot stand in one."""
    text = to_base64(payload)
    quick = f'{{"payload":"{text}","payloadType":"{PREFIX}{kind}","signatures":[{{"keyid":"{keyid}","sig":"{signature}"}}]}}'.encode()
    if _AS_SEALED.fullmatch(quick):  # no part holds a quotation mark, so that each stands where it should
        return quick
    return canonical({"payloadType": PREFIX + kind, "payload": text, "signatures": [{"keyid": keyid, "sig": signature}]})


def to_base64(data: bytes) -> str:
    """Return the bytes in base 64, the one way to write them."""
    return binascii.b2a_base64(data, newline=False).decode()


def open_envelope(data: bytes) -> Envelope:
    """Return the envelope in `data`, unverified. Raises `InputError` unless it has exactly one signature."""
    return _kept(data) if len(data) <= _REMEMBERED else _last(data) if len(data) <= _BUNDLE else _opened(data)


def _opened(data: bytes) -> Envelope:
    found = _AS_SEALED.fullmatch(data)
    if found is not None:
        return Envelope(found[2].decode(), _from_base64(found[1]), found[3].decode(), _from_base64(found[4]))
    wire = read(data, _Wire)
    if not wire.payload_type.startswith(PREFIX) or len(wire.signatures) != 1:
        raise InputError(say("Expected one signature and a Hamsaya payload type; this came: {came}", came=wire.payload_type[:60]))
    signature = wire.signatures[0]
    payload, sig = _from_base64(wire.payload.encode()), _from_base64(signature.sig.encode())
    return Envelope(wire.payload_type.removeprefix(PREFIX), payload, signature.keyid, sig)


_kept: Final = lru_cache(maxsize=1024)(_opened)
_last: Final = lru_cache(maxsize=1)(_opened)


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


def _from_base64(text: bytes) -> bytes:
    """Return the bytes; the text must be the one way to write them, or an altered envelope could still verify (RFC 4648 §3.5)."""
    try:
        data = binascii.a2b_base64(text)
    except ValueError as error:
        raise InputError(say("The envelope's base 64 cannot be read.")) from error
    if binascii.b2a_base64(data, newline=False) != text:
        raise InputError(say("The envelope's base 64 cannot be read."))
    return data

# SPDX-License-Identifier: Apache-2.0
"""A bundle on its way is packed: small enough for a satellite phone. What is signed stays byte for byte the same.

    packed = 0x01, CRC-32 of the rest (4 bytes), length when unpacked (4 bytes),
             deflate( the bundle, its envelopes and theirs without base 64; with the words of `_WORDS` known beforehand )

1. The first byte tells: a signed bundle begins with `{`, a packed one with 0x01. Either is taken.
2. A bundle is packed only where unpacking gives the very bytes again; else it travels as it is.
3. The length is told first. One over the limit of a bundle, or more than `MOST_FOLD` times what came, is refused before anything is
   inflated, and no more than that length is ever inflated.
4. Unpacking proves nothing: signatures are checked on what comes out, as on any bundle.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Final

import msgspec

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import open_envelope, to_base64, write_envelope

PACKED: Final = b"\x01"
MOST_FOLD: Final = 100
"""How many times its packed length a bundle may have; ordinary ones have three to ten times."""
_HEAD: Final = 9
_SIZE_AT: Final = 5
_SPARE: Final = 1000
_LEVEL: Final = 6

_WORDS: Final = (
    b'"present":["language":"published":"origin":"sources":[{"document":"side":"kind":"warning","request","incident":"intelligence_report","incident_account",'
    b'"radius_m":"ref":"relation":"near","within","name":"lat_udeg":"lon_udeg":"country":"precision":"settlement","type":"place","words":"'
    b'"sentence_end":"sentence_start":"span":{"document":"quote_commitment":"quote":"reason":"gazetteer","date-words","high":"low":"type":"count",'
    b'"type":"coded","code":"civilian","type":"text","text":"type":"moment","zone":"derivation":"absolute","precision":"minute","end":"start":"'
    b'"speaker":{"kind":"own","predicate":"occurred","wounded","killed","action","actor","property","place","value":{"grade":"B2","id":"c1",'
    b'"handling":"amber","green","basis":"own","claims":[{"record":{"version":1},"release":"filed_at":"office":"duty office","party":"'
    b'"withheld":"0"},"purpose":"settlement","prevention","necessity":"agreement":"clause":"danger":"about":{"commitment":"seq":0},"log":"release/'
    b'{"root":"size":"stored":[{"seq":"log":"link/","distress/","release.opened","receipt","checkpoint","entry","bundle",'
    b'{"at":"2026-","by":"from":"have":{"held":{"link/"},"offers":[{"checkpoint":"entries":[{"content":"envelope":"salt":"first":0,"receipts":["to":"'
)
"""What bundles say all the time; part of what 0x01 means, so it never changes."""


class _Thin(msgspec.Struct, frozen=True, array_like=True):
    """An envelope without its base 64: type, payload as text, key, signature."""

    kind: str
    payload: str
    keyid: str
    sig: str


def pack(data: bytes) -> bytes:
    """Return the signed bundle packed, or as it is where that would not give it back byte for byte."""
    try:
        body = msgspec.json.encode(_thin(data.decode(), _thin_within))
    except (InputError, KeyError, TypeError, ValueError, AttributeError, RecursionError, msgspec.MsgspecError):
        return data
    deflater = zlib.compressobj(_LEVEL, zdict=_WORDS)
    rest = len(body).to_bytes(_HEAD - _SIZE_AT, "big") + deflater.compress(body) + deflater.flush()
    packed = PACKED + _crc(rest) + rest
    fits = len(packed) < len(data) and len(body) <= _most(len(packed))
    return packed if fits and unpack(packed, len(data)) == data else data


def unpack(data: bytes, limit: int) -> bytes:
    """Return the signed bundle in `data`, packed or not, of at most `limit` bytes. Raises `InputError`."""
    if not data.startswith(PACKED):
        return data
    size = int.from_bytes(data[_SIZE_AT:_HEAD], "big")
    if size > min(limit, _most(len(data))):
        raise _too_large(data, size)
    if len(data) < _HEAD or data[1:_SIZE_AT] != _crc(data[_SIZE_AT:]):
        raise _broken()
    inflater = zlib.decompressobj(zdict=_WORDS)
    try:
        body = inflater.decompress(data[_HEAD:], size + 1)
    except zlib.error as error:
        raise _broken() from error
    if len(body) != size or not inflater.eof or inflater.unused_data:
        raise _broken()
    try:
        whole = _fat(read(body, _Thin), _fat_within).encode()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, msgspec.MsgspecError) as error:
        raise _broken() from error
    if len(whole) > limit:
        raise InputError(
            say("A packed bundle of {came} bytes says that it holds {size}: more than is ever unpacked.", came=len(data), size=len(whole))
        )
    return whole


def _too_large(data: bytes, size: int) -> InputError:
    return InputError(say("A packed bundle of {came} bytes says that it holds {size}: more than is ever unpacked.", came=len(data), size=size))


def _broken() -> InputError:
    return InputError(say("The packed bundle cannot be unpacked: it was altered or broken off."))


def _crc(data: bytes) -> bytes:
    """Return the sum that finds any flipped bit: some bits of deflate can be flipped and inflate to the same."""
    return zlib.crc32(data).to_bytes(4, "big")


def _most(packed: int) -> int:
    return packed * MOST_FOLD + _SPARE


def _thin(envelope: str, within: Callable[[str], str] | None = None) -> _Thin:
    opened = open_envelope(envelope.encode())
    payload = opened.payload.decode()
    return _Thin(opened.kind, within(payload) if within else payload, opened.keyid, to_base64(opened.signature))


def _fat(thin: _Thin, within: Callable[[str], bytes] | None = None) -> str:
    payload = within(thin.payload) if within else thin.payload.encode()
    return write_envelope(thin.kind, payload, thin.keyid, thin.sig).decode()


def _thin_within(payload: str) -> str:
    tree = msgspec.json.decode(payload)
    _each(tree, lambda envelope: msgspec.to_builtins(_thin(envelope)))
    return msgspec.json.encode(tree).decode()


def _fat_within(payload: str) -> bytes:
    tree = msgspec.json.decode(payload)  # what comes of it is read strictly, or its signature does not fit
    _each(tree, lambda thin: _fat(msgspec.convert(thin, _Thin)) if isinstance(thin, list) else thin)
    return msgspec.json.encode(tree, order="sorted")


def _each(tree: Any, change: Callable[[Any], Any]) -> None:
    """Change every envelope in the bundle where it stands."""
    for offer in [*tree.get("offers", []), *(tree.get("returns") or [])]:
        if offer["checkpoint"]:
            offer["checkpoint"] = change(offer["checkpoint"])
        for entry in offer.get("entries", []):
            entry["envelope"] = change(entry["envelope"])
    if "receipts" in tree:
        tree["receipts"] = [change(receipt) for receipt in tree["receipts"]]

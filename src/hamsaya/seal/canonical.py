# SPDX-License-Identifier: Apache-2.0
"""The one JSON form that is ever signed, and the strict reader of it.

Written: keys sorted, no white space, UTF-8, no floats, integers within ±(2**53 − 1).
Read: the same limits, and duplicate keys, NaN, lone surrogates and nesting deeper than 64 are refused, because
parsers differ on them (RFC 8259 §4, §6; RFC 7493 I-JSON). What was signed is never written again to verify it:
the stored bytes are checked, and a copy is parsed.

Nearly all that comes is in the one form already. That is seen quickly, by writing it again in compiled code and finding the same bytes
(`_plain`); whatever is not goes the long way, value by value, which says what is wrong.
"""

from __future__ import annotations

import json
from typing import Any, Final, TypeVar

import msgspec

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

MAX_SAFE: Final = 2**53 - 1
MAX_DEPTH: Final = 64

T = TypeVar("T")
_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DIGITS: Final = bytes.maketrans(b"0123456789", b"0000000000")
_LONG: Final = b"0" * 16
"""A number that has so many digits may lie beyond `MAX_SAFE`."""
_HOLDS: Final = (dict, list)


def canonical(value: object) -> bytes:
    """Return the signed form of `value` (a struct or plain JSON value). Raises `InputError` for what it cannot hold."""
    try:
        plain = msgspec.to_builtins(value)
        quick = _quick(plain)
        if quick is not None:
            return quick
        _check(plain, 0)
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(say("This cannot stand in signed content: {why}", why=str(error)[:120])) from error


def parse(data: bytes) -> Any:
    """Return the JSON value in `data`, or raise `InputError`. Does not require the canonical form."""
    plain = _plain(data)
    if plain is not _UNSEEN:
        return plain
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, ValueError) as error:
        raise InputError(
            say("Expected strict JSON; what came cannot be read: {why}", why=str(error)[:120]),
            say("Ask for the file again; it may have been cut off or edited."),
        ) from error
    _check(value, 0)
    return value


def read(data: bytes, kind: type[T]) -> T:
    """Return `data` as a `kind`. Unknown fields are left alone in the bytes. Raises `InputError`."""
    try:
        return msgspec.convert(parse(data), kind)
    except msgspec.ValidationError as error:
        raise InputError(say("Expected a {kind}; what came does not fit: {why}", kind=kind.__name__, why=str(error)[:160])) from error


def read_again(data: bytes, kind: type[T]) -> T:
    """Return `data`, which `read` has taken for a `kind` before. Raises `InputError`."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise InputError(say("Expected a {kind}; what came does not fit: {why}", kind=kind.__name__, why=str(error)[:160])) from error


def _quick(plain: Any) -> bytes | None:
    """Return the signed form of a plain value that is nothing but what may be signed; None where that must be looked at."""
    try:
        data = _ENCODER.encode(plain)
        fits = not _has_long_number(data) and _DECODER.decode(data) == plain and _is_shallow(data, plain)  # read again: fractions show
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
        return None
    return data if fits else None


def _plain(data: bytes) -> Any:
    """Return the value in `data` if these are the very bytes that `canonical` writes; else `_UNSEEN`.

    A key that stands twice, white space, and another way to write a letter or a number do not come out as they went in.
    """
    if _has_long_number(data):
        return _UNSEEN
    try:
        value = _DECODER.decode(data)
        return value if _ENCODER.encode(value) == data and _is_shallow(data, value) else _UNSEEN
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _UNSEEN


def _has_long_number(data: bytes) -> bool:
    """Say whether a number so long may stand in `data`: so many digits, and before them what stands before a number."""
    digits = data.translate(_DIGITS)
    at = digits.find(_LONG)
    while at >= 0:
        if at == 0 or digits[at - 1] in b":,[-":
            return True
        at = digits.find(_LONG, at + len(_LONG))
    return False


def _is_shallow(data: bytes, value: Any) -> bool:
    """Say whether `value`, which `data` writes, is nested no deeper than may be. What has few brackets cannot be."""
    return data.count(b"{") + data.count(b"[") <= MAX_DEPTH or _goes_down(value, MAX_DEPTH)


def _goes_down(value: Any, left: int) -> bool:
    """Say whether what `value` holds goes down no more than `left` steps."""
    for item in value.values() if type(value) is dict else value if type(value) is list else ():
        if type(item) in _HOLDS and not (left > 1 and _goes_down(item, left - 1)):
            return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _no_float(text: str) -> float:
    raise ValueError(f"{text[:20]} is not a whole number")


_DECODER: Final = msgspec.json.Decoder(float_hook=_no_float)
_UNSEEN: Final = object()
"""Stands for a value that was not read, as None may be one."""


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InputError(say("Signed content may be nested {limit} deep at most.", limit=MAX_DEPTH))
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):  # 1 and "1" would be written as the same key
                raise TypeError("a key is no text")
            if not key.isascii():
                _check_text(key)
            if depth == MAX_DEPTH or type(item) is not str or not item.isascii():  # most of what comes is plain text: no call for it
                _check(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            if depth == MAX_DEPTH or type(item) is not str or not item.isascii():
                _check(item, depth + 1)
    else:
        _check_plain(value)


def _check_plain(value: object) -> None:
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value)
    elif isinstance(value, float):
        raise InputError(say("Signed content holds no fractions; this came: {came}", came=value))
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_SAFE:
        came = f"{value:x}"[:20]  # hexadecimal: writing a huge number in decimal takes too long, and Python refuses it
        raise InputError(say("A whole number in signed content must lie within ±(2^53 − 1); this came: {came}", came=f"0x{came}"))


def _check_text(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(say("Signed content holds a broken character at position {at}.", at=error.start)) from error

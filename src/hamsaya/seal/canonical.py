# SPDX-License-Identifier: Apache-2.0
"""The one JSON form that is ever signed, and the strict reader of it.

Written: keys sorted, no white space, UTF-8, no floats, integers within ±(2**53 − 1).
Read: the same limits, and duplicate keys, NaN, lone surrogates and nesting deeper than 64 are refused, because
parsers differ on them (RFC 8259 §4, §6; RFC 7493 I-JSON). What was signed is never written again to verify it:
the stored bytes are checked, and a copy is parsed.
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


def canonical(value: object) -> bytes:
    """Return the signed form of `value` (a struct or plain JSON value). Raises `InputError` for what it cannot hold."""
    try:
        plain = msgspec.to_builtins(value)
        _check(plain, 0)
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(say("This cannot stand in signed content: {why}", why=str(error)[:120])) from error


def parse(data: bytes) -> Any:
    """Return the JSON value in `data`, or raise `InputError`. Does not require the canonical form."""
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


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _no_float(text: str) -> float:
    raise ValueError(f"{text[:20]} is not a whole number")


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

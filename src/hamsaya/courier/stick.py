# SPDX-License-Identifier: Apache-2.0
"""A bundle as a file for a memory stick: the same bytes, encrypted to the receiver (age), under one line that tells how long it is.

    file = "hamsaya-stick-1 ", length in bytes, " ", SHA-256 in hexadecimal, line feed, the age file

1. By that line a file that was cut, one that was altered, and one that is for another node are told apart: each needs another step.
2. It says nothing of what is inside, and proves nothing: age does. `tail -n +2 FILE | age -d -i KEY` opens it without this program.
3. A bare age file, as earlier versions wrote them, is read too.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Final

import pyrage

from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.facts.words import Text, say

_HEADING: Final = re.compile(rb"hamsaya-stick-1 ([0-9]{1,9}) ([0-9a-f]{64})\n")
_START: Final = b"hamsaya-stick-1 "
_LONGEST: Final = 91
"""Bytes that the first line has at most."""
_SPARE: Final = 64 * 1024
"""What the encryption may add to a bundle of the largest size."""


def write_stick(path: Path, bundle: bytes, recipient: str) -> None:
    """Write `bundle` to `path`, encrypted to the age `recipient`. The whole file appears or none."""
    sealed = pyrage.encrypt(bundle, [pyrage.x25519.Recipient.from_str(recipient)])
    write_whole(path, f"hamsaya-stick-1 {len(sealed)} {hashlib.sha256(sealed).hexdigest()}\n".encode() + sealed)


def read_stick(path: Path, identity: str) -> bytes:
    """Return the bundle in the file. Raises `InputError` for a file that is none, cut off, altered, or for another node."""
    sealed = _whole(path, read_file(path, MAX_BYTES + _SPARE))
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise InputError(
                say("{file} is whole, and for another node: it is encrypted to another key than this node's.", file=path.name),
                say("Nothing of it was applied. Read it at the node that it was written for, or ask for one that is written for this node."),
            ) from error
        raise InputError(
            say("{file} is no bundle for this node, or it was altered on the way.", file=path.name),
            say("Nothing of it was applied. Ask for the file again."),
        ) from error


def _whole(path: Path, data: bytes) -> bytes:
    """Return the age file without the line before it. Raises `InputError` for one that is not as long, or not what, that line says."""
    heading = _HEADING.match(data)
    if heading is None and (_START.startswith(data) or (data.startswith(_START) and len(data) < _LONGEST and b"\n" not in data)):
        raise _cut(say("{file} is cut off: only its first {came} bytes came.", file=path.name, came=len(data)))
    if heading is None and not data.startswith(_START):
        return data
    size = int(heading[1]) if heading else 0
    sealed = data[heading.end() if heading else 0 :]
    if len(sealed) < size:
        raise _cut(
            say("{file} is cut off at {came} bytes; it was written with {size}.", file=path.name, came=len(data), size=len(data) - len(sealed) + size)
        )
    if heading is None or len(sealed) > size or hashlib.sha256(sealed).hexdigest().encode() != heading[2]:
        raise InputError(
            say("{file} was altered, or parts of it were never written: it is not what its first line says.", file=path.name),
            say("Nothing of it was applied. Ask for the file again, on another stick."),
        )
    return sealed


def _cut(what: Text) -> InputError:
    return InputError(
        what,
        say("Nothing of it was applied. The stick was pulled too early: copy the file again, or ask for a new one. What it would bring stays due."),
    )


def read_file(path: Path, limit: int) -> bytes:
    """Return the bytes of a file of at most `limit` bytes. Raises `InputError`."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise InputError(say("{file} has {size} bytes; at most {limit} can be read.", file=path.name, size=size, limit=limit))
        return path.read_bytes()
    except OSError as error:
        raise InputError(say("{file} cannot be read: {why}", file=path, why=error.strerror or error)) from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it appears whole or not at all. Raises `OperatorError`."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OperatorError(say("{file} cannot be written: {why}", file=path, why=error.strerror or error)) from error

# SPDX-License-Identifier: Apache-2.0
"""A bundle as a file for a memory stick: the same bytes, encrypted to the receiver (age)."""

from __future__ import annotations

import os
from pathlib import Path

import pyrage

from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.facts.words import say


def write_stick(path: Path, bundle: bytes, recipient: str) -> None:
    """Write `bundle` to `path`, encrypted to the age `recipient`. The whole file appears or none."""
    sealed = pyrage.encrypt(bundle, [pyrage.x25519.Recipient.from_str(recipient)])
    write_whole(path, sealed)


def read_stick(path: Path, identity: str) -> bytes:
    """Return the bundle in the file. Raises `InputError` for a file that is none, altered, or for another node."""
    data = read_file(path, MAX_BYTES)
    try:
        return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError as error:
        raise InputError(
            say("{file} is no bundle for this node, or it was altered on the way.", file=path.name),
            say("Nothing of it was applied. Ask for the file again."),
        ) from error


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

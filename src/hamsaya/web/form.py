# SPDX-License-Identifier: Apache-2.0
"""What a form sent: texts and files, held in memory only, since a temporary file would lie on the disk unencrypted.

Accepts `application/x-www-form-urlencoded` and `multipart/form-data`; anything else is an empty form.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from io import BytesIO
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from multipart import MultipartError, MultipartParser, parse_options_header

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

MAX_FIELDS: Final = 500
"""Of a form: a million bytes could name half a million fields, each of which costs memory and time. A route may take more."""
SMALL_BYTES: Final = 1 << 20
UPLOAD_BYTES: Final = 12 << 20
DRAINED_BYTES: Final = 1 << 28
_DIGITS: Final = 15


class TooLargeError(InputError):
    """More was sent than the page takes."""

    code = "too-large"

    def __init__(self, limit: int) -> None:
        """Take the limit in bytes."""
        super().__init__(
            say("What was sent is too large; the limit here is {limit} MiB.", limit=limit >> 20),
            say("Nothing of it was kept. Go back: what you typed is still in the form. Send less at once, or a document as a file."),
        )


async def read_body(chunks: AsyncIterable[bytes], limit: int, *, drains: bool) -> bytes:
    """Return what was sent, of at most `limit` bytes. Raises `TooLargeError`; no more than `limit` is ever held.

    What is over the limit is let pass unread, if `drains`, so that a browser that is still sending comes to see the answer.
    """
    kept = bytearray()
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size <= limit:
            kept += chunk
        else:
            kept.clear()
            if not drains or size > DRAINED_BYTES:
                break
    if size > limit:
        raise TooLargeError(limit)
    return bytes(kept)


class File(msgspec.Struct, frozen=True):
    """A file as sent."""

    name: str
    data: bytes


class Form(msgspec.Struct, frozen=True):
    """The fields of a form, in the order sent."""

    texts: Mapping[str, list[str]] = {}
    files: Mapping[str, File] = {}

    def text(self, name: str, default: str = "") -> str:
        """Return the field's first value."""
        return self.texts.get(name, [default])[0]

    def number(self, name: str) -> int | None:
        """Return the field as a whole number, None where it was not sent. Raises `InputError` for what is none."""
        text = self.text(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
            raise InputError(say("{field}: expected a whole number; this came: {came}", field=name, came=text[:20]))
        return int(text)

    def file(self, name: str) -> File:
        """Return the file. Raises `InputError` when none was sent."""
        found = self.files.get(name)
        if found is None:
            raise InputError(say("No file was sent in the field “{name}”.", name=name), say("Choose a text file, then send it again."))
        return found


def read_form(content_type: str, body: bytes, most: int = MAX_FIELDS) -> Form:
    """Return the form in `body`, of at most `most` fields. Raises `InputError` for one that cannot be read, or has more."""
    kind, options = parse_options_header(content_type)
    try:
        if kind == "application/x-www-form-urlencoded":
            if body.count(b"&") >= most:
                raise InputError(
                    say("The form has more fields than this page takes: {most}.", most=most),
                    say("Nothing of it was kept. Go back: what you typed is still in the form. Take something out of it, and send it again."),
                )
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
            return Form(_gather(pairs))
        if kind == "multipart/form-data":
            return _multipart(body, options.get("boundary", ""), most)
    except (UnicodeDecodeError, ValueError, MultipartError) as error:
        raise InputError(say("The form cannot be read: {why}", why=type(error).__name__)) from error
    return Form()


def _multipart(body: bytes, boundary: str, most: int) -> Form:
    parser = MultipartParser(
        BytesIO(body), boundary, content_length=len(body), charset="utf-8", strict=True, part_limit=most,
        spool_limit=len(body) + 1, memory_limit=len(body) + 1, disk_limit=0,
    )  # fmt: skip
    texts: list[tuple[str, str]] = []
    files: dict[str, File] = {}
    for part in parser:
        if part.filename is None:
            texts.append((part.name, part.raw.decode("utf-8")))
        elif part.filename or part.size:
            files[part.name] = File(part.filename, part.raw)
    return Form(_gather(texts), files)


def _gather(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for name, value in pairs:
        texts.setdefault(name, []).append(value)
    return texts

# SPDX-License-Identifier: Apache-2.0
"""The page of a case file: where its evidence stands in it, and the digest of what it shows.

The digest is over the elements, attributes and words of the element with the id `case`, as a browser has them after reading
the page, and so does not hang on how the page is written: an element is `[name, {attributes, sorted}, [children]]`, words
are a string, runs of them joined. It is the SHA-256 of that as compact JSON.
"""

from __future__ import annotations

import hashlib
import json
from html.parser import HTMLParser
from typing import Any, Final

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say

SHOWN: Final = "case"
EVIDENCE: Final = "evidence"
_VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_MAX_DEPTH: Final = 200


def is_page(data: bytes) -> bool:
    """Say whether the file is a page rather than an envelope."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def evidence_in(data: bytes) -> bytes:
    """Return the evidence in a case file. Raises `InputError` where there is none, or more than one."""
    found = _read(data).evidence
    if len(found) != 1:
        raise InputError(
            say("Expected a page with one piece of evidence in it; {came} came.", came=len(found)),
            say("Ask for the case file again, or for the evidence that `hamsaya verify --export` writes."),
        )
    return found[0].strip().encode()


def seen_in(data: bytes) -> str:
    """Return the digest of what a page shows; empty where it shows no case, or two."""
    shown = _read(data).shown
    return _digest(shown[0]) if len(shown) == 1 else ""


def digest_of(markup: str) -> str:
    """Return the digest of the readable part that is about to be put into a page. Raises `InputError` for markup that is none."""
    digest = seen_in(markup.encode())
    if not digest:
        raise InputError(say("The page shows no case."))
    return digest


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[list[Any]] = []
        self.evidence: list[str] = []
        self._open: list[list[Any]] = []
        self._in_evidence = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in reversed(attrs)}
        if tag == "script":
            self._in_evidence = told.get("id") == EVIDENCE
            if self._in_evidence:
                self.evidence.append("")
        element: list[Any] = [tag, dict(sorted(told.items())), []]
        if self._open:
            self._open[-1][2].append(element)
        elif told.get("id") == SHOWN:
            self.shown.append(element)
        else:
            return
        if len(self._open) >= _MAX_DEPTH:
            raise InputError(say("Signed content may be nested {limit} deep at most.", limit=_MAX_DEPTH))
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_evidence = False
        if self._open and tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._in_evidence:
            self.evidence[-1] += data
        if self._open:
            children = self._open[-1][2]
            if children and isinstance(children[-1], str):
                children[-1] += data
            else:
                children.append(data)


def _read(data: bytes) -> _Page:
    page = _Page()
    try:
        page.feed(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
        page.close()
    except UnicodeDecodeError as error:
        raise InputError(say("The page is not in UTF-8: byte {at} cannot be read.", at=error.start)) from error
    return page


def _digest(element: list[Any]) -> str:
    try:
        return hashlib.sha256(json.dumps(element, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    except UnicodeEncodeError:
        return ""

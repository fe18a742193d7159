# SPDX-License-Identifier: Apache-2.0
"""How the command line speaks: tables for people, one JSON value for programs, one clear line for an error.

JSON goes to standard output, everything else that is no result to standard error. Sentences are in the language of
HAMSAYA_LANGUAGE (en, fa, ur).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import LANGUAGES, Text

WIDTH: Final = 200
"""Columns where the output is no terminal."""

_json_wanted = False


def want_json(wanted: bool) -> None:
    """Remember whether results are printed as JSON."""
    global _json_wanted  # noqa: PLW0603  (one process is one command)
    _json_wanted = _json_wanted or wanted


def json_wanted() -> bool:
    """Say whether results are printed as JSON."""
    return _json_wanted


def in_words(text: Text | str) -> str:
    """Return the sentence in the reader's language."""
    language = os.environ.get("HAMSAYA_LANGUAGE", "en")
    if language == "en" or language not in LANGUAGES:
        return str(text)
    from hamsaya.tongues import translate

    return translate(text, language)


def plain(value: object) -> Any:
    """Return `value` as plain JSON values."""
    return msgspec.to_builtins(value, str_keys=True)


def result(value: object, *, lines: Sequence[str] = (), table: tuple[Sequence[str], Sequence[Sequence[object]]] | None = None) -> None:
    """Print a result: `value` as JSON if that is wanted, else `lines`, and a table of (headings, rows)."""
    if _json_wanted:
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")
        return
    for line in lines:
        sys.stdout.write(line + "\n")
    if table is not None:
        _table(*table)


def note(text: Text | str) -> None:
    """Tell something beside the result, such as a warning."""
    sys.stderr.write(in_words(text) + "\n")


def failure(error: HamsayaError) -> None:
    """Print an error: what was expected and what came, and the next step."""
    if _json_wanted:
        body = {"error": error.code, "what": str(error.what), "hint": str(error.hint) if error.hint else "", "rule": getattr(error, "rule", "")}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
    sys.stderr.write(f"hamsaya: {in_words(error.what)}\n")
    if error.hint:
        sys.stderr.write(f"         {in_words(error.hint)}\n")


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*(RichText(str(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH
    console.print(shown)

# SPDX-License-Identifier: Apache-2.0
"""How the command line speaks: tables for people, one JSON value for programs, one clear line for an error.

JSON goes to standard output, everything else that is no result to standard error. Sentences are in the language of
HAMSAYA_LANGUAGE (en, fa, ur).

What an exercise node says carries its mark: in JSON as `"exercise": true`, in text as the first line (law 15).

Much of what is printed was written by a neighbour or stands in a document. So control characters, and those that turn
the direction of text, are left out of lines and tables; JSON spells them as escapes, which loses nothing.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import LANGUAGES, Language, Text, say

WIDTH: Final = 200
"""Columns where the output is no terminal."""
LONGEST_NAME: Final = 80
"""Columns of a name that is never broken, such as that of a log entry."""

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""C0 and C1 control characters but tab and line feed; bidi embeddings, overrides and isolates."""

_json_wanted = False
_exercise: bool | None = None
"""Whether the node that was opened is of an exercise; None before one was."""
EXERCISE_LINE: Final = "EXERCISE · تمرین · مشق"
_done: list[Any] = []
"""What a command did before it broke off; printed with its error as JSON."""


def want_json(wanted: bool) -> None:
    """Remember whether results are printed as JSON."""
    global _json_wanted  # noqa: PLW0603  (one process is one command)
    _json_wanted = _json_wanted or wanted


def json_wanted() -> bool:
    """Say whether results are printed as JSON."""
    return _json_wanted


def mark_output(exercise: bool | None) -> None:
    """Remember of what kind the node is whose matters are printed."""
    global _exercise  # noqa: PLW0603  (as above)
    _exercise = exercise


def _marked(value: Any) -> Any:
    """Return plain values with the mark: in an object, or in each object of a list."""
    if _exercise is None:
        return value
    if isinstance(value, dict):
        return {**value, "exercise": value.get("exercise", _exercise)}
    return [_marked(each) for each in value] if isinstance(value, list) else value


def reader_language() -> Language:
    """Return the language of HAMSAYA_LANGUAGE, English where it names none that is spoken here."""
    asked = os.environ.get("HAMSAYA_LANGUAGE", "en")
    return next((each for each in LANGUAGES if each == asked), "en")


def in_words(text: Text | str) -> str:
    """Return the sentence in the reader's language."""
    language = reader_language()
    if language == "en":
        return str(text)
    from hamsaya.tongues import translate

    return translate(text, language)


def printable(text: str) -> str:
    """Return `text` without the characters that steer a terminal or turn the direction of the words around them."""
    return _CONTROL.sub("", text)


def escaped(text: str) -> str:
    """Return `text` with those characters spelled as JSON escapes; JSON keeps its meaning."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def minute(at: datetime) -> str:
    """Return a time to the minute, for a line or a table."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def plain(value: object) -> Any:
    """Return `value` as plain JSON values."""
    return msgspec.to_builtins(value, str_keys=True)


def result(value: object, *, lines: Sequence[str] = (), table: tuple[Sequence[str], Sequence[Sequence[object]]] | None = None) -> None:
    """Print a result: `value` as JSON if that is wanted, else `lines`, and a table of (headings, rows)."""
    if _json_wanted:
        sys.stdout.write(_as_json(_marked(plain(value)), indent=2) + "\n")
        return
    if _exercise:
        sys.stdout.write(EXERCISE_LINE + "\n")
    for line in lines:
        sys.stdout.write(printable(line) + "\n")
    if table is not None:
        _table(*table)


def note(text: Text | str) -> None:
    """Tell something beside the result, such as a warning."""
    sys.stderr.write(printable(in_words(text)) + "\n")


def failure(error: HamsayaError) -> None:
    """Print an error: what was expected and what came, and the next step."""
    if _json_wanted:
        failure_as_json(error.code, str(error.what), str(error.hint) if error.hint else "", getattr(error, "rule", ""))
    sys.stderr.write(printable(f"hamsaya: {in_words(error.what)}") + "\n")
    if error.hint:
        sys.stderr.write(printable(f"         {in_words(error.hint)}") + "\n")


def failure_as_json(code: str, what: str, hint: str = "", rule: str = "") -> None:
    """Print the JSON object of an error; `done` in it holds what the command did before it broke off."""
    body = _marked({"error": code, "what": what, "hint": hint, "rule": rule})
    sys.stdout.write(_as_json({**body, "done": _marked(_done)} if _done else body) + "\n")
    _done.clear()


def break_off(
    error: HamsayaError, done: Sequence[object], names: Sequence[str], *, lines: Sequence[str] = (),
    table: tuple[Sequence[str], Sequence[Sequence[object]]] | None = None,
) -> None:  # fmt: skip
    """Tell what a command had done for some of several things before `error` stopped it, here and in the error's hint."""
    if not done:
        return
    if _json_wanted:
        _done[:] = plain(done)
    else:
        result(done, lines=lines, table=table)
    error.hint = say("Done before this error, and kept: {names}. {hint}", names=", ".join(names), hint=error.hint or "")


def _as_json(value: object, indent: int | None = None) -> str:
    return escaped(json.dumps(plain(value), ensure_ascii=False, indent=indent))


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    cells = [[printable(str(cell)) for cell in row] for row in rows]
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column, heading in enumerate(headings):
        shown.add_column(RichText(printable(heading)), overflow="fold", min_width=_longest_word(row[column] for row in cells))
    for row in cells:
        shown.add_row(*(RichText(cell) for cell in row))
    console = Console()
    needed = console.measure(shown, options=console.options.update(max_width=WIDTH)).minimum
    if not console.is_terminal or needed > console.width:  # in a narrow window rows run on: a name that is to be copied is never broken
        console.width = max(WIDTH, needed)
    console.print(shown)


def _longest_word(cells: Iterable[str]) -> int:
    """Return how wide a column must be for its names and codes to stay whole; what is longer than any of them may break."""
    return min(max((len(word) for cell in cells for word in cell.split()), default=1), LONGEST_NAME)

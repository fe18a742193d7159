# SPDX-License-Identifier: Apache-2.0
"""Which messages the house says, and the catalogues brought up to date with them.

    python -m hamsaya.tongues.extract            update both .po files, and print what is not translated
    python -m hamsaya.tongues.extract --check    change nothing; exit 1 if a file is out of date or incomplete
    python -m hamsaya.tongues.extract --merge F  take translations from the JSON file F: {message: {"fa": …, "ur": …}}

- A message is the first argument of a call `say("…")` in Python, or of `_("…")` in a template, as a literal.
- Translations are kept; one whose message is gone is kept as obsolete, and revives with it.
- The order is that of the English messages; the header holds nothing of the machine.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from hamsaya.facts.words import LANGUAGES
from hamsaya.tongues.catalogue import po_path

SOURCE: Final = Path(__file__).parent.parent
CALLS: Final = frozenset({"say"})
_IN_TEMPLATE: Final = re.compile(r'(?<![\w.])_\(\s*("(?:[^"\\]|\\.)*")')
_ANY_CALL: Final = re.compile(r"(?<![\w.])_\(")
_HEADER: Final = """\
# SPDX-License-Identifier: Apache-2.0
# Hamsaya in {name}. Written by `python -m hamsaya.tongues.extract`; translate the msgstr lines.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_NAMES: Final = {"fa": "Persian", "ur": "Urdu"}


class Kept(msgspec.Struct, frozen=True):
    """What a .po file holds: translations of messages in use, and of messages that are gone."""

    current: dict[str, str]
    obsolete: dict[str, str]


def messages(source: Path = SOURCE) -> list[str]:
    """Return every message in the source, in order. Raises `SyntaxError` for a template call without a literal."""
    found: set[str] = set()
    for path in sorted(source.rglob("*.py")):
        found.update(_in_python(path.read_text("utf-8")))
    for path in sorted(source.rglob("templates/**/*.html")):
        found.update(in_template(path.read_text("utf-8"), path.name))
    return sorted(found - {""})


def in_template(text: str, name: str) -> list[str]:
    """Return the messages of one template."""
    literals = _IN_TEMPLATE.findall(text)
    if len(literals) != len(_ANY_CALL.findall(text)):
        raise SyntaxError(f"{name}: every call of _() takes a message in double quotes")
    return [str(ast.literal_eval(literal)) for literal in literals]


def _in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        first = node.args[0]
        if name in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def blanks(message: str) -> set[str]:
    """Return the names of the blanks in a message or its translation."""
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def read_kept(language: str) -> Kept:
    """Return what the .po file of `language` holds; nothing where there is none."""
    try:
        with po_path(language).open("rb") as file:
            found = read_po(file, locale=language)
    except FileNotFoundError:
        return Kept({}, {})
    return Kept(
        {str(each.id): str(each.string) for each in found if each.id},
        {str(each.id): str(each.string) for each in found.obsolete.values() if each.id},
    )


def render(language: str, wanted: list[str], kept: Kept) -> str:
    """Return the .po file: every wanted message, and what is obsolete behind."""
    catalog = Catalog(locale=language)
    known = {**kept.obsolete, **kept.current}
    for message in wanted:
        catalog.add(message, known.get(message, ""))
    for message in sorted(set(known) - set(wanted)):
        if known[message]:
            gone = Catalog(locale=language)
            catalog.obsolete[message] = gone.add(message, known[message])
    body = io.BytesIO()
    write_po(body, catalog, omit_header=True, no_location=True, sort_output=True, width=0)
    return _HEADER.format(name=_NAMES[language], code=language) + body.getvalue().decode().strip() + "\n"


def faults(language: str, wanted: list[str], kept: Kept) -> list[str]:
    """Return each message that has no translation, or one with other blanks."""
    found = []
    for message in wanted:
        translated = kept.current.get(message, "") or kept.obsolete.get(message, "")
        if not translated:
            found.append(f"{language}: not translated: {message}")
        elif blanks(translated) != blanks(message):
            found.append(f"{language}: other blanks: {message}")
    return found


def merge(kept: Kept, given: dict[str, dict[str, str]], language: str) -> Kept:
    """Return what is kept with the given translations in place of older ones."""
    fresh = {message: each[language] for message, each in given.items() if each.get(language)}
    return Kept({**kept.current, **fresh}, kept.obsolete)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m hamsaya.tongues.extract", description="Update the message catalogues.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a file is out of date or incomplete")
    parser.add_argument("--merge", type=Path, metavar="FILE", help="take translations from a JSON file")
    options = parser.parse_args(arguments)
    wanted = messages()
    given = json.loads(options.merge.read_text("utf-8")) if options.merge else {}
    missing = []
    for language in LANGUAGES:
        if language == "en":
            continue
        kept = merge(read_kept(language), given, language)
        text = render(language, wanted, kept)
        missing += faults(language, wanted, kept)
        path = po_path(language)
        if options.check and (not path.is_file() or path.read_text("utf-8") != text):
            missing.append(f"{language}: {path.name} is out of date; run python -m hamsaya.tongues.extract")
        elif not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    sys.stdout.write("".join(f"{line}\n" for line in missing))
    sys.stdout.write(f"{len(wanted)} messages, {len(missing)} faults\n")
    return 1 if options.check and missing else 0


if __name__ == "__main__":
    sys.exit(main())

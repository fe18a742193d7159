# SPDX-License-Identifier: Apache-2.0
"""Real warnings, read, and written again. `make navwarn` writes the figures into docs/reference/notices.md."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from hamsaya.formats.notice import REASONS, Notice, Unreadable
from hamsaya.formats.reading import read_reference, read_warning
from hamsaya.formats.times import read_moment
from hamsaya.formats.writing import write_navarea, write_navtex

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs/reference/notices.md"
SHARED: Final = ROOT.parent / "shared"
FILES: Final = ("navarea_ix.json", "exercise_and_hazardous_operations.json")
_MEASURED: Final = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)
_DATE: Final = re.compile(r"Measured on \d{4}-\d\d-\d\d")


class Taken(NamedTuple):
    """One real warning, and what came of it."""

    name: str
    text: str
    notice: Notice | None
    reason: str


def warnings(folder: Path) -> list[Taken]:
    """Return all real warnings, each read or refused."""
    return [_taken(row) for name in FILES for row in json.loads((folder / "navwarn" / name).read_text("utf-8"))]


def _taken(row: dict[str, Any]) -> Taken:
    name = f"{row['navArea']} {row['msgNumber']}/{row['msgYear'] % 100}"
    try:
        notice = read_warning(row["text"], issued=read_moment(row["issueDate"]), of=read_reference(row["authority"]))
    except Unreadable as fault:
        return Taken(name, row["text"], None, fault.reason)
    return Taken(name, row["text"], notice, "")


def writes_again(notice: Notice) -> bool:
    """Say whether the notice is written in both forms, and reads back as the same."""
    try:
        again = read_warning(write_navarea(notice)), read_warning(write_navtex(notice, station="K", number=1))
    except Unreadable:
        return False
    return all((each.shapes, each.spans) == (tuple(shape_of(notice)), notice.spans) for each in again)


def shape_of(notice: Notice) -> list[Any]:
    """Return the shapes with the letters that a text of ours lists them under."""
    several = len(notice.shapes) > 1
    return [msgspec.structs.replace(each, name=chr(65 + at) if several else "") for at, each in enumerate(notice.shapes)]


def measured() -> str:
    """Return the figures, as they stand on the page."""
    taken = warnings(SHARED / "data")
    read = [each for each in taken if each.notice]
    written = [each for each in read if each.notice and writes_again(each.notice)]
    forms = Counter(shape.form for each in read if each.notice for shape in each.notice.shapes)
    spans = sum(len(each.notice.spans) for each in read if each.notice)
    refused = Counter(each.reason for each in taken if each.reason)
    loose = Counter(text.message for each in read if each.notice for text in each.notice.taken)
    lines = [
        f"Measured on {datetime.now(UTC).date()}: of {len(taken)} real warnings {len(read)} are read, with {forms['area']} areas, {forms['track']} tracks, ",
        f"{forms['circle']} circles, {forms['point']} points and {spans:,} intervals; {len(written)} of them are written as NAVAREA and NAVTEX text that read ",
        "back as the same.\n\n",
        "| refused because | warnings | which |\n|---|---|---|\n",
        *(
            f"| {REASONS[reason]} | {count} | {', '.join(each.name for each in taken if each.reason == reason)} |\n"
            for reason, count in sorted(refused.items())
        ),
        "\n| read, and what the text leaves open is taken so | warnings |\n|---|---|\n",
        *(f"| {message} | {count} |\n" for message, count in sorted(loose.items())),
    ]
    return "".join(lines)


def kept() -> str:
    """Return the figures as the page holds them now."""
    found = _MEASURED.search(PAGE.read_text("utf-8")) if PAGE.is_file() else None
    return found[0] if found else ""


def undated(figures: str) -> str:
    """Return the figures without the day on which they were measured."""
    return _DATE.sub("Measured", figures)


def main() -> int:
    """Measure, and write the figures into the page."""
    if not SHARED.is_dir():
        sys.stderr.write("The real warnings lie beside this clone, in ../shared/data; they are not there.\n")
        return 1
    PAGE.write_text(_MEASURED.sub(lambda _: measured(), PAGE.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written\n{kept()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""The screen for data on persons, measured: what of `planted.toml` it finds, and how often it stops real texts. `make screen`.

Writes docs/explanation/screen.md. The figures over real texts need ../shared beside this clone; without it those stay as they are.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from hamsaya.agreement.screen import find_persons

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs/explanation/screen.md"
SHARED: Final = ROOT.parent / "shared"
TABLE: Final[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "planted.toml").read_text("utf-8"))
SCRIPTS: Final = ("en", "fa", "ur")
CLASSES: Final = {
    "title": "a title with a name", "plain-name": "a name without a title", "identity": "identity number", "passport": "passport number",
    "phone": "telephone number", "mail": "e-mail address", "handle": "name on a network", "plate": "vehicle plate", "birth": "date of birth",
    "hidden": "hidden: invisible characters, look-alikes, mixed digits",
}  # fmt: skip
KINDS: Final = {"office": "offices and units", "place": "places", "number": "positions, vessels, dates, counts", "sentence": "sentences"}
_REAL: Final = re.compile(r"(?<=<!-- real -->\n).*?(?=<!-- /real -->)", re.DOTALL)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]")


def missed(name: str, script: str) -> list[str]:
    """Return the planted items of a class and script in which the screen finds nothing."""
    return [item for item in TABLE["planted"][name][script] if not find_persons(item)]


def alarms(kind: str, script: str) -> list[str]:
    """Return the innocent lines of a kind and script that the screen stops."""
    return [line for line in TABLE["innocent"][kind][script] if find_persons(line)]


def recall(name: str) -> float:
    """Return how many percent of a class are found, all scripts together."""
    items = sum(len(TABLE["planted"][name][script]) for script in SCRIPTS)
    return 100 * (items - sum(len(missed(name, script)) for script in SCRIPTS)) / items


def real() -> str:
    """Return the table over real texts, which nobody wrote for this; empty where ../shared is not there."""
    if not SHARED.is_dir():
        return ""
    rows = ["| texts | language | pieces | stopped | share |", "|---|---|---|---|---|"]
    for what, script, pieces in _real_texts():
        stopped = sum(1 for piece in pieces if find_persons(piece))
        rows.append(f"| {what} | {script} | {len(pieces):,} | {stopped:,} | {100 * stopped / len(pieces):.1f} % |")
    return "\n".join(rows) + "\n"


def page(told_of_real: str) -> str:
    """Return the page."""
    whole = sum(len(items) for scripts in TABLE["planted"].values() for items in scripts.values())
    lines = sum(len(items) for scripts in TABLE["innocent"].values() for items in scripts.values())
    lost = sum(len(missed(name, script)) for name in CLASSES for script in SCRIPTS)
    false = sum(len(alarms(kind, script)) for kind in KINDS for script in SCRIPTS)
    parts = [
        "# The screen for data on persons, measured\n\n<!-- Written by `make screen` from tests/agreement/planted.toml: change it there. -->\n\n",
        (
            "Before free text leaves, `agreement/screen.py` looks for data on persons (law 11). A sentence in which it finds something stays at home; a\n"
            "record in which it finds something elsewhere is refused. It is a net of patterns with holes: what it misses is listed here, whole. The second\n"
            "officer still reads every byte that leaves. The patterns were improved with this very list before their eyes, so on other texts expect less.\n\n"
        ),
        f"{whole} planted items, all made up: {whole - lost} found, {lost} missed. {lines} innocent lines: {lines - false} let pass, {false} stopped.\n\n",
        "## Found, by class and script\n\n| class | English | Persian | Urdu | together | promised |\n|---|---|---|---|---|---|\n",
    ]
    for name, label in CLASSES.items():
        cells = []
        for script in SCRIPTS:
            items = TABLE["planted"][name][script]
            cells.append(f"{len(items) - len(missed(name, script))} of {len(items)}")
        parts.append(f"| {label} | {' | '.join(cells)} | {recall(name):.0f} % | {TABLE['promise'][name]} % |\n")
    parts.append("\n## Missed\n\n")
    for name, label in CLASSES.items():
        each = [f"`{_shown(item)}`" for script in SCRIPTS for item in missed(name, script)]
        parts.append(f"- {label}: {' · '.join(each) if each else 'none'}\n")
    parts.append("\n## Stopped without cause\n\n| kind | English | Persian | Urdu |\n|---|---|---|---|\n")
    for kind, label in KINDS.items():
        cells = [f"{len(alarms(kind, script))} of {len(TABLE['innocent'][kind][script])}" for script in SCRIPTS]
        parts.append(f"| {label} | {' | '.join(cells)} |\n")
    each = [f"`{_shown(line)}`" for kind in KINDS for script in SCRIPTS for line in alarms(kind, script)]
    parts.append(f"\n{'Stopped: ' + ' · '.join(each) if each else 'None.'}\n\n## Over real texts\n\n")
    parts.append(
        "How often it stops something in texts that nobody wrote for this. Some of them do name persons, so a stop here is no fault by itself;\n"
        "it says how much of such text would wait for an officer's hand.\n\n<!-- real -->\n" + told_of_real + "<!-- /real -->\n"
    )
    return "".join(parts)


def kept_of_real() -> str:
    """Return the table over real texts as the page holds it."""
    found = _REAL.search(PAGE.read_text("utf-8")) if PAGE.is_file() else None
    return found[0] if found else ""


def _shown(text: str) -> str:
    return _INVISIBLE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text).replace("|", "\\|")


def _real_texts() -> list[tuple[str, str, list[str]]]:
    data = SHARED / "data"
    sentences = [part for path in sorted((SHARED / "documents").glob("*.txt")) for part in _sentences(path.read_text("utf-8"))]
    with gzip.open(data / "asam/asam_1978_2010.csv.gz", "rt", encoding="utf-8", newline="") as file:
        attacks = [row["description"] for row in csv.DictReader(file) if row["description"].strip()]
    with gzip.open(data / "ged/ucdp_ged_pakistan_1989_2015.csv.gz", "rt", encoding="utf-8", newline="") as file:
        events = list(csv.DictReader(file))
    warnings = [each["text"] for each in _warnings(json.loads((data / "navwarn/navarea_ix.json").read_text("utf-8")))]
    rights = [(f"Declaration of Human Rights, {name}", script, _sentences((data / f"lang/udhr_{file}.txt").read_text("utf-8")))
              for name, script, file in (("articles", "en", "english"), ("articles", "fa", "persian_farsi"), ("articles", "ur", "urdu"))]  # fmt: skip
    return [
        ("press items on the two agreements, sentences", "en", sentences),
        ("reports of attacks at sea (NGA ASAM)", "en", attacks),
        ("headlines of violent events (UCDP GED)", "en", sorted({row["source_headline"] for row in events if row["source_headline"].strip()})),
        ("places of violent events (UCDP GED)", "en", sorted({row["where_description"] for row in events if row["where_description"].strip()})),
        ("broadcast warnings (NAVAREA IX)", "en", warnings),
        *rights,
    ]


def _warnings(told: Any) -> list[Any]:
    return told if isinstance(told, list) else next(value for value in told.values() if isinstance(value, list))


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?؟۔])\s+|\n+", text) if part.strip()]


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(real() or kept_of_real()), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

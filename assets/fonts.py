# SPDX-License-Identifier: Apache-2.0
"""The faces of the desk: which fonts are brought, and the style sheet that names them.

Persian is set in Vazirmatn, Urdu in Noto Nastaliq Urdu, everything else in Noto Sans; the map's labels in Noto Sans
Arabic, since Nastaliq lacks the forms that a map's shaping asks for, and Vazirmatn lacks a letter of Urdu (U+FBA6).
A browser loads only the files whose letters are on the page.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

FACES: Final = (
    ("noto-sans", "Noto Sans", ("latin",), (400, 700)),
    ("vazirmatn", "Vazirmatn", ("arabic", "latin"), (400, 700)),
    ("noto-nastaliq-urdu", "Noto Nastaliq Urdu", ("arabic",), (400, 700)),
    ("noto-sans-arabic", "Noto Sans Arabic", ("arabic",), (400, 700)),
)
"""Package, family, subsets, weights."""
_RULE: Final = """\
@font-face {{
  font-family: "{family}";
  font-style: normal;
  font-weight: {weight};
  font-display: swap;
  src: url("./{file}") format("woff2");
  unicode-range: {letters};
}}
"""


def write(packages: Path, to: Path) -> None:
    """Copy the fonts and write `fonts.css`."""
    rules = ["/* SPDX-License-Identifier: OFL-1.1 (the fonts). Written by assets/fonts.py. */\n"]
    for package, family, subsets, weights in FACES:
        for weight in weights:
            for subset in subsets:
                file = f"{package}-{subset}-{weight}-normal.woff2"
                shutil.copyfile(packages / package / "files" / file, to / file)
                (to / file).chmod(0o644)
                rules.append(_RULE.format(family=family, weight=weight, file=file, letters=_letters(packages / package / f"{weight}.css", file)))
    (to / "fonts.css").write_text("".join(rules), "utf-8")


def _letters(sheet: Path, file: str) -> str:
    """Return the range of letters that the package's own sheet gives a file."""
    for rule in sheet.read_text("utf-8").split("@font-face"):
        if f"/{file})" in rule:
            found = re.search(r"unicode-range:\s*([^;]+);", rule)
            if found:
                return found[1].strip()
    raise SystemExit(f"{sheet.name} names no letters for {file}")

# SPDX-License-Identifier: Apache-2.0
"""What a place is called in the reader's language, by its reference in the gazetteer. Decides nothing about where it is.

The gazetteer is the reader of documents' data (`intake/data/gazetteer.toml`); only its names are read here. The first name
of a language is the one that is shown. English readers see the name that the record itself holds.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale

GAZETTEER: Final = Path(__file__).parent.parent / "intake" / "data" / "gazetteer.toml"


def name_of(ref: str, language: str) -> str:
    """Return the name, or nothing where the gazetteer has none in `language`."""
    return "" if language == "en" or not ref else _names(language).get(ref, "")


@cache
def _names(language: str) -> dict[str, str]:
    rows = tomllib.loads(GAZETTEER.read_text("utf-8"))["place"]
    names = {row["ref"]: row[language][0] for row in rows if row.get(language)}
    return {row["ref"]: _state(row["country"], language) for row in rows if row["kind"] == "country"} | names


def _state(code: str, language: str) -> str:
    return str(Locale(language).territories.get(code, ""))

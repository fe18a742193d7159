# SPDX-License-Identifier: Apache-2.0
"""The gazetteer's names for the map: towns, sites and waters, in each language that has one. Decides no place."""

from __future__ import annotations

from hamsaya.desk.picture import Label
from hamsaya.facts.words import LANGUAGES
from hamsaya.intake.lexicon import read_data

_SHOWN = frozenset({"settlement", "site", "water"})


def map_labels() -> list[Label]:
    """Return the names in the order of the gazetteer."""
    return [
        Label(ref=row["ref"], kind=row["kind"], lon_udeg=row["lon_udeg"], lat_udeg=row["lat_udeg"],
              names={"en": row["name"]} | {code: row[code][0] for code in LANGUAGES if code != "en" and row[code]})
        for row in read_data("gazetteer.toml")["place"] if row["kind"] in _SHOWN
    ]  # fmt: skip

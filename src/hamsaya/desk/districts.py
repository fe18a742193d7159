# SPDX-License-Identifier: Apache-2.0
"""Under which name a place counts for its district: what the record itself says, so that every node and every replay finds the same.

1. The district that the place names in its own field.
2. One that its words name as such: "Sui, Dera Bugti district", "شهرستان سراوان", "ضلع کیچ".
3. Else the gazetteer's reference; which district that lies in the gazetteer knows, not the record.

The name is folded, without the word for district itself.
"""

from __future__ import annotations

import re
from typing import Final

from hamsaya.facts.folding import fold_phrase
from hamsaya.facts.values import Place

_LONGEST: Final = 80
_GENERIC: Final = frozenset(fold_phrase("near in of the district agency county tehsil شهرستان ضلع ضلعی ایجنسی"))
_BEHIND: Final = re.compile(r"(?:^|[,;،؛])\s*([^,;،؛]{2,60}?)\s+(?:district|agency|county)\b", re.IGNORECASE)
_BEFORE: Final = re.compile(r"(?<!\w)(?:شهرستان|ضلع)\s+([^,;،؛.]{2,60})")


def area_of(place: Place) -> str:
    """Return the name under which the place counts for its district, empty where it names none."""
    named = district_named(place)
    return district_key(named) if named else place.ref


def district_named(place: Place) -> str:
    """Return the district that the place names in its own field or in its words, in the words of the speaker."""
    if place.district:
        return place.district
    found = _BEHIND.search(place.words) or _BEFORE.search(place.words)
    return " ".join(found[1].split()) if found else ""


def district_key(name: str) -> str:
    """Return the name of a district as it is compared."""
    words = [word for word in fold_phrase(name) if word not in _GENERIC]
    return " ".join(words)[:_LONGEST]

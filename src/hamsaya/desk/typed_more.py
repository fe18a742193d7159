# SPDX-License-Identifier: Apache-2.0
"""The fields of a spot report beyond SALUTE and its losses: how it came out, which way, where exactly, what became of things, how long.

- Each becomes one claim, its code beside the officer's own words; `outcome` is of the activity that the report names.
- A thing with its fate ("damaged vehicle") is two claims: the property, and what became of it.
"""

from __future__ import annotations

import re
from typing import Final

from hamsaya.desk.dictation import Dictation
from hamsaya.facts.claims import ACTION_CODES, CHOICES, DAMAGE_CODES, Claim, Speaker
from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Coded, Value
from hamsaya.facts.words import Text, say

MORE: Final[dict[str, Text]] = {
    "outcome": say("Attempted or carried out"),
    "direction": say("Direction"),
    "site": say("Site"),
    "property": say("Property and what became of it"),
    "lasted": say("How long"),
    "ending": say("How it ended"),
}
"""The fields, in the order of the form."""
_MOST: Final = 8
_COMMAS: Final = re.compile(r"[,،;؛\n]")


def read_more(dictation: Dictation, name: str, text: str, activity: str) -> list[Claim]:
    """Return the claims of one field. Raises `InputError` for one that cannot be read."""
    match name:
        case "outcome":
            about = dictation.coded(activity, ACTION_CODES) if activity else None
            return [_claim(name, dictation.coded(text, CHOICES[name]), Coded(code=about.code) if about else None)]
        case "lasted":
            return [_claim(name, dictation.minutes(text))]
        case "property":
            things = [part.strip() for part in _COMMAS.split(text) if part.strip()]
            if len(things) > _MOST:
                raise InputError(say("Too many things: {n}; at most {limit}.", n=len(things), limit=_MOST))
            return [claim for thing in things for claim in _thing(dictation, thing)]
    return [_claim(name, dictation.coded(text, CHOICES[name]))]


def _thing(dictation: Dictation, text: str) -> list[Claim]:
    thing, fate = dictation.coded(text, CHOICES["property"]), dictation.coded(text, DAMAGE_CODES)
    about = Coded(code=thing.code, country=thing.country)
    return [_claim("property", thing), *([_claim("damage", fate, about)] if fate.code in DAMAGE_CODES else [])]


def _claim(predicate: str, value: Value, about: Coded | None = None) -> Claim:
    return Claim(id="", predicate=predicate, value=value, speaker=Speaker(kind="own"), about=about)

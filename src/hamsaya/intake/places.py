# SPDX-License-Identifier: Apache-2.0
"""Where it was: names of the gazetteer in a sentence, and which of several places of one name is meant (law 9).

- Names are data (`data/gazetteer.toml`) in three languages; the longest name wins.
- A name that belongs to several places is decided by a country or a district named beside it, then by the other
  places of the sentence; where that does not decide, the reference stays empty and a question is asked.
- A name that is also a common word counts only beside a word that says where.
- A place knows its radius; "near" widens it. It does not decide whether the event was there: a dateline never comes here.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from hamsaya.facts.folding import Word, fold_phrase
from hamsaya.facts.values import Place, PlacePrecision
from hamsaya.facts.words import Text, say
from hamsaya.intake.lexicon import read_data

NEAR_M: Final = 10_000
"""How far "near" reaches beyond the radius of the place itself, in metres."""
_PRECISIONS: Final[dict[str, PlacePrecision]] = {
    "settlement": "settlement", "district": "district", "province": "province", "country": "country", "site": "site",
    "water": "province",
}  # fmt: skip


class Spot(NamedTuple):
    """One place of the gazetteer; the radius in metres, coordinates in microdegrees, WGS 84."""

    ref: str
    name: str
    country: str
    kind: str
    lon_udeg: int
    lat_udeg: int
    radius_m: int
    within: str
    locative: bool
    capital: bool


class Named(NamedTuple):
    """A gazetteer name in a sentence, with all places that bear it."""

    spots: tuple[Spot, ...]
    start: int
    end: int
    first: int
    """Index of the name's first word."""
    length: int


@cache
def spots() -> dict[str, Spot]:
    """Return the gazetteer by reference."""
    rows = read_data("gazetteer.toml")["place"]
    return {row["ref"]: Spot(**{name: row.get(name, False) for name in Spot._fields}) for row in rows}


def find_place(words: list[Word], index: int, language: str) -> Named | None:
    """Return the longest gazetteer name that begins at word `index`, or None."""
    best: Named | None = None
    for phrase, found in _names(language).get(words[index].text, ()):
        size = len(phrase)
        if (best is None or size > best.length) and tuple(word.text for word in words[index : index + size]) == phrase:
            best = Named(found, words[index].start, words[index + size - 1].end, index, size)
    return best


def choose(named: Named, beside: frozenset[str], around: frozenset[str]) -> Spot | None:
    """Return the place that a name means, or None where it stays open.

    `beside` are countries and references that stand next to the name ("Pishin, Iran"); `around` are those of the rest
    of the sentence. A name that has one bearer only means that one, unless another country stands beside it.
    """
    fitting = [spot for spot in named.spots if _agrees(spot, beside)] if beside else list(named.spots)
    if len(fitting) == 1:
        return fitting[0]
    nearer = [spot for spot in fitting if around & (_above(spot) | {spot.country})]
    return nearer[0] if len(nearer) == 1 else None


def place_of(spot: Spot | None, named: Named, words: str, relation: str) -> tuple[Place, Text | None]:
    """Return the place for a claim and, where the name stays open, the question to the officer."""
    if spot is None:
        options = ", ".join(f"{each.name} ({each.country})" for each in named.spots)
        place = Place(words=words, precision="unknown", relation=relation)
        if len(named.spots) == 1:
            return place, say("“{words}” is known as {options}, but another country is named beside it. Which place "
                              "is meant?", words=words, options=options)  # fmt: skip
        return place, say("Which place is meant by “{words}”: {options}?", words=words, options=options)
    radius = spot.radius_m + (NEAR_M if relation == "near" else 0)
    return Place(words=words, precision=_PRECISIONS[spot.kind], name=spot.name, ref=spot.ref, country=spot.country,
                 lon_udeg=spot.lon_udeg, lat_udeg=spot.lat_udeg, radius_m=radius, relation=relation), None  # fmt: skip


def precision_of_kind(kind: str) -> PlacePrecision:
    """Return how exactly something is known that is known to such a place."""
    return _PRECISIONS[kind]


def contains(outer: str, inner: str) -> bool:
    """Say whether the place `outer` is the same as `inner`, or one of the areas that it lies within (references)."""
    known = spots()
    return inner in known and outer in _above(known[inner]) | {inner}


def _above(spot: Spot) -> frozenset[str]:
    known, above, within = spots(), set(), spot.within
    while within and within not in above:
        above.add(within)
        within = known[within].within if within in known else ""
    return frozenset(above | {spot.country} - {""})


def _agrees(spot: Spot, beside: frozenset[str]) -> bool:
    """A country or a district beside the name that is not the spot's own speaks against it."""
    own = _above(spot) | {spot.ref}
    known = spots()
    return all(each in own or (each in known and contains(spot.ref, each)) for each in beside)


@cache
def _names(language: str) -> dict[str, tuple[tuple[tuple[str, ...], tuple[Spot, ...]], ...]]:
    """Index the names by first word. Persian and Urdu share a script and lend each other their spellings."""
    tables = ("en",) if language == "en" else ("fa", "ur")
    bearers: dict[tuple[str, ...], list[Spot]] = {}
    for row in read_data("gazetteer.toml")["place"]:
        phrases = {fold_phrase(name) for table in tables for name in row[table]}
        for phrase in sorted(phrases):
            bearers.setdefault(phrase, []).append(spots()[row["ref"]])
    index: dict[str, list[tuple[tuple[str, ...], tuple[Spot, ...]]]] = {}
    for phrase, found in bearers.items():
        index.setdefault(phrase[0], []).append((phrase, tuple(found)))
    return {first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in index.items()}

# SPDX-License-Identifier: Apache-2.0
"""Which place a short typed field means (law 9): coordinates, a grid reference, a name of the gazetteer, or so far in such a direction of one.

- "12 km NE of Taftan" is a point on the ellipsoid with a radius that holds every point which these words could mean: a
  direction of eight winds is good for 22.5° to either side, one of sixteen for 11.25°, a bearing in degrees for 2.5°, or 5°
  where it ends in 0; a distance for half a unit of its last digit or a tenth of itself, whichever is more; and the place has its own.
- "3 km inside Pakistan" is told as a distance of its own, beside the place where one is named too ("3 km inside Pakistan near Panjgur").
- Points parted by semicolons are a line, or an area where the last is the first again.
- "12 km from Taftan" names no direction: a circle around the place that reaches that far.
- A name that belongs to several places is a question, never a guess; one that nobody knows is kept as words, without a point.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from functools import cache
from typing import Final, NamedTuple

import msgspec

from hamsaya.desk.dictation import District, PlaceRead, Suggested
from hamsaya.desk.districts import district_key, district_named
from hamsaya.facts.errors import InputError
from hamsaya.facts.folding import fold, fold_phrase
from hamsaya.facts.grids import read_grid
from hamsaya.facts.points import Area, parse_point, precision_of, travel
from hamsaya.facts.shapes import parse_shape
from hamsaya.facts.values import Place
from hamsaya.facts.words import LANGUAGES, say
from hamsaya.intake.lexicon import lexicon_for, read_data
from hamsaya.intake.places import NEAR_M, Spot, contains, precision_of_kind, spots
from hamsaya.intake.typed_inside import Inside, read_inside
from hamsaya.intake.typed_words import countries

MOST: Final = 8
_FARTHEST_M: Final = 500_000
_CLOSE: Final = 0.78
_NUMBER: Final = r"(?P<number>\d{1,4}(?:\.\d{1,3})?)"
_MARKS: Final = re.compile(r"[^\w.°]+")
_BEARING: Final = re.compile(r"(?<![\w.])(?P<bearing>\d{2,3}) ?(?:°|deg\b|degrees\b)")


class Offset(NamedTuple):
    """So far in such a direction; no direction where the words name none. `half` is the doubt of the direction in degrees."""

    distance_m: float
    doubt_m: float
    bearing: float | None
    half: float


class _Parts(NamedTuple):
    offset: Offset | None
    near: bool
    name: str
    """The folded words that name the place."""


def read_place(text: str, ref: str, language: str) -> PlaceRead:
    """Return the place, or the choices between several. Raises `InputError` for bad coordinates and offsets without a place."""
    square = read_grid(_lettered(fold(text).text))
    if square is not None:
        radius = max(1, math.ceil(square.radius_m))
        lon_udeg, lat_udeg = round(square.lon * 1_000_000), round(square.lat * 1_000_000)
        return PlaceRead(place=Place(words=text, precision=precision_of(radius), lon_udeg=lon_udeg, lat_udeg=lat_udeg, radius_m=radius))
    shape = parse_shape(_lettered(fold(text).text), text, area()) if ";" in text else None
    if shape is not None:
        return PlaceRead(place=shape)
    point = parse_point(_lettered(fold(text).text), area())
    if point is not None:
        return PlaceRead(
            place=Place(words=text, precision=precision_of(point.radius_m), lon_udeg=point.lon_udeg, lat_udeg=point.lat_udeg, radius_m=point.radius_m)
        )
    inside = read_inside(fold(text).text)
    if inside is not None:
        return _inside(inside, text, ref, language)
    parts = _parts(fold(text).text)
    bearers = _bearers(parts.name)
    if len(bearers) > 1 and any(spot.ref == ref for spot in bearers):
        bearers = [spot for spot in bearers if spot.ref == ref]
    if len(bearers) == 1:
        return PlaceRead(place=_at(bearers[0], parts, text))
    if bearers:
        return PlaceRead(place=None, choices=[_suggested(spot, language, text) for spot in bearers])
    return _unknown(text, parts, language)


def _inside(told: Inside, text: str, ref: str, language: str) -> PlaceRead:
    """Return the place that is left when "3 km inside Pakistan" is taken out of the text, with how far inside that was."""
    depth = msgspec.structs.replace(told.depth, words=text)
    if not _parts(told.rest).name and not re.search(r"\d", told.rest):
        return PlaceRead(place=Place(words=text, precision="unknown", country=depth.territory, relation="inside"), depth=depth)
    read = read_place(told.rest, ref, language)
    place = msgspec.structs.replace(read.place, words=text) if read.place is not None else None
    return msgspec.structs.replace(read, place=place, depth=depth)


def _unknown(text: str, parts: _Parts, language: str) -> PlaceRead:
    close = [spot for name in get_close_matches(parts.name, _index(), n=3, cutoff=_CLOSE) for spot in _index()[name]]
    choices = [_suggested(spot, language, "") for spot in dict.fromkeys(close)]
    if parts.offset is not None and not parts.name:
        raise InputError(say("So far from where? Name the place, such as 12 km NE of Taftan."))
    if parts.offset is not None:
        raise InputError(
            say("“{name}” is not in the gazetteer, so that no point can be counted from it.", name=parts.name[:60]),
            say("Perhaps you mean: {names}", names=", ".join(each.name for each in choices))
            if choices
            else say("Choose a place that is suggested, or type coordinates."),
        )
    note = say("This place is not in the gazetteer: it is kept in your words, without a point on the map.")
    return PlaceRead(place=Place(words=text, precision="unknown", relation="near" if parts.near else ""), choices=choices, note=note)


def suggest_places(text: str, language: str, country: str) -> list[Suggested]:
    """Return places whose name, or a word of it, begins like what was typed; an offset before the name stays in the text."""
    folded = fold(text).text.strip()
    parts = _parts(folded)
    if not parts.name or len(parts.name) > 60:
        return []
    found: dict[Spot, tuple[int, int, str]] = {}
    for name, bearers in _index().items():
        rank = 0 if name == parts.name else 1 if name.startswith(parts.name) else 2 if f" {parts.name}" in name else None
        if rank is None:
            continue
        for spot in bearers:
            key = (rank, 0 if spot.country == country else 1, spot.name)
            found[spot] = min(key, found.get(spot, key))
    ranked = sorted(found, key=lambda spot: found[spot])[:MOST]
    tail = re.search(rf"\S+(?:\s+\S+){{{len(parts.name.split()) - 1}}}\s*$", text)
    lead = text[: tail.start()] if tail and " ".join(fold_phrase(tail[0])) == parts.name else ""
    return [_suggested(spot, language, f"{lead}{_name_in(spot, language)}") for spot in ranked]


def district_of(place: Place) -> District | None:
    """Return the district that a place names, or in which the gazetteer has it; None where neither tells one."""
    named = district_named(place)
    if named:
        spot = next((each for each in _index().get(district_key(named), []) if each.kind == "district"), None)
        return _district(spot) if spot else District(name=named, areas=(district_key(named),))
    spot = spots().get(place.ref)
    if spot is None and not place.ref and not place.name:
        bearers = _bearers(_parts(fold(place.words).text).name) if place.words else []
        spot = bearers[0] if len(bearers) == 1 else None
    while spot is not None and spot.kind != "district":
        spot = spots().get(spot.within)
    return _district(spot) if spot else None


@cache
def _district(spot: Spot) -> District:
    within = [each.ref for each in spots().values() if contains(spot.ref, each.ref)]
    names = [district_key(name) for name, bearers in _index().items() if spot in bearers]
    return District(name=spot.name, areas=tuple(dict.fromkeys([*within, *names])))


def offset_point(spot: Spot, offset: Offset) -> tuple[int, int, int]:
    """Return longitude, latitude (microdegrees) and the radius in metres that holds all that the words could mean."""
    reach = offset.distance_m + offset.doubt_m
    if offset.bearing is None:
        return spot.lon_udeg, spot.lat_udeg, math.ceil(reach) + spot.radius_m
    lon, lat = travel(spot.lon_udeg, spot.lat_udeg, offset.bearing, offset.distance_m)
    aside = 2 * reach * math.sin(math.radians(offset.half) / 2)
    return lon, lat, math.ceil(aside + offset.doubt_m) + spot.radius_m


@cache
def area() -> Area:
    """Return the box around the places of the gazetteer: where this node's points are to be expected."""
    known = [spot for spot in spots().values() if spot.kind not in ("country", "water")]
    lons, lats = [spot.lon_udeg for spot in known], [spot.lat_udeg for spot in known]
    return Area(min(lons), min(lats), max(lons), max(lats))


def _at(spot: Spot, parts: _Parts, text: str) -> Place:
    if parts.offset is not None:
        lon, lat, radius = offset_point(spot, parts.offset)
        return Place(words=text, precision=precision_of(radius), country="", lon_udeg=lon, lat_udeg=lat, radius_m=radius)
    radius = spot.radius_m + (NEAR_M if parts.near else 0)
    relation = "near" if parts.near else ""
    return Place(words=text, precision=precision_of_kind(spot.kind), name=spot.name, ref=spot.ref, country=spot.country, lon_udeg=spot.lon_udeg,
                 lat_udeg=spot.lat_udeg, radius_m=radius, relation=relation)  # fmt: skip


def _parts(folded: str) -> _Parts:
    """Take the offset and the words that say where out of the folded text; what is left names the place."""
    text = f" {_MARKS.sub(' ', folded)} "
    distance = re.search(rf"(?<![\w.]){_NUMBER} ?(?P<unit>{_either(_units())})(?!\w)", text)
    offset = None
    if distance:
        text = f"{text[: distance.start()]} {text[distance.end() :]}"
        bearing = _BEARING.search(text)
        winds = {**_winds("direction"), **_winds("between")}
        wind = None if bearing else re.search(rf"(?<!\w)(?P<wind>{_either(winds)})(?!\w)", text)
        taken = bearing or wind
        if taken:
            text = f"{text[: taken.start()]} {text[taken.end() :]}"
        offset = _offset(distance, bearing, winds[wind["wind"]] if wind else None)
    near = re.search(rf"(?<!\w)(?:{_either(_phrases('near'))})(?!\w)", text) if offset is None else None
    if near:
        text = f"{text[: near.start()]} {text[near.end() :]}"
    beside = _phrases("beside")
    words = [word for word in text.split() if word.strip(".")]
    while words and words[0] in beside:
        words = words[1:]
    while words and words[-1] in beside:
        words = words[:-1]
    return _Parts(offset, near is not None, " ".join(words))


def _offset(distance: re.Match[str], bearing: re.Match[str] | None, wind: tuple[float, float] | None) -> Offset:
    unit = _units()[distance["unit"]]
    metres = float(distance["number"]) * unit
    if not 0 < metres <= _FARTHEST_M:
        raise InputError(say("A place is told from another no farther than 500 km away; this came: {came}", came=distance[0].strip()[:40]))
    doubt = max(0.5 * unit * 10.0 ** -len(distance["number"].partition(".")[2]), metres / 10)
    if bearing and int(bearing["bearing"]) > 360:
        raise InputError(say("A bearing ends at 360°; this came: {came}", came=bearing["bearing"]))
    if bearing:
        return Offset(metres, doubt, float(bearing["bearing"]), 5.0 if bearing["bearing"].endswith("0") else 2.5)
    return Offset(metres, doubt, *wind) if wind else Offset(metres, doubt, None, 0)


def _lettered(folded: str) -> str:
    """Write north, east, south and west as letters, so that coordinates read alike in each language."""
    for letter, phrases in read_data("typed.toml")["letter"].items():
        for phrase in sorted((fold(each).text for each in phrases), key=len, reverse=True):
            folded = re.sub(rf"(?<![^\W\d_]){re.escape(phrase)}(?![^\W\d_])", letter, folded)
    return re.sub(r"(?<=\d) ?(?:درجه|deg)\b", "°", folded).replace(" و ", " , ")


def _bearers(name: str) -> list[Spot]:
    """Return the places of that name; a country or an area behind it narrows them ("pishin iran")."""
    country = countries().get(tuple(name.split()), "")
    found = _index().get(name, []) or ([spots()[country]] if country in spots() else [])
    if found or " " not in name:
        return found
    words = tuple(name.split())
    for cut in range(len(words) - 1, 0, -1):
        beside = words[cut:]
        country = countries().get(beside, "")
        areas = [spot.ref for spot in _index().get(" ".join(beside), [])]
        fitting = [
            spot for spot in _index().get(" ".join(words[:cut]), []) if spot.country == country or any(contains(each, spot.ref) for each in areas)
        ]
        if fitting:
            return fitting
    return []


def _suggested(spot: Spot, language: str, text: str) -> Suggested:
    within = spots().get(spot.within)
    area_name = _name_in(within, language) if within is not None and within.kind != "country" else ""
    return Suggested(ref=spot.ref, name=_name_in(spot, language), area=area_name, country=spot.country, text=text or _name_in(spot, language))


def _name_in(spot: Spot, language: str) -> str:
    return _names()[spot.ref].get(language) or spot.name


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["ref"]: {code: row[code][0] for code in LANGUAGES if row[code]} for row in read_data("gazetteer.toml")["place"]}


@cache
def _index() -> dict[str, list[Spot]]:
    """Return the places by folded name, in three languages together; countries have a table of their own."""
    index: dict[str, list[Spot]] = {}
    for row in read_data("gazetteer.toml")["place"]:
        spot = spots()[row["ref"]]
        for name in dict.fromkeys(" ".join(fold_phrase(name)) for name in (row["name"], *row["en"], *row["fa"], *row["ur"])):
            if spot.kind != "country":
                index.setdefault(name, []).append(spot)
    return index


@cache
def _units() -> dict[str, int]:
    tables = (lexicon_for(language).table("distance") for language in LANGUAGES)
    return {fold(phrase).text: int(metres) for table in tables for metres, phrases in table.items() for phrase in phrases}


@cache
def _winds(table: str) -> dict[str, tuple[float, float]]:
    half = 22.5 if table == "direction" else 11.25
    return {fold(phrase).text: (float(degrees), half) for degrees, phrases in read_data("typed.toml")[table].items() for phrase in phrases}


@cache
def _phrases(name: str) -> frozenset[str]:
    return frozenset(fold(phrase).text for phrase in read_data("typed.toml")["place"][name])


def _either(phrases: object) -> str:
    assert isinstance(phrases, dict | frozenset)  # noqa: S101  (for the type checker)
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))

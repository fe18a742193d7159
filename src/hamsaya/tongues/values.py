# SPDX-License-Identifier: Apache-2.0
"""How a claim's value prints: the neutral code or number in the reader's language, beside the speaker's own words (law 6).

- A range stays a range: "3 or more", "25 to 35" (law 7).
- The speaker's own words are never translated; `value_parts` keeps them apart, so that a page can isolate them.
- Points print longitude first, each with its letter, and are read left to right in every language (law 9).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec
from babel import Locale

from hamsaya.facts.claims import CODES
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value, Words
from hamsaya.facts.words import Text, say
from hamsaya.tongues.calendars import other_calendar, show_moment
from hamsaya.tongues.catalogue import translate
from hamsaya.tongues.numbers import in_signs, show_number
from hamsaya.tongues.placenames import name_of

RELATIONS: Final[dict[str, Text]] = {
    "near": say("near {place}"),
    "in": say("in {place}"),
    "inside": say("inside {place}"),
}
PRECISIONS: Final[dict[str, Text]] = {
    "exact": say("exact point"),
    "site": say("known to the site"),
    "settlement": say("known to the settlement"),
    "district": say("known to the district"),
    "province": say("known to the province"),
    "country": say("known to the country"),
    "unknown": say("place not resolved"),
}
_KM_M: Final = 1_000
_QUOTES: Final = {"fa": ("«", "»"), "ur": ("”", "“")}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A value in parts.

    `main` is in the reader's language, `words` are the speaker's own, `aside` says how exact it is, `point` is a
    coordinate to be read left to right, `other` the same time in the other calendar.
    """

    main: str
    words: str = ""
    aside: str = ""
    point: str = ""
    other: str = ""


def show_count(count: Count, language: str) -> str:
    """Return how many, as a range where it is one."""
    low = show_number(count.low, language)
    if count.high is None:
        return translate(say("{low} or more", low=low), language)
    if count.high == count.low:
        return low
    return translate(say("{low}–{high}", low=low, high=show_number(count.high, language)), language)


def show_depth(depth: Depth, language: str) -> str:
    """Return how far inside which territory."""
    where = show_country(depth.territory, language) or "—"
    if depth.high_m is None:
        return translate(say("{distance} or more inside {territory}", distance=_distance(depth.low_m, language), territory=where), language)
    if depth.high_m != depth.low_m:
        low, high = _distance(depth.low_m, language), _distance(depth.high_m, language)
        return translate(say("{low} to {high} inside {territory}", low=low, high=high, territory=where), language)
    return translate(say("{distance} inside {territory}", distance=_distance(depth.low_m, language), territory=where), language)


def show_place(place: Place, language: str) -> str:
    """Return the place's name with its relation and country; its point only where it has no name."""
    known = name_of(place.ref, language) or place.name
    name = known or place.words
    country = show_country(place.country, language)
    if country and country != name:
        name = translate(say("{place}, {country}", place=name, country=country), language) if name else country
    if place.district and place.district not in name:
        name = translate(say("{place}, district {district}", place=name, district=place.district), language) if name else place.district
    relation = RELATIONS.get(place.relation) if known else None  # words of the source say the relation themselves: "near the border"
    return translate(Text(relation.message, {"place": name}), language) if relation and name else name or show_point(place) or "—"


def show_point(place: Place) -> str:
    """Return `62.7500 E 28.8200 N ± 5 km`, or nothing where no point is known. To be read left to right."""
    if place.lon_udeg is None or place.lat_udeg is None:
        return ""
    lon = f"{abs(place.lon_udeg) / 1e6:.4f} {'E' if place.lon_udeg >= 0 else 'W'}"
    lat = f"{abs(place.lat_udeg) / 1e6:.4f} {'N' if place.lat_udeg >= 0 else 'S'}"
    if place.radius_m is None:
        return f"{lon} {lat}"
    radius = f"{place.radius_m / _KM_M:.3g} km" if place.radius_m >= _KM_M else f"{place.radius_m} m"
    return f"{lon} {lat} ± {radius}"


def show_coded(coded: Coded, language: str) -> str:
    """Return the neutral code in words, with its country."""
    label = translate(CODES[coded.code], language) if coded.code in CODES else coded.code
    country = show_country(coded.country, language)
    return translate(say("{what} ({country})", what=label, country=country), language) if country else label


@lru_cache(maxsize=1024)
def show_country(code: str, language: str) -> str:
    """Return a country's name by ISO 3166-1 alpha-2; the code itself where it is not known, empty for none."""
    found = Locale(language).territories.get(code.upper(), code) if code else ""
    return str(found)


def value_parts(value: Value, language: str, *, zone: str = "") -> Shown:
    """Return the value in parts, for a page that marks each part up."""
    main = show_main(value, language, zone=zone)
    match value:
        case Moment():
            return Shown(main=main, words=value.words, other=other_calendar(value, language))
        case Place():
            words = value.words if value.words not in (value.name, name_of(value.ref, language)) else ""
            aside = translate(_exactness(value, language), language)
            return Shown(main=main, words=words if value.name else "", aside=aside, point=show_point(value))
        case Words():
            return Shown(main=main, words=value.text)
    return Shown(main=main, words=value.words)


def show_main(value: Value, language: str, *, zone: str = "") -> str:
    """Return the value in the reader's language, without what stands beside it; empty for what is nothing but words."""
    match value:
        case Moment():
            return show_moment(value, language, zone=zone)
        case Place():
            return show_place(value, language)
        case Count():
            return show_count(value, language)
        case Depth():
            return show_depth(value, language)
        case Coded():
            return show_coded(value, language)
        case Words():
            return ""


def _exactness(place: Place, language: str) -> Text:
    """Return how exactly a place is known; of a line or an area, how many points it has."""
    if place.along or place.around:
        n = show_number(len(place.along or place.around), language)
        return say("a line of {n} points", n=n) if place.along else say("an area with {n} corners", n=n)
    return PRECISIONS[place.precision]


def quotes(language: str) -> tuple[str, str]:
    """Return the marks that stand before and after somebody's own words, as `language` writes them."""
    return _QUOTES.get(language, ("“", "”"))


def show_value(value: Value, language: str, *, zone: str = "") -> str:
    """Return the value as one line: its parts, the speaker's own words in quotation marks."""
    parts = value_parts(value, language, zone=zone)
    opening, closing = quotes(language)
    words = f"{opening}{parts.words}{closing}" if parts.words else ""
    return " ".join(part for part in (parts.main, words, parts.point) if part)


def show_distance(metres: int, language: str) -> str:
    """Return a measured distance, to three digits where it is told in kilometres: more would promise what no line keeps."""
    if metres < _KM_M:
        return translate(say("{n} m", n=show_number(metres, language)), language)
    km = f"{metres / _KM_M:.1f}".removesuffix(".0") if metres < 100 * _KM_M else f"{round(metres / _KM_M):,}"
    return translate(say("{n} km", n=in_signs(km, language)), language)


def _distance(metres: int, language: str) -> str:
    if metres >= _KM_M:
        return translate(say("{n} km", n=in_signs(f"{metres / _KM_M:g}", language)), language)
    return translate(say("{n} m", n=show_number(metres, language)), language)

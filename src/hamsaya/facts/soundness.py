# SPDX-License-Identifier: Apache-2.0
"""Whether a record that somebody else wrote can be kept and shown: numbers in range, names in form, text that is text.

What is unsound is never applied. A code or predicate that this version does not know is sound: it is shown as it is.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any, Final

import msgspec

from hamsaya.facts.claims import PREDICATES, Claim
from hamsaya.facts.grades import is_graded
from hamsaya.facts.records import Derived, Record, has_stages
from hamsaya.facts.shapes import MAX_POINTS, is_outline
from hamsaya.facts.stages import Change
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value
from hamsaya.facts.words import Text, say

MAX_CLAIMS: Final = 500
MAX_DERIVED: Final = 100
MAX_CHANGES: Final = 200
MAX_CODES: Final = 1_000
MAX_TEXT: Final = 4_000
MAX_NUMBER: Final = 1_000_000_000
YEARS: Final = range(1900, 2201)
_RIGHT_ANGLE: Final = 90_000_000
"""In microdegrees."""
_NAME: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,63}")
_PARTY: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LEVEL: Final = re.compile(r"[a-z][a-z0-9_+]{0,39}")
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}(?::[a-z][a-z0-9_]{0,39}(?:@[A-Z]{2})?)?")
_COUNTRY: Final = re.compile(r"(?:[A-Z]{2})?")
_JOINERS: Final = frozenset("\u200c\u200d\u200e\u200f\u061c\n\t")
"""Letters that Persian and Urdu are typed with, and the ends of lines. A directional mark reorders nothing beyond itself."""
_CONTROL: Final = ("Cc", "Cf", "Cs", "Co")


def is_plain(text: str, limit: int = MAX_TEXT) -> bool:
    """Say whether `text` is no longer than `limit` and holds no control character that could repaint or reorder it."""
    return len(text) <= limit and ((text.isascii() and text.isprintable()) or all(map(_is_plain_letter, text)))


def as_plain(text: str) -> str:
    """Return `text` without the control characters that a document may hold: line ends of other machines, overrides."""
    return "".join(filter(_is_plain_letter, text))


def _is_plain_letter(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter) not in _CONTROL


def is_name(text: str) -> bool:
    """Say whether `text` has the form of a record's or incident's name, such as `WEST-R-7F3KQ2`."""
    return bool(_NAME.fullmatch(text))


def is_party(text: str) -> bool:
    """Say whether `text` has the form of a party's short name."""
    return bool(_PARTY.fullmatch(text))


def is_code(text: str) -> bool:
    """Say whether `text` has the form of a predicate or code."""
    return bool(_CODE.fullmatch(text))


def what_is_unsound(record: Record) -> Text | None:
    """Return the first thing that cannot be kept, in words that do not repeat it; None for a sound record."""
    if not is_name(record.id) or not all(is_name(name) for name in (record.incident, record.answers) if name):
        return say("The name of the record or of its incident is not in form.")
    if record.step and not (record.answers and is_code(record.step)):
        return say("What the record moves on, or how, is not in form.")
    if not 1 <= record.version <= MAX_NUMBER or not 0 <= record.withheld <= MAX_NUMBER:
        return say("A number of the record is out of range.")
    if len(record.claims) > MAX_CLAIMS:
        return say("A record holds at most {limit} claims; this one has {n}.", limit=MAX_CLAIMS, n=len(record.claims))
    if not _COUNTRY.fullmatch(record.side) or record.filed_at.year not in YEARS:
        return say("The side or the time of the record is not in form.")
    if len(record.derived) > MAX_DERIVED or not all(map(_is_link, record.derived)):
        return say("What the record rests on is not in form.")
    if record.stage and not has_stages(record):
        return say("Only a party's own incident account has a stage.")
    if len(record.changes) > MAX_CHANGES or not all(_is_change(change, record) for change in record.changes):
        return say("What the record says of its own changes is not in form.")
    if not _are_plain(record):
        return say("A text of the record is too long, or holds control characters.")
    return next((fault for claim in record.claims if (fault := _claim_fault(claim)) is not None), None)


def _is_link(link: Derived) -> bool:
    return is_name(link.record) and 1 <= link.version <= MAX_NUMBER and is_party(link.party)


def _is_change(change: Change, record: Record) -> bool:
    codes = [*change.was, *change.now]
    in_form = bool(_FIELD.fullmatch(change.field)) and len(codes) <= MAX_CODES and all(map(_LEVEL.fullmatch, codes))
    return in_form and 1 < change.version <= record.version and change.at.year in YEARS


def what_is_unsound_in(claim: Claim) -> Text | None:
    """Return the first thing in one claim that cannot be kept; None for a sound claim."""
    if not _are_plain(claim):
        return say("A text of the claim is too long, or holds control characters.")
    return _claim_fault(claim)


def is_sound(value: Value) -> bool:
    """Say whether a value that stands alone can be kept: its numbers in range, its texts plain."""
    return _fault_in(value) is None and _are_plain(value)


def _claim_fault(claim: Claim) -> Text | None:
    known = PREDICATES.get(claim.predicate)
    if not _CODE.fullmatch(claim.predicate) or (known is not None and not isinstance(claim.value, known.value)):
        return say("Claim {id} holds a value that does not fit its kind.", id=claim.id[:20])
    if claim.grade is not None and not is_graded(claim.grade):
        return say("Claim {id} has no proper grade.", id=claim.id[:20])
    if claim.nature and not _CODE.fullmatch(claim.nature):
        return say("Claim {id} does not say in a known form how it is known.", id=claim.id[:20])
    span = claim.span
    if span is not None and not 0 <= span.sentence_start <= span.start <= span.end <= span.sentence_end <= MAX_NUMBER:
        return say("Claim {id} rests on no proper span.", id=claim.id[:20])
    values = [claim.value] if claim.about is None else [claim.value, claim.about]
    fault = next((fault for value in values if (fault := _fault_in(value)) is not None), None)
    return None if fault is None else say("Claim {id} holds a value out of range: {why}", id=claim.id[:20], why=fault)


def _fault_in(value: object) -> Text | None:
    """Return why a value cannot be; None where it can."""
    match value:
        case Moment():
            return _fault_in_times([at for at in (value.start, value.end) if at is not None])
        case Place():
            return _fault_in_place(value)
        case Count():
            return _fault_in_range(value.low, value.high)
        case Depth():
            return _fault_in_range(value.low_m, value.high_m)
        case Coded():
            return None if _CODE.fullmatch(value.code) and _COUNTRY.fullmatch(value.country) else say("a code or a country is not in form")
    return None


def _fault_in_times(times: list[datetime]) -> Text | None:
    if any(at.year not in YEARS for at in times):
        return say("a year lies outside {first} to {last}", first=YEARS[0], last=YEARS[-1])
    return say("the time ends before it begins") if len(times) > 1 and times[0] > times[1] else None


def _fault_in_range(low: int, high: int | None) -> Text | None:
    if low < 0 or (high is not None and high < 0):
        return say("a number cannot be below 0; this came: {came}", came=min(low, 0 if high is None else high))
    if low > MAX_NUMBER or (high is not None and high > MAX_NUMBER):
        return say("a number is above {limit}", limit=MAX_NUMBER)
    return say("at most {high} is less than at least {low}", high=high, low=low) if high is not None and high < low else None


def _fault_in_place(place: Place) -> Text | None:
    lon, lat, radius = place.lon_udeg or 0, place.lat_udeg or 0, place.radius_m or 0
    if abs(lat) > _RIGHT_ANGLE and abs(lat) <= 2 * _RIGHT_ANGLE and abs(lon) <= _RIGHT_ANGLE:
        return say(
            "there is no latitude {lat}°; if the two were swapped, the longitude is {lat}° and the latitude {lon}°", lat=lat / 1e6, lon=lon / 1e6
        )
    if abs(lat) > _RIGHT_ANGLE or abs(lon) > 2 * _RIGHT_ANGLE:
        return say("a longitude ends at 180°, a latitude at 90°")
    if any(abs(lat) > _RIGHT_ANGLE or abs(lon) > 2 * _RIGHT_ANGLE for lon, lat in (*place.along, *place.around)):
        return say("a longitude ends at 180°, a latitude at 90°")
    if not is_outline(place):
        return say("a line has from 2 to {limit} points, an area from 3, and a point with a radius that holds them", limit=MAX_POINTS)
    if not 0 <= radius <= 20_000_000 or not _COUNTRY.fullmatch(place.country):
        return say("the radius or the country of a place is not in form")
    return None


def _are_plain(value: object) -> bool:
    """Say whether every text in `value` is plain. Most values are short and need no escape in JSON: there each letter is looked at once."""
    try:
        whole = msgspec.json.encode(value).decode()
    except ValueError:  # a text that is none
        whole = ""
    if 0 < len(whole) <= MAX_TEXT and "\\" not in whole and all(map(_is_plain_letter, set(whole))):
        return True
    texts: list[str] = []
    _gather(msgspec.to_builtins(value), texts)
    return all(map(is_plain, texts))


def _gather(value: Any, texts: list[str]) -> None:
    """Put every text that stands in `value` into `texts`; not those that name a field."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            if type(item) is str:
                texts.append(item)
            else:
                _gather(item, texts)

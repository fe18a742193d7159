# SPDX-License-Identifier: Apache-2.0
"""A claim as a form of plain text fields, and back. Decides how an officer writes a value; soundness decides whether it is kept.

- What was not touched stays as it was, exactly: a value is read from the fields only where one of them was changed.
- A time is a year, month, day, hour or minute as `2026-11-12 09:30`, in this node's zone; its length is its precision. A year
  before 1700 is of the Jalali calendar. With a second time it is all from the first to the end of the second. Empty: not known.
- A time that is written otherwise ("21 Nov 0640", a Jalali month by name, "yesterday") is read as in a report, by the reader that is given.
- Digits of any script are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec
from persiantools.jdatetime import JalaliDate

from hamsaya.facts.claims import Claim, Hedge, Speaker, SpeakerKind
from hamsaya.facts.errors import InputError
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, PlacePrecision, TimePrecision, Value, Words
from hamsaya.facts.words import Text, say

FIELDS: Final[dict[str, Text]] = {
    "code": say("Neutral code"),
    "low": say("At least"),
    "high": say("At most"),
    "more": say("or more: no upper bound"),
    "territory": say("Territory that was entered"),
    "name": say("Name of the place"),
    "precision": say("How exact"),
    "relation": say("In what relation to it"),
    "country": say("Country"),
    "lon": say("Longitude, degrees east"),
    "lat": say("Latitude, degrees north"),
    "radius": say("Radius in metres"),
    "from": say("Time"),
    "to": say("until the end of"),
    "text": say("Words"),
    "words": say("Own words of the speaker"),
    "about": say("Of whom"),
    "about_country": say("Of which country"),
    "speaker": say("Who said it"),
    "office": say("Office that is quoted"),
    "side": say("Side that speaks"),
    "hedge": say("How sure"),
    "hedge_words": say("Words of doubt"),
    "nature": say("How it is known"),
}
"""Each field of the form by its name; a page shows those that its claim has."""
BY_OFFICER: Final = "by-officer"
_JALALI_BEFORE: Final = 1700
_TIME: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T]+(\d{1,2})(?::(\d{2}))?)?)?)?")
_LENGTHS: Final[tuple[TimePrecision, ...]] = ("year", "month", "day", "hour", "minute")
_UDEG: Final = 1_000_000
Fields = dict[str, str]
ReadTime = Callable[[str], Moment]


def fields_of(claim: Claim, zone: str) -> Fields:
    """Return what the form shows for a claim. Raises nothing: every claim that is kept can be shown."""
    fields = {**_value_fields(claim.value, zone)}
    if claim.about is not None:
        fields |= {"about": claim.about.code, "about_country": claim.about.country}
    speaker = claim.speaker
    return fields | {
        "speaker": speaker.kind, "office": speaker.office, "side": speaker.side, "hedge": claim.hedge, "hedge_words": claim.hedge_words,
        "nature": claim.nature,
    }  # fmt: skip


def claim_from(before: Claim, sent: Mapping[str, str], zone: str, read_time: ReadTime | None = None) -> Claim:
    """Return the claim as the form says, what was not touched as before. `read_time` reads times as an officer types them.

    Raises `InputError` for what cannot be read.
    """
    shown = fields_of(before, zone)
    now = {name: sent.get(name, "" if name == "more" and "low" in sent else shown[name]).strip() for name in shown}  # an empty box is not sent
    touched = {name for name in shown if now[name] != shown[name].strip()}
    value, about = before.value, before.about
    if touched & set(_value_fields(before.value, zone)):
        value = _value(before.value, now, touched, zone, read_time)
    if about is not None and touched & {"about", "about_country"}:
        about = msgspec.structs.replace(about, code=now["about"], country=now["about_country"].upper())
    speaker = Speaker(
        kind=_one_of(SpeakerKind, now["speaker"], "speaker"), office=now["office"], side=now["side"].upper(), handle=before.speaker.handle,
    )  # fmt: skip
    hedge = _one_of(Hedge, now["hedge"], "hedge")
    return msgspec.structs.replace(
        before, value=value, about=about, speaker=speaker, hedge=hedge, hedge_words=now["hedge_words"], nature=now["nature"]
    )


def _value_fields(value: Value, zone: str) -> Fields:
    match value:
        case Count():
            return {**_range(value.low, value.high), "words": value.words}
        case Depth():
            return {**_range(value.low_m, value.high_m), "territory": value.territory, "words": value.words}
        case Place():
            return {
                "name": value.name, "relation": value.relation, "country": value.country, "precision": value.precision, "words": value.words,
                "lon": _degrees(value.lon_udeg), "lat": _degrees(value.lat_udeg), "radius": "" if value.radius_m is None else str(value.radius_m),
            }  # fmt: skip
        case Moment():
            return {**_moment_fields(value, zone), "words": value.words}
        case Coded():
            return {"code": value.code, "country": value.country, "words": value.words}
        case Words():
            return {"text": value.text}


def _value(before: Value, now: Fields, touched: set[str], zone: str, read_time: ReadTime | None) -> Value:
    match before:
        case Count():
            low, high = _read_range(now)
            return Count(low=low, high=high, words=now["words"])
        case Depth():
            low, high = _read_range(now)
            return Depth(low_m=low, high_m=high, territory=now["territory"].upper(), words=now["words"])
        case Place():
            return _place(before, now, touched)
        case Moment():
            return _moment(before, now, touched, zone, read_time)
        case Coded():
            return Coded(code=now["code"], country=now["country"].upper(), words=now["words"])
        case Words():
            return msgspec.structs.replace(before, text=now["text"])


def _range(low: int, high: int | None) -> Fields:
    return {"low": str(low), "high": "" if high is None else str(high), "more": "yes" if high is None else ""}


def _read_range(now: Fields) -> tuple[int, int | None]:
    """Return the range. One number alone is exact; `more` leaves it open."""
    low = _whole(now["low"], "low")
    if now["more"]:
        return low, None
    return low, _whole(now["high"], "high") if now["high"] else low


def _degrees(udeg: int | None) -> str:
    return "" if udeg is None else f"{Decimal(udeg) / _UDEG:f}"


def _place(before: Place, now: Fields, touched: set[str]) -> Place:
    lon, lat = (_microdegrees(now[name], name) for name in ("lon", "lat"))
    if (lon is None) != (lat is None):
        raise InputError(say("A point needs both longitude and latitude."))
    moved = bool(touched & {"name", "lon", "lat"})
    return Place(
        words=now["words"], precision=_one_of(PlacePrecision, now["precision"], "precision"), name=now["name"], ref="" if moved else before.ref,
        country=now["country"].upper(), lon_udeg=lon, lat_udeg=lat, radius_m=_whole(now["radius"], "radius") if now["radius"] else None,
        relation=now["relation"], district=before.district, along=() if moved else before.along, around=() if moved else before.around,
    )  # fmt: skip


def _microdegrees(text: str, name: str) -> int | None:
    if not text:
        return None
    try:
        degrees = Decimal(text.replace("٫", "."))
    except InvalidOperation:
        raise _unreadable(name, text) from None
    if not degrees.is_finite() or abs(degrees) > 360:
        raise _unreadable(name, text)
    return round(degrees * _UDEG)


def _moment_fields(moment: Moment, zone: str) -> Fields:
    if moment.start is None:
        return {"from": f"--{moment.month_day}" if moment.month_day else "", "to": ""}
    start = moment.start.astimezone(ZoneInfo(zone))
    shown = _written(start, moment.precision)
    whole = _stretch(shown, zone)
    if moment.end is None or (whole is not None and whole[:2] == (moment.start, moment.end)):
        return {"from": shown, "to": ""}
    last = (moment.end - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
    return {"from": _written(start, "minute"), "to": _written(last, "minute")}


def _written(at: datetime, precision: TimePrecision) -> str:
    length = {"year": 4, "month": 7, "day": 10, "hour": 13}.get(precision, 16)
    return f"{at:%Y-%m-%d %H:%M}"[:length].rjust(length, "0")


def _moment(before: Moment, now: Fields, touched: set[str], zone: str, read_time: ReadTime | None) -> Moment:
    if not touched & {"from", "to"}:
        return msgspec.structs.replace(before, words=now["words"])
    if not now["from"]:
        return Moment(start=None, end=None, precision="open", zone=zone, words=now["words"], derivation=BY_OFFICER)
    first = _lasting("from", now["from"], zone, read_time)
    last = _lasting("to", now["to"], zone, read_time) if now["to"] else first
    precision = first[2]
    if now["to"] and precision in ("hour", "minute"):
        precision = "part-of-day" if last[1] - first[0] < timedelta(days=1) else "day"
    return Moment(start=first[0], end=last[1], precision=precision, zone=zone, words=now["words"], derivation=BY_OFFICER)


def _lasting(name: str, text: str, zone: str, read_time: ReadTime | None) -> tuple[datetime, datetime, TimePrecision]:
    found = _stretch(text, zone)
    if found is None and read_time is not None:
        moment = read_time(text)
        if moment.start is not None and moment.end is not None:
            return moment.start, moment.end, moment.precision
    if found is None:
        raise _unreadable(name, text)
    return found


def _stretch(text: str, zone: str) -> tuple[datetime, datetime, TimePrecision] | None:
    """Return from when to when the written year, month, day, hour or minute lasts, or None for no such time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    try:
        start = _local(parts, zone)
        after = [*parts]
        after[-1] += 1
        if len(parts) <= 2:
            end = _local([parts[0] + 1] if len(parts) == 1 or parts[1] == 12 else after, zone)
        else:
            day_start = start.replace(tzinfo=None) + {3: timedelta(days=1), 4: timedelta(hours=1), 5: timedelta(minutes=1)}[len(parts)]
            end = day_start.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None
    utc = ZoneInfo("UTC")
    return start.astimezone(utc), end.astimezone(utc), _LENGTHS[len(parts) - 1]


def _local(parts: list[int], zone: str) -> datetime:
    year, month, day, hour, minute = [*parts, *([0, 1, 1, 0, 0][len(parts) :])]
    if year < _JALALI_BEFORE:
        whole = JalaliDate(year, month, day).to_gregorian()
        year, month, day = whole.year, whole.month, whole.day
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def _whole(text: str, name: str) -> int:
    if not re.fullmatch(r"-?\d{1,12}", text):
        raise _unreadable(name, text)
    return int(text)


def _one_of(kind: Any, text: str, name: str) -> Any:
    if text not in get_args(kind):
        raise _unreadable(name, text)
    return text


def _unreadable(name: str, text: str) -> InputError:
    return InputError(say("“{field}” cannot be read: {came}", field=FIELDS[name], came=text[:40] or "—"))

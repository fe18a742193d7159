# SPDX-License-Identifier: Apache-2.0
"""Real events as one reporter tells them, and as a second one might: what changes between two honest accounts of one event.

- The first account is the row as it stands (UCDP GED; ASAM): day, point, kind, groups, numbers, each as exactly as the row says it is.
- The second is made with dice seeded by the row's number: the day is off by one, or a week or a month is told, or none; the place is rounded, or
  only its district or its name is told; numbers become ranges or "several", or one number over all groups; another word for the kind; a group
  by a vaguer word, or another group is blamed; whole fields are left out.

The chances were chosen by hand and stand here; how real second reporters differ is not known, so the figures are of these chances only.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import random
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Count, Moment, Place, Value

SEED: Final = "same event, 1"
FILED_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SPEAKER: Final = Speaker(kind="press")
_DAY: Final = timedelta(days=1)
_HEADLINES: Final = (
    ("mine_or_device", r"\b(bomb|blast|explo|ied|landmine|suicide|mine)"), ("shelling", r"\b(shell|artillery|mortar|airstrike|jets|drone|missile)"),
    ("abduction", r"\b(kidnap|abduct)"), ("exchange_of_fire", r"\b(clash|encounter|gun ?battle|exchange|shoot-?out|fighting)"),
    ("armed_attack", r"\b(attack|ambush|raid|storm)"), ("killing", r"\b(kill|shot|gunned|murder|dead|die)"),
)  # fmt: skip
_BY_TYPE: Final = {"1": "armed_attack", "2": "exchange_of_fire", "3": "killing"}
_OTHER_KINDS: Final = {
    "mine_or_device": ("armed_attack", "killing"), "shelling": ("armed_attack", "cross_border_fire"), "abduction": ("hostage_taking", "detention"),
    "exchange_of_fire": ("armed_attack", "killing", "cross_border_fire"), "armed_attack": ("exchange_of_fire", "killing", "raid"),
    "killing": ("armed_attack", "exchange_of_fire"), "sea_robbery": ("boarding", "armed_attack"), "boarding": ("sea_robbery", "sea_approach"),
    "hijack": ("boarding", "crew_taken"), "crew_taken": ("hijack", "armed_attack"), "sea_approach": ("boarding", "armed_attack"),
    "fired_upon": ("armed_attack", "sea_approach"), "other": ("armed_attack",),
}  # fmt: skip
_HOSTILITY: Final = (
    ("crew_taken", "KIDNAP"), ("hijack", "HIJACK"), ("sea_approach", "SUSPICI"), ("sea_approach", "APPROACH"), ("sea_robbery", "ROBB"),
    ("sea_robbery", "THIE"), ("boarding", "BOARD"), ("boarding", "INTRUD"), ("armed_attack", "PIRA"), ("armed_attack", "ATTACK"),
    ("armed_attack", "ASSAIL"),
)  # fmt: skip
_NUMBERS: Final = {
    "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5, "SIX": 6, "SEVEN": 7, "EIGHT": 8, "NINE": 9, "TEN": 10, "TWELVE": 12, "FIFTEEN": 15, "TWENTY": 20,
}  # fmt: skip
_STRENGTH: Final = re.compile(rf"\b({'|'.join(_NUMBERS)})\b(?: \w+){{0,2}} (?:ROBBERS|PIRATES|MEN|SUSPECTS|PERSONS|THIEVES|GUNMEN)")
_POINT_RADIUS: Final = {"1": (2_000, "site"), "2": (25_000, "settlement"), "3": (40_000, "district"), "4": (200_000, "province")}


class Row(msgspec.Struct, frozen=True):
    """One real event: its name, where it lies for the choice of a half and for hard negatives, its day, and its two accounts."""

    name: str
    district: str
    day: datetime
    first: Record
    second: Record


def ged(folder: Path) -> list[Row]:
    """Return the events of UCDP GED (Pakistan) that have a day and a district."""
    with gzip.open(folder / "ged/ucdp_ged_pakistan_1989_2015.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["adm_2"] and row["date_start"]]
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        points[row["adm_2"]].append((float(row["longitude"]), float(row["latitude"])))
    centres = {name: (statistics.median(lon for lon, _ in each), statistics.median(lat for _, lat in each)) for name, each in points.items()}
    return [_ged(row, centres[row["adm_2"]]) for row in rows]


def asam(folder: Path) -> list[Row]:
    """Return the messages of ASAM that have a day and a point."""
    with gzip.open(folder / "asam/asam_1978_2010.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] and row["lat"] and row["lon"]]
    return [_asam(row) for row in rows]


def half(row: Row) -> int:
    """Return the half to which the row's district belongs: 0 to choose on, 1 to report."""
    return hashlib.sha256(row.district.encode()).digest()[0] & 1


def _ged(row: dict[str, str], centre: tuple[float, float]) -> Row:
    first, last = (datetime.fromisoformat(row[name][:10]).replace(tzinfo=UTC) for name in ("date_start", "date_end"))
    headline = row["source_headline"].lower()
    kind = next((kind for kind, words in _HEADLINES if re.search(words, headline)), _BY_TYPE[row["type_of_violence"]])
    radius, precision = _POINT_RADIUS.get(row["where_prec"], (450_000, "province"))
    name = re.sub(r"\s*\(.*", "", row["where_coordinates"].split(",")[0]).strip()
    told = {
        "occurred": [_days(first, last)], "action": [Coded(code=kind)],
        "place": [_point(name, float(row["longitude"]), float(row["latitude"]), radius, precision)],
        "actor": [_side(row["side_a"])] if row["side_a"] != "Civilians" else [],
        "killed": [
            (Count(low=int(row[column]), high=int(row[column])), group)
            for column, group in (("deaths_a", _side(row["side_a"])), ("deaths_b", _side(row["side_b"])), ("deaths_civilians", Coded(code="civilian")),
                                  ("deaths_unknown", None))
            if int(row[column]) > 0
        ],
    }  # fmt: skip
    dice = random.Random(f"{SEED} ged {row['id']}")  # noqa: S311  (dice for made-up accounts)
    second = _again(dice, told, name, _point(row["adm_2"], *centre, 45_000, "district"))
    return Row(
        f"ged {row['id']}",
        f"ged {row['adm_2']}",
        first,
        _record(f"G-R-{row['id']}", f"G-I-{row['id']}", told),
        _record(f"H-R-{row['id']}", "", second),
    )


def _asam(row: dict[str, str]) -> Row:
    day = datetime.fromisoformat(row["date"][:10]).replace(tzinfo=UTC)
    kind = next((kind for kind, word in _HOSTILITY if word in row["hostility"].upper()), "other")
    text = row["description"].upper()
    kind = "sea_robbery" if kind == "armed_attack" and "ROBBED" in text else "boarding" if kind == "armed_attack" and "BOARDED" in text else kind
    lon, lat = float(row["lon"]), float(row["lat"])
    victim = row["victim"].strip()
    told: dict[str, list[Any]] = {
        "occurred": [_days(day, day)], "action": [Coded(code=kind)], "place": [_point("", lon, lat, 5_000, "site")],
        "actor": [Coded(code="unknown_group", words=row["hostility"].lower())], "property": [Coded(code="boat", words=victim.lower())] if victim else [],
        "killed": [],
    }  # fmt: skip
    number = _STRENGTH.search(text)
    if number:
        many = _NUMBERS[number[1]]
        told["strength"] = [(Count(low=many, high=many), Coded(code="unknown_group"))]
    dice = random.Random(f"{SEED} asam {row['reference']} {row['date']} {row['lat']}")  # noqa: S311
    name = text.split(":")[0].strip().title()[:40]
    region = _point(name, round(lon), round(lat), 110_000, "province")
    second = _again(dice, told, name if len(name) > 2 else "", region)
    ident = f"{row['reference']}-{row['date']}-{row['lat']}"
    return Row(f"asam {ident}", f"asam {row['subregion']}", day, _record(f"A-R-{ident}", f"A-I-{ident}", told), _record(f"B-R-{ident}", "", second))


def _again(dice: random.Random, told: dict[str, list[Any]], name: str, district: Place) -> dict[str, list[Any]]:
    """Return what a second reporter might say of the same event."""
    occurred = _time_again(dice, told["occurred"][0])
    told_on = told["occurred"][0].end + dice.choice((0, 0, 1, 2)) * _DAY
    return {
        "occurred": occurred, "reported": [_days(told_on - _DAY, told_on - _DAY)] if not occurred and dice.random() < 0.8 else [], "place": _place_again(dice, told["place"][0], name, district),
        "action": _kind_again(dice, told["action"][0].code), "actor": _actor_again(dice, told["actor"]),
        "killed": _counts_again(dice, told["killed"]), "strength": _counts_again(dice, told.get("strength", [])),
        "property": told.get("property", []) if dice.random() < 0.6 else [],
    }  # fmt: skip


def _time_again(dice: random.Random, first: Moment) -> list[Moment]:
    assert first.start is not None
    roll, start = dice.random(), first.start
    if roll < 0.05:
        return []
    if roll < 0.15:
        off = dice.choice((-1, 1)) * _DAY
        return [_days(start + off, start + off)]
    if roll < 0.22:
        monday = start - start.weekday() * _DAY
        return [Moment(start=monday, end=monday + 7 * _DAY, precision="month")]
    if roll < 0.27:
        begin = start.replace(day=1)
        return [Moment(start=begin, end=(begin + 32 * _DAY).replace(day=1), precision="month")]
    if roll < 0.45:
        begin = start + timedelta(hours=dice.choice((0, 6, 12, 18)))
        return [Moment(start=begin, end=begin + timedelta(hours=6), precision="part-of-day")]
    return [first]


def _place_again(dice: random.Random, first: Place, name: str, district: Place) -> list[Place]:
    assert first.lon_udeg is not None
    assert first.lat_udeg is not None
    roll, lon, lat = dice.random(), first.lon_udeg / 1e6, first.lat_udeg / 1e6
    if roll < 0.08:
        return []
    if roll < 0.33:
        return [district]
    if roll < 0.48 and name:
        return [Place(words=f"near {name}", name=name, precision="settlement", relation="near")]
    if roll < 0.78:
        return [_point(name, round(lon, 1), round(lat, 1), 8_000, "settlement")]
    off = dice.uniform(-0.05, 0.05), dice.uniform(-0.05, 0.05)
    return [_point(name, lon + off[0], lat + off[1], 6_000, "site")]


def _kind_again(dice: random.Random, kind: str) -> list[Coded]:
    roll = dice.random()
    if roll < 0.06:
        return []
    return [Coded(code=dice.choice(_OTHER_KINDS[kind]) if roll < 0.36 else kind)]


def _actor_again(dice: random.Random, first: list[Coded]) -> list[Coded]:
    roll = dice.random()
    if roll < 0.25 or not first:
        return []
    if roll < 0.4:
        return [Coded(code="unknown_group", words="gunmen")]
    if roll < 0.5:  # the other side is blamed
        return [Coded(code="smuggler" if first[0].code == "armed_group_member" else "armed_group_member", words="the others")]
    return [msgspec.structs.replace(first[0], words="") if roll < 0.7 else first[0]]


def _counts_again(dice: random.Random, first: list[tuple[Count, Coded | None]]) -> list[tuple[Count, Coded | None]]:
    roll = dice.random()
    if roll < 0.15 or not first:
        return []
    if roll < 0.35:  # one number over all groups
        return [(_count_again(dice, sum(count.low for count, _ in first)), None)]
    return [(_count_again(dice, count.low), group) for count, group in first if dice.random() < 0.85]


def _count_again(dice: random.Random, number: int) -> Count:
    roll = dice.random()
    if roll < 0.1:
        number = max(0, number + dice.choice((-1, 1, max(1, number // 5), number)))
    if roll < 0.7:
        return Count(low=number, high=number)
    if roll < 0.85 or number < 3:
        return Count(low=max(number - 1 - number // 8, 0), high=number + 1 + number // 8)
    return Count(low=3, high=None, words="several")


def _days(first: datetime, last: datetime) -> Moment:
    end = max(first, last) + _DAY
    return Moment(start=first, end=end, precision="day" if end - first == _DAY else "month")


def _point(name: str, lon: float, lat: float, radius_m: int, precision: Any) -> Place:
    return Place(words=name or "at sea", name=name, precision=precision, lon_udeg=round(lon * 1e6), lat_udeg=round(lat * 1e6), radius_m=radius_m)


def _side(name: str) -> Coded:
    if name.startswith("Government of "):
        country = "".join({"P": "PK", "I": "IN", "A": "AF", "U": "US"}.get(name.removeprefix("Government of ")[0], ""))
        return Coded(code="army", country=country, words=name.removeprefix("Government of "))
    return Coded(code="civilian" if name == "Civilians" else "armed_group_member", words=name)


def _record(name: str, incident: str, told: dict[str, list[Any]]) -> Record:
    claims = [_claim(number, predicate, each) for number, (predicate, each) in enumerate(_flat(told), 1)]
    return Record(
        id=name, version=1, kind="incident_account", party="west", office="desk", side="PK", basis="attributed", handling="clear", incident=incident,
        claims=claims, filed_at=FILED_AT, exercise=True,
    )  # fmt: skip


def _flat(told: dict[str, list[Any]]) -> Iterable[tuple[str, Any]]:
    return ((predicate, each) for predicate, several in told.items() for each in several)


def _claim(number: int, predicate: str, told: Value | tuple[Count, Coded | None]) -> Claim:
    value, about = told if isinstance(told, tuple) else (told, None)
    return Claim(id=f"c{number}", predicate=predicate, value=value, about=about, speaker=_SPEAKER)

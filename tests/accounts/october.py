# SPDX-License-Identifier: Apache-2.0
"""The accounts of October 2014, read from `october_2014.toml` as records, and the verdicts that are expected of them."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from tests.facts.made import FILED_AT

from hamsaya.facts.claims import PREDICATES, Claim, Speaker
from hamsaya.facts.records import Record, Source
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value, Words

GOLDEN = Path(__file__).with_name("october_2014.toml")
ZONE = "Asia/Karachi"
HOLDER = "lone"
"""The lone node that writes all of it down."""


def golden() -> dict[str, Any]:
    return tomllib.loads(GOLDEN.read_text("utf-8"))


def claims_of(entry: dict[str, Any], places: dict[str, Any]) -> list[Claim]:
    return [_claim(f"c{number}", row, entry, places) for number, row in enumerate(entry["says"], 1)]


def account(event: str, entry: dict[str, Any], places: dict[str, Any]) -> Record:
    """Return one account as the record of a lone node: attributed, never signed by the side."""
    return Record(
        id=f"LONE-R-{event}-{entry['source']}", version=1, kind="incident_account", party=HOLDER, office="desk", side=entry["side"],
        basis="attributed", handling="clear", incident=f"LONE-I-{event}", claims=claims_of(entry, places), filed_at=FILED_AT,
        sources=[source_of(entry)],
    )  # fmt: skip


def source_of(entry: dict[str, Any]) -> Source:
    return Source(document=hashlib.sha256(entry["source"].encode()).hexdigest(), language="en", published=entry.get("published", ""))


def accounts_of_event(event: dict[str, Any], places: dict[str, Any]) -> list[Record]:
    return [account(event["id"], entry, places) for entry in event["account"]]


def _claim(name: str, row: dict[str, Any], entry: dict[str, Any], places: dict[str, Any]) -> Claim:
    about = _coded(row["of"], row.get("group", "")) if "of" in row else None
    return Claim(
        id=name, predicate=row["p"], value=_value(row, places), speaker=_speaker(entry["speaker"]), about=about,
        hedge=row.get("hedge", entry.get("hedge", "")), hedge_words=row.get("hedge_words", ""), nature=row.get("nature", ""), grade="F6",
    )  # fmt: skip


def _speaker(text: str) -> Speaker:
    kind, _, rest = text.partition(":")
    office, _, side = rest.partition("@")
    return Speaker(kind=kind, office=office, side=side)  # type: ignore[arg-type]


def _coded(text: str, words: str = "") -> Coded:
    code, _, country = text.partition("@")
    return Coded(code=code, country=country, words=words)


def _value(row: dict[str, Any], places: dict[str, Any]) -> Value:
    kind, words = PREDICATES[row["p"]].value, row.get("words", "")
    if kind is Coded:
        return _coded(row["code"], words)
    if kind is Count:
        low, high = row["n"]
        return Count(low=low, high=None if high == "more" else high, words=words)
    if kind is Depth:
        return Depth(low_m=row["m"][0], high_m=row["m"][1], territory=row["territory"], words=words)
    if kind is Words:
        return Words(text=row["text"], language="en")
    return _place(places[row["place"]]) if kind is Place else _moment(row, words)


def _place(told: dict[str, Any]) -> Place:
    at = told.get("at", [])
    point = {"lon_udeg": round(at[0] * 1e6), "lat_udeg": round(at[1] * 1e6), "radius_m": at[2]} if at else {}
    return Place(**{name: told[name] for name in told if name != "at"}, **point)


def _moment(row: dict[str, Any], words: str) -> Moment:
    if "day" not in row:
        return Moment(start=None, end=None, precision="open", zone=ZONE, words=words)
    first = datetime.fromisoformat(row["day"]).replace(tzinfo=ZoneInfo(ZONE))
    last = datetime.fromisoformat(row.get("until", row["day"])).replace(tzinfo=ZoneInfo(ZONE)) + timedelta(days=1)
    hours = row.get("hours")
    start, end = (first + timedelta(hours=hours[0]), first + timedelta(hours=hours[1])) if hours else (first, last)
    return Moment(
        start=start.astimezone(UTC), end=end.astimezone(UTC), precision="part-of-day" if hours else "day", zone=ZONE, words=words,
        derivation=row.get("derivation", "absolute"), anchor=row.get("anchor", ""),
    )  # fmt: skip


def line(entry: dict[str, Any], places: dict[str, Any], incident: str = "") -> bytes:
    """Return one account as a line that `record import` takes."""
    told = {"kind": "incident_account", "side": entry["side"], "basis": "attributed", "handling": "green", "incident": incident,
            "claims": claims_of(entry, places), "sources": [source_of(entry)]}  # fmt: skip
    return msgspec.json.encode(told)


def expected(event: dict[str, Any]) -> dict[str, tuple[str, str, list[str]]]:
    """Return the verdicts of the golden file by field: between sides, between accounts, and the rules."""
    return {row["key"]: (row["sides"], row["accounts"], row["rules"]) for row in event["field"]}


def told(data: dict[str, Any]) -> dict[str, tuple[str, str, list[str]]]:
    """Return the same of what a page or a command answers as JSON."""
    return {row["field"]: (row["between_sides"], row["between_accounts"], [rule["rule"] for rule in row["rules"]]) for row in data["fields"]}

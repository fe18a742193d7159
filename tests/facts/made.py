# SPDX-License-Identifier: Apache-2.0
"""Facts made for tests: claims and records with everything that a rule may ask for, so that a test names only its case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.records import Record
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Words

OWN = Speaker(kind="own")
FILED_AT = datetime(2014, 10, 23, 6, 0, tzinfo=UTC)


def day(text, *, zone_h=0, words=""):
    """A whole local day, `zone_h` hours east of Greenwich."""
    start = datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=zone_h)
    return Moment(start=start, end=start + timedelta(days=1), precision="day", words=words)


def minute(text, *, words=""):
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Moment(start=start, end=start + timedelta(minutes=1), precision="minute", words=words)


def span_of(start, end, precision="month"):
    return Moment(start=datetime.fromisoformat(start).replace(tzinfo=UTC), end=datetime.fromisoformat(end).replace(tzinfo=UTC), precision=precision)


def open_day(month_day="", words=""):
    return Moment(start=None, end=None, precision="open", month_day=month_day, words=words)


def point(lon, lat, radius_m=None, *, words="", ref="", precision="settlement"):
    return Place(words=words, precision=precision, ref=ref, lon_udeg=round(lon * 1e6), lat_udeg=round(lat * 1e6), radius_m=radius_m)


def named(words, ref=""):
    return Place(words=words, precision="unknown", ref=ref)


def count(low, high, words=""):
    return Count(low=low, high=high, words=words)


def code(name, words="", country=""):
    return Coded(code=name, words=words, country=country)


def depth(low, high, territory="PK"):
    return Depth(low_m=low, high_m=high, territory=territory)


def text(words):
    return Words(text=words)


def claim(predicate, value, *, number=1, grade="B2", speaker=OWN, **options):
    return Claim(id=f"c{number}", predicate=predicate, value=value, speaker=speaker, grade=grade, **options)


def record(
    *claims, party="west", side="IR", kind="incident_account", basis="own", handling="amber", incident="WEST-I-1", number="WEST-R-1", **options
):
    whole = claims or (claim("action", code("armed_attack")),)
    return Record(
        id=number, version=options.pop("version", 1), kind=kind, party=party, office=options.pop("office", "duty office"), side=side, basis=basis,
        handling=handling, incident=incident, claims=list(whole), filed_at=FILED_AT, **options,
    )  # fmt: skip

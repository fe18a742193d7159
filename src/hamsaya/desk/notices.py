# SPDX-License-Identifier: Apache-2.0
"""Notices at the desk: the text of a warning taken in as a record, and an exercise as a notice to be written as such a text (F40).

- What is taken in is attributed to whoever issued it, unsigned, and never shown as signed; the text stands in it as received, but for its case.
- A notice of ours tells kinds of exercise, area, times, contact and what is to be kept clear; no name of a unit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec

from hamsaya.boundary.overlap import Outline
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import Officer
from hamsaya.desk.names import new_name
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
from hamsaya.facts.claims import CODES, Claim, Speaker
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.grades import CANNOT_BE_JUDGED
from hamsaya.facts.points import precision_of
from hamsaya.facts.records import Record
from hamsaya.facts.shapes import MAX_POINTS, shaped
from hamsaya.facts.soundness import MAX_CLAIMS, what_is_unsound
from hamsaya.facts.values import Coded, Moment, Place, Value, Words
from hamsaya.facts.words import say
from hamsaya.formats.notice import MOST_TEXT, Notice, Reference, Shape, Span, joined
from hamsaya.formats.reading import read_reference, read_warning
from hamsaya.formats.times import read_moment
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal
from hamsaya.settlement.conflicts import Plan

EXERCISE_ONLY: Final = "THIS TEXT IS EXERCISE DATA AND NOT FOR BROADCAST"
"""Stands in every text that an exercise node writes; a real node takes none in that has it (law 15)."""
_EXACT_M: Final = 20
_MOST_LANES: Final = 10_000
_FOLLOWS: Final = timedelta(hours=1)
"""So long after its end a notice of ours cancels itself."""


def take_notice(node: Node, officer: Officer, data: bytes, *, issued: str = "", number: str = "") -> tuple[str, Notice]:
    """File the text of a warning as a notice, and return its record. Raises `Unreadable`, or `InputError` for a wrong date or number."""
    require(officer.role, "file")
    at = read_moment(issued.upper()) if issued else None
    if issued and at is None:
        raise InputError(say("This time cannot be read: {came}", came=issued[:40]), say("Write it like this: {example}", example="131615Z APR 2023"))
    of = read_reference(number) if number else None
    if number and of is None:
        raise InputError(say("This names no notice: {came}", came=number[:40]), say("Write it like this: {example}", example="NAVAREA IX 123/26"))
    if not node.exercise and EXERCISE_ONLY in " ".join(data.decode("ascii", "replace").upper().split()):
        raise Refused(
            say("This document is marked as exercise, and this node is a real one."),
            say("Nothing was kept. Take it in on the exercise node: the two never mix."),
            rule="exercise",
        )
    notice = read_warning(data[: MOST_TEXT + 1].decode("utf-8", "replace"), issued=at, of=of)
    speaker = Speaker(kind="office", office=notice.of.series if notice.of else "")
    values: list[tuple[str, Value]] = [("concerns", Words(text=notice.subject or "NAVIGATIONAL WARNING", language="en"))]
    values += [("place", _place(shape)) for shape in notice.shapes]
    values += [("window", Moment(start=span.start, end=span.end, precision="minute", derivation="absolute")) for span in notice.spans]
    values.append(("contact", Words(text=str(notice.of) if notice.of else "—", language="en")))
    if len(values) > MAX_CLAIMS:
        raise InputError(say("A record holds at most {limit} claims; this one has {n}.", limit=MAX_CLAIMS, n=len(values)))
    claims = [
        Claim(id=f"c{at}", predicate=predicate, value=value, speaker=speaker, grade=CANNOT_BE_JUDGED)
        for at, (predicate, value) in enumerate(values, 1)
    ]  # fmt: skip
    with node.ledger.writing() as pen:
        record = Record(
            id=new_name(node, "R"), version=1, kind="notice", party=node.party, office=officer.office, side=node.country, basis="attributed",
            handling="clear", incident="", claims=claims, filed_at=node.now(), exercise=node.exercise,
        )  # fmt: skip
        unsound = what_is_unsound(record)
        if unsound is not None:
            raise InputError(unsound)
        pen.journal(RecordFiled(record=record.id, version=1, envelope=seal("record", canonical(record), node.key).decode()), officer)
    return record.id, notice


def _place(shape: Shape) -> Place:
    if len(shape.points) > MAX_POINTS:
        raise InputError(say("An area here has at most {limit} corners; this one has {n}.", limit=MAX_POINTS, n=len(shape.points)))
    if len(shape.points) == 1:
        lon, lat = shape.points[0]
        radius = shape.radius_m or _EXACT_M
        return Place(words=shape.name, precision=precision_of(radius), lon_udeg=lon, lat_udeg=lat, radius_m=radius)
    if shape.form == "track" and shape.radius_m:  # the circle that holds it and its width
        held = shaped(shape.name, shape.points, closed=False, exact_m=shape.radius_m)
        return msgspec.structs.replace(held, along=())
    return shaped(shape.name, shape.points, closed=shape.form == "area", exact_m=_EXACT_M)


def notice_of(
    node: Node,
    book: Book,
    record: str,
    *,
    of: Reference | None = None,
    regions: Sequence[str] = (),
    remarks: Sequence[str] = (),
    moved: Moment | None = None,
) -> Notice:
    """Return an exercise as a notice to be written; `moved` is the time that it got instead, where it was postponed.

    Raises `NotFound` for what is none, `InputError` without area or time.
    """
    versions = [held for held in book.versions(record) if held.record.kind == "exercise"]
    if not versions:
        raise NotFound(say("There is no exercise {came}.", came=record[:40] or "—"), say("`hamsaya exercise list` shows them."))
    claims = versions[-1].record.claims
    places = [claim.value for claim in claims if claim.predicate == "place" and isinstance(claim.value, Place)]
    shapes = [Shape(form="area", points=place.around) for place in places if place.around]
    windows = [moved] if moved else [claim.value for claim in claims if claim.predicate == "window" and isinstance(claim.value, Moment)]
    spans = joined(Span(start=each.start, end=each.end) for each in windows if each.start is not None)
    if not shapes or not spans:
        raise InputError(
            say("{came} tells no area, or no time.", came=record[:40]), say("Corners stay at home where the agreement makes places coarser.")
        )
    codes = [claim.value.code for claim in claims if claim.predicate == "domain" and isinstance(claim.value, Coded)]
    domains = [str(CODES.get(code, code)).upper() for code in codes]
    ends = [span.end for span in spans if span.end is not None]
    marked = [EXERCISE_ONLY] if node.exercise else []
    told = [f"CONTACT {claim.value.text}" for claim in claims if claim.predicate == "contact" and isinstance(claim.value, Words)]
    said = [" ".join(each.upper().split()).strip(" .") for each in (*marked, *told, *remarks)]
    return Notice(
        issued=node.now().replace(second=0, microsecond=0), of=of, regions=tuple(each.upper().strip(" .") for each in regions),
        subject=f"{' AND '.join(domains)} EXERCISE".strip(), shapes=tuple(shapes), spans=spans,
        remarks=tuple(each for each in said if each.isascii()),
        cancelled_at=max(ends) + _FOLLOWS if len(ends) == len(spans) else None,
    )  # fmt: skip


def read_lanes(data: bytes, name: str) -> list[Plan]:
    """Return the lines and polygons of a GeoJSON file as lanes. Raises `InputError`."""
    try:
        tree: Any = json.loads(data)
        features = tree["features"] if tree.get("type") == "FeatureCollection" else [tree]
        found = [plan for at, feature in enumerate(features[:_MOST_LANES]) for plan in _lane(feature, f"{name} {at + 1}")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise InputError(say("{file} is no GeoJSON with lines or polygons.", file=name[:60])) from fault
    if not found:
        raise InputError(say("{file} is no GeoJSON with lines or polygons.", file=name[:60]))
    return found


def _lane(feature: dict[str, Any], ref: str) -> list[Plan]:
    shape, about = feature["geometry"], feature.get("properties") or {}
    called = str(about.get("name") or ref)[:120]
    kind, coordinates = shape["type"], shape["coordinates"]
    several = coordinates if kind.startswith("Multi") else [coordinates]
    lines = [each[0] if kind.endswith("Polygon") else each for each in several if kind.removeprefix("Multi") in ("LineString", "Polygon")]
    closed = kind.endswith("Polygon")
    outlines = [
        Outline([(round(float(lon) * 1_000_000), round(float(lat) * 1_000_000)) for lon, lat, *_ in (line[:-1] if closed else line)], closed=closed)
        for line in lines
    ]  # fmt: skip
    return [Plan(ref, "lane", called, "", str(about.get("contact") or "")[:120], outlines)] if outlines else []

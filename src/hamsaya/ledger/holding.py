# SPDX-License-Identifier: Apache-2.0
"""What a list or a map needs to know of a record without opening it: kept in `holding` and `spot` as records come.

`holding` has one row a record (its latest version) and one a document, numbered in the order in which they came; a
correction takes the next number. `spot` has one row a point that the record tells, with the name under which it
counts for a district (`desk/districts.py`); `trace` has one a coarse key of when and where. Incidents stand there under the
name under which they go on (`incident_link`). `wording` has the words that each can be searched for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from hamsaya.accounts.gist import gist_of
from hamsaya.accounts.traces import traces_of
from hamsaya.desk.districts import area_of
from hamsaya.desk.wording import wording_of_document, wording_of_record, words_of
from hamsaya.facts.records import Record, stage_of
from hamsaya.facts.values import Moment, Place
from hamsaya.ledger import tables as t
from hamsaya.ledger.adapter import adapter_of
from hamsaya.ledger.filling import fill

_INSTANT: Final = timedelta(microseconds=1)
VAGUE: Final = timedelta(days=32)
"""An interval longer than this is looked for apart from the others, so that those can be found by their start."""
_UDEG: Final = 1_000_000
Rows = tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]
"""What one record leaves in `holding`, `spot`, `wording` and `trace`."""
_BEFORE: Final = select(t.HOLDING.c.item, t.HOLDING.c.version).where(
    t.HOLDING.c.id == bindparam("id"), t.HOLDING.c.received_from == bindparam("received_from")
)
_LAST: Final = select(func.max(t.HOLDING.c.item))
_GOES_ON: Final = select(t.INCIDENT_LINK.c.into).where(t.INCIDENT_LINK.c.incident == bindparam("incident"))
"""Asked for each record that is filed: making a statement takes longer than asking it."""


def hold_record(db: Connection, record: Record, received_from: str, entry: int) -> None:
    """Put the record into the lists, in place of the version before it."""
    item = next_item(db)
    before = db.execute(_BEFORE, {"id": record.id, "received_from": received_from}).first()
    if before is not None:
        if before.version > record.version:
            return  # versions may come out of order; the latest is listed
        _drop(db, before.item)
    _write(db, [_rows_of(record, received_from, item, _stands_under(db, record, received_from), entry)])


def hold_records(db: Connection, filed: Sequence[tuple[Record, int]], received_from: str = "") -> None:
    """Put many records of this node's own, or of one neighbour, into the lists, each with its entry: the same rows as one after the other."""
    names = [record.id for record, _ in filed]
    incidents = {record.incident for record, _ in filed if record.incident}
    known = db.execute(select(t.HOLDING.c.id).where(t.HOLDING.c.received_from == received_from, t.HOLDING.c.id.in_(names)).limit(1)).first()
    parted = bool(received_from) and db.execute(select(t.APART.c.record).where(t.APART.c.record.in_(names)).limit(1)).first() is not None
    if known or parted or len(set(names)) < len(names):
        for record, entry in filed:
            hold_record(db, record, received_from, entry)
        return
    linked = set(db.execute(select(t.INCIDENT_LINK.c.incident).where(t.INCIDENT_LINK.c.incident.in_(incidents))).scalars())
    first = next_item(db)
    _write(db, [
        _rows_of(record, received_from, item, incident_name(db, record.incident) if record.incident in linked else record.incident, entry)
        for item, (record, entry) in enumerate(filed, first)
    ])  # fmt: skip


def _rows_of(record: Record, received_from: str, item: int, incident: str, entry: int) -> Rows:
    started, ended = _interval(record)
    when = {"started": stamp_utc(started), "ended": stamp_utc(ended), "vague": ended - started > VAGUE}
    held = {
        "item": item, "id": record.id, "received_from": received_from, "version": record.version, "kind": record.kind, "side": record.side,
        "party": record.party, "incident": incident, "answers": record.answers, "stage": stage_of(record), "entry": entry, **when,
    }  # fmt: skip
    spots = [
        {"item": item, "number": number, "cell": cell_of(lon, lat), "lon_udeg": lon, "lat_udeg": lat, "area": area, "entry": entry, **when}
        for number, ((lon, lat), area) in enumerate(points_of(record).items())
    ]
    traces = [
        {"item": item, "number": number, "kind": record.kind, "place": place, "bucket": bucket, "entry": entry}
        for number, (bucket, place) in enumerate(traces_of(gist_of(record)))
    ]
    return held, spots, {"item": item, "words": words_of(wording_of_record(record)), "entry": entry}, traces


def _write(db: Connection, rows: list[Rows]) -> None:
    fill(db, t.HOLDING, [held for held, _, _, _ in rows])
    fill(db, t.SPOT, [spot for _, several, _, _ in rows for spot in several])
    fill(db, t.TRACE, [trace for _, _, _, several in rows for trace in several])
    words = [wording for _, _, wording, _ in rows]
    fill(db, t.WORDING, words)
    adapter_of(db).index(db, [(each["item"], each["words"]) for each in words])


def drop_record(db: Connection, record: str, received_from: str = "") -> None:
    """Take a record out of the lists: it was withdrawn."""
    item = db.execute(select(t.HOLDING.c.item).where(t.HOLDING.c.id == record, t.HOLDING.c.received_from == received_from)).scalar()
    if item is not None:
        _drop(db, item)


def list_anew(db: Connection, record: Record, received_from: str) -> None:
    """List a version as it is now, in its old place: its content was erased. Nothing is done where another version is listed."""
    place = (t.HOLDING.c.id == record.id, t.HOLDING.c.received_from == received_from, t.HOLDING.c.version == record.version)
    row = db.execute(select(t.HOLDING.c.item, t.HOLDING.c.incident, t.HOLDING.c.entry).where(*place)).first()
    if row is None:
        return
    held, spots, wording, traces = _rows_of(record, received_from, row.item, row.incident, row.entry)
    db.execute(update(t.HOLDING).where(t.HOLDING.c.item == row.item).values(**held))
    for table, rows in ((t.SPOT, spots), (t.TRACE, traces)):
        db.execute(delete(table).where(table.c.item == row.item))
        if rows:
            db.execute(insert(table), rows)
    _word_anew(db, row.item, str(wording["words"]))


def list_document_anew(db: Connection, document: str) -> None:
    """List a document without its words: its content was erased."""
    item = db.execute(select(t.HOLDING.c.item).where(t.HOLDING.c.id == document, t.HOLDING.c.kind == "document")).scalar()
    if item is not None:
        _word_anew(db, item, words_of(wording_of_document("")))


def _word_anew(db: Connection, item: int, words: str) -> None:
    before = db.execute(select(t.WORDING.c.words).where(t.WORDING.c.item == item)).scalar_one()
    adapter_of(db).unindex(db, item, before)
    db.execute(update(t.WORDING).where(t.WORDING.c.item == item).values(words=words))
    adapter_of(db).index(db, [(item, words)])


def _index(db: Connection, item: int, wording: str, entry: int) -> None:
    words = words_of(wording)
    db.execute(insert(t.WORDING), {"item": item, "words": words, "entry": entry})
    adapter_of(db).index(db, [(item, words)])


def _drop(db: Connection, item: int) -> None:
    words = db.execute(select(t.WORDING.c.words).where(t.WORDING.c.item == item)).scalar()
    if words is not None:
        adapter_of(db).unindex(db, item, words)
    for table in (t.HOLDING, t.SPOT, t.TRACE, t.WORDING):
        db.execute(delete(table).where(table.c.item == item))


def hold_document(db: Connection, document: str, side: str, text: str, at: datetime, entry: int) -> None:
    """Put the document into the lists, and what may be searched for of its text."""
    item = next_item(db)
    db.execute(insert(t.HOLDING).values(
        item=item, id=document, received_from="", version=1, kind="document", side=side, party="", incident="", answers="", stage="", entry=entry,
        started=stamp_utc(at), ended=stamp_utc(at + _INSTANT), vague=False,
    ))  # fmt: skip
    _index(db, item, wording_of_document(text), entry)


def join_incidents(db: Connection, incident: str, into: str, entry: int) -> None:
    """List what belongs to `incident` under the name under which it goes on."""
    name = incident_name(db, into)
    db.execute(update(t.HOLDING).where(t.HOLDING.c.incident == incident).values(incident=name, entry=entry))


def _stands_under(db: Connection, record: Record, received_from: str) -> str:
    """Return the name of the incident under which a record stands here: where an officer set it apart, not the one that its author gave."""
    told = record.incident
    if received_from:
        own = db.execute(select(t.APART.c.incident).where(t.APART.c.record == record.id, t.APART.c.received_from == received_from)).scalar()
        told = own or told
    return incident_name(db, told) if told else ""


def stand_anew(db: Connection, record: str, received_from: str, entry: int) -> None:
    """List a received record under the incident under which it stands now."""
    where = (t.HOLDING.c.id == record, t.HOLDING.c.received_from == received_from)
    version = db.execute(select(t.HOLDING.c.version).where(*where)).scalar()
    if version is not None:
        told = (t.RECORD.c.id == record, t.RECORD.c.received_from == received_from, t.RECORD.c.version == version)
        held = msgspec.json.decode(db.execute(select(t.RECORD.c.body).where(*told)).scalar_one(), type=Record)
        db.execute(update(t.HOLDING).where(*where).values(incident=_stands_under(db, held, received_from), entry=entry))


def part_incidents(db: Connection, into: str, entry: int) -> None:
    """List each record that went on under the name of `into` under the name that it goes on under now."""
    name = incident_name(db, into)
    told = select(t.HOLDING.c.item, func.coalesce(t.APART.c.incident, t.RECORD.c.incident)).join(
        t.RECORD,
        (t.HOLDING.c.id == t.RECORD.c.id) & (t.HOLDING.c.received_from == t.RECORD.c.received_from) & (t.HOLDING.c.version == t.RECORD.c.version),
    ).outerjoin(
        t.APART, (t.HOLDING.c.id == t.APART.c.record) & (t.HOLDING.c.received_from == t.APART.c.received_from)
    ).where(t.HOLDING.c.incident == name)  # fmt: skip
    for item, incident in db.execute(told).all():
        now = incident_name(db, incident)
        if now != name:
            db.execute(update(t.HOLDING).where(t.HOLDING.c.item == item).values(incident=now, entry=entry))


def next_item(db: Connection) -> int:
    """Return the number of what comes next."""
    last: int | None = db.execute(_LAST).scalar()
    return (last or 0) + 1


def incident_name(db: Connection, incident: str) -> str:
    """Return the name under which an incident goes on after it was linked to another."""
    seen = {incident}
    while into := db.execute(_GOES_ON, {"incident": incident}).scalar():
        if into in seen:
            break
        seen.add(into)
        incident = into
    return incident


def incident_names(db: Connection, incidents: Collection[str]) -> dict[str, str]:
    """Return the name under which each of these incidents goes on: one statement for those, nearly all, that were never linked."""
    linked = set(db.execute(select(t.INCIDENT_LINK.c.incident).where(t.INCIDENT_LINK.c.incident.in_(incidents))).scalars()) if incidents else set()
    return {name: incident_name(db, name) if name in linked else name for name in incidents}


def points_of(record: Record) -> dict[tuple[int, int], str]:
    """Return the points that the record tells, each once, as (longitude, latitude) in microdegrees, with the area that it counts for."""
    found: dict[tuple[int, int], str] = {}
    for claim in record.claims:
        place = claim.value
        if claim.predicate == "place" and isinstance(place, Place) and place.lon_udeg is not None and place.lat_udeg is not None:
            point = place.lon_udeg, place.lat_udeg
            found[point] = found.get(point) or area_of(place)
    return found


def cell_of(lon_udeg: int, lat_udeg: int) -> int:
    """Return the number of the 1° cell: rows of 360 from the south, each from the west."""
    column = min(max((lon_udeg + 180 * _UDEG) // _UDEG, 0), 359)
    return min(max((lat_udeg + 90 * _UDEG) // _UDEG, 0), 180) * 360 + column


def stamp_utc(at: datetime) -> str:
    """Return the time as text that sorts."""
    return at.astimezone(UTC).isoformat()


def _interval(record: Record) -> tuple[datetime, datetime]:
    """Return from when to when it happened as far as any claim tells, else when it was filed."""
    told = [claim.value for claim in record.claims if claim.predicate == "occurred" and isinstance(claim.value, Moment)]
    spans = [(moment.start, moment.end or moment.start) for moment in told if moment.start is not None]
    if not spans:
        return record.filed_at, record.filed_at + _INSTANT
    started = min(start for start, _ in spans)
    return started, max(started + _INSTANT, *(end for _, end in spans))

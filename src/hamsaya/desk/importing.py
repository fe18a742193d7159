# SPDX-License-Identifier: Apache-2.0
"""Filing many records from a file: JSON lines or CSV, one record a line, each signed by this node like any other.

1. Every line is read and checked before anything is filed. A refused line is told with its number and the reason.
2. Nothing is filed while a line is refused, unless the officer says to leave the refused ones out.
3. Lines are filed in batches. A batch is one transaction: all of it is on the disk, or nothing of it.
4. A record is named after the very text of its line, so the same line is filed once: after a crash, a full disk or a
   second call with the same file, what was filed is passed over and the rest is filed.

5. When all is filed, each place is looked at once more beside all records of this node: what is doubted is told by line, and stays filed.

The officer who imports files each record, as if typed (law 16). A claim may rest on no span: its document is not here.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from hamsaya.desk.derived import links_to
from hamsaya.desk.doubts import Doubt, Doubter
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.filters import read_day
from hamsaya.desk.holdings import Officer
from hamsaya.desk.names import named_after
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.roles import require
from hamsaya.facts.claims import CHOICES, Claim, Speaker
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.grades import Handling, parse_grade
from hamsaya.facts.records import Basis, Record, RecordKind, Source
from hamsaya.facts.shapes import MAX_POINTS, parse_shape
from hamsaya.facts.soundness import what_is_unsound
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, PlacePrecision, Value, Words
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, parse
from hamsaya.seal.envelope import seal

BATCH: Final = 500
SHOWN: Final = 1_000
"""How many refused lines are told one by one; all are counted."""
LINE: Final = 1 << 20
COLUMNS: Final = (
    "kind", "side", "basis", "handling", "incident", "occurred", "place", "country", "district", "lon", "lat", "radius_m", "points", "inside",
    "action", "outcome", "actor",
    "strength", "means", "killed", "wounded", "held", "missing", "direction", "site", "property", "damage", "lasted", "ending", "statement",
    "grade", "based_on",
)  # fmt: skip
"""The columns of CSV; any may be left out but `kind` and `side`."""
_COUNT: Final = re.compile(r"(\d{1,9})(?:(\+)|-(\d{1,9}))?", re.ASCII)
_CODED: Final = ("action", "outcome", "actor", "means", "direction", "site", "property", "damage", "ending")
_COUNTED: Final = ("strength", "killed", "wounded", "held", "missing", "lasted")
"""`lasted` counts minutes."""
_UDEG: Final = 1_000_000


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a file: what is stated. Who files it, when and under which name is added here."""

    kind: RecordKind
    side: str
    claims: list[Claim]
    basis: Basis = "attributed"
    handling: Handling = "amber"
    incident: str = ""
    sources: list[Source] = []
    based_on: list[str] = []
    """The records that it rests on, of neighbours or one's own."""


class RefusedLine(msgspec.Struct, frozen=True):
    """A line that cannot be filed, or of which something is doubted, and why."""

    line: int
    why: Text


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file: how many lines were filed, were here before, and were refused."""

    filed: int
    repeated: int
    refused: int
    told: list[RefusedLine]
    doubtful: int = 0
    doubts: list[RefusedLine] = []
    """What the desk doubts of places in the lines that were filed; the first ones, all are counted."""


Lines = Iterable[tuple[int, "Line | InputError", bytes]]
"""The number of each line, what it says, and the bytes that it is named after."""


def import_records(
    node: Node, officer: Officer, lines: Callable[[], Lines], *, skip_refused: bool = False, tell: Callable[[int], None] | None = None
) -> Imported:
    """File the records of a file, which `lines` opens from its start each time it is called.

    `tell` is called with the number of lines dealt with after each batch. Raises `OperatorError` when the store fails: the batches
    before stay filed.
    """
    require(officer.role, "file")
    refused, told = _check(node, lines)
    if refused and not skip_refused:
        return Imported(filed=0, repeated=0, refused=refused, told=told)
    filed = repeated = 0
    good = ((line, named) for _, line, named in lines() if isinstance(line, Line) and (not refused or _fault(node, line, named) is None))
    while batch := list(islice(good, BATCH)):
        with node.ledger.writing() as pen:
            records = [_record(node, officer, line, named) for line, named in batch]
            known = pen.record_kinds([record.id for record in records])
            fresh = {record.id: record for record in records if record.id not in known}
            _check_incidents(pen, fresh.values())
            rests = {record.id: line.based_on for record, (line, _) in zip(records, batch, strict=True)}
            fresh = {name: msgspec.structs.replace(each, derived=links_to(pen, node.party, rests[name])) for name, each in fresh.items()}
            envelopes = [(each.id, seal("record", canonical(each), node.key).decode()) for each in fresh.values()]
            pen.journal_filed([RecordFiled(record=name, version=1, envelope=envelope) for name, envelope in envelopes], officer)
        filed, repeated = filed + len(fresh), repeated + len(batch) - len(fresh)
        if tell:
            tell(filed + repeated)
    doubtful, doubts = _doubt(node, lines)
    return Imported(filed=filed, repeated=repeated, refused=refused, told=told, doubtful=doubtful, doubts=doubts)


def read_json_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, Line | InputError, bytes]]:
    """Return what each line of JSON says. Empty lines are passed over."""
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            yield number, _caught(partial(_from_json, raw)), raw.strip()


def read_csv(lines: Iterable[str], zone: str) -> Iterator[tuple[int, Line | InputError, bytes]]:
    """Return what each row of a CSV file says; its first row names the columns. `zone` is the zone of its days.

    Raises `InputError` for a file without those names.
    """
    reader = csv.DictReader(_short(lines), strict=True)
    try:
        unknown = set(reader.fieldnames or ()) - set(COLUMNS)
        if unknown or not {"kind", "side"} <= set(reader.fieldnames or ()):
            came = ", ".join(map(str, reader.fieldnames or ()))[:200]
            raise InputError(say("The first row names the columns, of: {known}. This came: {came}", known=", ".join(COLUMNS), came=came or "—"))
        for row in reader:
            cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
            named = json.dumps(cells, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
            yield reader.line_num, _caught(partial(_from_cells, row, cells, zone)), named
    except csv.Error as error:
        raise InputError(say("Line {line} is no CSV: {why}", line=reader.line_num, why=str(error)[:120])) from error


def _check(node: Node, lines: Callable[[], Lines]) -> tuple[int, list[RefusedLine]]:
    refused = 0
    told: list[RefusedLine] = []
    for number, line, named in lines():
        why = line.what if isinstance(line, InputError) else _fault(node, line, named)
        if why is not None:
            refused += 1
            if len(told) < SHOWN:
                told.append(RefusedLine(number, why))
    return refused, told


def _doubt(node: Node, lines: Callable[[], Lines]) -> tuple[int, list[RefusedLine]]:
    """Return how many lines have a doubtful place, and why, the first ones; each place is doubted once however many lines repeat it."""
    known: dict[bytes, list[Doubt]] = {}
    doubtful, told = 0, list[RefusedLine]()
    with node.ledger.reading() as book:
        doubter = Doubter(node.lines(), node.dictation, book.points_in)
        for number, line, named in lines():
            if not isinstance(line, Line) or _fault(node, line, named) is not None:
                continue
            placed = [claim for claim in line.claims if claim.predicate in ("place", "depth")]
            if not placed:
                continue
            key = msgspec.json.encode([claim.value for claim in placed])
            if key not in known:
                known[key] = doubter.doubts(placed)
            doubtful += bool(known[key])
            told += [RefusedLine(number, doubt.why) for doubt in known[key] if len(told) < SHOWN]
    return doubtful, told


def _caught(read: Callable[[], Line]) -> Line | InputError:
    try:
        return read()
    except InputError as error:
        return error


def _short(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) > LINE:
            raise InputError(say("Line {line} is longer than {limit} characters.", line=number, limit=LINE))
        yield line


def _from_json(raw: bytes) -> Line:
    if len(raw) > LINE:
        raise InputError(say("The line is longer than {limit} bytes.", limit=LINE))
    try:
        return msgspec.convert(parse(raw), Line)
    except msgspec.ValidationError as error:
        raise InputError(say("The line does not fit: {why}", why=str(error)[:200])) from error


def _fault(node: Node, line: Line, named: bytes) -> Text | None:
    if line.basis == "own" and line.side != node.country:
        return say("basis `own` is for this node's own side ({own}); this came: {came}", own=node.country, came=line.side[:10])
    if not line.claims:
        return say("A record needs at least one claim.")
    if any(claim.span or claim.quote or claim.quote_commitment for claim in line.claims):
        return say("A claim of an imported record rests on no document of this node: leave span and quote out.")
    if len({claim.id for claim in line.claims}) < len(line.claims):
        return say("Two claims have one name.")
    return what_is_unsound(_record(node, _NOBODY, line, named))


def _record(node: Node, officer: Officer, line: Line, named: bytes) -> Record:
    name = hashlib.sha256(b"hamsaya-import-v1\x00" + node.party.encode() + b"\x00" + named).digest()
    incident = line.incident or (named_after(node.party, "I", name) if line.kind == "incident_account" else "")
    return Record(
        id=named_after(node.party, "R", name), version=1, kind=line.kind, party=node.party, office=officer.office, side=line.side, basis=line.basis,
        handling=line.handling, incident=incident, claims=line.claims, filed_at=node.now(), sources=line.sources, exercise=node.exercise,
    )  # fmt: skip


def _check_incidents(pen: Pen, records: Iterable[Record]) -> None:
    for record in records:
        opened = record.id.replace("-R-", "-I-", 1)
        if record.incident not in ("", opened) and not pen.has_incident(pen.incident_name(record.incident)):
            raise NotFound(
                say("There is no incident {came}.", came=record.incident[:40]),
                say("Leave it out to open a new one. The batches before this line are filed; run the command again with the corrected file."),
            )


def _from_cells(row: dict[str, str], cells: dict[str, str], zone: str) -> Line:
    if None in row or None in row.values():
        raise InputError(say("The row has not as many cells as the first one names."))
    grade = parse_grade(cells["grade"]) if cells.get("grade") else None
    told: list[tuple[str, Value]] = []
    if cells.get("occurred"):
        told.append(("occurred", _moment(cells["occurred"], zone)))
    told += [(name, _coded(name, cells[name])) for name in _CODED if cells.get(name)]
    told += [(name, _count(name, cells[name])) for name in _COUNTED if cells.get(name)]
    if any(cells.get(name) for name in ("place", "lon", "lat", "points")):
        told.append(("place", _place(cells)))
    if cells.get("inside"):
        told.append(("depth", _depth(cells["inside"])))
    if cells.get("statement"):
        told.append(("statement", Words(text=cells["statement"])))
    speaker = Speaker(kind="own") if cells.get("basis") == "own" else Speaker(kind="side", side=cells["side"])
    claims = [Claim(id=f"c{place}", predicate=name, value=value, speaker=speaker, grade=grade) for place, (name, value) in enumerate(told, 1)]
    based_on = cells.get("based_on", "").split()
    plain = {name: cells[name] for name in ("kind", "side", "basis", "handling", "incident") if cells.get(name)}
    try:
        return msgspec.convert({**plain, "claims": msgspec.to_builtins(claims), "based_on": based_on}, Line)
    except msgspec.ValidationError as error:
        raise InputError(say("The line does not fit: {why}", why=str(error)[:200])) from error


def _moment(text: str, zone: str) -> Moment:
    """Return a day, Gregorian or Jalali, in the zone of the file; or a minute, written with its own offset."""
    if "T" in text:
        try:
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                raise ValueError(text)
        except ValueError as error:
            raise InputError(say("occurred: a time with its offset is expected, such as {example}; this came: {came}",
                                 example="2026-11-12T09:30+03:30", came=text[:40])) from error  # fmt: skip
        start = at.astimezone(UTC)
        return Moment(start=start, end=start + timedelta(minutes=1), precision="minute", zone=zone, derivation="absolute")
    day = read_day(text, "occurred")
    start, end = (datetime.combine(each, time(), ZoneInfo(zone)).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return Moment(start=start, end=end, precision="day", zone=zone, derivation="absolute")


def _coded(name: str, text: str) -> Coded:
    """Return a code of the list of its column, with the country after `@` where one is told: `border_guard@PK`."""
    code, _, country = text.partition("@")
    if code not in CHOICES[name]:
        raise InputError(say("{column}: one of these codes is expected: {known}. This came: {came}", column=name, known=", ".join(CHOICES[name]),
                             came=text[:40]))  # fmt: skip
    return Coded(code=code, country=country)


def _count(name: str, text: str) -> Count:
    found = _COUNT.fullmatch(text)
    if found is None:
        raise InputError(say("{column}: a number from 0, `2-4` or `3+` is expected; this came: {came}", column=name, came=text[:20]))
    low, more, high = int(found[1]), found[2], found[3]
    return Count(low=low, high=None if more else int(high) if high else low)


def _depth(text: str) -> Depth:
    """Return how far inside which territory, in metres: `3000@IR`, `2000-3000@IR`, `2000+@IR`."""
    metres, _, territory = text.partition("@")
    count = _count("inside", metres)
    return Depth(low_m=count.low, high_m=count.high, territory=territory)


def _shape(cells: dict[str, str]) -> Place:
    """Return a line or an area from its points: `61.1, 29.2; 61.3, 29.2`, the first one again at the end for an area."""
    if cells.get("lon") or cells.get("lat"):
        raise InputError(say("A place is either one point (lon, lat) or several (points)."))
    shape = parse_shape(cells["points"], cells.get("place") or "")
    if shape is None:
        raise InputError(say("points: from 2 to {limit} points are expected, such as {example}; this came: {came}",
                             limit=MAX_POINTS, example="61.1, 29.2; 61.3, 29.2", came=cells["points"][:60]))  # fmt: skip
    return msgspec.structs.replace(shape, country=cells.get("country") or "", district=cells.get("district") or "")


def _place(cells: dict[str, str]) -> Place:
    if cells.get("points"):
        return _shape(cells)
    try:
        lon, lat = (round(float(cells[name]) * _UDEG) if cells.get(name) else None for name in ("lon", "lat"))
        radius = int(cells["radius_m"]) if cells.get("radius_m") else None
    except (ValueError, OverflowError) as error:
        raise InputError(say("lon, lat in degrees and radius_m in metres are expected as plain numbers.")) from error
    if (lon is None) != (lat is None):
        raise InputError(say("A point needs both lon and lat."))
    precision: PlacePrecision = "unknown" if lon is None else "exact" if radius is None else "site"
    return Place(
        words=cells.get("place") or "", precision=precision, country=cells.get("country") or "", lon_udeg=lon, lat_udeg=lat, radius_m=radius,
        district=cells.get("district") or "",
    )  # fmt: skip


_NOBODY: Final = Officer(login="", office="", role="", password="", language="en")

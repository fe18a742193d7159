# SPDX-License-Identifier: Apache-2.0
"""What an officer typed into the fields of a spot report, in SALUTE order, and what this node understands of it.

- Each field becomes claims: size → strength, activity → action, location → place, unit → actor, time → occurred,
  equipment → means (one for each thing that a comma separates), killed, wounded, held, missing → counts (one for each group that a comma
  separates, such as "2 Pakistani civilians, 1 border guard"), remarks → statement; the rest: `typed_more`. An empty field says nothing.
- A field that cannot be read is a problem of that field; the others are read all the same, so that nothing is typed twice.
- Relative times count from `typed_at`, when the field was typed, not from when it arrived: a link may have been down.
- Every claim has a grade: the report's, or the field's own. Where a source is named and no grade is given, it is F6.
- A local source is a handle: no person's name, and nowhere in the other fields, since those may leave (F9).
- Free text is screened for data on persons at once. That is a warning here; the release refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hamsaya.agreement.screen import find_persons
from hamsaya.desk.dictation import Suggested
from hamsaya.desk.ports import Node
from hamsaya.desk.typed_more import MORE, read_more
from hamsaya.facts.claims import ACTION_CODES, GROUP_CODES, MEANS_CODES, Claim, Hedge, Speaker
from hamsaya.facts.errors import InputError
from hamsaya.facts.grades import CANNOT_BE_JUDGED, parse_grade
from hamsaya.facts.points import parse_point, precision_of
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.values import Coded, Place, Value, Words
from hamsaya.facts.words import Language, Text, say

FIELDS: Final[dict[str, Text]] = {
    "size": say("Size"),
    "activity": say("Activity"),
    "location": say("Location"),
    "unit": say("Unit"),
    "time": say("Time"),
    "equipment": say("Equipment"),
    "killed": say("Killed"),
    "wounded": say("Wounded"),
    "held": say("Held"),
    "missing": say("Missing"),
    **MORE,
    "remarks": say("Remarks"),
}
"""The fields in the order in which they are spoken: SALUTE, then what it cost."""
LOSSES: Final = ("killed", "wounded", "held", "missing")
"""The fields that count people: each of their claims is of a group, with its side where the words name it."""
LONGEST: Final = {"remarks": 4_000}
_LONGEST_FIELD: Final = 200
_LONGEST_HANDLE: Final = 40
_MOST_MEANS: Final = 12
_MOST_GROUPS: Final = 8
_SHORTEST_HANDLE: Final = 2
_OLDEST: Final = timedelta(days=7)
_SKEW: Final = timedelta(minutes=5)
_ON_MAP_M: Final = 500
"""How exactly a point is known that was shown on the map, unless the page says it: half a kilometre."""
_COMMAS: Final = re.compile(r"[,،;؛\n+]")
_SIDE: Final = re.compile(r"[\s(]([A-Z]{2})\)?$")
"""A side by its code at the end: "2 civilians PK"."""
_KEPT_AS_WORDS: Final = "-"
"""The reference that says: none of the places that bear this name."""


class TypedReport(msgspec.Struct, frozen=True, kw_only=True):
    """The fields as typed. `grades` are those of single fields."""

    size: str = ""
    activity: str = ""
    location: str = ""
    unit: str = ""
    time: str = ""
    equipment: str = ""
    killed: str = ""
    wounded: str = ""
    held: str = ""
    missing: str = ""
    outcome: str = ""
    direction: str = ""
    site: str = ""
    property: str = ""
    lasted: str = ""
    ending: str = ""
    remarks: str = ""
    grade: str = ""
    grades: dict[str, str] = {}
    source: str = ""
    """Handle of a local source; empty for the office's own observation."""
    place_ref: str = ""
    """Which of several places of one name was chosen, `-` for none of them."""
    lon: str = ""
    lat: str = ""
    radius_m: str = ""
    """A point that was shown on the map, in decimal degrees."""
    typed_at: str = ""
    """ISO time at which the time field was typed; empty for now."""


class FieldRead(msgspec.Struct, frozen=True, kw_only=True):
    """One field, and what this node understands of it."""

    field: str
    claims: list[Claim] = []
    problem: Text | None = None
    hint: Text | None = None
    choices: list[Suggested] = []
    notes: list[Text] = []


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report. It can be filed when there is no problem."""

    fields: list[FieldRead]
    claims: list[Claim]
    problems: list[tuple[str, Text, Text | None]]
    """Field, what is wrong, and what to do."""
    persons: list[Text]
    """Fields that seem to hold data on persons, in words that do not repeat it."""
    warnings: list[Text]
    """What else the officer should know before filing."""


def read_typed(node: Node, typed: TypedReport, language: Language = "en") -> Understood:
    """Return what the report says, field by field. Never raises for what an officer may type."""
    plain, notes = _plain(typed)
    wrong: list[tuple[str, Text, Text | None]] = []
    speaker, hedge = _speaker(node, plain, wrong)
    grades = _grades(plain, wrong)
    reads = [_read(node, name, plain, language, notes.get(name, [])) for name in FIELDS]
    claims: list[Claim] = []
    fields: list[FieldRead] = []
    for read in reads:
        graded = [
            msgspec.structs.replace(claim, id=f"c{len(claims) + number}", speaker=speaker, hedge=hedge, grade=grades.get(read.field))
            for number, claim in enumerate(read.claims, 1)
        ]
        claims += graded
        fields.append(msgspec.structs.replace(read, claims=graded))
        if read.problem is not None:
            wrong.append((read.field, read.problem, read.hint))
    if not claims and not wrong:
        wrong.append(("size", say("The report says nothing yet."), say("Fill in at least one field.")))
    if claims and any(claim.grade is None for claim in claims) and not any(name == "grade" for name, _, _ in wrong):
        wrong.append(("grade", say("The report has no grade."), say("Give a letter A–F and a digit 1–6; F6 where it cannot be judged.")))
    return Understood(fields=fields, claims=claims, problems=wrong, persons=_persons(plain), warnings=_warnings(plain, claims))


def _plain(typed: TypedReport) -> tuple[TypedReport, dict[str, list[Text]]]:
    """Return the fields without characters that repaint or reorder text, and what was left out."""
    notes: dict[str, list[Text]] = {}
    plain: dict[str, str] = {}
    for name in (*FIELDS, "source", "place_ref", "lon", "lat", "radius_m", "typed_at"):
        text = getattr(typed, name)
        cleaned = as_plain(text.replace("\r\n", "\n").replace("\r", "\n"))
        plain[name] = cleaned.strip() if name == "remarks" else " ".join(cleaned.split())
        if len(cleaned) != len(text.replace("\r\n", "\n")):
            notes.setdefault(name, []).append(say("Invisible control characters were left out."))
    return msgspec.structs.replace(typed, **plain), notes


def _speaker(node: Node, typed: TypedReport, wrong: list[tuple[str, Text, Text | None]]) -> tuple[Speaker, Hedge]:
    if not typed.source:
        return Speaker(kind="own", side=node.country), ""
    if len(typed.source) > _LONGEST_HANDLE or find_persons(typed.source):
        wrong.append(("source", say("This is no handle of a source."), say("Use a short local handle, never a person's name or number.")))
    if len(typed.source) > _SHORTEST_HANDLE:
        handle = _bare(typed.source)
        wrong.extend(
            (name, say("The source's handle stands in this field; it must stay in its own, which never leaves the node."), None)
            for name in FIELDS
            if handle in _bare(getattr(typed, name))
        )
    return Speaker(kind="source", handle=typed.source), "sources"


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _grades(typed: TypedReport, wrong: list[tuple[str, Text, Text | None]]) -> dict[str, str]:
    """Return the grade of each field; a field whose own grade is none is told, and has none."""
    whole = typed.grade.strip() or (CANNOT_BE_JUDGED if typed.source else "")
    found: dict[str, str] = {}
    for name in FIELDS:
        given = typed.grades.get(name, "").strip() or whole
        try:
            if given:
                found[name] = parse_grade(given)
        except InputError as error:
            if not any(what == error.what for _, what, _ in wrong):
                wrong.append((f"grade_{name}" if typed.grades.get(name, "").strip() else "grade", error.what, error.hint))
    return found


def _read(node: Node, name: str, typed: TypedReport, language: Language, notes: list[Text]) -> FieldRead:
    text: str = getattr(typed, name)
    pointed = name == "location" and bool(typed.lon or typed.lat)
    if not text and not pointed:
        return FieldRead(field=name, notes=notes)
    limit = LONGEST.get(name, _LONGEST_FIELD)
    if len(text) > limit:
        return FieldRead(field=name, problem=say("This is too long: {n} letters; at most {limit}.", n=len(text), limit=limit), notes=notes)
    try:
        read = _READERS[name](node, text, typed, language)
    except InputError as error:
        return FieldRead(field=name, problem=error.what, hint=error.hint, notes=notes)
    return msgspec.structs.replace(read, notes=[*notes, *read.notes])


def _size(node: Node, text: str, typed: TypedReport, _language: Language) -> FieldRead:
    read = node.dictation.count(text)
    unit = node.dictation.coded(typed.unit, GROUP_CODES) if 0 < len(typed.unit) <= _LONGEST_FIELD else read.group
    about = Coded(code=unit.code, country=unit.country) if unit else None
    return FieldRead(field="size", claims=[_claim("strength", read.count, about)])


def _activity(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    return FieldRead(field="activity", claims=[_claim("action", node.dictation.coded(text, ACTION_CODES))])


def _unit(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    return FieldRead(field="unit", claims=[_claim("actor", node.dictation.coded(text, GROUP_CODES))])


def _equipment(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    things = [part.strip() for part in _COMMAS.split(text) if part.strip()]
    if len(things) > _MOST_MEANS:
        raise InputError(say("Too many things of equipment: {n}; at most {limit}.", n=len(things), limit=_MOST_MEANS))
    return FieldRead(field="equipment", claims=[_claim("means", node.dictation.coded(thing, MEANS_CODES)) for thing in things])


def _losses(name: str, node: Node, text: str) -> FieldRead:
    groups = [part.strip() for part in _COMMAS.split(text) if part.strip()]
    if len(groups) > _MOST_GROUPS:
        raise InputError(say("Too many groups: {n}; at most {limit}.", n=len(groups), limit=_MOST_GROUPS))
    claims = []
    for group in groups:
        read, side = node.dictation.count(group), _SIDE.search(group)
        country = read.group.country or (side[1] if side else "") if read.group else ""
        claims.append(_claim(name, read.count, Coded(code=read.group.code, country=country) if read.group else None))
    told = [(claim.about.code, claim.about.country) if claim.about else ("", "") for claim in claims]
    if len(set(told)) < len(told):
        raise InputError(say("One group is counted twice."), say("Name each group once, such as: 2 Pakistani civilians, 1 Iranian border guard."))
    notes = [say("Of which group or side is not said: a neighbour's count cannot be put beside it.")] if ("", "") in told else []
    return FieldRead(field=name, claims=claims, notes=notes)


def _killed(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    return _losses("killed", node, text)


def _wounded(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    return _losses("wounded", node, text)


def _held(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    return _losses("held", node, text)


def _missing(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    return _losses("missing", node, text)


def _more(name: str) -> Callable[[Node, str, TypedReport, Language], FieldRead]:
    def read(node: Node, text: str, typed: TypedReport, _language: Language) -> FieldRead:
        return FieldRead(field=name, claims=read_more(node.dictation, name, text, typed.activity[:_LONGEST_FIELD]))

    return read


def _remarks(node: Node, text: str, _typed: TypedReport, _language: Language) -> FieldRead:
    return FieldRead(field="remarks", claims=[_claim("statement", Words(text=text, language=node.dictation.language(text)))])


def _time(node: Node, text: str, typed: TypedReport, _language: Language) -> FieldRead:
    now = node.now()
    moment = node.dictation.moment(text, zone=node.zone, now=_written_at(typed, now))
    return FieldRead(field="time", claims=[_claim("occurred", moment)])


def _written_at(typed: TypedReport, now: datetime) -> datetime:
    """Return when the time field was typed, if the page says so and it can be true; else now."""
    try:
        at = datetime.fromisoformat(typed.typed_at)
    except ValueError:
        return now
    if at.tzinfo is None or not now - _OLDEST <= at <= now + _SKEW:
        return now
    return min(at, now)


def _location(node: Node, text: str, typed: TypedReport, language: Language) -> FieldRead:
    if typed.lon or typed.lat:
        return FieldRead(field="location", claims=[_claim("place", _pointed(text, typed))])
    read = node.dictation.place(text, ref=typed.place_ref, language=language)
    notes = [read.note] if read.note else []
    place = read.place
    if place is None and typed.place_ref == _KEPT_AS_WORDS:
        place = Place(words=text, precision="unknown")
    if place is None:
        return FieldRead(field="location", choices=read.choices, problem=say("Several places bear this name: choose one."), notes=notes)
    claims = [_claim("place", place), *([_claim("depth", read.depth)] if read.depth else [])]
    return FieldRead(field="location", claims=claims, choices=read.choices, notes=notes)


def _pointed(text: str, typed: TypedReport) -> Place:
    """Return the point that was shown on the map. Raises `InputError` for one that is none."""
    point = parse_point(f"{typed.lon}, {typed.lat}")
    if point is None:
        raise InputError(say("These coordinates cannot be read: {came}", came=f"{typed.lon}, {typed.lat}"[:60]))
    told = int(typed.radius_m) if re.fullmatch(r"[0-9]{1,7}", typed.radius_m) else _ON_MAP_M
    radius = max(1, told, point.radius_m)
    return Place(words=text, precision=precision_of(radius), lon_udeg=point.lon_udeg, lat_udeg=point.lat_udeg, radius_m=radius)


def _claim(predicate: str, value: Value, about: Coded | None = None) -> Claim:
    return Claim(id="", predicate=predicate, value=value, speaker=Speaker(kind="own"), about=about)


def _persons(typed: TypedReport) -> list[Text]:
    return [
        say("{field} seems to hold data on persons: {what}. It would not be released; describe persons by office or number.",
            field=label, what=_listed(found))
        for name, label in FIELDS.items() if name != "location" and (found := find_persons(getattr(typed, name)))
    ]  # fmt: skip


def _warnings(typed: TypedReport, claims: list[Claim]) -> list[Text]:
    if claims and not (typed.time and (typed.location or typed.lon)):
        return [say("Without a time and a place it cannot be matched with a neighbour's account.")]
    return []


def _listed(found: list[Text]) -> Text:
    return found[0] if len(found) == 1 else say("{one}, {others}", one=found[0], others=_listed(found[1:]))


_READERS: Final = {
    "size": _size, "activity": _activity, "location": _location, "unit": _unit, "time": _time, "equipment": _equipment,
    "killed": _killed, "wounded": _wounded, "held": _held, "missing": _missing, **{name: _more(name) for name in MORE}, "remarks": _remarks,
}  # fmt: skip

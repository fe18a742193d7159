# SPDX-License-Identifier: Apache-2.0
"""The terms of an agreement as the fields of a form, and back. One description a clause type makes form, reader and writer.

Pure, and a round trip: what `write_form` makes of terms, `read_form` reads as those terms. What was typed and is none of a
clause's terms comes back as a fault of that clause, never as an error. A blank row of a list is no row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

import msgspec
from persiantools.jdatetime import JalaliDate

from hamsaya.agreement.purposes import PURPOSES
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import LANGUAGES, Text, say

Told = dict[str, Any]
"""Terms, or a clause, as a file of terms has them."""
Fields = Mapping[str, list[str]]
MOST_CLAUSES: Final = 60
MOST_ROWS: Final = 40
_MOST_DIGITS: Final = 9
_MOST_ROW_DIGITS: Final = 4
_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")
_POINT: Final = re.compile(r"(-?\d{1,4}(?:\.\d{1,9})?)[\s,;،]+(-?\d{1,4}(?:\.\d{1,9})?)", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_JALALI_YEARS: Final = range(1200, 1600)
_HEAD: Final = ("id", "title", "place", "drafted_on", "valid_from", "valid_until")
_UDEG: Final = 1_000_000


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a clause. `options` are its closed list, `low` to `high` its range, `rows` the fields of each of its rows."""

    name: str
    label: Text
    kind: Literal["ticks", "choice", "party", "parties", "number", "yes", "text", "names", "points", "offices", "rows"]
    options: dict[str, Text] = {}
    low: int = 0
    high: int = 0
    unit: Text | None = None
    rows: list[Field] = []


class ClauseForm(msgspec.Struct, frozen=True, kw_only=True):
    """What a clause type is called, and its fields."""

    label: Text
    fields: list[Field]


_LEVELS: Final[dict[str, Text]] = {level: Text(f"TLP:{level.upper()}") for level in HANDLING}
_KINDS: Final = Field(name="kinds", label=say("Kinds of record"), kind="ticks", options=RECORD_KINDS)
_CALLED: Final = Field(name="called", label=say("Name"), kind="names")


def _number(name: str, label: Text, low: int, high: int, unit: Text) -> Field:
    return Field(name=name, label=label, kind="number", low=low, high=high, unit=unit)


_M, _MIN, _DAYS, _HOURS, _KM = say("metres"), say("minutes"), say("days"), say("hours"), say("kilometres")
_YEAR: Final = 525_600
CLAUSE_FORMS: Final[dict[str, ClauseForm]] = {
    "kinds": ClauseForm(label=say("Kinds and direction"), fields=[
        Field(name="sender", label=say("May send"), kind="party"), Field(name="receiver", label=say("To"), kind="party"), _KINDS]),
    "handling": ClauseForm(label=say("Highest handling level"), fields=[
        Field(name="ceiling", label=say("Nothing above"), kind="choice", options=_LEVELS),
        Field(name="scales", label=say("What a party's own markings mean"), kind="rows", rows=[
            Field(name="party", label=say("Party"), kind="party"), Field(name="marking", label=say("Its marking"), kind="text"),
            Field(name="level", label=say("means"), kind="choice", options=_LEVELS)])]),
    "area": ClauseForm(label=say("Area"), fields=[_KINDS, Field(name="zones", label=say("Zones"), kind="rows", rows=[
        Field(name="shape", label=say("Shape"), kind="choice", options={"polygon": say("inside these points"), "buffer": say("along this line")}),
        _CALLED, Field(name="points", label=say("Points, a line each: longitude latitude"), kind="points"),
        _number("within_m", say("Along a line: to each side"), 1, 1_000_000, _M)])]),
    "purposes": ClauseForm(label=say("Purposes"), fields=[Field(name="purposes", label=say("Shared for"), kind="ticks", options=PURPOSES)]),
    "exactness": ClauseForm(label=say("Exactness"), fields=[
        _number("place_m", say("Places rounded to"), 1, 1_000_000, _M), _number("time_min", say("Times rounded to"), 1, 44_640, _MIN),
        _number("number_step", say("Numbers in steps of"), 1, 1_000, say("1 leaves them as they are"))]),
    "tear-line": ClauseForm(label=say("Fields that stay at home"), fields=[
        Field(name="fields", label=say("Fields"), kind="ticks", options={name: each.label for name, each in PREDICATES.items()})]),
    "quotes": ClauseForm(label=say("Sentences of documents"), fields=[
        Field(name="allowed", label=say("A sentence may leave once the screen finds no person in it"), kind="yes")]),
    "refusal-grounds": ClauseForm(label=say("Further grounds of refusal"), fields=[Field(name="also", label=say("Grounds"), kind="rows", rows=[
        Field(name="code", label=say("Short code"), kind="text"), _CALLED])]),
    "originator": ClauseForm(label=say("Originator control"), fields=[
        _number("answer_min", say("A request for consent is answered within"), 1, _YEAR, _MIN),
        Field(name="consent_for", label=say("This clause is the consent for"), kind="parties")]),
    "deadlines": ClauseForm(label=say("Deadlines"), fields=[
        _number("acknowledge_min", say("Acknowledged within"), 1, _YEAR, _MIN), _number("answer_min", say("Answered within"), 1, _YEAR, _MIN),
        _number("formal_min", say("Formal report within"), 0, _YEAR, _MIN), _number("final_min", say("Final report within"), 0, _YEAR, _MIN),
        _number("explain_min", say("Explanation within"), 0, _YEAR, _MIN),
        _number("pursuit_min", say("Pursuit notice answered within"), 0, _YEAR, _MIN),
        _number("after_report_min", say("Report after a pursuit within"), 0, _YEAR, _MIN),
        _number("escalate_min", say("What is overdue goes up one level every"), 0, _YEAR, _MIN),
        _number("return_min", say("Return case answered within"), 0, _YEAR, _MIN)]),
    "retention": ClauseForm(label=say("Retention"), fields=[_KINDS, _number("days", say("Deleted after"), 1, 36_500, _DAYS)]),
    "levels": ClauseForm(label=say("Levels of liaison"), fields=[Field(name="levels", label=say("Levels, lowest first"), kind="rows", rows=[
        _CALLED, Field(name="offices", label=say("Office"), kind="offices")])]),
    "exercises": ClauseForm(label=say("Exercises"), fields=[
        _number("notice_days", say("Announced before"), 1, 365, _DAYS), _number("within_km", say("Within this distance of the line"), 1, 1_000, _KM),
        Field(name="observers", label=say("The others may send observers"), kind="yes")]),
    "standing-approval": ClauseForm(label=say("Standing approval"), fields=[
        _KINDS, Field(name="ceiling", label=say("Up to"), kind="choice", options={name: _LEVELS[name] for name in ("clear", "green")}),
        _number("review_h", say("Reviewed within"), 1, 24, _HOURS)]),
}  # fmt: skip


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says: terms as far as they could be read, and by clause, from 0, what could not."""

    told: Told
    faults: dict[int, list[Text]]


def write_form(told: Told) -> dict[str, list[str]]:
    """Return terms as the fields of a form."""
    form = {name: [str(told.get(name, ""))] for name in _HEAD}
    for at, clause in enumerate(told.get("clauses", [])):
        form[f"c{at}.type"], form[f"c{at}.number"] = [str(clause.get("type", ""))], [str(clause.get("number", ""))]
        known = CLAUSE_FORMS.get(str(clause.get("type", "")))
        for field in known.fields if known else []:
            _write(form, f"c{at}.{field.name}", field, clause.get(field.name))
    return form


def read_form(form: Fields) -> Typed:
    """Return the terms in a form. Clauses stand in the order of their numbers in the fields' names."""
    told: Told = {name: _first(form, name).strip() for name in _HEAD}
    told |= {name: _at_midnight(told[name]) for name in ("valid_from", "valid_until")}
    found = sorted({int(match[1]) for name in form if (match := re.fullmatch(r"c(\d{1,4})\.type", name, re.ASCII))})
    clauses, faults = [], {}
    of_clause: dict[str, dict[str, list[str]]] = {}
    for name, values in form.items():
        of_clause.setdefault(name.partition(".")[0], {})[name] = values
    for at, number in enumerate(found[:MOST_CLAUSES]):
        clause, wrong = _read_clause(of_clause.get(f"c{number}", {}), f"c{number}")
        clauses.append(clause)
        faults[at] = wrong
    if len(found) > MOST_CLAUSES:
        faults.setdefault(MOST_CLAUSES - 1, []).append(say("at most {n} clauses can be edited here", n=MOST_CLAUSES))
    return Typed(told={**told, "clauses": clauses}, faults=faults)


def _at_midnight(came: str) -> str:
    """Return a day, Gregorian or Jalali, as its first moment in UTC; anything else as it came."""
    found = _DAY.fullmatch(came.translate(_DIGITS))
    if found is None:
        return came
    year, month, day = (int(part) for part in found.groups())
    try:
        at = JalaliDate(year, month, day).to_gregorian() if year in _JALALI_YEARS else date(year, month, day)
    except ValueError:
        return came
    return f"{at.isoformat()}T00:00:00Z"


def _read_clause(form: Fields, prefix: str) -> tuple[Told, list[Text]]:
    kind, number = _first(form, f"{prefix}.type"), _first(form, f"{prefix}.number").strip()
    faults: list[Text] = []
    if not is_plain(number, 20):
        faults.append(say("its number is too long, or holds control characters"))
        number = ""
    known = CLAUSE_FORMS.get(kind)
    clause: Told = {"number": number, "type": kind[:40]}
    for field in known.fields if known else []:
        value = _read(form, f"{prefix}.{field.name}", field, faults)
        if value is not None:
            clause[field.name] = value
    return clause, faults


def _write(form: dict[str, list[str]], name: str, field: Field, value: Any) -> None:
    match field.kind:
        case "ticks" | "parties":
            form[name] = [str(each) for each in value or []]
        case "yes":
            form[name] = ["yes"] if value else []
        case "names" | "offices":
            for key, words in (value or {}).items():
                form[f"{name}.{key}"] = [str(words)]
        case "points":
            form[name] = ["\n".join(f"{_degrees(lon)} {_degrees(lat)}" for lon, lat in value or [])]
        case "rows":
            for at, row in enumerate(_rows_of(field, value)):
                for each in field.rows:
                    _write(form, f"{name}.{at}.{each.name}", each, row.get(each.name))
        case _:
            form[name] = ["" if value is None else str(value)]


def _rows_of(field: Field, value: Any) -> list[Told]:
    if field.name == "scales":
        return [{"party": party, "marking": marking, "level": level} for party, scale in (value or {}).items() for marking, level in scale.items()]
    return list(value or [])


def _read(form: Fields, name: str, field: Field, faults: list[Text]) -> Any:
    match field.kind:
        case "ticks" | "parties":
            return form.get(name, [])[:100]
        case "yes":
            return bool(_first(form, name))
        case "names":
            return {code: words for code in LANGUAGES if (words := _first(form, f"{name}.{code}").strip())}
        case "offices":
            start = f"{name}."
            found = {key[len(start) :]: _first(form, key).strip() for key in form if key.startswith(start) and "." not in key[len(start) :]}
            return {party: office for party, office in found.items() if office}
        case "points":
            return _points(_first(form, name), faults)
        case "number":
            return _whole(_first(form, name), field, faults)
        case "rows":
            return _read_rows(form, name, field, faults)
        case _:
            return _first(form, name).strip()


def _read_rows(form: Fields, name: str, field: Field, faults: list[Text]) -> Any:
    found = rows_in(form, name, field)
    if len(found) > MOST_ROWS:
        faults.append(say("at most {n} rows can be edited here", n=MOST_ROWS))
    rows = []
    for at in found[:MOST_ROWS]:
        row = {each.name: _read(form, f"{name}.{at}.{each.name}", each, faults) for each in field.rows}
        rows.append({key: value for key, value in row.items() if value is not None})
    if field.name == "scales":
        scales: dict[str, dict[str, str]] = {}
        for row in rows:
            scales.setdefault(row["party"], {})[row["marking"]] = row["level"]
        return scales
    for row in rows:
        if row.get("shape") == "polygon":
            row.pop("within_m", None)
    return rows


def rows_in(form: Fields, name: str, field: Field) -> list[int]:
    """Return the numbers of the rows in which something was typed; what is only chosen from a list is always there."""
    lists = {each.name for each in field.rows if each.kind in ("choice", "party")}
    found = set()
    for key, values in form.items():
        at, _, rest = key.removeprefix(f"{name}.").partition(".") if key.startswith(f"{name}.") else ("", "", "")
        if rest and rest not in lists and at.isascii() and at.isdecimal() and len(at) <= _MOST_ROW_DIGITS and any(each.strip() for each in values):
            found.add(int(at))
    return sorted(found)


def _whole(came: str, field: Field, faults: list[Text]) -> int | None:
    text = came.strip().translate(_DIGITS)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        faults.append(say("{field}: expected a whole number; this came: {came}", field=field.name, came=came[:20]))
        return None
    return int(text)


def _points(came: str, faults: list[Text]) -> list[list[float]]:
    points = []
    for at, line in enumerate(came.translate(_DIGITS).splitlines(), 1):
        found = _POINT.fullmatch(line.strip())
        if found:
            points.append([float(found[1]), float(found[2])])
        elif line.strip():
            faults.append(say("line {n} of the points: expected longitude and latitude in degrees; this came: {came}", n=at, came=line.strip()[:40]))
    return points


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"


def _first(form: Fields, name: str) -> str:
    return next(iter(form.get(name, [])), "")


def told_of(terms: msgspec.Struct) -> Told:
    """Return terms, or a table, as a file of terms has them: points in degrees, moments as text."""
    whole = msgspec.to_builtins(terms)
    told: Told = {name: whole[name] for name in (*_HEAD, "clauses")}
    for clause in told["clauses"]:
        for zone in clause.get("zones", []):
            zone["points"] = [[lon / _UDEG, lat / _UDEG] for lon, lat in zone["points"]]
    return told


def write_terms(told: Told) -> str:
    """Return terms as a TOML file that `hamsaya agreement draft` reads."""
    lines = [f"{name} = {_moment(told[name]) if name.startswith('valid_') else _toml(told[name])}" for name in _HEAD]
    lines += [] if told["clauses"] else ["clauses = []"]
    for clause in told["clauses"]:
        lines += ["", "[[clauses]]", *(f"{_key(name)} = {_toml(value)}" for name, value in clause.items())]
    return "\n".join(lines) + "\n"


def _moment(value: str) -> str:
    known = re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})", value, re.ASCII)
    return value if known else _toml(value)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(name)} = {_toml(each)}' for name, each in value.items())} }}"
    text = "".join(" " if "\ud800" <= each <= "\udfff" else each for each in str(value))
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name, re.ASCII) else _toml(name)


def add_clause(told: Told, kind: str) -> Told:
    """Return terms with one more clause of that type, numbered on."""
    numbers = [int(each["number"]) for each in told["clauses"] if str(each.get("number", "")).isdecimal()]
    return {**told, "clauses": [*told["clauses"], {"number": str(max(numbers, default=0) + 1), "type": kind}]}


def move_clause(told: Told, at: int, by: int) -> Told:
    """Return terms with clause `at` moved by so many places; the number stays with its clause."""
    clauses: Sequence[Told] = told["clauses"]
    to = at + by
    if not (0 <= at < len(clauses) and 0 <= to < len(clauses)):
        return told
    rest = [each for number, each in enumerate(clauses) if number != at]
    return {**told, "clauses": [*rest[:to], clauses[at], *rest[to:]]}


def drop_clause(told: Told, at: int) -> Told:
    """Return terms without clause `at`."""
    return {**told, "clauses": [each for number, each in enumerate(told["clauses"]) if number != at]}

# SPDX-License-Identifier: Apache-2.0
"""A filled-in form of a matter (`settlement/form.py`), read into the claims of a record.

- Every field is read whole or refused, with the field's name before what is wrong; an empty one says nothing.
- A name must be of an incident or a record that is here. Free text that seems to hold data on persons is told, not refused:
  the release refuses it.
- What a side asks, offers or demands is its own word. How far it is to be trusted cannot be judged (F6) unless the officer says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.screen import find_persons
from hamsaya.agreement.suspected import suspect_in
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.typed_plan import read_area, read_window
from hamsaya.facts.claims import CODES, Claim, Speaker
from hamsaya.facts.errors import HamsayaError, InputError, NotFound
from hamsaya.facts.grades import CANNOT_BE_JUDGED, parse_grade
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.values import Coded, Value, Words
from hamsaya.facts.words import Language, Text, say
from hamsaya.settlement.form import Field, Form

LONGEST: Final = {"words": 2_000, "names": 1_000, "windows": 2_000, "area": 4_000, "areas": 8_000}
LONGEST_LINE: Final = 200
_TOLD_AFTER: Final = re.compile(r":\s+(?=[^\d\s])")
_COMMAS: Final = re.compile(r"[,،;؛\n]")


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says. It can be filed when there is no problem."""

    claims: list[Claim]
    problems: dict[str, HamsayaError]
    """By field, what is wrong with it; `grade` beside the fields."""
    persons: list[Text]
    """Fields that seem to hold data on persons, in words that do not repeat it, or to touch a ground of law 12."""
    names: list[str]
    """The incidents and records that it names, in order."""


def read_form(node: Node, book: Book, form: Form, typed: Mapping[str, str], *, grade: str = "", language: Language = "en") -> Filled:
    """Return what a filled-in form says, field by field. Never raises for what an officer may type; a field that is none is a problem."""
    problems: dict[str, HamsayaError] = {}
    claims: list[Claim] = []
    persons: list[Text] = []
    names: list[str] = []
    codes: dict[str, set[str]] = {}
    known = {field.name for field in form.fields}
    for strange in sorted(set(typed) - known):
        problems[strange] = InputError(
            say("There is no field {came} in this form; these are: {known}", came=strange[:40], known=", ".join(sorted(known)))
        )
    try:
        level = parse_grade(grade) if grade.strip() else CANNOT_BE_JUDGED
    except InputError as error:
        level, problems["grade"] = CANNOT_BE_JUDGED, error
    for field in form.fields:
        text = _plain(field, typed.get(field.name, ""))
        try:
            values = _read(node, book, field, text, language)
        except (InputError, NotFound) as error:
            problems[field.name] = type(error)(say("{field}: {what}", field=field.label, what=error.what), error.hint)
            continue
        codes[field.name] = {value.code for value, _ in values if isinstance(value, Coded)}
        about = Coded(code=field.about) if field.about else None
        for value, group in values:
            claims.append(Claim(id=f"c{len(claims) + 1}", predicate=field.predicate, value=value, speaker=Speaker(kind="own", side=node.country),
                                about=group or about, grade=level))  # fmt: skip
        if field.reads == "names":
            names += [value.text for value, _ in values if isinstance(value, Words)]
        if field.reads in ("words", "line", "windows", "areas") and (found := find_persons(text)):
            persons.append(say("{field} seems to hold data on persons: {what}. It would not be released; describe persons by office or number.",
                               field=field.label, what=found[0]))  # fmt: skip
        if field.reads in ("words", "line"):
            persons += [
                say("{field} may touch a ground on which nothing is shared: {ground} (“{word}”). Whoever seeks protection is no return case.",
                    field=field.label, ground=GROUNDS[each.ground], word=each.word)
                for each in suspect_in(text) if each.ground in form.grounds
            ]  # fmt: skip
    for each in form.contradictions:
        if codes.get(each.field, set()) & set(each.codes) and each.code in codes.get(each.other, set()):
            problems.setdefault(each.other, InputError(each.why))
    if not claims and not problems:
        problems[form.fields[0].name] = InputError(say("The form says nothing yet."), say("Fill in at least one field."))
    return Filled(claims=claims, problems=problems, persons=persons, names=names)


def _plain(field: Field, text: str) -> str:
    cleaned = as_plain(text.replace("\r\n", "\n").replace("\r", "\n"))
    return cleaned.strip() if field.reads in ("words", "windows", "areas") else " ".join(cleaned.split())


def _read(node: Node, book: Book, field: Field, text: str, language: Language) -> list[tuple[Value, Coded | None]]:
    """Return the values of a field, each with the group that its words name. Raises `InputError` or `NotFound`."""
    if not text:
        if field.required:
            raise InputError(say("This has to be filled in."))
        return []
    limit = LONGEST.get(field.reads, LONGEST_LINE)
    if len(text) > limit:
        raise InputError(say("This is too long: {n} letters; at most {limit}.", n=len(text), limit=limit))
    match field.reads:
        case "words" | "line":
            return [(Words(text=text, language=node.dictation.language(text)), None)]
        case "past":
            return [(node.dictation.moment(text, zone=node.zone, now=node.now()), None)]
        case "future":
            return [(node.dictation.due(text, zone=node.zone, now=node.now()), None)]
        case "count":
            read = node.dictation.count(text)
            return [(read.count, None if field.about or not read.group else Coded(code=read.group.code, country=read.group.country))]
        case "place":
            return [(_place(node, text, language), None)]
        case "code":
            return [(_code(field, part), None) for part in _parts(field, text)]
        case "window" | "windows" | "area" | "areas":
            return [(each, None) for each in _planned(node, field, text)]
        case "names":
            return [(Words(text=_named(book, part)), None) for part in _parts(field, text)]


def _parts(field: Field, text: str) -> list[str]:
    parts = list(dict.fromkeys(part.strip() for part in _COMMAS.split(text) if part.strip()))
    if not 1 <= len(parts) <= field.most:
        raise InputError(say("From one to {limit} can stand here; these are {n}.", limit=field.most, n=len(parts)))
    return parts


def _planned(node: Node, field: Field, text: str) -> list[Value]:
    """Return the times or areas of what is planned. Raises `InputError`."""
    if field.reads == "window":
        return [read_window(node, text)]
    if field.reads == "area":
        return [read_area(node, text)]
    if field.reads == "windows":
        return [read_window(node, *_last_colon(line)) for line in _lines(field, text)]
    told = (line.partition(":") for line in _lines(field, text))
    return [read_area(node, corners.strip(), what.strip()) for what, _, corners in told]


def _lines(field: Field, text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > field.most:
        raise InputError(say("From one to {limit} can stand here; these are {n}.", limit=field.most, n=len(lines)))
    return lines


def _last_colon(line: str) -> tuple[str, str]:
    """Return the times and what is done, of `2027-01-21 06:00 – 2027-01-21 18:00: boarding drill`."""
    found = _TOLD_AFTER.search(line)
    return (line[: found.start()], line[found.end() :].strip()) if found else (line, "")


def _code(field: Field, text: str) -> Coded:
    """Return the code that is named as such, or by its label in English. The pages send codes."""
    found = next((code for code in field.codes if text.casefold() in (code, str(CODES[code]).casefold())), None)
    if found is None:
        raise InputError(say("This is one of these: {known}. This came: {came}", known=", ".join(field.codes), came=text[:40]))
    if found in field.bars:
        raise InputError(field.bars[found])
    return Coded(code=found)


def _place(node: Node, text: str, language: Language) -> Value:
    read = node.dictation.place(text, ref="", language=language)
    if read.place is None:
        choices = ", ".join(choice.text for choice in read.choices)
        raise InputError(say("Several places bear this name: {choices}", choices=choices), say("Write one of them, or a point."))
    return read.place


def _named(book: Book, name: str) -> str:
    """Return the name of an incident or a record that is here. Raises `NotFound`."""
    if book.versions(name):
        return name
    if book.has_incident(book.incident_name(name)):
        return name  # as the officer named it: the name under which it goes on here may be one that the receiver must not learn
    raise NotFound(
        say("There is no incident or record {came} here.", came=name[:40]),
        say("`hamsaya incident list` and `hamsaya record list` show what is here."),
    )

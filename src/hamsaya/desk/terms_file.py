# SPDX-License-Identifier: Apache-2.0
"""A text of an agreement as the file of terms that people edit: what `read_terms` reads, so that one can counter or amend it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from hamsaya.agreement.charter import Table
from hamsaya.desk.terms import Terms

_UDEG: Final = 1_000_000


def terms_of(table: Table) -> Terms:
    """Return the terms that the table was made of."""
    return Terms(
        id=table.id, title=table.title, place=table.place, drafted_on=table.drafted_on, valid_from=table.valid_from,
        valid_until=table.valid_until, clauses=table.clauses,
    )  # fmt: skip


def write_terms(terms: Terms) -> str:
    """Return the terms as TOML; `read_terms` reads the same terms from it."""
    head = [f"{name} = {_value(getattr(terms, name))}" for name in ("id", "title", "place", "drafted_on", "valid_from", "valid_until")]
    clauses = [] if terms.clauses else ["clauses = []"]
    for clause in terms.clauses:
        told = msgspec.to_builtins(clause)
        first = [(name, told.pop(name)) for name in ("number", "type")]
        pairs = [*first, *((name, value) for name, value in told.items() if value is not None)]
        clauses.append("\n".join(["[[clauses]]", *(f"{_key(name)} = {_value(_in_degrees(name, value))}" for name, value in pairs)]))
    return "\n\n".join(["\n".join(head), *clauses]) + "\n"


def _in_degrees(name: str, value: Any) -> Any:
    """Return zones with their points in degrees, as people write them."""
    if name != "zones":
        return value
    return [{**zone, "points": [[_degrees(part) for part in point] for point in zone["points"]]} for zone in value]


class _Written(str):
    """A value that is written as it stands."""

    __slots__ = ()


def _degrees(udeg: int) -> _Written:
    whole, rest = divmod(abs(udeg), _UDEG)
    return _Written(f"{'-' if udeg < 0 else ''}{whole}.{rest:06d}")


def _value(value: Any) -> str:
    match value:
        case _Written():
            return str(value)
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case int():
            return str(value)
        case str():
            return _text(value)
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case dict():
            return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items() if each is not None) + " }"
    raise AssertionError(type(value))


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _text(name)


def _text(text: str) -> str:
    """Return a basic string of TOML: as in JSON, and U+007F escaped as well."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")

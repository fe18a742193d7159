# SPDX-License-Identifier: Apache-2.0
"""What an officer fills in to open a matter, or to move it on by a record: fields, each of which becomes claims of one kind.

A form is data beside its table. The pages, the command line, the documentation and the tests read it; none has fields of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from hamsaya.facts.grades import Handling
from hamsaya.facts.words import Text, say

Reads = Literal["words", "line", "past", "future", "place", "count", "code", "names", "window", "windows", "area", "areas"]
READS: Final[dict[str, Text]] = {
    "words": say("text, of several lines if need be"),
    "line": say("text of one line"),
    "past": say("a time that has come"),
    "future": say("a time to come: a day, a day and an hour, or +2d"),
    "place": say("a place"),
    "count": say("a number or a range"),
    "code": say("one of a list"),
    "names": say("names of incidents or records that are here, separated by commas"),
    "window": say("two times to come, from – to"),
    "windows": say("two times to come and what is done then, one a line: from – to: what"),
    "area": say("corners of an area parted by semicolons, the first one again at the end"),
    "areas": say("what, and corners of its area, one a line: what: corners"),
}
"""How a field is read, in words."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. What is typed into it becomes claims of `predicate`: one, or of `names` and `code` one for each that a comma separates."""

    name: str
    label: Text
    predicate: str
    """Of `facts.claims.PREDICATES`; it says of which type the value is."""
    reads: Reads
    example: str
    """Something that can be filed so: shown in the empty field, and used by the tests. For `names` any name that is here will do."""
    codes: tuple[str, ...] = ()
    """Of a `code`: from which it is chosen, all of `facts.claims.CODES`."""
    about: str = ""
    """Of a `count`: of what, a code; empty where the words may name a group."""
    required: bool = False
    bars: Mapping[str, Text] = msgspec.field(default_factory=dict)
    """Of a `code`: those with which nothing can be filed, and why."""
    most: int = 1
    """So many, separated by commas, of `names` and `code`."""


class Contradiction(msgspec.Struct, frozen=True):
    """Two answers of a form that cannot both be filed: any of `codes` in `field`, with `code` in `other`; why stands at `other`."""

    field: str
    codes: tuple[str, ...]
    other: str
    code: str
    why: Text


class Form(msgspec.Struct, frozen=True):
    """The fields in the order in which they are asked."""

    fields: tuple[Field, ...]
    handling: Handling = "amber"
    """The level at which it is filed where the officer names none."""
    contradictions: tuple[Contradiction, ...] = ()
    grounds: tuple[str, ...] = ()
    """The grounds of law 12 for which its words are looked through; what is found is asked, and decides nothing (law 16)."""

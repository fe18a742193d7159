# SPDX-License-Identifier: Apache-2.0
"""What an officer typed into the form for distress or STOP, and the call that it makes. Speed first: nothing typed can keep a call from leaving.

- Place, time and number are read as in a spot report. An empty time is now.
- What cannot be read is told once. Sent again as it is, the call leaves with what could be read: the place as words, the
  time as now, the number left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

import msgspec

from hamsaya.desk.dictation import Suggested
from hamsaya.desk.ports import Node
from hamsaya.desk.typed_report import FieldRead, TypedReport, read_typed
from hamsaya.exchange.distress import MAX_OFFICE, short
from hamsaya.facts.distress import MAX_WORDS, OTHER, Call
from hamsaya.facts.values import Count, Moment, Place
from hamsaya.facts.words import Language, Text, say

T = TypeVar("T", Place, Moment, Count)


class TypedCall(msgspec.Struct, frozen=True, kw_only=True):
    """The fields as typed; `what`, `help` and `whom` are codes that were ticked."""

    what: Sequence[str] = ()
    words: str = ""
    where: str = ""
    where_ref: str = ""
    lon: str = ""
    lat: str = ""
    since: str = ""
    count: str = ""
    help: Sequence[str] = ()
    whom: Sequence[str] = ()
    contact: str = ""


class CallRead(msgspec.Struct, frozen=True, kw_only=True):
    """The call as far as it was understood, and what was not: the field, what is wrong, what to do."""

    call: Call
    problems: list[tuple[str, Text, Text | None]] = []
    choices: list[Suggested] = []


def read_typed_call(node: Node, typed: TypedCall, language: Language = "en") -> CallRead:
    """Return the call. Never raises for what an officer may type."""
    report = TypedReport(
        location=typed.where[:MAX_WORDS], place_ref=typed.where_ref, lon=typed.lon, lat=typed.lat, time=typed.since or "now", size=typed.count,
    )  # fmt: skip
    read = {field.field: field for field in read_typed(node, report, language).fields}
    problems = [(name, field.problem, field.hint) for name, field in read.items() if field.problem is not None]
    place = _value(read["location"], Place)
    if place is None and not typed.where.strip() and not any(name == "location" for name, _, _ in problems):
        problems.insert(0, ("location", say("A call says where: a place, a point, or words."), None))
    if not typed.what:
        problems.insert(0, ("what", say("Choose what it is about."), None))
    now = node.now().replace(second=0, microsecond=0)
    since = _value(read["time"], Moment) or Moment(start=now, end=now + timedelta(minutes=1), precision="minute", zone=node.zone)
    count = _value(read["size"], Count)
    call = Call(
        what=list(typed.what), words=short(typed.words, MAX_WORDS) if OTHER in typed.what else "",
        place=place or Place(words=short(typed.where, MAX_WORDS), precision="unknown"),
        since=msgspec.structs.replace(since, words="", anchor="", derivation=""), count=count and msgspec.structs.replace(count, words=""),
        help=list(typed.help), whom=list(typed.whom), contact=short(typed.contact, MAX_OFFICE),
    )  # fmt: skip
    return CallRead(call=call, problems=problems, choices=read["location"].choices if read["location"].problem else [])


def can_leave(read: CallRead) -> bool:
    """Say whether the call can leave as it is, though something was not understood: it says what and, in some words, where."""
    return bool(read.call.what) and read.call.place is not None and bool(read.call.place.words or read.call.place.lon_udeg is not None)


def _value(field: FieldRead, kind: type[T]) -> T | None:
    return next((claim.value for claim in field.claims if isinstance(claim.value, kind)), None)

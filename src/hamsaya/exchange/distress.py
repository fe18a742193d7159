# SPDX-License-Identifier: Apache-2.0
"""The entries of a distress log, and reading what a neighbour wrote into one.

    distress.sent | stop.sent ──▶ distress.answered (by the other side, any number) ──▶ distress.over ──▶ distress.reviewed

A call always passes (law 2): whatever its content holds, as much of it is understood as can be, the rest is named in
`unread`, and nothing of it can be larger or do more to a page than a short plain text. Each call has a name that follows
from its place in the sender's log, so that no two calls ever bear the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from hamsaya.exchange.logs import CALLS, parse_log
from hamsaya.facts.distress import MAX_CODES, MAX_WORDS, Call
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import as_plain, is_name, is_sound
from hamsaya.facts.values import Count, Moment, Place
from hamsaya.seal.canonical import parse

T = TypeVar("T", Moment, Count)
MAX_CODE: Final = 40
MAX_OFFICE: Final = 120


class CallWord(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was done about a call: `distress.answered`, `distress.over` or `distress.reviewed`. The entry's header says by which office, when."""

    log: str
    seq: int
    """The entry that holds the call."""
    code: str
    minutes: int | None = None
    """For help that is coming: in about how many minutes."""


def case_name(log: str, seq: int) -> str:
    """Return the name of the call in that entry, such as `west.east.3`: who calls, whom, under which epoch, and the entry."""
    name = parse_log(log)
    assert name is not None  # noqa: S101  (nobody names a case of a log that is none)
    return ".".join((name.sender, name.receiver, *([name.epoch] if name.epoch else []), str(seq)))


def read_call(content: bytes) -> Call:
    """Return as much of a call as can be understood. Never raises: a call always passes."""
    try:
        fields = parse(content)
    except InputError:
        fields = None
    if not isinstance(fields, dict):
        return Call(unread=["all"])
    unread: list[str] = []

    def take(name: str, reader: Callable[[Any], Any], otherwise: Any) -> Any:
        if fields.get(name) is None:
            return otherwise
        value = reader(fields[name])
        if value is None:
            unread.append(name)
            return otherwise
        return value

    call = Call(
        what=take("what", _codes, []), words=take("words", lambda value: _text(value, MAX_WORDS), ""), place=take("place", _place, None),
        since=take("since", lambda value: _value(value, Moment), None), count=take("count", lambda value: _value(value, Count), None),
        help=take("help", _codes, []), whom=take("whom", _codes, []), contact=take("contact", lambda value: _text(value, MAX_OFFICE), ""),
        about=take("about", lambda value: value if isinstance(value, str) and is_name(value) else None, ""),
    )  # fmt: skip
    return msgspec.structs.replace(call, unread=unread)


def read_word(content: bytes) -> CallWord | None:
    """Return what was done about a call, its code as a short plain text; None where it names no entry."""
    try:
        word = msgspec.convert(parse(content), CallWord)
    except (InputError, msgspec.ValidationError):
        return None
    minutes = word.minutes if word.minutes is not None and 0 <= word.minutes <= 100_000 else None
    return msgspec.structs.replace(word, code=short(word.code, MAX_CODE), minutes=minutes)


def short(text: str, limit: int) -> str:
    """Return `text` on one line, without characters that repaint or reorder, no longer than `limit`."""
    return " ".join(as_plain(text[: limit * 4]).split())[:limit]


def is_call(act: str) -> bool:
    """Say whether an entry of that kind holds a call."""
    return act in CALLS


def _text(value: object, limit: int) -> str | None:
    return short(value, limit) if isinstance(value, str) else None


def _codes(value: object) -> list[str] | None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return None
    return [code for code in (short(each, MAX_CODE) for each in value[:MAX_CODES]) if code]


def _value(value: object, kind: type[T]) -> T | None:
    """Return the value without its words, which a call has no use for."""
    try:
        read = msgspec.convert({**value, "words": ""} if isinstance(value, dict) else value, kind)
    except msgspec.ValidationError:
        return None
    return read if is_sound(read) else None


def _place(value: object) -> Place | None:
    if not isinstance(value, dict):
        return None
    plain = {name: short(each, MAX_WORDS) if isinstance(each, str) and name != "type" else each for name, each in value.items()}
    try:
        place = msgspec.convert({"words": "", "precision": "unknown", **plain}, Place)
    except msgspec.ValidationError:
        try:  # a precision that only a newer program knows
            place = msgspec.convert({"words": "", **plain, "precision": "unknown"}, Place)
        except msgspec.ValidationError:
            return None
    return place if is_sound(place) else None

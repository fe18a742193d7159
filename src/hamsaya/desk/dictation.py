# SPDX-License-Identifier: Apache-2.0
"""What the desk needs from whoever reads short typed fields: a time, a place, a count or a code as an officer types it.

The reader of documents (`Reader`) proposes from running text and never fails; this one reads one field at a time, takes
the whole of it, and refuses what it does not understand, because the officer is there and can say it another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from hamsaya.facts.points import Area
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place
from hamsaya.facts.words import Text


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """A place that may be meant. `text` is what the whole field would say with it."""

    ref: str
    name: str
    """In the reader's language where the gazetteer has it."""
    area: str
    """The district or province that it lies in, empty where none is known."""
    country: str
    """ISO 3166-1 alpha-2."""
    text: str


class PlaceRead(msgspec.Struct, frozen=True, kw_only=True):
    """A typed place: the place, or the `choices` that must be decided between; `note` is what the officer should know."""

    place: Place | None
    choices: list[Suggested] = []
    note: Text | None = None
    depth: Depth | None = None
    """How far inside which territory the words say that it was, if they say so."""


class District(msgspec.Struct, frozen=True, kw_only=True):
    """A district, and the names under which places count for it (`districts.area_of`)."""

    name: str
    areas: tuple[str, ...]


class CountRead(msgspec.Struct, frozen=True, kw_only=True):
    """A typed number, and the group that the words name beside it, if they name one."""

    count: Count
    group: Coded | None = None


class Dictation(Protocol):
    """Reads typed fields in English, Persian and Urdu. Each raises `InputError` for what it does not understand."""

    def moment(self, text: str, *, zone: str, now: datetime) -> Moment:
        """Return the time that is meant by an officer who writes at `now` in the IANA zone `zone`."""

    def due(self, text: str, *, zone: str, now: datetime) -> Moment:
        """Return the time to come that is meant: one with its year, an hour, or so long from now."""

    def place(self, text: str, *, ref: str, language: str) -> PlaceRead:
        """Return the place. `ref` is the gazetteer reference that was chosen for the words, empty for none."""

    def district(self, place: Place) -> District | None:
        """Return the district that a place is said to lie in, or None where neither its words nor the gazetteer tell one."""

    def region(self) -> Area:
        """Return where this node's points are to be expected."""

    def count(self, text: str) -> CountRead:
        """Return how many, as a range where the words give one."""

    def minutes(self, text: str) -> Count:
        """Return how long in minutes, as a range where the words give one."""

    def coded(self, text: str, codes: Sequence[str]) -> Coded:
        """Return the neutral code of `codes` beside the words, `other` or `unknown_group` where none fits."""

    def suggest(self, text: str, *, language: str, country: str) -> list[Suggested]:
        """Return places whose name begins like what was typed so far, those of `country` first."""

    def language(self, text: str) -> str:
        """Return the language that the text is written in: `en`, `fa` or `ur`."""

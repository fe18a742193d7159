# SPDX-License-Identifier: Apache-2.0
"""Reads the short fields that an officer types: the port `desk.dictation.Dictation`, put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hamsaya.desk.dictation import CountRead, District, PlaceRead, Suggested
from hamsaya.facts.points import Area
from hamsaya.facts.values import Coded, Count, Moment, Place
from hamsaya.intake.typed_places import area, district_of, read_place, suggest_places
from hamsaya.intake.typed_times import read_due, read_moment
from hamsaya.intake.typed_words import language_of_typed, read_coded, read_count, read_minutes


class TypedFields:
    """The reader of typed fields, by the lexicons and the gazetteer of this room. Implements `desk.dictation.Dictation`."""

    def moment(self, text: str, *, zone: str, now: datetime) -> Moment:
        """Return the time that is meant."""
        return read_moment(text, zone, now)

    def due(self, text: str, *, zone: str, now: datetime) -> Moment:
        """Return the time to come that is meant."""
        return read_due(text, zone, now)

    def place(self, text: str, *, ref: str = "", language: str = "en") -> PlaceRead:
        """Return the place, or the choices."""
        return read_place(text, ref, language)

    def district(self, place: Place) -> District | None:
        """Return the district that the place is said to lie in."""
        return district_of(place)

    def region(self) -> Area:
        """Return the box around the places of the gazetteer."""
        return area()

    def count(self, text: str) -> CountRead:
        """Return how many, and of whom."""
        return read_count(text)

    def minutes(self, text: str) -> Count:
        """Return how long, in minutes."""
        return read_minutes(text)

    def coded(self, text: str, codes: Sequence[str]) -> Coded:
        """Return the code beside the words."""
        return read_coded(text, codes)

    def suggest(self, text: str, *, language: str, country: str) -> list[Suggested]:
        """Return places that may be meant."""
        return suggest_places(text, language, country)

    def language(self, text: str) -> str:
        """Return the language of the text."""
        return language_of_typed(text)

# SPDX-License-Identifier: Apache-2.0
"""How a template shows things in one reader's language, as safe markup.

Everything is escaped here. What was filled into a sentence is isolated with `<bdi>`, so that an id or a name in
another script does not turn the words around it; times carry the other calendar as their title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from hamsaya import tongues
from hamsaya.facts.values import Value, Words
from hamsaya.facts.words import RIGHT_TO_LEFT, Language, Text, say

_NUMBER_WITH_UNIT: Final = re.compile(r"[\d.,٫٬]{1,9} \w{1,12}")
_COMMAND: Final = re.compile("`([^`]{1,200})`")
_MOST: Final = 120
"""So many letters of somebody's own words stand in a list."""


class Tongue:
    """Shows things in `language`, and clock times in the IANA zone `zone`; `names` is what parties are called, by their short names."""

    def __init__(self, language: Language, zone: str, names: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._names = names or {}
        self.zone = zone
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self._known: dict[str, Markup] = {}
        """Messages without blanks that stand on this page already: a list says the same for each row."""

    def say(self, message: str, /, **blanks: object) -> Markup:
        """Return a message of a template, translated. A template gives parties by their names."""
        if not blanks:
            return self._plain_message(message)
        return self._filled(Text(message, {name: value if isinstance(value, Text) else str(value) for name, value in blanks.items()}), {})

    def text(self, text: Text | None) -> Markup:
        """Return a `Text`, translated; the rooms below speak of parties by their short names, and here they are called by their names."""
        if text is None:
            return Markup()
        if not text.blanks:
            return self._plain_message(text.message)
        return self._filled(text, self._names)

    def _filled(self, text: Text, names: Mapping[str, str]) -> Markup:
        return Markup(tongues.translate(text, self.language, wrap_text=_escaped, wrap_blank=_isolated, names=names))  # noqa: S704  (escaped part by part)

    def _plain_message(self, message: str) -> Markup:
        found = self._known.get(message)
        if found is None:
            found = Markup(tongues.translate(Text(message), self.language, wrap_text=_escaped, wrap_blank=_isolated))  # noqa: S704  (as above)
            self._known[message] = found
        return found

    def plain(self, text: Text) -> str:
        """Return a `Text` without markup, for a title or an option."""
        return tongues.translate(text, self.language, names=self._names)

    def time(self, at: datetime) -> Markup:
        """Return date and clock time."""
        shown = tongues.show_time(at, self.language, zone=self.zone)
        other = tongues.other_calendar(at, self.language, zone=self.zone)
        return Markup(f'<time datetime="{self._here(at).isoformat()}" title="{escape(other)}">{escape(shown)}</time>')  # noqa: S704  (escaped)

    def lately(self, at: datetime, now: datetime) -> Markup:
        """Return the clock time alone when `at` is of the same day as `now`, else the whole time."""
        if self._day(at) != self._day(now):
            return self.time(at)
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), self.clock(at))

    def clock(self, at: datetime, zone: str = "") -> str:
        """Return the clock time in the node's zone, or in `zone`."""
        return tongues.show_clock(at, self.language, zone=zone or self.zone)

    def city(self, zone: str) -> str:
        """Return the city that a time zone is named for."""
        return tongues.show_zone(zone, self.language)

    def today(self, now: datetime) -> Markup:
        """Return the day of `now` here in both calendars; the browser adds the third, which is for display only."""
        first, second = tongues.both_days(self._day(now), self.language)
        return Markup('<time datetime="{}" data-third>{}</time> <span>{}</span>').format(self._day(now).isoformat(), first, second)

    def quoted(self, words: str) -> Markup:
        """Return somebody's own words in this language's quotation marks, isolated so that the marks stand on the reader's sides."""
        return Markup('{}<bdi dir="auto">{}</bdi>{}').format(tongues.quotes(self.language)[0], words, tongues.quotes(self.language)[1])

    def way(self, words: str) -> str:
        """Return which way somebody's own words run by their first letter: on paper, where nothing else finds that out (`dir="auto"`)."""
        kinds = (unicodedata.bidirectional(letter) for letter in words)
        found = next((kind for kind in kinds if kind in ("L", "R", "AL")), "")
        return ("ltr" if found == "L" else "rtl") if found else self.direction

    @property
    def comma(self) -> str:
        """Return what stands between the parts of a list, as the reader's language writes it."""
        return ", " if self.language == "en" else "، "

    def number(self, number: int) -> str:
        """Return a whole number."""
        return tongues.show_number(number, self.language)

    def digits(self, text: str) -> str:
        """Return a numbering such as that of clauses in this language's digits; text that is more than digits stays as it is."""
        return tongues.in_digits(text, self.language) if re.fullmatch(r"[0-9.]+", text) else text

    def distance(self, metres: int) -> str:
        """Return a distance, to three digits where it is told in kilometres."""
        return tongues.show_distance(metres, self.language)

    def country(self, code: str) -> Markup:
        """Return a country's name, isolated: a code may come from a neighbour, and a code that is none is shown as it is."""
        return _country(code, self.language) if code else Markup()

    def country_plain(self, code: str) -> str:
        """Return a country's name without markup, for an attribute, an option or a blank."""
        return tongues.show_country(code, self.language)

    def day(self, iso: str) -> str:
        """Return an ISO date in the reader's calendar, or as it is where it is none."""
        return tongues.show_day(iso, self.language)

    def value(self, value: Value) -> tongues.Shown:
        """Return a claim's value in parts."""
        return tongues.value_parts(value, self.language, zone=self.zone)

    def line(self, values: Iterable[Value]) -> Markup:
        """Return values in one line of a list: each in the reader's language, or the beginning of its words where it is nothing else."""
        shown = (_beginning(value.text) if isinstance(value, Words) else tongues.show_main(value, self.language, zone=self.zone) for value in values)
        return Markup(" · ".join(f'<bdi dir="auto">{escape(each)}</bdi>' for each in shown))  # noqa: S704  (escaped part by part)

    def _day(self, at: datetime) -> date:
        """Return the day of `at` here."""
        return self._here(at).date()

    def _here(self, at: datetime) -> datetime:
        """Return `at` on this node's clock, or as it stands at the very ends of the calendar, which a neighbour may have sent."""
        try:
            return at.astimezone(ZoneInfo(self.zone))
        except (OverflowError, ValueError):
            return at

    def gap(self, seconds: float) -> str:
        """Return a length of time as hours and minutes."""
        minutes = int(abs(seconds)) // 60
        hours, rest = divmod(minutes, 60)
        return tongues.translate(
            say("{hours} h {minutes} min", hours=self.number(hours), minutes=self.number(rest))
            if hours
            else say("{minutes} min", minutes=self.number(rest)),
            self.language,
        )


def _beginning(words: str) -> str:
    return words if len(words) <= _MOST else f"{words[:_MOST].rsplit(' ', 1)[0]}…"


@lru_cache(maxsize=1024)
def _country(code: str, language: str) -> Markup:
    return Markup(_isolated(tongues.show_country(code, language)))  # noqa: S704  (escaped)


def _escaped(sentence: str) -> str:
    """Return the sentence escaped; a command between backticks is set as one, and reads left to right."""
    return _COMMAND.sub(r'<code dir="ltr">\1</code>', str(escape(sentence)))


def _isolated(value: str) -> str:
    whole = ' class="whole"' if _NUMBER_WITH_UNIT.fullmatch(value) else ""  # no line ends between the two
    return f"<bdi{whole}>{escape(value)}</bdi>"

# SPDX-License-Identifier: Apache-2.0
"""How the days of a section of border stand by what was signed about them: nothing to report, reports, silence (F73).

1. A day counts from the one on which its party began to say so daily to the one on which it ended that.
2. `reports` stands above `nothing`, whichever was signed first: a day can become less quiet, never more.
3. A day that is over and of which nothing was said is silence; nobody fills it in later than `LATEST_DAYS`.
The order in which words came changes nothing, so two nodes that hold the same words tell the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

DayState = Literal["nothing", "reports", "silent", "open", "uncounted"]
LATEST_DAYS: Final = 7
"""So many days afterwards a day can still be spoken of; each such word is told as late."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What was signed of one day; `on` is the day on which it was signed, by the same clocks."""

    day: date
    said: str
    on: date
    at: datetime
    office: str


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """How one day stands, and the word that says so. `open` is one that is not over yet; `uncounted` one outside the time of daily words."""

    day: date
    state: DayState
    word: Word | None = None

    @property
    def late_days(self) -> int:
        """Return how many days after it the day was spoken of."""
        return max((self.word.on - self.day).days, 0) if self.word else 0


def days(words: Sequence[Word], first: date, last: date, today: date) -> list[Day]:
    """Return how each day from `first` to `last` stands; `today` is the first day that is not over."""
    bounds = sorted((word.day, word.at, word.said) for word in words if word.said in ("begins", "ends"))
    spoken: dict[date, Word] = {}
    for word in sorted((each for each in words if each.said in ("nothing", "reports")), key=lambda each: (each.said == "reports", each.at)):
        spoken[word.day] = word
    told = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        said = spoken.get(day)
        if said is not None:
            told.append(Day(day=day, state="reports" if said.said == "reports" else "nothing", word=said))
        else:
            told.append(Day(day=day, state=("silent" if day < today else "open") if is_kept(bounds, day) else "uncounted"))
    return told


def is_kept(bounds: Sequence[tuple[date, datetime, str]], day: date) -> bool:
    """Say whether a daily word is due for that day, by the words that began and ended it, in order."""
    last = ""
    for at, _, said in bounds:
        if at <= day:
            last = said
    return last == "begins"

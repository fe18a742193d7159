# SPDX-License-Identifier: Apache-2.0
"""Suggestions of one event, measured on real events that were told again (`redescribed.py`). `make same-event` writes docs/reference/same-event.md.

- Each second account asks the store of all first accounts of its half, through the very keys that the ledger keeps. Of a third of them the first
  account is taken out: an event that is new here, of which every suggestion is wrong.
- The threshold is the one of the greatest F1 on one half (by a hash of the district); everything else is told of the other half.
- Hard negatives are pairs of the same district, no more than a week apart, which are two events.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from tests.accounts.october import accounts_of_event, golden
from tests.accounts.redescribed import Row, asam, ged, half

from hamsaya.accounts.gist import Gist, gist_of
from hamsaya.accounts.likeness import NEAR, NEAR_M, Likeness, likeness
from hamsaya.accounts.suggest import ENOUGH, WITHIN
from hamsaya.accounts.traces import asked_of, traces_of

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs/reference/same-event.md"
SHARED: Final = ROOT.parent / "shared"
SOURCES: Final = {"UCDP GED, Pakistan": ged, "ASAM, at sea": asam}
THRESHOLDS: Final = range(6, 17)
_WEEK: Final = timedelta(days=7)
_MEASURED: Final = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)
_DATE: Final = re.compile(r"Measured on \d{4}-\d\d-\d\d")


class Asking(NamedTuple):
    """One second account, whether its event is new here, and every first account that was weighed against it."""

    row: Row
    new: bool
    weighed: list[tuple[Row, Likeness]]
    hard: int
    """How many first accounts of other events lie in its district within a week, weighed or not."""


class Counted(NamedTuple):
    """What came of many askings at one threshold."""

    askings: int
    known: int
    suggested: int
    right: int
    first: int
    """How often the right one stood first."""
    troubled: int
    """New events of which something was suggested."""
    hard: int
    hard_suggested: int

    @property
    def precision(self) -> float:
        """Return the share of the suggestions that are right."""
        return self.right / self.suggested if self.suggested else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the known events that are suggested."""
        return self.right / self.known if self.known else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0


class Store:
    """First accounts, found by the keys that the ledger keeps."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows, self.gists = rows, [gist_of(row.first) for row in rows]
        self._at: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for number, gist in enumerate(self.gists):
            for trace in traces_of(gist):
                self._at[trace.bucket].append((trace.place, number))
        self._buckets = sorted(self._at)

    def near(self, gist: Gist) -> set[int]:
        """Return the numbers of those that may be of one event with it."""
        asked, found = asked_of(gist, NEAR, NEAR_M), set()
        places = None if asked.places is None else set(asked.places)
        for first, last in asked.buckets:
            for bucket in itertools.islice(self._buckets, bisect_left(self._buckets, first), bisect_left(self._buckets, last + 1)):
                found |= {number for place, number in self._at[bucket] if places is None or place in places}
        return found


def ask(rows: Sequence[Row]) -> list[Asking]:
    """Return what every second account of these rows is weighed against."""
    store, found = Store(rows), []
    districts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        districts[row.district].append(row)
    for row in rows:
        new = hashlib.sha256(row.name.encode()).digest()[1] % 3 == 0
        gist = gist_of(row.second)
        hard = sum(1 for other in districts[row.district] if is_hard(row, other))
        near = [(store.rows[number], likeness(gist, store.gists[number])) for number in sorted(store.near(gist))]
        found.append(Asking(row, new, [(other, each) for other, each in near if each and not (new and other is row)], hard))
    return found


def is_hard(row: Row, other: Row) -> bool:
    """Say whether both are two events of one district within a week."""
    return other is not row and other.district == row.district and abs(other.day - row.day) <= _WEEK


def picked(asking: Asking, enough: int) -> list[tuple[Row, Likeness]]:
    """Return what is suggested, the likeliest first: the rule of `suggest`, at another threshold."""
    found = [(other, each) for other, each in asking.weighed if each.score >= enough and len(each.reasons) > 1]
    best = max((each.score for _, each in found), default=0)
    return sorted((pair for pair in found if pair[1].score >= best - WITHIN), key=lambda pair: (-pair[1].score, pair[0].first.incident))


def count(askings: Sequence[Asking], enough: int) -> Counted:
    """Return what comes of these askings."""
    all_picked = [(asking, [other for other, _ in picked(asking, enough)]) for asking in askings]
    return Counted(
        askings=len(askings), known=sum(1 for asking in askings if not asking.new), suggested=sum(len(rows) for _, rows in all_picked),
        right=sum(asking.row in rows for asking, rows in all_picked), first=sum(rows[:1] == [asking.row] for asking, rows in all_picked),
        troubled=sum(asking.new and bool(rows) for asking, rows in all_picked), hard=sum(asking.hard for asking in askings),
        hard_suggested=sum(is_hard(asking.row, other) for asking, rows in all_picked for other in rows),
    )  # fmt: skip


def halves() -> dict[str, tuple[list[Asking], list[Asking]]]:
    """Return the askings by source: those to choose on, and those to report."""
    found = {}
    for name, load in SOURCES.items():
        rows = load(SHARED / "data")
        found[name] = ask([row for row in rows if half(row) == 0]), ask([row for row in rows if half(row) == 1])
    return found


def chosen(askings: Sequence[Asking]) -> int:
    """Return the threshold of the greatest F1."""
    return max(THRESHOLDS, key=lambda enough: count(askings, enough).f1)


def october() -> tuple[int, list[str], list[str]]:
    """Return how many pairs of accounts of October 2014 are of one event, which of them are not suggested, and which others are."""
    data = golden()
    accounts = [(event["id"], each) for event in data["event"] for each in accounts_of_event(event, data["places"])]
    missed, wrong, pairs = [], [], 0
    for (event, one), (other_event, other) in itertools.combinations(accounts, 2):
        found = likeness(gist_of(one), gist_of(other))
        is_suggested = found is not None and found.score >= ENOUGH and len(found.reasons) > 1
        pair = f"{one.id[7:]} and {other.id[7:]} ({found.score if found else 'excluded'})"
        pairs += event == other_event
        if event == other_event and not is_suggested:
            missed.append(pair)
        elif event != other_event and is_suggested:
            wrong.append(pair)
    return pairs, missed, wrong


def measured() -> str:
    """Return the figures as the page holds them."""
    both = halves()
    choose = [asking for first, _ in both.values() for asking in first]
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}.\n\n",
        "| | " + " | ".join(both) + " | together |\n",
        "|---|" + "---|" * (len(both) + 1) + "\n",
    ]
    columns = [count(report, ENOUGH) for _, report in both.values()]
    columns.append(count([asking for _, report in both.values() for asking in report], ENOUGH))
    for label, shown in (
        ("second accounts that asked", lambda each: f"{each.askings:,}"), ("of an event that is known here", lambda each: f"{each.known:,}"),
        ("suggestions", lambda each: f"{each.suggested:,}"), ("**precision**: right suggestions of all", lambda each: f"**{_percent(each.precision)}**"),
        ("**recall**: known events that are suggested", lambda each: f"**{_percent(each.recall)}**"),
        ("known events whose account stands first", lambda each: _percent(each.first / each.known)),
        ("new events of which something is suggested", lambda each: _percent(each.troubled / (each.askings - each.known))),
        ("hard negatives: pairs of two events in one district within a week", lambda each: f"{each.hard:,}"),
        ("of these, suggested", lambda each: f"{each.hard_suggested:,} ({_percent(each.hard_suggested / each.hard)})"),
    ):  # fmt: skip
        lines.append(f"| {label} | " + " | ".join(shown(each) for each in columns) + " |\n")
    lines.append(
        f"\nThe threshold, chosen on the first half (greatest F1: {chosen(choose)}):\n\n| points | precision | recall | F1 |\n|---|---|---|---|\n"
    )
    for enough in THRESHOLDS:
        each = count(choose, enough)
        lines.append(f"| {enough}{' *' if enough == ENOUGH else ''} | {_percent(each.precision)} | {_percent(each.recall)} | {each.f1:.3f} |\n")
    pairs, missed, wrong = october()
    lines.append(
        f"\nOctober 2014, six press texts: {pairs} pairs of accounts are of one event; {pairs - len(missed)} are suggested, and {len(wrong)} others. "
        f"Missed: {'; '.join(missed) or 'none'}.\n\n### What it gets wrong\n\n"
    )
    return "".join([*lines, *_faults(both)])


def _faults(both: dict[str, tuple[list[Asking], list[Asking]]]) -> list[str]:
    """Return examples of the reported half: the first wrong suggestions that stand first, and the first known events that are missed."""
    lines = []
    for name, (_, report) in both.items():
        wrong = [(asking, found[0]) for asking in report if (found := picked(asking, ENOUGH)) and found[0][0] is not asking.row]
        lost = [asking for asking in report if not asking.new and all(other is not asking.row for other, _ in picked(asking, ENOUGH))]
        for asking, (other, each) in wrong[:3]:
            lines.append(f"- {name}: {asking.row.name} is taken for {other.name} ({each.score}: {_told(each)})\n")
        for asking in lost[:3]:
            own = next((each for other, each in asking.weighed if other is asking.row), None)
            lines.append(
                f"- {name}: {asking.row.name} is not found ({f'{own.score}: {_told(own)}' if own else 'excluded, or its keys do not meet'})\n"
            )
    return lines


def _told(found: Likeness) -> str:
    return ", ".join(f"{part.points:+d} {part.words}" for part in found.parts)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def kept() -> str:
    """Return the figures as the page holds them now."""
    found = _MEASURED.search(PAGE.read_text("utf-8")) if PAGE.is_file() else None
    return found[0] if found else ""


def undated(figures: str) -> str:
    """Return the figures without the day on which they were measured."""
    return _DATE.sub("Measured", figures)


def main() -> int:
    """Measure, and write the figures into the page."""
    if not SHARED.is_dir():
        sys.stderr.write("The real events lie beside this clone, in ../shared/data; they are not there.\n")
        return 1
    page = PAGE.read_text("utf-8")
    PAGE.write_text(_MEASURED.sub(lambda _: measured(), page), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written\n{kept()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""By when the formal and the final report on an account are due, as the agreement's deadlines say.

1. It is counted from the signed time of the entry that let the first version go: the author's own duty begins with the author's own
   report, and that time is the same on both nodes, whatever the link loses or delays. (Acknowledging and answering are the
   receiver's duty, and count from its receipt.)
2. The text that was in force at that time decides; a later amendment reaches back to no report. Where several deadline clauses stand
   in it, the shorter time holds. 0, or no clause: no clock runs.
3. While the agreement is suspended the clock stands still, since nothing may leave then: a party cannot be late with what it may not
   send. It stands still for good once the agreement is withdrawn or has expired. What was late before stays late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.due import terms
from hamsaya.agreement.lifecycle import AgreementAct, History, Life, life_of, signed_by_all
from hamsaya.facts.stages import FOLLOWING


class Pause(NamedTuple):
    """A time in which no clock of an agreement runs; without an end it has not ended yet, or never will."""

    since: datetime
    until: datetime | None


class ReportsDue(msgspec.Struct, frozen=True, kw_only=True):
    """By stage when it is due; None where its clock stands still. A stage that is not asked for is not in it."""

    by: dict[str, datetime | None]


def reports_due(history: History, first_at: datetime, now: datetime) -> ReportsDue:
    """Return when the reports are due that follow one which was let go at `first_at` under this agreement."""
    life = life_of(history, now)
    text = _in_force_at(life, first_at)
    asked = terms(text) if text else {}
    pauses = _pauses(life)
    return ReportsDue(by={
        stage: counted(first_at, timedelta(minutes=asked[f"{stage}_min"]), pauses) for stage in FOLLOWING if f"{stage}_min" in asked
    })  # fmt: skip


def in_force_at(history: History, at: datetime) -> Agreement | None:
    """Return the text whose last signature was the latest before `at`, else the first that all signed; None where there is none."""
    whole = eras(history)
    chosen = [text for since, text in whole if since <= at][-1:] or [text for _, text in whole[:1]]
    return chosen[0] if chosen else None


def eras(history: History) -> list[tuple[datetime, Agreement]]:
    """Return the texts that all signed, each with the time of its last signature, from which on it is the one in force; the first also before."""
    return [(signed, history.texts[name]) for signed, name in sorted((signed, name) for name, signed in signed_by_all(history).items())]


def asks_reports(history: History) -> bool:
    """Say whether any text of the agreement sets a time for a formal or a final report."""
    return any({"formal_min", "final_min"} & terms(text).keys() for text in history.texts.values())


def counted(start: datetime, time: timedelta, pauses: Iterable[Pause]) -> datetime | None:
    """Return the moment at which `time` has run since `start` outside of the pauses; None where a pause without end comes first."""
    at, left = start, time
    for pause in sorted(pauses, key=lambda each: each.since):
        if pause.until is not None and pause.until <= at:
            continue
        runs = max(pause.since - at, timedelta())
        if runs >= left:
            break
        if pause.until is None:
            return None
        left, at = left - runs, pause.until
    return at + left


def _in_force_at(life: Life, at: datetime) -> Agreement | None:
    """Return the text whose last signature was the latest before `at`: of those that all had signed."""
    whole = [(max(each.at for each in text.signed.values()), text.hash, text.agreement) for text in life.texts if text.complete and text.signed]
    before = [each for each in whole if each[0] <= at]
    chosen = max(before, key=lambda each: each[:2]) if before else min(whole, key=lambda each: each[:2], default=None)
    return chosen[2] if chosen else None


def _pauses(life: Life) -> list[Pause]:
    """Return when nothing was in force since it first was: by the times that the parties signed."""
    governs = life.text(life.governs)
    ends = [Pause(governs.agreement.table.valid_until, None)] if governs else []
    ends += [Pause(act.at, None) for act in life.acts if act.verb == "withdraw"]
    by_party: dict[str, list[AgreementAct]] = {}
    for act in life.acts:
        if act.verb in ("suspend", "resume"):
            by_party.setdefault(act.party, []).append(act)
    return [*ends, *(pause for acts in by_party.values() for pause in _suspended(acts))]


def _suspended(acts: list[AgreementAct]) -> list[Pause]:
    """Return the suspensions of one party, whose acts stand in the order of their numbers."""
    found: list[Pause] = []
    since: datetime | None = None
    for act in acts:
        if act.verb == "suspend":
            since = since or act.at
        elif since is not None:
            found.append(Pause(since, act.at))
            since = None
    return found if since is None else [*found, Pause(since, None)]

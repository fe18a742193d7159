# SPDX-License-Identifier: Apache-2.0
"""What a later version says otherwise than the one before it is told in the version itself, with the officer's reason.

1. A reason is owed where an account calls the event something else, or says otherwise how far it went; where a record is handled at
   a lower level; where a stage is taken back, and where an account goes to or from "did not happen".
2. A stage that follows needs none. A reason that was given is kept, whatever was changed.
3. The reason is one sentence without data on persons: others will read it (law 11).
4. What was told once stays in every later version. Where a neighbour's versions differ and nothing is told of it, that is shown too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from hamsaya.desk.told import told_sentence
from hamsaya.facts.claims import field_of
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import Record, has_stages, stage_of
from hamsaya.facts.stages import CLASSIFYING, CLOSED, INITIAL, OF_HANDLING, OF_OTHERS, OF_STAGE, STAGES, Change, Stage, needs_reason
from hamsaya.facts.values import Coded
from hamsaya.facts.words import say

MAX_REASON: Final = 500


def stage_named(name: str) -> Stage:
    """Return the stage, empty for none. Raises `InputError` for one that is not known."""
    wanted = name.strip().lower().replace("-", "_")
    found: Stage | None = next((each for each in ("formal", "final", "did_not_happen") if each == wanted), None)
    if found is None and wanted not in ("", INITIAL):
        raise InputError(say("Unknown stage “{stage}”; known: {known}", stage=name[:40], known=", ".join(STAGES)))
    return found or ""


def check_first_stage(record: Record) -> None:
    """Raise `Refused` where a first version has a stage that it cannot have."""
    if record.stage and not has_stages(record):
        raise Refused(say("Only a party's own incident account has a stage."), rule="stage")
    if record.stage == CLOSED:
        raise Refused(say("“Did not happen” takes back an account of one's own that was filed before."), rule="stage")


def with_changes(before: Record, after: Record, reason: str) -> Record:
    """Return `after`, the version that follows `before`, with what was changed and why.

    Raises `InputError` where a reason is owed and none is given, or it is none; `Refused` for a stage of what has none.
    """
    if after.stage and not has_stages(after):
        raise Refused(
            say("Only a party's own incident account has a stage."),
            say("What another side is said to have reported can only be corrected; that side alone closes its own account."), rule="stage",
        )  # fmt: skip
    found = changes_between(before, after)
    owed = [change for change in found if _owes_reason(change)]
    reason = reason.strip()
    if reason:
        missing = say("The reason is a sentence of at most {n} letters.", n=MAX_REASON)
        reason = told_sentence(reason, missing, MAX_REASON)
        found = found or [_change(after, OF_OTHERS, [], [])]
    elif owed:
        raise InputError(
            say("What is changed here needs a reason: {fields}", fields=", ".join(dict.fromkeys(change.predicate for change in owed))),
            say("It stays with the record, and every holder of this version reads it."),
        )  # fmt: skip
    told = [msgspec.structs.replace(change, reason=reason) for change in found]
    return msgspec.structs.replace(after, changes=[*before.changes, *told])


def changes_between(before: Record, after: Record) -> list[Change]:
    """Return what `after` says otherwise than `before` of its stage, its handling where it is lower, and the kind of event."""
    found = []
    if stage_of(before) != stage_of(after):
        found.append(_change(after, OF_STAGE, [stage_of(before)], [stage_of(after)]))
    if HANDLING.index(after.handling) < HANDLING.index(before.handling):
        found.append(_change(after, OF_HANDLING, [before.handling], [after.handling]))
    if after.kind == "incident_account":
        was, now = _classes(before), _classes(after)
        fields = [field for field in dict.fromkeys([*was, *now]) if set(was.get(field, [])) != set(now.get(field, []))]
        found += [_change(after, field, was.get(field, []), now.get(field, [])) for field in fields]
    return found


def changes_shown(versions: Sequence[Record]) -> list[Change]:
    """Return all that these versions of one record, first to last, tell of their changes, and what they changed without telling it."""
    told = {(change.version, change.field): change for record in versions for change in record.changes}
    for before, after in pairwise(versions):
        known = {field for version, field in told if before.version < version <= after.version}
        torn = after.withheld > 0 or before.withheld > 0  # what is not told may have been withheld: nothing was changed then
        for change in changes_between(before, after):
            if change.field not in (*known, OF_HANDLING) and not (torn and not (change.was and change.now)):  # its level also follows from a clause
                told[change.version, change.field] = change
    return sorted(told.values(), key=lambda change: change.version)


def _classes(record: Record) -> dict[str, list[str]]:
    classes: dict[str, list[str]] = {}
    for claim in record.claims:
        if claim.predicate in CLASSIFYING and isinstance(claim.value, Coded):
            classes.setdefault(field_of(claim), []).append(claim.value.code)
    return {field: sorted(set(codes)) for field, codes in classes.items()}


def _change(after: Record, field: str, was: list[str], now: list[str]) -> Change:
    return Change(version=after.version, field=field, was=was, now=now, office=after.office, at=after.filed_at)


def _owes_reason(change: Change) -> bool:
    return change.field != OF_STAGE or needs_reason(change.was[0], change.now[0])

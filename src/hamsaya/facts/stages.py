# SPDX-License-Identifier: Apache-2.0
"""The stages of an incident account, and what a later version of a record says otherwise than the one before it.

    initial ──▶ formal ──▶ final        each a version that its author files; a stage may be passed over
        └──────────┴─────────┴──▶ did not happen
    and back, from any of them, with a reason

- Only a party's own account has a stage: what somebody wrote down of another side's words has none (law 6).
- A change of what an account calls the event, of how far it went, or of its handling to a lower level stays in every later version
  with its reason, so that a reader who holds only the last one sees it too.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say

Stage = Literal["", "initial", "formal", "final", "did_not_happen"]
"""Empty where nothing was said: then an account is an initial one."""
INITIAL: Final = "initial"
CLOSED: Final = "did_not_happen"
STAGES: Final[dict[str, Text]] = {
    INITIAL: say("initial report"),
    "formal": say("formal report"),
    "final": say("final report"),
    CLOSED: say("did not happen"),
}
"""In their order: each counts for those before it. Who says that nothing happened owes no further report."""
FOLLOWING: Final[tuple[str, ...]] = ("formal", "final")
"""The stages that an agreement can set a time for."""
CLASSIFYING: Final = ("action", "outcome")
"""The predicates by which an account says what kind of event it was, and how far it went."""
OF_STAGE: Final = "stage"
OF_HANDLING: Final = "handling"
OF_OTHERS: Final = "other"
"""A correction of other facts, for which a reason was given all the same."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one version said otherwise than the one before it, and why."""

    version: int
    field: str
    """`stage`, `handling`, `action`, `outcome` with its group, or `other`."""
    was: list[str]
    """The codes before, in their order; empty where nothing was said."""
    now: list[str]
    office: str
    at: Aware
    reason: str = ""
    """In the officer's words. Empty in a copy whose sender kept them at home, and where none was told."""

    @property
    def predicate(self) -> str:
        """Return the field without its group."""
        return self.field.split(":", maxsplit=1)[0]


def rank(stage: str) -> int:
    """Return the place of a stage in their order; 0 for one that was not told, or is not known."""
    return max(0, list(STAGES).index(stage)) if stage in STAGES else 0


def needs_reason(before: str, after: str) -> bool:
    """Say whether going from one stage to another is told with a reason: back, and to and from "did not happen"."""
    return rank(after) < rank(before) or (CLOSED in (before, after) and before != after)

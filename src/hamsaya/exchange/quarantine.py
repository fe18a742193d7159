# SPDX-License-Identifier: Apache-2.0
"""The notice of quarantine: a receiver tells the sender that an entry was mirrored and not applied, and by which rule. Never any content.

The reason travels as a code of a closed list and a clause's number; each side says it in its own officers' language.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say

NOTICE: Final = "entry.quarantined"
CODES: Final[dict[str, Text]] = {
    "not-in-force": say("the agreement is not in force there"),
    "not-allowed": say("the agreement there does not let it come"),
    "unknown-agreement": say("that agreement is not known there"),
    "unsound": say("it does not keep the rules of its kind"),
    "not-in-form": say("it is not in form"),
    "known-otherwise": say("something else is known there under that name"),
    "erased": say("its content was erased before it came"),
    "unreadable": say("it could not be applied there"),
    "closed-list": say("that kind of entry is not known there"),
}


class EntryQuarantined(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Link act `entry.quarantined`: entry `seq` of `log`, which the receiver of this act sent, stands in quarantine since `at`.

    `clause` is the number of the agreement's clause that it fell under, `until` when the agreement can be in force there; both where
    there is one.
    """

    log: str
    seq: int
    code: str
    at: Aware
    clause: str = ""
    until: Aware | None = None


def why_quarantined(notice: EntryQuarantined) -> Text:
    """Return the reason in words."""
    if notice.code == "not-in-force" and notice.until is not None:
        until = f"{notice.until:%Y-%m-%d %H:%M} UTC"
        if notice.clause:
            return say("clause {clause} is not in force there until {time}", clause=notice.clause, time=until)
        return say("the agreement is not in force there until {time}", time=until)
    why = CODES.get(notice.code, say("a rule that this version does not know"))
    return say("clause {clause}: {why}", clause=notice.clause, why=why) if notice.clause else why

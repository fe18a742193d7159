# SPDX-License-Identifier: Apache-2.0
"""A decision is a value: allowed or not, by which clause or rule, and why in words."""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.facts.words import Text, say

RULES: Final[dict[str, Text]] = {
    "in-force": say("an agreement must be in force between the two parties"),
    "party": say("both parties must have signed the agreement"),
    "purpose": say("a purpose of the closed list must be given"),
    "necessity": say("a sentence must say why it is necessary"),
    "grade": say("every claim must be graded"),
    "two-officers": say("two officers release: the second is another person"),
    "screen": say("no data on persons may leave"),
    "exercise": say("exercise data and real data never mix"),
    "unsound": say("the neighbour could not keep or show it"),
    "ground": say("nothing is shared or asked for on a ground of law 12"),
    "position": say("the position of a group leaves no sooner than 24 hours later"),
    "originator": say("what another party told goes on only with its signed consent"),
    "marking": say("a marking of one's own leaves only where the agreement says what it means"),
    "empty": say("a record without a claim says nothing"),
    "unknown-clause": say("a clause that this node does not know lets nothing through"),
    "amended": say("what leaves is no more exact than the text in force lets it be"),
    "deny-by-default": say("what no clause allows is refused"),
}


class Decision(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Allowed or refused. `clause` is the number of the clause that decided; `rule` a key of `RULES` where none did."""

    allowed: bool
    reason: Text
    clause: str = ""
    rule: str = ""


def refuse(rule: str, reason: Text) -> Decision:
    """Return a refusal by a rule of the house."""
    return Decision(allowed=False, rule=rule, reason=reason)
